"""Where every API request is received: size, sign-in, routing, faults and quotas, its resource, the journal."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
from msgspec import Struct

from landbridge.sandbox.kernel import (
    PARTIAL,
    SILENT,
    Answer,
    Clock,
    Entry,
    Fault,
    Faults,
    Journal,
    Rule,
    Writes,
    json_answer,
)
from landbridge.sandbox.linkedin import audit, authorization, media, oauth
from landbridge.sandbox.linkedin.batches import check_batch
from landbridge.sandbox.linkedin.calls import Call, Request, check_size, undo_tunnelling
from landbridge.sandbox.linkedin.choices import SEND_RETRY_AFTER
from landbridge.sandbox.linkedin.keyring import read_query
from landbridge.sandbox.linkedin.limits import Limits, Meter
from landbridge.sandbox.linkedin.pages.session import Sessions
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.resources.resource import Resource
from landbridge.sandbox.linkedin.restli import parameter, parse_path_key
from landbridge.sandbox.linkedin.routing import Target, check_permission, choose_method, find_target
from landbridge.sandbox.linkedin.singles import handle
from landbridge.sandbox.linkedin.state import State
from landbridge.sandbox.linkedin.tokens import Secrets, Tokens
from landbridge.sandbox.linkedin.versions import check_version
from landbridge.sandbox.worlds.network import Network

WRITING: Final = frozenset(
    {"batch_create", "batch_update", "batch_partial_update", "batch_delete", "update", "partial_update", "delete"}
)
KEYED: Final = frozenset({"batch_get", "batch_update", "batch_partial_update", "batch_delete"})
#: Path -> operation.
SIGN_IN: Final = {
    oauth.PATH: "oauth.access_token",
    oauth.INTROSPECTION: "oauth.introspect",
    authorization.PATH: "oauth.authorize",
}


class SilenceError(Exception):
    """A scripted fault wants nothing done and nothing answered."""


class Visit(Struct, kw_only=True):
    """One request on its way through: what the journal will say about it."""

    journal: Journal
    number: int
    at: int
    operation: str = "unknown"
    client: str = ""
    violations: int = 0
    writes: Writes | None = None
    records: int = 0
    error: str = ""
    fault: Fault | None = None

    def violate(self, rule: Rule, detail: str) -> None:
        self.violations += 1
        self.journal.violate(rule, call=self.number, at=self.at, operation=self.operation, detail=detail)


class Reception:
    """Serves requests on the state of one world. A reset is :meth:`open` again."""

    def __init__(
        self, clock: Clock, journal: Journal, faults: Faults, limits: Limits, held: Callable[[str], str] = str
    ) -> None:
        self._held = held
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._limits = limits

    def open(self, network: Network, seed: str) -> None:
        """Start from nothing but the network; credentials and tokens follow from ``seed``."""
        self.state = State(network, Secrets(seed))
        self.tokens = Tokens(seed)
        self.sessions = Sessions(seed)
        self._meter = Meter(self._limits)

    def state_parts(self) -> dict[str, Any]:
        return {"state": self.state, "tokens": self.tokens, "meter": self._meter, "limits": self._limits}

    def take_back(self, parts: Mapping[str, Any]) -> None:
        self.state, self.tokens = parts["state"], parts["tokens"]
        self._meter, self._limits = parts["meter"], parts["limits"]

    @property
    def limits(self) -> Limits:
        return self._limits

    def use_limits(self, limits: Limits) -> None:
        """New limits start with fresh counters."""
        self._limits = limits
        self._meter = Meter(limits)

    def serve(self, request: Request, *, parallel: bool) -> tuple[Answer | None, Fault | None]:
        """The answer (None: silence) and the fault that is to be played with it.

        ``parallel`` says that another write of the same client to the same path is still on its way.
        """
        started = time.perf_counter_ns()
        visit = Visit(journal=self._journal, number=self._journal.next_number(), at=self._clock.ms())
        far_id = _far_id(visit.number)
        answer: Answer | None
        try:
            answer = self._answer(request, visit, parallel=parallel)
        except RefusalError as refusal:
            answer = _refuse(visit, refusal)
        except SilenceError:
            answer = None
        if answer is not None:
            answer.headers = (*answer.headers, (b"x-li-uuid", far_id), (b"x-li-fabric", b"sandbox"))
        duration = (time.perf_counter_ns() - started) // 1000
        self._note(request, visit, answer, far_id.decode(), duration)
        return answer, visit.fault

    def _note(self, request: Request, visit: Visit, answer: Answer | None, far_id: str, duration_us: int) -> None:
        self._journal.note(
            Entry(
                number=visit.number,
                at=visit.at,
                client=visit.client,
                method=request.method,
                path=request.path,
                # Codes, states, signatures and (by mistake) secrets stand in these queries.
                query="" if request.path.startswith(("/oauth/", media.PATH)) else request.query,
                operation=visit.operation,
                status=answer.status if answer else 0,
                records=visit.records,
                duration_us=duration_us,
                far_id=far_id,
                error=visit.error,
                fault=visit.fault.kind if visit.fault else "",
                writes=visit.writes,
                violations=visit.violations,
            )
        )

    def _answer(self, request: Request, visit: Visit, *, parallel: bool) -> Answer:
        check_size(request)
        if request.path.startswith("/oauth/"):
            return self._sign_in(request, visit)
        if request.path.startswith(media.PATH):
            return self._upload(request, visit)
        request = undo_tunnelling(request)
        token = self.tokens.bearer(request.header(b"authorization"), visit.at)
        visit.client = token.client_id
        target = find_target(request.path)
        resource = target.resource
        visit.operation = f"{resource.name}.{request.method}"
        if resource.generation == "rest":
            check_version(request.header(b"linkedin-version"), resource.since, self._clock.now())
        method = choose_method(request, resource, with_key=target.key is not None)
        visit.operation = f"{resource.name}.{method}"
        application = self.state.applications[visit.client]
        check_permission(application, resource, method, member=token.member is not None)
        self._audit_pace(visit, resource, parallel=parallel and method in WRITING)
        self._strike(visit, resource.quota)
        call = self._call(request, visit, target, method)
        call.member, call.scope = token.member, frozenset(token.scope.split())
        call.host = request.header(b"host") or "localhost"
        self._meter_call(call, visit, resource)
        answer = handle(call, resource)
        visit.writes = call.writes
        return answer

    def _upload(self, request: Request, visit: Visit) -> Answer:
        """The bytes of a file: the signed URL is what permits it, not a token."""
        visit.operation = "media.upload"
        self._strike(visit, "")
        answer, visit.client = self.state.media.upload(request, visit.at)
        return answer

    def _sign_in(self, request: Request, visit: Visit) -> Answer:
        operation = SIGN_IN.get(request.path)
        if operation is None:
            raise RefusalError(404, "no such resource")
        visit.operation = operation
        self._strike(visit, "")
        if request.path == authorization.PATH:
            counter = authorization.Counter(
                request=request, state=self.state, tokens=self.tokens, sessions=self.sessions, at=visit.at
            )
            answer, visit.client = authorization.authorize(counter)
            return answer
        desk = oauth.Desk(
            request=request,
            state=self.state,
            tokens=self.tokens,
            at=visit.at,
            seconds=self._limits.token_seconds,
            violate=visit.violate,
        )
        serve = oauth.sign_in if request.path == oauth.PATH else oauth.introspect
        answer, visit.client = serve(desk)
        return answer

    def _audit_pace(self, visit: Visit, resource: Resource, *, parallel: bool) -> None:
        if parallel:
            visit.violate(audit.PARALLEL, "another batch of this resource was on its way")
        if visit.at < self._meter.blocked_until(visit.client, resource.quota):
            visit.violate(audit.IGNORED_429, resource.quota)

    def _strike(self, visit: Visit, quota: str) -> None:
        """Play what a scripted fault does before any work; faults that come later only wait in the visit."""
        fault = visit.fault = self._faults.strike(visit.operation, client=visit.client)
        if fault is None:
            return
        if fault.kind in SILENT:
            visit.error = fault.kind
            raise SilenceError
        if fault.kind != "status":
            return
        if fault.status == 429 and fault.retry_after is not None:
            self._meter.block(visit.client, quota, visit.at + fault.retry_after * 1000)
        if fault.status == 401:
            self.tokens.forget(visit.client)
        headers = [] if fault.retry_after is None else [(b"retry-after", str(fault.retry_after).encode())]
        raise RefusalError(fault.status, fault.message, headers=headers)

    def _call(self, request: Request, visit: Visit, target: Target, method: str) -> Call:
        """The call with its keys or elements unpacked, so that the batch can be counted before anything is done."""
        resource = target.resource
        call = Call(
            at=visit.at,
            state=self.state,
            limits=self._limits,
            application=self.state.applications[visit.client],
            generation=resource.generation,
            method=method,
            query=request.query,
            body=request.body,
            protocol=2 if request.header(b"x-restli-protocol-version").startswith("2") else 1,
            parents=target.parents,
            violate=visit.violate,
            half_fail=visit.fault if visit.fault is not None and visit.fault.kind in PARTIAL else None,
            strike_task=self._faults.strike_task,
            held=self._held,
        )
        if method in KEYED:
            call.keys = read_query(call.query, resource.shape, call.protocol)
            call.records = len(call.keys)
        elif target.key is not None:
            call.keys = [parse_path_key(target.key, resource.shape, call.protocol)]
            call.records = 1
        elif method == "batch_create":
            call.elements = _elements(call.body)
            call.records = len(call.elements)
        visit.records = call.records
        return call

    def _meter_call(self, call: Call, visit: Visit, resource: Resource) -> None:
        if call.method in KEYED or call.method in WRITING:
            check_batch(call.records, resource.batch)
        records = call.records if call.method in WRITING else 0
        self._check_pace(call, visit, resource)
        opens = self._meter.take(visit.client, resource.quota, visit.at, records)
        if not opens:
            return
        self._meter.block(visit.client, resource.quota, opens)
        raise _throttled(visit, opens, audit.QUOTA, f"{resource.quota} opens again at {opens}")

    def _check_pace(self, call: Call, visit: Visit, resource: Resource) -> None:
        """Some data is read seat by seat, and no seat too often; without limits it is only put on record."""
        if not resource.paced_by:
            return
        opens = self._meter.pace(visit.client, parameter(call.query, resource.paced_by) or "", visit.at)
        if opens and self._limits.seat_calls_per_minute is not None:
            raise _throttled(visit, opens, audit.SEAT_PACE, f"this seat opens again at {opens}")
        if opens:
            visit.violate(audit.SEAT_PACE, f"this seat would have opened at {opens}")


def _throttled(visit: Visit, opens: int, rule: Rule, finding: str) -> RefusalError:
    wait = str(-(-(opens - visit.at) // 1000)).encode()
    return RefusalError(
        429,
        "Resource level throttle limit for calls to this resource is reached.",
        rule=rule,
        finding=finding,
        headers=[(b"retry-after", wait)] if SEND_RETRY_AFTER else (),
    )


def _refuse(visit: Visit, refusal: RefusalError) -> Answer:
    visit.error = refusal.message
    if refusal.rule is not None:
        visit.violate(refusal.rule, refusal.finding)
    return json_answer(refusal.status, refusal.body(), refusal.headers)


def _elements(body: bytes) -> list[Any]:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise RefusalError(400, "the body is not JSON") from None
    elements = content.get("elements") if isinstance(content, dict) else None
    if not isinstance(elements, list):
        raise RefusalError(400, "the body must hold a list named elements")
    return elements


def _far_id(number: int) -> bytes:
    """``x-li-uuid``: unlike for every call, and the same for the same calls in the same order."""
    return base64.b64encode(hashlib.blake2b(number.to_bytes(8, "big"), digest_size=16).digest())
