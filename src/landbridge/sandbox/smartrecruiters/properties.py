"""Custom fields of candidates and applications, and what the configuration says about them."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.applications import find_application
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, ok
from landbridge.sandbox.smartrecruiters.candidates import find_candidate
from landbridge.sandbox.smartrecruiters.changes import applications, candidates
from landbridge.sandbox.smartrecruiters.payload import body_of
from landbridge.sandbox.smartrecruiters.state import State


class Property(msgspec.Struct, frozen=True):
    """One custom field. ``values`` are the options (id to label) of a field that is chosen from a list."""

    id: str
    label: str
    type: str
    values: dict[str, str] = {}


MEMBER_PROPERTY: Final = "linkedin-member"
CANDIDATE_PROPERTIES: Final = (
    Property(MEMBER_PROPERTY, "LinkedIn member", "TEXT"),
    Property("notice-period", "Notice period", "SINGLE_SELECT", {"none": "None", "month": "One month", "more": "More"}),
    Property("works-weekends", "Works at weekends", "BOOLEAN"),
)
JOB_PROPERTIES: Final = (Property("cost-centre", "Cost centre", "TEXT"),)
BY_ID: Final = {each.id: each for each in CANDIDATE_PROPERTIES}
PYTHON_TYPES: Final = {"TEXT": str, "BOOLEAN": bool, "SINGLE_SELECT": str}


class Value(msgspec.Struct):
    value: Any


class NamedValue(msgspec.Struct):
    id: str
    value: Any


class Batch(msgspec.Struct):
    properties: Annotated[list[NamedValue], msgspec.Meta(min_length=1, max_length=100)]


def read_of_candidate(state: State, call: Call) -> Answer:
    return _read(state, call, find_candidate(state, call.arguments[0]).id)


def read_of_application(state: State, call: Call) -> Answer:
    return _read(state, call, find_application(state, call).id)


def _read(state: State, call: Call, owner: str) -> Answer:
    values = state.records.fields.get(owner, {})
    rows = [_row(BY_ID[name], value) for name, value in values.items()]
    call.records = len(rows)
    return ok({"totalFound": len(rows), "content": rows})


def write_of_candidate(state: State, call: Call) -> Answer:
    candidate = find_candidate(state, call.arguments[0])
    if _write(state, candidate.id, {call.arguments[1]: body_of(call, Value).value}):
        candidates.updated(state, candidate)
    return Answer(status=choices.STATUS_OF_EMPTY_ANSWERS)


def write_of_application(state: State, call: Call) -> Answer:
    application = find_application(state, call)
    if _write(state, application.id, {call.arguments[2]: body_of(call, Value).value}):
        applications.fields_changed(state, application)
    return Answer(status=choices.STATUS_OF_EMPTY_ANSWERS)


def write_many(state: State, call: Call) -> Answer:
    """A batch of 1 to 100: all of them, or none where one is wrong."""
    application = find_application(state, call)
    values = {each.id: each.value for each in body_of(call, Batch).properties}
    if _write(state, application.id, values):
        applications.fields_changed(state, application)
    return Answer(status=choices.STATUS_OF_EMPTY_ANSWERS)


def _write(state: State, owner: str, values: dict[str, Any]) -> bool:
    """True when something is different now."""
    for name, value in values.items():
        _check(name, value)
    before = state.records.fields.get(owner, {})
    after = {name: value for name, value in {**before, **values}.items() if value is not None}
    if after == before:
        return False
    state.records.fields[owner] = after
    state.changed()
    return True


def _check(name: str, value: Any) -> None:
    field = BY_ID.get(name)
    if field is None:
        raise RefusalError(*choices.PROPERTY_UNKNOWN, "there is no such property")
    if value is None:
        return
    wrong_type = not isinstance(value, PYTHON_TYPES[field.type])
    if wrong_type or (field.values and value not in field.values):
        raise RefusalError(*choices.BODY_NOT_UNDERSTOOD, f"this is no value of a property of type {field.type}")


def _row(field: Property, value: Any) -> dict[str, object]:
    shown = {"id": value, "label": field.values[value]} if field.values else value
    return {"id": field.id, "label": field.label, "type": field.type, "value": shown}


def list_candidate_properties(_: State, call: Call) -> Answer:
    return _listed(call, [_described(each) for each in CANDIDATE_PROPERTIES])


def list_job_properties(_: State, call: Call) -> Answer:
    return _listed(call, [_described(each) for each in JOB_PROPERTIES])


def read_property(_: State, call: Call) -> Answer:
    call.records = 1
    return ok(_described(_find(call)))


def list_values(_: State, call: Call) -> Answer:
    return _listed(call, [{"id": key, "label": label} for key, label in _find(call).values.items()])


def _find(call: Call) -> Property:
    field = BY_ID.get(call.arguments[0])
    if field is None:
        raise RefusalError(*choices.PROPERTY_UNKNOWN, "there is no such property")
    return field


def _described(field: Property) -> dict[str, object]:
    return {"id": field.id, "label": field.label, "type": field.type, "active": True}


def _listed(call: Call, rows: list[dict[str, object]]) -> Answer:
    call.records = len(rows)
    return ok({"totalFound": len(rows), "content": rows})
