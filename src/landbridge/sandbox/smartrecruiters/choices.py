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

# GET /jobs/{id}/publication shows the publications of all ads of the job, not of the default ad alone.
JOB_PUBLICATIONS_COVER_ALL_ADS = True

# Status and code of errors whose wording is not documented.
MISSING_SCOPE = (403, "PERMISSION_DENIED")
BAD_CREDENTIAL = (401, "UNAUTHORIZED")
CANDIDATE_DENIED = (401, "UNAUTHORIZED_TO_ACCESS_CANDIDATE")
APPLICATION_UNKNOWN = (404, "APPLICATION_NOT_FOUND")
TOO_MANY_REQUESTS = (429, "TOO_MANY_REQUESTS")
LIMIT_OUT_OF_RANGE = (400, "INVALID_LIMIT")
DATE_NOT_UNDERSTOOD = (400, "INVALID_DATE")
VALUE_NOT_UNDERSTOOD = (400, "INVALID_PARAMETER")
NO_SUCH_ADDRESS = (404, "NOT_FOUND")

# Calls refused for their rate do not count against the rate, or a client that keeps asking would never get through.
REFUSED_CALLS_COUNT = False

# No Retry-After with 429: none is documented.
SENDS_RETRY_AFTER = False

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

# What the API says about itself in links when a request names no host.
DEFAULT_HOST = "api.smartrecruiters.com"
