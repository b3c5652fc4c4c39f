"""LinkedIn's own Python client, unchanged: only the host its requests go to is another one.

The client always says protocol 2.0 and writes keys that way. Where a key is a plain text (a path segment, a URN, an
action), protocol 1.0 is tried too, by the header; batches of compound keys it cannot write in 1.0.

Version 0.3.0 cannot tunnel a request with a body: it stops before it sends anything, because the content type it
wants to send is no member of its own list. Tests of that form repair this one entry (fixture ``repaired``). Its
batch partial update takes simple keys only, which no such resource of LinkedIn's talent API has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
import requests
from linkedin_api.clients.auth.client import AuthClient
from linkedin_api.clients.restli.client import RestliClient
from linkedin_api.clients.restli.utils import query_tunneling
from linkedin_api.common.errors import ResponseFormattingError
from requests.adapters import HTTPAdapter

from landbridge.sandbox import Sandbox
from tests.sandbox.linkedin_caller import application, candidate, job, rest_candidate, stage, text_key

VERSION = "202603"
TWO, ONE = "2.0.0", "1.0.0"


class Detour(HTTPAdapter):
    """Sends what was meant for LinkedIn's hosts to the sandbox, and notes which requests were tunnelled."""

    def __init__(self, base_url: str, protocol: str) -> None:
        super().__init__()
        self.base_url = base_url
        self.protocol = protocol
        self.tunnelled: list[str] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        assert request.url is not None
        request.url = self.base_url + request.url.removeprefix("https://api.linkedin.com").removeprefix(
            "https://www.linkedin.com"
        )
        if "X-RestLi-Protocol-Version" in request.headers:
            request.headers["X-RestLi-Protocol-Version"] = self.protocol
        if "X-HTTP-Method-Override" in request.headers:
            self.tunnelled.append(str(request.headers["X-HTTP-Method-Override"]))
        return super().send(request, *args, **kwargs)


class Official:
    """The client with a token of one application."""

    def __init__(self, sandbox: Sandbox, protocol: str = TWO, who: str = "child") -> None:
        self.sandbox = sandbox
        self.detour = Detour(sandbox.linkedin_url, protocol)
        credentials = sandbox.linkedin.credentials()
        self.organization = credentials["organization"]
        self.auth = AuthClient(credentials[who]["client_id"], credentials[who]["client_secret"])
        self.client = RestliClient()
        for session in (self.auth.session, self.client.session):
            session.mount("https://", self.detour)
        self.token = self.auth.get_two_legged_access_token().access_token

    def call(self, method: str, path: str, **arguments: Any) -> Any:
        return getattr(self.client, method)(resource_path=path, access_token=self.token, **arguments)

    def key(self, name: str, value: str, **more: str) -> dict[str, str]:
        return {name: value, "integrationContext": self.organization, **more}

    def path_key(self, name: str, value: str) -> Any:
        """A v2 key for a path segment, as the client's protocol writes it."""
        key = self.key(name, value, dataProvider="ATS")
        return key if self.detour.protocol == TWO else text_key(key)

    def close(self) -> None:
        self.auth.session.close()
        self.client.session.close()


Connect = Callable[..., Official]


@pytest.fixture
def connect(running: Sandbox) -> Iterator[Connect]:
    credentials = running.linkedin.credentials()
    running.linkedin.recruiter.set_status(credentials["organization"], "IN_ATS_INDICATOR", "ENABLED")
    made = []

    def make(protocol: str = TWO, who: str = "child") -> Official:
        made.append(Official(running, protocol, who))
        return made[-1]

    yield make
    for official in made:
        official.close()


@pytest.fixture
def repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives the client the content type it lacks; all else of it stays as it is."""
    known = query_tunneling.CONTENT_TYPE
    multipart = SimpleNamespace(value=lambda boundary: f"multipart/mixed; boundary={boundary}")
    kinds = SimpleNamespace(URL_ENCODED=known.URL_ENCODED, JSON=known.JSON, MULTIPART_MIXED_WITH_BOUNDARY=multipart)
    monkeypatch.setattr(query_tunneling, "CONTENT_TYPE", kinds)


def statuses(answer: Any) -> list[int]:
    return [result.status for result in answer.results.values()]


@pytest.mark.parametrize("count", [1, 20])
def test_candidates_are_written_read_and_deleted_in_v2(connect: Connect, count: int) -> None:
    official = connect()
    keys = [official.key("atsCandidateId", f"C{n}", dataProvider="ATS") for n in range(count)]
    entities = [candidate(n) for n in range(count)]
    written = official.call("batch_update", "/atsCandidates", ids=keys, entities=entities)
    assert statuses(written) == [201] * count
    read = official.call("batch_get", "/atsCandidates", ids=keys, query_params={"fields": "firstName,matchedMembers"})
    assert [found.keys() for found in read.results.values()] == [{"firstName", "matchedMembers"}] * count
    deleted = official.call("batch_delete", "/atsCandidates", ids=keys)
    assert statuses(deleted) == [204] * count
    assert not official.sandbox.linkedin.journal.violations()


@pytest.mark.parametrize("count", [1, 20])
def test_candidates_are_written_read_and_deleted_in_the_versioned_api(connect: Connect, count: int) -> None:
    official = connect()
    keys = [official.key("externalCandidateId", f"C{n}") for n in range(count)]
    entities = [rest_candidate(n) for n in range(count)]
    written = official.call("batch_update", "/candidates", ids=keys, entities=entities, version_string=VERSION)
    assert statuses(written) == [201] * count
    read = official.call("batch_get", "/candidates", ids=keys, version_string=VERSION)
    assert len(read.results) == count
    assert statuses(official.call("batch_delete", "/candidates", ids=keys, version_string=VERSION)) == [204] * count


@pytest.mark.usefixtures("repaired")
@pytest.mark.parametrize(
    ("path", "field", "provider", "make", "version"),
    [
        ("/atsCandidates", "atsCandidateId", {"dataProvider": "ATS"}, candidate, None),
        ("/candidates", "externalCandidateId", {}, rest_candidate, VERSION),
    ],
)
def test_batches_over_4000_characters_are_tunnelled(
    connect: Connect, path: str, field: str, provider: dict[str, str], make: Any, version: str | None
) -> None:
    official = connect()
    keys = [official.key(field, f"C{n}", **provider) for n in range(100)]
    entities = [make(n) for n in range(100)]
    written = official.call("batch_update", path, ids=keys, entities=entities, version_string=version)
    assert statuses(written) == [201] * 100
    assert len(official.call("batch_get", path, ids=keys, version_string=version).results) == 100
    assert official.detour.tunnelled == ["PUT", "GET"]


def test_tunnelled_deletion_that_names_get_is_refused(connect: Connect) -> None:
    """The client overrides every bodiless method with GET; a method header that says otherwise is a contradiction."""
    official = connect()
    keys = [official.key("atsCandidateId", f"C{n}", dataProvider="ATS") for n in range(100)]
    with pytest.raises(ResponseFormattingError):
        official.call("batch_delete", "/atsCandidates", ids=keys)
    [entry] = [entry for entry in official.sandbox.linkedin.journal.entries() if entry.status == 400]
    assert "batch_delete does not go with GET" in entry.error


@pytest.mark.usefixtures("repaired")
def test_stages_below_an_application_are_written_and_one_is_deleted(connect: Connect) -> None:
    official = connect()
    key = official.key("atsJobApplicationId", "A1", dataProvider="ATS")
    official.call("batch_update", "/atsApplications", ids=[key], entities=[application()])
    path, keys = "/atsApplications/{key}/stages", {"key": key}
    names = [f"a-rather-long-name-of-a-stage-{'x' * 20}-{n}" for n in range(90)]
    written = official.call("batch_update", path, path_keys=keys, ids=names, entities=[stage()] * 90)
    assert statuses(written) == [201] * 90
    assert official.detour.tunnelled == ["PUT"]
    assert official.call("delete", f"{path}/{{stage}}", path_keys={**keys, "stage": names[0]}).status_code == 204
    assert official.sandbox.linkedin.state_counts()["stages"] == 89


@pytest.mark.parametrize("version", [None, VERSION])
@pytest.mark.parametrize("protocol", [ONE, TWO])
def test_jobs_are_created_and_their_tasks_read(connect: Connect, protocol: str, version: str | None) -> None:
    official = connect(protocol)
    changes: dict[str, Any] = {} if version is None else {"availability": "PUBLIC", "company": official.organization}
    entities = [job(official.organization, f"J{n}", **changes) for n in range(3)]
    posted = official.call("batch_create", "/simpleJobPostings", entities=entities, version_string=version)
    assert [element.status for element in posted.elements] == [202] * 3
    urn = posted.elements[0].id
    task = official.call("get", "/simpleJobPostingTasks/{urn}", path_keys={"urn": urn}, version_string=version)
    assert (task.status_code, task.entity["externalJobPostingId"]) == (200, "J0")


@pytest.mark.parametrize("protocol", [ONE, TWO])
def test_one_candidate_is_written_patched_read_and_deleted(connect: Connect, protocol: str) -> None:
    official = connect(protocol)
    person = official.sandbox.linkedin.credentials()["people"][0]["person"]
    one, keys = "/atsCandidates/{key}", {"key": official.path_key("atsCandidateId", "C1")}
    assert official.call("update", one, path_keys=keys, entity=candidate()).status_code == 201
    assert official.call("update", one, path_keys=keys, entity=candidate(), query_params=None).status_code == 204
    patch = {"manualMatchedMember": person}
    assert official.call("partial_update", one, path_keys=keys, patch_set_object=patch).status_code == 204
    read = official.call("get", one, path_keys=keys, query_params={"fields": "manualMatchedMember"})
    assert (read.status_code, read.entity) == (200, {"manualMatchedMember": person})
    assert official.call("delete", one, path_keys=keys).status_code == 204
    assert official.call("get", one, path_keys=keys).status_code == 404
    refused = official.call("update", one, path_keys=keys, entity=candidate(firstName=""))
    assert (refused.status_code, refused.entity["status"]) == (422, 422)


@pytest.mark.parametrize("protocol", [ONE, TWO])
def test_long_query_of_a_single_read_is_tunnelled(connect: Connect, protocol: str) -> None:
    official = connect(protocol)
    one, keys = "/atsCandidates/{key}", {"key": official.path_key("atsCandidateId", "C1")}
    official.call("update", one, path_keys=keys, entity=candidate())
    fields = ",".join(["firstName"] * 500)
    assert official.call("get", one, path_keys=keys, query_params={"fields": fields}).entity == {"firstName": "Mirela"}
    assert official.detour.tunnelled == ["GET"]


@pytest.mark.parametrize("protocol", [ONE, TWO])
def test_child_application_is_created_patched_and_found(connect: Connect, protocol: str) -> None:
    official = connect(protocol, "parent")
    wanted = {"uniqueForeignId": "tenant-7", "name": "ExampleATS - Borealis", "description": "Tenant 7"}
    made = official.call("create", "/provisionedApplications", entity=wanted)
    assert made.status_code == 201
    assert made.decoded_entity_id == made.entity["key"]
    path, keys = "/provisionedApplications/{urn}", {"urn": made.entity["key"]}
    patch = {"validJsSdkDomains": ["https://rsc.example.org"]}
    assert official.call("partial_update", path, path_keys=keys, patch_set_object=patch).status_code == 204
    found = official.call(
        "finder",
        "/provisionedApplications",
        finder_name="credentialsByUniqueForeignId",
        query_params={"uniqueForeignId": "tenant-7"},
    )
    assert found.paging.total == 1
    assert found.elements[0]["validJsSdkDomains"] == ["https://rsc.example.org"]


@pytest.mark.parametrize("protocol", [ONE, TWO])
def test_secret_is_rolled_by_an_action(connect: Connect, protocol: str) -> None:
    official = connect(protocol)
    rolled = official.call(
        "action", "/developerApplicationsSecurity", action_name="rollDeveloperApplicationSecret", action_params={}
    )
    assert rolled.status_code == 200
    old = official.auth.client_secret
    for secret in (old, rolled.value["client_secret"]):
        official.auth.client_secret = secret
        assert official.auth.get_two_legged_access_token().access_token


def test_integration_is_named_and_read(connect: Connect) -> None:
    official = connect()
    key = official.key("integrationType", "IN_ATS_INDICATOR", tenantType="RECRUITER", dataProvider="ATS")
    one, name = "/atsIntegrations/{key}", {"integrationName": "ExampleATS"}
    assert official.call("partial_update", one, path_keys={"key": key}, patch_set_object=name).status_code == 204
    read = official.call("get", one, path_keys={"key": key})
    assert (read.entity["integrationName"], read.entity["status"]) == ("ExampleATS", "ENABLED")


def test_member_is_bound_and_tokens_are_introspected(connect: Connect) -> None:
    official = connect()
    back = "https://rsc.example.org/bind"
    official.sandbox.linkedin.state.child.callback_urls = [back]
    official.auth.redirect_url = back
    url = official.auth.generate_member_auth_url(["r_liteprofile"], state="abc")
    human = official.sandbox.linkedin.credentials()["people"][0]
    form = {"login": human["login"], "password": human["password"], "decision": "allow"}
    allowed = official.auth.session.post(url, data=form, allow_redirects=False)
    code = allowed.headers["location"].partition("code=")[2].partition("&")[0]
    token = official.auth.exchange_auth_code_for_access_token(unquote(code)).access_token
    me = official.client.get(resource_path="/me", access_token=token, query_params={"fields": "id"})
    assert f"urn:li:person:{me.entity['id']}" == human["person"]
    told = official.auth.introspect_access_token(token)
    assert (told.active, told.auth_type, told.scope) == (True, "3L", "r_liteprofile")


def test_inbound_finders_take_records_lists_and_times(connect: Connect) -> None:
    official = connect()
    linkedin = official.sandbox.linkedin
    contract = linkedin.state.network.contracts[0].urn
    linkedin.recruiter.set_status(contract, "CSA_API", "ENABLED")
    seats = official.call(
        "finder",
        "/seatsV2",
        finder_name="attributes",
        query_params={"contracts": [contract], "states": ["ACTIVE"], "start": 0, "count": 100},
    )
    urns = [f"urn:li:seat:{seat['id']}" for seat in seats.elements]
    member = linkedin.state.network.members[-1].number
    thread = linkedin.talent.inmails.send(urns[0], member, "Trams", "Shall we talk?")
    linkedin.talent.inmails.reply(thread.urn, "Yes.", share_contact=True)
    linkedin.talent.notes.write(urns[1], member, "Promising.")
    since, until = thread.started_at, thread.started_at + 3_600_000
    events = official.call(
        "finder",
        "/conversationEvents",
        finder_name="criteria",
        query_params={"viewer": urns[0], "timeRange": {"start": since, "end": until}, "start": 0, "count": 50},
    )
    assert [event["content"]["body"] for event in events.elements] == ["Shall we talk?", "Yes."]
    stubs = official.call(
        "finder",
        "/mailStubs",
        finder_name="contract",
        query_params={"contract": contract, "owners": urns[:2], "createdDateStart": since},
        version_string=VERSION,
    )
    assert [stub["owner"] for stub in stubs.elements] == [urns[0]]
    notes = official.call(
        "finder",
        "/prospectNotes",
        finder_name="criteria",
        query_params={"contract": contract, "owners": urns[:2], "cutoffDate": since - 1, "beforeDate": until},
    )
    assert [note["owner"] for note in notes.elements] == [urns[1]]
    assert not linkedin.journal.violations()


FILL = {"fields": ",".join(["status"] * 700)}


@pytest.mark.parametrize("fill", [{}, FILL], ids=["plain", "tunnelled"])
@pytest.mark.parametrize(
    ("path", "version", "protocol"),
    [("/atsIntegrations", None, ONE), ("/atsIntegrations", None, TWO), ("/integrations", VERSION, TWO)],
)
def test_status_change_is_found_by_its_request(
    connect: Connect, path: str, version: str | None, protocol: str, fill: dict[str, str]
) -> None:
    official = connect(protocol)
    recruiter = official.sandbox.linkedin.recruiter
    change = recruiter.set_status(official.organization, "IN_ATS_INDICATOR", "DISABLED")
    wanted = {"requestId": change["request_id"], **fill}
    found = official.call("finder", path, finder_name="request", query_params=wanted, version_string=version)
    assert [element["status"] for element in found.elements] == ["DISABLED"]
    assert official.detour.tunnelled == (["GET"] if fill else [])


@pytest.mark.usefixtures("repaired")
@pytest.mark.parametrize("fill", [{}, FILL], ids=["plain", "tunnelled"])
def test_one_entity_is_written_patched_read_and_deleted_in_the_versioned_api(
    connect: Connect, fill: dict[str, str]
) -> None:
    official = connect()
    one, keys = "/candidates/{key}", {"key": official.key("externalCandidateId", "C1")}

    def call(method: str, path: str = one, path_keys: Any = keys, **more: Any) -> Any:
        return official.call(
            method, path, path_keys=path_keys, query_params=fill or None, version_string=VERSION, **more
        )

    assert call("update", entity=rest_candidate()).status_code == 201
    read = official.call("get", one, path_keys=keys, version_string=VERSION)
    assert read.entity["firstName"] == "Mirela"
    integration = official.key("integrationType", "IN_ATS_INDICATOR", tenantType="RECRUITER")
    name = {"integrationName": "ExampleATS"}
    named = call("partial_update", "/integrations/{key}", {"key": integration}, patch_set_object=name)
    assert named.status_code == 204
    shown = official.call("get", "/integrations/{key}", path_keys={"key": integration}, version_string=VERSION)
    assert shown.entity["integrationName"] == "ExampleATS"
    assert official.detour.tunnelled == (["PUT", "POST"] if fill else [])
    assert official.call("delete", one, path_keys=keys, version_string=VERSION).status_code == 204
    assert call("get").status_code == 404


@pytest.mark.usefixtures("repaired")
@pytest.mark.parametrize("protocol", [ONE, TWO])
def test_action_is_tunnelled(connect: Connect, protocol: str) -> None:
    official = connect(protocol)
    rolled = official.call(
        "action",
        "/developerApplicationsSecurity",
        action_name="rollDeveloperApplicationSecret",
        action_params={},
        query_params=FILL,
    )
    assert rolled.value["client_secret"]
    assert official.detour.tunnelled == ["POST"]


@pytest.mark.parametrize(
    ("path", "field", "provider", "make", "version"),
    [
        ("/atsCandidates", "atsCandidateId", {"dataProvider": "ATS"}, candidate, None),
        ("/candidates", "externalCandidateId", {}, rest_candidate, VERSION),
    ],
)
def test_refusals_of_single_elements_reach_the_caller(
    connect: Connect, path: str, field: str, provider: dict[str, str], make: Any, version: str | None
) -> None:
    official = connect()
    keys = [official.key(field, name, **provider) for name in ("good", "bad")]
    entities = [make(1), make(2, firstName="")]
    written = official.call("batch_update", path, ids=keys, entities=entities, version_string=version)
    assert (statuses(written), written.status_code) == ([201], 200)
    assert [error["status"] for error in json.loads(written.response.content)["errors"].values()] == [422]
