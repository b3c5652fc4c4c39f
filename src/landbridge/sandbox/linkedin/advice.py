"""What a client that broke a rule of :mod:`audit` should do, by the rule's code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ADVICE: Final[Mapping[str, str]] = {
    "batch_size": "Cut batches at 100 records before they are sent.",
    "url_length": "Send long key lists with query tunnelling: POST, X-HTTP-Method-Override, the query in the body.",
    "data_before_enabled": "Read the integration's status first, and hold data back until it is ENABLED.",
    "wrong_application": "Provision with the parent's token; send a customer's data with the token of their child.",
    "wrong_token": "Fetch a token by client credentials for data; use a member's token for v2/me alone.",
    "acls_per_user": "Put people with the same rights into one list, so that nobody is on more than ten.",
    "quota": "Pace calls and records per resource below the documented limits, and count them across all workers.",
    "ignored_429": "After a 429 stop calling this resource until the window opens: the next minute, or midnight UTC.",
    "placeholder_address": "Leave the list of addresses empty for a person without one; never make one up.",
    "omitted_field": "Send the whole entity with each update, also the fields that did not change.",
    "out_of_order": "Send changes of one record one after another, and drop a state older than the last one sent.",
    "parallel_batches": "Wait for the answer to a batch before the next one of the same resource is sent.",
    "unknown_reference": "Send jobs and candidates first, and an application once both have been taken.",
    "task_too_early": "Look at a job's task five minutes after the post, then at longer and longer intervals.",
    "invalid_record": "Check records against the documented validations, and set the bad ones aside before sending.",
    "key_set": "Build the ids of the query and the keys of the entities from the same list, each once.",
    "token_fetches": "Keep one token per application, share it among workers, and renew it shortly before it expires.",
    "secret_in_url": "Send client_id and client_secret in the form body; rotate the secret that was in a URL.",
    "missing_method": "Set X-RestLi-Method on every POST that is no single create.",
    "missing_version": "Set LinkedIn-Version (YYYYMM) on every call below rest/.",
}
