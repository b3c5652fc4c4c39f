"""The workspace's own LinkedIn application: made through the partner's, found again, given new secrets and origins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct, structs

from landbridge.connectors import Wiring
from landbridge.connectors.linkedin import LINKEDIN, onboarding
from landbridge.connectors.linkedin.auth import child_auth, parent_auth
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.destination import open_client
from landbridge.connectors.linkedin.settings import Settings, read_settings
from landbridge.errors import NeedsPersonError, RejectedError, SettingError, SignInRejectedError
from landbridge.http.address import is_loopback
from landbridge.jobs.control import resume
from landbridge.jobs.wiring import FAR_SIDE, Works
from landbridge.store.connections import Credentials, load_credentials, mark_problem, save_credentials
from landbridge.store.database import Connection
from landbridge.store.panel import origins_in
from landbridge.store.workspaces import load_workspace

# The page to which LinkedIn sends members back who confirm that a seat is theirs.
CONFIRMED = "/confirmed-seat"

# Where the console is met by browsers, and so by LinkedIn; kept beside the connector's own settings.
CONSOLE = "console"
APPLICATION = "application"
# The application is from Cross-System Awareness: what it may do already is added to, never replaced.
KEPT = "kept_application"
OLDER_SECRET = "older_client_secret"  # noqa: S105 - the name of a field

# Whose keys: of the application of one company, or of the partner's, which makes one for each.
Kind = Literal["child", "parent"]


class Application(Struct, frozen=True, kw_only=True):
    """``urn`` "": it was made by hand, so its addresses and secrets are changed by hand too."""

    client_id: str
    urn: str = ""


async def load_linkedin(works: Works, workspace: int) -> Credentials:
    """Settings and secrets of the LinkedIn connection; empty where nothing was entered yet."""
    async with works.database.connection() as connection:
        return await load_inside(works, connection, workspace)


async def load_inside(works: Works, connection: Connection, workspace: int) -> Credentials:
    """The same, in the transaction of ``connection``."""
    try:
        return await load_credentials(connection, workspace, FAR_SIDE, vault=works.vault)
    except SettingError as problem:
        if problem.code != "not_connected":
            raise
        return Credentials(settings={}, secrets={})


async def save_linkedin(
    works: Works, workspace: int, given: Mapping[str, str], *, inside: Connection | None = None
) -> None:
    """Put ``given`` over what is stored; an empty value takes a field away. Nobody else's change is lost.

    ``inside``: a connection in whose transaction it happens.
    """
    if inside is None:
        async with works.database.transaction() as connection:
            await save_linkedin(works, workspace, given, inside=connection)
        return
    hidden = {*LINKEDIN.secrets, OLDER_SECRET}
    await inside.execute("SELECT FROM workspace WHERE id = %s FOR UPDATE", [workspace])
    stored = await load_inside(works, inside, workspace)
    parts = {**stored.settings, **stored.secrets, **given}
    kept = {name: value for name, value in parts.items() if value != ""}
    if kept == {**stored.settings, **stored.secrets}:
        return
    await save_credentials(
        inside,
        workspace,
        FAR_SIDE,
        vault=works.vault,
        settings={name: value for name, value in kept.items() if name not in hidden},
        secrets={name: str(value) for name, value in kept.items() if name in hidden},
    )


async def ensure_application(works: Works, workspace: int, *, console: str) -> Application:
    """The workspace's application, made where there is none; its origins and redirect addresses brought up to date.

    One that was taken over keeps what it has, and is never replaced by a new one. ``console`` is the origin at which
    browsers meet the console: LinkedIn's widget loads at no other. Called again, or by two people at once, it changes
    nothing. Raises NeedsPersonError, TryLaterError.
    """
    await save_linkedin(works, workspace, {CONSOLE: console})
    async with noted(works, workspace):
        settings = await _settings(works, workspace)
        entered = bool(settings.client_id and settings.client_secret)
        if entered and not settings.parent_client_id:
            return Application(client_id=settings.client_id)
        async with works.database.connection() as connection:
            facts = await load_workspace(connection, workspace)
        plan = onboarding.ChildPlan(
            foreign_id=facts.foreign_id,
            name=onboarding.child_name("Landbridge", facts.name),
            description=f"Workspace {facts.slug}",
            # The candidate panel has LinkedIn's widget in it, and is itself in a page of the ATS.
            domains=tuple(dict.fromkeys((console, *origins_in(facts.choices)))),
            callbacks=redirects_of(settings, console),
        )
        async with parent_client(works, workspace) as parent:
            if entered:
                found = await onboarding.find_child(parent, facts.foreign_id)
                if found is None or found.client_id != settings.client_id:
                    return Application(client_id=settings.client_id)  # of somebody else's making
                if (await load_linkedin(works, workspace)).settings.get(KEPT):
                    plan = _added_to(found, plan)
            child = await onboarding.ensure_child(parent, plan)
            ours = settings.client_id == child.client_id and settings.client_secret
            # An application that was there already keeps its secret to itself: it gets a second one.
            secret = child.client_secret or ours or await onboarding.roll_secret(parent, child.urn)
    given = {"client_id": child.client_id, "client_secret": secret, APPLICATION: child.urn}
    await save_linkedin(works, workspace, given)
    return Application(client_id=child.client_id, urn=child.urn)


def redirects_of(settings: Settings, console: str) -> tuple[str, ...]:
    """Where LinkedIn may send members back to; it takes https addresses only, a sandbox also those of this machine."""
    here = all(is_loopback(urlsplit(url).hostname or "") for url in (settings.api_url, console))
    return (console + CONFIRMED,) if here or console.startswith("https://") else ()


def _added_to(found: onboarding.Child, plan: onboarding.ChildPlan) -> onboarding.ChildPlan:
    """The plan with everything that the application may do already: a list given replaces the one there."""
    return structs.replace(
        plan,
        domains=tuple(dict.fromkeys((*found.domains, *plan.domains))),
        callbacks=tuple(dict.fromkeys((*found.callbacks, *plan.callbacks))),
    )


async def rotate_secret(works: Works, workspace: int) -> None:
    """A new secret for the application; the older one counts for pushes until the next rotation.

    Raises RejectedError where LinkedIn still holds two secrets: one has to be deleted in its developer portal first.
    """
    stored = await load_linkedin(works, workspace)
    urn = str(stored.settings.get(APPLICATION, ""))
    if not urn:
        raise SettingError(
            "this LinkedIn application was not made by Landbridge",
            code="linkedin_secret_by_hand",
            hint="Make the new secret in LinkedIn's developer portal and save it in the LinkedIn connection.",
        )
    async with noted(works, workspace), parent_client(works, workspace) as parent:
        secret = await onboarding.roll_secret(parent, urn)
    older = stored.secrets.get("client_secret", "")
    await save_linkedin(works, workspace, {"client_secret": secret, OLDER_SECRET: older})


async def take_over_keys(
    works: Works, workspace: int, *, client_id: str, client_secret: str, kind: Kind = "child"
) -> None:
    """Save the keys of an application that exists, the company's own or the partner's, once LinkedIn takes them.

    Raises SettingError where it does not, TryLaterError.
    """
    keys = {"client_id": client_id.strip(), "client_secret": client_secret.strip()}
    if not all(keys.values()):
        raise SettingError(
            "client id or secret is missing", code="linkedin_credential", hint="Enter both; they belong together."
        )
    given = {f"parent_{name}": value for name, value in keys.items()} if kind == "parent" else keys
    await _try_keys(works, workspace, kind, given)
    if kind == "child":
        # Nothing that was known of the application before is true of this one.
        given |= {OLDER_SECRET: "", APPLICATION: "", KEPT: ""}
    await save_linkedin(works, workspace, given)


async def _try_keys(works: Works, workspace: int, kind: Kind, given: Mapping[str, str]) -> None:
    """Have a token made with keys that nobody has saved yet."""
    stored = await load_linkedin(works, workspace)
    wiring = await works.trial_wiring(
        workspace, FAR_SIDE, settings={**stored.settings, **given}, secrets={**stored.secrets, **given}
    )
    settings = read_settings(wiring, organization_known=False)
    sign = parent_auth if kind == "parent" else child_auth
    auth = sign(settings, wiring.journal, wiring.clock, wiring.transport)
    try:
        await auth.headers()
    except SignInRejectedError:
        raise SettingError("LinkedIn refuses these keys", code="linkedin_keys_refused") from None
    finally:
        await auth.close()


async def _settings(works: Works, workspace: int) -> Settings:
    return read_settings(await works.wiring(workspace, FAR_SIDE), organization_known=False)


@asynccontextmanager
async def parent_client(works: Works, workspace: int) -> AsyncIterator[LinkedInClient]:
    """A client that signs as the partner's application. Raises SettingError where that is not known."""
    client = open_parent(await works.wiring(workspace, FAR_SIDE))
    try:
        yield client
    finally:
        await client.close()


def open_parent(wiring: Wiring) -> LinkedInClient:
    settings = read_settings(wiring, organization_known=False)
    return LinkedInClient(
        base_url=settings.api_url,
        auth=parent_auth(settings, wiring.journal, wiring.clock, wiring.transport, wiring.tokens),
        journal=wiring.journal,
        gate=wiring.gate,
        clock=wiring.clock,
        transport=wiring.transport,
    )


@asynccontextmanager
async def child_client(works: Works, workspace: int) -> AsyncIterator[tuple[LinkedInClient, Settings]]:
    """A client that signs as the workspace's application, and the settings it was made from."""
    wiring = await works.wiring(workspace, FAR_SIDE)
    settings = read_settings(wiring, organization_known=False)
    client = open_client(settings, wiring)
    try:
        yield client, settings
    finally:
        await client.close()


@asynccontextmanager
async def noted(works: Works, workspace: int, system: str = FAR_SIDE) -> AsyncIterator[None]:
    """Keep whether what happens inside has worked, for everybody who looks at the connection."""
    try:
        yield
    except RejectedError:
        raise  # about this one thing, not about the connection
    except NeedsPersonError as problem:
        async with works.database.connection() as connection:
            await mark_problem(connection, workspace, system, problem, works.clock.now())
        raise
    await resume(works.database, workspace, system, works.clock)
