"""What guards every page: headers, cookies, hosts, and Django's own list of checks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from django.core.checks import run_checks
from django.test import override_settings

from landbridge.errors import SettingError
from landbridge.settings import Settings, load
from landbridge.store.project import project
from landbridge.web.server import address, listen

ROOT = Path(__file__).parents[2]
PATHS = [
    "/",
    "/sign-in",
    "/sign-in/no-such-token",
    "/healthz",
    "/readyz",
    "/static/console.css",
    "/nowhere",
    "/static/no",
    "/w/acme/",
    "/account",
    "/join/no-such-token",
    "/second-factor",
    "/sso/cancelled",
]


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_security_headers(browser: httpx2.AsyncClient, path: str) -> None:
    headers = (await browser.get(path)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in headers


async def test_pages_are_never_stored_and_files_are_asked_about(admin: httpx2.AsyncClient) -> None:
    assert (await admin.get("/workspaces")).headers["cache-control"] == "no-store"
    first = await admin.get("/static/console.css")
    assert first.headers["cache-control"] == "no-cache"
    again = await admin.get("/static/console.css", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["/static/../web/urls.py", "/static/%2e%2e/urls.py", "/static//etc/passwd", "/static/"]
)
async def test_static_files_lead_nowhere_else(browser: httpx2.AsyncClient, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


async def test_unknown_host_name_is_refused(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/sign-in", headers={"host": "evil.example"})
    assert answer.status_code == 400


async def test_cookies_are_kept_from_scripts_and_other_sites(browser: httpx2.AsyncClient, sign_in_path: str) -> None:
    cookie = (await browser.get(sign_in_path)).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def https(tmp_path: Path) -> Settings:
    return load({"LANDBRIDGE_PUBLIC_URL": "https://landbridge.example.com", "LANDBRIDGE_DATA_DIR": str(tmp_path)})


@pytest.mark.usefixtures("browser")
def test_djangos_checks_for_production_find_nothing_behind_https(tmp_path: Path) -> None:
    made = project(https(tmp_path), "postgresql:///none", secret_key="k" * 50 + "abcdefghij")
    made.pop("DATABASES")
    made.pop("INSTALLED_APPS")
    with override_settings(**made):
        found = run_checks(include_deployment_checks=True, databases=[])
        assert [message for message in found if not message.is_silenced()] == []


def test_django_finds_nothing_to_say_about_a_deployment(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = {**os.environ, "LANDBRIDGE_DATA_DIR": str(tmp_path)}
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert told.returncode == 0, told.stderr
    assert "no issues" in told.stdout


def test_https_makes_cookies_secure_and_names_the_host(tmp_path: Path) -> None:
    made = project(https(tmp_path), "postgresql:///none")
    assert made["SESSION_COOKIE_SECURE"]
    assert made["CSRF_COOKIE_SECURE"]
    assert made["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert "landbridge.example.com" in made["ALLOWED_HOSTS"]
    assert "*" not in made["ALLOWED_HOSTS"]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "http://localhost:8700"),
        ({"LANDBRIDGE_WEB_HOST": "0.0.0.0"}, "http://localhost:8700"),
        ({"LANDBRIDGE_WEB_HOST": "::1"}, "http://[::1]:8700"),
        ({"LANDBRIDGE_PUBLIC_URL": "https://a.example/"}, "https://a.example"),
    ],
)
def test_address_is_one_a_browser_can_open(environment: dict[str, str], expected: str) -> None:
    assert address(load(environment)) == expected


def test_taken_port_is_told_with_the_setting_to_change() -> None:
    with listen(load({"LANDBRIDGE_WEB_PORT": "0"})) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(SettingError, match=f"cannot listen on 127.0.0.1 port {port}") as caught:
            listen(load({"LANDBRIDGE_WEB_PORT": port}))
    assert "LANDBRIDGE_WEB_PORT" in caught.value.hint


async def test_log_of_a_failed_link_does_not_tell_the_token(
    browser: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    await browser.get("/sign-in/hunter2")
    assert "/sign-in/[token]" in caplog.text
    assert "hunter2" not in caplog.text
