"""The stack under every API client: one call goes through the gate, is signed, sent, judged and journaled."""

from landbridge.http.address import check_base_url
from landbridge.http.auth import Auth, AuthorizationCode, ClientCredentials, KeyHeader, TokenShelf
from landbridge.http.call import Answer, Call, path_segment
from landbridge.http.client import Client, DryRunError
from landbridge.http.clock import Clock, SystemClock
from landbridge.http.gate import Allowance, Gate, LocalGate, OpenGate
from landbridge.http.journal import Journal, JournalEntry
from landbridge.http.limits import Learned
from landbridge.http.outcome import OutcomeTable, Resolution, Verdict
from landbridge.http.paging import CursorTrail
from landbridge.http.text import clean_text

__all__ = [
    "Allowance",
    "Answer",
    "Auth",
    "AuthorizationCode",
    "Call",
    "Client",
    "ClientCredentials",
    "Clock",
    "CursorTrail",
    "DryRunError",
    "Gate",
    "Journal",
    "JournalEntry",
    "KeyHeader",
    "Learned",
    "LocalGate",
    "OpenGate",
    "OutcomeTable",
    "Resolution",
    "SystemClock",
    "TokenShelf",
    "Verdict",
    "check_base_url",
    "clean_text",
    "path_segment",
]
