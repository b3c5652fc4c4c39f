"""What Landbridge keeps in step, in its own words: frozen data without any I/O.

A field of type ``... | UnsetType`` was *not read*; that is different from read-and-empty (None or ()).
The store merges a record into what it knows already field by field and leaves unset fields alone, so a
shallow read (a list row) never wipes what a deeper read (a detail call) has filled.
"""

from landbridge.records.application import Application
from landbridge.records.candidate import Address, Candidate, Phone
from landbridge.records.feedback import Feedback
from landbridge.records.job import Job, Location
from landbridge.records.kind import RECORD_OF, Kind, Record
from landbridge.records.note import Note
from landbridge.records.resume import Resume
from landbridge.records.stage import Stage
from landbridge.records.user import User

__all__ = [
    "RECORD_OF",
    "Address",
    "Application",
    "Candidate",
    "Feedback",
    "Job",
    "Kind",
    "Location",
    "Note",
    "Phone",
    "Record",
    "Resume",
    "Stage",
    "User",
]
