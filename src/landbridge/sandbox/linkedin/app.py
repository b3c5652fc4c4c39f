"""The imitated LinkedIn as an ASGI app, and as the system its control room steers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import structs
from starlette.routing import BaseRoute

from landbridge.sandbox.kernel import (
    PREFIX,
    ClientGoneError,
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
from landbridge.sandbox.linkedin.advice import ADVICE
from landbridge.sandbox.linkedin.approvals import approvals_route
from landbridge.sandbox.linkedin.audit import RULES
from landbridge.sandbox.linkedin.calls import Request
from landbridge.sandbox.linkedin.dump import count_entities, dump_entities
from landbridge.sandbox.linkedin.limits import changed, relaxed
from landbridge.sandbox.linkedin.older import older_route
from landbridge.sandbox.linkedin.openapi import linkedin_document
from landbridge.sandbox.linkedin.pages.desk import page_desk, serves
from landbridge.sandbox.linkedin.pages.session import Sessions
from landbridge.sandbox.linkedin.pushes import Pushes
from landbridge.sandbox.linkedin.reception import Reception
from landbridge.sandbox.linkedin.recruiter import Recruiter
from landbridge.sandbox.linkedin.state import DeveloperApplication, State
from landbridge.sandbox.linkedin.talent import Talent
from landbridge.sandbox.linkedin.talent.control import TalentRoutes
from landbridge.sandbox.linkedin.talent.duties import neglected
from landbridge.sandbox.linkedin.tokens import Tokens
from landbridge.sandbox.openapi import document_route


class LinkedIn:
    """``await app(scope, receive, send)`` serves the API and its control room; see :mod:`landbridge.sandbox`."""

    name = "linkedin"
    rules: Sequence[Rule] = RULES
    advice = ADVICE

    def __init__(self, site: Site) -> None:
        self._site = site
        self._journal = Journal()
        self.faults = Faults()
        self._reception = Reception(site.clock, self._journal, self.faults, relaxed(), site.held)
        # How many writes of one client to one path are on their way.
        self._busy: Counter[tuple[bytes, str]] = Counter()
        self.pushes = Pushes(lambda: self.state, site.clock, self.faults)
        self.recruiter = Recruiter(lambda: self.state, site.clock, self.pushes)
        self.talent = Talent(lambda: self.state, site.clock, self.pushes)
        site.add(self)
        self._control = control_room(site, self)
        self._pages = self._journal.pages.watched(page_desk(self, site.clock), site.clock)

    @property
    def journal(self) -> Journal:
        """What clients did and, as of now, what they failed to do."""
        for one in neglected(self.state, self.pushes.log(), self._site.clock.ms()):
            self._journal.violate(one.rule, call=0, at=one.at, operation=one.operation, detail=one.detail)
        return self._journal

    @property
    def state(self) -> State:
        return self._reception.state

    @property
    def neighbours(self) -> frozenset[str]:
        """The origins at which this sandbox itself serves pages; those of the imitated ATS show widgets."""
        return frozenset(self._site.urls.values())

    @property
    def sessions(self) -> Sessions:
        return self._reception.sessions

    @property
    def tokens(self) -> Tokens:
        return self._reception.tokens

    def seed(self, world: Any) -> None:
        self._network = world.network
        self.reset()

    def reset(self) -> None:
        choice = self._site.choice
        self.pushes.clear()
        self._reception.open(self._network, f"{choice.world}/{choice.seed}")

    def credentials(self) -> Mapping[str, Any]:
        state, network = self.state, self.state.network
        person = state.child.persons.urn
        return {
            "parent": _credentials(state.parent),
            "child": _credentials(state.child),
            "newest_child": state.newest_child().client_id,
            "organization": network.organization,
            "organization_name": network.organization_name,
            "contracts": [
                {"urn": contract.urn, "name": contract.name, "lite": contract.lite} for contract in network.contracts
            ],
            "seats": [
                {
                    "urn": seat.urn,
                    "contract": seat.contract,
                    "admin": seat.admin,
                    "lite": seat.lite,
                    "state": seat.state,
                    "person": person(seat.member),
                }
                for seat in network.seats
            ],
            "people": [
                {
                    "login": human.login,
                    "password": human.password,
                    "person": person(human.member),
                    "name": state.directory.members[human.member].name,
                }
                for human in network.people
            ],
        }

    def state_counts(self) -> Mapping[str, int]:
        now = self._settled()
        return count_entities(self.state, now)

    def dump(self, entity: str) -> Iterator[Mapping[str, Any]] | None:
        now = self._settled()
        return dump_entities(self.state, entity, now)

    def _settled(self) -> int:
        """Now, with every task done that is due."""
        now = self._site.clock.ms()
        self.state.tasks.settle(now)
        return now

    def limits(self) -> Mapping[str, Any]:
        return structs.asdict(self._reception.limits)

    def set_limits(self, wanted: Mapping[str, Any]) -> None:
        self._reception.use_limits(changed(self._reception.limits, wanted))

    def extra_routes(self) -> Sequence[BaseRoute]:
        talent = TalentRoutes(self.talent, lambda: self.state)
        own = [document_route(linkedin_document), approvals_route(lambda: self.state), older_route(lambda: self.state)]
        return [*own, *self.recruiter.routes(), *talent.routes(), *self.pushes.routes()]

    def next_due(self) -> int | None:
        dues = [at for at in (self.state.tasks.next_due(), self.pushes.next_due()) if at is not None]
        return min(dues, default=None)

    def do_due(self) -> None:
        self._settled()
        self.pushes.deliver_due()

    @property
    def world_changed(self) -> bool:
        """LinkedIn takes its members from the world and changes none of them."""
        return False

    def state_parts(self) -> dict[str, Any]:
        return {**self._reception.state_parts(), "pushes": self.pushes.parts()}

    def take_back(self, world: Any, parts: Mapping[str, Any]) -> None:
        self._network = world.network
        self._reception.take_back(parts)
        self.pushes.take_back(parts["pushes"])

    @recorded
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"].startswith(PREFIX):
            await self._control(scope, receive, send)
            return
        if serves(scope["path"]):
            await self._pages(scope, receive, send)
            return
        headers = dict(scope["headers"])
        lane = (headers.get(b"authorization", b""), scope["path"])
        # Reads may overlap with anything; a tunnelled one is a POST too.
        writes = scope["method"] != "GET" and headers.get(b"x-http-method-override", b"").upper() != b"GET"
        parallel = writes and self._busy[lane] > 0
        self._busy[lane] += writes
        try:
            request = _request(scope, headers, await read_body(receive))
            answer, fault = self._reception.serve(request, parallel=parallel)
        except ClientGoneError:
            return
        finally:
            self._busy[lane] -= writes
            if not self._busy[lane]:
                del self._busy[lane]
        if answer is not None and fault is None:
            await send_answer(send, answer)
        elif answer is not None and fault is not None:
            await send_broken(send, answer, fault)
        elif fault is not None:
            await play_silence(send, fault)


def _request(scope: Scope, headers: dict[bytes, bytes], body: bytes) -> Request:
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
    )


def _credentials(application: DeveloperApplication) -> dict[str, str]:
    return {
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "urn": application.urn,
        "name": application.name,
        "unique_foreign_id": application.foreign_id,
    }
