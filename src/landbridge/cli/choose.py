"""landbridge choose: what of the company goes to LinkedIn, and how."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landbridge.cli.opening import WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say

if TYPE_CHECKING:
    from landbridge.cli.operator import Operator
    from landbridge.store.access_lists import Tally
    from landbridge.sync.choices import Choices


NAMES = {"reviews": "reviews", "notes": "notes", "resumes": "resumes", "teams": "hiring teams"}


class Access(StrEnum):
    EVERYBODY = "everybody"
    TEAMS = "teams"


class Jobs(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"


JobsOption = Annotated[
    Jobs | None,
    typer.Option(help="private: only the company's recruiters see the jobs. public: they appear on LinkedIn."),
]
HistoryOption = Annotated[str | None, typer.Option(help="How far back: a number of days, at least 730, or everything.")]
ConfidentialOption = Annotated[
    bool | None,
    typer.Option("--include-confidential/--exclude-confidential", help="Whether confidential jobs go as well."),
]
AccessOption = Annotated[
    Access | None,
    typer.Option(
        help="Who sees a job in Recruiter. everybody: whoever has a seat. teams: those of its hiring team in the "
        "ATS whose seat is connected; a job without any is seen by nobody."
    ),
]
ReviewsOption = Annotated[
    bool | None,
    typer.Option("--reviews/--no-reviews", help="Whether reviews of applications go, as interview feedback."),
]
NotesOption = Annotated[
    bool | None,
    typer.Option(
        "--notes/--no-notes",
        help="Whether notes on applications go, whoever they were meant for: SmartRecruiters does not tell.",
    ),
]
ResumesOption = Annotated[
    bool | None,
    typer.Option(
        "--resumes/--no-resumes",
        help="Whether the files people applied with go, as attachments. Needs LinkedIn's versioned API (rest).",
    ),
]
AddressOption = Annotated[
    str | None,
    typer.Option(
        help="Of exported people whose e-mail nobody knows. wait: they wait on the desk. Or an address of your own "
        "with {id} before the @, such as exports+{id}@example.com: each becomes a candidate at once with it."
    ),
]
AgreeOption = Annotated[
    bool,
    typer.Option("--agree", help="Agree, for the company, to what is shared by these choices; it is shown."),
]


def choose(
    workspace: WorkspaceOption = "",
    jobs: JobsOption = None,
    history: HistoryOption = None,
    confidential: ConfidentialOption = None,
    access: AccessOption = None,
    reviews: ReviewsOption = None,
    notes: NotesOption = None,
    resumes: ResumesOption = None,
    export_address: AddressOption = None,
    agree: AgreeOption = False,
) -> None:
    """Show the choices of a workspace, or change those that are given; what they change is sent or withdrawn.

    Once somebody has agreed to what is shared, other choices have to be agreed to as well.
    """
    said = {
        "availability": jobs.upper() if jobs is not None else None,
        "exclude_confidential": not confidential if confidential is not None else None,
        "access": access.value if access is not None else None,
        "share_reviews": reviews,
        "share_notes": notes,
        "share_resumes": resumes,
    }
    given: dict[str, Any] = {name: one for name, one in said.items() if one is not None}
    if history is not None:
        given["history_days"] = _days(history)  # None: everything
    run(_choose(workspace, given, export_address, agree=agree))


def _days(text: str) -> int | None:
    if text == "everything":
        return None
    if not text.isascii() or not text.isdigit():
        raise typer.BadParameter("the history is a number of days, or everything")
    return int(text)


async def _choose(slug: str, given: dict[str, Any], address: str | None, *, agree: bool) -> None:
    from landbridge.cli.operator import operator_of
    from landbridge.jobs.desk import By, set_policy
    from landbridge.jobs.onboarding.consent import newly_read
    from landbridge.store import access_lists
    from landbridge.store.workspaces import load_workspace
    from landbridge.sync.choices import read_choices

    async with opened() as parts:
        async with parts.database.connection() as connection:
            workspace = await choose_workspace(connection, slug)
        operator = operator_of(parts, workspace)
        if address is not None:
            by = By(name=operator.name)
            again = await set_policy(parts.database, workspace.id, address, by=by, now=operator.now)
            if again:
                say(f"{again:,} exported people who waited go on.")
        agreed, count = await _save(operator, given, agree=agree)
        async with parts.database.connection() as connection:
            choices = read_choices((await load_workspace(connection, workspace.id)).choices)
            lists = await access_lists.count(connection, workspace.id)
    for line in lines(choices, lists):
        say(line)
    if count:
        say(f"{count:,} records are looked at again; only what changes by it is sent.")
    before = read_choices(workspace.choices)
    for what in newly_read(before, choices):
        say(f"The {NAMES[what]} {'are read now.' if agreed else 'have to be read once: landbridge sync --reread'}")
    if choices.access == "teams" and before.access != "teams":
        say("Until a job's team is read and its people are connected, nobody sees the job in Recruiter.")


async def _save(operator: Operator, given: dict[str, Any], *, agree: bool) -> tuple[bool, int]:
    """Whether they were agreed to, and how many records are looked at again where nobody had to.

    Once somebody has agreed, other choices have to be agreed to as well, as on the console's page.
    """
    from landbridge.store.consents import load_consent
    from landbridge.sync.choices import read_choices
    from landbridge.web.acts import consent as acts

    before = operator.workspace.choices
    async with operator.connection() as connection:
        is_bound = await load_consent(connection, operator.workspace_id) is not None
    differs = read_choices({**before, **given}) != read_choices(before)
    if not agree and not (is_bound and differs and sys.stdin.isatty()):
        return False, await acts.choose(operator, given) if differs else 0
    wanted = read_choices({**before, **given})
    for line in agreement(wanted):
        say(line)
    if not agree:
        typer.confirm("Do you agree to this for your company?", abort=True)
    receipt = await acts.agree(operator, given)
    say(f"Agreed: receipt {receipt.id}, by {receipt.given_by}.")
    return True, 0


def agreement(choices: Choices) -> Iterator[str]:
    """The words that are agreed to, and the fields they speak of."""
    from landbridge.connectors.linkedin.preview import SHARED
    from landbridge.jobs.onboarding.consent import FURTHER_TEXTS, TEXT, shared_fields

    fields = set(shared_fields(choices))
    for kind, some in groupby((one for one in SHARED if one.code in fields), key=lambda one: one.kind):
        yield f"  {kind.plural}: {', '.join(one.title for one in some)}"
    yield TEXT
    yield from (FURTHER_TEXTS[kind] for kind, shared in choices.shared_kinds.items() if shared)


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
    yield f"Notes:             {'go as notes on applications' if choices.share_notes else 'stay in the ATS'}"
    yield f"Resumes:           {'go as attachments' if choices.share_resumes else 'stay in the ATS'}"
