"""Ports for processes that a test starts."""

from __future__ import annotations

from landbridge.cli.demo.options import take_ports


def free_port() -> int:
    """One that nobody listens on now, and nobody is given without asking for it: the port that the system itself would
    name may be taken by one of the many calls of other tests before the process has it."""
    return take_ports(0)[0]
