"""Agreeing to what is shared: the fields with samples of this company, the choices with their counts, the receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from msgspec import Struct

from landbridge.connectors.linkedin.preview import SHARED, SharedField
from landbridge.errors import LandbridgeError
from landbridge.jobs.onboarding.consent import (
    FURTHER_TEXTS,
    HISTORY_YEARS,
    TEXT,
    Affected,
    Besides,
    Outlook,
    SampleRecord,
    days_of,
    load_besides,
    load_outlook,
    load_samples,
)
from landbridge.records import Kind
from landbridge.store.consents import load_receipts
from landbridge.sync.choices import Choices, read_choices
from landbridge.web.acts import consent
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import problem_of
from landbridge.web.words import KINDS, reason_of, thousands


class ConsentForm(forms.Form):
    availability = forms.ChoiceField(
        choices=(("PRIVATE", _("Private")), ("PUBLIC", _("Public"))), widget=forms.RadioSelect
    )
    history = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    access = forms.ChoiceField(
        choices=(("everybody", _("Whoever has a seat")), ("teams", _("Its hiring team"))),
        widget=forms.RadioSelect,
        required=False,  # left as it is
    )
    exclude_confidential = forms.BooleanField(required=False)
    share_reviews = forms.BooleanField(required=False)
    share_notes = forms.BooleanField(required=False)
    share_resumes = forms.BooleanField(required=False)
    agreed = forms.BooleanField(required=True)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["history"].choices = [("0", ""), *((str(days_of(years)), "") for years in HISTORY_YEARS)]  # type: ignore[attr-defined]  # a ChoiceField

    def are_choices_valid(self) -> bool:
        """Whether all is well but, perhaps, the agreement."""
        return not set(self.errors) - {"agreed"}

    def choices(self) -> dict[str, Any]:
        days = int(self.cleaned_data["history"])
        access = self.cleaned_data["access"]
        return {
            "availability": self.cleaned_data["availability"],
            "history_days": days or None,
            **({"access": access} if access else {}),
            "exclude_confidential": self.cleaned_data["exclude_confidential"],
            "share_reviews": self.cleaned_data["share_reviews"],
            "share_notes": self.cleaned_data["share_notes"],
            "share_resumes": self.cleaned_data["share_resumes"],
        }


class Option(Struct, frozen=True, kw_only=True):
    """One radio button with what choosing it means, in numbers."""

    value: str
    title: str
    effect: str
    chosen: bool


class Row(Struct, frozen=True, kw_only=True):
    """One shared field with its value in each sample."""

    field: SharedField
    values: tuple[str, ...]


class KindSheet(Struct, frozen=True, kw_only=True):
    kind: Kind
    title: Promise
    chosen: bool  # an optional kind: whether it is shared
    rows: tuple[Row, ...]
    further: tuple[Row, ...]
    samples: tuple[str, ...]  # what heads each column
    held: tuple[str, ...]  # why a sample would not be sent


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    return await _page(visit)


@acts(Who.ADMIN)
async def look(visit: Visit) -> HttpResponse:
    """What the choices in the form would mean together; nothing is saved, and nothing agreed to."""
    form = ConsentForm(visit.form)
    if not form.are_choices_valid():
        return await _page(visit, form=form, status=422)
    return await _page(visit, tried={**visit.workspace.choices, **form.choices()})


@acts(Who.ADMIN, fresh=True)
async def give(visit: Visit) -> HttpResponse:
    form = ConsentForm(visit.form)
    if not form.is_valid():
        tried = {**visit.workspace.choices, **form.choices()} if form.are_choices_valid() else None
        return await _page(visit, form=form, status=422, tried=tried)
    try:
        await consent.agree(
            visit,
            form.choices(),
            text=now_(TEXT),
            further={kind: now_(text) for kind, text in FURTHER_TEXTS.items()},
        )
    except LandbridgeError as error:
        return await _page(visit, form=form, problem=problem_of(error), status=422)
    return await visit.goes_to("consent", tell=_("Thank you. The receipt is kept below."))


@acts(Who.ADMIN, fresh=True)
async def take_back(visit: Visit) -> HttpResponse:
    if await consent.withdraw(visit):
        return await visit.goes_to("consent", tell=_("Withdrawn. Nothing is sent to LinkedIn any more."), tone="wait")
    return await visit.goes_to("consent")


async def _page(
    visit: Visit,
    *,
    form: ConsentForm | None = None,
    problem: object = None,
    status: int = 200,
    tried: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """``tried``: choices that are shown as if they were saved."""
    async with visit.works() as works:
        outlook = await load_outlook(works, visit.workspace.id)
    async with visit.connection() as connection:
        receipts = await load_receipts(connection, visit.workspace.id)
        samples = await load_samples(connection, visit.workspace, visit.now)
        besides = await load_besides(connection, visit.workspace.id)
    saved = read_choices(visit.workspace.choices)
    choices = read_choices(tried) if tried is not None else saved
    living = receipts[0] if receipts and receipts[0].living else None
    context = {
        "text": now_(TEXT),
        "sheets": [_sheet(kind, samples[kind], choices) for kind in Kind],
        "reviews_text": now_(FURTHER_TEXTS[Kind.FEEDBACK]),
        "share_reviews": choices.share_reviews,
        "reviews": _reviews(outlook, choices, besides.reviews, asked=saved.share_reviews),
        "notes_text": now_(FURTHER_TEXTS[Kind.NOTE]),
        "share_notes": choices.share_notes,
        "notes": _notes(outlook, choices, besides.notes, asked=saved.share_notes),
        "resumes_text": now_(FURTHER_TEXTS[Kind.RESUME]),
        "share_resumes": choices.share_resumes,
        "resumes": _resumes(outlook, choices, besides.resumes, asked=saved.share_resumes),
        "visibility": list(_visibility(outlook, choices)),
        "access": list(_access(besides, choices)),
        "tells_teams": besides.tells_teams,
        "history": list(_history(outlook, choices)),
        "confidential": _confidential(outlook),
        "exclude_confidential": choices.exclude_confidential,
        "shared": outlook.shared(choices),
        "before": outlook.shared(saved) if tried is not None else None,
        "taken_at": outlook.census.taken_at,
        "nothing_read": not (outlook.census.jobs or outlook.census.total("candidates")),
        "templates": outlook.templates,
        "receipts": receipts,
        "living": living,
        "form": form,
        "problem": problem,
    }
    return await visit.render("console/consent/page.html", context, status=status)


def _sheet(kind: Kind, samples: Sequence[SampleRecord], choices: Choices) -> KindSheet:
    sent = [one for one in samples if not one.shown.reason]
    fields = [field for field in SHARED if field.kind is kind]

    def row(field: SharedField) -> Row:
        return Row(field=field, values=tuple(one.shown.values.get(field.name, "") for one in sent))

    return KindSheet(
        kind=kind,
        title=KINDS[kind],
        chosen=choices.shared_kinds.get(kind, True),
        rows=tuple(row(field) for field in fields if field.always or kind.optional),
        further=tuple(row(field) for field in fields if not (field.always or kind.optional)),
        samples=tuple(now_("Sample %(number)d") % {"number": place} for place in range(1, len(sent) + 1)),
        held=tuple(dict.fromkeys(reason_of(one.shown.reason).meaning for one in samples if one.shown.reason)),
    )


def _visibility(outlook: Outlook, choices: Choices) -> Iterator[Option]:
    public = outlook.becoming_public
    yield Option(
        value="PRIVATE",
        title=now_("Private: only your company's recruiters see the jobs"),
        effect=now_("No job becomes visible to LinkedIn members."),
        chosen=choices.availability == "PRIVATE",
    )
    yield Option(
        value="PUBLIC",
        title=now_("Public: jobs that are public in the ATS are public on LinkedIn too"),
        effect=ngettext(
            "%(count)s open job becomes visible to everybody.",
            "%(count)s open jobs become visible to everybody.",
            public,
        )
        % {"count": thousands(public)},
        chosen=choices.availability == "PUBLIC",
    )


def _access(besides: Besides, choices: Choices) -> Iterator[Option]:
    seats = {"seats": thousands(besides.seats), "linked": thousands(besides.seats_linked)}
    yield Option(
        value="everybody",
        title=now_("Whoever has a seat sees every job"),
        effect=now_("All %(seats)s seats see all jobs and their applications.") % seats,
        chosen=choices.access == "everybody",
    )
    yield Option(
        value="teams",
        title=now_("Its hiring team in the ATS, as far as their seats are connected"),
        effect=_effect_of_teams(besides, choices, seats),
        chosen=choices.access == "teams",
    )


def _effect_of_teams(besides: Besides, choices: Choices, seats: dict[str, str]) -> str:
    if not besides.tells_teams:
        return now_("Your ATS does not tell who is on the hiring team of a job, so nobody would see anything.")
    text = now_(
        "%(linked)s of %(seats)s seats are connected; the others see no job. A job without any is seen by nobody."
    )
    if choices.access != "teams":
        return text % seats
    lists = besides.lists
    told = now_("On LinkedIn by now: %(jobs)s jobs and %(people)s people on %(lists)s lists, %(refused)s refused.")
    counts = {"jobs": lists.jobs, "people": lists.people, "lists": lists.lists, "refused": lists.refused}
    return f"{text % seats} {told % {name: thousands(count) for name, count in counts.items()}}"


def _history(outlook: Outlook, choices: Choices) -> Iterator[Option]:
    census = outlook.census
    yield Option(
        value="0",
        title=now_("Everything in the ATS"),
        effect=now_("Every candidate (%(candidates)s) and every application (%(applications)s) is shared.")
        % {
            "candidates": thousands(census.total("candidates")),
            "applications": thousands(census.total("applications")),
        },
        chosen=choices.history_days is None,
    )
    for years in HISTORY_YEARS:
        left_out: Affected = outlook.by_history[years]
        yield Option(
            value=str(days_of(years)),
            title=ngettext("The last year", "The last %(years)d years", years) % {"years": years},
            effect=now_("%(candidates)s of the candidates and %(applications)s of the applications stay out.")
            % {"candidates": thousands(left_out.candidates), "applications": thousands(left_out.applications)},
            chosen=choices.history_days == days_of(years),
        )


def _confidential(outlook: Outlook) -> str:
    hidden = outlook.confidential
    return now_("%(jobs)s of the jobs and %(applications)s of the applications stay out.") % {
        "jobs": thousands(hidden.jobs),
        "applications": thousands(hidden.applications),
    }


def _reviews(outlook: Outlook, choices: Choices, count: int, *, asked: bool) -> str:
    """What sharing them means, in numbers as far as they are known. ``asked``: the ATS is asked for them already."""
    applications = thousands(outlook.shared(choices)["applications"])
    if not asked:
        text = now_(
            "Of up to %(applications)s applications. How many have a review is known once they are read, which is not "
            "done before you agree."
        )
        return text % {"applications": applications}
    if not count:
        return _none_yet()
    return now_("%(reviews)s reviews of %(applications)s applications have been read so far.") % {
        "reviews": thousands(count),
        "applications": applications,
    }


def _notes(outlook: Outlook, choices: Choices, count: int, *, asked: bool) -> str:
    applications = thousands(outlook.shared(choices)["applications"])
    if not asked:
        text = now_(
            "Of up to %(applications)s applications. How many have a note is known once they are read, which is not "
            "done before you agree."
        )
        return text % {"applications": applications}
    if not count:
        return _none_yet()
    return now_("%(notes)s notes on %(applications)s applications have been read so far.") % {
        "notes": thousands(count),
        "applications": applications,
    }


def _none_yet() -> str:
    return now_(
        "None has been read yet. Where a reading was under way when you agreed, read everything once more under "
        "Historical sync when it is done."
    )


def _resumes(outlook: Outlook, choices: Choices, count: int, *, asked: bool) -> str:
    if not asked:
        applications = thousands(outlook.shared(choices)["applications"])
        text = now_(
            "Of up to %(applications)s applications. How many have a resume is known once they are read, which is not "
            "done before you agree."
        )
        needs = now_(
            "Needs LinkedIn's versioned API, which whoever runs Landbridge sets. PDF, DOC, DOCX and TXT up to 10 MB; "
            "other files stay out."
        )
        return f"{text % {'applications': applications}} {needs}"
    return now_("%(resumes)s resumes have been found so far.") % {"resumes": thousands(count)}


PAGE = Page(
    name="consent",
    title=_("Data shared"),
    icon="data",
    routes=[
        path("consent", show, name="consent"),
        path("consent/look", look, name="consent-look"),
        path("consent/give", give, name="consent-give"),
        path("consent/withdraw", take_back, name="consent-withdraw"),
    ],
)
