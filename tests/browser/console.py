"""The console for browser tests: the real server on a free port, in a thread of its own, with a database of its own."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

from axe_playwright_python.sync_playwright import Axe
from msgspec import structs
from playwright.sync_api import Page

from landbridge.sandbox import Sandbox
from landbridge.settings import Secret, Settings
from landbridge.store.accounts import ensure_admin, make_sign_in_token
from landbridge.store.database import Database
from landbridge.store.secrets import Vault, unlock
from landbridge.web.rooms import machine_time
from landbridge.web.server import serve

R = TypeVar("R")
WIDTHS = (375, 1440)
SCHEMES = ("light", "dark")
# Where to keep a picture of every page that is looked at; none are kept without it.
SHOTS = os.environ.get("LANDBRIDGE_SHOTS")


class ConsoleThread:
    """``url`` is where it answers. ``ask`` runs something with a database and a vault beside it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = structs.replace(settings, web_port=0)
        self.url = ""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(60):
            raise TimeoutError("the console did not start")
        return self

    def __exit__(self, *_: object) -> None:
        if self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(60)

    def ask(self, work: Callable[[Database, Vault], Coroutine[Any, Any, R]]) -> R:
        async def with_database() -> R:
            async with await Database.open(self.settings) as database:
                return await work(database, await unlock(self.settings, database))

        return asyncio.run_coroutine_threadsafe(with_database(), self._loop).result(30)

    def sign_in_link(self) -> str:
        """Signs the first admin in, once."""

        async def make(database: Database, _: Vault) -> str:
            now = machine_time()
            async with database.transaction() as connection:
                return await make_sign_in_token(connection, await ensure_admin(connection, now), now)

        return f"{self.url}/sign-in/{self.ask(make)}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)

        def ready(address: str) -> None:
            self.url = address.replace("127.0.0.1", "localhost")  # passkeys need a name
            self._ready.set()

        self._task = self._loop.create_task(serve(self.settings, on_ready=ready))
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        finally:
            self._loop.close()


def with_sandboxes(settings: Settings, sandbox: Sandbox, *, by_name: bool = True) -> Settings:
    """``by_name`` False: LinkedIn's window is on another site than the console, so that its cookies are blocked."""
    parent = sandbox.linkedin.credentials()["parent"]
    window = sandbox.linkedin_url.replace("127.0.0.1", "localhost") if by_name else sandbox.linkedin_url
    return structs.replace(
        settings,
        linkedin_api_url=sandbox.linkedin_url,
        linkedin_auth_url=window,
        linkedin_client_id=parent["client_id"],
        linkedin_client_secret=Secret(parent["client_secret"]),
        smartrecruiters_api_url=sandbox.smartrecruiters_url,
    )


def look(page: Page, name: str) -> None:
    """Nothing that axe finds and nothing to scroll to the side, light and dark, narrow and wide."""
    problems = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if SHOTS:
                page.evaluate("scrollTo(0, 0)")
                page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}-{width}.png", full_page=True)
            found = Axe().run(page).response["violations"]
            problems += [f"{scheme} {width}: {one['id']}: {one['nodes'][0]['html']}" for one in found]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                problems.append(f"{scheme} {width}: scrolls to the side, {wide}")
    assert not problems, f"{name}\n" + "\n".join(problems)
