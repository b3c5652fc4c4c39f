"""Every setting of a Landbridge process, declared once: name, type, default, help, and whether it is a secret.

A setting comes from an environment variable: ``LANDBRIDGE_`` and the field's name in capitals, with ``_SECONDS`` after
it for a length of time. A secret may also be given as ``..._FILE``, the path of a file that holds it. An empty variable
counts as not set. Nothing is read at import: call :func:`load`.

To add a setting, add one line to :class:`Settings`.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints
from urllib.parse import urlsplit

from msgspec import NODEFAULT, Struct, structs

from landbridge.errors import SettingError

PREFIX = "LANDBRIDGE_"


class Secret:
    """A value that must not be shown: it prints as stars, and only ``reveal`` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Option(Struct, frozen=True):
    """What is known about one setting. ``parse`` raises ValueError with words that finish "X must be ..."."""

    help: str
    parse: Callable[[str], Any]


class Declared(Struct, frozen=True, kw_only=True):
    """One setting as the reference documentation lists it."""

    field: str
    variable: str
    help: str
    secret: bool
    default: Any


def text(value: str) -> str:
    return value


def secret(value: str) -> Secret:
    return Secret(value)


def path(value: str) -> Path:
    return Path(value).expanduser().absolute()


def choice(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return value.lower()

    return parse


def whole(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(value)

    return parse


def seconds(least: float, most: float) -> Callable[[str], timedelta]:
    def parse(value: str) -> timedelta:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", value) or not least <= float(value) <= most:
            raise ValueError(f"a number of seconds from {least:g} to {most:g}")
        return timedelta(seconds=float(value))

    return parse


def web_address(value: str) -> str:
    """An http(s) origin, maybe with a path, without a slash at its end."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    else:
        usable = usable and not (parts.query or parts.fragment or parts.username or parts.password)
    if not usable:
        raise ValueError("an address that starts with http:// or https:// and has no user name and no query")
    return value.rstrip("/")


def web_origin(value: str) -> str:
    """A web address without a path: the console is served at the root of its host."""
    try:
        if not urlsplit(found := web_address(value)).path:
            return found
    except ValueError:
        pass
    raise ValueError("an address such as https://landbridge.example.com, without a path")


def database_address(value: str) -> Secret:
    if not re.match(r"postgres(ql)?://", value):
        raise ValueError("an address that starts with postgresql://")
    return Secret(value)


def host(value: str) -> str:
    """A name or an IP address to listen on."""
    if not _is_host(value):
        raise ValueError("a host name or an IP address")
    return value


def hosts(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    if not names or not all(_is_host(name.removeprefix(".").strip("[]")) for name in names):
        raise ValueError("host names with commas between them, without ports")
    return names


def networks(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    try:
        for name in names:
            ipaddress.ip_network(name)
    except ValueError:
        names = ()
    if not names:
        raise ValueError("IP addresses or networks (10.0.0.0/8) with commas between them")
    return names


def _is_host(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return bool(re.fullmatch(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", value))
    return True


class Settings(Struct, frozen=True, kw_only=True):
    """The settings of one process. The annotation carries how each is read; see the module's docstring."""

    data_dir: Annotated[
        Path, Option("Where the embedded database and the key file live. Needs room for the whole mirror.", path)
    ]
    database_url: Annotated[
        Secret | None,
        Option("A PostgreSQL (15 or newer) to use instead of the embedded one, as postgresql://...", database_address),
    ] = None
    database_connections: Annotated[int, Option("Most database connections of one process.", whole(2, 500))] = 10
    encryption_key: Annotated[
        Secret | None,
        Option("Key of the secrets at rest: 32 random bytes as base64 (openssl rand -base64 32).", secret),
    ] = None
    secret_key: Annotated[
        Secret | None,
        Option("Key that signs sessions and sign-in links; made from the encryption key when not set.", secret),
    ] = None
    web_host: Annotated[str, Option("Address the console listens on.", host)] = "127.0.0.1"
    web_port: Annotated[int, Option("Port the console listens on; 0 takes a free one.", whole(0, 65535))] = 8700
    public_url: Annotated[
        str | None, Option("Address under which browsers reach the console; https makes cookies secure.", web_origin)
    ] = None
    session_idle_minutes: Annotated[
        int,
        Option("Minutes without a click after which people are signed out; 0: only after 12 hours.", whole(0, 720)),
    ] = 60
    allowed_hosts: Annotated[
        tuple[str, ...], Option("Further host names the console answers to, with commas between them.", hosts)
    ] = ()
    trusted_proxies: Annotated[
        tuple[str, ...], Option("Addresses of reverse proxies whose X-Forwarded headers count.", networks)
    ] = ("127.0.0.1",)
    oidc_issuer: Annotated[
        str | None,
        Option("Where your company signs in (OpenID Connect), such as https://login.example.com.", web_address),
    ] = None
    oidc_client_id: Annotated[str | None, Option("The name under which the issuer knows Landbridge.", text)] = None
    oidc_client_secret: Annotated[Secret | None, Option("The secret that goes with the client id.", secret)] = None
    oidc_name: Annotated[str, Option("What the sign-in page calls it.", text)] = "single sign-on"
    linkedin_api_url: Annotated[str, Option("LinkedIn's API.", web_address)] = "https://api.linkedin.com"
    linkedin_auth_url: Annotated[str, Option("Where LinkedIn gives out tokens.", web_address)] = (
        "https://www.linkedin.com"
    )
    linkedin_client_id: Annotated[
        str | None,
        Option("Client id of the partner's LinkedIn application, which makes one application per workspace.", text),
    ] = None
    linkedin_client_secret: Annotated[
        Secret | None, Option("Client secret of the partner's LinkedIn application.", secret)
    ] = None
    smartrecruiters_api_url: Annotated[str, Option("SmartRecruiters' API.", web_address)] = (
        "https://api.smartrecruiters.com"
    )
    ats_networks: Annotated[
        tuple[str, ...],
        Option("Private networks in which an ATS of one's own may take events; none: public addresses only.", networks),
    ] = ()
    log_level: Annotated[str, Option("How much is logged.", choice("debug", "info", "warning", "error"))] = "info"
    log_format: Annotated[
        str,
        Option("Lines for people, or JSON for machines; auto looks for a terminal.", choice("auto", "text", "json")),
    ] = "auto"
    worker_concurrency: Annotated[int, Option("Jobs one worker runs at a time.", whole(1, 200))] = 8
    worker_live_concurrency: Annotated[
        int, Option("Places of a worker besides, for live changes alone: no long sync holds them up.", whole(1, 200))
    ] = 4
    heartbeat: Annotated[timedelta, Option("How often a worker says that it is alive.", seconds(0.2, 300))] = timedelta(
        seconds=2
    )
    stalled_after: Annotated[
        timedelta,
        Option("Silence after which a worker's jobs go to another; at least three heartbeats.", seconds(0.6, 3600)),
    ] = timedelta(seconds=6)
    lane_slice: Annotated[
        timedelta, Option("How long a lane sends before it lets others have the worker.", seconds(0.1, 600))
    ] = timedelta(seconds=20)
    job_task_first_look: Annotated[
        timedelta,
        Option(
            "Wait before asking LinkedIn what became of a job posting; LinkedIn asks for 5 minutes.", seconds(0, 86400)
        ),
    ] = timedelta(minutes=5)
    match_lookup_delay: Annotated[
        timedelta, Option("Wait after delivery before LinkedIn is asked for a candidate's match.", seconds(0, 86400))
    ] = timedelta(minutes=15)
    inbound_history_days: Annotated[
        int,
        Option("Days of InMails, notes and shared contacts fetched when a seat or contract joins.", whole(0, 3650)),
    ] = 730
    inbound_quickest: Annotated[
        timedelta,
        Option("How often InMails and notes are read where LinkedIn's calls of the day allow it.", seconds(1, 1800)),
    ] = timedelta(minutes=5)
    inbound_settles: Annotated[
        timedelta,
        Option(
            "How long an InMail or note may take to show in LinkedIn's lists; no newer ones are read.", seconds(0, 600)
        ),
    ] = timedelta(seconds=30)
    changes_poll: Annotated[
        timedelta,
        Option("How often the ATS's lists are read for changes while its webhooks tell of them.", seconds(10, 86400)),
    ] = timedelta(minutes=15)
    changes_poll_alone: Annotated[
        timedelta, Option("The same while no webhooks come: nothing else tells of changes then.", seconds(10, 86400))
    ] = timedelta(minutes=2)
    journal_days: Annotated[
        int, Option("Days for which calls to the far sides stay in the journal.", whole(1, 3650))
    ] = 30


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises SettingError naming the variable and what it may be, never its value."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {"data_dir": default_data_dir(environ)}
    for name, option in _options():
        raw = _raw(environ, _variable(name), secret=_is_secret(name))
        if raw is not None:
            values[name] = _parsed(option, _variable(name), raw)
    settings = Settings(**values)
    _check_together(settings)
    return settings


def declared() -> Iterator[Declared]:
    """Every setting in order, for the reference documentation."""
    defaults = {info.name: info.default for info in structs.fields(Settings)}
    for name, option in _options():
        default = None if defaults[name] is NODEFAULT else defaults[name]
        yield Declared(field=name, variable=_variable(name), help=option.help, secret=_is_secret(name), default=default)


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Root keeps a system's data where systems keep data, everybody else in their own home."""
    if os.geteuid() == 0:
        return Path("/var/lib/landbridge")
    home = environ.get("XDG_DATA_HOME") or str(Path(environ.get("HOME") or "~").expanduser() / ".local/share")
    return Path(home).absolute() / "landbridge"


def _options() -> Iterator[tuple[str, Option]]:
    for name, hint in get_type_hints(Settings, include_extras=True).items():
        yield name, hint.__metadata__[0]


def _plain_type(name: str) -> Any:
    return get_type_hints(Settings)[name]


def _is_secret(name: str) -> bool:
    return Secret in get_args(_plain_type(name))


def _variable(name: str) -> str:
    suffix = "_SECONDS" if _plain_type(name) is timedelta else ""
    return f"{PREFIX}{name.upper()}{suffix}"


def _raw(environ: Mapping[str, str], variable: str, *, secret: bool) -> str | None:
    direct = environ.get(variable, "").strip() or None
    file = environ.get(f"{variable}_FILE", "").strip() if secret else ""
    if direct and file:
        raise SettingError(f"{variable} and {variable}_FILE are both set.", hint="Set only one of them.")
    return _file_content(f"{variable}_FILE", Path(file)) if file else direct


def _file_content(variable: str, file: Path) -> str:
    try:
        content = file.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise SettingError(
            f"{variable} names a file that cannot be read: {file} ({reason}).",
            hint="Name a text file that the user Landbridge runs as can read.",
        ) from None
    if not content:
        raise SettingError(f"{variable} names an empty file: {file}.", hint="Write the secret into it.")
    return content


def _parsed(option: Option, variable: str, raw: str) -> Any:
    try:
        return option.parse(raw)
    except ValueError as error:
        raise SettingError(f"{variable} must be {error}.", hint=option.help, facts={"name": variable}) from None


def _check_together(settings: Settings) -> None:
    if settings.oidc_issuer and not (settings.oidc_client_id and settings.oidc_client_secret):
        raise SettingError(
            f"{_variable('oidc_issuer')} needs {_variable('oidc_client_id')} and {_variable('oidc_client_secret')}.",
            hint="Register Landbridge with the issuer and set all three.",
        )
    if settings.stalled_after < 3 * settings.heartbeat:
        # Below that a worker that merely missed one beat loses its jobs to another while it still works on them.
        raise SettingError(
            f"{_variable('stalled_after')} must be at least three times {_variable('heartbeat')}.",
            hint="Raise the first or lower the second.",
        )
