"""Delivers to subscribers: one thread for each that has something waiting, so that nobody waits for another's slowness.

Times are the sandbox's: advancing its clock fires retries. Deliveries go to this machine only, unless the sandbox was
told otherwise: a world's invented people must not knock on strangers' doors.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

import httpx2
import msgspec

from landbridge.sandbox.kernel import Clock, Faults, Journal
from landbridge.sandbox.kernel.loopback import is_loopback
from landbridge.sandbox.smartrecruiters import rules
from landbridge.sandbox.smartrecruiters.happenings import Happening
from landbridge.sandbox.smartrecruiters.webhooks.book import Attempt, Book, Delivery, OAuth2, Subscription, wait_after
from landbridge.sandbox.smartrecruiters.webhooks.wire import (
    HOOK_HEADER,
    SIGNATURE,
    authentication_of,
    body_of,
    headers_of,
)

ANSWER_SECONDS: Final = 5
HANDSHAKE_SECONDS: Final = 20
ACCEPTED: Final = 202
TICK_SECONDS: Final = 0.05
UNREACHABLE: Final = (httpx2.HTTPError, httpx2.InvalidURL, msgspec.MsgspecError, UnicodeError, ValueError)


class _Token(msgspec.Struct):
    """What a subscriber's token service answers."""

    access_token: str
    expires_in: float = 0


class Courier:
    """``book`` is asked for anew each time: a seed, a reset or a snapshot brings another one."""

    def __init__(self, book: Callable[[], Book], clock: Clock, faults: Faults, journal: Journal) -> None:
        self.outside = False
        self._book = book
        self._clock = clock
        self._faults = faults
        self._journal = journal
        self._lock = threading.Lock()
        self._working: set[tuple[int, str]] = set()
        self._sending = 0

    def tell(self, happening: Happening) -> None:
        """Something happened: whoever wants to hear of it will."""
        book, told = self._book(), None
        for subscription in book.subscriptions.values():
            if subscription.active and happening.name in subscription.events:
                told = told or book.draw("event").uuid()
                self._queue(book, subscription, happening, told)

    def _queue(self, book: Book, subscription: Subscription, happening: Happening, event_id: str) -> None:
        if not self.may_reach(subscription.callback_url):
            book.count("withheld")
            return
        fault = self._faults.strike(f"webhook.{happening.name}", push=True)
        if fault is not None and fault.kind == "lost":
            book.count("lost")
            return
        with self._lock:
            delivery = Delivery(number=book.next_number(), event_id=event_id, happening=happening)
            delivery.copies = 2 if fault is not None and fault.kind == "duplicated" else 1
            late = round(fault.seconds * 1000) if fault is not None and fault.kind == "late" else 0
            book.queue(subscription, delivery, self._clock.ms() + late)
        self._work(book, subscription)

    def may_reach(self, url: str) -> bool:
        return self.outside or is_loopback(url)

    def go_on(self) -> None:
        """After a snapshot was restored: what waits in it goes on waiting."""
        book = self._book()
        for subscription in book.subscriptions.values():
            self._work(book, subscription)

    def settle(self) -> None:
        """Wait until everything due by now was tried; what a silent subscriber holds up is not waited for long."""
        pause, end = threading.Event(), time.monotonic() + 2 * ANSWER_SECONDS
        while time.monotonic() < end:
            with self._lock:
                due_at = self._book().next_due_at()
                if not self._sending and (due_at is None or due_at > self._clock.ms()):
                    return
            pause.wait(TICK_SECONDS / 10)

    def clear(self) -> None:
        """What waits is not sent any more."""
        book = self._book()
        with self._lock:
            for subscription in book.subscriptions.values():
                book.drop(subscription)

    def _work(self, book: Book, subscription: Subscription) -> None:
        key = (id(book), subscription.id)
        with self._lock:
            if key in self._working or not book.waiting.get(subscription.id):
                return
            self._working.add(key)
        name = f"sandbox-webhooks-{subscription.id[:8]}"
        threading.Thread(target=self._deliver_all, args=(book, subscription), name=name, daemon=True).start()

    def _deliver_all(self, book: Book, subscription: Subscription) -> None:
        pause = threading.Event()
        with httpx2.Client(timeout=ANSWER_SECONDS, trust_env=False) as http:
            while True:
                with self._lock:
                    over = book is not self._book() or not book.waiting.get(subscription.id)
                    if over:
                        self._working.discard((id(book), subscription.id))
                        return
                    delivery = book.next_due(subscription, self._clock.ms())
                    self._sending += delivery is not None
                if delivery is None:
                    pause.wait(TICK_SECONDS)
                    continue
                try:
                    self._deliver(http, book, subscription, delivery)
                finally:
                    with self._lock:
                        self._sending -= 1

    def _deliver(self, http: httpx2.Client, book: Book, subscription: Subscription, delivery: Delivery) -> None:
        """One try (two with a scripted duplicate), and what follows from it."""
        attempts = [self._post(http, book, subscription, delivery) for _ in range(delivery.copies)]
        delivery.copies = 1
        at = self._clock.ms()
        with self._lock:
            for attempt in attempts:
                book.note(subscription, attempt)
            if any(attempt.successful for attempt in attempts):
                subscription.succeeded_at = at
                book.count("delivered")
                return
            self._repeat(book, subscription, delivery, at)

    def _repeat(self, book: Book, subscription: Subscription, delivery: Delivery, at: int) -> None:
        delivery.tries += 1
        wait = wait_after(delivery.tries)
        if not subscription.active or subscription.id not in book.waiting:
            book.count("dropped")
        elif wait is not None:
            book.count("repeated")
            book.queue(subscription, delivery, at + wait)
        else:
            book.count("given_up")
            if subscription.succeeded_at < delivery.happening.at:
                suspend(book, subscription)

    def _post(self, http: httpx2.Client, book: Book, subscription: Subscription, delivery: Delivery) -> Attempt:
        at, happening, status, problem = self._clock.ms(), delivery.happening, 0, ""
        headers = headers_of(subscription, happening, delivery.event_id, at)
        try:
            self._fetch_token(http, subscription, at)
            further = authentication_of(subscription)
            status = http.post(
                subscription.callback_url, content=body_of(happening), headers={**headers, **further}
            ).status_code
        except UNREACHABLE as trouble:
            problem = type(trouble).__name__
        if 200 <= status < 300 and status != ACCEPTED:
            call = self._journal.last_number
            detail = f"{status} for {happening.name}"
            self._journal.violate(rules.WEBHOOK_202, call=call, at=at, operation="webhook", detail=detail)
        return Attempt(
            number=book.next_number(),
            at=at,
            event_id=delivery.event_id,
            happening=happening,
            status=status,
            problem=problem,
            signature=headers.get(SIGNATURE, ""),
            successful=status == ACCEPTED,
        )

    def _fetch_token(self, http: httpx2.Client, subscription: Subscription, at: int) -> None:
        """A bearer token of the subscriber's own token service, as long as it is said to live."""
        wanted = subscription.authentication
        if not isinstance(wanted, OAuth2) or (subscription.token and subscription.token[1] > at):
            return
        if not self.may_reach(wanted.token_service_url):
            raise ValueError("the token service is on another machine")
        form = {
            "grant_type": "client_credentials",
            "client_id": wanted.client_id,
            "client_secret": wanted.client_secret,
        }
        told = msgspec.json.decode(http.post(wanted.token_service_url, data=form).content, type=_Token)
        # Milliseconds, says the schema. Who means seconds is asked more often, which does no harm.
        subscription.token = told.access_token, at + round(told.expires_in)

    def shake_hands(self, subscription: Subscription, secret: str | None = None) -> bool:
        """``POST`` with ``X-Hook-Secret``: whoever answers 200 with the same header may hear of things."""
        value = secret or secrets_for(subscription)
        if not self.may_reach(subscription.callback_url):
            return False
        try:
            with httpx2.Client(timeout=HANDSHAKE_SECONDS, trust_env=False) as http:
                self._fetch_token(http, subscription, self._clock.ms())
                headers = {**authentication_of(subscription), HOOK_HEADER: value}
                answer = http.post(subscription.callback_url, headers=headers)
        except UNREACHABLE:
            return False
        return answer.status_code == 200 and secrets.compare_digest(
            answer.headers.get(HOOK_HEADER, "").encode(), value.encode()
        )


def secrets_for(subscription: Subscription) -> str:
    """The secret of a handshake: the same for the same subscription, as everything here follows from the seed."""
    return subscription.id.replace("-", "")


def suspend(book: Book, subscription: Subscription) -> None:
    """It hears nothing until it is activated again; what happens meanwhile is never told."""
    subscription.active, subscription.suspended = False, True
    book.drop(subscription)
