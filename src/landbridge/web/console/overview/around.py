"""What of a workspace its way depends on, read once for the overview and for the JSON API."""

from __future__ import annotations

from landbridge.jobs.news import News, load_news
from landbridge.store.consents import load_consent, was_withdrawn
from landbridge.store.contracts import load_contracts
from landbridge.store.desk import count_asking, count_lacking
from landbridge.store.overview import load_overview
from landbridge.store.seats import count_seats
from landbridge.web.acts.actor import Actor
from landbridge.web.console.overview.way import Address, Around


async def load_around(actor: Actor, address: Address) -> tuple[Around, News]:
    """``address`` gives that of a page. All of it as it was at one instant."""
    number = actor.workspace_id
    async with actor.transaction() as connection:
        overview = await load_overview(connection, number, actor.now)
        systems = {one.system for one in overview.systems}
        news = await load_news(connection, number, systems=systems, settings=actor.room.settings, now=actor.now)
        around = Around(
            overview=overview,
            contracts=await load_contracts(connection, number),
            agreed=await load_consent(connection, number) is not None,
            withdrawn=await was_withdrawn(connection, number),
            seats=await count_seats(connection, number),
            pace=news.pace,
            asking=await count_asking(connection, number),
            lacking=await count_lacking(connection, number),
            address=address,
        )
    return around, news
