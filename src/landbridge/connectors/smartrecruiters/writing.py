"""SmartRecruiters, written: candidates on jobs, contact details and notes.

Sources: candidatesadd, candidatesaddtojob, candidatesupdate, messages. None of the creations is idempotent. Nobody can
be put on a second job directly; the same identity (e-mail and last name) sent to the other job is the only way. A
note's author is the credential's user and its time is now; who wrote what and when has to stand in the text.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec import structs

from landbridge.connectors.description import Wiring
from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.access import Permission, WritePermission
from landbridge.connectors.smartrecruiters.client import SmartRecruiters, next_page, open_client
from landbridge.connectors.smartrecruiters.settings import CANDIDATE_LIST, TIMEOUT, Settings, read_settings
from landbridge.connectors.smartrecruiters.source import SmartRecruitersSource
from landbridge.errors import (
    MissingError,
    NotPermittedError,
    RejectedError,
    SettingError,
    SignInRejectedError,
    SurpriseError,
)
from landbridge.http import Answer, Call, Client, CursorTrail, path_segment
from landbridge.http.decoding import decode_json
from landbridge.ports.ats import Exporter, Known, NewNote, NewPerson
from landbridge.ports.source import Page
from landbridge.records.kinship import pair_key

T = TypeVar("T")

# Of 10,000, some are for the candidate's tag and for what takes the place of mentions.
LONGEST_NOTE = 9_000
MOST_NAMESAKES = 20
PAGE_SIZE = 100
MOST_PAGES = 50
_TAG = re.compile(r"<(?=[A-Za-z/!])")
_MEANT = re.compile(r"[@#](?=\[(?:USER|CANDIDATE):)")


def open_writing(wiring: Wiring) -> SmartRecruitersWriting:
    """Raises SettingError."""
    settings = read_settings(wiring.settings, wiring.secrets)
    http = open_client(settings, wiring)
    source = SmartRecruitersSource(settings, SmartRecruiters(http), wiring.clock)
    return SmartRecruitersWriting(settings, http, source)


class SmartRecruitersWriting:
    """``ports.ats.AtsWriting`` of one account."""

    longest_note = LONGEST_NOTE
    is_email_needed = True
    is_repeatable = False
    is_exporter_taken = False

    def __init__(self, settings: Settings, http: Client, source: SmartRecruitersSource) -> None:
        self._settings = settings
        self._http = http
        self._account = SmartRecruiters(http)
        self._source = source
        self._sources: dict[str, wire.SourceDetails] = {}

    async def read_candidate(self, key: str) -> Known | None:
        try:
            return _known(await self._seen(self._account.candidate(key)))
        except MissingError:
            return None

    async def find_by_email(self, email: str) -> Sequence[Known]:
        found = await self._search(email)
        return [_known(person) for person in found if (person.email or "").lower() == email.lower()]

    async def find_by_profile(self, profile_url: str, first_name: str, last_name: str) -> Sequence[Known]:
        """The search knows names only: who bears the name is asked for the address."""
        wanted, name = profile_of(profile_url), f"{first_name} {last_name}".strip()
        if not wanted or not name:
            return []
        people = [await self.read_candidate(row.id) for row in (await self._search(name))[:MOST_NAMESAKES]]
        return [known for known in people if known and profile_of(known.profile_url) == wanted]

    async def is_on_job(self, candidate: str, job: str) -> bool:
        try:
            await self._seen(self._account.application(candidate, job))
        except MissingError:
            return False
        return True

    async def create_candidate(
        self, person: NewPerson, job: str, source: str, *, by: Exporter | None = None, key: str = ""  # noqa: ARG002 - there is no place for either
    ) -> str:  # fmt: skip
        experience: list[dict[str, str | bool]] | None = None
        if person.title and person.employer:
            experience = [{"title": person.title, "company": person.employer, "current": True}]
        return await self._add(
            job,
            wire.NewCandidate(
                first_name=person.first_name,
                last_name=person.last_name,
                email=person.email or "",
                web={"linkedin": person.profile_url} if person.profile_url else None,
                location={"city": person.location} if person.location else None,
                experience=experience,
                source_details=await self._source_details(source),
            ),
        )

    async def attach_to_job(
        self, candidate: Known, job: str, source: str, *, by: Exporter | None = None, key: str = ""  # noqa: ARG002 - likewise
    ) -> str:  # fmt: skip
        """Name and address say who it is: of somebody renamed since, a second candidate would be made. So they are read
        right before, and nothing comes in between."""
        details = await self._source_details(source)
        person = await self.read_candidate(candidate.key)
        if person is None:
            raise RejectedError("the candidate is gone")
        return await self._add(
            job,
            wire.NewCandidate(
                first_name=person.first_name,
                last_name=person.last_name,
                email=person.email or candidate.email or "",
                source_details=details,
            ),
        )

    async def add_contact(
        self, candidate: str, *, email: str | None = None, phone: str | None = None, key: str = ""  # noqa: ARG002 - likewise
    ) -> None:  # fmt: skip
        edit = wire.CandidateEdit(email=email, phone_number=phone)
        await self._write(
            "PATCH", f"/candidates/{path_segment(candidate)}", "/candidates/{id}", edit, WritePermission.MANAGE
        )

    async def post_note(self, note: NewNote, *, key: str = "") -> str:  # noqa: ARG002 - likewise
        audience = wire.Audience(open_note=True) if note.users is None else wire.Audience(users=list(note.users))
        share = wire.Share(content=f"#[CANDIDATE:{note.candidate}] {plain(note.text)}", share_with=audience)
        made = await self._write("POST", "/messages/shares", "/messages/shares", share, WritePermission.NOTE)
        return decode_json(made, wire.Shared).id

    async def has_note(self, candidate: str, marker: str) -> bool:
        trail, page_id = CursorTrail(), None
        for _ in range(MOST_PAGES):
            query = {"candidateId": candidate, "limit": str(PAGE_SIZE), "pageId": page_id}
            call = Call(method="GET", path="/messages", route="/messages", query=_encoded(query), timeout=TIMEOUT)
            answer = await self._send(call, WritePermission.NOTES)
            if any(marker in (row.content or "") for row in answer.decode(list[wire.Message])):
                return True
            page_id = trail.follow(page_id, next_page(answer.headers.get("link", "")))
            if page_id is None:
                return False
        raise SurpriseError("the list of a candidate's notes does not end", code="paging_loop")

    async def delete_note(self, note: str, *, posted_as: str = "") -> None:  # noqa: ARG002 - likewise
        path, route = f"/messages/shares/{path_segment(note)}", "/messages/shares/{id}"
        # It is gone already; in which words SmartRecruiters says so is not documented.
        call = Call(method="DELETE", path=path, route=route, accepts=frozenset({404}), timeout=TIMEOUT)
        await self._send(call, WritePermission.UNNOTE)

    async def read_back(self, candidate: str, job: str | None) -> Sequence[Page]:
        pages = [await self._source.read_item("candidates", candidate)]
        if job is not None:
            page = await self._source.read_item("applications", pair_key(candidate, job))
            pages.append(structs.replace(page, items=()))
            pages += [await self._source.read_item(item.pass_name, item.key) for item in page.items]
        return pages

    async def close(self) -> None:
        await self._source.close()

    async def _seen(self, reading: Awaitable[T]) -> T:
        """Raises RejectedError where nothing but this record is closed to the credential, whatever that looks like."""
        try:
            return await reading
        except (NotPermittedError, SignInRejectedError) as refused:
            raise await self._source.permissions.explain(refused, Permission.CANDIDATES) from refused

    async def _search(self, phrase: str) -> list[wire.CandidateRow]:
        """People with an application in whom the phrase stands; whoever has none is not listed at all."""
        query = {"q": '"' + phrase.replace('"', " ") + '"', "limit": str(PAGE_SIZE)}
        call = Call(
            method="GET", path="/candidates", route="/candidates", query=_encoded(query), allowance=CANDIDATE_LIST,
            timeout=TIMEOUT,
        )  # fmt: skip
        rows = (await self._send(call, Permission.CANDIDATES)).decode(wire.Rows)
        return [decode_json(row, wire.CandidateRow) for row in rows.content]

    async def _add(self, job: str, person: wire.NewCandidate) -> str:
        path, route = f"/jobs/{path_segment(job)}/candidates", "/jobs/{jobId}/candidates"
        return decode_json(await self._write("POST", path, route, person, WritePermission.CREATE), wire.Person).id

    async def _write(
        self, method: str, path: str, route: str, body: msgspec.Struct, permission: WritePermission
    ) -> bytes:
        call = Call(
            method=method, path=path, route=route, content=msgspec.json.encode(body), content_type="application/json",
            records=1, timeout=TIMEOUT,
        )  # fmt: skip
        return (await self._send(call, permission)).content

    async def _send(self, call: Call, permission: Permission | WritePermission) -> Answer:
        """Raises NotPermittedError with the permission where it is missing, whatever the refusal looks like."""
        try:
            return await self._http.send(call)
        except (NotPermittedError, SignInRejectedError) as refused:
            raise await self._source.permissions.explain_write(refused, permission) from refused

    async def _source_details(self, label: str) -> wire.SourceDetails:
        if not self._sources:
            self._sources = await self._read_sources()
        found = self._sources.get(label.lower())
        if found is None:
            raise SettingError(
                f"SmartRecruiters has no candidate source {label}",
                code="source_missing",
                hint=f"Add a source with the name {label} in SmartRecruiters, under Sources.",
            )
        return found

    async def _read_sources(self) -> dict[str, wire.SourceDetails]:
        """Every living source by its label in small letters."""
        types = await self._get("/configuration/sources", "/configuration/sources", wire.Rows)
        found: dict[str, wire.SourceDetails] = {}
        for raw in types.content:
            kind = decode_json(raw, wire.Labelled).id or ""
            path = f"/configuration/sources/{path_segment(kind)}/values"
            values = await self._get(path, "/configuration/sources/{type}/values", wire.Rows, {"limit": str(PAGE_SIZE)})
            for row in values.content:
                value = decode_json(row, wire.SourceValue)
                sub_type = value.source_sub_type.id if value.source_sub_type else None
                details = wire.SourceDetails(source_type_id=kind, source_sub_type_id=sub_type, source_id=value.id)
                found.setdefault((value.label or "").strip().lower(), details)
        return found

    async def _get(self, path: str, route: str, kind: type[T], query: dict[str, str | None] | None = None) -> T:
        call = Call(method="GET", path=path, route=route, query=_encoded(query or {}), timeout=TIMEOUT)
        return (await self._send(call, Permission.SOURCES)).decode(kind)


def plain(text: str) -> str:
    """A text as SmartRecruiters takes it: HTML tags are refused, and a mention would send somebody an e-mail."""
    return _MEANT.sub(lambda sign: sign.group() + "\u200b", _TAG.sub("\u2039", text))


def profile_of(url: str | None) -> str:
    """What two spellings of one profile's address have in common; "" where it is no address of a profile."""
    path = urlsplit(url if url and "//" in url else f"//{url or ''}").path.strip("/").lower()
    return path if path.startswith(("in/", "pub/")) else ""


def _known(person: wire.Person) -> Known:
    details = person if isinstance(person, wire.Candidate) else wire.Candidate(id=person.id)
    return Known(
        key=person.id,
        first_name=person.first_name or "",
        last_name=person.last_name or "",
        email=(person.email or "").strip() or None,
        phone=(details.phone_number or "").strip() or None,
        profile_url=details.web.linkedin if details.web else None,
    )


def _encoded(query: Mapping[str, str | None]) -> str:
    return urlencode({name: value for name, value in query.items() if value is not None})
