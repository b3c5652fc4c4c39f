"""One request, as the pages see it: who comes, in which role, to which workspace, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from msgspec import Struct, structs

from landbridge.store.memberships import Entered, Role
from landbridge.store.workspaces import Workspace
from landbridge.web.acts.actor import Actor

TONES = {"good": messages.SUCCESS, "busy": messages.INFO, "wait": messages.WARNING, "bad": messages.ERROR}


class May(Struct, frozen=True):
    """What the person may do in this workspace, for templates: ``{% if visit.may.admin %}``."""

    view: bool = False
    admin: bool = False
    own: bool = False


class Visit(Actor, frozen=True, kw_only=True):
    request: ASGIRequest
    user: User | None = None
    entered: Entered | None = None

    @property
    def person(self) -> User:
        """Who is signed in. Only where the route is for people who are."""
        if self.user is None:
            raise TypeError("this route is open to people who are not signed in")
        return self.user

    @property
    def workspace(self) -> Workspace:
        """The workspace of the address. Only on routes under ``/w/<slug>/``; else falsy in templates."""
        if self.entered is None:
            raise AttributeError("this route is not about a workspace")
        return self.entered.workspace

    @property
    def workspace_id(self) -> int:
        return self.workspace.id

    @property
    def place(self) -> int | None:
        return self.entered.workspace.id if self.entered else None

    @property
    def name(self) -> str:
        return self.person.get_username()

    @property
    def account(self) -> int | None:
        return self.person.id

    @property
    def by_sso(self) -> bool:
        """Whether the person came by single sign-on, and so needs no password of ours."""
        from allauth.account.internal.flows.login import get_authentication_records

        records = get_authentication_records(self.request, self.user)
        return any(record.get("method") == "socialaccount" for record in records)

    @property
    def role(self) -> Role | None:
        return self.entered.role if self.entered else None

    @property
    def may(self) -> May:
        return May(view=self.role is not None, admin=self.role in {Role.ADMIN, Role.OWNER}, own=self.role is Role.OWNER)

    @property
    def form(self) -> QueryDict:
        """What was posted."""
        return self.request.POST

    @property
    def asked(self) -> QueryDict:
        """What stands behind the question mark of the address."""
        return self.request.GET

    def asked_text(self, name: str, most: int = 100) -> str:
        """What was typed into a field of the address: cut, and without NUL, for which the database has no place."""
        return self.asked.get(name, "").strip()[:most].replace("\0", "")

    def asked_number(self, name: str) -> int | None:
        """A number of a row in the address; None where there is none, or none that a row can have."""
        text = self.asked.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    @property
    def posted(self) -> bool:
        return self.request.method == "POST"

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a part of the page rather than the browser for all of it."""
        return self.request.headers.get("hx-request") == "true"

    def entering(self, entered: Entered) -> Visit:
        return structs.replace(self, entered=entered)

    def address(self, name: str, **named: Any) -> str:
        """Of a route; in this workspace where the route is one of a workspace's."""
        if self.entered is not None and name in _workspace_routes():
            named["workspace"] = self.workspace.slug
        return reverse(name, kwargs=named)

    async def render(
        self, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        return await sync_to_async(render)(self.request, template, dict(context or {}), status=status)

    async def goes_to(self, name: str, *, tell: object = "", tone: str = "good", **named: Any) -> HttpResponse:
        """Answer a form: to the page ``name``, with a message on it."""
        if tell:
            await self.tell(tell, tone)
        return redirect(self.address(name, **named))

    async def tell(self, text: object, tone: str = "good") -> None:
        """A message on the next page shown: good, busy, wait or bad."""
        await sync_to_async(messages.add_message)(self.request, TONES[tone], str(text))


def _workspace_routes() -> frozenset[str]:
    from landbridge.web.console.pages import ROUTE_NAMES

    return ROUTE_NAMES
