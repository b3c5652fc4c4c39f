"""What an admin may tell us about LinkedIn, and what is said about what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from landbridge.connectors import CONNECTORS, Wiring
from landbridge.connectors.linkedin.auth import child_auth, parent_auth
from landbridge.connectors.linkedin.dialects import USUAL
from landbridge.connectors.linkedin.onboarding import child_name
from landbridge.connectors.linkedin.settings import Settings, read_settings
from landbridge.errors import SettingError
from landbridge.http import JournalEntry, OpenGate, SystemClock


class Silent:
    def note(self, entry: JournalEntry) -> None:
        """Nothing is asked of this journal."""


def wiring(
    settings: Mapping[str, Any] | None = None,
    *,
    secrets: Mapping[str, str] | None = None,
    choices: Mapping[str, Any] | None = None,
    workspace: Mapping[str, Any] | None = None,
) -> Wiring:
    return Wiring(
        settings={"organization": "1337"} if settings is None else settings,
        secrets=secrets or {},
        gate=OpenGate(),
        journal=Silent(),
        clock=SystemClock(),
        choices=choices or {},
        workspace=workspace or {},
    )


def read(**settings: Any) -> Settings:
    return read_settings(wiring({"organization": "1337", **settings}))


def test_defaults_are_linkedins_own_addresses_and_the_unversioned_api() -> None:
    settings = read()
    assert settings.organization == "urn:li:organization:1337"
    assert settings.api_url == "https://api.linkedin.com"
    assert settings.token_url == "https://www.linkedin.com/oauth/v2/accessToken"
    assert settings.resource("candidates").path == "/v2/atsCandidates"
    assert settings.availability == "PRIVATE"
    assert settings.timing.first_look == timedelta(minutes=5)


def test_organization_comes_from_the_workspace_where_the_connection_names_none() -> None:
    settings = read_settings(wiring({}, workspace={"organization_urn": "urn:li:organization:7"}))
    assert settings.organization == "urn:li:organization:7"


def test_each_resource_has_its_own_generation_and_corrections() -> None:
    settings = read(
        dialect="rest",
        dialects='{"stages": "v2"}',
        version="202604",
        resources='{"candidates": {"path": "/rest/people", "id_field": "personId", "calls_per_day": 1000000}}',
    )
    candidates, stages = settings.resource("candidates"), settings.resource("stages")
    assert (candidates.path, candidates.id_field, candidates.version) == ("/rest/people", "personId", "202604")
    assert (candidates.limits.calls_per_day, candidates.limits.records_per_minute) == (1_000_000, 10_000)
    assert candidates.headers == {"X-RestLi-Protocol-Version": "2.0.0", "LinkedIn-Version": "202604"}
    assert (stages.path, stages.headers) == ("/v2/atsApplications/{parent}/stages", {})


def test_jobs_stay_unversioned_in_the_versioned_dialect() -> None:
    jobs = read(dialect="rest").resource("jobs")
    assert (jobs.path, jobs.version, jobs.limits) == ("/v2/simpleJobPostings", None, USUAL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"organization": ""},
        {"organization": "urn:li:contract:7"},
        {"organization": "acme"},
        {"contracts": "acme"},
        {"contracts": 7},
        {"dialect": "v3"},
        {"dialects": '{"stages": "v3"}'},
        {"dialects": "{"},
        {"resources": '{"stages": {"paht": "/x"}}'},
        {"resources": "[]"},
        {"version": "2026-03"},
        {"api_url": "http://api.linkedin.com"},
        {"auth_url": "linkedin"},
        {"task_first_look": "soon"},
        {"match_lookup_delay": "-1"},
        {"client_id": 7},
    ],
)
def test_unusable_setting_is_named_without_its_value(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingError) as refusal:
        read(**wrong)
    (value,) = wrong.values()
    assert not value or str(value) not in str(refusal.value)


def test_unusable_choice_is_refused() -> None:
    with pytest.raises(SettingError):
        read_settings(wiring(choices={"availability": "SECRET"}))


def test_contracts_may_be_typed_as_numbers() -> None:
    assert read(contracts="7, urn:li:contract:8,").contracts == ("urn:li:contract:7", "urn:li:contract:8")


def test_missing_credentials_are_told_apart() -> None:
    settings = read(client_id="only half")
    with pytest.raises(SettingError) as child:
        child_auth(settings, Silent(), SystemClock())
    with pytest.raises(SettingError) as parent:
        parent_auth(settings, Silent(), SystemClock())
    assert (child.value.code, parent.value.code) == ("linkedin_credential", "linkedin_parent_credential")


def test_secrets_show_nowhere() -> None:
    secrets = {"client_secret": "hush", "parent_client_secret": "quiet"}
    settings = read_settings(wiring(secrets=secrets))
    assert (settings.client_secret, settings.parent_client_secret) == ("hush", "quiet")
    assert "hush" not in repr(settings)
    assert set(CONNECTORS["linkedin"].secrets) == set(secrets)


def test_every_field_of_the_form_is_read() -> None:
    names = {field.name for field in CONNECTORS["linkedin"].fields}
    read_names = set(Settings.__struct_fields__) | {"task_first_look"}
    assert names <= read_names


@pytest.mark.parametrize(
    ("ats", "customer", "name"),
    [
        ("Landbridge", "Invented Trams", "Landbridge - Invented Trams"),
        ("Landbridge", "The LinkedIn Fan Club", "Landbridge - The Fan Club"),
        ("Landbridge", "LinkLinkedInedIn", "Landbridge -"),
        ("Landbridge", "x" * 80, "Landbridge - " + "x" * 37),
    ],
)
def test_name_of_a_customers_application_follows_linkedins_rules(ats: str, customer: str, name: str) -> None:
    assert child_name(ats, customer) == name
