"""Sending one call: gate, signature, network, judgement, journal."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2
from msgspec import Struct

from landbridge.errors import LandbridgeError, RateLimitedError, TryLaterError
from landbridge.http.address import check_base_url
from landbridge.http.auth import Auth
from landbridge.http.call import Answer, Call
from landbridge.http.clock import Clock, SystemClock
from landbridge.http.evidence import plain_code
from landbridge.http.exchange import MAX_BYTES, Exchange, ExchangeError, lower_headers
from landbridge.http.gate import Gate
from landbridge.http.journal import Journal, JournalEntry
from landbridge.http.limits import Learned, read_retry_after
from landbridge.http.outcome import DEFAULT_OUTCOMES, OutcomeTable, Resolution, Verdict, judge
from landbridge.http.retry import Failure, pause_before_retry

DEFAULT_TIMEOUT = timedelta(seconds=130)
LONGEST_PAUSE = timedelta(minutes=1)
# An error body is read for its code only.
ERROR_BYTES = 256 * 1024


class DryRunError(LandbridgeError):
    """A call that would change the far side was not sent, because this is a dry run."""

    code = "dry_run"


class _Failed(Struct, frozen=True, kw_only=True):
    """One attempt that brought no accepted answer."""

    error: LandbridgeError
    failure: Failure | None = None  # None: nothing to gain from another attempt
    renewable: bool = False
    used: Mapping[str, str] = {}


class Client:
    """The way to one far side. ``send`` gives a 2xx answer (or one the call accepts) or raises an error of our tree.

    ``read_code`` finds the vendor's own error code in an answer, ``read_limits`` the limits it tells,
    ``far_id_header`` is the (lower-case) header with the far side's id of the request.
    """

    def __init__(
        self,
        *,
        base_url: str,
        system: str,
        auth: Auth,
        journal: Journal,
        gate: Gate,
        error_table: OutcomeTable = DEFAULT_OUTCOMES,
        transport: httpx2.AsyncBaseTransport | None = None,
        dry_run: bool = False,
        clock: Clock | None = None,
        chance: Callable[[], float] = random.random,
        allow_plain: bool = False,
        max_bytes: int = MAX_BYTES,
        headers: Mapping[str, str] | None = None,
        far_id_header: str = "",
        read_code: Callable[[Answer], str] | None = None,
        read_limits: Callable[[Answer], Learned | None] | None = None,
    ) -> None:
        self.base_url = check_base_url(base_url, allow_plain=allow_plain)
        self._system = system
        self._auth = auth
        self._journal = journal
        self._gate = gate
        self._table = error_table
        self._dry_run = dry_run
        self._clock = clock or SystemClock()
        self._chance = chance
        self._max_bytes = max_bytes
        self._headers = {"Accept": "application/json", "User-Agent": "landbridge", **(headers or {})}
        self._far_id_header = far_id_header
        self._read_code = read_code
        self._read_limits = read_limits
        self._exchange = Exchange(self.base_url, system=system, transport=transport)

    async def send(self, call: Call) -> Answer:
        """Send one call. Raises DryRunError and the errors that the outcome table names."""
        self._stop_if_dry(call)
        attempt, renewed = 1, False
        while True:
            outcome = await self._attempt(call)
            if isinstance(outcome, Answer):
                return outcome
            if not renewed and await self._renewed(outcome):
                renewed = True
                continue
            await self._pause_or_raise(call, attempt, outcome)
            attempt += 1

    @asynccontextmanager
    async def stream(self, call: Call) -> AsyncIterator[AsyncIterator[bytes]]:
        """Send a reading call whose answer may be larger than memory, and give its body in pieces.

        Signs anew once after a 401; tries nothing else again, because pieces may have been used already.
        """
        async with self._opened(call) as first:
            if not isinstance(first, _Failed):
                yield first
                return
        if not await self._renewed(first):
            raise first.error
        async with self._opened(call) as second:
            if isinstance(second, _Failed):
                raise second.error
            yield second

    async def close(self) -> None:
        await self._auth.close()
        await self._exchange.close()

    def _stop_if_dry(self, call: Call) -> None:
        if self._dry_run and not call.reads_only:
            raise DryRunError(
                f"dry run: {call.method} {call.route} was not sent", facts={"method": call.method, "route": call.route}
            )

    async def _attempt(self, call: Call) -> Answer | _Failed:
        # A token is fetched before the gate, so that nobody holds a permission while waiting for one; what is signed
        # after the gate is as fresh as can be.
        await self._auth.headers()
        async with self._gate.enter(call):
            used = await self._auth.headers()
            started = self._clock.monotonic()
            timeout = call.timeout or DEFAULT_TIMEOUT
            try:
                answer = await self._exchange.answer(self._request(call, used), timeout, self._max_bytes)
            except ExchangeError as failed:
                return self._unanswered(call, failed, started)
            except LandbridgeError as error:
                self._note(call, started, None, error.code)
                raise
            return self._judged(call, answer, used, started)

    @asynccontextmanager
    async def _opened(self, call: Call) -> AsyncIterator[AsyncIterator[bytes] | _Failed]:
        given = False
        used = await self._auth.headers()
        async with self._gate.enter(call):
            started = self._clock.monotonic()
            try:
                async with self._exchange.stream(self._request(call, used)) as response:
                    content = b"" if response.is_success else await _start_of(response)
                    answer = Answer(status=response.status_code, headers=lower_headers(response), content=content)
                    outcome = self._judged(call, answer, used, started)
                    given = isinstance(outcome, Answer)
                    yield outcome if isinstance(outcome, _Failed) else response.aiter_bytes()
                    return
            except ExchangeError as failed:
                outcome = self._unanswered(call, failed, started)
            if given:
                raise outcome.error  # it broke while the caller was reading
            yield outcome

    def _request(self, call: Call, used: Mapping[str, str]) -> httpx2.Request:
        headers = {**self._headers, **call.headers, **used}
        if call.content_type:
            headers["Content-Type"] = call.content_type
        timeout = call.timeout or DEFAULT_TIMEOUT
        return self._exchange.request(call.method, call.path, call.query, headers, call.content, timeout)

    def _unanswered(self, call: Call, failed: ExchangeError, started: float) -> _Failed:
        failed.error.facts.update(system=self._system, method=call.method, route=call.route)
        self._note(call, started, None, failed.error.code)
        return _Failed(error=failed.error, failure=failed.failure)

    def _judged(self, call: Call, answer: Answer, used: Mapping[str, str], started: float) -> Answer | _Failed:
        learned = self._read_limits(answer) if self._read_limits else None
        if learned is not None:
            self._gate.learn(call, learned)
        vendor_code = plain_code(self._read_code(answer)) if self._read_code and not answer.ok else ""
        verdict = judge(answer.status, vendor_code, self._table)
        if verdict.resolution is Resolution.ACCEPT or answer.status in call.accepts:
            self._note(call, started, answer, vendor_code)
            return answer
        error = self._error(call, answer, verdict, vendor_code)
        if isinstance(error, RateLimitedError):
            self._slow_down(call, error, learned)
        self._note(call, started, answer, vendor_code or error.code)
        return _Failed(
            error=error,
            failure="status" if verdict.resolution is Resolution.REPEAT else None,
            renewable=verdict.resolution is Resolution.RENEW,
            used=used,
        )

    def _error(self, call: Call, answer: Answer, verdict: Verdict, vendor_code: str) -> LandbridgeError:
        facts: dict[str, object] = {
            "system": self._system,
            "method": call.method,
            "route": call.route,
            "status": answer.status,
            "vendor_code": vendor_code,
            "far_id": self._far_id(answer),
        }
        message = f"{self._system} answered {answer.status} to {call.method} {call.route}"
        if vendor_code:
            message += f" ({vendor_code})"
        error = verdict.failure(message, code=verdict.code, hint=verdict.hint or None, facts=facts)
        if isinstance(error, TryLaterError):
            error.retry_after = read_retry_after(answer.headers, self._clock.now())
        return error

    def _slow_down(self, call: Call, error: RateLimitedError, learned: Learned | None) -> None:
        if error.retry_after is None and learned is not None:
            error.retry_after = learned.pause
        # A short pause is kept at the gate, for all callers; for a long one the engine puts the work off.
        if error.retry_after is not None and error.retry_after <= LONGEST_PAUSE:
            self._gate.learn(call, Learned(pause=error.retry_after))

    async def _renewed(self, outcome: _Failed) -> bool:
        return outcome.renewable and await self._auth.refused(outcome.used)

    async def _pause_or_raise(self, call: Call, attempt: int, outcome: _Failed) -> None:
        told = outcome.error.retry_after if isinstance(outcome.error, TryLaterError) else None
        if outcome.failure is None or told:
            raise outcome.error
        pause = pause_before_retry(attempt, outcome.failure, repeatable=call.may_repeat, chance=self._chance())
        if pause is None:
            raise outcome.error
        await self._clock.sleep(pause.total_seconds())

    def _far_id(self, answer: Answer | None) -> str:
        return plain_code(answer.headers.get(self._far_id_header, "")) if answer else ""

    def _note(self, call: Call, started: float, answer: Answer | None, error_code: str) -> None:
        length = timedelta(seconds=self._clock.monotonic() - started)
        self._journal.note(
            JournalEntry(
                at=self._clock.now() - length,
                system=self._system,
                method=call.method,
                route=call.route,
                status=answer.status if answer else None,
                duration=length,
                records=call.records,
                far_id=self._far_id(answer),
                error_code=error_code,
            )
        )


async def _start_of(response: httpx2.Response) -> bytes:
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) >= ERROR_BYTES:
            break
    return content
