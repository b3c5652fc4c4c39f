"""A home-grown ATS in thirty lines: it pushes what it has, as often as it likes."""

import json
import os
import urllib.request
from typing import Any

ADDRESS, TOKEN = os.environ["LANDBRIDGE_API"], os.environ["LANDBRIDGE_TOKEN"]
PERSON = {"first_name": "Mirela", "last_name": "Ionescu", "emails": ["mirela@example.org"]}
RECORDS: dict[str, list[dict[str, Any]]] = {
    "jobs": [{"id": "J1", "title": "Ferry engineer", "status": "open", "location": {"country_code": "RO"}}],
    "candidates": [{"id": "C1", **PERSON}],
    "applications": [{"id": "A1", "candidate_id": "C1", "job_id": "J1", "status": "Interview"}],
    "stages": [{"application_id": "A1", "steps": [{"name": "Applied"}, {"name": "Interview"}]}],
    "users": [{"id": "U1", "first_name": "Ada", "last_name": "Byron", "email": "ada@example.org"}],
}


def push(kind: str, records: list[dict[str, Any]]) -> None:
    """Pushing again what is there already changes nothing."""
    body, headers = json.dumps({"records": records}).encode(), {"Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(f"{ADDRESS}/ingest/{kind}", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        told = json.load(answer)
    print(f"{kind}: {told['taken']} taken, {told['changed']} changed")
    for one in told["refused"]:
        print(f"  record {one['place']}: {one['code']} in {one['field']}. {one['hint']}")


for name, having in RECORDS.items():
    for start in range(0, len(having), 1000):
        push(name, having[start : start + 1000])
