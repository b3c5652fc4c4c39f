"""Receipts of what was deleted: the list, one receipt line by line, and each as a file for whoever has to prove it."""

from __future__ import annotations

import msgspec
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from landbridge.store.erasures import Item, Receipt, load_receipt, load_receipts
from landbridge.web.console.access import Who, shows
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit

MOST = 50
LONGEST_KEY = 500
TOLD_BY = {
    "event": _("The ATS told of it"),
    "sweep": _("The ATS lists it no longer"),
    "push": _("The ATS deleted it here"),
}
KINDS = {
    "candidate": _("Candidate"),
    "application": _("Application"),
    "stage": _("Stage"),
    "feedback": _("Review"),
    "note": _("Note"),
    "resume": _("Resume"),
}
# What was here besides: of LinkedIn's, or of both.
WITHIN = {
    "record": _("Records of the ATS, emptied"),
    "match": _("Match with a LinkedIn member"),
    "inmail": _("InMails"),
    "note": _("Prospect notes"),
    "contact": _("Shared contact details"),
    "export": _("Exports"),
    "closed": _("Notices of closed accounts"),
}


class Line(Struct, frozen=True):
    item: Item
    kind: Promise | str


class Row(Struct, frozen=True):
    receipt: Receipt
    kind: Promise | str
    told_by: Promise | str


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    key, number = visit.asked_text("key", LONGEST_KEY), visit.asked_number("before")
    async with visit.connection() as connection:
        found = await load_receipts(connection, visit.workspace.id, key=key, before=number, limit=MOST + 1)
    rows = [_row(one) for one in found[:MOST]]
    older = rows[-1].receipt.id if len(found) > MOST else None
    context = {"rows": rows, "older": older, "key": key, "before": number}
    return await visit.render("console/erased/page.html", context)


@shows(Who.VIEWER)
async def receipt(visit: Visit, number: int) -> HttpResponse:
    found = await _load(visit, number)
    lines = [Line(item, _words_of(item)) for item in found.items]
    places = [
        (_("On LinkedIn"), [line for line in lines if line.item.place == "linkedin"]),
        (_("In Landbridge"), [line for line in lines if line.item.place == "landbridge"]),
    ]
    return await visit.render("console/erased/receipt.html", {"row": _row(found), "places": places})


@shows(Who.VIEWER)
async def download(visit: Visit, number: int) -> HttpResponse:
    """The receipt as JSON. It holds ids and times, nothing of what was deleted."""
    found = await _load(visit, number)
    content = msgspec.json.format(
        msgspec.json.encode({"workspace": visit.workspace.slug, **msgspec.to_builtins(found)})
    )
    headers = {"Content-Disposition": f'attachment; filename="erasure-{visit.workspace.slug}-{number}.json"'}
    return HttpResponse(content, content_type="application/json", headers=headers)


async def _load(visit: Visit, number: int) -> Receipt:
    async with visit.connection() as connection:
        found = await load_receipt(connection, visit.workspace.id, number)
    if found is None:
        raise Http404
    return found


def _row(found: Receipt) -> Row:
    return Row(found, KINDS.get(found.kind, found.kind), TOLD_BY[found.told_by])


def _words_of(item: Item) -> Promise | str:
    return (KINDS if item.place == "linkedin" else WITHIN).get(item.kind, item.kind)


PAGE = Page(
    name="erased",
    title=_("Erased"),
    icon="erased",
    routes=[
        path("erased", show, name="erased"),
        path("erased/<int:number>", receipt, name="erased-receipt"),
        path("erased/<int:number>/file", download, name="erased-file"),
    ],
)
