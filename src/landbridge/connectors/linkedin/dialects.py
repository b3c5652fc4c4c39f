"""LinkedIn's two generations of each resource, as data: paths, key fields, renamed fields, limits.

``v2`` is unversioned, ``rest`` versioned with a header. Resources move at different times, so each is chosen on its
own; and because several names and limits of ``rest`` are not documented, all of them can be overridden by settings
(:class:`Override`). Sources: LinkedIn's middle-ware platform pages and the rename table of its release notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

from landbridge.connectors.linkedin.restli import SIMPLE, Protocol
from landbridge.ports.destination import Limits

Generation: TypeAlias = Literal["v2", "rest"]

# A version lives two years; LinkedIn's list of March 2026 ends with this one.
NEWEST_VERSION = "202603"

PER_MINUTE, PER_DAY, PER_CALL = 10_000, 100_000, 100
USUAL = Limits(records_per_minute=PER_MINUTE, calls_per_day=PER_DAY, records_per_call=PER_CALL)
# 5,000 calls a day; batches of keys without a documented size.
CONFIGURATION = Limits(records_per_minute=None, calls_per_day=5_000, records_per_call=25)

# Seats, InMails, stub profiles and notes share 100,000 calls a day; records are not counted.
INBOUND = Limits(records_per_minute=None, calls_per_day=PER_DAY, records_per_call=1)


class Resource(Struct, frozen=True, kw_only=True):
    """One resource in one generation.

    ``path`` may hold ``{parent}``: then a call carries children of that one parent and the key is the plain child id.
    ``renames`` maps a field's v2 name to its name here.
    """

    path: str
    id_field: str = SIMPLE
    parent_field: str | None = None
    context_field: str = "integrationContext"
    constants: Mapping[str, str] = {}
    renames: Mapping[str, str] = {}
    protocol: Protocol = Protocol.ONE
    version: str | None = None
    limits: Limits = USUAL

    @property
    def one_parent_per_call(self) -> bool:
        return "{parent}" in self.path

    @property
    def headers(self) -> dict[str, str]:
        headers = {}
        if self.protocol is Protocol.TWO:
            headers["X-RestLi-Protocol-Version"] = self.protocol.value
        if self.version:
            headers["LinkedIn-Version"] = self.version
        return headers

    def key(self, context: str, key_id: str, parent: str | None = None) -> dict[str, str]:
        """The Rest.li key of one record; ``context`` is the organization's URN."""
        if self.id_field == SIMPLE:
            return {SIMPLE: key_id}
        key = {self.id_field: key_id, **self.constants, self.context_field: context}
        return key if self.parent_field is None or parent is None else {self.parent_field: parent, **key}


class Override(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What settings may say differently about one resource; anything left out stays as documented here."""

    path: str | UnsetType = UNSET
    id_field: str | UnsetType = UNSET
    parent_field: str | UnsetType = UNSET
    renames: Mapping[str, str] | UnsetType = UNSET
    protocol: Protocol | UnsetType = UNSET
    version: str | UnsetType = UNSET
    records_per_minute: int | UnsetType | None = UNSET
    calls_per_day: int | UnsetType | None = UNSET
    records_per_call: int | UnsetType = UNSET


_PROVIDER = {"dataProvider": "ATS"}
_SECURED = {**_PROVIDER, "atsEntityType": "JOB_POSTING"}  # the only type that lists secure

# In the versioned API only, since 202510. Of its limits only the size of a batch is published; the rest are the usual.
_ATTACHMENTS = Resource(
    path="/rest/attachments",
    id_field="externalAttachmentId",
    parent_field="externalReferenceEntityId",
    constants={"externalReferenceEntityType": "APPLICATION", "attachmentType": "RESUME"},
    protocol=Protocol.TWO,
    version=NEWEST_VERSION,
    limits=Limits(records_per_minute=PER_MINUTE, calls_per_day=PER_DAY, records_per_call=10),
)

V2: Mapping[str, Resource] = {
    "jobs": Resource(path="/v2/simpleJobPostings"),
    "tasks": Resource(
        path="/v2/simpleJobPostingTasks",
        limits=Limits(records_per_minute=None, calls_per_day=300_000, records_per_call=PER_CALL),
    ),
    "candidates": Resource(path="/v2/atsCandidates", id_field="atsCandidateId", constants=_PROVIDER),
    "applications": Resource(path="/v2/atsApplications", id_field="atsJobApplicationId", constants=_PROVIDER),
    "stages": Resource(path="/v2/atsApplications/{parent}/stages"),
    "feedback": Resource(path="/v2/atsApplications/{parent}/interviewFeedback"),
    "notes": Resource(path="/v2/atsApplications/{parent}/notes"),
    "resumes": _ATTACHMENTS,
    "media": Resource(path="/v2/hireMediaUrl"),
    "integrations": Resource(path="/v2/atsIntegrations", constants=_PROVIDER, limits=CONFIGURATION),
    "configurations": Resource(path="/v2/atsIntegrations/{parent}/configurations", limits=CONFIGURATION),
    # Which jobs are on a list, and who may see what is on it: the job or the person stands where a parent does.
    "acls": Resource(
        path="/v2/atsEntityAcls", id_field="atsEntityAclId", parent_field="atsEntityId", constants=_SECURED
    ),
    "acl_assignees": Resource(
        path="/v2/atsEntityAclAssignees", id_field="atsEntityAclId", parent_field="assignee", constants=_SECURED
    ),
    "seats": Resource(path="/v2/seatsV2"),
    "exports": Resource(path="/v2/exportedCandidates", limits=INBOUND),
    "inmails": Resource(path="/v2/conversationEvents", limits=INBOUND),
    "contacts": Resource(path="/v2/mailStubs", limits=INBOUND),
    "prospect_notes": Resource(path="/v2/prospectNotes", limits=INBOUND),
    # That closed accounts have to be asked for is documented, the call is not: settings name it.
    "closed_profiles": Resource(path="", limits=INBOUND),
}

_EXTERNAL_TIMES = {"atsCreatedAt": "externalCreatedAt", "atsLastModifiedAt": "externalLastModifiedAt"}

# Limits of candidates and stages are not published for rest; the v2 numbers are kept until they are.
_REST: Mapping[str, Resource] = {
    "candidates": Resource(
        path="/rest/candidates",
        id_field="externalCandidateId",
        renames=_EXTERNAL_TIMES,
    ),
    "applications": Resource(path="/rest/atsApplications", id_field="atsJobApplicationId"),
    "stages": Resource(
        path="/rest/applicationStage", id_field="jobApplicationStageId", parent_field="jobApplicationId"
    ),
    "feedback": Resource(
        path="/rest/applicationInterviewFeedbacks",
        id_field="interviewFeedbackId",
        parent_field="jobApplicationId",
        limits=Limits(records_per_minute=PER_MINUTE, calls_per_day=1_000_000, records_per_call=PER_CALL),
    ),
    # How this one names its times is not published; the notes of candidates name them so.
    "notes": Resource(
        path="/rest/applicationNotes",
        id_field="externalNoteId",
        parent_field="externalJobApplicationId",
        renames=_EXTERNAL_TIMES,
        limits=Limits(records_per_minute=PER_MINUTE, calls_per_day=1_000_000, records_per_call=PER_CALL),
    ),
    "seats": Resource(path="/rest/seatsV2", renames={"id": "seatId"}),
}
REST: Mapping[str, Resource] = {
    # Jobs stay on v2: the versioned form lacks PRIVATE_TO_ATS_INTEGRATION (release note of March 2025), and the
    # requisition resource that is to replace it has no published fields. The keys of versioned integrations and of
    # versioned access lists are not published either.
    **V2,
    **{
        name: msgspec.structs.replace(resource, protocol=Protocol.TWO, version=NEWEST_VERSION)
        for name, resource in _REST.items()
    },
}
GENERATIONS: Mapping[Generation, Mapping[str, Resource]] = {"v2": V2, "rest": REST}


def resolve(
    name: str, generation: Generation, *, version: str = NEWEST_VERSION, override: Override | None = None
) -> Resource:
    """The resource as it is to be used: documented values, the chosen version, then what settings override."""
    resource = GENERATIONS[generation][name]
    if resource.version:
        resource = msgspec.structs.replace(resource, version=version)
    if override is None:
        return resource
    told = {field: value for field, value in msgspec.structs.asdict(override).items() if value is not UNSET}
    limits = {field: told.pop(field) for field in Limits.__struct_fields__ if field in told}
    return msgspec.structs.replace(resource, limits=msgspec.structs.replace(resource.limits, **limits), **told)
