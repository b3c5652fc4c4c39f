"""Closing accounts and opening them again."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from landbridge.store.accounts import close_account, load_accounts, open_account
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.visit import Visit


@shows(Who.OPERATOR)
async def show(visit: Visit) -> HttpResponse:
    async with visit.connection() as connection:
        accounts = await load_accounts(connection)
    return await visit.render("console/accounts/page.html", {"accounts": accounts})


@acts(Who.OPERATOR, fresh=True)
async def close(visit: Visit, number: int) -> HttpResponse:
    if number == visit.person.id:
        return await visit.goes_to("accounts", tell=_("You cannot close your own account."), tone="bad")
    async with visit.transaction() as connection:
        closed = await close_account(connection, number)
        if closed:
            await visit.note("account.closed", connection=connection, account=number)
    if not closed:
        return await visit.goes_to("accounts", tell=_("There is no open account of that number."), tone="bad")
    return await visit.goes_to("accounts", tell=_("The account is closed, and whoever used it is signed out."))


@acts(Who.OPERATOR, fresh=True)
async def reopen(visit: Visit, number: int) -> HttpResponse:
    async with visit.transaction() as connection:
        opened = await open_account(connection, number)
        if opened:
            await visit.note("account.opened", connection=connection, account=number)
    if not opened:
        return await visit.goes_to("accounts", tell=_("There is no closed account of that number."), tone="bad")
    return await visit.goes_to("accounts", tell=_("The account is open again."))


ROUTES = [
    path("accounts", show, name="accounts"),
    path("accounts/<int:number>/close", close, name="close-account"),
    path("accounts/<int:number>/open", reopen, name="open-account"),
]
