"""An imitated SmartRecruiters: the API a historical sync reads, with its limits, scopes and faults."""

from landbridge.sandbox.smartrecruiters.system import SmartRecruiters

__all__ = ["SmartRecruiters"]
