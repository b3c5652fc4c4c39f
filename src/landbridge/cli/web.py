"""landbridge web: the console."""

from __future__ import annotations

from landbridge.cli.opening import run
from landbridge.cli.outcome import say, told
from landbridge.cli.processes import set_up_process


def web() -> None:
    """Serve the console until Ctrl-C. Needs a migrated database; several may run."""
    with told():
        settings = set_up_process()
        from landbridge.web.server import serve

        run(serve(settings, on_ready=lambda address: say(f"The console is at {address}")))
