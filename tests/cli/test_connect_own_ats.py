"""landbridge connect rest_ats: the signing secret is made when the address is saved, told once, and kept."""

from __future__ import annotations

from landbridge.cli.connecting import save
from landbridge.cli.opening import Opened
from landbridge.connectors.rest_ats.signature import key_of
from landbridge.settings import Settings
from landbridge.store.connections import load_credentials
from landbridge.store.database import Database
from landbridge.store.secrets import Vault
from landbridge.store.workspaces import create_workspace, load_workspace
from landbridge.web.rooms import machine_time

URL = "https://ats.example.com/landbridge"


async def test_secret_is_made_with_the_address_and_told_once(
    settings: Settings, database: Database, vault: Vault
) -> None:
    async with database.transaction() as connection:
        number = await create_workspace(connection, slug="own", name="Own", foreign_id="own", now=machine_time())
        workspace = await load_workspace(connection, number)
    opened = Opened(settings=settings, database=database, vault=vault)
    made = await save(opened, workspace, "rest_ats", {"url": URL})
    assert len(key_of(made["secret"])) == 32
    assert await save(opened, workspace, "rest_ats", {"url": f"{URL}/2"}) == {}
    assert await save(opened, workspace, "rest_ats", {"secret": made["secret"]}) == {}
    async with database.connection() as connection:
        kept = await load_credentials(connection, number, "rest_ats", vault=vault)
    assert (kept.settings, kept.secrets) == ({"url": f"{URL}/2"}, made)
    anew = await save(opened, workspace, "rest_ats", {"secret": ""})
    assert anew["secret"] != made["secret"]
