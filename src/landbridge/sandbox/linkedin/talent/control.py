"""The same actions as control-room routes, so that a test or a demo needs no browser.

``GET /_sandbox/talent`` gives everything; ``POST /_sandbox/talent/{action}`` does one thing. Members are named by
number, person URN (of any application), e-mail address or profile URL, seats by URN.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from landbridge.sandbox.kernel import PREFIX
from landbridge.sandbox.kernel.control import answer, wanted_json
from landbridge.sandbox.linkedin.members import PERSON
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.state import State
from landbridge.sandbox.linkedin.talent.talent import Talent

Action = Callable[..., Any]


class TalentRoutes:
    """Routes over one :class:`Talent`."""

    def __init__(self, talent: Talent, state: Callable[[], State]) -> None:
        self._talent = talent
        self._state = state

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route(f"{PREFIX}/talent", self._show, methods=["GET"]),
            Route(f"{PREFIX}/talent/{{action}}", self._act, methods=["POST"]),
        ]

    def actions(self) -> Mapping[str, Action]:
        talent = self._talent
        return {
            "send-inmail": talent.inmails.send,
            "follow-up": talent.inmails.follow_up,
            "reply": talent.inmails.reply,
            "decline": talent.inmails.decline,
            "share-contact": talent.inmails.share_contact,
            "write-note": talent.notes.write,
            "edit-note": talent.notes.edit,
            "delete-note": talent.notes.delete,
            "jobs": talent.exports.jobs,
            "export": talent.exports.export,
            "close-account": talent.accounts.close,
            "resync-jobs": talent.resyncs.ask,
            "evaluate": talent.evaluations.evaluate,
            "links": talent.links.of_member,
        }

    async def _show(self, _: Request) -> Response:
        records = self._state().talent
        return answer(
            {
                "actions": {name: list(inspect.signature(act).parameters) for name, act in self.actions().items()},
                "threads": msgspec.to_builtins(list(records.threads.values())),
                "stubs": msgspec.to_builtins(records.stubs),
                "notes": msgspec.to_builtins(list(records.notes.values())),
                "exports": msgspec.to_builtins(list(records.exports.values())),
                "closures": msgspec.to_builtins(list(records.closures.values())),
                "resyncs": msgspec.to_builtins(records.resyncs),
                "evaluations": msgspec.to_builtins(list(records.evaluations.values())),
            }
        )

    async def _act(self, request: Request) -> Response:
        act = self.actions().get(request.path_params["action"])
        if act is None:
            return answer({"error": "no such action", "actions": sorted(self.actions())}, 404)
        try:
            wanted = _checked(act, await wanted_json(request))
            if "member" in wanted:
                wanted["member"] = self._member(wanted["member"])
            return answer(msgspec.to_builtins(act(**wanted)))
        except (msgspec.ValidationError, TypeError, ValueError) as problem:
            return answer({"error": str(problem)}, 400)
        except RefusalError as refusal:
            return answer({"error": refusal.message}, refusal.status)

    def _member(self, told: int | str) -> int:
        """The number behind what was told; raises ``ValueError``."""
        state = self._state()
        if isinstance(told, int):
            return told
        if told.startswith(PERSON):
            numbers = [child.persons.member(told) for child in state.children()]
        else:
            numbers = [*state.directory.match([told], told)]
        found = next((number for number in numbers if number is not None), None)
        if found is None:
            raise ValueError("no member is known by this")
        return found


def _checked(act: Action, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with the types the action declares. Raises ``ValueError`` or ``msgspec.ValidationError``."""
    parameters = inspect.signature(act, eval_str=True).parameters
    unknown = wanted.keys() - parameters.keys()
    missing = [name for name, one in parameters.items() if one.default is one.empty and name not in wanted]
    if unknown or missing:
        raise ValueError(f"this action takes {', '.join(parameters)}; required here: {', '.join(missing) or 'nothing'}")
    types = {"member": int | str}
    return {
        name: msgspec.convert(value, types.get(name, parameters[name].annotation)) for name, value in wanted.items()
    }
