"""How a call shows who we are."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode, urlsplit

import httpx2
from msgspec import Struct

from landbridge.errors import LandbridgeError, SettingError, SignInRejectedError, SurpriseError, TryLaterError
from landbridge.http.address import check_base_url
from landbridge.http.call import Answer
from landbridge.http.clock import Clock, SystemClock
from landbridge.http.decoding import decode_json
from landbridge.http.exchange import Exchange, ExchangeError
from landbridge.http.journal import Journal, JournalEntry
from landbridge.http.limits import read_retry_after
from landbridge.http.outcome import OutcomeTable, Resolution, Verdict, judge

# A token is renewed this long before it ends, so that none ends on the way.
RENEW_BEFORE = timedelta(seconds=30)
# A new token that is refused as well is not the token's fault: no second one within this time.
RENEW_AT_MOST_EVERY = timedelta(seconds=10)
LIFE_WHEN_UNTOLD = timedelta(minutes=5)
TOKEN_TIMEOUT = timedelta(seconds=30)
TOKEN_MAX_BYTES = 64 * 1024

_REFUSED = Verdict(
    Resolution.FAIL, SignInRejectedError, None, "Check client id and secret; the secret may have been replaced."
)
# RFC 6749, 5.2 answers 400 or 401 to credentials it does not like; a gateway may say 403.
TOKEN_OUTCOMES: OutcomeTable = {400: _REFUSED, 401: _REFUSED, 403: _REFUSED}


class Auth(Protocol):
    async def headers(self) -> dict[str, str]:
        """The headers that sign a call. Raises SignInRejectedError, TryLaterError."""
        ...

    async def refused(self, used: Mapping[str, str]) -> bool:
        """The far side answered 401 to a call signed with ``used``. True: sign again and repeat once."""
        ...

    async def close(self) -> None: ...


class KeyHeader:
    """A fixed key in a header."""

    def __init__(self, name: str, key: str) -> None:
        if not _fits_header(key):
            raise SettingError("an API key is empty or holds characters no key has", hint="Copy the key once more.")
        self._headers = {name: key}

    def __repr__(self) -> str:
        return "KeyHeader(…)"

    async def headers(self) -> dict[str, str]:
        return dict(self._headers)

    async def refused(self, used: Mapping[str, str]) -> bool:  # noqa: ARG002 - there is no second key to try
        return False

    async def close(self) -> None:
        return None


class _Grant(Struct, kw_only=True):
    access_token: str
    expires_in: float | None = None


class _Token(Struct, frozen=True):
    value: str
    renew_at: datetime

    def __repr__(self) -> str:
        return f"_Token(…, renew_at={self.renew_at})"


class _Slot:
    """The token of one pair of credentials, and what guards its renewal."""

    def __init__(self) -> None:
        self.token: _Token | None = None
        self.renewed_on_refusal_at: datetime | None = None
        self.lock = asyncio.Lock()


class TokenShelf:
    """Tokens that outlive the clients which fetched them: far sides want one to be used for all its life.

    For one process and one event loop. Credentials themselves are not kept, only what they hash to.
    """

    def __init__(self) -> None:
        self._slots: dict[bytes, _Slot] = {}

    def __repr__(self) -> str:
        return "TokenShelf(…)"

    def slot(self, token_url: str, form: bytes) -> _Slot:
        key = hashlib.sha256(token_url.encode() + b"\n" + form).digest()
        return self._slots.setdefault(key, _Slot())


class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749, 4.4): one token for all calls, fetched by one of them at a time.

    With ``tokens`` it is shared with all others that have the same credentials.
    """

    def __init__(
        self,
        *,
        token_url: str,
        client_id: str,
        client_secret: str,
        system: str,
        journal: Journal,
        clock: Clock | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        allow_plain: bool = False,
        tokens: TokenShelf | None = None,
    ) -> None:
        if not (client_id.strip() and client_secret.strip()):
            raise SettingError("a client id or client secret is empty", hint="Copy both once more.")
        parts = urlsplit(check_base_url(token_url, allow_plain=allow_plain))
        self._path = parts.path or "/"
        self._form = urlencode(
            {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        ).encode()
        self._system = system
        self._journal = journal
        self._clock = clock or SystemClock()
        self._exchange = Exchange(f"{parts.scheme}://{parts.netloc}", system=system, transport=transport)
        self._slot = (tokens or TokenShelf()).slot(token_url, self._form)

    def __repr__(self) -> str:
        return f"ClientCredentials({self._system}, …)"

    async def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {(await self._current()).value}"}

    async def refused(self, used: Mapping[str, str]) -> bool:
        async with self._slot.lock:
            if self._slot.token is None or used.get("Authorization") != f"Bearer {self._slot.token.value}":
                return True  # another call has seen to it meanwhile
            now, last = self._clock.now(), self._slot.renewed_on_refusal_at
            if last is not None and now - last < RENEW_AT_MOST_EVERY:
                return False
            self._slot.renewed_on_refusal_at = now
            self._slot.token = await self._fetch()
            return True

    async def close(self) -> None:
        await self._exchange.close()

    async def _current(self) -> _Token:
        token = self._slot.token
        if token is not None and self._clock.now() < token.renew_at:
            return token
        async with self._slot.lock:
            if self._slot.token is None or self._clock.now() >= self._slot.token.renew_at:
                self._slot.token = await self._fetch()
            return self._slot.token

    async def _fetch(self) -> _Token:
        asked_at = self._clock.now()
        grant = decode_json((await self._ask()).content, _Grant)
        if not _fits_header(grant.access_token):
            raise SurpriseError("the far side gave a token that fits no header", code="unexpected_answer")
        told = grant.expires_in
        life = timedelta(seconds=min(max(told, 1.0), 366 * 86_400.0)) if told is not None else LIFE_WHEN_UNTOLD
        return _Token(grant.access_token, asked_at + life - min(RENEW_BEFORE, life / 2))

    async def _ask(self) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        request = self._exchange.request("POST", self._path, "", headers, self._form, TOKEN_TIMEOUT)
        asked_at, started = self._clock.now(), self._clock.monotonic()
        answer: Answer | None = None
        error: LandbridgeError | None = None
        try:
            answer = await self._exchange.answer(request, TOKEN_TIMEOUT, TOKEN_MAX_BYTES)
        except ExchangeError as failed:
            error = failed.error
        else:
            error = self._judge(answer)
        self._journal.note(
            JournalEntry(
                at=asked_at,
                system=self._system,
                method="POST",
                route=self._path,
                status=None if answer is None else answer.status,
                duration=timedelta(seconds=self._clock.monotonic() - started),
                error_code="" if error is None else error.code,
            )
        )
        if error is not None:
            raise error
        assert answer is not None  # told to the type checker: no answer has become an error above
        return answer

    def _judge(self, answer: Answer) -> LandbridgeError | None:
        verdict = judge(answer.status, "", TOKEN_OUTCOMES)
        if verdict.resolution is Resolution.ACCEPT:
            return None
        facts = {"system": self._system, "route": self._path, "status": answer.status}
        message = f"{self._system} answered {answer.status} to the sign-in"
        error = verdict.failure(message, code=verdict.code, hint=verdict.hint or None, facts=facts)
        if isinstance(error, TryLaterError):
            error.retry_after = read_retry_after(answer.headers, self._clock.now())
        return error


def _fits_header(value: str) -> bool:
    # Anything else is refused by the HTTP library in an error that quotes it.
    return bool(value) and value.isascii() and value.isprintable() and " " not in value


class AuthorizationCode(ClientCredentials):
    """OAuth 2.0 authorization code (RFC 6749, 4.1.3): a token that speaks for the person who was sent back with it."""

    def __init__(
        self,
        *,
        token_url: str,
        client_id: str,
        client_secret: str,
        code: str,
        redirect_uri: str,
        system: str,
        journal: Journal,
        clock: Clock | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(
            token_url=token_url,
            client_id=client_id,
            client_secret=client_secret,
            system=system,
            journal=journal,
            clock=clock,
            transport=transport,
        )
        self._form = urlencode(
            {
                "grant_type": "authorization_code",
                "code": code,
                "client_id": client_id,
                "client_secret": client_secret,
                "redirect_uri": redirect_uri,
            }
        ).encode()

    async def refused(self, used: Mapping[str, str]) -> bool:  # noqa: ARG002 - a code works once
        return False
