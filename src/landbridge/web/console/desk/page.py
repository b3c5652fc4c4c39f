"""The desk: people grouped by what stands in the way, each with the one thing that settles it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast, get_args
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from msgspec import Struct

from landbridge.errors import SettingError
from landbridge.jobs import desk as counter
from landbridge.jobs.desk import By
from landbridge.store import desk
from landbridge.store.decisions import Answer, Did, Said
from landbridge.store.desk import GROUPS, Group
from landbridge.store.export_counts import PER_SEAT, count_exports
from landbridge.store.imported import load_watch
from landbridge.store.lookup import find_candidates, load_open_jobs
from landbridge.sync.choices import PLACE
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.desk import context as contexts
from landbridge.web.console.desk import wording
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import Problem, problem_of

GLANCE, AT_A_TIME = 4, 20
PLACED_SHOWN = 10
LONGEST = 100


class Filter(Struct, frozen=True, kw_only=True):
    title: object
    address: str
    count: int
    current: bool


def by_of(visit: Visit) -> By:
    return By(name=visit.person.get_username(), user=visit.person.id)


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    return await _page(visit)


async def _page(visit: Visit, *, problem: Problem | None = None, address: str = "", status: int = 200) -> HttpResponse:
    group, named = _group(visit.asked.get("group", "")), visit.asked_text("q", LONGEST)
    workspace = visit.workspace.id
    async with visit.connection() as connection:
        counts = await desk.count_cases(connection, workspace)
        wanted = [group] if group else [one for one in GROUPS if any(counts.get(each) for each in GROUPS[one])]
        sections = [
            await contexts.section_of(
                connection,
                workspace,
                one,
                counts,
                limit=AT_A_TIME if group else GLANCE,
                before=visit.asked_number("before") if group else None,
                named=named,
            )
            for one in wanted
        ]
        certain = len(await counter.certain(connection, workspace)) if counts else 0
        policy = await counter.load_policy(connection, workspace)
        exports = await count_exports(connection, workspace, now=visit.now)
        watch = await load_watch(connection, workspace)
    context = {
        "sections": [one for one in sections if one.cards or group],
        "waiting": sum(counts.values()),
        "certain": certain,
        "filters": _filters(counts, group),
        "group": group,
        "named": named,
        "policy": policy,
        "address": address or policy,
        "example": f"exports+{PLACE}@example.com",
        "exports": exports,
        "exported": sum(one.count for one in exports),
        "near": [one for one in exports if one.near],
        "per_seat": PER_SEAT,
        "month": visit.now,
        "watch": watch,
        "problem": problem,
        "all_answers": [
            (name, wording.ANSWERS[name]) for name in _answers_of(one for one in GROUPS[group] if counts.get(one))
        ]
        if group
        else [],
        "most": counter.MOST_AT_ONCE,
        "kept": urlencode({"q": named}) if named else "",
    }
    return await visit.render("console/desk/page.html", context, status=status)


def _filters(counts: dict[str, int], group: Group | None) -> list[Filter]:
    found = [Filter(title=_("All"), address="?", count=sum(counts.values()), current=group is None)]
    for name, reasons in GROUPS.items():
        count = sum(counts.get(reason, 0) for reason in reasons)
        if count or name == group:
            title = wording.SHORT[name]
            found.append(Filter(title=title, address=f"?group={name}", count=count, current=name == group))
    return found


def _answers_of(reasons: Iterable[str]) -> list[str]:
    """What can be said to many at once; those whom it does not fit are left alone."""
    fitting = {answer for reason in reasons for answer in desk.ANSWERS.get(reason, ())}
    return [answer for answer in desk.FOR_MANY if answer in fitting]


def _group(text: str) -> Group | None:
    return cast("Group", text) if text in GROUPS else None


@shows(Who.ADMIN)
async def case(visit: Visit, number: int) -> HttpResponse:
    """One person: everything that came, and every answer. The search is asked for alone while somebody types."""
    return await _case(visit, number)


async def _case(visit: Visit, number: int, *, problem: Problem | None = None, status: int = 200) -> HttpResponse:
    if number > desk.HIGHEST:
        raise Http404
    text = visit.asked_text("q", LONGEST)
    async with visit.connection() as connection:
        found = await desk.load_case(connection, visit.workspace.id, number)
        if found is None:
            return await _gone(visit, number)
        (card,) = await contexts.cards_of(connection, visit.workspace.id, [found])
        before = visit.asked_number("before")
        elements = await desk.load_elements(connection, visit.workspace.id, found, before=before, limit=AT_A_TIME + 1)
        context = {
            "card": card,
            "case": found,
            "elements": elements[:AT_A_TIME],
            "more": elements[AT_A_TIME - 1].id if len(elements) > AT_A_TIME else None,
            "text": text,
            "found": await find_candidates(connection, visit.workspace.id, text) if text else [],
            "holder": await contexts.candidates_of(
                connection, visit.workspace.id, [found.candidate] if found.candidate else []
            ),
            "jobs": await load_open_jobs(connection, visit.workspace.id)
            if {"create", "job"} & {*found.answers}
            else [],
            "problem": problem,
            "entered": visit.form,
        }
    return await visit.render("console/desk/case.html", context, status=status)


async def _gone(visit: Visit, number: int) -> HttpResponse:
    """It was settled: by somebody else, or by itself."""
    async with visit.connection() as connection:
        cursor = await connection.execute(
            "SELECT FROM arrival WHERE workspace_id = %s AND id = %s", [visit.workspace.id, number]
        )
        if await cursor.fetchone() is None:
            raise Http404
    return await visit.goes_to("desk-settled", tell=_("This is settled already. Here is by whom."), tone="busy")


@acts(Who.ADMIN)
async def answer(visit: Visit, number: int) -> HttpResponse:
    did = visit.form.get("did", "")
    if did not in get_args(Did) or did == "take_off" or number > desk.HIGHEST:
        raise Http404
    said = Answer(
        did=cast("Did", did),
        candidate=visit.form.get("candidate", "")[:500] or None,
        email=visit.form.get("email", ""),
        job=visit.form.get("job", "")[:500] or None,
        person={name: visit.form.get(name, "") for name in ("first_name", "last_name", "email", "job")}
        if did == "create"
        else {},
    )
    try:
        outcome = await counter.answer(
            visit.room.database, visit.workspace.id, number, said,
            by=by_of(visit), now=visit.now, stamp=visit.form.get("stamp", ""),
        )  # fmt: skip
    except SettingError as error:
        return await _case(visit, number, problem=problem_of(error), status=400)
    return await _told(visit, number, outcome)


async def _told(visit: Visit, number: int, said: Said) -> HttpResponse:
    """Where to after an answer, and in which words."""
    match said.status:
        case "missing" | "unfit":
            raise Http404
        case "changed":
            text = _("Something more has come since you looked. Nothing was done: look again.")
            return await visit.goes_to("desk-case", tell=text, tone="wait", number=number)
        case "taken":
            text = _("%(by)s was first: %(did)s. Your answer was not used.") % {
                "by": said.by,
                "did": wording.DID[said.did],
            }
            return await visit.goes_to("desk-settled", tell=text, tone="wait")
        case "placed":
            return await visit.goes_to("desk", tell=_("It was placed by itself meanwhile."), tone="busy")
        case "same" | "done":
            return await visit.goes_to("desk", tell=_done(said))


def _done(said: Said) -> str:
    if said.did == "dismiss":
        return _("Dismissed. You can take that back under Settled.")
    if said.did == "clear":
        return _("It is being deleted. The receipt is under Settled in a moment.")
    text = ngettext(
        "Noted for %(count)d thing that came; Landbridge does it now.",
        "Noted for all %(count)d things that came; Landbridge does it now.",
        said.elements,
    )
    return text % {"count": said.elements}


@acts(Who.ADMIN)
async def answer_all(visit: Visit) -> HttpResponse:
    """The same word for a whole group."""
    group, did = _group(visit.form.get("group", "")), visit.form.get("did", "")
    if group is None or did not in _answers_of(GROUPS[group]):
        raise Http404
    count, left = await counter.answer_group(
        visit.room.database, visit.workspace.id, group, Answer(did=cast("Did", did)), by=by_of(visit), now=visit.now
    )
    text = ngettext("%(count)d is settled", "%(count)d are settled", count) % {"count": count}
    rest = _(", %(left)d are left.") % {"left": left} if left else "."
    return await visit.goes_to("desk", tell=text + rest)


@acts(Who.ADMIN)
async def accept(visit: Visit) -> HttpResponse:
    count = await counter.accept_certain(visit.room.database, visit.workspace.id, by=by_of(visit), now=visit.now)
    text = ngettext("%(count)d person is attached.", "%(count)d people are attached.", count) % {"count": count}
    return await visit.goes_to("desk", tell=text)


@acts(Who.ADMIN)
async def choose_policy(visit: Visit) -> HttpResponse:
    address = visit.form.get("address", "") if visit.form.get("policy") == "address" else "wait"
    try:
        count = await counter.set_policy(
            visit.room.database, visit.workspace.id, address, by=by_of(visit), now=visit.now
        )
    except SettingError as error:
        return await _page(visit, problem=problem_of(error), address=address[:LONGEST], status=400)
    if not count:
        return await visit.goes_to("desk", tell=_("Saved."))
    text = ngettext("Saved. %(count)d who waited goes on.", "Saved. %(count)d who waited go on.", count)
    return await visit.goes_to("desk", tell=text % {"count": count})


@shows(Who.VIEWER)
async def settled(visit: Visit) -> HttpResponse:
    """What was decided, by whom, with what an undo takes away and leaves; and what was placed by itself lately."""
    before = visit.asked_number("before")
    async with visit.connection() as connection:
        lines = await contexts.lines_of(connection, visit.workspace.id, before=before, limit=AT_A_TIME + 1)
        placed = await contexts.placed_of(connection, visit.workspace.id, limit=PLACED_SHOWN) if not before else []
    context = {
        "lines": lines[:AT_A_TIME],
        "more": lines[AT_A_TIME - 1].decision.id if len(lines) > AT_A_TIME else None,
        "placed": placed,
        "before": before,
    }
    return await visit.render("console/desk/settled.html", context)


@acts(Who.ADMIN)
async def undo(visit: Visit, number: int) -> HttpResponse:
    if number > desk.HIGHEST:
        raise Http404
    said = await counter.undo(visit.room.database, visit.workspace.id, number, by=by_of(visit), now=visit.now)
    if said.status in {"missing", "unfit"}:
        raise Http404
    if said.status == "same":
        text = _("%(by)s has taken this back already.") % {"by": said.by}
        return await visit.goes_to("desk-settled", tell=text, tone="busy")
    return await visit.goes_to("desk-settled", tell=_("Taken back. It waits on the desk again in a moment."))


@acts(Who.ADMIN)
async def take_off(visit: Visit, number: int) -> HttpResponse:
    if number > desk.HIGHEST:
        raise Http404
    said = await counter.take_off(visit.room.database, visit.workspace.id, number, by=by_of(visit), now=visit.now)
    if said.status == "missing":
        raise Http404
    return await visit.goes_to("desk-settled", tell=_("It is taken off and waits on the desk in a moment."))


PAGE = Page(
    name="desk",
    title=gettext_lazy("Desk"),
    icon="desk",
    routes=[
        path("desk", show, name="desk"),
        path("desk/settled", settled, name="desk-settled"),
        path("desk/accept", accept, name="desk-accept"),
        path("desk/all", answer_all, name="desk-all"),
        path("desk/policy", choose_policy, name="desk-policy"),
        path("desk/<int:number>", case, name="desk-case"),
        path("desk/<int:number>/answer", answer, name="desk-answer"),
        path("desk/<int:number>/take-off", take_off, name="desk-take-off"),
        path("desk/settled/<int:number>/undo", undo, name="desk-undo"),
    ],
)
