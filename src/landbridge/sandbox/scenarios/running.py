"""Carries a script out on a running sandbox, step by step, and reports."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from string import Template
from typing import Any, Final, Literal

import httpx2
import msgspec
from msgspec import Struct, field

from landbridge.sandbox.kernel import PREFIX, Site
from landbridge.sandbox.kernel.control import turn_clock
from landbridge.sandbox.kernel.lengths import parse_length
from landbridge.sandbox.kernel.site import System
from landbridge.sandbox.scenarios.conditions import check, count_calls
from landbridge.sandbox.scenarios.reading import ReadScript
from landbridge.sandbox.scenarios.script import ClockTurn, Expectation, Request, Step

TICK_SECONDS: Final = 0.02


class Outcome(Struct, kw_only=True):
    """What became of one step or expectation."""

    line: int
    says: str
    outcome: Literal["done", "failed"]
    detail: str = ""


class Report(Struct, kw_only=True):
    """What a scenario came to. ``broken`` counts the broken rules of each system, whether expected or not."""

    name: str
    passed: bool = True
    outcomes: list[Outcome] = field(default_factory=list)
    broken: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, line: int, says: str, problem: str | None, detail: str = "") -> None:
        self.passed = self.passed and problem is None
        outcome: Literal["done", "failed"] = "failed" if problem else "done"
        self.outcomes.append(Outcome(line=line, says=says, outcome=outcome, detail=problem or detail))

    def text(self) -> str:
        """For a terminal."""
        rows = [f"Scenario {self.name}: {'passed' if self.passed else 'FAILED'}"]
        for each in self.outcomes:
            detail = f" ({each.detail})" if each.detail else ""
            rows.append(f"  {'ok  ' if each.outcome == 'done' else 'FAIL'}  line {each.line:>3}  {each.says}{detail}")
        for system, rules in self.broken.items():
            listed = ", ".join(f"{rule} {times}x" for rule, times in sorted(rules.items()))
            rows.append(f"  rules broken at {system}: {listed or 'none'}")
        return "\n".join(rows) + "\n"


class FailedError(Exception):
    """A step did not come to what the script says."""


async def run(site: Site, read: ReadScript) -> Report:
    """Set the sandbox up and carry the script out. What fails stands in the report, and the first failure ends it."""
    stage = _Stage(site)
    report = Report(name=read.script.name)
    try:
        await _prepare(stage, read, report)
        for place, step in enumerate(read.script.steps):
            if not report.passed:
                break
            await _step(stage, step, read.lines.get(f"steps.{place}", 0), report)
        for place, expected in enumerate(read.script.expect):
            await _expect(stage, expected, read.lines.get(f"expect.{place}", 0), report)
    finally:
        await stage.close()
    report.broken = {system.name: dict(system.journal.rules_broken) for system in site.systems}
    return report


class _Stage:
    """The systems by name, an HTTP client into each without any port, and the words a script may use with a dollar."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.systems: dict[str, System] = {system.name: system for system in site.systems}
        self.http = {
            name: httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app=system, raise_app_exceptions=False),
                base_url="http://sandbox.local",
                timeout=None,
            )
            for name, system in self.systems.items()
        }
        self.tokens: dict[str, str] = {}
        self.began_at = site.clock.ms()

    async def close(self) -> None:
        for http in self.http.values():
            await http.aclose()

    def words(self) -> dict[str, str]:
        """``$organization``, ``$contract`` and a ``$seat`` on it, ``$child_id``, ``$child_urn``, ``$parent_id``."""
        shown = self.systems["linkedin"].credentials()
        return {
            "organization": shown["organization"],
            "contract": shown["contracts"][0]["urn"],
            "seat": shown["seats"][0]["urn"],
            "child_id": shown["child"]["client_id"],
            "child_urn": shown["child"]["urn"],
            "parent_id": shown["parent"]["client_id"],
        }

    def filled(self, content: Any) -> Any:
        if isinstance(content, str):
            return Template(content).safe_substitute(self.words())
        if isinstance(content, dict):
            return {self.filled(name): self.filled(value) for name, value in content.items()}
        return [self.filled(value) for value in content] if isinstance(content, list) else content


async def _prepare(stage: _Stage, read: ReadScript, report: Report) -> None:
    script = read.script
    try:
        if script.world is not None:
            stage.site.seed(script.world)
        else:
            stage.site.reset()
        if script.clock is not None:
            await _turn(stage, script.clock)
        _set_limits(stage, script.limits)
    except (ValueError, TypeError, msgspec.ValidationError) as problem:
        report.add(1, "set the sandbox up", str(problem))
    stage.began_at = stage.site.clock.ms()


async def _step(stage: _Stage, step: Step, line: int, report: Report) -> None:
    says = step.note or _say(step)
    try:
        await _moment(stage, step)
        detail = await _act(stage, step)
    except (FailedError, ValueError, TypeError, KeyError, msgspec.ValidationError) as problem:
        report.add(line, says, str(problem) or type(problem).__name__)
    else:
        report.add(line, says, None, detail)


def _say(step: Step) -> str:
    when = f"after {step.after.calls} calls of {step.after.operation}: " if step.after else ""
    when = f"at {step.at}: " if step.at else when
    part = getattr(step, step.action, None)
    named = {"people": "route", "call": "path", "fault": "kind"}.get(step.action)
    return f"{when}{step.action.replace('_', ' ')} {getattr(part, named) if named else ''}".rstrip()


async def _moment(stage: _Stage, step: Step) -> None:
    """Until the moment of the step has come. Raises :class:`FailedError` when it does not come in time."""
    due = stage.began_at + round(parse_length(step.at).total_seconds() * 1000) if step.at is not None else 0

    def has_come() -> bool:
        wanted = step.after
        counted = wanted is None or count_calls(stage.systems[wanted.system], wanted) >= wanted.calls
        return counted and stage.site.clock.ms() >= due

    deadline = asyncio.get_running_loop().time() + parse_length(step.within).total_seconds()
    while not has_come():
        if asyncio.get_running_loop().time() >= deadline:
            raise FailedError(f"its moment did not come within {step.within}")
        await asyncio.sleep(TICK_SECONDS)


async def _act(stage: _Stage, step: Step) -> str:
    """Do it; gives a few words about what came of it."""
    if step.fault is not None:
        fault = msgspec.structs.asdict(step.fault)
        stage.systems[fault.pop("system")].faults.add(fault)
    elif step.clear_faults is not None:
        stage.systems[step.clear_faults].faults.clear()
    elif step.clock is not None:
        await _turn(stage, step.clock)
    elif step.limits is not None:
        _set_limits(stage, step.limits)
    elif step.people is not None:
        wanted = step.people
        path = f"{PREFIX}/{stage.filled(wanted.route).lstrip('/')}"
        answer = await stage.http[wanted.system].request(wanted.method, path, json=stage.filled(wanted.body))
        _check_status(answer, wanted.status)
    elif step.call is not None:
        return await _call(stage, step.call)
    elif step.snapshot is not None:
        stage.site.snapshot(step.snapshot)
    elif step.restore is not None:
        stage.site.restore(step.restore)
    elif step.expect is not None:
        system = stage.systems[step.expect.system]
        holds, says, are = await check(step.expect, system, stage.http[step.expect.system])
        if not holds:
            raise FailedError(f"expected {says}, found {are}")
        return are
    return ""


async def _turn(stage: _Stage, turn: ClockTurn) -> None:
    wanted = {name: value for name, value in msgspec.structs.asdict(turn).items() if value is not None}
    await turn_clock(stage.site, wanted)


def _set_limits(stage: _Stage, limits: Mapping[Any, dict[str, Any]]) -> None:
    for name, wanted in limits.items():
        stage.systems[name].set_limits(wanted)


async def _call(stage: _Stage, wanted: Request) -> str:
    statuses: list[int] = []
    for _ in range(wanted.times):
        headers = {**await _sign_in(stage, wanted), **stage.filled(wanted.headers)}
        body = stage.filled(wanted.body)
        content: dict[str, Any] = {"content": body} if isinstance(body, str) else {"json": body}
        request = {} if body is None else content
        try:
            answer = await stage.http[wanted.system].request(
                wanted.method, stage.filled(wanted.path), headers=headers, **request
            )
        except ConnectionError:
            statuses.append(0)
            continue
        statuses.append(answer.status_code)
        if wanted.status is not None:
            _check_status(answer, wanted.status)
    return f"answered {', '.join(map(str, dict.fromkeys(statuses)))}"


async def _sign_in(stage: _Stage, wanted: Request) -> dict[str, str]:
    """The headers of a credential; a token is fetched once and used until it expires on the sandbox's clock."""
    by = wanted.by or ("child" if wanted.system == "linkedin" else "account")
    if by == "nobody" or "authorization" in {name.lower() for name in wanted.headers}:
        return {}
    if by == "account":
        return {"x-smarttoken": stage.systems["smartrecruiters"].credentials()["api_key"]}
    if by not in stage.tokens:
        shown = stage.systems["linkedin"].credentials()[by]
        form = {"grant_type": "client_credentials", "client_id": shown["client_id"]}
        answer = await stage.http["linkedin"].post(
            "/oauth/v2/accessToken", data={**form, "client_secret": shown["client_secret"]}
        )
        _check_status(answer, 200)
        stage.tokens[by] = answer.json()["access_token"]
    return {"authorization": f"Bearer {stage.tokens[by]}"}


def _check_status(answer: httpx2.Response, wanted: int) -> None:
    if answer.status_code != wanted:
        raise FailedError(f"answered {answer.status_code} and not {wanted}: {answer.text[:200]}")


async def _expect(stage: _Stage, expected: Expectation, line: int, report: Report) -> None:
    holds, says, are = await check(expected, stage.systems[expected.system], stage.http[expected.system])
    report.add(line, f"expect {says}", None if holds else f"found {are}", are)
