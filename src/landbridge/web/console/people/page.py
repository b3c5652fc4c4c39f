"""People & access."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landbridge.store.invitations import load_invitations
from landbridge.store.memberships import LastOwnerError, Role, load_members
from landbridge.web.acts import people
from landbridge.web.console.access import Who, acts, shows
from landbridge.web.console.page import Page
from landbridge.web.console.visit import Visit
from landbridge.web.console.working import console_origin

ROLES = [
    (Role.VIEWER.value, gettext_lazy("Viewer: may look")),
    (Role.ADMIN.value, gettext_lazy("Admin: connects, consents, pauses")),
    (Role.OWNER.value, gettext_lazy("Owner: decides who may do what")),
]
LAST_OWNER = gettext_lazy("That would leave the workspace without an owner. Make somebody else an owner first.")


class InvitationForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("Who is it for?"), max_length=200,
        help_text=gettext_lazy("A name or an address, so that you know later whom you have invited."),
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=ROLES)


@shows(Who.VIEWER)
async def show(visit: Visit) -> HttpResponse:
    return await _page(visit, InvitationForm())


@acts(Who.OWNER, fresh=True)
async def invite(visit: Visit) -> HttpResponse:
    """Make a link and show it, once: whoever opens it first may use it."""
    form = InvitationForm(visit.form)
    if not form.is_valid():
        return await _page(visit, form, status=400)
    label, role = form.cleaned_data["label"], Role(form.cleaned_data["role"])
    token = await people.invite(visit, label=label, role=role)
    link = console_origin(visit) + reverse("join", kwargs={"token": token})
    return await _page(visit, InvitationForm(), link=link, label=label)


@acts(Who.OWNER)
async def withdraw(visit: Visit, number: int) -> HttpResponse:
    await people.withdraw_invitation(visit, number)
    return await visit.goes_to("people", tell=_("The invitation no longer works."))


@acts(Who.OWNER, fresh=True)
async def set_role(visit: Visit, number: int) -> HttpResponse:
    form = RoleForm(visit.form)
    if not form.is_valid():
        return await visit.goes_to("people", tell=_("Choose one of the roles."), tone="bad")
    return await _change(visit, number, Role(form.cleaned_data["role"]), _("The role is changed. It counts at once."))


@acts(Who.OWNER, fresh=True)
async def remove(visit: Visit, number: int) -> HttpResponse:
    return await _change(visit, number, None, _("They may no longer enter this workspace."))


async def _change(visit: Visit, number: int, role: Role | None, done: str) -> HttpResponse:
    try:
        await people.set_role(visit, number, role)
    except LastOwnerError:
        return await visit.goes_to("people", tell=LAST_OWNER, tone="bad")
    if number == visit.person.id and role is not Role.OWNER:
        await visit.tell(done)
        return await visit.goes_to("home")
    return await visit.goes_to("people", tell=done)


async def _page(
    visit: Visit, form: InvitationForm, *, link: str = "", label: str = "", status: int = 200
) -> HttpResponse:
    async with visit.transaction() as connection:
        members = await load_members(connection, visit.workspace.id)
        invitations = await load_invitations(connection, visit.workspace.id, visit.now)
    context = {
        "members": members, "invitations": invitations, "form": form, "roles": ROLES, "link": link, "label": label,
    }  # fmt: skip
    return await visit.render("console/people/page.html", context, status=status)


PAGE = Page(
    name="people",
    title=gettext_lazy("People & access"),
    icon="people",
    routes=[
        path("people", show, name="people"),
        path("people/invite", invite, name="invite"),
        path("people/invitations/<int:number>/withdraw", withdraw, name="withdraw-invitation"),
        path("people/<int:number>/role", set_role, name="set-role"),
        path("people/<int:number>/remove", remove, name="remove-member"),
    ],
)
