"""A deliberately plain client of LinkedIn's API for the sandbox's tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx2

from landbridge.sandbox import Sandbox

VERSION = "202603"
BOUNDARY = "seam"


def candidate(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A valid v2 candidate; a change to None leaves the field out."""
    return _without_none(
        {
            "firstName": "Mirela",
            "lastName": "Novotna",
            "atsCreatedAt": 1_767_225_600_000,
            "atsLastModifiedAt": 1_767_312_000_000,
            "emailAddresses": [f"mirela.{number}@example.org"],
            "phoneNumbers": [],
            "addresses": [],
            "externalProfileUrl": f"https://ats.example.org/people/{number}",
            **changes,
        }
    )


def rest_candidate(number: int = 1, **changes: Any) -> dict[str, Any]:
    """The same with the names of the versioned form."""
    renamed = candidate(number)
    renamed["externalCreatedAt"] = renamed.pop("atsCreatedAt")
    renamed["externalLastModifiedAt"] = renamed.pop("atsLastModifiedAt")
    return _without_none({**renamed, **changes})


def application(**changes: Any) -> dict[str, Any]:
    return _without_none(
        {
            "atsCandidateId": "C1",
            "atsJobPostingId": "J1",
            "atsJobPostingName": "Tram Driver",
            "atsCreatedAt": 1_767_225_600_000,
            "atsLastModifiedAt": 1_767_312_000_000,
            "candidateEmail": "mirela.1@example.org",
            "firstName": "Mirela",
            "lastName": "Novotna",
            **changes,
        }
    )


def stage(**changes: Any) -> dict[str, Any]:
    return _without_none({"atsCreatedAt": 1_767_225_600_000, "stage": "Phone Screen", **changes})


def job(organization: str, job_id: str = "J1", operation: str = "CREATE", **changes: Any) -> dict[str, Any]:
    return _without_none(
        {
            "integrationContext": organization,
            "externalJobPostingId": job_id,
            "jobPostingOperationType": operation,
            "availability": "PRIVATE_TO_ATS_INTEGRATION",
            "title": "Tram Driver",
            "description": "<p>" + "Drive trams through the old town. " * 5 + "</p>",
            "location": "Brno, Czechia",
            "companyApplyUrl": "https://jobs.example.org/tram-driver",
            "listedAt": 1_767_225_600_000,
            **changes,
        }
    )


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def key_fields(text: str) -> dict[str, str]:
    """The fields of a key in an answer, whatever its protocol, order and escaping."""
    if text.startswith("("):
        text = text[1:-1].replace(",", "&").replace(":", "=")
    return dict(parse_qsl(text, strict_parsing=True))


class Caller:
    """Calls as one developer application. ``send`` returns the raw answer; nothing is retried or checked."""

    def __init__(self, http: httpx2.AsyncClient, sandbox: Sandbox) -> None:
        self.http = http
        self.sandbox = sandbox
        self.organization = str(sandbox.linkedin.credentials()["organization"])
        self.token = ""

    def enable(self, integration: str = "IN_ATS_INDICATOR", status: str = "ENABLED") -> None:
        self.sandbox.linkedin.recruiter.set_status(self.organization, integration, status)

    async def fetch_token(self, who: str = "child", **changes: str) -> httpx2.Response:
        credentials = self.sandbox.linkedin.credentials()[who]
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
            **changes,
        }
        return await self.http.post("/oauth/v2/accessToken", data={name: text for name, text in form.items() if text})

    async def sign_in(self, who: str = "child") -> None:
        self.token = (await self.fetch_token(who)).json()["access_token"]

    async def send(
        self, method: str, path: str, query: str = "", body: object = None, **headers: str
    ) -> httpx2.Response:
        """``headers`` with underscores for dashes; ``query`` as it shall go over the wire."""
        sent = {"authorization": f"Bearer {self.token}"}
        if path.startswith("/rest/"):
            sent["linkedin-version"] = VERSION
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        url = f"{path}?{query}" if query else path
        content = None if body is None else json.dumps(body).encode()
        return await self.http.request(method, url, content=content, headers=sent)

    def candidate_key(self, candidate_id: str) -> dict[str, str]:
        return {"atsCandidateId": candidate_id, "dataProvider": "ATS", "integrationContext": self.organization}

    def application_key(self, application_id: str) -> dict[str, str]:
        return {"atsJobApplicationId": application_id, "dataProvider": "ATS", "integrationContext": self.organization}

    async def put_candidates(self, entities: Mapping[str, Mapping[str, Any]]) -> httpx2.Response:
        keys = [self.candidate_key(name) for name in entities]
        return await self.put_v2("/v2/atsCandidates", keys, list(entities.values()))

    async def put_applications(self, entities: Mapping[str, Mapping[str, Any]]) -> httpx2.Response:
        keys = [self.application_key(name) for name in entities]
        return await self.put_v2("/v2/atsApplications", keys, list(entities.values()))

    async def put_v2(
        self, path: str, keys: Sequence[Mapping[str, str]], values: Sequence[object], method: str = "batch_update"
    ) -> httpx2.Response:
        """Protocol 1.0, tunnelled."""
        entities = dict(zip(map(text_key, keys), values, strict=True))
        http_method = "PUT" if method == "batch_update" else "POST"
        return await self.tunnel(path, ids_query(keys), {"entities": entities}, http_method, method)

    async def put_stages(self, application_id: str, stages: Mapping[str, Any]) -> httpx2.Response:
        path = f"/v2/atsApplications/{text_key(self.application_key(application_id))}/stages"
        query = "&".join(f"ids={name}" for name in stages)
        return await self.send("PUT", path, query, {"entities": stages}, x_restli_method="batch_update")

    async def put_rest(
        self, path: str, keys: Sequence[Mapping[str, str]], values: Sequence[object], **headers: str
    ) -> httpx2.Response:
        """Protocol 2.0, tunnelled."""
        entities = dict(zip(map(restli_2_key, keys), values, strict=True))
        query = f"ids=List({','.join(entities)})"
        headers = {"x_restli_protocol_version": "2.0.0", "linkedin_version": VERSION, **headers}
        return await self.tunnel(path, query, {"entities": entities}, "PUT", "batch_update", **headers)

    async def tunnel(
        self, path: str, query: str, body: object, http_method: str, method: str, **headers: str
    ) -> httpx2.Response:
        content = (
            f"--{BOUNDARY}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n{query}\r\n"
            f"--{BOUNDARY}\r\nContent-Type: application/json\r\n\r\n{json.dumps(body)}\r\n--{BOUNDARY}--\r\n"
        )
        sent = {
            "authorization": f"Bearer {self.token}",
            "content-type": f"multipart/mixed; boundary={BOUNDARY}",
            "x-http-method-override": http_method,
            "x-restli-method": method,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return await self.http.post(path, content=content.encode(), headers=sent)

    async def post_jobs(self, *jobs: object, path: str = "/v2/simpleJobPostings", **headers: str) -> httpx2.Response:
        return await self.send("POST", path, "", {"elements": list(jobs)}, x_restli_method="batch_create", **headers)

    async def create_job(self, job_id: str = "J1", **changes: Any) -> str:
        """Post one job, let its task finish and give the task's URN."""
        answer = await self.post_jobs(job(self.organization, job_id, **changes))
        self.settle()
        return str(answer.json()["elements"][0]["id"])

    async def read_tasks(self, *urns: str) -> dict[str, Any]:
        query = "&".join(f"ids={quote(urn, safe='')}" for urn in urns)
        answer = await self.send("GET", "/v2/simpleJobPostingTasks", query)
        return dict(answer.json()["results"])

    def settle(self) -> None:
        """Let every task finish."""
        self.advance(10)

    def advance(self, seconds: float) -> None:
        self.sandbox.clock.advance(timedelta(seconds=seconds))

    def dump(self, entity: str) -> list[dict[str, Any]]:
        rows = self.sandbox.linkedin.dump(entity)
        assert rows is not None
        return [dict(row) for row in rows]

    def broken_rules(self) -> set[str]:
        return {violation.rule for violation in self.sandbox.linkedin.journal.violations()}


def text_key(key: Mapping[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in key.items())


def ids_query(keys: Sequence[Mapping[str, str]]) -> str:
    return "&".join(
        f"ids[{index}].{name}={quote(value, safe='')}" for index, key in enumerate(keys) for name, value in key.items()
    )


def restli_2_key(key: Mapping[str, str]) -> str:
    return "(" + ",".join(f"{name}:{quote(value, safe='')}" for name, value in key.items()) + ")"


def element_status(answer: httpx2.Response, field: str | None = None) -> dict[str, int]:
    """Status by one field of each key (left out: the first id field), from all maps of a batch answer."""
    maps = answer.json()
    found = {}
    for text, value in {**maps["results"], **maps["errors"]}.items():
        fields = key_fields(text) if "=" in text or ":" in text else {"id": text}
        name = field or next(name for name in fields if name not in ("integrationContext", "dataProvider"))
        found[fields[name]] = int(value["status"])
    return found
