"""Documented rules a client can break, as the journal's violations name them."""

from __future__ import annotations

from landbridge.sandbox.kernel import Rule

_RATES = "https://developers.smartrecruiters.com/docs/rate-limiting"
_JOBS = "https://developers.smartrecruiters.com/reference/jobsall-1"
_CANDIDATES = "https://developers.smartrecruiters.com/reference/candidatesall-1"
_WEBHOOKS = "https://developers.smartrecruiters.com/docs/receiving-webhook-notifications"
_SCOPES = "https://developers.smartrecruiters.com/docs/authentication-access-scopes"

RATE = Rule("rate", "no more requests per second and credential than X-RateLimit-Limit says", _RATES)
PUBLICATION_RATE = Rule("publication_rate", "2 requests per second publish and unpublish jobs", _RATES)
CONCURRENCY = Rule("concurrency", "no more requests in flight per credential than allowed", _RATES)
CANDIDATE_LIST_ALONE = Rule("candidate_list_alone", "one GET /candidates in flight per credential", _RATES)
LIMIT_TO_100 = Rule("limit_to_100", "limit is a number from 1 to 100", _CANDIDATES)
PAGES_NEED_SORT = Rule("pages_need_sort", "pageId of GET /jobs needs sort=job_id, or rows may be missed", _JOBS)
NO_OFFSET = Rule("no_offset", "offset is deprecated for jobs and gone for candidates: page with pageId", _JOBS)
NO_EMPTY_SCOPE = Rule("no_empty_scope", "scope is left out or names at least one scope", _SCOPES)
WEBHOOK_202 = Rule("webhook_202", "only 202 within 5 seconds tells that a webhook was received", _WEBHOOKS)
