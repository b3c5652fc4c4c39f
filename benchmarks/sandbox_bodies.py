"""Batches of records as a client sends them, tunnelled, with the lengths of real ids, names and addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote
from uuid import UUID

from msgspec import Struct

BATCH: Final = 100
JOBS: Final = 4_000
CREATED: Final = 1_767_225_600_000
VERSION: Final = b"202603"
BOUNDARY: Final = b"seam"
#: Odd, so that multiplying by it modulo 2**128 gives every number another one.
_SPREAD: Final = 0x9E3779B97F4A7C15F39CC0605CEDC835
_PEOPLE: Final = 10**12
_STAGES: Final = 2 * 10**12


def uuid_of(number: int) -> str:
    """A text that looks like a random UUID, unlike for every number."""
    return str(UUID(int=number * _SPREAD % 2**128))


class Batch(Struct, frozen=True):
    """One call before it is written down: ``query`` names the keys, ``body`` holds the entities (none: a read)."""

    path: str
    query: str
    body: str
    rest: bool

    def as_read(self) -> Batch:
        return Batch(self.path, self.query, "", self.rest)

    def request(self, token: str) -> bytes:
        """The bytes of one tunnelled HTTP request."""
        method, kind, content = ("PUT", b"batch_update", self._parts()) if self.body else ("GET", b"", self._query())
        form = b"multipart/mixed; boundary=" + BOUNDARY if self.body else b"application/x-www-form-urlencoded"
        head = [
            b"POST %b HTTP/1.1" % self.path.encode(),
            b"Host: localhost",
            b"Authorization: Bearer " + token.encode(),
            b"Content-Type: " + form,
            b"Content-Length: %d" % len(content),
            b"X-HTTP-Method-Override: " + method.encode(),
        ]
        if kind:
            head.append(b"X-RestLi-Method: " + kind)
        if self.rest:
            head += [b"X-RestLi-Protocol-Version: 2.0.0", b"LinkedIn-Version: " + VERSION]
        return b"\r\n".join(head) + b"\r\n\r\n" + content

    def _query(self) -> bytes:
        return self.query.encode()

    def _parts(self) -> bytes:
        part = b"--%b\r\nContent-Type: %b\r\n\r\n%b\r\n"
        form = part % (BOUNDARY, b"application/x-www-form-urlencoded", self._query())
        return form + part % (BOUNDARY, b"application/json", self.body.encode()) + b"--%b--\r\n" % BOUNDARY


def candidates(
    organization: str, count: int, *, first: int = 0, version: int = 0, rest: bool = False
) -> Iterator[Batch]:
    """``version`` changes a field and the last-modified time of each."""
    created, modified = (
        ("externalCreatedAt", "externalLastModifiedAt") if rest else ("atsCreatedAt", "atsLastModifiedAt")
    )
    for start in range(first, first + count, BATCH):
        numbers = range(start, start + BATCH)
        values = [
            f'{{"firstName":"Mirela","lastName":"Novotna","{created}":{CREATED},"{modified}":{CREATED + version},'
            f'"emailAddresses":["mirela.novotna.{n}@example.org"],"phoneNumbers":[{{"number":"+420 601 {n:09}"}}],'
            f'"addresses":[{{"city":"Brno","country":"CZ"}}],"currentJobTitle":"Tram Driver {version}",'
            f'"externalProfileUrl":"https://ats.example.org/app/people/{n}"}}'
            for n in numbers
        ]
        names = ("externalCandidateId",) if rest else ("atsCandidateId",)
        path = "/rest/candidates" if rest else "/v2/atsCandidates"
        yield batch_of(path, organization, names, [(uuid_of(n),) for n in numbers], values, rest=rest)


def applications(organization: str, count: int, *, version: int = 0) -> Iterator[Batch]:
    """Two per candidate."""
    for start in range(0, count, BATCH):
        numbers = range(start, start + BATCH)
        values = [
            f'{{"atsCandidateId":"{uuid_of(n // 2)}","atsJobPostingId":"{uuid_of(n % JOBS)}",'
            f'"atsJobPostingName":"Tram Driver","atsCreatedAt":{CREATED},"atsLastModifiedAt":{CREATED + version},'
            f'"candidateEmail":"mirela.novotna.{n // 2}@example.org","firstName":"Mirela","lastName":"Novotna",'
            f'"source":"Career site"}}'
            for n in numbers
        ]
        keys = [(uuid_of(_PEOPLE + n),) for n in numbers]
        yield batch_of("/v2/atsApplications", organization, ("atsJobApplicationId",), keys, values, rest=False)


def stages(organization: str, count: int) -> Iterator[Batch]:
    """One per application."""
    for start in range(0, count, BATCH):
        numbers = range(start, start + BATCH)
        values = [f'{{"atsCreatedAt":{CREATED},"stage":"Phone Screen"}}'] * BATCH
        keys = [(uuid_of(_PEOPLE + n), uuid_of(_STAGES + n)) for n in numbers]
        names = ("jobApplicationId", "jobApplicationStageId")
        yield batch_of("/rest/applicationStage", organization, names, keys, values, rest=True)


def jobs(organization: str, count: int) -> Iterator[bytes]:
    """The bodies of batch creates: the jobs the applications name."""
    text = "Drive trams through the old town, day and night, in all seasons and with all kinds of people on board. "
    for start in range(0, count, BATCH):
        elements = ",".join(
            f'{{"integrationContext":"{organization}","externalJobPostingId":"{uuid_of(n)}","title":"Tram Driver",'
            f'"jobPostingOperationType":"CREATE","availability":"PRIVATE_TO_ATS_INTEGRATION","description":"{text}",'
            f'"location":"Brno, Czechia","companyApplyUrl":"https://ats.example.org/jobs/{n}","listedAt":{CREATED}}}'
            for n in range(start, start + BATCH)
        )
        yield b'{"elements":[%b]}' % elements.encode()


def entity_acls(organization: str, count: int) -> Iterator[Batch]:
    """One list per job."""
    keys = [(f"list-{n % 50}", "JOB_POSTING", uuid_of(n)) for n in range(count)]
    names = ("entityAclId", "entityType", "entityId")
    yield from _empty("/rest/entityAcls", organization, names, keys)


def assignees(organization: str, people: Sequence[str], count: int) -> Iterator[Batch]:
    """Ten lists per person at most; later batches name the same again."""
    pairs = [(f"list-{n}", "JOB_POSTING", quote(person, safe="")) for person in people for n in range(10)]
    size = len(pairs) // BATCH * BATCH
    keys = [pairs[n % size] for n in range(count)]
    yield from _empty("/rest/entityAclAssignees", organization, ("entityAclId", "entityType", "assignee"), keys)


def _empty(path: str, organization: str, names: tuple[str, ...], keys: list[tuple[str, str, str]]) -> Iterator[Batch]:
    for start in range(0, len(keys), BATCH):
        yield batch_of(path, organization, names, keys[start : start + BATCH], ["{}"] * BATCH, rest=True)


def batch_of(
    path: str,
    organization: str,
    names: Sequence[str],
    keys: Sequence[tuple[str, ...]],
    values: list[str],
    *,
    rest: bool,
) -> Batch:
    fields = [dict(zip(names, key, strict=True)) for key in keys]
    if rest:
        context = quote(organization, safe="")
        texts = [
            "(" + ",".join(f"{name}:{value}" for name, value in key.items()) + f",integrationContext:{context})"
            for key in fields
        ]
        query = f"ids=List({','.join(texts)})"
    else:
        known = {"dataProvider": "ATS", "integrationContext": organization}
        texts = ["&".join(f"{name}={value}" for name, value in {**key, **known}.items()) for key in fields]
        query = "&".join(
            f"ids[{index}].{name}={quote(value, safe='')}"
            for index, key in enumerate(fields)
            for name, value in {**key, **known}.items()
        )
    entities = ",".join(f'"{text}":{value}' for text, value in zip(texts, values, strict=True))
    return Batch(path, query, f'{{"entities":{{{entities}}}}}', rest)
