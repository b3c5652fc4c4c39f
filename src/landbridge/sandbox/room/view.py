"""What the pages of the control room show, gathered from the running sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
import msgspec
import orjson

from landbridge.sandbox.kernel import PREFIX, Site
from landbridge.sandbox.kernel.faults import Fault
from landbridge.sandbox.kernel.search import found, search_of, shown_entry
from landbridge.sandbox.kernel.site import System
from landbridge.sandbox.scenarios import EXAMPLES, example, read_script

TITLES: Final = {"linkedin": "LinkedIn", "smartrecruiters": "SmartRecruiters"}
ROWS: Final = 100
VISITS: Final = 25
FIELDS: Final = ("q", "operation", "status", "client", "since", "until", "violations")
KINDS: Final = {
    "status": "answer a status, do nothing",
    "half_fail": "refuse every second element of a batch",
    "element": "refuse one element of a batch",
    "delay": "answer late",
    "hang": "never answer",
    "reset": "reset the connection",
    "lost_answer": "do it, lose the answer",
    "truncated": "do it, send half of the answer",
    "wrong": "do it, answer something else",
    "duplicate": "let the request arrive twice",
    "reorder": "let the next call overtake this one",
    "lost": "push: never send it",
    "duplicated": "push: send it twice",
    "late": "push: send it later than others",
    "slow": "task: let it take longer",
    "stuck": "task: never finish",
}


def system_of(site: Site, name: str | None) -> System:
    return next((system for system in site.systems if system.name == name), site.systems[0])


def moment(ms: int) -> str:
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return "never"


def frame(site: Site, here: str) -> dict[str, Any]:
    """What every page has: the clock, the world, which page this is."""
    now = site.clock.now()
    return {
        "here": here,
        "now": now.strftime("%Y-%m-%d %H:%M:%S"),
        "now_iso": now.isoformat(),
        "day": now.strftime("%A"),
        "frozen": site.clock.frozen,
        "world": site.choice,
        "systems": [(system.name, TITLES[system.name]) for system in site.systems],
        "broken": sum(sum(system.journal.rules_broken.values()) for system in site.systems),
        "calls": sum(system.journal.requests.total() for system in site.systems),
        "waiting": sum(len(system.faults.waiting()) for system in site.systems),
        "prefix": PREFIX,
    }


def overview(site: Site) -> dict[str, Any]:
    return {"cards": [_card(site, system) for system in site.systems], "recent": _recent(site)}


def _card(site: Site, system: System) -> dict[str, Any]:
    statuses: dict[str, int] = {}
    for (_, status), times in system.journal.requests.items():
        group = f"{status // 100}xx" if status else "no answer"
        statuses[group] = statuses.get(group, 0) + times
    limits = dict(system.limits())
    return {
        "name": system.name,
        "title": TITLES[system.name],
        "url": site.urls.get(system.name, ""),
        "counts": [(name.replace("_", " "), count) for name, count in system.state_counts().items()],
        "statuses": sorted(statuses.items()),
        "broken": sum(system.journal.rules_broken.values()),
        "mode": limits.pop("mode"),
        "limits": [(name, value) for name, value in limits.items() if not isinstance(value, Mapping)],
        "limits_json": orjson.dumps(limits, option=orjson.OPT_INDENT_2).decode(),
        "credentials": list(_flat(system.credentials())),
    }


def _flat(content: Any, path: str = "") -> Any:
    """``("child client_id", "77...")``: each credential with its place in words."""
    if isinstance(content, Mapping):
        for name, part in content.items():
            yield from _flat(part, f"{path} {name}".strip())
    elif isinstance(content, list) and content and isinstance(content[0], Mapping):
        for number, part in enumerate(content, 1):
            yield from _flat(part, f"{path} {number}")
    elif isinstance(content, list | tuple):
        yield path, " ".join(map(str, content))
    elif content is not None and not isinstance(content, bool):
        yield path, str(content)


def _recent(site: Site) -> list[dict[str, Any]]:
    rows = [_row(system, entry) for system in site.systems for entry in system.journal.latest(8)]
    return sorted(rows, key=lambda row: -row["ms"])[:8]


def _row(system: System, entry: Any) -> dict[str, Any]:
    return {
        "system": system.name,
        "title": TITLES[system.name],
        "number": entry.number,
        "ms": entry.at,
        "at": moment(entry.at),
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "operation": entry.operation,
        "status": entry.status,
        "tone": "good" if 200 <= entry.status < 300 else "bad" if entry.status >= 400 or not entry.status else "plain",
        "records": entry.records,
        "milliseconds": f"{entry.duration_us / 1000:.1f}",
        "client": entry.client,
        "fault": entry.fault,
        "violations": entry.violations,
    }


def journal(site: Site, query: Mapping[str, str]) -> dict[str, Any]:
    """Raises ``ValueError`` for a search that makes no sense."""
    system = system_of(site, query.get("system"))
    entries = found(system.journal, search_of(query), ROWS + 1, newest=True)
    kept = {name: value for name, value in query.items() if value and name != "before"}
    older = urlencode({**kept, "before": entries[ROWS - 1].number}) if len(entries) > ROWS else ""
    return {
        "system": system.name,
        "query": {**dict.fromkeys(FIELDS, ""), **query},
        "rows": [_row(system, entry) for entry in entries[:ROWS]],
        "older": older,
        "search": urlencode({name: value for name, value in kept.items() if name != "system"}),
        "operations": operations(system),
        "kept_bytes": system.journal.exchanges.kept_bytes,
        "visits": [(moment(visit.at), visit) for visit in system.journal.pages.latest(VISITS)],
    }


def operations(system: System) -> list[str]:
    return sorted({operation for operation, _ in system.journal.requests})


def call(site: Site, name: str, number: int) -> dict[str, Any] | None:
    """One call in full; None when the journal does not hold it."""
    system = system_of(site, name)
    entry = system.journal.find(number)
    if entry is None:
        return None
    shown = shown_entry(system.journal, entry)
    for part in ("request", "answer"):
        if part in shown:
            shown[part]["body"] = pretty(shown[part]["body"])
    return {"row": _row(system, entry), "shown": shown, "snapshots": sorted(site.snapshots)}


def pretty(body: str) -> str:
    """JSON with indents; anything else as it is."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONDecodeError:
        return body


def audit(site: Site) -> dict[str, Any]:
    parts = []
    for system in site.systems:
        findings = [
            {
                **msgspec.structs.asdict(each),
                "says": _sentence(each.says),
                "first": moment(each.first_at),
                "last": moment(each.last_at),
                "fix": each.fix or system.advice.get(each.rule, ""),
            }
            for each in system.journal.findings()
        ]
        broken = {each["rule"] for each in findings}
        rules = [rule for rule in system.rules if rule.code not in broken]
        parts.append({"name": system.name, "title": TITLES[system.name], "findings": findings, "kept": rules})
    return {"parts": parts}


def _sentence(text: str) -> str:
    """With a capital, unless it begins with a name that has its own spelling."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() and first.islower() else text


def faults(site: Site) -> dict[str, Any]:
    listed = [(system.name, TITLES[system.name], fault) for system in site.systems for fault in system.faults.all()]
    return {
        "faults": [
            {
                "system": name,
                "title": title,
                "number": fault.number,
                "operation": fault.operation,
                "kind": fault.kind,
                "says": KINDS[fault.kind],
                "details": _details(fault),
                "matched": fault.matched,
                "struck": fault.struck,
                "spent": fault.spent,
            }
            for name, title, fault in listed
        ],
        "kinds": KINDS,
        "operations": sorted({operation for system in site.systems for operation in operations(system)}),
    }


def _details(fault: Fault) -> str:
    """What differs from a plain fault."""
    plain = Fault(operation="*", kind=fault.kind)
    hidden = {"operation", "kind", "number", "matched", "struck"}
    changed = [
        "until it is removed" if name == "times" and value is None else f"{name.replace('_', ' ')} {value}"
        for name, value in msgspec.structs.asdict(fault).items()
        if name not in hidden and value != getattr(plain, name)
    ]
    return ", ".join(changed)


async def deliveries(site: Site) -> dict[str, Any]:
    """Job posting tasks, pushes and webhooks, as the control room's own routes tell them."""
    told: dict[str, Any] = {}
    routes = (("linkedin", "tasks"), ("linkedin", "pushes"), ("linkedin", "talent"), ("smartrecruiters", "webhooks"))
    for system, route in routes:
        told[route] = await ask(system_of(site, system), route)
    tasks = (told["tasks"] or {}).get("tasks", [])
    for task in tasks:
        task["posted"], task["due"] = moment(task["posted_at"]), moment(task["due_at"])
    pushes = (told["pushes"] or {}).get("pushes", [])
    for push in pushes:
        push["made"], push["due"] = moment(push["made_at"]), moment(push["due_at"])
    return {
        "tasks": tasks[::-1],
        "pushes": pushes[::-1],
        "wishes": _wishes(told["talent"] or {}),
        "subscribers": [_subscriber(each) for each in (told["webhooks"] or {}).get("subscriptions", [])],
    }


def _wishes(talent: Mapping[str, Any]) -> list[dict[str, str]]:
    """What LinkedIn waits for a client to read or to do: exports, evaluations, jobs to be sent again."""
    rows = [
        {"what": what, "of": one["request_id"], "ms": one["at"], "until": one["expires_at"], "done": one["read_at"]}
        for what, name in (("Export to be read", "exports"), ("Evaluation to be read", "evaluations"))
        for one in talent.get(name, [])
    ]
    rows += [
        {
            "what": "Jobs to be sent again",
            "of": "all open ones" if one["all_open"] else ", ".join(one["jobs"]),
            "ms": one["asked_at"],
            "until": one["due_at"],
            "done": None,
        }
        for one in talent.get("resyncs", [])
    ]
    rows.sort(key=lambda row: -row["ms"])
    return [
        {
            "what": row["what"],
            "of": row["of"],
            "at": moment(row["ms"]),
            "until": moment(row["until"]),
            "done": moment(row["done"]) if row["done"] else "",
        }
        for row in rows[:ROWS]
    ]


def _subscriber(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "due": moment(row["next_due_at"]) if row["next_due_at"] is not None else "",
        "log": [{**line, "at": moment(line["at"])} for line in row["log"][:ROWS]],
    }


async def ask(system: System, route: str) -> dict[str, Any] | None:
    """What a control-room route answers to a GET; None when there is none."""
    transport = httpx2.ASGITransport(app=system)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox.local") as http:
        found = await http.get(f"{PREFIX}/{route}")
    return dict(found.json()) if found.status_code == 200 else None


def snapshots(site: Site) -> dict[str, Any]:
    rows = [
        {"name": each.name, "taken": each.taken_at.strftime("%Y-%m-%d %H:%M:%S"), "size": f"{len(each.content):,}"}
        for each in site.snapshots.values()
    ]
    return {"snapshots": rows}


def scenarios() -> dict[str, Any]:
    listed = []
    for name in EXAMPLES:
        text = example(name)
        script = read_script(text).script
        listed.append({"file": name, "name": script.name, "about": script.about, "text": text})
    return {"examples": listed}
