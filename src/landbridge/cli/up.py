"""landbridge up: console, worker and database on one machine."""

from __future__ import annotations

from landbridge.cli.opening import opened, run
from landbridge.cli.outcome import say
from landbridge.cli.supervisor import WORKERS, Child, Supervisor


def up() -> None:
    """Run everything on this machine: console, worker, and the PostgreSQL that comes along, until Ctrl-C."""
    run(_up(), "Nothing is lost; landbridge up goes on where it was.")


async def _up() -> None:
    import httpx2

    from landbridge.web.server import address, make_sign_in_link

    async with httpx2.AsyncClient(timeout=5, trust_env=False) as http, opened(migrating=True) as parts:
        settings = parts.settings
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.web_host, settings.web_host)  # noqa: S104 - told apart
        local = f"http://[{host}]:{settings.web_port}" if ":" in host else f"http://{host}:{settings.web_port}"

        async def console_answers() -> bool:
            try:
                return (await http.get(f"{local}/readyz")).status_code == 200
            except httpx2.TransportError:
                return False

        supervisor = Supervisor(settings.data_dir / "logs", say)
        try:
            await supervisor.start(Child(name="web", arguments=["web"], ready=console_answers))
            for worker in WORKERS:
                await supervisor.start(worker)
            say(f"The console is at {address(settings)}")
            say(f"Sign in once, within 15 minutes: {await make_sign_in_link(settings, parts.database)}")
            say(f"Logs are in {settings.data_dir / 'logs'}. Ctrl-C stops everything.")
            await supervisor.wait()
        finally:
            await supervisor.stop()
