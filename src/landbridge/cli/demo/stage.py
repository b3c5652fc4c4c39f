"""The demo's processes: the two far sides, the console and a worker, each a real process of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from landbridge.cli.demo.control import FarSide
from landbridge.cli.demo.options import CONSOLE, HOST, LINKEDIN, SMARTRECRUITERS, Options, take_ports
from landbridge.cli.opening import Opened, opened
from landbridge.cli.supervisor import WORKERS, Child, Supervisor

if TYPE_CHECKING:
    import httpx2

Say = Callable[[str], object]


class Stage(Struct, frozen=True):
    """Everything running. ``logs`` is the directory of the processes' logs."""

    opened: Opened
    linkedin: FarSide
    smartrecruiters: FarSide
    console_url: str
    supervisor: Supervisor
    logs: Path


@asynccontextmanager
async def set_stage(options: Options, say: Say) -> AsyncIterator[Stage]:
    """Start everything, and stop it again in the end. Raises SettingError, UnavailableError."""
    import httpx2

    ports = take_ports(options.base_port)
    urls = [f"http://{HOST}:{port}" for port in ports]
    with data_directory() as folder:
        environment = environment_of(options, ports, urls, folder)
        supervisor = Supervisor(folder / "logs", say)
        async with (
            httpx2.AsyncClient(timeout=60, trust_env=False) as http,
            opened(environment, migrating=True) as parts,
        ):
            stage = Stage(
                opened=parts,
                linkedin=FarSide(http, "linkedin", urls[LINKEDIN]),
                smartrecruiters=FarSide(http, "smartrecruiters", urls[SMARTRECRUITERS]),
                console_url=urls[CONSOLE],
                supervisor=supervisor,
                logs=folder / "logs",
            )
            try:
                for child in children(options, ports, environment, stage, http):
                    await supervisor.start(child)
                yield stage
            finally:
                await supervisor.stop()


def in_browsers(url: str) -> str:
    """The address by name: passkeys need one, and cookies of one name are not sent to the other."""
    return url.replace(HOST, "localhost")


def environment_of(options: Options, ports: list[int], urls: list[str], folder: Path) -> dict[str, str]:
    """This process's environment with what the demo's processes need besides."""
    return {
        **os.environ,
        "LANDBRIDGE_DATA_DIR": str(folder),
        "LANDBRIDGE_WEB_HOST": HOST,
        "LANDBRIDGE_WEB_PORT": str(ports[CONSOLE]),
        "LANDBRIDGE_PUBLIC_URL": "",
        "LANDBRIDGE_LINKEDIN_API_URL": urls[LINKEDIN],
        "LANDBRIDGE_LINKEDIN_AUTH_URL": in_browsers(urls[LINKEDIN]),
        "LANDBRIDGE_SMARTRECRUITERS_API_URL": urls[SMARTRECRUITERS],
        **options.wait_settings,
    }


def children(
    options: Options, ports: list[int], environment: Mapping[str, str], stage: Stage, http: httpx2.AsyncClient
) -> list[Child]:
    sandbox = ["sandbox", "--linkedin-port", str(ports[LINKEDIN]), "--smartrecruiters-port"]
    sandbox += [str(ports[SMARTRECRUITERS]), "--world", options.world, "--seed", str(options.seed)]
    sandbox += ["--candidates", str(options.candidates), "--limits", options.limits]

    async def console_answers() -> bool:
        import httpx2

        try:
            return (await http.get(f"{stage.console_url}/readyz")).status_code == 200
        except httpx2.TransportError:
            return False

    return [
        Child(name="sandbox", arguments=sandbox, environment=environment, ready=stage.smartrecruiters.answers),
        Child(name="web", arguments=["web"], environment=environment, ready=console_answers),
        *(structs.replace(worker, environment=environment) for worker in WORKERS),
    ]


@contextmanager
def data_directory() -> Iterator[Path]:
    """LANDBRIDGE_DATA_DIR, which stays, or a temporary directory, which goes."""
    chosen = os.environ.get("LANDBRIDGE_DATA_DIR", "").strip()
    if chosen:
        yield Path(chosen).expanduser().absolute()
        return
    folder = Path(tempfile.mkdtemp(prefix="landbridge-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
