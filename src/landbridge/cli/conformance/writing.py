"""The checks of the half that writes: exports, contact details and notes, in a world of its own.

Each begins with an ATS in which earlier ones have left people and notes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from msgspec import structs

from landbridge.cli.conformance.checks import Verdict
from landbridge.cli.conformance.mangling import HOSTILE
from landbridge.errors import LandbridgeError, MissingError, RecordError
from landbridge.http import clean_text
from landbridge.ports.ats import AtsWriting, Known, NewNote, NewPerson
from landbridge.records import Candidate

SOURCE = "LinkedIn Recruiter"


class WritingSubject(ABC):
    """One ATS to be written, and what it holds then."""

    writing: AtsWriting
    jobs: Sequence[str]

    @abstractmethod
    def on_jobs(self, candidate: str) -> list[str]:
        """The jobs a candidate is on; [] for one that is not there."""

    @abstractmethod
    def notes(self, candidate: str) -> list[str]:
        """The texts on a candidate."""

    @abstractmethod
    async def contact(self, candidate: str) -> tuple[list[str], str | None]:
        """E-mail addresses and phone number of a candidate."""

    @abstractmethod
    def lose_answer(self) -> None:
        """The next thing that is done succeeds, and the answer is lost."""


Check = Callable[[WritingSubject], Awaitable[list[str]]]


async def check_writing(subject: WritingSubject) -> AsyncIterator[Verdict]:
    """A verdict for each rule, as ``checks.check_all`` gives them for what is read."""
    for rule, check in CHECKS.items():
        try:
            faults = await check(subject)
        except LandbridgeError as error:
            faults = [f"{type(error).__name__} ({error.code}): {error}"]
        yield Verdict(rule=rule, faults=tuple(faults))


async def exports(subject: WritingSubject) -> list[str]:
    key = await subject.writing.create_candidate(_person("Export"), subject.jobs[0], SOURCE, key="export-1")
    faults = _differ("jobs of a new candidate", subject.on_jobs(key), [subject.jobs[0]])
    known = await subject.writing.read_candidate(key)
    faults += _differ("name read back", known and (known.first_name, known.last_name), ("Zyx", "Export"))
    if not await subject.writing.is_on_job(key, subject.jobs[0]) or await subject.writing.is_on_job(
        key, subject.jobs[1]
    ):
        faults.append("is_on_job does not say on which job a new candidate is")
    found = [one.key for one in await subject.writing.find_by_email("EXPORT@example.org")]
    faults += _differ("people found by the e-mail address", found, [key])
    told = {one.id for page in await subject.writing.read_back(key, subject.jobs[0]) for one in page.records
            if isinstance(one, Candidate)}  # fmt: skip
    return faults + ([] if told <= {key} else ["read_back brings somebody else"])


async def attaches(subject: WritingSubject) -> list[str]:
    key = await subject.writing.create_candidate(_person("Attach"), subject.jobs[0], SOURCE, key="attach-1")
    known = await subject.writing.read_candidate(key) or Known(key=key)
    again = await subject.writing.attach_to_job(known, subject.jobs[1], SOURCE, key="attach-2")
    return _differ("candidate put on a second job", again, key) + _differ(
        "jobs of a candidate put on a second one", sorted(subject.on_jobs(key)), sorted(subject.jobs[:2])
    )


async def does_without_email(subject: WritingSubject) -> list[str]:
    if subject.writing.is_email_needed:
        return []
    person = structs.replace(_person("Nomail"), email=None)
    key = await subject.writing.create_candidate(person, subject.jobs[0], SOURCE, key="nomail-1")
    return _differ("jobs of a candidate without e-mail", subject.on_jobs(key), [subject.jobs[0]])


async def posts_and_deletes(subject: WritingSubject) -> list[str]:
    key = await subject.writing.create_candidate(_person("Note"), subject.jobs[0], SOURCE, key="note-1")
    note = NewNote(candidate=key, text="Knows ropes.\n\n(LB-CHECK1)", words="Knows ropes.")
    made = await subject.writing.post_note(note, key="note-2")
    faults = _differ("notes", ["Knows ropes." in text for text in subject.notes(key)], [True])
    for _ in range(2):
        await subject.writing.delete_note(made, posted_as="note-2")
        faults += _differ("notes after deleting", subject.notes(key), [])
    made = await subject.writing.post_note(note, key="note-3")
    return faults + _differ("notes after posting anew", len(subject.notes(key)), 1)


async def survives_lost_answers(subject: WritingSubject) -> list[str]:
    """What was done and not answered is found, or repeated without a second effect."""
    writing, person, job = subject.writing, _person("Lost"), subject.jobs[0]
    subject.lose_answer()
    key = await _again(lambda: writing.create_candidate(person, job, SOURCE, key="lost-1"))
    if key is None:
        key = next((one.key for one in await writing.find_by_email(str(person.email))), "")
    faults = _differ("jobs of a candidate whose answer was lost", subject.on_jobs(key), [job])
    note = NewNote(candidate=key, text="Said once.\n\n(LB-CHECK2)", words="Said once.")
    subject.lose_answer()
    lost = await _again(lambda: writing.post_note(note, key="lost-2")) is None
    if lost and not writing.is_repeatable and not await writing.has_note(key, "LB-CHECK2"):
        faults.append("a note whose answer was lost cannot be found")
    if writing.is_repeatable:
        await writing.create_candidate(person, job, SOURCE, key="lost-1")
        await writing.post_note(note, key="lost-2")
    faults += _differ("people made", len(await writing.find_by_email(str(person.email))), 1)
    faults += _differ("notes posted", len(subject.notes(key)), 1)
    if writing.is_repeatable:
        await writing.delete_note("", posted_as="lost-2")
        faults += _differ("notes after deleting by key", subject.notes(key), [])
    return faults


async def adds_contacts(subject: WritingSubject) -> list[str]:
    key = await subject.writing.create_candidate(_person("Contact"), subject.jobs[0], SOURCE, key="contact-1")
    for _ in range(2):
        await subject.writing.add_contact(key, email="shared@example.org", phone="+44 20 7946 0000", key="contact-2")
        emails, phone = await subject.contact(key)
        if "shared@example.org" not in emails or emails.count("shared@example.org") != 1:
            return ["a shared e-mail address is not there once"]
        if "".join(filter(str.isdigit, phone or "")) != "442079460000":
            return ["a shared phone number is not there"]
    return []


async def refuses_in_time(subject: WritingSubject) -> list[str]:
    """A job or a person that is not there is this one record's trouble, not the connection's."""
    faults = []
    try:
        await subject.writing.create_candidate(_person("Nowhere"), NOWHERE, SOURCE, key="nowhere-1")
        faults.append("a job that is not there takes candidates")
    except MissingError:
        pass
    try:
        await subject.writing.post_note(NewNote(candidate=NOWHERE, text="Nobody"), key="nowhere-2")
        faults.append("somebody who is not there takes notes")
    except RecordError:
        pass
    return faults


async def takes_hostile_text(subject: WritingSubject) -> list[str]:
    key = await subject.writing.create_candidate(_person("Hostile"), subject.jobs[0], SOURCE, key="hostile-1")
    text = (clean_text(HOSTILE) + " @[USER:1] 🚢")[: subject.writing.longest_note]
    await subject.writing.post_note(NewNote(candidate=key, text=text, words=text), key="hostile-2")
    return _differ("notes with odd text", len(subject.notes(key)), 1)


CHECKS: Mapping[str, Check] = {
    "puts an exported person on the job, and finds it again": exports,
    "a known candidate gets one job more, and no second self": attaches,
    "takes people without an e-mail address, where it says so": does_without_email,
    "posts notes, and deletes them; deleting again changes nothing": posts_and_deletes,
    "a lost answer makes nothing twice": survives_lost_answers,
    "contact details are added, each once": adds_contacts,
    "what is not there is refused, and nothing else": refuses_in_time,
    "odd text arrives": takes_hostile_text,
}
NOWHERE = "00000000-0000-4000-8000-000000000000"


def _person(name: str) -> NewPerson:
    return NewPerson(
        first_name="Zyx",
        last_name=name,
        email=f"{name.lower()}@example.org",
        profile_url=f"https://www.linkedin.com/in/zyx-{name.lower()}/",
    )


async def _again(act: Callable[[], Awaitable[str]]) -> str | None:
    """What it gave; None where the answer was lost."""
    try:
        return await act()
    except LandbridgeError:
        return None


def _differ(what: str, found: object, wanted: object) -> list[str]:
    return [] if found == wanted else [f"{what}: {found!r} instead of {wanted!r}"]
