"""The outside systems. ``CONNECTORS`` is the one list: a new system is one folder and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from landbridge.connectors.description import Connector, Field, Telling, Wiring
from landbridge.connectors.linkedin import LINKEDIN
from landbridge.connectors.rest_ats import REST_ATS
from landbridge.connectors.smartrecruiters import SMARTRECRUITERS

CONNECTORS: Mapping[str, Connector] = {
    connector.name: connector
    for connector in (
        LINKEDIN,
        SMARTRECRUITERS,
        REST_ATS,
    )
}  # fmt: skip

__all__ = ["CONNECTORS", "Connector", "Field", "Telling", "Wiring"]
