"""The documented rules a client can break. What breaks one is recorded, whatever the call was answered."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.kernel import Rule
from landbridge.sandbox.linkedin.choices import PLACEHOLDER_DOMAINS, PLACEHOLDER_NAMES, PLACEHOLDER_WORDS

LEARN: Final = "https://learn.microsoft.com/en-us/linkedin/"
SYNC_CANDIDATES: Final = f"{LEARN}talent/middleware-platform/sync-candidates"
SYNC_APPLICATIONS: Final = f"{LEARN}talent/middleware-platform/sync-applications"
SYNC_JOBS: Final = f"{LEARN}talent/middleware-platform/sync-jobs"
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

RULES: Final = tuple(value for value in list(globals().values()) if isinstance(value, Rule))


def is_placeholder(address: str) -> bool:
    """Whether an e-mail address looks made up; the lists are in :mod:`choices`."""
    address = address.lower()
    return (
        address.partition("@")[0] in PLACEHOLDER_NAMES
        or address.endswith(PLACEHOLDER_DOMAINS)
        or any(word in address for word in PLACEHOLDER_WORDS)
    )
