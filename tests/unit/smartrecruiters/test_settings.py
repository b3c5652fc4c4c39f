from __future__ import annotations

from typing import Any

import pytest

from landbridge.connectors.smartrecruiters.settings import FIELDS, read_settings
from landbridge.errors import SettingError

KEY = {"api_key": "canary-key"}


def test_key_alone_is_enough() -> None:
    settings = read_settings({}, KEY)

    assert settings.base_url == "https://api.smartrecruiters.com"
    assert settings.token_url == "https://api.smartrecruiters.com/identity/oauth/token"
    assert settings.strategy == "progressive"
    assert not settings.extra_fields


def test_tokens_come_from_where_the_api_is() -> None:
    settings = read_settings({"base_url": "http://127.0.0.1:8702/"}, KEY)

    assert settings.token_url == "http://127.0.0.1:8702/identity/oauth/token"


def test_plain_http_to_another_machine_has_to_be_allowed() -> None:
    given = {"base_url": "http://sandbox.internal:8702", "plain_http": "yes"}

    assert read_settings(given, KEY).base_url == "http://sandbox.internal:8702"


def test_profile_link_quotes_the_id() -> None:
    settings = read_settings({"profile_url": "https://hr.example/{candidateId}?tab=1"}, KEY)

    assert settings.profile_link("a/b") == "https://hr.example/a%2Fb?tab=1"


@pytest.mark.parametrize(
    ("given", "secrets"),
    [
        ({}, {}),
        ({"client_id": "me"}, {}),
        ({}, {"client_secret": "canary-secret"}),
        ({"base_url": "http://api.example"}, KEY),
        ({"base_url": 7}, KEY),
        ({"token_url": "http://api.example/token"}, KEY),
        ({"profile_url": "https://hr.example/"}, KEY),
        ({"profile_url": "javascript:{candidateId}"}, KEY),
        ({"strategy": "quick"}, KEY),
        ({"notes_shown": "mine"}, KEY),
        ({"strategy": "report"}, KEY),
        ({"report_columns": "no JSON"}, KEY),
        ({"report_columns": '{"application_id": ""}'}, KEY),
        ({"report_columns": '{"aplication_id": "ID"}'}, KEY),
        ({"report_columns": ["ID"]}, KEY),
    ],
)
def test_setting_that_cannot_work_is_refused_without_showing_a_secret(
    given: dict[str, Any], secrets: dict[str, str]
) -> None:
    with pytest.raises(SettingError) as raised:
        read_settings(given, secrets)

    assert "canary" not in f"{raised.value} {raised.value.facts} {raised.value.hint}"


def test_settings_show_no_secret() -> None:
    assert "canary" not in repr(read_settings({"client_id": "canary"}, {**KEY, "client_secret": "canary"}))


def test_form_offers_every_setting_and_keeps_the_secret_ones_secret() -> None:
    names = set(read_settings({}, KEY).__struct_fields__)

    of_the_workspace = {"reviews", "notes", "resumes", "teams"}
    assert {field.name for field in FIELDS} == names - of_the_workspace
    assert {field.name for field in FIELDS if field.secret} == {"api_key", "client_secret"}
