"""Where events for an ATS of one's own go: its address and signing secret, and whether they arrive."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from landbridge.connectors.rest_ats.endpoint import NAME, ROTATION, check_url
from landbridge.connectors.rest_ats.guard import networks_of
from landbridge.connectors.rest_ats.signature import new_secret
from landbridge.errors import NeedsPersonError, SettingError
from landbridge.jobs.control import resume
from landbridge.jobs.queue import arrivals_wish, ask
from landbridge.jobs.wiring import Works
from landbridge.store.connections import (
    Credentials,
    keep_one_ats,
    load_credentials,
    load_system_states,
    mark_problem,
    save_credentials,
)


class EventsState(Struct, frozen=True, kw_only=True):
    """``url`` "": none are sent. ``rotates_until``: until then the secret before the present one signs as well.

    ``state`` is that of the connection (see ``store.connections``), with what a person has to do.
    """

    url: str
    has_secret: bool
    rotates_until: datetime | None
    state: str
    problem_code: str
    problem_hint: str
    checked_at: datetime | None


async def load_events(works: Works, workspace: int) -> EventsState | None:
    """None: the workspace's ATS is another one, or there is none."""
    async with works.database.connection() as connection:
        states = await load_system_states(connection, workspace)
    known = next((one for one in states if one.system == NAME), None)
    if known is None:
        return None
    stored = await _load(works, workspace)
    until = stored.settings.get("older_secret_until")
    ends = datetime.fromisoformat(until) if until else None
    return EventsState(
        url=str(stored.settings.get("url") or ""),
        has_secret=bool(stored.secrets.get("secret")),
        rotates_until=ends if ends is not None and ends > works.clock.now() else None,
        state=known.state,
        problem_code=known.problem_code,
        problem_hint=known.problem_hint,
        checked_at=known.checked_at,
    )


async def send_to(works: Works, workspace: int, url: str) -> str | None:
    """Send events to ``url`` from now on, "": to nobody. The signing secret, where it is the first one.

    Raises SettingError where the workspace has another ATS, NeedsPersonError where nothing may be sent there.
    """
    url = check_url(url, networks_of(works.settings.ats_networks)) if url.strip() else ""
    stored = await _load(works, workspace)
    made = None if stored.secrets.get("secret") or not url else new_secret()
    settings = {**stored.settings, "url": url}
    secrets = {**stored.secrets, "secret": made} if made else stored.secrets
    await _save(works, workspace, Credentials(settings=settings, secrets=secrets))
    return made


async def rotate(works: Works, workspace: int) -> str:
    """A new signing secret. The one before it signs as well for a day. Raises SettingError where there is none yet."""
    stored = await _load(works, workspace)
    older = stored.secrets.get("secret")
    if not older:
        raise SettingError("events have no signing secret", code="webhook_secret", hint="Save the address first.")
    made, until = new_secret(), works.clock.now() + ROTATION
    settings = {**stored.settings, "older_secret_until": until.isoformat()}
    await _save(works, workspace, Credentials(settings=settings, secrets={"secret": made, "older_secret": older}))
    return made


async def send_test(works: Works, workspace: int) -> None:
    """Send a test event, and note whether it arrived. Raises NeedsPersonError, TryLaterError, RecordError."""
    stored = await _load(works, workspace)
    if not stored.settings.get("url"):
        raise SettingError(
            "no address for events is known", code="not_connected", hint="Enter where your ATS takes events."
        )
    try:
        async with works.source(workspace) as source:
            await source.check()
    except NeedsPersonError as problem:
        async with works.database.connection() as connection:
            await mark_problem(connection, workspace, NAME, problem, works.clock.now())
        raise
    await _go_on(works, workspace)


async def _load(works: Works, workspace: int) -> Credentials:
    """Raises SettingError where the workspace has no ATS that pushes."""
    async with works.database.connection() as connection:
        return await load_credentials(connection, workspace, NAME, vault=works.vault)


async def _save(works: Works, workspace: int, credentials: Credentials) -> None:
    async with works.database.transaction() as connection:
        await keep_one_ats(connection, workspace, NAME)
        await save_credentials(
            connection,
            workspace,
            NAME,
            vault=works.vault,
            settings={name: value for name, value in credentials.settings.items() if value},
            secrets=credentials.secrets,
        )
    await _go_on(works, workspace)


async def _go_on(works: Works, workspace: int) -> None:
    """What waited for the ATS is tried again."""
    await resume(works.database, workspace, NAME, works.clock)
    async with works.database.transaction() as connection:
        await ask(connection, [arrivals_wish(workspace)])
