"""What no public page says and the sandbox therefore had to choose, all in one place.

Every constant names the open question and why this answer is the plausible one. Change it here and the whole sandbox
follows; nothing else in this package decides an unknown.
"""

from __future__ import annotations

from typing import Final

# --- sign-in -----------------------------------------------------------------------------------------------------

#: Fetching a token while the last one still lives breaks "one shared token"; a few fetches per token life are let
#: pass, because a client may restart or run on several machines.
TOKEN_FETCHES_TOLERATED: Final = 10

#: LinkedIn's page shows ``expires_in`` as a number and its sample as a string. We send the number.
TOKEN_SECONDS: Final = 1800

#: Status of a successful provisioning: 200 or 201 is not shown. Rest.li answers a CREATE with 201.
PROVISIONED_STATUS: Final = 201

#: A name over 50 characters or with the forbidden word: the error is not shown. Field validation is 422 elsewhere.
BAD_NAME_STATUS: Final = 422

#: ``error`` of a revoked token: a service code between those of an invalid (65600) and an expired (65602) one.
REVOKED_TOKEN: Final = 65601

#: What a member can be asked for. Whether a new child still gets ``r_liteprofile`` is not said: here it does, beside
#: those of OpenID Connect, which new applications get.
SCOPES: Final = frozenset({"r_liteprofile", "openid", "profile", "email"})
#: ``v2/userinfo`` answers ``sub`` (the id ``me`` gives too) and what the scopes ``profile`` and ``email`` open; no
#: ``id_token`` is issued.

#: Refreshing a token is for approved applications: here, those the control room approved. What others are told, and
#: what a refresh token that is no good is told, was not read.
NO_REFRESH_STATUS: Final = 401
BAD_REFRESH_STATUS: Final = 400

#: The authorization page's status for a wrong response_type or challenge method; the documented ones are all 401.
BAD_AUTHORIZATION_STATUS: Final = 400

#: PKCE (RFC 7636) is checked where a challenge was sent. The status of a verifier that does not fit was not read.
PKCE_MISMATCH_STATUS: Final = 400

#: A third secret is refused, and so is the deletion of the only one; the status is not given. The state forbids it.
TWO_SECRETS_STATUS: Final = 409

#: "Delete one first": the call exists, its name was not read. It is named like its sister and deletes the older secret.
DELETE_SECRET_ACTION: Final = "deleteDeveloperApplicationSecret"  # noqa: S105 - the name of a call

# --- keys and batches --------------------------------------------------------------------------------------------

#: Clients must parse answer keys, not compare them: we answer fields in reverse alphabetical order, URNs escaped.
ANSWER_FIELDS_REVERSED: Final = True

#: No page gives the status for more than 100 records. A batch of the wrong size is bad syntax.
TOO_MANY_RECORDS_STATUS: Final = 400

#: A key named twice in ``ids``, or entities that differ from ``ids``: bad syntax as well.
KEY_MISMATCH_STATUS: Final = 400

#: The pages show batches only. Rest.li resources that read, update or delete many entities commonly do so to one whose
#: key ends the path; so do ours, with the statuses the batch gives per element.
SINGLE_FORMS_EXIST: Final = True

# --- permission --------------------------------------------------------------------------------------------------

#: Which integrations must be enabled before data is taken is not said; any company-level one of the organization.
COMPANY_INTEGRATIONS: Final = ("ONE_CLICK_EXPORT", "IN_ATS_INDICATOR", "PROFILE_PLUGIN")
CONTRACT_INTEGRATIONS: Final = ("CSA_API",)

#: The name of the status field of an integration: ``status`` in a catalogue, ``onboardingStatus`` in the widget.
INTEGRATION_STATUS_FIELD: Final = "status"
INTEGRATION_STATUSES: Final = ("REQUESTED", "ENABLED", "DISABLED")

#: Recruiter's admin turns on "the named integration": one without a name is shown there but cannot be switched on (the
#: control room can). A name is also what the widget calls "Partner ready".
ENABLING_NEEDS_A_NAME: Final = True

#: How long a request id of a status change stays readable.
STATUS_REQUEST_HOURS: Final = 24

#: The name of the setting in a rest configuration key (the integration key plus this) was not read anywhere.
REST_CONFIGURATION_KEY: Final = "configurationKey"

#: Keys of Cross-System Awareness are kept, it is said, and the customer runs the widget once. What these keys may do
#: before that is not: here ``CSA_API`` is enabled on their contracts, under this name, and nothing of the company.
OLDER_INTEGRATION_NAME: Final = "Cross-System Awareness"

# --- versions ----------------------------------------------------------------------------------------------------

#: ``rest/`` without LinkedIn-Version: "error" on marketing APIs, the number is not given for talent.
MISSING_VERSION_STATUS: Final = 400
NEWEST_VERSION: Final = 202604
#: The sunset table shows two years after the version's own month; its unread tail is assumed to go on like that.
SUPPORT_MONTHS: Final = 24
#: A version that never existed answers like a sunset one.
UNKNOWN_VERSION_STATUS: Final = 426

# --- throttling --------------------------------------------------------------------------------------------------

#: The rate-limit page names no Retry-After, so a quota 429 carries none (a scripted one may).
SEND_RETRY_AFTER: Final = False
#: Calls answered 429 use up no quota; reads count as calls but not as records.

# --- pushes ------------------------------------------------------------------------------------------------------

#: The field with the request id was not seen for this product; another vendor's endpoint for the same push calls it so.
PUSH_ID_FIELD: Final = "id"
#: ``expiresAt`` in epoch milliseconds, as all times of this API. Which of two live secrets signs: the newer one.

#: Retries are not documented here; those of another LinkedIn product are taken.
PUSH_RETRY_SECONDS: Final = 300
PUSH_RETRY_HOURS: Final = 8
#: How long the answer to a push may take.
PUSH_TIMEOUT_SECONDS: Final = 10

#: Whether CALLBACK_URL is challenged by a GET like other webhooks: not by itself, only when the control room says so.
#: Enabling, disabling and asking again are pushed; the first request of an integration is no change of its status.

# --- what people do in Recruiter -------------------------------------------------------------------------------------

#: None of the pages read says how long these may be.
SUBJECT_LENGTH: Final = 200
MESSAGE_LENGTH: Final = 1_900
NOTE_LENGTH: Final = 2_000
#: "300 per seat and month" counts a recruiter's exports (not reads), by calendar month in UTC; the 301st is refused to
#: the recruiter.
EXPORTS_PER_SEAT_AND_MONTH: Final = 300
#: How long the id of an export is readable: a day, as is documented for application evaluations.
EXPORT_REQUEST_HOURS: Final = 24
EVALUATION_REQUEST_HOURS: Final = 24
#: The name of the push that tells of an evaluation was not read.
EVALUATION_PUSH: Final = "EXPORT_APPLICATION_EVALUATION"
#: What an evaluation says was not read; one word of these and a sentence or two.
EVALUATION_RATINGS: Final = ("TOP_MATCH", "GOOD_MATCH", "PARTIAL_MATCH")

#: The wish for jobs to be sent again goes to the customer's CALLBACK_URL: the webhook of the parent application it is
#: documented for is set up in the developer portal, which is not imitated.

# --- widgets -----------------------------------------------------------------------------------------------------

#: The older of two looks is imitated: a row for each level with Request, Notify partner, Partner ready. Both buttons
#: call ``data-onintegrate`` with the integrations of their row.

#: The name of the status in that list, as in a sister widget's; ``dataProvider`` is absent as it is there.
WIDGET_STATUS_FIELD: Final = "onboardingStatus"

#: ``data-onunlink`` is described as "the same" as ``data-onlink``: both are called with the person URN.
#: What was unlinked stays so until somebody links again: the e-mail address or profile URL matches no more.
UNLINK_LASTS: Final = True

#: A page whose origin is not allowed gets no widget and an error in the browser's console, as documented; the wording
#: is ours. An origin is compared as a whole, with its port. The imitated ATS of the same sandbox need not be allowed.
#: The documented five minutes until a new application's widget loads are not imitated.

#: A page with a widget may itself be in a frame. What is wanted of the pages around it is not documented: here their
#: origins have to be allowed as well.

# --- what comes from LinkedIn ------------------------------------------------------------------------------------

#: No response schema of the inbound resources was readable in full. Where a name was read, it is that one; the others
#: are named like their neighbours. Answers hold no ``paging.total``: only another product's pages show it.

#: How large ``count`` may be is not said: any size is taken.

#: Lists and records of a finder are read as the protocol of the call writes them (``owners=a&owners=b`` and
#: ``timeRange.start=1`` in 1.0, ``List(a,b)`` and ``timeRange=(start:1)`` in 2.0). That the other form fails is
#: inferred.

#: InMails: ``createdAt``, ``author``, ``recipients``, ``thread``, ``contract``, ``visibility`` and ``content`` are our
#: names. Accepting or declining without a word is no event. Without a time range everything is returned.

#: Stubs: all but ``emailAddress`` are our names; the versioned form shows the same. A stub goes with the account.

#: Notes: ``owner``, ``prospect``, ``visibility`` and ``text`` are our names. Dates filter by the last change, or edits
#: and deletions could not be followed. A note that is gone has no text. Closing an account ends the notes about it.

#: Exports and evaluations: a list of one element. Nothing is returned for a member who has closed the account, and no
#: candidate is matched with one.

#: A window over 12 hours is answered and put on record: no page gives an error for it.
#: Of the two answers to whether ``createdDateEnd`` belongs to the window: it does not (0). ``beforeDate`` does (1).
STUB_END_INCLUDED: Final = 0
NOTE_END_INCLUDED: Final = 1
#: Whether private notes are returned: no, other vendors import those "anyone in my organization" can read. One that
#: turns private is returned once more as no longer active.
PRIVATE_NOTES_RETURNED: Final = False
#: "An error" for reading stubs past result 20,000.
STUBS_TOO_FAR_STATUS: Final = 400
#: The retired ``seats``: gone for good.
RETIRED_STATUS: Final = 410
#: An unknown or expired request id; one public client takes 404 for both.
UNKNOWN_REQUEST_STATUS: Final = 404
#: That the one who exported is told can be seen in other vendors' products; neither name nor type was read. The seat.
EXPORTER_FIELD: Final = "exporter"
#: The call for closed accounts is documented as a duty only: path, finder (``q=criteria`` with ``integrationContext``,
#: ``closedDateStart`` and ``closedDateEnd``) and fields are ours.
CLOSED_PROFILES_PATH: Final = "closedCandidateProfiles"
#: Which integration evaluations need is not said: the one applications are shown by.
EVALUATION_FEATURE: Final = "IN_ATS_INDICATOR"

#: A page calls the resource ``exportedApplicationEvaluation``, the release notes add an s: both answer.

#: The rest forms of seats, stubs and exports exist since the version in which they were seen first.

# --- jobs --------------------------------------------------------------------------------------------------------

#: Life of a task id: 24 hours on one page, 30 days on another. The shorter one catches more mistakes.
TASK_HOURS: Final = 24
#: Upper bound of ``expireAt``: 180 days, 365 days or three years. The middle one.
EXPIRE_DAYS: Final = 365
DEFAULT_LIFE_DAYS: Final = 180
RENEW_DAYS: Final = 30
#: An UPDATE that changes ``availability`` fails in its task: the documented way is CLOSE, then CREATE.
AVAILABILITY_CHANGE_FAILS: Final = True
#: Whether private jobs answer at jobPostingStatus: they do, as LISTED with visibility PRIVATE.
PRIVATE_JOBS_ANSWER: Final = True
#: What jobPostingStatus says of a job whose task failed: the codes were not read. ``companyDetails`` names the company.
FAILED_POSTING_CODE: Final = 1
FAILED_POSTING_TYPE: Final = "PARTNER_ERROR"

# --- candidates --------------------------------------------------------------------------------------------------

#: Neither e-mail nor person URN: the export flow must upsert before it can attach a person, so an *empty* list of
#: addresses is taken (and matches nobody); a missing list is refused unless a person is attached.
EMPTY_EMAIL_LIST_ACCEPTED: Final = True
#: Whether a full update without ``manualMatchedMember`` clears it: it is kept.
FULL_UPDATE_KEEPS_MANUAL_MATCH: Final = True
#: ``matchedMembers`` holds plain person URNs.
#: ``rest/candidates`` has no partial update; there ``manualMatchedMember`` is taken as part of the full update.
REST_FULL_UPDATE_SETS_MANUAL_MATCH: Final = True
#: Deleting a candidate does not delete its applications.

# --- children ----------------------------------------------------------------------------------------------------

#: A stage of an application LinkedIn does not know.
UNKNOWN_PARENT_STATUS: Final = 404
#: ``rest/applicationStage`` and ``rest/applicationInterviewFeedbacks``: only the keys are known; the fields keep their
#: v2 names. ``rest/applicationNotes`` names its times like ``rest/candidateNotes``.
#: How long a note, a feedback or a stage name may be is not said: any length is taken.

# --- attachments -------------------------------------------------------------------------------------------------

#: ``v2/hireMediaUrl`` answers "a signed upload URL"; its form was not read. Ours: 201 with ``mediaUrn``, ``uploadUrl``,
#: ``uploadMethod``, ``uploadHeaders`` and ``expiresAt``; the bytes are sent as they are.
MEDIA_STATUS: Final = 201
UPLOAD_METHOD: Final = "PUT"
UPLOADED_STATUS: Final = 201
#: How long the URL takes a file, and how long a file waits to become an attachment where no ``blobTtl`` is sent.
UPLOAD_MINUTES: Final = 60
BLOB_HOURS: Final = 72
#: The field of an attachment that refers to the uploaded file is ``mediaUrn``; ``contract`` is required, as in
#: LinkedIn's Java client. ``fileType`` need not fit the content type. The application or candidate must exist.
#: Whether an attachment vanishes with its application: like all else that hangs on it.
ATTACHMENTS_VANISH_WITH_THEIR_ENTITY: Final = True

# --- access control lists ----------------------------------------------------------------------------------------

#: JOB_POSTING is the only securable type in v2; a copy of the rest form shows JOB_REQUISITION, so rest takes both.
ACL_ENTITY_TYPES: Final = {"v2": ("JOB_POSTING",), "rest": ("JOB_POSTING", "JOB_REQUISITION")}
#: The keys of the rest forms: "ats" and ``dataProvider`` dropped as everywhere else.
#: The special list that shows an entity to everybody: its id was not read, so no id is special.
#: The eleventh list of a person is refused as an invalid record (422).

# --- what Recruiter shows of an ATS ------------------------------------------------------------------------------

#: Whether a candidate's own data and notes are secured by the lists of jobs: they are not, only applications with
#: their stages, notes and feedback are.

#: Whether a person attached by hand is shown beside those LinkedIn matched by itself: the indicator moves to them.

#: An application that names no candidate belongs to the candidate with its e-mail address.

#: Which of LinkedIn's filters by ATS there are: "in the ATS" and "not in the ATS", after the time a match takes.

# --- addresses nobody reads --------------------------------------------------------------------------------------

#: LinkedIn audits made-up addresses. These are taken for made up: by what stands before the @, by any part of it, by
#: the end of the domain.
PLACEHOLDER_NAMES: Final = frozenset(
    {
        "donotreply", "do-not-reply", "missing", "n/a", "na", "no-email", "no-mail", "noemail", "nomail", "none",
        "noreply", "no-reply", "not-known", "notknown", "null", "test", "unknown", "x", "xx", "xxx",
    }
)  # fmt: skip
PLACEHOLDER_WORDS: Final = ("placeholder",)
PLACEHOLDER_DOMAINS: Final = (".invalid", "@invalid", ".localhost", "@localhost")

# --- text --------------------------------------------------------------------------------------------------------

#: A lone surrogate in a JSON string is malformed JSON (400 for the whole call); NUL is taken.
