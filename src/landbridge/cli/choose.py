"""landbridge choose: what of the company goes to LinkedIn, and how."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landbridge.cli.opening import WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say

if TYPE_CHECKING:
    from landbridge.store.access_lists import Tally
    from landbridge.sync.choices import Choices


class Access(StrEnum):
    EVERYBODY = "everybody"
    TEAMS = "teams"


class Jobs(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"


def choose(
    workspace: WorkspaceOption = "",
    jobs: Annotated[
        Jobs | None,
        typer.Option(help="private: only the company's recruiters see the jobs. public: they appear on LinkedIn."),
    ] = None,
    history: Annotated[
        str | None, typer.Option(help="How far back: a number of days, at least 730, or everything.")
    ] = None,
    confidential: Annotated[
        bool | None,
        typer.Option("--include-confidential/--exclude-confidential", help="Whether confidential jobs go as well."),
    ] = None,
    access: Annotated[
        Access | None,
        typer.Option(
            help="Who sees a job in Recruiter. everybody: whoever has a seat. teams: those of its hiring team in the "
            "ATS whose seat is connected; a job without any is seen by nobody."
        ),
    ] = None,
    reviews: Annotated[
        bool | None,
        typer.Option("--reviews/--no-reviews", help="Whether reviews of applications go, as interview feedback."),
    ] = None,
    resumes: Annotated[
        bool | None,
        typer.Option(
            "--resumes/--no-resumes",
            help="Whether the files people applied with go, as attachments. Needs LinkedIn's versioned API (rest).",
        ),
    ] = None,
    export_address: Annotated[
        str | None,
        typer.Option(
            help="Of exported people whose e-mail nobody knows. wait: they wait on the desk. Or an address of your own "
            "with {id} before the @, such as exports+{id}@example.com: each becomes a candidate at once with it."
        ),
    ] = None,
) -> None:
    """Show the choices of a workspace, or change those that are given; what they change is sent or withdrawn."""
    given: dict[str, Any] = {}
    if jobs is not None:
        given["availability"] = jobs.upper()
    if history is not None:
        given["history_days"] = _days(history)
    if confidential is not None:
        given["exclude_confidential"] = not confidential
    if access is not None:
        given["access"] = access.value
    if reviews is not None:
        given["share_reviews"] = reviews
    if resumes is not None:
        given["share_resumes"] = resumes
    run(_choose(workspace, given, export_address))


def _days(text: str) -> int | None:
    if text == "everything":
        return None
    if not text.isascii() or not text.isdigit():
        raise typer.BadParameter("the history is a number of days, or everything")
    return int(text)


async def _choose(slug: str, given: dict[str, Any], address: str | None) -> None:
    from landbridge.cli.connecting import now
    from landbridge.cli.contract import BY
    from landbridge.cli.syncing import works_of
    from landbridge.jobs import access
    from landbridge.jobs.control import look_again
    from landbridge.jobs.desk import By, set_policy
    from landbridge.jobs.onboarding.consent import check_resumes
    from landbridge.store import access_lists
    from landbridge.store.workspaces import save_choices
    from landbridge.sync.choices import read_choices

    async with opened() as parts:
        if address is not None:
            async with parts.database.connection() as connection:
                chosen = await choose_workspace(connection, slug)
            again = await set_policy(parts.database, chosen.id, address, by=By(name=BY), now=now())
            if again:
                say(f"{again:,} exported people who waited go on.")
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
            wanted = {**workspace.choices, **given}
            choices = read_choices(wanted)
            if given.get("access") == Access.TEAMS:
                await access.check_teams(connection, workspace.id)
            if given.get("share_resumes"):
                async with works_of(parts) as works:
                    await check_resumes(works, workspace.id)
            if wanted != workspace.choices:
                await save_choices(connection, workspace.id, wanted)
            lists = await access_lists.count(connection, workspace.id)
        for line in lines(choices, lists):
            say(line)
        if choices != read_choices(workspace.choices):
            count = await look_again(parts.database, workspace.id, states=("delivered", "held", "quarantined"))
            say(f"{count:,} records are looked at again; only what changes by it is sent.")
        before = read_choices(workspace.choices)
        for what in newly_read(before, choices):
            say(f"The {what} have to be read once: landbridge sync --reread")
        if choices.access == "teams" and before.access != "teams":
            say("Until a job's team is read and its people are connected, nobody sees the job in Recruiter.")


def newly_read(before: Choices, after: Choices) -> Iterator[str]:
    """What is wanted of the ATS now and was not before."""
    if after.share_reviews and not before.share_reviews:
        yield "reviews"
    if after.share_resumes and not before.share_resumes:
        yield "resumes"
    if after.access == "teams" and before.access != "teams":
        yield "hiring teams"


def lines(choices: Choices, lists: Tally) -> Iterator[str]:
    """The choices as text, with what has come of them."""
    jobs = {
        "PRIVATE": "private: only the company's recruiters see them in LinkedIn Recruiter",
        "PUBLIC": "public: they appear on LinkedIn",
    }
    yield f"Jobs:              {jobs[choices.availability]}"
    days = choices.history_days
    yield f"History:           {'everything' if days is None else f'what has moved within the last {days:,} days'}"
    yield f"Confidential jobs: {'stay out' if choices.exclude_confidential else 'go as well'}"
    who = {"everybody": "whoever has a seat", "teams": "the hiring team, as far as seats are connected"}
    yield f"Seen by:           {who[choices.access]}"
    if lists.lists or lists.refused:
        yield f"Access lists:      {lists.lists:,}, with {lists.jobs:,} jobs and {lists.people:,} people"
    if lists.refused:
        yield f"Refused there:     {lists.refused:,} entries, mostly {lists.reason}"
    yield f"Exported people:   {choices.export_address or 'wait on the desk where nobody knows an e-mail address'}"
    yield f"Reviews:           {'go as interview feedback' if choices.share_reviews else 'stay in the ATS'}"
    yield f"Resumes:           {'go as attachments' if choices.share_resumes else 'stay in the ATS'}"
