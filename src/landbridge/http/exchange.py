"""One request over the network and its answer, within a deadline and a size."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from landbridge.errors import LandbridgeError, SurpriseError, UnavailableError
from landbridge.http.address import is_loopback
from landbridge.http.call import Answer
from landbridge.http.retry import Failure

CONNECT_SECONDS = 10.0
HEADERS = {"Accept-Encoding": "gzip, deflate", "Connection": "keep-alive"}
MAX_BYTES = 64 * 1024 * 1024
MOST_ADDRESSES = 64

# These two write addresses with their queries, and at DEBUG headers with their tokens.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class ExchangeError(Exception):
    """No usable answer came. ``error`` is what that means to a caller who cannot try again."""

    def __init__(self, failure: Failure, error: LandbridgeError) -> None:
        super().__init__(failure)
        self.failure = failure
        self.error = error


class Exchange:
    """Connections to one far side. TLS is always verified, redirects are never followed, cookies not kept.

    Requests go to httpx2's transport as they are: all that its client would add is what is not wanted here.
    """

    def __init__(self, base_url: str, *, system: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._base = httpx2.URL(base_url)
        self._prefix = urlsplit(base_url).path.rstrip("/")
        self._system = system
        self._addresses: dict[str, httpx2.URL] = {}
        # A company's proxy is right for the far side and wrong for the sandbox on this machine.
        outside = not is_loopback(self._base.host)
        self._transport = transport or httpx2.AsyncHTTPTransport(
            verify=_trusted(outside), trust_env=outside, proxy=proxy_for(base_url) if outside else None
        )

    def request(
        self, method: str, path: str, query: str, headers: dict[str, str], content: bytes, timeout: timedelta
    ) -> httpx2.Request:
        """Build a request; path and query go out byte for byte as they are."""
        url = self._address(f"{self._prefix}{path}{'?' if query else ''}{query}")
        seconds = timeout.total_seconds()
        waits = {"connect": min(seconds, CONNECT_SECONDS), "read": seconds, "write": seconds, "pool": seconds}
        return httpx2.Request(
            method, url, headers={**HEADERS, **headers}, content=content or None, extensions={"timeout": waits}
        )

    def _address(self, target: str) -> httpx2.URL:
        """The full address. Batches all go to one; parsing it again would cost a tenth of a call."""
        known = self._addresses.get(target)
        if known is None:
            if len(self._addresses) >= MOST_ADDRESSES:
                self._addresses.clear()
            known = self._addresses[target] = self._base.copy_with(raw_path=target.encode("ascii"))
        return known

    async def answer(self, request: httpx2.Request, within: timedelta, max_bytes: int = MAX_BYTES) -> Answer:
        """Send and read the whole answer. Raises ExchangeError, SurpriseError."""
        try:
            async with asyncio.timeout(within.total_seconds()), self.stream(request) as response:
                content = b"".join([chunk async for chunk in _capped(response, max_bytes)])
                return Answer(status=response.status_code, headers=lower_headers(response), content=content)
        except TimeoutError:
            error = UnavailableError(f"{self._system} did not answer in time", code="timed_out")
        raise ExchangeError("slow", error)

    @asynccontextmanager
    async def stream(self, request: httpx2.Request) -> AsyncIterator[httpx2.Response]:
        """Send and give the answer before its body is read. Raises ExchangeError."""
        failed: ExchangeError
        try:
            response = await self._transport.handle_async_request(request)
            try:
                yield response
            finally:
                await response.aclose()
        except (httpx2.HTTPError, httpx2.InvalidURL, ssl.SSLError) as error:
            failed = self._failed(error)
        else:
            return
        # Raised outside the handler: the library's exception holds the request with its headers.
        raise failed

    def _failed(self, error: Exception) -> ExchangeError:
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout):
            return ExchangeError("unreachable", self._unreachable(error))
        if isinstance(error, httpx2.TimeoutException):
            return ExchangeError("slow", UnavailableError(f"{self._system} did not answer in time", code="timed_out"))
        return ExchangeError(
            "broken", UnavailableError(f"the connection to {self._system} broke", code="connection_broken")
        )

    def _unreachable(self, error: Exception) -> UnavailableError:
        if _is_about_certificate(error):
            return UnavailableError(
                f"the certificate of {self._system} cannot be trusted",
                code="certificate_untrusted",
                hint="Check the base URL, and whether a proxy with a certificate of its own stands between.",
            )
        return UnavailableError(
            f"{self._system} cannot be reached",
            code="unreachable",
            hint="Check the base URL and the network; the work goes on by itself once the address answers.",
        )

    async def close(self) -> None:
        await self._transport.aclose()


@cache
def _trusted(trust_env: bool) -> ssl.SSLContext:
    """The authorities to trust. Read once: a worker has clients for thousands of workspaces."""
    return httpx2.create_ssl_context(trust_env=trust_env)


def proxy_for(base_url: str) -> str | None:
    """The proxy the environment names for this address (``https_proxy``, ``all_proxy``, ``no_proxy`` and so on)."""
    parts, proxies = urlsplit(base_url), getproxies()
    if proxy_bypass(parts.netloc):
        return None
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def lower_headers(response: httpx2.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


async def _capped(response: httpx2.Response, max_bytes: int) -> AsyncIterator[bytes]:
    size = 0
    stream = response.stream
    # What is not packed needs none of the library's decoders, which cost as much as the rest of a short answer.
    plain = isinstance(stream, httpx2.AsyncByteStream) and "content-encoding" not in response.headers
    async for chunk in stream if plain else response.aiter_bytes():  # type: ignore[union-attr]  # plain says which
        size += len(chunk)
        if size > max_bytes:
            raise SurpriseError(f"an answer is larger than {max_bytes} bytes", code="answer_too_large")
        yield chunk


def _is_about_certificate(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return "CERTIFICATE_VERIFY_FAILED" in str(error)
