"""``webhooks-api``: subscriptions are made, activated by a handshake, looked after and deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec
import orjson

from landbridge.sandbox.kernel import Answer, Clock
from landbridge.sandbox.kernel.loopback import is_loopback
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, encode, ok, present
from landbridge.sandbox.smartrecruiters.happenings import EVENTS
from landbridge.sandbox.smartrecruiters.paging import instant_of, limit_of, next_link, page_id, place_in
from landbridge.sandbox.smartrecruiters.payload import body_of, known
from landbridge.sandbox.smartrecruiters.webhooks import wire
from landbridge.sandbox.smartrecruiters.webhooks.book import (
    DAY_MS,
    Attempt,
    Authentication,
    Book,
    Header,
    SecretKey,
    Subscription,
)
from landbridge.sandbox.smartrecruiters.webhooks.courier import Courier
from landbridge.sandbox.worlds.moment import iso

MOST_SUBSCRIPTIONS: Final = 20
MOST_KEYS: Final = 16
LOG_DAYS: Final = 30


class NewSubscription(msgspec.Struct, rename="camel"):
    """The body of ``POST /subscriptions``."""

    callback_url: str
    events: Annotated[list[str], msgspec.Meta(min_length=1)]
    alerting_email_address: str | None = None
    callback_authentication: Authentication | None = None


class Subscriptions:
    """The handlers. ``book`` is asked for anew each time, as the courier does."""

    def __init__(self, book: Callable[[], Book], clock: Clock, courier: Courier) -> None:
        self._book = book
        self._clock = clock
        self._courier = courier

    def create(self, call: Call) -> Answer:
        wish = body_of(call, NewSubscription)
        book = self._book()
        _check_url(wish.callback_url, "callbackUrl")
        _check_events(wish.events)
        _check_authentication(wish.callback_authentication)
        if len(book.subscriptions) >= MOST_SUBSCRIPTIONS:
            raise RefusalError(403, "SUBSCRIPTIONS_LIMIT_EXCEEDED", f"there are {MOST_SUBSCRIPTIONS} already")
        subscription = Subscription(
            id=book.draw("subscription").uuid(),
            callback_url=wish.callback_url,
            events=tuple(wish.events),
            base_url=call.base_url,
            alert_address=wish.alerting_email_address,
            authentication=wish.callback_authentication,
        )
        book.add(subscription)
        call.records = 1
        return Answer(status=201, body=encode(_row(subscription)))

    def list_all(self, call: Call) -> Answer:
        rows = [_row(each) for each in self._book().subscriptions.values()]
        return _page(call, "subscriptions", rows)

    def read(self, call: Call) -> Answer:
        call.records = 1
        return ok(_row(self._find(call)))

    def delete(self, call: Call) -> Answer:
        self._book().forget(self._find(call))
        return Answer(status=204)

    async def activate(self, call: Call) -> Answer:
        subscription = self._find(call)
        if subscription.active:
            raise RefusalError(409, choices.ALREADY_ACTIVE, "this subscription is active")
        # The callback may be served by this very loop, so the handshake must not hold it up.
        if not await asyncio.to_thread(self._courier.shake_hands, subscription):
            raise RefusalError(424, choices.HANDSHAKE_FAILED, "the callback did not answer 200 with X-Hook-Secret")
        subscription.active, subscription.suspended = True, False
        return Answer(status=204)

    def make_key(self, call: Call) -> Answer:
        """A new key. Those before it stay valid for 24 hours."""
        subscription, at, book = self._find(call), self._clock.ms(), self._book()
        living = subscription.living_keys(at)
        if len(living) >= MOST_KEYS:
            raise RefusalError(403, "SECRET_KEYS_LIMIT_EXCEEDED", f"{MOST_KEYS} keys are valid already")
        key = SecretKey(book.draw("key").hex(40))
        ending = [msgspec.structs.replace(each, expires_at=each.expires_at or at + DAY_MS) for each in living]
        subscription.keys = (*ending, key)
        return Answer(status=201, body=orjson.dumps({"secretKey": key.value}))

    def read_key(self, call: Call) -> Answer:
        keys = self._find(call).living_keys(self._clock.ms())
        if not keys:
            raise RefusalError(*choices.KEY_UNKNOWN, "this subscription has no key")
        return ok({"secretKey": keys[-1].value})

    def read_log(self, call: Call) -> Answer:
        """One line for each try, newest first."""
        subscription, at = self._find(call), self._clock.ms()
        wanted = call.value("callbackStatus")
        if wanted is not None:
            known(wanted, frozenset({"successful", "failed"}), "callbackStatus")
        after, before = instant_of(call, "after"), instant_of(call, "before")
        oldest = at - LOG_DAYS * DAY_MS
        if any(instant is not None and instant < oldest for instant in (after, before)):
            raise RefusalError(*choices.VALUE_NOT_UNDERSTOOD, f"the log goes back {LOG_DAYS} days")
        rows = [
            _attempt(subscription, attempt)
            for attempt in self._book().log(subscription, at)
            if (wanted is None or attempt.successful == (wanted == "successful"))
            and (after is None or attempt.at > after)
            and (before is None or attempt.at < before)
        ]
        return _page(call, "callbacks", rows)

    def _find(self, call: Call) -> Subscription:
        subscription = self._book().subscriptions.get(call.arguments[0])
        if subscription is None:
            raise RefusalError(404, "SUBSCRIPTION_NOT_FOUND", "there is no such subscription")
        return subscription


def _check_url(url: str, name: str) -> None:
    try:
        parts = urlsplit(url)
        good = bool(parts.hostname) and (
            parts.scheme == "https"
            or (choices.PLAIN_CALLBACKS_ON_THIS_MACHINE and parts.scheme == "http" and is_loopback(url))
        )
    except ValueError:
        good = False
    if not good or not url.isascii() or not url.isprintable():
        raise RefusalError(*choices.BAD_CALLBACK_URL, f"{name} must be an https address")


def _check_events(events: list[str]) -> None:
    unknown = [name for name in events if name not in EVENTS]
    if unknown:
        raise RefusalError(*choices.BAD_EVENT_NAME, f"there is no event {unknown[0][:60]}")
    if len(set(events)) < len(events):
        raise RefusalError(*choices.BODY_NOT_UNDERSTOOD, "an event is named twice")


def _check_authentication(wanted: Authentication | None) -> None:
    if isinstance(wanted, Header):
        name, value = wanted.header_name.lower(), wanted.header_value
        if not name.startswith("x-") or not name.replace("-", "").isalnum() or not (value.isascii() and name.isascii()):
            raise RefusalError(*choices.BODY_NOT_UNDERSTOOD, "headerName must begin with x-")
        if not value.isprintable():
            raise RefusalError(*choices.BODY_NOT_UNDERSTOOD, "headerValue must be printable")


def _row(subscription: Subscription) -> dict[str, object]:
    return {
        "id": subscription.id,
        "callbackUrl": subscription.callback_url,
        "events": [{"name": name, "version": choices.EVENT_VERSION} for name in subscription.events],
        "status": "active" if subscription.active else "inactive",
    }


def _attempt(subscription: Subscription, attempt: Attempt) -> dict[str, object]:
    """In the one form that has been seen: status, time and what was sent. Authentication stays untold."""
    headers = wire.headers_of(subscription, attempt.happening, attempt.event_id, attempt.at)
    headers.pop(wire.TIMESTAMP, None)
    headers.pop(wire.SIGNATURE, None)
    if attempt.signature:
        headers |= {wire.TIMESTAMP: str(attempt.at // 1000), wire.SIGNATURE: attempt.signature}
    return present(
        {
            "status": "successful" if attempt.successful else "failed",
            "timestamp": iso(attempt.at),
            "requestDetails": {
                "url": subscription.callback_url,
                "body": wire.body_of(attempt.happening).decode(),
                "headers": headers,
            },
        }
    )


def _page(call: Call, kind: str, rows: list[dict[str, Any]]) -> Answer:
    """A bare array; the next page stands in ``Link`` alone, and its parameter is in snake case."""
    limit, page = limit_of(call), call.value("page_id")
    first = int(place_in(kind, page)) if page else 0
    shown = rows[first : first + limit]
    call.records = len(shown)
    answer = ok(shown)
    if first + limit < len(rows):
        answer.headers = next_link(call, page_id(kind, str(first + limit)), "page_id")
    return answer
