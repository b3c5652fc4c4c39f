"""How the imitated SmartRecruiters behaves where its documentation says nothing.

Each constant is a guess, made once and here. Whoever learns how the real one behaves changes it in this file.
"""

from __future__ import annotations

# Whether a candidate's updatedOn moves when only the status of an application changes, or an application goes away.
# A reader that looks for changes with updatedAfter can see such changes only where it does.
APPLICATION_CHANGES_MOVE_CANDIDATE = True

# updatedAfter: False takes "after" at its word, True also lists what was updated at that very instant.
UPDATED_AFTER_IS_INCLUSIVE = False

# Order of GET /candidates: by making, which edits do not change. In a restless (hostile) world an edited candidate
# moves to the end instead, as in a list ordered by update: the reader meets it twice, or where it did not expect it.
RESTLESS_CANDIDATES_MOVE_TO_THE_END = True

# Order of GET /jobs without sort=job_id: newest activity first. A page id there counts rows, so rows can be missed.
# Order of status histories (candidates and jobs): newest first.
HISTORIES_ARE_NEWEST_FIRST = True

# Whether editing only the text of an ad moves the job's updatedOn (lastActivityOn is documented to move on edits).
AD_EDITS_MOVE_JOB_UPDATED = False

# A deleted job takes its applications with it.
DELETED_JOBS_TAKE_APPLICATIONS = True

# First status of a candidate somebody adds to a job through the API: a lead, as for anybody who did not apply.
FIRST_STATUS_OF_ADDED_CANDIDATES = "LEAD"

# Somebody of the same address and last name is there already. POST /candidates refuses with the documented conflict of
# PATCH. POST /jobs/{id}/candidates is the only way to put a known person on another job, so there the person gets one
# more application, and the conflict is for whoever is on that very job.
KNOWN_PERSON_GETS_ANOTHER_APPLICATION = True

# Events of a merge: candidate.deleted for the one that goes, candidate.updated for the one that stays.
MERGE_TELLS_MASTER_UPDATED = True

# A draft that is published becomes SOURCING; a job that is filled or cancelled is taken down everywhere.
PUBLISHING_STARTS_SOURCING = True
CLOSING_A_JOB_UNPUBLISHES_IT = True

# GET /jobs/{id}/publication shows the publications of all ads of the job, not of the default ad alone.
JOB_PUBLICATIONS_COVER_ALL_ADS = True

# Parameters of GET /audit-events that limit the range of dates; both ends belong to it.
AUDIT_RANGE = ("from", "to")

# Status and code of errors whose wording is not documented.
MISSING_SCOPE = (403, "PERMISSION_DENIED")
BAD_CREDENTIAL = (401, "UNAUTHORIZED")
CANDIDATE_DENIED = (401, "UNAUTHORIZED_TO_ACCESS_CANDIDATE")
APPLICATION_UNKNOWN = (404, "APPLICATION_NOT_FOUND")
TOO_MANY_REQUESTS = (429, "TOO_MANY_REQUESTS")
LIMIT_OUT_OF_RANGE = (400, "INVALID_LIMIT")
DATE_NOT_UNDERSTOOD = (400, "INVALID_DATE")
VALUE_NOT_UNDERSTOOD = (400, "INVALID_PARAMETER")
BODY_NOT_UNDERSTOOD = (400, "INVALID_REQUEST")
NOTE_WITH_HTML = (400, "INVALID_CONTENT")
NOTE_UNKNOWN = (404, "MESSAGE_NOT_FOUND")
ATTACHMENT_UNKNOWN = (404, "ATTACHMENT_NOT_FOUND")
PROPERTY_UNKNOWN = (404, "PROPERTY_NOT_FOUND")
ACCESS_GROUP_UNKNOWN = (404, "ACCESS_GROUP_NOT_FOUND")

# Status of writes whose answer has no body and is not documented, and of consent requests, which tell each row's own.
STATUS_OF_EMPTY_ANSWERS = 204
CONSENT_REQUESTS_STATUS = 207

# A status whose hiring process has steps within it needs one of them; which process a job follows no call tells, so
# all jobs follow the first one.
SUB_STATUS_IS_REQUIRED_WHERE_THERE_ARE_ANY = True

# Scopes of writes whose scope is not named: changes of jobs, and deletion of applications.
JOBS_WRITE_SCOPE = "jobs_manage"
APPLICATIONS_DELETE_SCOPE = "candidates_manage"
NO_SUCH_ADDRESS = (404, "NOT_FOUND")

# Calls refused for their rate do not count against the rate, or a client that keeps asking would never get through.
REFUSED_CALLS_COUNT = False

# No Retry-After with 429: none is documented.

# Webhooks: what stands in event-version. Samples show two forms; nobody should read anything into it.
EVENT_VERSION = "v201910"

# Minutes between tries: the first five and the last are documented, those between are not.
WEBHOOK_RETRY_MINUTES = (1, 3, 10, 45, 120, 240, 480, 720, 1080, 1440)

# A subscription is suspended when a delivery has failed for the last time and none has succeeded since it was made. It
# shows as inactive, what happens meanwhile is never told, and it is activated again as at first.

# Callbacks must be https. The sandbox also takes http addresses of this machine, or nobody could try it on a laptop.
PLAIN_CALLBACKS_ON_THIS_MACHINE = True
BAD_CALLBACK_URL = (422, "INVALID_CALLBACK_URL")
BAD_EVENT_NAME = (422, "INVALID_EVENT_NAME")
ALREADY_ACTIVE = "SUBSCRIPTION_ALREADY_ACTIVE"
HANDSHAKE_FAILED = "SUBSCRIPTION_ACTIVATION_FAILED"
KEY_UNKNOWN = (404, "SECRET_KEY_NOT_FOUND")

# The Link of an event is the API address of what it is about; of an attachment its own address, of a publication the
# postings of the ad. Deliveries to one subscriber go out one after the other, so they arrive in order but for faults
# and retries.

# Column headings of the reports; the last one is not known to exist in a current report.
APPLICATION_COLUMNS = (
    "Application ID",
    "Candidate ID",
    "Job ID",
    "Application Status",
    "Application Sub-status",
    "Application Source",
    "Application Creation Date",
    "Application Last Updated Date",
)

# Answers whose form is not shown: lists of properties, attachments and access groups are {totalFound, content}; a value
# is written as {value}, a batch as {properties: [{id, value}]}, members of an access group as {ids}; a consent request
# answers {content: [{id, status}]}. The callback log has the form seen in one client's tests: status, timestamp and
# requestDetails of url, body and headers, one line for each try.

# What the audit trail names: only the events that are documented by name. Creating or editing a candidate leaves none.

# shareRequired is true for a note that is shared with nobody.

# What the API says about itself in links when a request names no host.
DEFAULT_HOST = "api.smartrecruiters.com"
