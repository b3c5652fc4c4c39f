"""Settings: read from an environment, refused with the name of the variable, never shown when secret."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.errors import SettingError
from landbridge.settings import Secret, Settings, declared, load


def test_defaults_need_no_environment() -> None:
    settings = load({"HOME": "/home/ada"})
    assert settings.web_port == 8700
    assert settings.linkedin_api_url == "https://api.linkedin.com"
    assert settings.heartbeat == timedelta(seconds=2)


def test_data_directory_follows_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert load({"HOME": "/home/ada"}).data_dir == Path("/home/ada/.local/share/landbridge")
    assert load({"HOME": "/home/ada", "XDG_DATA_HOME": "/data"}).data_dir == Path("/data/landbridge")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert load({"HOME": "/root"}).data_dir == Path("/var/lib/landbridge")


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("LANDBRIDGE_WEB_PORT", "99999", "a whole number from 0 to 65535"),
        ("LANDBRIDGE_WEB_PORT", "87_00", "a whole number"),
        ("LANDBRIDGE_WEB_PORT", "٨٧٠٠", "a whole number"),
        ("LANDBRIDGE_LOG_LEVEL", "loud", "one of debug, info, warning, error"),
        ("LANDBRIDGE_HEARTBEAT_SECONDS", "nan", "a number of seconds from 0.2 to 300"),
        ("LANDBRIDGE_LANE_SLICE_SECONDS", "-1", "a number of seconds"),
        ("LANDBRIDGE_LINKEDIN_API_URL", "api.linkedin.com", "starts with http:// or https://"),
        ("LANDBRIDGE_LINKEDIN_API_URL", "https://host:port/", "starts with http:// or https://"),
        ("LANDBRIDGE_PUBLIC_URL", "https://a.example/landbridge", "without a path"),
        ("LANDBRIDGE_DATABASE_URL", "mysql://host/db", "starts with postgresql://"),
        ("LANDBRIDGE_ALLOWED_HOSTS", "a.example, b.example:80", "without ports"),
        ("LANDBRIDGE_TRUSTED_PROXIES", "10.0.0.0/8, proxy", "IP addresses or networks"),
        ("LANDBRIDGE_WEB_HOST", "no such host", "a host name or an IP address"),
    ],
)
def test_bad_value_is_refused_by_name_with_what_is_allowed(variable: str, value: str, allowed: str) -> None:
    with pytest.raises(SettingError, match=f"^{variable} must be ") as caught:
        load({variable: value})
    assert allowed in str(caught.value)
    assert caught.value.hint


def test_good_values_are_taken_over() -> None:
    settings = load(
        {
            "LANDBRIDGE_WEB_HOST": "::1",
            "LANDBRIDGE_LOG_LEVEL": "DEBUG",
            "LANDBRIDGE_LANE_SLICE_SECONDS": "2.5",
            "LANDBRIDGE_ALLOWED_HOSTS": "a.example, .b.example",
            "LANDBRIDGE_LINKEDIN_API_URL": "http://127.0.0.1:8701/",
            "LANDBRIDGE_DATA_DIR": "relative",
        }
    )
    assert settings.web_host == "::1"
    assert settings.log_level == "debug"
    assert settings.lane_slice == timedelta(seconds=2.5)
    assert settings.allowed_hosts == ("a.example", ".b.example")
    assert settings.linkedin_api_url == "http://127.0.0.1:8701"
    assert settings.data_dir == Path("relative").absolute()


def test_empty_variable_counts_as_not_set() -> None:
    assert load({"LANDBRIDGE_WEB_PORT": " ", "LANDBRIDGE_DATABASE_URL": ""}) == load({})


def test_worker_is_never_called_dead_within_three_heartbeats() -> None:
    with pytest.raises(SettingError, match="LANDBRIDGE_STALLED_AFTER_SECONDS must be at least three times"):
        load({"LANDBRIDGE_HEARTBEAT_SECONDS": "3"})
    settings = load({"LANDBRIDGE_HEARTBEAT_SECONDS": "3", "LANDBRIDGE_STALLED_AFTER_SECONDS": "9"})
    assert settings.stalled_after == timedelta(seconds=9)


def test_secret_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from a file\n", encoding="utf-8")
    settings = load({"LANDBRIDGE_ENCRYPTION_KEY_FILE": str(file)})
    assert settings.encryption_key == Secret("from a file")


def test_secret_twice_is_refused(tmp_path: Path) -> None:
    both = {"LANDBRIDGE_SECRET_KEY": "a", "LANDBRIDGE_SECRET_KEY_FILE": str(tmp_path)}
    with pytest.raises(SettingError, match="are both set"):
        load(both)


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe\x00"])
def test_unusable_secret_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingError, match=f"LANDBRIDGE_SECRET_KEY_FILE names .* {re.escape(str(file))}"):
        load({"LANDBRIDGE_SECRET_KEY_FILE": str(file)})


def test_secrets_never_show() -> None:
    settings = load(
        {
            "LANDBRIDGE_ENCRYPTION_KEY": "hunter2",
            "LANDBRIDGE_SECRET_KEY": "hunter2",
            "LANDBRIDGE_DATABASE_URL": "postgresql://u:hunter2@h/d",
        }
    )
    assert "hunter2" not in f"{settings!r} {settings} {settings.encryption_key}"
    with pytest.raises(SettingError) as caught:
        load({"LANDBRIDGE_DATABASE_URL": "hunter2"})
    assert "hunter2" not in f"{caught.value} {caught.value.hint} {caught.value.facts}"


def test_every_setting_is_declared_with_help_and_a_variable_that_works() -> None:
    settings = list(declared())
    assert [setting.field for setting in settings] == list(Settings.__struct_fields__)
    assert all(setting.help.endswith(".") for setting in settings)
    assert {setting.variable for setting in settings if setting.secret} == {
        "LANDBRIDGE_DATABASE_URL",
        "LANDBRIDGE_ENCRYPTION_KEY",
        "LANDBRIDGE_LINKEDIN_CLIENT_SECRET",
        "LANDBRIDGE_OIDC_CLIENT_SECRET",
        "LANDBRIDGE_SECRET_KEY",
    }


@given(st.sampled_from([setting.variable for setting in declared()]), st.text(max_size=40))
def test_any_text_is_either_taken_or_refused_by_name(variable: str, value: str) -> None:
    try:
        load({"HOME": "/home/ada", variable: value})
    except SettingError as error:
        told = str(error)
    else:
        return
    assert variable in told
