"""The coverage page leaves nothing out: no route the sandbox serves, no choice it made."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from landbridge.sandbox.coverage import ABSENT, LEVELS, LINKEDIN, SMARTRECRUITERS, choices_in
from landbridge.sandbox.linkedin import choices as linkedin_choices
from landbridge.sandbox.linkedin.choices import UPLOAD_METHOD
from landbridge.sandbox.linkedin.media import PATH as UPLOADS
from landbridge.sandbox.linkedin.oauth import REQUIRED
from landbridge.sandbox.linkedin.pages import static
from landbridge.sandbox.linkedin.pages.export import export
from landbridge.sandbox.linkedin.pages.registry import PAGES
from landbridge.sandbox.linkedin.pages.widgets.extension import EXTENSIONS, LOADER
from landbridge.sandbox.linkedin.pushes import TYPES
from landbridge.sandbox.linkedin.reception import SIGN_IN
from landbridge.sandbox.linkedin.routing import ROUTES
from landbridge.sandbox.smartrecruiters import choices as smartrecruiters_choices
from landbridge.sandbox.smartrecruiters.routes import ROUTES as SMARTRECRUITERS_ROUTES

WIDGETS = {"onboarding.js": "IN/ATSIntegrationWidget", "profile.js": "IN/HcmWidget"}
#: What a browser shows as a page: not what a page loads, not where it is only led on from.
PAGES_OF_RECRUITER = {
    page.path
    for page in PAGES
    if page.method == "GET"
    and page.path.startswith(("/login", "/recruiter"))
    and not page.path.startswith((f"{static.ADDRESS}/", export.JOBS, *EXTENSIONS))
}
CHOICES = [linkedin_choices, smartrecruiters_choices]


def test_every_linkedin_resource_stands_there_with_all_its_methods() -> None:
    told = {one.where: one.what for one in LINKEDIN if one.level != ABSENT and one.where.startswith(("v2/", "rest/"))}
    served = {name: ", ".join(sorted(resource.methods)) for name, resource in ROUTES.items()}
    assert told == served


def test_what_is_said_to_be_absent_is_absent() -> None:
    assert not {one.where for one in LINKEDIN if one.level == ABSENT} & ROUTES.keys()


def test_every_way_to_sign_in_every_push_widget_and_page_stands_there() -> None:
    told = {(one.where, one.what) for one in LINKEDIN if one.level != ABSENT and not one.where.startswith(("v2", "re"))}
    token, introspection, page = SIGN_IN
    served = {(token, grant_type) for grant_type in REQUIRED}
    served |= {(introspection, "form"), (page, "page"), *(("push", type_) for type_ in TYPES)}
    served |= {(f"{UPLOADS}{{}}", UPLOAD_METHOD)}
    served |= {(LOADER, "loader"), *((address, WIDGETS[script]) for address, script in EXTENSIONS.items())}
    assert told == served | {(address, "page") for address in PAGES_OF_RECRUITER}


def test_every_smartrecruiters_route_stands_there() -> None:
    told = {(one.where, one.what) for one in SMARTRECRUITERS if one.level != ABSENT and one.where != "page"}
    assert told == {(f"{route.method} {route.path}", route.operation) for route in SMARTRECRUITERS_ROUTES}


def test_no_operation_stands_there_twice_and_all_have_a_known_level() -> None:
    lines = [(one.where, one.what) for one in (*LINKEDIN, *SMARTRECRUITERS)]
    assert len(lines) == len(set(lines))
    assert {one.level for one in (*LINKEDIN, *SMARTRECRUITERS)} <= LEVELS.keys()


@pytest.mark.parametrize("module", CHOICES, ids=lambda module: module.__name__)
def test_every_chosen_constant_stands_there_with_its_reason(module: ModuleType) -> None:
    constants = {name for name in vars(module) if re.fullmatch(r"[A-Z][A-Z0-9_]*", name)}
    found = list(choices_in(module))
    assert {choice.name for choice in found} - {""} == constants
    # A constant right below another shares its comment; one below an empty line needs its own.
    assert [choice.name for choice in found if not choice.says] == []


@pytest.mark.parametrize("module", CHOICES, ids=lambda module: module.__name__)
def test_no_comment_of_the_choices_is_lost(module: ModuleType) -> None:
    assert module.__file__ is not None
    lines = Path(module.__file__).read_text(encoding="utf-8").splitlines()
    comments = [line.lstrip("#: ") for line in lines if line.startswith("#") and "---" not in line]
    told = " ".join(choice.says for choice in choices_in(module))
    assert [line for line in comments if line not in told] == []
