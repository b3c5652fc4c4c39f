"""Tables by subject. Every table of a workspace's data carries the workspace, first in each of its keys."""

from landbridge.store.models.access import KeyCheck, SignInAttempt, SignInLink
from landbridge.store.models.access_list import AccessEntry
from landbridge.store.models.desk import Decision, Follow
from landbridge.store.models.erasure import ErasedPerson, Erasure, ErasureItem
from landbridge.store.models.inbox import InboxEvent
from landbridge.store.models.journal import Call, Reconciliation
from landbridge.store.models.lane import Budget, Lane
from landbridge.store.models.onboarding import Census, Consent, Contract, Handover
from landbridge.store.models.people import AuditEvent, Invitation, Membership, Profile
from landbridge.store.models.record import Delivery, Match, Record
from landbridge.store.models.seat import AtsUser, Seat, SeatLink
from landbridge.store.models.stream import Arrival, Stream
from landbridge.store.models.sweep import Reading, Sweep, SweepPass
from landbridge.store.models.tally import Tally
from landbridge.store.models.token import ApiAnswer, ApiToken
from landbridge.store.models.workspace import Connection, Integration, Workspace

__all__ = [
    "AccessEntry",
    "ApiAnswer",
    "ApiToken",
    "Arrival",
    "AtsUser",
    "AuditEvent",
    "Budget",
    "Call",
    "Census",
    "Connection",
    "Consent",
    "Contract",
    "Decision",
    "Delivery",
    "ErasedPerson",
    "Erasure",
    "ErasureItem",
    "Follow",
    "Handover",
    "InboxEvent",
    "Integration",
    "Invitation",
    "KeyCheck",
    "Lane",
    "Match",
    "Membership",
    "Profile",
    "Reading",
    "Reconciliation",
    "Record",
    "Seat",
    "SeatLink",
    "SignInAttempt",
    "SignInLink",
    "Stream",
    "Sweep",
    "SweepPass",
    "Tally",
    "Workspace",
]
