"""SmartRecruiters, an applicant tracking system, read for what it has and written with what recruiters did."""

from landbridge.connectors.description import Connector, Telling
from landbridge.connectors.smartrecruiters.client import NAME
from landbridge.connectors.smartrecruiters.settings import ALLOWANCES, FIELDS
from landbridge.connectors.smartrecruiters.source import open_source
from landbridge.connectors.smartrecruiters.subscriptions import subscriptions_of
from landbridge.connectors.smartrecruiters.webhooks import (
    ACCEPTED,
    EVENTS,
    LONGEST_BODY,
    answer_greeting,
    read_delivery,
    read_event,
)
from landbridge.connectors.smartrecruiters.writing import open_writing

SMARTRECRUITERS = Connector(
    name=NAME,
    title="SmartRecruiters",
    fields=FIELDS,
    allowances=ALLOWANCES,
    source=open_source,
    writing=open_writing,
    telling=Telling(
        events=EVENTS,
        subscriptions=subscriptions_of,
        longest_body=LONGEST_BODY,
        accepted=ACCEPTED,
        greeted=answer_greeting,
        delivered=read_delivery,
        told=read_event,
    ),
    tells_teams=True,
)

__all__ = ["SMARTRECRUITERS"]
