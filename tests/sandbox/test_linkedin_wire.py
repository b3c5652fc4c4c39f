"""The wire: sizes, tunnelling, methods, versions, batch sizes and key sets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from landbridge.sandbox.linkedin.calls import Request, check_size
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.versions import check_version
from tests.sandbox.linkedin_caller import (
    Caller,
    application,
    candidate,
    element_status,
    ids_query,
    rest_candidate,
    text_key,
)


async def test_query_over_4_kilobytes_is_refused_untunnelled(linkedin: Caller) -> None:
    query = ids_query([linkedin.candidate_key("C1")]) + "&fill=" + "x" * 4096
    assert (await linkedin.send("GET", "/v2/atsCandidates", query)).status_code == 414
    assert linkedin.broken_rules() == {"url_length"}


async def test_query_of_4_kilobytes_is_taken(linkedin: Caller) -> None:
    query = ids_query([linkedin.candidate_key("C1")]) + "&fill="
    answer = await linkedin.send("GET", "/v2/atsCandidates", query + "x" * (4096 - len(query)))
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/v2/atsApplications/" + "x" * 4097 + "/stages", "/v2/" + "abc/" * 2100])
async def test_path_too_long_is_refused(linkedin: Caller, path: str) -> None:
    assert (await linkedin.send("GET", path)).status_code == 414


async def test_head_over_28_kilobytes_is_refused(linkedin: Caller) -> None:
    assert (await linkedin.send("GET", "/v2/atsCandidates", "", cookie="x" * 28_700)).status_code == 414


async def test_hundred_tunnelled_candidates_are_taken_in_one_call(linkedin: Caller) -> None:
    names = [f"b1946ac9-2a7e-4d53-9a41-6c2f5e4f{number:04d}" for number in range(100)]
    answer = await linkedin.put_candidates({name: candidate(number) for number, name in enumerate(names)})
    assert set(element_status(answer).values()) == {201}
    keys = [linkedin.candidate_key(name) for name in names]
    query = ids_query(keys) + "&fields=matchedMembers,manualMatchedMember"
    headers = {
        "authorization": f"Bearer {linkedin.token}",
        "x-http-method-override": "GET",
        "content-type": "application/x-www-form-urlencoded",
    }
    read = await linkedin.http.post("/v2/atsCandidates", content=query.encode(), headers=headers)
    assert len(read.json()["results"]) == 100
    headers["x-http-method-override"] = "DELETE"
    gone = await linkedin.http.post("/v2/atsCandidates", content=ids_query(keys).encode(), headers=headers)
    assert set(element_status(gone).values()) == {204}
    assert not linkedin.broken_rules()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", "ids=N1"),
        ("multipart/mixed", "ids=N1"),
        ("multipart/mixed; boundary=b", "--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--"),
        ("multipart/mixed; boundary=b", "nothing of that kind"),
    ],
)
async def test_broken_tunnel_is_a_400(linkedin: Caller, content_type: str, body: str) -> None:
    headers = {
        "authorization": f"Bearer {linkedin.token}",
        "x-http-method-override": "PUT",
        "content-type": content_type,
    }
    assert (await linkedin.http.post("/v2/atsCandidates", content=body.encode(), headers=headers)).status_code == 400


async def test_batch_of_101_is_refused_whole_and_on_record(linkedin: Caller) -> None:
    answer = await linkedin.put_candidates({f"C{number}": candidate(number) for number in range(101)})
    assert answer.status_code == 400
    assert linkedin.broken_rules() == {"batch_size"}
    assert not linkedin.dump("candidates")


async def test_entities_have_to_be_the_keys_of_the_query(linkedin: Caller) -> None:
    query = ids_query([linkedin.candidate_key("C1"), linkedin.candidate_key("C2")])
    body = {"entities": {text_key(linkedin.candidate_key("C1")): candidate()}}
    answer = await linkedin.send("PUT", "/v2/atsCandidates", query, body, x_restli_method="batch_update")
    assert answer.status_code == 400
    assert linkedin.broken_rules() == {"key_set"}


async def test_key_named_twice_is_refused(linkedin: Caller) -> None:
    key = linkedin.candidate_key("C1")
    body = {"entities": {text_key(key): candidate()}}
    answer = await linkedin.send("PUT", "/v2/atsCandidates", ids_query([key, key]), body)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"entities": []}', b'{"entities": {"x": 1}', b"\xff\xfe", b'"\xed"']
)
async def test_unreadable_body_is_a_400(linkedin: Caller, body: bytes) -> None:
    url = f"/v2/atsCandidates?{ids_query([linkedin.candidate_key('C1')])}"
    headers = {"authorization": f"Bearer {linkedin.token}"}
    assert (await linkedin.http.put(url, content=body, headers=headers)).status_code == 400


async def test_lone_surrogate_is_malformed_json(linkedin: Caller) -> None:
    key = linkedin.candidate_key("C1")
    body = '{"entities": {"' + text_key(key) + '": {"firstName": "\\ud800"}}}'
    url = f"/v2/atsCandidates?{ids_query([key])}"
    headers = {"authorization": f"Bearer {linkedin.token}"}
    assert (await linkedin.http.put(url, content=body.encode(), headers=headers)).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/v2/unheardOf", {}, 404),
        ("GET", "/v3/atsCandidates", {}, 404),
        ("GET", "/v2", {}, 404),
        ("GET", "/v2/atsCandidates/C1", {}, 400),
        ("GET", "/rest/provisionedApplications", {}, 404),
        ("PATCH", "/v2/atsCandidates", {}, 405),
        ("GET", "/v2/atsApplications", {}, 405),
        ("GET", "/v2/atsCandidates", {}, 405),
        ("PUT", "/v2/atsCandidates", {"x_restli_method": "batch_create"}, 400),
        ("PUT", "/v2/atsCandidates", {"x_restli_method": "unheard_of"}, 400),
        ("PUT", "/v2/atsCandidates", {}, 400),
        ("POST", "/v2/atsCandidates", {"content_length": "0"}, 403),
        ("GET", "/oauth/v2/elsewhere", {}, 404),
    ],
)
async def test_wrong_call_gets_its_status(
    linkedin: Caller, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = await linkedin.send(method, path, **headers)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert re.fullmatch(r"[A-Za-z0-9+/]{22}==", answer.headers["x-li-uuid"])


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("", 400),
        ("2026-03", 400),
        ("202613", 400),
        ("202401", 426),
        ("202605", 426),
        ("202601", 404),
        ("202602", 200),
        ("202603.01", 200),
    ],
)
async def test_version_decides_on_rest_calls(linkedin: Caller, version: str, status: int) -> None:
    linkedin.sandbox.clock.set(datetime(2026, 11, 1, tzinfo=UTC))
    await linkedin.sign_in()
    key = {"externalCandidateId": "C1", "integrationContext": linkedin.organization}
    answer = await linkedin.put_rest("/rest/candidates", [key], [rest_candidate()], linkedin_version=version)
    assert answer.status_code == status


@pytest.mark.parametrize(("month", "lives"), [("2028-02-28", True), ("2028-03-01", False)])
def test_version_is_sunset_two_years_after_its_month(month: str, lives: bool) -> None:
    now = datetime.fromisoformat(month).replace(tzinfo=UTC)
    if lives:
        check_version("202603", 0, now)
        return
    with pytest.raises(RefusalError) as refusal:
        check_version("202603", 0, now)
    assert refusal.value.status == 426


async def test_path_key_may_be_escaped(linkedin: Caller) -> None:
    await linkedin.put_applications({"A1": application()})
    path = f"/v2/atsApplications/{quote(text_key(linkedin.application_key('A1')), safe='')}/stages"
    body = {"entities": {"S1": {"atsCreatedAt": 1, "stage": "Hired"}}}
    assert element_status(await linkedin.send("PUT", path, "ids=S1", body)) == {"S1": 201}


async def test_ids_with_reserved_characters_survive(linkedin: Caller) -> None:
    key = linkedin.candidate_key("a&b=c%(d)")
    entities = {"&".join(f"{name}={quote(value, safe='')}" for name, value in key.items()): candidate()}
    answer = await linkedin.send("PUT", "/v2/atsCandidates", ids_query([key]), {"entities": entities})
    assert element_status(answer) == {"a&b=c%(d)": 201}


def test_post_without_length_is_a_411() -> None:
    with pytest.raises(RefusalError) as refusal:
        check_size(Request(method="POST", path="/v2/atsCandidates", query="", headers={}, body=b""))
    assert refusal.value.status == 411
