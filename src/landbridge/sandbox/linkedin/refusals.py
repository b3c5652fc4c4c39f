"""How LinkedIn says no: the general error body with its status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landbridge.sandbox.kernel import Rule
from landbridge.sandbox.linkedin import audit

INVALID_TOKEN = 65600
EXPIRED_TOKEN = 65602


class RefusalError(Exception):
    """A call or one element of a batch is refused.

    ``service_code`` is the numeric sub-code, ``code`` the text code of the versioned API; ``details`` goes into
    ``errorDetails``. ``rule`` is the documented rule that was broken, if one was, and ``finding`` what exactly.
    """

    rule: Rule | None = None

    def __init__(
        self,
        status: int,
        message: str,
        *,
        service_code: int = 0,
        code: str | None = None,
        details: dict[str, Any] | None = None,
        rule: Rule | None = None,
        finding: str = "",
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.service_code = service_code
        self.code = code
        self.details = details
        self.finding = finding or message
        self.headers = headers
        if rule is not None:
            self.rule = rule

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "status": self.status,
            "message": self.message,
            "serviceErrorCode": self.service_code,
        }
        if self.code:
            body["code"] = self.code
        if self.details:
            body["errorDetails"] = self.details
        return body


class InvalidError(RefusalError):
    """A record breaks a documented validation: the client should never have sent it."""

    rule = audit.INVALID
