"""Which rules are watched here, and what a client that broke one should do, by the rule's code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from landbridge.sandbox.kernel import Rule
from landbridge.sandbox.smartrecruiters import rules

RULES: Final = tuple(value for value in vars(rules).values() if isinstance(value, Rule))
ADVICE: Final[Mapping[str, str]] = {
    "rate": "Count requests per credential over all workers, and read X-RateLimit-Remaining of each answer.",
    "publication_rate": "Publish and unpublish one job after another, at most two in a second.",
    "concurrency": "Bound the requests in flight per credential, over all workers.",
    "candidate_list_alone": "Read the candidate list page after page, from one place only.",
    "limit_to_100": "Ask for at most 100 rows, and follow the pages.",
    "pages_need_sort": "Add sort=job_id when jobs are read page after page.",
    "no_offset": "Follow nextPageId in place of counting rows.",
    "webhook_202": "Answer 202 at once, and work on the event afterwards.",
    "no_empty_scope": "Leave scope out, or name the scopes that are needed.",
}
