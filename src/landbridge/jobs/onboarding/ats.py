"""Connecting the ATS: what an admin enters is tried before it is saved."""

from __future__ import annotations

from collections.abc import Mapping

from landbridge.connectors import CONNECTORS, Wiring
from landbridge.errors import NeedsPersonError, SettingError
from landbridge.jobs.control import resume, start_sync
from landbridge.jobs.wiring import ATS, Works
from landbridge.ports.source import Access
from landbridge.store import sweeps
from landbridge.store.connections import Credentials, keep_one_ats, load_credentials, mark_problem, save_credentials

# Where a secret is sent.
ADDRESSES = ("base_url", "token_url")


async def load_ats(works: Works, workspace: int) -> Credentials | None:
    """Settings and secrets of the ATS connection; None where nothing was entered yet."""
    async with works.database.connection() as connection:
        try:
            return await load_credentials(connection, workspace, ATS, vault=works.vault)
        except SettingError as problem:
            if problem.code != "not_connected":
                raise
            return None


async def connect_ats(works: Works, workspace: int, given: Mapping[str, str]) -> Access:
    """Try what was entered, then save it and begin to read; nothing is saved where it does not work.

    ``given`` goes over what is stored; an empty value takes a field away, so a secret left out stays. Missing
    permissions are no refusal: they are named in the answer. Raises NeedsPersonError, TryLaterError; SettingError where
    a kept secret would go to another address than the one it was entered for.
    """
    stored = await load_ats(works, workspace)
    if stored:
        _check_moved(stored, given)
    parts = {**(stored.settings if stored else {}), **(stored.secrets if stored else {}), **given}
    kept = {name: value for name, value in parts.items() if value != ""}
    access = await _try(works, workspace, kept)
    hidden = CONNECTORS[ATS].secrets
    async with works.database.transaction() as connection:
        await keep_one_ats(connection, workspace, ATS)
        await save_credentials(
            connection,
            workspace,
            ATS,
            vault=works.vault,
            settings={name: value for name, value in kept.items() if name not in hidden},
            secrets={name: str(value) for name, value in kept.items() if name in hidden},
        )
    await resume(works.database, workspace, ATS, works.clock)
    if not access.missing:
        await _begin_to_read(works, workspace)
    return access


def _check_moved(stored: Credentials, given: Mapping[str, str]) -> None:
    """A secret is never shown again, so nobody may have it sent to an address of their choice either."""
    moved = any(name in given and given[name] != stored.settings.get(name, "") for name in ADDRESSES)
    if moved and not any(given.get(name) for name in CONNECTORS[ATS].secrets):
        raise SettingError(
            "The address was changed, and a kept secret goes to no other address.",
            code="secret_again",
            hint="Enter the API key or the client secret again, together with the address.",
        )


async def check_ats(works: Works, workspace: int) -> Access:
    """Try what is saved, and note the result. Raises NeedsPersonError, TryLaterError."""
    try:
        async with works.source(workspace) as source:
            access = await source.check()
    except NeedsPersonError as problem:
        async with works.database.connection() as connection:
            await mark_problem(connection, workspace, ATS, problem, works.clock.now())
        raise
    await resume(works.database, workspace, ATS, works.clock)
    return access


async def _try(works: Works, workspace: int, kept: Mapping[str, object]) -> Access:
    connector = CONNECTORS[ATS]
    assert connector.source is not None
    wiring: Wiring = await works.trial_wiring(
        workspace,
        ATS,
        settings={name: value for name, value in kept.items() if name not in connector.secrets},
        secrets={name: str(value) for name, value in kept.items() if name in connector.secrets},
    )
    source = connector.source(wiring)
    try:
        return await source.check()
    finally:
        await source.close()


async def _begin_to_read(works: Works, workspace: int) -> None:
    """Read ahead: nothing leaves before somebody has agreed, but the pages can show what would."""
    async with works.database.connection() as connection:
        newest = await sweeps.newest(connection, workspace)
    if newest is None:
        await start_sync(works, workspace)
