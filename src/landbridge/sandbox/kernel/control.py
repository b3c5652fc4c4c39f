"""The control room: the routes under ``/_sandbox`` by which tests, demos and people steer a running sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import orjson
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, Router

from landbridge.sandbox.kernel.exchange import App
from landbridge.sandbox.kernel.journal import Entry
from landbridge.sandbox.kernel.site import Site, System, WorldChoice

PREFIX = "/_sandbox"
DUMP_CHUNK = 500


def control_room(site: Site, system: System) -> App:
    """An ASGI app that serves ``/_sandbox/...`` for one system. Mount it by path, outside quotas and journal."""
    desk = _Desk(site, system)
    routes = [
        Route(f"{PREFIX}/credentials", desk.credentials, methods=["GET"]),
        Route(f"{PREFIX}/reset", desk.reset, methods=["POST"]),
        Route(f"{PREFIX}/seed", desk.seed, methods=["POST"]),
        Route(f"{PREFIX}/clock", desk.clock, methods=["GET", "POST"]),
        Route(f"{PREFIX}/limits", desk.limits, methods=["GET", "PUT"]),
        Route(f"{PREFIX}/faults", desk.faults, methods=["GET", "POST", "DELETE"]),
        Route(f"{PREFIX}/journal", desk.journal, methods=["GET", "DELETE"]),
        Route(f"{PREFIX}/summary", desk.summary, methods=["GET"]),
        Route(f"{PREFIX}/violations", desk.violations, methods=["GET"]),
        Route(f"{PREFIX}/state", desk.state, methods=["GET"]),
        Route(f"{PREFIX}/dump/{{entity}}", desk.dump, methods=["GET"]),
        *system.extra_routes(),
    ]
    return ExceptionMiddleware(Router(routes=routes), handlers={HTTPException: _refused})


async def _refused(_: Request, refusal: Exception) -> Response:
    status = refusal.status_code if isinstance(refusal, HTTPException) else 500
    return answer({"error": getattr(refusal, "detail", "")}, status)


def answer(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


async def wanted_json(request: Request) -> dict[str, Any]:
    """The request's JSON object (empty body: empty object); anything else is a 400."""
    raw = await request.body()
    try:
        content = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError:
        raise HTTPException(400, "the body is not JSON") from None
    if not isinstance(content, dict):
        raise HTTPException(400, "the body must be a JSON object")
    return content


class _Desk:
    """The handlers of one control room."""

    def __init__(self, site: Site, system: System) -> None:
        self._site = site
        self._system = system

    async def credentials(self, _: Request) -> Response:
        return answer(self._system.credentials())

    async def reset(self, _: Request) -> Response:
        self._site.reset()
        return answer({"reset": True})

    async def seed(self, request: Request) -> Response:
        try:
            choice = msgspec.convert(await wanted_json(request), WorldChoice)
            self._site.seed(choice)
        except (msgspec.ValidationError, ValueError) as refusal:
            return answer({"error": str(refusal)}, 400)
        return answer({**msgspec.structs.asdict(choice), "state": self._system.state_counts()})

    async def clock(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                self._turn_clock(await wanted_json(request))
            except (TypeError, ValueError, OverflowError) as refusal:
                return answer({"error": str(refusal)}, 400)
        clock = self._site.clock
        return answer({"now": clock.now().isoformat(), "ms": clock.ms(), "frozen": clock.frozen})

    def _turn_clock(self, wanted: dict[str, Any]) -> None:
        clock = self._site.clock
        unknown = wanted.keys() - {"freeze", "set", "advance_seconds"}
        if unknown or not wanted:
            raise ValueError("say freeze (true or false), set (an ISO instant with zone) or advance_seconds")
        if "freeze" in wanted:
            clock.freeze() if wanted["freeze"] else clock.thaw()
        if "set" in wanted:
            instant = datetime.fromisoformat(wanted["set"])
            if instant.tzinfo is None:
                raise ValueError("set needs an instant with its time zone")
            clock.set(instant)
        if "advance_seconds" in wanted:
            clock.advance(timedelta(seconds=wanted["advance_seconds"]))

    async def limits(self, request: Request) -> Response:
        if request.method == "PUT":
            try:
                self._system.set_limits(await wanted_json(request))
            except (msgspec.ValidationError, ValueError) as refusal:
                return answer({"error": str(refusal)}, 400)
        return answer(self._system.limits())

    async def faults(self, request: Request) -> Response:
        faults = self._system.faults
        if request.method == "POST":
            try:
                faults.add(await wanted_json(request))
            except msgspec.ValidationError as refusal:
                return answer({"error": str(refusal)}, 400)
        if request.method == "DELETE":
            faults.clear()
        return answer({"faults": [msgspec.structs.asdict(fault) for fault in faults.waiting()]})

    async def journal(self, request: Request) -> Response:
        journal = self._system.journal
        if request.method == "DELETE":
            journal.clear()
        entries = journal.entries(
            after=_number(request, "after", 0),
            limit=_number(request, "limit", 1000),
            violations_only=request.query_params.get("violations") == "1",
        )
        return answer({"entries": list(journal.as_json(entries)), "next": _last_number(entries)})

    async def summary(self, _: Request) -> Response:
        return answer(self._system.journal.summary())

    async def violations(self, _: Request) -> Response:
        journal = self._system.journal
        listed = [msgspec.structs.asdict(violation) for violation in journal.violations()]
        return answer({"violations": listed, "totals": dict(journal.rules_broken)})

    async def state(self, _: Request) -> Response:
        return answer({"system": self._system.name, "state": self._system.state_counts()})

    async def dump(self, request: Request) -> Response:
        entities = self._system.dump(request.path_params["entity"])
        if entities is None:
            return answer({"error": "no such entity"}, 404)
        return StreamingResponse(_ndjson(entities), media_type="application/x-ndjson")


async def _ndjson(entities: Iterator[Any]) -> Any:
    lines: list[bytes] = []
    for entity in entities:
        lines.append(orjson.dumps(entity, option=orjson.OPT_APPEND_NEWLINE))
        if len(lines) >= DUMP_CHUNK:
            yield b"".join(lines)
            lines.clear()
    yield b"".join(lines)


def _number(request: Request, name: str, default: int) -> int:
    try:
        return int(request.query_params.get(name, default))
    except ValueError:
        raise HTTPException(400, f"{name} must be a number") from None


def _last_number(entries: list[Entry]) -> int | None:
    return entries[-1].number if entries else None
