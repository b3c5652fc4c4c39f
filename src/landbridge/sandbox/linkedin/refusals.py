"""How LinkedIn says no: the general error body with its status."""

from __future__ import annotations

from typing import Any

INVALID_TOKEN = 65600
EXPIRED_TOKEN = 65602


class RefusalError(Exception):
    """A call or one element of a batch is refused.

    ``service_code`` is the numeric sub-code, ``code`` the text code of the versioned API; ``details`` goes into
    ``errorDetails``.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        service_code: int = 0,
        code: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.service_code = service_code
        self.code = code
        self.details = details

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
