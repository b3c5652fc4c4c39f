"""The imitated SmartRecruiters as an ASGI app: credential, rate, scope, handler, journal."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from starlette.routing import BaseRoute

from landbridge.sandbox.kernel import (
    PARTIAL,
    PREFIX,
    SILENT,
    Answer,
    ClientGoneError,
    Entry,
    Fault,
    Faults,
    Journal,
    Receive,
    Rule,
    Scope,
    Send,
    Site,
    control_room,
    play_silence,
    read_body,
    recorded,
    send_answer,
    send_broken,
)
from landbridge.sandbox.openapi import document_route
from landbridge.sandbox.smartrecruiters import choices, dumps
from landbridge.sandbox.smartrecruiters.account import account_routes
from landbridge.sandbox.smartrecruiters.advice import ADVICE, RULES
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError
from landbridge.sandbox.smartrecruiters.credentials import Caller, Credentials
from landbridge.sandbox.smartrecruiters.openapi import smartrecruiters_document
from landbridge.sandbox.smartrecruiters.pages import ROOT, page_desk
from landbridge.sandbox.smartrecruiters.pages.visit import Widget
from landbridge.sandbox.smartrecruiters.reports import Reports
from landbridge.sandbox.smartrecruiters.routes import ROUTES, Route, RouteTree
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.smartrecruiters.throttle import RELAXED, Limits, Meter, limits_from
from landbridge.sandbox.smartrecruiters.webhooks import Book, Courier, Subscriptions, webhook_routes
from landbridge.sandbox.worlds import World, make_world

CANDIDATE_LIST = "candidates.list"
PUBLICATIONS = frozenset({"jobs.publish", "jobs.unpublish"})
TREE = RouteTree(ROUTES)
NO_ROUTE = Route("", "", "unknown", ())


class SmartRecruiters:
    """One imitated SmartRecruiters account. Everything it knows comes from the site's world."""

    name = "smartrecruiters"
    rules: Sequence[Rule] = RULES
    advice = ADVICE

    def __init__(self, site: Site) -> None:
        self.clock = site.clock
        self.journal = Journal()
        self.faults = Faults()
        self.keys = Credentials(site.clock)
        self.courier = Courier(lambda: self.book, site.clock, self.faults, self.journal)
        self.subscriptions = Subscriptions(lambda: self.book, site.clock, self.courier)
        self._limits: Limits = RELAXED
        self._meters: dict[str, Meter] = {}
        self._site = site
        site.add(self)
        site.holders.append(self._held)
        self._control = control_room(site, self)
        self._pages = self.journal.pages.watched(page_desk(lambda: self.state, self._widget), site.clock)

    def seed(self, world: World) -> None:
        self.state = State(world, self.clock)
        self.book = Book(f"{world.name}/{world.seed}")
        self.state.tell = self.courier.tell
        self.reports = Reports(self.state)
        self.keys.reset()
        self._meters.clear()
        self._own = self._own_routes()

    def reset(self) -> None:
        """A world is changed by edits, so what was seeded is made once more; without edits it is still as it was."""
        world = self.state.world
        if self.state.version:
            world = make_world(world.name, world.seed, world.size, world.now)
        self.seed(world)

    def next_due(self) -> int | None:
        """When the next delivery to a subscriber is due."""
        return self.book.next_due_at()

    def do_due(self) -> None:
        """Deliveries go out by themselves; whoever moves the clock waits for them."""
        self.courier.settle()

    @property
    def world_changed(self) -> bool:
        return self.state.version > 0

    def state_parts(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "webhooks": self.book,
            "reports": self.reports,
            "keys": self.keys,
            "meters": self._meters,
            "limits": self._limits,
        }

    def take_back(self, world: World, parts: Mapping[str, Any]) -> None:
        assert parts["state"].world is world
        self.state, self.reports, self.keys = parts["state"], parts["reports"], parts["keys"]
        self._meters, self._limits, self.book = parts["meters"], parts["limits"], parts["webhooks"]
        self.state.tell = self.courier.tell
        self.courier.go_on()
        self._own = self._own_routes()

    def _held(self, text: str) -> str | None:
        """The id of a person or an application, as the world holds it."""
        world = self.state.world
        found = world.candidates.get(text) or world.applications.get(text)
        return None if found is None else found.id

    def _widget(self) -> Widget | None:
        """LinkedIn's widget as the customer's newest application at LinkedIn shows it."""
        linkedin = next((system for system in self._site.systems if system.name == "linkedin"), None)
        url = self._site.urls.get("linkedin")
        if linkedin is None or url is None:
            return None
        client_id = linkedin.credentials()["newest_child"]
        return Widget(url, client_id, self.state.world.network.organization)

    def _own_routes(self) -> dict[str, Callable[[Call], Answer | Awaitable[Answer]]]:
        return {
            "oauth.token": self.keys.give_token,
            "reports.list": self.reports.list_reports,
            "reports.get": self.reports.read_report,
            "reports.run": self.reports.run,
            "reports.recent": self.reports.read_recent,
            "reports.data": self.reports.read_data,
            "webhooks.create": self.subscriptions.create,
            "webhooks.list": self.subscriptions.list_all,
            "webhooks.get": self.subscriptions.read,
            "webhooks.delete": self.subscriptions.delete,
            "webhooks.activate": self.subscriptions.activate,
            "webhooks.make_key": self.subscriptions.make_key,
            "webhooks.key": self.subscriptions.read_key,
            "webhooks.log": self.subscriptions.read_log,
        }

    @recorded
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"].startswith(PREFIX):
            await self._control(scope, receive, send)
            return
        if scope["path"] == ROOT or scope["path"].startswith(f"{ROOT}/"):
            await self._pages(scope, receive, send)
            return
        call = self._call(scope)
        if call.method not in {"GET", "HEAD"}:
            try:
                call.body = await read_body(receive)
            except ClientGoneError:
                return
        await self._serve(call, send)

    def _call(self, scope: Scope) -> Call:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1") or choices.DEFAULT_HOST
        return Call(
            number=self.journal.next_number(),
            method=scope["method"],
            path=scope["path"],
            query_string=scope["query_string"],
            headers=headers,
            base_url=f"{scope.get('scheme', 'http')}://{host}",
        )

    async def _serve(self, call: Call, send: Send) -> None:
        began = time.perf_counter_ns()
        routes, call.arguments = TREE.find(call.path)
        route = routes.get(call.method, NO_ROUTE)
        call.operation = route.operation
        caller = self.keys.caller(call.headers)
        call.client = caller.name
        is_list = route.operation == CANDIDATE_LIST
        meter = self._meter(caller)
        broken = meter.enter(self.clock.ms(), is_list=is_list, is_publication=route.operation in PUBLICATIONS)
        if broken:
            call.broke(*broken)
            refusal = RefusalError(*choices.TOO_MANY_REQUESTS, broken[0].says).answer()
            await self._finish(call, refusal, meter, began, None, send)
            return
        try:
            # Other calls that have arrived by now get their turn here, so that calls in flight together are seen so.
            await asyncio.sleep(self._limits.latency_ms / 1000)
            fault = self.faults.strike(route.operation, client=caller.name)
            if fault is None or fault.kind not in SILENT:
                answer = self._scripted(fault) or await self._handle(call, route, routes, caller)
                await self._finish(call, answer, meter, began, fault, send)
                return
        finally:
            meter.leave(is_list=is_list)
        # A client that gives up on a call that hangs may call again: the hanging one is in flight for nobody.
        self._note(call, Answer(status=0), began, fault)
        await play_silence(send, fault)

    async def _finish(
        self, call: Call, answer: Answer, meter: Meter, began: int, fault: Fault | None, send: Send
    ) -> None:
        limits = meter.headers(self.clock.ms(), is_list=call.operation == CANDIDATE_LIST)
        answer.headers = [*answer.headers, *limits]
        self._note(call, answer, began, fault)
        await (send_broken(send, answer, fault) if fault else send_answer(send, answer))

    def _scripted(self, fault: Fault | None) -> Answer | None:
        """The answer of a fault that lets nothing happen. Nothing here is a batch, so half of it is all of it."""
        if fault is None or fault.kind not in {"status", *PARTIAL}:
            return None
        answer = RefusalError(fault.status, "SCRIPTED_FAULT", fault.message).answer()
        if fault.retry_after is not None:
            answer.headers = [(b"retry-after", b"%d" % fault.retry_after)]
        return answer

    async def _handle(self, call: Call, route: Route, routes: Mapping[str, Route], caller: Caller) -> Answer:
        try:
            if route is NO_ROUTE:
                raise _no_route(routes)
            self.keys.permit(caller, route.scopes)
            if route.answer is not None:
                return route.answer(self.state, call)
            answer = self._own[route.operation](call)
            return answer if isinstance(answer, Answer) else await answer
        except RefusalError as refusal:
            return refusal.answer()

    def _meter(self, caller: Caller) -> Meter:
        meter = self._meters.get(caller.name)
        if meter is None:
            meter = self._meters[caller.name] = Meter(self._limits)
        return meter

    def _note(self, call: Call, answer: Answer, began: int, fault: Fault | None) -> None:
        at = self.clock.ms()
        for rule, detail in call.broken:
            self.journal.violate(rule, call=call.number, at=at, operation=call.operation, detail=detail)
        entry = Entry(
            number=call.number,
            at=at,
            client=call.client,
            method=call.method,
            path=call.path,
            query=call.query_string.decode("latin-1"),
            operation=call.operation,
            status=answer.status,
            records=call.records,
            duration_us=(time.perf_counter_ns() - began) // 1000,
            error=_error_code(answer),
            fault=fault.kind if fault else "",
            violations=len(call.broken),
        )
        self.journal.note(entry)

    def credentials(self) -> Mapping[str, Any]:
        company = self.state.world.company
        return {**self.keys.shown(), "company": {"identifier": company.identifier, "name": company.name}}

    def state_counts(self) -> Mapping[str, int]:
        world = self.state.world
        return {
            "jobs": len(world.jobs),
            "ads": sum(len(job.ads) for job in world.jobs.values()),
            "candidates": len(world.candidates),
            "applications": len(world.applications),
            "history_steps": sum(len(each.history) // 2 for each in world.applications.values()),
            "users": len(world.users),
            "messages": len(self.state.messages.everything()),
            "reviews": len(self.state.records.reviews),
            "subscriptions": len(self.book.subscriptions),
        }

    def dump(self, entity: str) -> Iterator[Mapping[str, Any]] | None:
        return dumps.dump(self.state, entity)

    def limits(self) -> Mapping[str, Any]:
        return msgspec.structs.asdict(self._limits)

    def set_limits(self, wanted: Mapping[str, Any]) -> None:
        self._limits = limits_from(wanted, self._limits)
        self._meters.clear()

    def extra_routes(self) -> Sequence[BaseRoute]:
        return [
            document_route(lambda: smartrecruiters_document(self.state)),
            *account_routes(self),
            *webhook_routes(lambda: self.book, self.clock),
        ]


def _no_route(routes: Mapping[str, Route]) -> RefusalError:
    if routes:
        return RefusalError(405, "METHOD_NOT_ALLOWED", f"this address knows {', '.join(sorted(routes))}")
    return RefusalError(*choices.NO_SUCH_ADDRESS, "there is nothing at this address")


def _error_code(answer: Answer) -> str:
    if answer.status < 400:
        return ""
    with contextlib.suppress(msgspec.DecodeError, LookupError, TypeError):
        return str(msgspec.json.decode(answer.body)["errors"][0]["code"])
    return ""
