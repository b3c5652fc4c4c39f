"""landbridge verify: compare both sides."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landbridge.cli.opening import JsonOption, WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import NOT_CLEAN, say

if TYPE_CHECKING:
    from landbridge.cli.demo.control import FarSide
    from landbridge.cli.opening import Opened
    from landbridge.ports.destination import Entity
    from landbridge.records import Kind
    from landbridge.store.workspaces import Workspace
    from landbridge.sync.reconcile import FarView, Report, Seen

KEYS = {
    "jobs": "externalJobPostingId",
    "candidates": "atsCandidateId",
    "applications": "atsJobApplicationId",
    "stages": "stageId",
    "feedback": "feedbackId",
    "notes": "noteId",
    "resumes": "externalAttachmentId",
}
# What the sandbox calls it, where that is another name.
DUMPS = {"feedback": "interview_feedback", "notes": "application_notes", "resumes": "attachments"}
# The sandbox shows everything by its v2 names.
RENAMED = {"externalCreatedAt": "atsCreatedAt", "externalLastModifiedAt": "atsLastModifiedAt"}
# What a job carries besides its own fields: the wish, not the result.
NOT_SHOWN = {"jobPostingOperationType", "integrationContext"}


def verify(
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
    ask: Annotated[
        bool, typer.Option(help="Ask a sandbox record by record. The real LinkedIn has no such list to ask for.")
    ] = True,
) -> None:
    """Compare the ATS as last read with LinkedIn; status 0 only if nothing is missing, extra, different or stale."""
    clean: list[bool] = []
    run(_verify(workspace, clean, json=json, ask=ask))
    if not all(clean):
        raise typer.Exit(NOT_CLEAN)


async def _verify(slug: str, clean: list[bool], *, json: bool, ask: bool) -> None:
    import msgspec

    from landbridge.store.overview import load_newest_sweep

    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
        report, asked = await compare(parts, workspace, ask=ask)
        clean.append(report.clean)
        async with parts.database.connection() as connection:
            sweep = await load_newest_sweep(connection, workspace.id)
    if json:
        content = {"clean": report.clean, "asked": asked, **msgspec.to_builtins(report)}
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(content)).decode() + "\n")
        return
    if sweep is None:
        say("Nothing has been read from the ATS yet. Start with: landbridge sync")
    elif sweep.state != "done":
        say("The ATS has not been read to its end yet: what is missing there is missing below.")
    for line in lines(report, asked=asked):
        say(line)


async def compare(parts: Opened, workspace: Workspace, *, ask: bool) -> tuple[Report, bool]:
    """Compare, and keep the counts for the console; whether the far side itself was asked."""
    import httpx2
    import msgspec

    from landbridge.cli.connecting import now
    from landbridge.cli.syncing import works_of
    from landbridge.store.reconciliations import save_reconciliation
    from landbridge.sync.reconcile import Reconciling, reconcile

    async with httpx2.AsyncClient(timeout=60, trust_env=False) as http, works_of(parts) as works:
        view = await sandbox_view(http, parts, workspace) if ask else None
        async with works.source(workspace.id) as source, works.destination(workspace.id) as destination:
            reconciling = Reconciling(
                database=parts.database,
                workspace=workspace.id,
                writers=destination.writers,
                clock=works.clock,
                view=view,
                kind_of_pass={one.name: one.of for one in source.passes},
            )
            report = await reconcile(reconciling)
    async with parts.database.connection() as connection:
        await save_reconciliation(connection, workspace.id, msgspec.to_builtins(report.kinds), now())
    return report, view is not None


async def sandbox_view(http: Any, parts: Opened, workspace: Workspace) -> FarView | None:
    """A view of the far side where that is a sandbox on this machine; None where it is the real LinkedIn."""
    from landbridge.cli.demo.control import FarSide
    from landbridge.http.address import is_loopback
    from landbridge.store.connections import load_credentials

    async with parts.database.connection() as connection:
        credentials = await load_credentials(connection, workspace.id, "linkedin", vault=parts.vault)
    url = str(credentials.settings.get("api_url") or parts.settings.linkedin_api_url)
    host = http.build_request("GET", url).url.host
    far_side = FarSide(http, "linkedin", url)
    if not (is_loopback(host) and await far_side.answers()):
        return None
    return SandboxView(far_side, credentials.settings.get("client_id", ""))


class SandboxView:
    """All that a sandbox's LinkedIn has of one child application (``sync.reconcile.FarView``)."""

    def __init__(self, far_side: FarSide, client_id: str) -> None:
        self._far_side = far_side
        self._client_id = client_id

    def expect(self, entity: Entity) -> Mapping[str, Any]:
        import msgspec

        fields = msgspec.json.decode(entity.body, type=dict[str, Any])
        return {RENAMED.get(name, name): value for name, value in fields.items() if name not in NOT_SHOWN}

    async def read(self, kind: Kind) -> AsyncIterator[Seen]:
        from landbridge.sync.reconcile import Seen

        for row in await self._far_side.dump(DUMPS.get(kind.plural, kind.plural)):
            if row["clientId"] == self._client_id:
                yield Seen(row[KEYS[kind.plural]], row)


def lines(report: Report, *, asked: bool) -> Iterator[str]:
    """The report as text."""
    asked_for = "compared record by record" if asked else "counted by what LinkedIn has acknowledged"
    yield f"Both sides {asked_for}:"
    heads = ("ATS", "LinkedIn", "missing", "extra", "different", "stale", "held", "quarantined")
    yield f"{'':14}" + "".join(f"{head:>12}" for head in heads)
    for name, one in report.kinds.items():
        counts = (one.ats, one.linkedin, one.missing, one.extra, one.different, one.stale)
        aside = (sum(one.held.values()), sum(one.quarantined.values()))
        yield f"{name:14}" + "".join(f"{count:>12,}" for count in (*counts, *aside))
    for name, one in report.kinds.items():
        for state, reasons in (("held", one.held), ("quarantined", one.quarantined), ("could not be read", one.unread)):
            yield from (f"  {name} {state}: {count:,} {reason}" for reason, count in reasons.items())
    for finding in report.findings[:20]:
        yield f"  {finding.kind} {finding.what}: {finding.key} {', '.join(finding.fields)}".rstrip()
    yield "clean" if report.clean else "NOT CLEAN"
