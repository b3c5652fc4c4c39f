"""``audit-api``: who did what, for administrators."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, ok
from landbridge.sandbox.smartrecruiters.paging import instant_of, limit_of, next_link, page_id, place_in
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.smartrecruiters.trail import AuditEvent
from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.moment import iso

AUTHORS: Final = frozenset({"USER", "SUPPORT_USER", "SYSTEM", "CANDIDATE"})
ENTITIES: Final = frozenset(
    {
        "USER", "CANDIDATE", "APPLICATION", "OFFER", "JOB", "COMPANY", "JOB_PROPERTY", "JOB_AD", "CREDENTIAL",
        "REPORT_FILE", "ONBOARDING_PROCESS",
    }
)  # fmt: skip


def list_events(state: State, call: Call) -> Answer:
    """Newest first; pages by number, so that what happens between two pages moves nothing."""
    limit = limit_of(call)
    found = _wanted(state, call)
    page = call.value("nextPageId")
    if page:
        before = int(place_in("audit", page))
        found = [event for event in found if event.number < before]
    rows = found[:limit]
    call.records = len(rows)
    body: dict[str, object] = {"limit": limit, "content": [_row(state, event) for event in rows]}
    if len(found) <= limit:
        return ok(body)
    following = page_id("audit", str(rows[-1].number))
    answer = ok({**body, "nextPageId": following})
    answer.headers = next_link(call, following, "nextPageId")
    return answer


def _wanted(state: State, call: Call) -> list[AuditEvent]:
    names, kinds = call.values("eventName"), _known(call, "authorType", AUTHORS)
    entities, entity_id = _known(call, "entityType", ENTITIES), call.value("entityId")
    author_id = call.value("authorId")
    first, last = (instant_of(call, name) for name in choices.AUDIT_RANGE)
    return [
        event
        for event in state.trail.newest_first()
        if (not names or event.name in names)
        and (not kinds or event.author.kind in kinds)
        and (author_id is None or event.author.id == author_id)
        and (not entities or event.entity[0] in entities)
        and (entity_id is None or event.entity[1] == entity_id)
        and (first is None or event.at >= first)
        and (last is None or event.at <= last)
    ]


def _known(call: Call, name: str, allowed: frozenset[str]) -> tuple[str, ...]:
    values = call.values(name)
    if not set(values) <= allowed:
        raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, f"{name} knows {', '.join(sorted(allowed))}")
    return values


def _row(state: State, event: AuditEvent) -> dict[str, object]:
    kind, entity_id = event.entity
    return {
        "id": Draw("smartrecruiters", "audit", state.world.seed, event.number).uuid(),
        "eventName": event.name,
        "eventDate": iso(event.at),
        "authorType": event.author.kind,
        "authorId": event.author.id,
        "entityType": kind,
        "entityId": entity_id,
        "context": {},
        "version": "1",
    }
