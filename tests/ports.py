"""Ports for processes that a test starts."""

from __future__ import annotations

import secrets
import socket

# Below those of outgoing connections: the port that the system itself would name may be taken by one of the many calls
# of other tests before the process has it.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """One that nobody listens on now, and nobody is given without asking for it."""
    while True:
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port := secrets.choice(PORTS)))
            except OSError:
                continue
            return port
