"""``/messages``: notes are shared, listed by administrators and deleted by the id they were given."""

from __future__ import annotations

import re
from typing import Annotated, Final

import msgspec
import orjson

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.smartrecruiters import choices
from landbridge.sandbox.smartrecruiters.call import Call, RefusalError, encode, present
from landbridge.sandbox.smartrecruiters.happenings import Author
from landbridge.sandbox.smartrecruiters.paging import limit_of, next_link, page_id, place_in
from landbridge.sandbox.smartrecruiters.payload import body_of
from landbridge.sandbox.smartrecruiters.records import Message
from landbridge.sandbox.smartrecruiters.state import State
from landbridge.sandbox.worlds.moment import iso

MOST_RECIPIENTS: Final = 100
MENTIONED: Final = re.compile(r"@\[USER:([^\]]*)\]")
TAGGED: Final = re.compile(r"#\[CANDIDATE:([^\]]*)\]")
TAG: Final = re.compile(r"<[A-Za-z/!][^<>]*>")


class Audience(msgspec.Struct, rename="camel"):
    """Whom a note is shared with; nobody named: a note to oneself."""

    users: list[str] = []
    hiring_team_of: list[str] = []
    everyone: bool = False
    open_note: bool = False


class Share(msgspec.Struct, rename="camel"):
    """The body of ``POST /messages/shares``."""

    content: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]
    correlation_id: str | None = None
    share_with: Audience = msgspec.field(default_factory=Audience)


def share(state: State, call: Call) -> Answer:
    message = post(state, state.administrator, body_of(call, Share))
    call.records = 1
    shared = bool(message.users or message.hiring_teams or message.everyone or message.open_note)
    return Answer(status=201, body=orjson.dumps({"id": message.id, "shareRequired": not shared}))


def post(state: State, by: Author, wish: Share) -> Message:
    """A new note; the author is whoever is signed in, and the time is now: neither can be said otherwise."""
    if TAG.search(wish.content):
        raise RefusalError(*choices.NOTE_WITH_HTML, "content must not have HTML tags")
    audience = wish.share_with
    if audience.everyone and audience.open_note:
        raise RefusalError(400, "INVALID_VISIBILITY_OPTIONS", "openNote and everyone exclude each other")
    mentioned, tagged = MENTIONED.findall(wish.content), TAGGED.findall(wish.content)
    _check(state, audience, mentioned, tagged)
    # The correlation id becomes part of the text and is known nowhere else, so it protects from no second note.
    content = f"{wish.content}\n{wish.correlation_id}" if wish.correlation_id else wish.content
    message = Message(
        id=state.make("message").uuid(),
        author=by.id or "",
        content=content,
        created=state.clock.ms(),
        candidates=tuple(dict.fromkeys(tagged)),
        users=tuple(dict.fromkeys([*audience.users, *mentioned])),
        hiring_teams=tuple(dict.fromkeys(audience.hiring_team_of)),
        everyone=audience.everyone,
        open_note=audience.open_note,
    )
    state.messages.add(message)
    state.changed()
    return message


def _check(state: State, audience: Audience, mentioned: list[str], tagged: list[str]) -> None:
    jobs = [state.world.jobs.get(job_id) for job_id in audience.hiring_team_of]
    if None in jobs:
        raise RefusalError(400, "JOB_NOT_FOUND", "there is no job with the id of a hiring team")
    for candidate_id in tagged:
        candidate = state.world.candidates.get(candidate_id)
        if candidate is None or candidate.details_status != 200:
            raise RefusalError(400, "NO_ACCESS_TO_CANDIDATE", "a tagged candidate is not for you to see")
    if not state.users_by_id.keys() >= set(mentioned):
        raise RefusalError(400, "MENTIONED_USERS_NOT_FOUND", "a mentioned user is not known")
    if not state.users_by_id.keys() >= set(audience.users):
        raise RefusalError(400, "SHARED_WITH_USERS_NOT_FOUND", "a user the note is shared with is not known")
    team = {state.world.users[place].id for job in jobs if job for place in job.hiring_team}
    if len({*audience.users, *mentioned, *team}) > MOST_RECIPIENTS:
        raise RefusalError(400, "TOO_MANY_RECIPIENTS", f"a note has at most {MOST_RECIPIENTS} recipients")


def list_messages(state: State, call: Call) -> Answer:
    """A bare array, newest first. It names no ids: whoever wants to delete a note has kept its id."""
    limit, page = limit_of(call), call.value("pageId")
    found = _about(state, call)[::-1]
    first = int(place_in("messages", page)) if page else 0
    rows = found[first : first + limit]
    call.records = len(rows)
    answer = Answer(status=200, body=encode([_row(state, message) for message in rows]))
    if first + limit < len(found):
        answer.headers = next_link(call, page_id("messages", str(first + limit)))
    return answer


def _about(state: State, call: Call) -> list[Message]:
    candidate_id, job_id = call.value("candidateId"), call.value("jobId")
    candidate = state.world.candidates.get(candidate_id or "")
    if candidate_id is not None and candidate is None:
        raise RefusalError(400, "CANDIDATE_NOT_FOUND", "there is no such candidate")
    if job_id is not None and job_id not in state.world.jobs:
        raise RefusalError(400, "JOB_NOT_FOUND", "there is no such job")
    if candidate and job_id and state.application_of(candidate, job_id) is None:
        raise RefusalError(400, "APPLICATION_NOT_FOUND", "this candidate is not in this job")
    found = state.messages.about(candidate.id) if candidate else state.messages.everything()
    return [message for message in found if job_id is None or job_id in _jobs(state, message)]


def _jobs(state: State, message: Message) -> set[str]:
    people = (state.world.candidates.get(each) for each in message.candidates)
    return {application.job_id for person in people if person for application in person.applications}


def _row(state: State, message: Message) -> dict[str, object]:
    people = (state.world.candidates.get(each) for each in message.candidates)
    context = [
        {"applicationId": each.id, "candidateId": each.candidate_id, "jobId": each.job_id}
        for person in people
        if person
        for each in person.applications
    ]
    return present(
        {
            "content": message.content,
            "createdOn": iso(message.created),
            "visibility": "PUBLIC" if message.open_note or message.everyone else "INTERNAL",
            "authorId": message.author,
            "context": {"applications": context},
        }
    )


def delete(state: State, call: Call) -> Answer:
    message = state.messages.get(call.arguments[0])
    if message is None:
        raise RefusalError(*choices.NOTE_UNKNOWN, "there is no such note")
    state.messages.delete(message)
    state.changed()
    return Answer(status=204)
