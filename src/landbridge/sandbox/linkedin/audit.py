"""The documented rules a client can break. What breaks one is recorded, whatever the call was answered."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.kernel import Rule
from landbridge.sandbox.linkedin.choices import PLACEHOLDER_DOMAINS, PLACEHOLDER_NAMES, PLACEHOLDER_WORDS

LEARN: Final = "https://learn.microsoft.com/en-us/linkedin/"
SYNC_CANDIDATES: Final = f"{LEARN}talent/middleware-platform/sync-candidates"
SYNC_APPLICATIONS: Final = f"{LEARN}talent/middleware-platform/sync-applications"
CONCEPTS: Final = f"{LEARN}shared/api-guide/concepts"

BATCH_SIZE: Final = Rule("batch_size", "a batch carries at most 100 records", SYNC_CANDIDATES)
URL_LENGTH: Final = Rule(
    "url_length",
    "a URL over 8 KB, or a query or path segment over 4 KB, has to be tunnelled",
    f"{CONCEPTS}/query-tunneling",
)
NOT_ENABLED: Final = Rule(
    "data_before_enabled",
    "data may be sent only after the customer has enabled the integration",
    f"{LEARN}talent/recruiter-system-connect",
)
WRONG_APPLICATION: Final = Rule(
    "wrong_application",
    "data is sent with the token of the customer's child application, provisioning with the parent's",
    f"{LEARN}talent/recruiter-system-connect",
)
WRONG_TOKEN: Final = Rule(
    "wrong_token",
    "data is sent with the application's own token (2-legged); a member's token (3-legged) only tells who they are",
    f"{LEARN}talent/middleware-platform/bind-customer-users",
)
ACLS_PER_USER: Final = Rule(
    "acls_per_user", "a person is assigned to at most 10 ACLs", f"{LEARN}talent/middleware-platform/sync-acls"
)
QUOTA: Final = Rule(
    "quota", "calls per UTC day and records per minute are limited per resource", f"{CONCEPTS}/rate-limits"
)
IGNORED_429: Final = Rule(
    "ignored_429", "after a 429 a client waits until the window opens again", f"{CONCEPTS}/rate-limits"
)
PLACEHOLDER: Final = Rule(
    "placeholder_address",
    "no made-up e-mail address is sent for a person without one",
    f"{LEARN}talent/recruiter-system-connect/required-fields",
)
OMITTED: Final = Rule(
    "omitted_field", "an update replaces the whole entity: a field left out becomes null", SYNC_APPLICATIONS
)
OUT_OF_ORDER: Final = Rule(
    "out_of_order", "batches are sent in order: an older state must not follow a newer one", SYNC_APPLICATIONS
)
PARALLEL: Final = Rule("parallel_batches", "batches of one resource are sent one after another", SYNC_CANDIDATES)
UNKNOWN_REFERENCE: Final = Rule(
    "unknown_reference",
    "jobs and candidates are sent before the applications that name them (inferred from the order of the pages)",
    SYNC_APPLICATIONS,
)
TASK_TOO_EARLY: Final = Rule(
    "task_too_early",
    "the outcome of a job task is read 5 minutes after the post at the earliest",
    f"{LEARN}talent/job-postings/api/check-job-taskstatus",
)
INVALID: Final = Rule(
    "invalid_record",
    "records that miss a required field or break a documented validation are held back, not sent",
    f"{LEARN}talent/recruiter-system-connect/required-fields",
)
KEY_SET: Final = Rule("key_set", "the keys in the query are the keys of the entities, each once", f"{CONCEPTS}/methods")
TOKEN_FETCHES: Final = Rule(
    "token_fetches",
    "one token is shared by all calls until it expires",
    f"{LEARN}shared/authentication/client-credentials-flow",
)
SECRET_IN_URL: Final = Rule(
    "secret_in_url",
    "credentials go into the form body, never into a URL",
    f"{LEARN}shared/authentication/client-credentials-flow",
)
NO_METHOD: Final = Rule(
    "missing_method", "a POST names its x-restli-method", f"{LEARN}talent/job-postings/api/create-jobs"
)
NO_VERSION: Final = Rule("missing_version", "rest/ calls carry LinkedIn-Version", f"{LEARN}talent/versioning")

INTERACTIONS: Final = f"{LEARN}talent/recruiter-system-connect/recruiter-prospect-interactions"
#: How long a window of InMails or notes may be.
WINDOW_HOURS: Final = 12
WIDE_WINDOW: Final = Rule(
    "wide_window",
    "InMails and notes are read in windows of at most 12 hours",
    f"{INTERACTIONS}/inmail-history",
    "Send both bounds, and walk through longer stretches in windows that adjoin.",
)
SEAT_PACE: Final = Rule(
    "seat_pace",
    'InMails of one seat are read at most 12 times a minute (so we read "12 records per member per minute")',
    f"{INTERACTIONS}/inmail-history",
    "Read each seat every 30 minutes or so, and spread a long history over the minutes it takes.",
)
STUB_OWNERS: Final = Rule(
    "stub_owners",
    "stub profiles are asked for by their owners",
    f"{INTERACTIONS}/inmail-stub-profiles",
    "Always send owners, and a start date where there is one.",
)
STUBS_TOO_FAR: Final = Rule(
    "stubs_too_far",
    "one query reaches no further than result 20,000",
    f"{INTERACTIONS}/inmail-stub-profiles",
    "Narrow the query: fewer owners, a shorter stretch of time.",
)
SEATS_START: Final = Rule(
    "seats_start",
    "seatsV2 is asked with start",
    f"{INTERACTIONS}/recruiter-seatholders",
    "Send start and count with every call.",
)
RETIRED: Final = Rule(
    "retired_call",
    "a retired call is not made",
    f"{INTERACTIONS}/recruiter-seatholders",
    "Call seatsV2 with q=attributes.",
)
TOO_LATE: Final = Rule(
    "request_expired",
    "what a push announces is read before it expires",
    f"{LEARN}talent/receive-push-events",
    "Answer the push at once and fetch within minutes, in the background.",
)
UNREAD: Final = Rule(
    "request_unread",
    "what a push announces is read: there is no list of past exports",
    f"{LEARN}talent/recruiter-system-connect/retrieve-exported-candidates",
    "Store the id of every push before acknowledging it, and fetch until it was read.",
)
LATE_RESYNC: Final = Rule(
    "late_resync",
    "jobs LinkedIn asks for are sent again as UPDATE within 30 minutes",
    f"{LEARN}talent/job-postings/api/job-resync-notifications",
    "Send the jobs named, or all open ones, with jobPostingOperationType UPDATE.",
)
MISSED_SWEEP: Final = Rule(
    "missed_sweep",
    "closed accounts of exported profiles are asked for at least every 30 days",
    f"{LEARN}talent/recruiter-system-connect/rsc-release-notes",
    "Ask daily, and tell the customer what may have to be deleted.",
)

RULES: Final = tuple(value for value in list(globals().values()) if isinstance(value, Rule))


def is_placeholder(address: str) -> bool:
    """Whether an e-mail address looks made up; the lists are in :mod:`choices`."""
    address = address.lower()
    if address.partition("@")[0] in PLACEHOLDER_NAMES or address.endswith(PLACEHOLDER_DOMAINS):
        return True
    # A loop, not any(): this is asked of every address of every batch.
    for word in PLACEHOLDER_WORDS:  # noqa: SIM110 - as above
        if word in address:
            return True
    return False
