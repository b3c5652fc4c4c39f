"""LinkedIn and SmartRecruiters on a laptop, for any client. Imports nothing of landbridge outside this package.

``python -m landbridge.sandbox`` serves both, :class:`Sandbox` does so inside a test.

    kernel/            clock, journal, faults, limits, control room, server: what both systems stand on
    worlds/            the people, jobs and applications that exist, by name, seed and size
    linkedin/          the imitated LinkedIn          smartrecruiters/   the imitated SmartRecruiters
"""

from landbridge.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
