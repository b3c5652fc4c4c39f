"""What the forms of the control room do. Each action takes the form's fields and raises ``ValueError`` with words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import httpx2
import msgspec
import orjson

from landbridge.sandbox.kernel import PREFIX, Site, WorldChoice
from landbridge.sandbox.kernel.control import checked_name, turn_clock
from landbridge.sandbox.kernel.snapshots import pieces_of, restore
from landbridge.sandbox.room.view import system_of

Form = Mapping[str, Any]
Action = Callable[[Site, Form], Awaitable[None]]
_NUMBERS: Final = {"times": int, "nth": int, "skip": int, "status": int, "element": int, "retry_after": int}
_FRACTIONS: Final = ("probability", "seconds")


async def reset(site: Site, _: Form) -> None:
    site.reset()


async def seed(site: Site, form: Form) -> None:
    choice = WorldChoice(world=str(form["world"]), seed=int(form["seed"]), candidates=int(form["candidates"]))
    site.seed(choice)


async def freeze(site: Site, _: Form) -> None:
    site.clock.freeze()


async def thaw(site: Site, _: Form) -> None:
    site.clock.thaw()


async def advance(site: Site, form: Form) -> None:
    await turn_clock(site, {"advance": str(form["length"])})


async def set_clock(site: Site, form: Form) -> None:
    instant = str(form["instant"]).strip()
    await turn_clock(site, {"set": instant if instant[10:].count("+") or instant.endswith("Z") else f"{instant}Z"})


async def set_limits(site: Site, form: Form) -> None:
    system = system_of(site, str(form["system"]))
    if form["mode"] != "custom":
        system.set_limits({"mode": form["mode"]})
        return
    try:
        wanted = orjson.loads(str(form.get("limits", "")) or "{}")
    except orjson.JSONDecodeError as problem:
        raise ValueError(f"the limits are no JSON: {problem}") from None
    system.set_limits({**wanted, "mode": "custom"})


async def add_fault(site: Site, form: Form) -> None:
    script: dict[str, Any] = {"operation": str(form["operation"]).strip() or "*", "kind": form["kind"]}
    for name, make in _NUMBERS.items():
        if form.get(name):
            script[name] = make(form[name])
    script.update({name: float(form[name]) for name in _FRACTIONS if form.get(name)})
    script.update({name: form[name] for name in ("client", "key", "wrong", "message") if form.get(name)})
    if form.get("forever"):
        script["times"] = None
    system_of(site, str(form["system"])).faults.add(script)


async def remove_fault(site: Site, form: Form) -> None:
    system_of(site, str(form["system"])).faults.remove(int(form["number"]))


async def clear_faults(site: Site, _: Form) -> None:
    for system in site.systems:
        system.faults.clear()


async def clear_journal(site: Site, _: Form) -> None:
    for system in site.systems:
        system.journal.clear()


async def repeat_push(site: Site, form: Form) -> None:
    transport = httpx2.ASGITransport(app=system_of(site, "linkedin"))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox.local") as http:
        told = await http.post(f"{PREFIX}/pushes", json={"number": int(form["number"])})
    if told.status_code != 200:
        raise ValueError(told.json()["error"])


async def take_snapshot(site: Site, form: Form) -> None:
    site.snapshot(checked_name(str(form["name"]).strip()))


async def restore_snapshot(site: Site, form: Form) -> None:
    if form["name"] not in site.snapshots:
        raise ValueError("there is no snapshot of this name any more")
    site.restore(str(form["name"]))


async def forget_snapshot(site: Site, form: Form) -> None:
    site.snapshots.pop(str(form["name"]), None)


async def import_file(site: Site, form: Form) -> None:
    file = form.get("file")
    content = b"" if file is None or isinstance(file, str) else await file.read()
    if not content:
        raise ValueError("choose a file first")
    restore(site, pieces_of(content))


#: Name in the form's address: what it does, the page it returns to, and what is said then.
ACTIONS: Final[Mapping[str, tuple[Action, str, str]]] = {
    "reset": (reset, "", "Everything is as the seed left it, and the clock shows real time."),
    "seed": (seed, "", "A new world: journal, faults and clients' tokens are gone."),
    "freeze": (freeze, "", "The clock stands still."),
    "thaw": (thaw, "", "The clock runs on from where it stood."),
    "advance": (advance, "", "The clock was moved, and what fell due on the way has happened."),
    "set-clock": (set_clock, "", "The clock was set."),
    "limits": (set_limits, "", "The new limits are in force, with fresh counters."),
    "add-fault": (add_fault, "room/faults", "The fault waits for its call."),
    "remove-fault": (remove_fault, "room/faults", "The fault is gone."),
    "clear-faults": (clear_faults, "room/faults", "All faults are gone."),
    "clear-journal": (clear_journal, "room/journal", "The journals are empty."),
    "repeat-push": (repeat_push, "room/deliveries", "The push is on its way again."),
    "take-snapshot": (take_snapshot, "room/snapshots", "The snapshot is taken."),
    "restore-snapshot": (restore_snapshot, "room/snapshots", "The sandbox is as it was then. The journals start anew."),
    "forget-snapshot": (forget_snapshot, "room/snapshots", "The snapshot is forgotten."),
    "import": (import_file, "room/snapshots", "The file was taken over. The journals start anew."),
}
FAILURES: Final = (ValueError, TypeError, KeyError, OverflowError, msgspec.ValidationError)
