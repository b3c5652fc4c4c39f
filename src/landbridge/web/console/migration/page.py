"""The page on which keys and contracts of Cross-System Awareness are taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from landbridge.errors import LandbridgeError
from landbridge.jobs.onboarding.application import APPLICATION, KEPT, load_linkedin
from landbridge.jobs.onboarding.contracts import kept_of
from landbridge.jobs.onboarding.migration import Older, read_older
from landbridge.store.consents import load_consent
from landbridge.store.contracts import Contract, load_contracts
from landbridge.web.acts import migration
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.page import Page
from landbridge.web.console.turns import State, Step, Whose
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import Problem, console_origin, problem_of
from landbridge.web.words import EXPLAINED, said

KEYS = "#keys"  # the form on the page itself


class OlderForm(forms.Form):
    client_id = forms.CharField(
        label=_("Client ID"),
        max_length=200,
        help_text=_("Of your company's own LinkedIn application. Your ATS vendor or LinkedIn gave it to you."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    client_secret = forms.CharField(
        label=_("Client secret"),
        max_length=300,
        help_text=_("Of the same application. It is kept encrypted and never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    contracts = forms.CharField(
        label=_("Contracts"),
        max_length=2000,
        help_text=_("Their numbers as Recruiter shows them, one to a line."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    foreign_id = forms.CharField(
        label=_("Foreign ID"),
        required=False,
        max_length=200,
        help_text=_("The uniqueForeignId under which LinkedIn knows your company. Leave it empty if nobody knows it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    imported_until = forms.DateField(
        label=_("InMails and notes are in the ATS until"),
        required=False,
        help_text=_("The last whole day of the older integration: what is from before is not fetched a second time."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def older(self) -> Older:
        """Raises SettingError where what was typed cannot be."""
        told = self.cleaned_data
        day = told["imported_until"]
        return read_older(
            told["client_id"],
            told["client_secret"],
            told["contracts"],
            told["foreign_id"],
            datetime.combine(day, time.max, UTC) if day else None,
        )


class Change(Struct, frozen=True, kw_only=True):
    about: Promise
    before: Promise
    now: Promise


CHANGES: Sequence[Change] = (
    Change(
        about=_("Keys"),
        before=_("Client ID and secret of your own LinkedIn application"),
        now=_("The same. No new application is made"),
    ),
    Change(
        about=_("Contracts"),
        before=_("Typed in by number"),
        now=_("The same numbers. The company level is requested once, in LinkedIn's window"),
    ),
    Change(
        about=_("Shared with LinkedIn"),
        before=_("Status, primary job, contact details and average review of people found in Recruiter"),
        now=_("Jobs, candidates and applications with their steps, which is why somebody has to agree first"),
    ),
    Change(
        about=_("Seen in Recruiter"),
        before=_("The status in the ATS"),
        now=_("Also: Export to a job, the In-ATS indicator, who has applied before"),
    ),
    Change(
        about=_("People found in Recruiter"),
        before=_("Become leads on the general application once they were written to"),
        now=_("Come with Export to…, on the job that the recruiter chooses"),
    ),
    Change(
        about=_("InMails and notes"),
        before=_("Every 15 minutes"),
        now=_("Every 30 minutes. What was imported stays where it is"),
    ),
    Change(
        about=_("Users"),
        before=_("Connected by name"),
        now=_("Connected again, with suggestions by e-mail address and name"),
    ),
)


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    return await _page(visit)


@acts(Who.ADMIN, fresh=True)
async def take_over(visit: Visit) -> HttpResponse:
    form = OlderForm(visit.form)
    if not form.is_valid():
        return await _page(visit, form=form, status=422)
    try:
        proofs = await migration.take_over(visit, form.older(), console=console_origin(visit))
    except LandbridgeError as error:
        return await _page(visit, form=form, problem=problem_of(error), status=422)
    text = _("LinkedIn knows the keys. Taken over: %(contracts)s.") % {
        "contracts": "; ".join(
            str(_("contract %(number)s with %(seats)d seats") % {"number": one.number, "seats": one.seats})
            for one in proofs
        )
    }
    return await visit.goes_to("move", tell=text)


async def _page(
    visit: Visit, *, form: OlderForm | None = None, problem: Problem | None = None, status: int = 200
) -> HttpResponse:
    async with visit.works() as works:
        stored: Mapping[str, Any] = (await load_linkedin(works, visit.workspace.id)).settings
    async with visit.connection() as connection:
        contracts = await load_contracts(connection, visit.workspace.id)
        agreed = await load_consent(connection, visit.workspace.id) is not None
    moved = bool(stored.get(KEPT))
    steps = tuple(_steps(visit, contracts, moved=moved, agreed=agreed))
    context = {
        "changes": CHANGES,
        "steps": steps,
        "moved": moved,
        "client_id": stored.get("client_id", ""),
        "contracts": [one for one in contracts if one.urn],
        # Only the partner's keys, with the foreign id, can allow a new address for LinkedIn's window.
        "allow": console_origin(visit) if moved and not stored.get(APPLICATION) and kept_of(contracts) else "",
        "form": form or OlderForm(),
        "problem": problem,
        "moved_whole": bool(steps) and all(step.state is State.DONE for step in steps),
    }
    return await visit.render("console/migration/page.html", context, status=status)


def _steps(visit: Visit, contracts: Sequence[Contract], *, moved: bool, agreed: bool) -> Iterator[Step]:
    """The steps of everybody, and before them the one that only this way has."""
    kept, requested = kept_of(contracts), [one for one in contracts if one.requested_at and one.state != "disconnected"]
    enabled = [one for one in requested if one.state == "enabled"]
    refusal = next((EXPLAINED[one.problem_code] for one in kept if one.problem_code in EXPLAINED), None)
    ways = (
        (
            moved, _("Take over keys and contracts"), _("They are tried with LinkedIn first."),
            KEYS, _("Enter them"), Whose.YOU,
        ),
        (
            agreed, _("Agree to what is shared"), _("More is shared than before; nothing is sent until then."),
            "consent", _("Read and agree"), Whose.YOU,
        ),
        (
            bool(requested) and not kept, _("Request once in LinkedIn's window"),
            f"{said(refusal.meaning)} {said(refusal.fix)}" if refusal else
            _("The company level is enough: the contract level is on already. One request counts for all contracts."),
            "contract-window", _("Open the window"), Whose.YOU,
        ),
        (
            bool(enabled), _("Enable in LinkedIn Recruiter"), _("A Recruiter admin switches the company level on."),
            "contracts", _("See how"), Whose.RECRUITER_ADMIN,
        ),
        (
            bool(enabled), _("Connect users"), _("Then switch the older integration off."),
            "connect-users", _("Connect users"), Whose.YOU,
        ),
    )  # fmt: skip
    reached = True
    for done, title, text, name, label, whose in ways:
        here = reached and not done
        yield Step(
            title=title,
            state=State.DONE if done else State.LATER if not reached else State.PROBLEM if refusal else State.NOW,
            whose=whose if here else Whose.NOBODY,
            text="" if done else text,
            address=(name if name == KEYS else visit.address(name)) if here and visit.may.admin else "",
            label=label,
        )
        reached = reached and done


PAGE = Page(
    name="move",
    title=_("Move from Cross-System Awareness"),
    under="contracts",
    routes=[
        path("move", show, name="move"),
        path("move/take-over", take_over, name="move-take-over"),
    ],
)
