"""What the sandbox imitates of each far side, how faithfully, and what it had to choose: the data of a page.

operation   one documented operation and how far it is imitated
linkedin    LinkedIn's operations        smartrecruiters   SmartRecruiters'
choices     the unknowns, read from where they were decided
"""

from landbridge.sandbox.coverage.choices import Choice, choices_in
from landbridge.sandbox.coverage.linkedin import LINKEDIN
from landbridge.sandbox.coverage.operation import ABSENT, CLOSE, LEVELS, PARTLY_CHOSEN, Operation
from landbridge.sandbox.coverage.smartrecruiters import SMARTRECRUITERS

__all__ = [
    "ABSENT",
    "CLOSE",
    "LEVELS",
    "LINKEDIN",
    "PARTLY_CHOSEN",
    "SMARTRECRUITERS",
    "Choice",
    "Operation",
    "choices_in",
]
