"""What the demo was asked for, and what follows from it for the processes it starts."""

from __future__ import annotations

import contextlib
import secrets
import socket
from pathlib import Path

from msgspec import Struct

from landbridge.errors import SettingError

CONSOLE, LINKEDIN, SMARTRECRUITERS = range(3)
HOST = "127.0.0.1"
# Below those of outgoing connections on every usual system.
PORTS, TRIES = range(20_000, 32_000), 50

# Waits for LinkedIn's sake and what the demo makes of them under relaxed limits: (setting, usual, here), in seconds.
WAITS = {
    "before a job's outcome is read": ("LANDBRIDGE_JOB_TASK_FIRST_LOOK_SECONDS", 300, 1),
    "before a candidate's match is read": ("LANDBRIDGE_MATCH_LOOKUP_DELAY_SECONDS", 900, 1),
    "between two looks for InMails and notes": ("LANDBRIDGE_INBOUND_QUICKEST_SECONDS", 300, 2),
    "until InMails and notes count as complete": ("LANDBRIDGE_INBOUND_SETTLES_SECONDS", 30, 1),
}


class Options(Struct, frozen=True, kw_only=True):
    """``base_port`` 0 takes free ports."""

    leave: bool
    json: Path | None
    candidates: int
    seed: int
    world: str
    limits: str
    dialect: str
    base_port: int

    @property
    def shortened_waits(self) -> dict[str, str]:
        """In words; empty where LinkedIn's real limits are kept."""
        if self.limits == "real":
            return {}
        return {wait: f"{usual} s, here {here} s" for wait, (_, usual, here) in WAITS.items()}

    @property
    def wait_settings(self) -> dict[str, str]:
        return {} if self.limits == "real" else {setting: str(here) for setting, _, here in WAITS.values()}


def take_ports(base_port: int) -> list[int]:
    """Ports of console, LinkedIn and SmartRecruiters. Raises SettingError where one is taken."""
    places = (CONSOLE, LINKEDIN, SMARTRECRUITERS)
    listeners = [_listen(base_port + place) if base_port else _listen_anywhere() for place in places]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def _listen_anywhere() -> socket.socket:
    """On a port that the operating system gives to nobody who only calls: until a process of ours takes it over, it is
    free once more. Raises SettingError."""
    for _ in range(TRIES):
        with contextlib.suppress(SettingError):
            return _listen(secrets.choice(PORTS))
    return _listen(0)


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as problem:
        listener.close()
        raise SettingError(
            f"Port {port} cannot be used: {problem.strerror}.",
            code="port_taken",
            hint="Stop what listens there, or choose other ports: landbridge demo --base-port 9700",
        ) from None
    return listener
