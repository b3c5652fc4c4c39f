"""The control room: the routes under ``/_sandbox`` by which tests, demos and people steer a running sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
import orjson
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route, Router

from landbridge.sandbox.kernel import snapshots
from landbridge.sandbox.kernel.exchange import App, Receive, Scope, Send
from landbridge.sandbox.kernel.graph import BadSnapshotError, CannotKeepError
from landbridge.sandbox.kernel.journal import Entry
from landbridge.sandbox.kernel.lengths import parse_length
from landbridge.sandbox.kernel.replay import chosen, replay
from landbridge.sandbox.kernel.search import Search, as_har, as_ndjson, found, search_of, shown_entry
from landbridge.sandbox.kernel.site import Site, System, WorldChoice

PREFIX: Final = "/_sandbox"
DUMP_CHUNK: Final = 500
#: What a clock can be told.
CLOCK_WORDS: Final = {"freeze", "set", "advance", "advance_seconds"}


def control_room(site: Site, system: System) -> App:
    """An ASGI app that serves ``/_sandbox/...`` for one system. Mount it by path, outside quotas and journal."""
    desk = Desk(site, system)
    routes: list[BaseRoute] = [
        Route(f"{PREFIX}/credentials", desk.credentials, methods=["GET"]),
        Route(f"{PREFIX}/reset", desk.reset, methods=["POST"]),
        Route(f"{PREFIX}/seed", desk.seed, methods=["POST"]),
        Route(f"{PREFIX}/clock", desk.clock, methods=["GET", "POST"]),
        Route(f"{PREFIX}/limits", desk.limits, methods=["GET", "PUT"]),
        Route(f"{PREFIX}/faults", desk.faults, methods=["GET", "POST", "DELETE"]),
        Route(f"{PREFIX}/faults/{{number:int}}", desk.remove_fault, methods=["DELETE"]),
        Route(f"{PREFIX}/journal", desk.journal, methods=["GET", "PUT", "DELETE"]),
        Route(f"{PREFIX}/journal.ndjson", desk.journal_lines, methods=["GET"]),
        Route(f"{PREFIX}/journal.har", desk.journal_archive, methods=["GET"]),
        Route(f"{PREFIX}/journal/{{number:int}}", desk.entry, methods=["GET"]),
        Route(f"{PREFIX}/replay", desk.replay, methods=["POST"]),
        Route(f"{PREFIX}/summary", desk.summary, methods=["GET"]),
        Route(f"{PREFIX}/violations", desk.violations, methods=["GET"]),
        Route(f"{PREFIX}/audit", desk.audit, methods=["GET"]),
        Route(f"{PREFIX}/snapshots", desk.snapshots, methods=["GET", "POST"]),
        Route(f"{PREFIX}/snapshots/{{name}}", desk.forget_snapshot, methods=["DELETE"]),
        Route(f"{PREFIX}/snapshots/{{name}}/restore", desk.restore, methods=["POST"]),
        Route(f"{PREFIX}/export", desk.export, methods=["GET"]),
        Route(f"{PREFIX}/import", desk.import_, methods=["POST"]),
        Route(f"{PREFIX}/state", desk.state, methods=["GET"]),
        Route(f"{PREFIX}/dump/{{entity}}", desk.dump, methods=["GET"]),
        *system.extra_routes(),
        *(route for make in site.rooms for route in make(site, system)),
    ]
    return _SameOrigin(ExceptionMiddleware(Router(routes=routes), handlers={HTTPException: _refused}))


class _SameOrigin:
    """Lets no page of another origin do anything here: browsers would send its forms to this machine."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"")
        if scope["method"] not in {"GET", "HEAD"} and origin and origin.partition(b"://")[2] != headers.get(b"host"):
            await answer({"error": "this came from a page of another origin"}, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


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


class Desk:
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
                await turn_clock(self._site, await wanted_json(request))
            except (TypeError, ValueError, OverflowError) as refusal:
                return answer({"error": str(refusal)}, 400)
        clock = self._site.clock
        return answer({"now": clock.now().isoformat(), "ms": clock.ms(), "frozen": clock.frozen})

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
        shown = faults.all() if request.query_params.get("all") == "1" else faults.waiting()
        return answer({"faults": [msgspec.structs.asdict(fault) for fault in shown]})

    async def remove_fault(self, request: Request) -> Response:
        removed = self._system.faults.remove(request.path_params["number"])
        return answer({"removed": removed}, 200 if removed else 404)

    async def journal(self, request: Request) -> Response:
        journal = self._system.journal
        if request.method == "DELETE":
            journal.clear()
        if request.method == "PUT":
            try:
                wanted = msgspec.convert(await wanted_json(request), _Keeping)
            except msgspec.ValidationError as refusal:
                return answer({"error": str(refusal)}, 400)
            journal.exchanges.kept_bytes = wanted.kept_bytes
        entries = self._found(request, 1000)
        return answer({"entries": list(journal.as_json(entries)), "next": _last_number(entries)})

    def _found(self, request: Request, limit: int) -> list[Entry]:
        newest = request.query_params.get("newest") == "1"
        return found(self._system.journal, _search(request), _number(request, "limit", limit), newest=newest)

    async def journal_lines(self, request: Request) -> Response:
        lines = as_ndjson(self._system.journal, self._found(request, 1 << 30))
        return StreamingResponse(lines, media_type="application/x-ndjson", headers=_file("journal.ndjson"))

    async def journal_archive(self, request: Request) -> Response:
        content = as_har(self._system.journal, self._found(request, 1 << 30), str(request.base_url).rstrip("/"))
        return Response(content, media_type="application/json", headers=_file("journal.har"))

    async def entry(self, request: Request) -> Response:
        entry = self._system.journal.find(request.path_params["number"])
        if entry is None:
            return answer({"error": "the journal does not hold this call"}, 404)
        return answer(shown_entry(self._system.journal, entry))

    async def replay(self, request: Request) -> Response:
        try:
            wanted = msgspec.convert(await wanted_json(request), Span)
            results = await replay_span(self._site, self._system, wanted)
        except (msgspec.ValidationError, ValueError) as refusal:
            return answer({"error": str(refusal)}, 400)
        shown = [msgspec.structs.asdict(result) for result in results]
        return answer({"same": all(result.same for result in results), "replayed": shown})

    async def summary(self, _: Request) -> Response:
        return answer(self._system.journal.summary())

    async def violations(self, _: Request) -> Response:
        journal = self._system.journal
        listed = [msgspec.structs.asdict(violation) for violation in journal.violations()]
        return answer({"violations": listed, "totals": dict(journal.rules_broken)})

    async def audit(self, _: Request) -> Response:
        advice = self._system.advice
        findings = self._system.journal.findings()
        shown = [{**msgspec.structs.asdict(each), "fix": each.fix or advice.get(each.rule, "")} for each in findings]
        return answer({"findings": shown})

    async def snapshots(self, request: Request) -> Response:
        if request.method == "POST":
            name = (await wanted_json(request)).get("name", "")
            try:
                self._site.snapshot(checked_name(name))
            except (ValueError, CannotKeepError) as refusal:
                return answer({"error": str(refusal)}, 400)
        return answer({"snapshots": [_shown(snapshot) for snapshot in self._site.snapshots.values()]})

    async def forget_snapshot(self, request: Request) -> Response:
        forgotten = self._site.snapshots.pop(request.path_params["name"], None)
        return answer({"forgotten": forgotten is not None}, 200 if forgotten else 404)

    async def restore(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._site.snapshots:
            return answer({"error": "there is no snapshot of this name"}, 404)
        self._site.restore(name)
        return answer({"restored": name, "now": self._site.clock.now().isoformat()})

    async def export(self, _: Request) -> Response:
        content: list[bytes] = []
        try:
            snapshots.export(self._site, content.append)
        except CannotKeepError as refusal:
            return answer({"error": str(refusal)}, 500)
        return StreamingResponse(iter(content), media_type="application/gzip", headers=_file("landbridge.sandbox"))

    async def import_(self, request: Request) -> Response:
        pieces = [piece async for piece in request.stream()]
        try:
            snapshots.restore(self._site, pieces)
        except BadSnapshotError as refusal:
            return answer({"error": str(refusal)}, 400)
        return answer({"imported": True, "now": self._site.clock.now().isoformat()})

    async def state(self, _: Request) -> Response:
        return answer({"system": self._system.name, "state": self._system.state_counts()})

    async def dump(self, request: Request) -> Response:
        entities = self._system.dump(request.path_params["entity"])
        if entities is None:
            return answer({"error": "no such entity"}, 404)
        return StreamingResponse(_ndjson(entities), media_type="application/x-ndjson")


class _Keeping(msgspec.Struct, forbid_unknown_fields=True):
    """How many bytes of requests and answers the journal keeps beside its entries; 0: none."""

    kept_bytes: int


class Span(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Calls ``first`` to ``last`` of the journal, to be sent again, after a return to ``snapshot`` if one is named."""

    first: int
    last: int | None = None
    snapshot: str | None = None


async def replay_span(site: Site, system: System, span: Span) -> list[Any]:
    """Raises ``ValueError`` when the journal or the snapshot is not there."""
    exchanges = chosen(system.journal, span.first, span.first if span.last is None else span.last)
    if span.snapshot is not None:
        if span.snapshot not in site.snapshots:
            raise ValueError("there is no snapshot of this name")
        site.restore(span.snapshot)
    return await replay(system, exchanges)


async def turn_clock(site: Site, wanted: Mapping[str, Any]) -> None:
    """``freeze``, ``set``, ``advance``: what falls due on the way happens. Raises ``ValueError`` or ``TypeError``."""
    if not wanted or wanted.keys() - CLOCK_WORDS:
        raise ValueError("say freeze (true or false), set (an ISO instant with zone) or advance (90m, 2d, PT1H)")
    if "freeze" in wanted:
        site.clock.freeze() if wanted["freeze"] else site.clock.thaw()
    if "set" in wanted:
        instant = datetime.fromisoformat(wanted["set"])
        if instant.tzinfo is None:
            raise ValueError("set needs an instant with its time zone")
        # In a thread: a push that falls due may go to a callback this very loop serves.
        await asyncio.to_thread(site.move_to, round(instant.timestamp() * 1000))
    for word in ("advance", "advance_seconds"):
        if word in wanted:
            await asyncio.to_thread(site.advance, parse_length(wanted[word]))


def checked_name(name: object) -> str:
    """Raises ``ValueError`` for what is no name of a snapshot."""
    if not isinstance(name, str) or not 0 < len(name) <= 80 or "/" in name:
        raise ValueError("a snapshot has a name of 1 to 80 characters without a slash")
    return name


def _shown(snapshot: snapshots.Snapshot) -> dict[str, Any]:
    return {"name": snapshot.name, "taken_at": snapshot.taken_at.isoformat(), "bytes": len(snapshot.content)}


def _file(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}


def _search(request: Request) -> Search:
    try:
        return search_of(request.query_params)
    except ValueError as problem:
        raise HTTPException(400, f"this search makes no sense: {problem}") from None


async def _ndjson(entities: Iterator[Any]) -> AsyncIterator[bytes]:
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
