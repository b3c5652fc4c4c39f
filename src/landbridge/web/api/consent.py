"""Agreeing to what is shared: the fields, the choices with their effects, the words, the receipts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from ninja import Field, Router, Schema

from landbridge.connectors.linkedin.preview import SHARED
from landbridge.jobs.onboarding.consent import (
    FURTHER_TEXTS,
    HISTORY_YEARS,
    TEXT,
    TEXT_VERSION,
    Besides,
    Outlook,
    days_of,
    load_besides,
    load_outlook,
    load_samples,
    shared_fields,
)
from landbridge.records import Kind
from landbridge.store.consents import load_receipts
from landbridge.store.tokens import Scope
from landbridge.store.workspaces import load_workspace
from landbridge.sync.choices import Choices, read_choices
from landbridge.web.acts import consent as acts
from landbridge.web.api.access import caller_of, needs
from landbridge.web.api.once import ONCE, once
from landbridge.web.api.problems import ProblemError
from landbridge.web.api.words import REFUSALS, Done

ROUTER = Router(tags=["Consent and choices"])
Years = Literal[2, 3, 5]


class ReceiptOut(Schema):
    """``fields``, ``choices`` and ``counts`` are those shown when it was given."""

    id: int
    given_at: datetime
    given_by: str
    text_version: str
    text: str
    fields: list[str]
    choices: dict[str, Any]
    counts: dict[str, Any]
    withdrawn_at: datetime | None
    withdrawn_by: str


class FieldOut(Schema):
    """``always`` false: shared only where an admin has asked for further fields."""

    kind: str
    name: str
    title: str
    purpose: str
    always: bool


class ConsentOut(Schema):
    """``receipt`` is the consent that counts now; ``text`` what is agreed to by agreeing.

    ``reviews_text`` joins it where ``share_reviews`` is chosen, ``notes_text`` where ``share_notes`` is, and
    ``resumes_text`` where ``share_resumes`` is.
    """

    agreed: bool
    receipt: ReceiptOut | None
    receipts: list[ReceiptOut]
    text_version: str
    text: str
    reviews_text: str
    notes_text: str
    resumes_text: str
    shared: list[str]
    fields: list[FieldOut]


class ChoicesOut(Schema):
    """``history_years`` null: everything the ATS has. ``share_reviews``: as interview feedback.

    ``share_notes``: as notes on applications. ``share_resumes``: as attachments. ``access``: who sees a job in
    Recruiter, ``everybody`` with a seat or its hiring ``teams``.
    """

    availability: str
    history_years: int | None
    exclude_confidential: bool
    access: str
    share_reviews: bool
    share_notes: bool
    share_resumes: bool


class RecordsSharedOut(Schema):
    jobs: int
    candidates: int
    applications: int


class HistoryOut(Schema):
    """What stays out where only so many years are shared."""

    years: int
    candidates: int
    applications: int


class TeamsOut(Schema):
    """Who would see jobs by their hiring team: ``seats_linked`` of all ``seats``; the others none.

    ``told`` false: the ATS does not tell who is on one. ``jobs`` and ``people`` are on ``lists`` at LinkedIn by now;
    ``refused`` entries are not, mostly for ``reason``.
    """

    told: bool
    seats: int
    seats_linked: int
    lists: int
    jobs: int
    people: int
    refused: int
    reason: str | None


class OutlookOut(Schema):
    """What these choices mean. ``shared`` is rough: what two choices both leave out is subtracted twice.

    ``counted_at`` null: nothing has been read from the ATS yet. ``becoming_public``: open jobs that PUBLIC would show
    to everybody; ``templates`` are never shared. ``reviews``, ``notes`` and ``resumes``: so many have been read, none
    before somebody has agreed to share them; then those of all applications that are shared.
    Until then ``shared.applications`` is how many may have some.
    """

    choices: ChoicesOut
    saved: ChoicesOut
    counted_at: datetime | None
    shared: RecordsSharedOut
    left_out_by_history: list[HistoryOut]
    confidential: RecordsSharedOut
    becoming_public: int
    templates: int
    reviews: int
    notes: int
    resumes: int
    teams: TeamsOut


class SampleOut(Schema):
    """One of the company's own records as LinkedIn would get it; ``reason``: why it would not be sent."""

    kind: str
    key: str
    reason: str
    values: dict[str, str]


class SamplesOut(Schema):
    samples: list[SampleOut]


class AgreeIn(Schema):
    """``agreed`` has to be true, and ``text_version`` that of the words that were read."""

    agreed: Literal[True]
    text_version: Annotated[str, Field(max_length=50)]
    availability: Literal["PRIVATE", "PUBLIC"]
    history_years: Years | None
    exclude_confidential: bool
    access: Literal["everybody", "teams"]
    share_reviews: bool
    share_notes: bool
    share_resumes: bool


@ROUTER.get("/consent", auth=needs(Scope.READ), response={200: ConsentOut, **REFUSALS})
async def show(request: HttpRequest) -> dict[str, Any]:
    """What is shared, to which words one agrees, and who has agreed to them so far."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        receipts = await load_receipts(connection, caller.workspace_id)
        workspace = await load_workspace(connection, caller.workspace_id)
    living = receipts[0] if receipts and receipts[0].living else None
    return {
        "agreed": living is not None,
        "receipt": msgspec.to_builtins(living),
        "receipts": msgspec.to_builtins(receipts),
        "text_version": TEXT_VERSION,
        "text": TEXT,
        "reviews_text": FURTHER_TEXTS[Kind.FEEDBACK],
        "notes_text": FURTHER_TEXTS[Kind.NOTE],
        "resumes_text": FURTHER_TEXTS[Kind.RESUME],
        "shared": list(shared_fields(read_choices(workspace.choices))),
        "fields": msgspec.to_builtins(SHARED),
    }


@ROUTER.get("/choices", auth=needs(Scope.READ), response={200: OutlookOut, **REFUSALS})
async def choices(
    request: HttpRequest,
    availability: Literal["PRIVATE", "PUBLIC"] | None = None,
    history_years: Literal["2", "3", "5", "all"] | None = None,
    exclude_confidential: bool | None = None,
    access: Literal["everybody", "teams"] | None = None,
    share_reviews: bool | None = None,
    share_notes: bool | None = None,
    share_resumes: bool | None = None,
) -> dict[str, Any]:
    """The choices and how many records each affects; others than those saved can be tried before agreeing."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        saved = read_choices((await load_workspace(connection, caller.workspace_id)).choices)
        besides = await load_besides(connection, caller.workspace_id)
    wanted = _replaced(
        saved,
        history_years,
        availability=availability,
        exclude_confidential=exclude_confidential,
        access=access,
        share_reviews=share_reviews,
        share_notes=share_notes,
        share_resumes=share_resumes,
    )
    async with caller.works() as works:
        outlook = await load_outlook(works, caller.workspace_id)
    return {"choices": _chosen(wanted), "saved": _chosen(saved), **_affected(outlook, besides, wanted)}


@ROUTER.get("/consent/samples", auth=needs(Scope.CONSENT), response={200: SamplesOut, **REFUSALS})
async def samples(request: HttpRequest) -> dict[str, Any]:
    """A few of the company's newest records of each kind, field by field as LinkedIn would get them: personal data."""
    caller = caller_of(request)
    async with caller.connection() as connection:
        workspace = await load_workspace(connection, caller.workspace_id)
        found = await load_samples(connection, workspace, caller.now)
    return {
        "samples": [
            {"kind": kind.value, "key": one.key, "reason": one.shown.reason, "values": dict(one.shown.values)}
            for kind, rows in found.items()
            for one in rows
        ]
    }


@ROUTER.post("/consent", auth=needs(Scope.CONSENT), response={200: ReceiptOut, **REFUSALS}, openapi_extra=ONCE)
@once
async def agree(request: HttpRequest, wish: AgreeIn) -> dict[str, Any]:
    """Agree for the company and save the choices; the receipt names whoever made the token. Choices change so too."""
    if wish.text_version != TEXT_VERSION:
        hint = "Read the text of GET /api/v1/consent and send its text_version."
        raise ProblemError(409, "The words to agree to are others by now.", code="consent_text_changed", hint=hint)
    given = {
        "availability": wish.availability,
        "history_days": _days(wish.history_years),
        "exclude_confidential": wish.exclude_confidential,
        "access": wish.access,
        "share_reviews": wish.share_reviews,
        "share_notes": wish.share_notes,
        "share_resumes": wish.share_resumes,
    }
    told: dict[str, Any] = msgspec.to_builtins(await acts.agree(caller_of(request), given))
    return told


@ROUTER.delete("/consent", auth=needs(Scope.CONSENT), response={200: Done, **REFUSALS})
async def withdraw(request: HttpRequest) -> dict[str, Any]:
    """Take the consent back: from now on nothing is sent. What LinkedIn has stays there."""
    return {"done": await acts.withdraw(caller_of(request))}


def _days(years: int | None) -> int | None:
    return None if years is None else days_of(years)


def _chosen(choices: Choices) -> dict[str, Any]:
    return {
        "availability": choices.availability,
        "history_years": None if choices.history_days is None else round(choices.history_days / 365),
        "exclude_confidential": choices.exclude_confidential,
        "access": choices.access,
        "share_reviews": choices.share_reviews,
        "share_notes": choices.share_notes,
        "share_resumes": choices.share_resumes,
    }


def _replaced(saved: Choices, history_years: str | None, **given: Any) -> Choices:
    """The choices with those given in their place; None: not given."""
    years = {"history_days": _days(None if history_years == "all" else int(history_years))} if history_years else {}
    return msgspec.structs.replace(saved, **years, **{name: one for name, one in given.items() if one is not None})


def _affected(outlook: Outlook, besides: Besides, wanted: Choices) -> dict[str, Any]:
    """How many records each choice affects."""
    return {
        "counted_at": outlook.census.taken_at,
        "shared": outlook.shared(wanted),
        "left_out_by_history": [
            {"years": years, **msgspec.structs.asdict(outlook.by_history[years])} for years in HISTORY_YEARS
        ],
        "confidential": msgspec.structs.asdict(outlook.confidential),
        "becoming_public": outlook.becoming_public,
        "templates": outlook.templates,
        "reviews": besides.reviews,
        "notes": besides.notes,
        "resumes": besides.resumes,
        "teams": {
            "told": besides.tells_teams,
            "seats": besides.seats,
            "seats_linked": besides.seats_linked,
            **msgspec.structs.asdict(besides.lists),
        },
    }
