"""Pushes to the ``CALLBACK_URL`` of a customer: signed, repeated until somebody takes them, and on record.

Sources: receive-push-events (what and when), webhook-validation (challenge). The sandbox pushes to this machine only,
unless it was told otherwise: a world's invented people must not knock on strangers' doors.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

import httpx2
import msgspec
import orjson
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from landbridge.sandbox.kernel import PREFIX, Clock, Fault, Faults
from landbridge.sandbox.kernel.control import answer, wanted_json
from landbridge.sandbox.kernel.loopback import is_loopback
from landbridge.sandbox.linkedin.choices import (
    EVALUATION_PUSH,
    PUSH_ID_FIELD,
    PUSH_RETRY_HOURS,
    PUSH_RETRY_SECONDS,
    PUSH_TIMEOUT_SECONDS,
)
from landbridge.sandbox.linkedin.rules.configurations import CALLBACK_URL
from landbridge.sandbox.linkedin.state import DeveloperApplication, State

STATUS_CHANGE: Final = "INTEGRATION_STATUS_CHANGE"
EXPORT: Final = "EXPORT_CANDIDATE_PROFILE"
EVALUATION: Final = EVALUATION_PUSH
RESYNC: Final = "RESYNC_JOBS"
TYPES: Final = (STATUS_CHANGE, EXPORT, EVALUATION, RESYNC)
SIGNED_PREFIX: Final = b"hmacsha256="
CHALLENGE_SECONDS: Final = 3
TICK_SECONDS: Final = 0.1


class Attempt(Struct):
    """One try; ``status`` 0 and a ``problem`` where no answer came. ``at`` is epoch ms of the sandbox clock."""

    at: int
    status: int = 0
    problem: str = ""


class Push(Struct, kw_only=True):
    """One push and what became of it. ``withheld``: the address is not on this machine. ``lost``: a scripted fault."""

    number: int
    type: str
    request_id: str
    client_id: str
    url: str
    body: str
    expires_at: int
    made_at: int
    due_at: int
    copies: int = 1
    state: Literal["waiting", "delivered", "given_up", "withheld", "lost"] = "waiting"
    attempts: list[Attempt] = []


class _Repeat(Struct, forbid_unknown_fields=True):
    number: int


class _Challenge(Struct, forbid_unknown_fields=True):
    client_id: str | None = None


class Pushes:
    """Makes pushes, delivers them from a thread of its own, and keeps the log. ``outside`` allows other machines."""

    def __init__(self, state: Callable[[], State], clock: Clock, faults: Faults) -> None:
        self.outside = False
        self._state = state
        self._clock = clock
        self._faults = faults
        self._log: list[Push] = []
        self._lock = threading.Lock()
        self._delivering = threading.Lock()
        self._worker: threading.Thread | None = None

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route(f"{PREFIX}/pushes", self._pushes, methods=["GET", "POST"]),
            Route(f"{PREFIX}/challenge", self._challenge, methods=["POST"]),
        ]

    def log(self) -> list[Push]:
        return list(self._log)

    def clear(self) -> None:
        """Forget all pushes; what waits is not sent any more."""
        with self._lock:
            self._log = []

    def parts(self) -> list[Push]:
        """What a snapshot holds of them."""
        return self._log

    def take_back(self, log: list[Push]) -> None:
        """Go on with this log: what waits in it is sent when it is due."""
        with self._lock:
            self._log = log
        self._work()

    def announce(self, application: DeveloperApplication, type_: str, request_id: str, expires_at: int) -> None:
        """Push an id under which there is something to read until ``expires_at``."""
        payload = {"type": type_, PUSH_ID_FIELD: request_id, "expiresAt": expires_at}
        self.notify(application, type_, request_id, payload, expires_at)

    def notify(
        self, application: DeveloperApplication, type_: str, request_id: str, payload: dict[str, Any], expires_at: int
    ) -> None:
        """Push ``payload`` to the application's callback; nothing happens where none is set."""
        url = callback_of(application)
        if url is None:
            return
        at = self._clock.ms()
        push = Push(
            number=len(self._log) + 1,
            type=type_,
            request_id=request_id,
            client_id=application.client_id,
            url=url,
            body=orjson.dumps(payload).decode(),
            expires_at=expires_at,
            made_at=at,
            due_at=at,
            attempts=[],
        )
        fault = self._faults.strike(f"push.{type_}", push=True)
        if fault is not None:
            _spoil(push, fault)
        if not self.outside and not is_loopback(url):
            push.state = "withheld"
        with self._lock:
            self._log.append(push)
        self._work()

    def repeat(self, number: int) -> Push:
        """Send a push of the log once more. Raises ``ValueError`` for a number it does not hold."""
        push = next((push for push in self._log if push.number == number), None)
        if push is None or push.state == "withheld":
            raise ValueError("no push that may be sent has this number")
        push.state, push.due_at, push.copies = "waiting", self._clock.ms(), 1
        self._work()
        return push

    def _work(self) -> None:
        """Have a thread as long as anything waits."""
        with self._lock:
            if self._worker is None and self._next_waiting():
                self._worker = threading.Thread(target=self._deliver_all, name="sandbox-pushes", daemon=True)
                self._worker.start()

    def _next_waiting(self) -> list[Push]:
        return [push for push in self._log if push.state == "waiting"]

    def _deliver_all(self) -> None:
        pause = threading.Event()
        with httpx2.Client(timeout=PUSH_TIMEOUT_SECONDS, trust_env=False) as http:
            while True:
                with self._lock:
                    waiting = self._next_waiting()
                    if not waiting:
                        self._worker = None
                        return
                if not self._deliver_due(http):
                    pause.wait(TICK_SECONDS)

    def next_due(self) -> int | None:
        """When (epoch ms) the next try is due."""
        return min((push.due_at for push in self._next_waiting()), default=None)

    def deliver_due(self) -> None:
        """Try what is due by now, and come back when it has been tried, and so has what was under way."""
        with self._delivering:
            # A client is dear to make, and the clock is moved often.
            if not self._due():
                return
        with httpx2.Client(timeout=PUSH_TIMEOUT_SECONDS, trust_env=False) as http:
            self._deliver_due(http)

    def _deliver_due(self, http: httpx2.Client) -> bool:
        """Whether anything was due. The thread and a clock that is moved may both come here; each try is made once."""
        with self._delivering:
            due = self._due()
            for push in due:
                self._deliver(http, push)
        return bool(due)

    def _due(self) -> list[Push]:
        """In order of time."""
        due = [push for push in self._next_waiting() if push.due_at <= self._clock.ms()]
        return sorted(due, key=lambda push: push.due_at)

    def _deliver(self, http: httpx2.Client, push: Push) -> None:
        """One try (two with a scripted duplicate), and what follows from it."""
        taken = False
        for _ in range(push.copies):
            attempt = self._post(http, push)
            push.attempts.append(attempt)
            taken = taken or 200 <= attempt.status < 300
        push.copies = 1
        push.due_at += PUSH_RETRY_SECONDS * 1000
        if taken:
            push.state = "delivered"
        elif push.due_at > push.made_at + PUSH_RETRY_HOURS * 3_600_000:
            push.state = "given_up"

    def _post(self, http: httpx2.Client, push: Push) -> Attempt:
        at = self._clock.ms()
        body = push.body.encode()
        # The newest secret at the time of sending; it may have been rotated since the push was made.
        application = self._state().applications.get(push.client_id)
        if application is None:
            return Attempt(at, problem="the world was changed meanwhile")
        headers = {"content-type": "application/json", "x-li-signature": sign(application.client_secret, body)}
        try:
            return Attempt(at, http.post(push.url, content=body, headers=headers).status_code)
        except (httpx2.HTTPError, httpx2.InvalidURL) as problem:
            return Attempt(at, problem=type(problem).__name__)

    def challenge(self, client_id: str | None = None) -> dict[str, Any]:
        """Ask the callback the question by which LinkedIn checks a webhook, and say whether it knew the answer."""
        children = self._state().children()
        application = next((one for one in reversed(children) if client_id in (None, one.client_id)), None)
        url = None if application is None else callback_of(application)
        if application is None or url is None:
            raise ValueError("no child application with a CALLBACK_URL has this client_id")
        if not self.outside and not is_loopback(url):
            raise ValueError("this CALLBACK_URL is on another machine")
        code = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{url}/{self._clock.ms()}"))
        expected = hmac.digest(application.client_secret.encode(), code.encode(), "sha256").hex()
        try:
            with httpx2.Client(timeout=CHALLENGE_SECONDS, trust_env=False) as http:
                found = http.get(url, params={"challengeCode": code, "applicationId": str(application.number)})
            told = orjson.loads(found.content)
        except (httpx2.HTTPError, httpx2.InvalidURL, orjson.JSONDecodeError) as problem:
            return {"passed": False, "problem": type(problem).__name__}
        wanted = {"challengeCode": code, "challengeResponse": expected}
        passed = found.status_code == 200 and isinstance(told, dict) and wanted.items() <= told.items()
        return {"passed": passed, "problem": "" if passed else "The URL did not pass the security challenge check"}

    async def _pushes(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                self.repeat(msgspec.convert(await wanted_json(request), _Repeat).number)
            except (msgspec.ValidationError, ValueError) as problem:
                return answer({"error": str(problem)}, 400)
        return answer({"pushes": [msgspec.to_builtins(push) for push in self._log]})

    async def _challenge(self, request: Request) -> Response:
        try:
            wanted = msgspec.convert(await wanted_json(request), _Challenge)
            # The callback may be served by this very loop.
            return answer(await asyncio.to_thread(self.challenge, wanted.client_id))
        except (msgspec.ValidationError, ValueError) as problem:
            return answer({"error": str(problem)}, 400)


def _spoil(push: Push, fault: Fault) -> None:
    if fault.kind == "lost":
        push.state = "lost"
    elif fault.kind == "duplicated":
        push.copies = 2
    else:
        push.due_at += round(fault.seconds * 1000)


def sign(secret: str, body: bytes) -> str:
    """``X-LI-Signature``: lower-case hex over the literal ``hmacsha256=`` and the exact bytes of the body."""
    return hmac.new(secret.encode(), SIGNED_PREFIX + body, hashlib.sha256).hexdigest()


def callback_of(application: DeveloperApplication) -> str | None:
    """The one URL of this customer."""
    found = (integration.configurations.get(CALLBACK_URL) for integration in application.integrations.values())
    return next((url for url in found if url), None)
