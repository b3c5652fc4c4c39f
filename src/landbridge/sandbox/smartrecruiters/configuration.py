"""``/configuration``: the company, its departments, hiring processes, reasons and sources."""

from __future__ import annotations

from collections.abc import Sequence

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, link, ok, present
from landbridge.sandbox.smartrecruiters.paging import limit_of, offset_of
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.company import HiringProcess, Reason, Source


def read_company(state: State, call: Call) -> Answer:
    company = state.world.company
    call.records = 1
    place = {"country": company.place.country, "city": company.place.city}
    return ok(
        {
            "identifier": company.identifier,
            "name": company.name,
            "location": place,
            "website": company.website,
            "industry": {"id": "maritime", "label": "Maritime"},
        }
    )


def list_departments(state: State, call: Call) -> Answer:
    departments = state.world.company.departments
    return _all(call, [{"id": each.id, "label": each.label, "description": each.description} for each in departments])


def read_department(state: State, call: Call) -> Answer:
    for each in state.world.company.departments:
        if each.id == call.arguments[0]:
            call.records = 1
            return ok({"id": each.id, "label": each.label, "description": each.description})
    raise RefusalError(404, "DEPARTMENT_NOT_FOUND", "there is no such department")


def list_processes(state: State, call: Call) -> Answer:
    return _all(call, [_process(each) for each in state.world.company.processes])


def read_process(state: State, call: Call) -> Answer:
    for process in state.world.company.processes:
        if process.id == call.arguments[0]:
            call.records = 1
            return ok(_process(process))
    raise RefusalError(404, "HIRING_PROCESS_NOT_FOUND", "there is no such hiring process")


def _process(process: HiringProcess) -> dict[str, object]:
    steps = {status: list(labels) for status, labels in process.sub_statuses.items()}
    return {"id": process.id, "name": process.name, "active": process.active, "subStatuses": steps}


def list_rejection_reasons(state: State, call: Call) -> Answer:
    return _reasons(call, state.world.company.rejection_reasons)


def list_withdrawal_reasons(state: State, call: Call) -> Answer:
    return _reasons(call, state.world.company.withdrawal_reasons)


def _reasons(call: Call, reasons: Sequence[Reason]) -> Answer:
    return _all(call, [{"id": reason.id, "label": reason.label} for reason in reasons])


def list_source_types(state: State, call: Call) -> Answer:
    kinds: dict[str, set[str]] = {}
    for source in _living(state):
        kinds.setdefault(source.type, set()).update([source.sub_type] if source.sub_type else [])
    rows: list[dict[str, object]] = [
        {
            "id": kind,
            "label": kind.replace("_", " ").capitalize(),
            "subtypes": [{"id": sub_type} for sub_type in sorted(sub_types)],
            "actions": {"values": link(f"{call.base_url}/configuration/sources/{kind}/values")},
        }
        for kind, sub_types in kinds.items()
    ]
    return _all(call, rows)


def read_source(state: State, call: Call) -> Answer:
    """By its identifier (a UUID), which also finds sources that have been deleted."""
    source = state.sources.get(call.arguments[0])
    if source is None:
        raise RefusalError(404, "SOURCE_NOT_FOUND", "there is no such source")
    call.records = 1
    sub_type = {"id": source.sub_type} if source.sub_type else None
    return ok(present({"label": source.label, "type": {"id": source.type}, "subType": sub_type}))


def list_source_values(state: State, call: Call) -> Answer:
    kind, sub_type = call.arguments[0], call.value("sourceSubType")
    values = [source for source in _living(state) if source.type == kind]
    if not values:
        raise RefusalError(404, "SOURCE_TYPE_NOT_FOUND", "there is no such type of source")
    found = [source for source in values if sub_type in {None, source.sub_type}]
    limit, offset = limit_of(call), offset_of(call, deprecated=False)
    rows = found[offset : offset + limit]
    call.records = len(rows)
    content = [_value(source, call.base_url) for source in rows]
    return ok({"totalFound": len(found), "limit": limit, "offset": offset, "content": content})


def read_source_value(state: State, call: Call) -> Answer:
    kind, value = call.arguments
    for source in _living(state):
        if (source.type, source.id) == (kind, value):
            call.records = 1
            return ok(_value(source, call.base_url))
    raise RefusalError(404, "SOURCE_NOT_FOUND", "there is no such source")


def _living(state: State) -> list[Source]:
    return [source for source in state.world.company.sources if not source.deleted]


def _value(source: Source, base_url: str) -> dict[str, object]:
    details = link(f"{base_url}/configuration/sources/{source.type}/values/{source.id}")
    sub_type = {"id": source.sub_type} if source.sub_type else None
    return present(
        {"id": source.id, "label": source.label, "sourceSubType": sub_type, "actions": {"sourceDetails": details}}
    )


def _all(call: Call, rows: list[dict[str, object]]) -> Answer:
    call.records = len(rows)
    return ok({"totalFound": len(rows), "content": rows})
