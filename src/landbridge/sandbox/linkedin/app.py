"""The ASGI app: every call walks through size, sign-in, routing, faults and quotas, then reaches its resource."""

from __future__ import annotations

import base64
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
from msgspec import Struct
from starlette.routing import BaseRoute

from landbridge.sandbox.kernel import (
    PREFIX,
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
    Writes,
    control_room,
    json_answer,
    play_silence,
    read_body,
    send_answer,
    send_broken,
)
from landbridge.sandbox.linkedin import audit, oauth
from landbridge.sandbox.linkedin.batches import check_batch
from landbridge.sandbox.linkedin.calls import Call, Request, check_size, restli_method, undo_tunnelling
from landbridge.sandbox.linkedin.choices import SEND_RETRY_AFTER
from landbridge.sandbox.linkedin.dump import count_entities, dump_entities
from landbridge.sandbox.linkedin.limits import Meter, changed, relaxed
from landbridge.sandbox.linkedin.recruiter import Recruiter
from landbridge.sandbox.linkedin.refusals import InvalidError, RefusalError
from landbridge.sandbox.linkedin.resources import (
    applications,
    candidates,
    configurations,
    integrations,
    job_outcomes,
    jobs,
    provisioning,
    stages,
)
from landbridge.sandbox.linkedin.resources.resource import Handler, Resource
from landbridge.sandbox.linkedin.restli import keys_in_query
from landbridge.sandbox.linkedin.state import DeveloperApplication, State
from landbridge.sandbox.linkedin.versions import check_version

RESOURCES: Final = (
    provisioning.V2,
    integrations.V2,
    integrations.REST,
    configurations.V2,
    configurations.REST,
    jobs.V2,
    jobs.REST,
    *job_outcomes.RESOURCES,
    candidates.V2,
    candidates.REST,
    applications.V2,
    applications.REST,
    stages.V2,
    stages.REST,
)
ROUTES: Final = {f"{resource.generation}/{resource.path}": resource for resource in RESOURCES}
WRITING: Final = frozenset({"batch_create", "batch_update", "batch_partial_update", "batch_delete"})
KEYED: Final = frozenset({"batch_get", "batch_update", "batch_partial_update", "batch_delete"})


class Visit(Struct, kw_only=True):
    """One request on its way through the sandbox: what the journal will say about it."""

    number: int
    at: int
    operation: str = "unknown"
    client: str = ""
    violations: int = 0
    writes: Writes | None = None
    records: int = 0
    error: str = ""
    fault: Fault | None = None


class LinkedIn:
    """The imitated LinkedIn API. ``await app(scope, receive, send)`` serves it; see :mod:`landbridge.sandbox`."""

    name = "linkedin"

    def __init__(self, site: Site) -> None:
        self._site = site
        self.journal = Journal()
        self.faults = Faults()
        self._limits = relaxed()
        self._busy: Counter[tuple[bytes, str]] = Counter()
        self.recruiter = Recruiter(lambda: self.state, site.clock)
        site.add(self)
        self._control = control_room(site, self)

    # --- what the control room asks ----------------------------------------------------------------------------

    def seed(self, world: Any) -> None:
        self._network = world.network
        self.reset()

    def reset(self) -> None:
        choice = self._site.choice
        seed = f"{choice.world}/{choice.seed}"
        self.state = State(self._network, oauth.make_secret(seed))
        self.tokens = oauth.Tokens(seed)
        self.meter = Meter(self._limits)

    def credentials(self) -> Mapping[str, Any]:
        state, network = self.state, self.state.network
        return {
            "parent": _credentials(state.parent),
            "child": _credentials(state.child),
            "organization": network.organization,
            "organization_name": network.organization_name,
            "contracts": [{"urn": contract.urn, "name": contract.name} for contract in network.contracts],
            "seats": [
                {"urn": seat.urn, "contract": seat.contract, "admin": seat.admin, "person": self._person(seat.member)}
                for seat in network.seats
            ],
            "people": [
                {"login": person.login, "password": person.password, "person": self._person(person.member)}
                for person in network.people
            ],
        }

    def _person(self, member: int) -> str:
        return self.state.child.persons.urn(member)

    def state_counts(self) -> Mapping[str, int]:
        self.state.tasks.settle(self._site.clock.ms())
        return count_entities(self.state, self._site.clock.ms())

    def dump(self, entity: str) -> Iterator[Mapping[str, Any]] | None:
        self.state.tasks.settle(self._site.clock.ms())
        return dump_entities(self.state, entity, self._site.clock.ms())

    def limits(self) -> Mapping[str, Any]:
        limits = self._limits
        return {name: getattr(limits, name) for name in limits.__struct_fields__}

    def set_limits(self, wanted: Mapping[str, Any]) -> None:
        """New limits start with fresh counters."""
        self._limits = changed(self._limits, wanted)
        self.meter = Meter(self._limits)

    def extra_routes(self) -> Sequence[BaseRoute]:
        return self.recruiter.routes()

    # --- one request -------------------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"].startswith(PREFIX):
            await self._control(scope, receive, send)
            return
        headers = dict(scope["headers"])
        lane = (headers.get(b"authorization", b""), scope["path"])
        # Reads may overlap with anything; a tunnelled one is a POST too.
        writes = scope["method"] != "GET" and headers.get(b"x-http-method-override", b"").upper() != b"GET"
        parallel = writes and self._busy[lane] > 0
        self._busy[lane] += writes
        try:
            request = _request(scope, headers, await read_body(receive))
            answer, fault = self._serve(request, parallel=parallel)
        except ClientGoneError:
            return
        finally:
            self._busy[lane] -= writes
            if not self._busy[lane]:
                del self._busy[lane]
        if answer is None and fault is not None:
            await play_silence(send, fault)
        elif answer is not None and fault is not None:
            await send_broken(send, answer, fault)
        elif answer is not None:
            await send_answer(send, answer)

    def _serve(self, request: Request, *, parallel: bool) -> tuple[Answer | None, Fault | None]:
        started = time.perf_counter_ns()
        visit = Visit(number=self.journal.next_number(), at=self._site.clock.ms())
        far_id = _far_id(visit.number)
        try:
            answer = self._answer(request, visit, parallel=parallel)
        except RefusalError as refusal:
            answer = self._refused(visit, refusal)
        if answer is not None:
            answer.headers = (*answer.headers, (b"x-li-uuid", far_id), (b"x-li-fabric", b"sandbox"))
        duration = (time.perf_counter_ns() - started) // 1000
        self._note(request, visit, answer, far_id.decode(), duration)
        return answer, visit.fault

    def _refused(self, visit: Visit, refusal: RefusalError) -> Answer:
        visit.error = refusal.message
        if isinstance(refusal, InvalidError):
            self._violate(visit, audit.INVALID, refusal.message)
        return json_answer(refusal.status, refusal.body())

    def _note(self, request: Request, visit: Visit, answer: Answer | None, far_id: str, duration_us: int) -> None:
        self.journal.note(
            Entry(
                number=visit.number,
                at=visit.at,
                client=visit.client,
                method=request.method,
                path=request.path,
                query=request.query if request.path != oauth.PATH else "",
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

    def _violate(self, visit: Visit, rule: Rule, detail: str) -> None:
        visit.violations += 1
        self.journal.violate(rule, call=visit.number, at=visit.at, operation=visit.operation, detail=detail)

    def _answer(self, request: Request, visit: Visit, *, parallel: bool) -> Answer | None:
        """The steps of one call; None when a fault says that nothing is answered."""
        try:
            check_size(request)
        except RefusalError as refusal:
            if refusal.status == 414:
                self._violate(visit, audit.URL_LENGTH, f"{len(request.path)} + {len(request.query)} characters")
            raise
        if request.path.startswith("/oauth/"):
            return self._sign_in(request, visit)
        return self._call(undo_tunnelling(request), visit, parallel=parallel)

    def _sign_in(self, request: Request, visit: Visit) -> Answer | None:
        if request.path != oauth.PATH:
            raise RefusalError(404, "no such resource")
        visit.operation = "oauth.access_token"
        fault = self._strike(visit)
        if fault is not None and fault.kind != "half_fail":
            early = self._play_early(visit, fault, "")
            if early is not _GO_ON:
                return early
        answer, visit.client = oauth.sign_in(
            request, self.state, self.tokens, visit.at, self._limits.token_seconds, self._violation_of(visit)
        )
        return answer

    def _violation_of(self, visit: Visit) -> Callable[[Rule, str], None]:
        return lambda rule, detail: self._violate(visit, rule, detail)

    def _call(self, request: Request, visit: Visit, *, parallel: bool) -> Answer | None:
        visit.client = self.tokens.client_of(request.header(b"authorization"), visit.at)
        application = self.state.applications[visit.client]
        resource, path_keys = _route(request.path)
        visit.operation = f"{resource.name}.{request.method}"
        if resource.generation == "rest":
            self._check_version(request, resource, visit)
        method, handler = self._method(request, resource, visit, path_keys)
        visit.operation = f"{resource.name}.{method}"
        self._check_permission(application, resource, request, visit)
        if parallel and method in WRITING:
            self._violate(visit, audit.PARALLEL, "another batch of this resource was on its way")
        if visit.at < self.meter.blocked_until(visit.client, resource.quota):
            self._violate(visit, audit.IGNORED_429, resource.quota)
        fault = self._strike(visit)
        if fault is not None:
            early = self._play_early(visit, fault, resource.quota)
            if early is not _GO_ON:
                return early
        call = Call(
            at=visit.at,
            state=self.state,
            limits=self._limits,
            application=application,
            generation=resource.generation,
            method=method,
            query=request.query,
            body=request.body,
            protocol=2 if request.header(b"x-restli-protocol-version").startswith("2") else 1,
            path_keys=path_keys,
            violate=self._violation_of(visit),
            half_fail=fault if fault is not None and fault.kind == "half_fail" else None,
        )
        return self._handle(call, resource, handler, visit)

    def _handle(self, call: Call, resource: Resource, handler: Handler, visit: Visit) -> Answer:
        self._unpack(call, resource)
        visit.records = call.records
        opens = self.meter.take(visit.client, resource.quota, visit.at, call.records if call.method in WRITING else 0)
        if opens:
            return self._throttled(visit, resource.quota, opens)
        answer = handler(call)
        visit.writes = call.writes
        return answer

    def _unpack(self, call: Call, resource: Resource) -> None:
        """Keys or elements, so that the batch can be counted before anything is done."""
        if call.method in KEYED:
            call.keys = keys_in_query(call.query, resource.shape, call.protocol)
            call.records = len(call.keys)
            check_batch(call, call.records)
        elif call.method == "batch_create":
            call.elements = _elements(call.body)
            call.records = len(call.elements)
            check_batch(call, call.records)

    def _throttled(self, visit: Visit, quota: str, opens: int) -> Answer:
        self._violate(visit, audit.QUOTA, quota)
        self.meter.block(visit.client, quota, opens)
        visit.error = f"throttled until {opens}"
        refusal = RefusalError(429, "Resource level throttle limit for calls to this resource is reached.")
        wait = str(-(-(opens - visit.at) // 1000)).encode()
        return json_answer(429, refusal.body(), [(b"retry-after", wait)] if SEND_RETRY_AFTER else ())

    def _strike(self, visit: Visit) -> Fault | None:
        visit.fault = self.faults.strike(visit.operation)
        return visit.fault

    def _play_early(self, visit: Visit, fault: Fault, quota: str) -> Answer | None:
        """What a fault does before any work; ``_GO_ON`` when the work is to be done."""
        if fault.kind in ("hang", "reset"):
            visit.error = fault.kind
            return None
        if fault.kind != "status":
            return _GO_ON
        visit.error = fault.message
        headers = []
        if fault.retry_after is not None:
            headers.append((b"retry-after", str(fault.retry_after).encode()))
            if fault.status == 429:
                self.meter.block(visit.client, quota, visit.at + fault.retry_after * 1000)
        if fault.status == 401:
            self.tokens.forget(visit.client)
        return json_answer(fault.status, RefusalError(fault.status, fault.message).body(), headers)

    def _check_version(self, request: Request, resource: Resource, visit: Visit) -> None:
        header = request.header(b"linkedin-version")
        if not header:
            self._violate(visit, audit.NO_VERSION, request.path)
        check_version(header, resource.since, self._site.clock.now())

    def _method(
        self, request: Request, resource: Resource, visit: Visit, path_keys: tuple[str, ...]
    ) -> tuple[str, Handler]:
        method = restli_method(request, request.query)
        if method is None and request.method == "POST" and "create" in resource.methods:
            # Single creates and updates by path need no header: the official samples send none.
            method = "partial_update" if path_keys else "create"
        if method is None and request.method == "POST":
            self._violate(visit, audit.NO_METHOD, request.path)
            raise RefusalError(403, _no_permission("CREATE", resource), service_code=100)
        handler = resource.methods.get(method or "")
        if method is None or handler is None:
            raise RefusalError(405, f"{method or request.method} is not supported here")
        return method, handler

    def _check_permission(
        self, application: DeveloperApplication, resource: Resource, request: Request, visit: Visit
    ) -> None:
        if application.parent != resource.parent:
            self._violate(visit, audit.WRONG_APPLICATION, resource.path)
            raise RefusalError(403, _no_permission(request.method, resource), service_code=100)


_GO_ON: Final = Answer(0)


def _no_permission(method: str, resource: Resource) -> str:
    return f"Not enough permissions to access: {method} /{resource.path}"


def _request(scope: Scope, headers: dict[bytes, bytes], body: bytes) -> Request:
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
    )


def _route(path: str) -> tuple[Resource, tuple[str, ...]]:
    """``/v2/collection``, ``/v2/collection/{key}`` or ``/v2/collection/{key}/child``."""
    segments = path.strip("/").split("/")
    name = "/".join([*segments[:2], *segments[3:]])
    resource = ROUTES.get(name) if 2 <= len(segments) <= 4 else None
    takes_key = resource is not None and (len(segments) != 3 or "partial_update" in resource.methods)
    if resource is None or not takes_key:
        raise RefusalError(404, "no such resource")
    return resource, tuple(segments[2:3])


def _elements(body: bytes) -> list[Any]:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise RefusalError(400, "the body is not JSON") from None
    elements = content.get("elements") if isinstance(content, dict) else None
    if not isinstance(elements, list):
        raise RefusalError(400, "the body must hold a list named elements")
    return elements


def _credentials(application: DeveloperApplication) -> dict[str, str]:
    return {
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "urn": application.urn,
        "name": application.name,
        "unique_foreign_id": application.foreign_id,
    }


def _far_id(number: int) -> bytes:
    """``x-li-uuid``: unlike for every call, and the same for the same calls in the same order."""
    return base64.b64encode(hashlib.blake2b(number.to_bytes(8, "big"), digest_size=16).digest())
