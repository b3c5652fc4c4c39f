"""The way to LinkedIn's API: its table of answers, its request ids, its long queries."""

from __future__ import annotations

import httpx2
import msgspec

from landbridge.connectors.linkedin.restli import ErrorBody
from landbridge.connectors.linkedin.tunnel import tunnelled
from landbridge.errors import (
    MissingError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    SettingError,
    SignInRejectedError,
    UnavailableError,
)
from landbridge.http import (
    Answer,
    Auth,
    Call,
    Client,
    Clock,
    Gate,
    Journal,
    OutcomeTable,
    Resolution,
    SystemClock,
    Verdict,
)

SYSTEM = "linkedin"
FAR_ID_HEADER = "x-li-uuid"  # what LinkedIn's support asks for

# LinkedIn answers 500 and 504 to some bad data as well (its page on creating jobs says so): an engine that has tried
# a few times does right to look for the one bad record.
MAYBE_BAD_DATA = "linkedin_server_error"

OUTCOMES: OutcomeTable = {
    # A status nobody has documented for these calls is still about what was sent.
    **{status: Verdict(Resolution.FAIL, RejectedError, "linkedin_refused") for status in range(402, 500)},
    400: Verdict(Resolution.FAIL, RejectedError, "linkedin_bad_request"),
    401: Verdict(
        Resolution.RENEW,
        SignInRejectedError,
        None,
        "LinkedIn no longer takes the application's client id and secret: save them again in the LinkedIn connection.",
    ),
    403: Verdict(
        Resolution.FAIL,
        NotPermittedError,
        "linkedin_not_enabled",
        "A Recruiter admin enables the integration in LinkedIn Recruiter: More, Admin Settings, ATS tab. If it is "
        "enabled, check that the connection uses the customer's own application and not the partner's.",
    ),
    404: Verdict(Resolution.FAIL, MissingError, "linkedin_not_found"),
    408: Verdict(Resolution.REPEAT, UnavailableError),
    409: Verdict(Resolution.FAIL, RejectedError, "linkedin_conflict"),
    413: Verdict(Resolution.FAIL, RejectedError, "linkedin_too_large"),
    414: Verdict(Resolution.FAIL, RejectedError, "linkedin_too_large"),
    422: Verdict(Resolution.FAIL, RejectedError, "linkedin_invalid"),
    429: Verdict(Resolution.FAIL, RateLimitedError),
    426: Verdict(
        Resolution.FAIL,
        SettingError,
        "linkedin_version_ended",
        "LinkedIn has switched off this version of its API: set a newer version in the LinkedIn connection.",
    ),
    500: Verdict(Resolution.FAIL, UnavailableError, MAYBE_BAD_DATA),
    504: Verdict(Resolution.FAIL, UnavailableError, MAYBE_BAD_DATA),
}


def read_code(answer: Answer) -> str:
    """LinkedIn's own error code of an answer: the text code of versioned APIs, else the number."""
    try:
        body = msgspec.json.decode(answer.content, type=ErrorBody)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return body.code or str(body.service_error_code or "")


class LinkedInClient:
    """Sends calls, tunnelling those whose query is too long."""

    def __init__(
        self,
        *,
        base_url: str,
        auth: Auth,
        journal: Journal,
        gate: Gate,
        clock: Clock | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        dry_run: bool = False,
        allow_plain: bool = False,
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self._client = Client(
            base_url=base_url,
            system=SYSTEM,
            auth=auth,
            journal=journal,
            gate=gate,
            error_table=OUTCOMES,
            clock=self.clock,
            transport=transport,
            dry_run=dry_run,
            allow_plain=allow_plain,
            far_id_header=FAR_ID_HEADER,
            read_code=read_code,
        )

    async def send(self, call: Call) -> Answer:
        """Send one call. Errors as ``http.Client.send`` with the verdicts of ``OUTCOMES``."""
        return await self._client.send(tunnelled(call))

    async def close(self) -> None:
        await self._client.close()
