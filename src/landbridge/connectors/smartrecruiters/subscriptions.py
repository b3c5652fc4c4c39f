"""Subscriptions to SmartRecruiters' webhooks: made, activated, looked at and removed through its Webhooks API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
from msgspec import Struct, field

from landbridge.connectors.description import Wiring
from landbridge.connectors.smartrecruiters.client import open_client, read_code
from landbridge.connectors.smartrecruiters.moment import write_moment
from landbridge.connectors.smartrecruiters.settings import TIMEOUT, read_settings
from landbridge.errors import MissingError, RejectedError
from landbridge.http import Call, Client, Clock, path_segment
from landbridge.http.decoding import decode_json
from landbridge.ports.telling import Delivery, Subscription

BASE: Final = "/webhooks-api/v201907/subscriptions"
PAGE_SIZE: Final = 100
# The log of a busy account is long; what is older than so many pages is found by reading the lists.
MOST_LOG_PAGES: Final = 50
# It goes back 30 days; asking for more is refused.
LOG_REACHES: Final = timedelta(days=29)
ABSENT: Final = "SUBSCRIPTION_NOT_FOUND"


class _Subscription(Struct, rename="camel"):
    """``status`` as SmartRecruiters says it; a suspended one is ``inactive`` again."""

    id: str
    callback_url: str = ""
    events: list[dict[str, str]] = field(default_factory=list)
    status: str = ""


class _Key(Struct, rename="camel"):
    secret_key: str


class _Request(Struct):
    body: str = ""
    headers: dict[str, str] = {}


class _Line(Struct, rename="camel"):
    status: str = ""
    request_details: _Request = field(default_factory=_Request)


class Subscriptions:
    """``ports.telling.Subscriptions``, one method per call. Raises what ``Client.send`` raises."""

    def __init__(self, http: Client, clock: Clock) -> None:
        self._http = http
        self._clock = clock

    async def list_all(self) -> list[Subscription]:
        call = Call(method="GET", path=BASE, route=BASE, query=urlencode({"limit": PAGE_SIZE}), timeout=TIMEOUT)
        return [_translate(one) for one in (await self._http.send(call)).decode(list[_Subscription])]

    async def create(self, callback_url: str, events: Sequence[str]) -> Subscription:
        content = msgspec.json.encode({"callbackUrl": callback_url, "events": list(events)})
        call = Call(
            method="POST",
            path=BASE,
            route=BASE,
            content=content,
            content_type="application/json",
            timeout=TIMEOUT,
        )
        return _translate((await self._http.send(call)).decode(_Subscription))

    async def activate(self, subscription: str) -> bool:
        """Whether it is active now; False where the address did not greet back."""
        route = f"{BASE}/{{id}}/activation"
        call = Call(
            method="PUT",
            path=f"{BASE}/{path_segment(subscription)}/activation",
            route=route,
            accepts=frozenset({404, 409, 424}),
            timeout=TIMEOUT,
        )
        answer = await self._http.send(call)
        if answer.status == 404:
            _raise_absent(read_code(answer))
        return answer.status != 424

    async def delete(self, subscription: str) -> None:
        route = f"{BASE}/{{id}}"
        path = f"{BASE}/{path_segment(subscription)}"
        call = Call(method="DELETE", path=path, route=route, accepts=frozenset({404}), timeout=TIMEOUT)
        await self._http.send(call)

    async def make_key(self, subscription: str) -> str:
        """The ones before it stay good for 24 hours."""
        route = f"{BASE}/{{id}}/secret-key"
        path = f"{BASE}/{path_segment(subscription)}/secret-key"
        call = Call(method="POST", path=path, route=route, accepts=frozenset({404}), timeout=TIMEOUT)
        answer = await self._http.send(call)
        if answer.status == 404:
            _raise_absent(read_code(answer))
        return answer.decode(_Key).secret_key

    async def undelivered(self, subscription: str, after: datetime) -> list[Delivery]:
        after = max(after, self._clock.now() - LOG_REACHES)
        found: dict[str, Delivery] = {}
        page: str | None = None
        for _ in range(MOST_LOG_PAGES):
            lines, page = await self._log_page(subscription, after, page)
            for line in lines:
                logged = _logged(line)
                if logged is not None:
                    found[logged.event_id] = logged
            if page is None:
                break
        return list(found.values())

    async def _log_page(self, subscription: str, after: datetime, page: str | None) -> tuple[list[_Line], str | None]:
        query = {"callbackStatus": "failed", "after": write_moment(after), "limit": str(PAGE_SIZE)}
        query |= {"page_id": page} if page else {}
        call = Call(
            method="GET",
            path=f"{BASE}/{path_segment(subscription)}/callbacks-log",
            route=f"{BASE}/{{id}}/callbacks-log",
            query=urlencode(query),
            timeout=TIMEOUT,
        )
        answer = await self._http.send(call)
        return decode_json(answer.content, list[_Line]), _next_page(answer.headers.get("link", ""))


@asynccontextmanager
async def subscriptions_of(wiring: Wiring) -> AsyncIterator[Subscriptions]:
    """Raises SettingError."""
    http = open_client(read_settings(wiring.settings, wiring.secrets), wiring)
    try:
        yield Subscriptions(http, wiring.clock)
    finally:
        await http.close()


def _raise_absent(code: str) -> None:
    if code == ABSENT:
        raise MissingError("the subscription is no more")
    raise RejectedError("a 404 in other words", code="not_found_unexplained", hint="Check the API address.")


def _translate(told: _Subscription) -> Subscription:
    return Subscription(
        id=told.id,
        callback_url=told.callback_url,
        events=frozenset(event.get("name", "") for event in told.events),
        is_active=told.status == "active",
    )


def _logged(line: _Line) -> Delivery | None:
    headers = {name.lower(): value for name, value in line.request_details.headers.items()}
    event_id, name = headers.get("event-id", ""), headers.get("event-name", "")
    if not event_id or not name or line.status == "successful":
        return None
    return Delivery(event_id=event_id, name=name, body=line.request_details.body.encode("utf-8", "replace"))


def _next_page(link: str) -> str | None:
    """Only the page's name is taken from the header; the address is our own."""
    for part in link.split(","):
        if 'rel="next"' in part.replace(" ", ""):
            query = parse_qs(urlsplit(part.split(">")[0].strip(" <")).query)
            return next(iter(query.get("page_id", [])), None)
    return None
