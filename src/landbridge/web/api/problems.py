"""What goes wrong, as problem documents (RFC 9457): a stable ``code`` for programs, a ``hint`` for people."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from landbridge.errors import LandbridgeError, NeedsPersonError, RecordError, TryLaterError
from landbridge.store.memberships import LastOwnerError
from landbridge.web.acts.actor import NothingThereError
from landbridge.web.console.working import problem_of

KIND = "application/problem+json"
API_ADDRESSES = "/api/"
COMPARE = "Compare the request with /api/v1/openapi.json."
log = logging.getLogger(__name__)


class ProblemOut(Schema):
    """RFC 9457. ``fields`` names what of the request is wrong, where that can be said."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    hint: str = ""
    fields: list[str] = Field(default_factory=list)


class ProblemError(Exception):
    """An answer that is not the one asked for."""

    def __init__(self, status: int, detail: str, *, code: str, hint: str = "", retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code, self.hint, self.retry_after = status, detail, code, hint, retry_after


def answer(
    status: int, detail: str, *, code: str, hint: str = "", fields: list[str] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    told = ProblemOut(
        title=HTTPStatus(status).phrase, status=status, detail=detail, code=code, hint=hint, fields=fields or []
    )
    return HttpResponse(msgspec.json.encode(told.model_dump()), status=status, content_type=KIND, headers=headers)


def of_error(error: LandbridgeError) -> HttpResponse:
    """An error of our tree: a person has to act (409), try later (503), or the record is at fault (422)."""
    told = problem_of(error)
    if isinstance(error, TryLaterError):
        wait = str(int(error.retry_after.total_seconds()) + 1) if error.retry_after else "60"
        return answer(503, told.text, code=told.code, hint=str(told.hint), headers={"Retry-After": wait})
    clashes = isinstance(error, NeedsPersonError | LastOwnerError)
    status = 409 if clashes else 422 if isinstance(error, RecordError) else 502
    return answer(status, told.text, code=told.code, hint=str(told.hint))


Refusal = Callable[..., HttpResponse]


def unless_api(page: Refusal, status: int, detail: str, *, code: str) -> Refusal:
    """Django's handler of a failure: ``page`` for people, a problem document for whoever called the API."""

    @functools.wraps(page)
    def refuse(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not request.path.startswith(API_ADDRESSES):
            return page(request, *arguments, **named)
        return answer(status, detail, code=code, hint=COMPARE)

    return refuse


def handle(api: NinjaAPI) -> None:
    """Have every failure of ``api`` answered so."""

    def told(_: HttpRequest, error: Any) -> HttpResponse:
        return of_any(error)

    for kind in (ProblemError, NothingThereError, LandbridgeError, ValidationError, HttpError, Exception):
        api.add_exception_handler(kind, told)


def of_any(error: Exception) -> HttpResponse:
    """The answer to whatever was raised."""
    match error:
        case ProblemError():
            return _of_problem(error)
        case NothingThereError():
            return answer(404, str(error), code="nothing_there", hint="Ask for the list; it tells the numbers.")
        case LandbridgeError():
            return of_error(error)
        case ValidationError():
            told = "The request is not as documented."
            return answer(422, told, code="request_wrong", hint=COMPARE, fields=_fields(error))
        case HttpError():
            return answer(error.status_code, error.message, code="request_wrong", hint=COMPARE)
    log.error("api_failed", exc_info=error)
    return answer(500, "This went wrong on our side.", code="failed", hint="Try again; the log has the cause.")


def _of_problem(error: ProblemError) -> HttpResponse:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return answer(error.status, error.detail, code=error.code, hint=error.hint, headers=headers)


def _fields(error: ValidationError) -> list[str]:
    def named(one: dict[str, Any]) -> str:
        return ".".join(str(part) for part in one.get("loc", ()) if part not in {"body", "query", "path"})

    return [named(one) for one in error.errors][:20]
