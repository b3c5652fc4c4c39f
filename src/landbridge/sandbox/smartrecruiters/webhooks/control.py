"""Control-room routes about webhooks: who hears of what, what waits and what was tried; suspend somebody by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from landbridge.sandbox.kernel import PREFIX, Clock
from landbridge.sandbox.kernel.control import answer, wanted_json
from landbridge.sandbox.smartrecruiters.webhooks.book import Attempt, Book, Subscription
from landbridge.sandbox.smartrecruiters.webhooks.courier import suspend

NEWEST_SHOWN = 100


class _Suspension(msgspec.Struct, forbid_unknown_fields=True):
    suspend: str


def webhook_routes(book: Callable[[], Book], clock: Clock) -> Sequence[BaseRoute]:
    async def webhooks(request: Request) -> Response:
        """``POST {"suspend": id}``: as after too many failures. Both methods answer how things stand."""
        if request.method == "POST":
            try:
                wanted = msgspec.convert(await wanted_json(request), _Suspension).suspend
            except msgspec.ValidationError as problem:
                return answer({"error": str(problem)}, 400)
            subscription = book().subscriptions.get(wanted)
            if subscription is None:
                return answer({"error": "no subscription has this id"}, 404)
            suspend(book(), subscription)
        rows = [_row(book(), each, clock.ms()) for each in book().subscriptions.values()]
        return answer({"subscriptions": rows, "outcomes": dict(sorted(book().outcomes.items()))})

    return [Route(f"{PREFIX}/webhooks", webhooks, methods=["GET", "POST"])]


def _row(book: Book, subscription: Subscription, at: int) -> dict[str, object]:
    waiting = book.waiting.get(subscription.id, [])
    return {
        "id": subscription.id,
        "callbackUrl": subscription.callback_url,
        "events": list(subscription.events),
        "status": "suspended" if subscription.suspended else "active" if subscription.active else "inactive",
        "waiting": len(waiting),
        "next_due_at": waiting[0][0] if waiting else None,
        "log": [_line(attempt) for attempt in book.log(subscription, at)[:NEWEST_SHOWN]],
    }


def _line(attempt: Attempt) -> dict[str, object]:
    return {
        "at": attempt.at,
        "event": attempt.happening.name,
        "event_id": attempt.event_id,
        "body": attempt.happening.body(),
        "status": attempt.status,
        "problem": attempt.problem,
        "successful": attempt.successful,
    }
