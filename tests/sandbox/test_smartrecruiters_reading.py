"""What the imitated SmartRecruiters answers, over real sockets, and that paging meets everything exactly once."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx2
import msgspec
import pytest

from landbridge.sandbox.kernel import Site, WorldChoice
from landbridge.sandbox.kernel.server import BackgroundServer, listen, url_of
from landbridge.sandbox.smartrecruiters import SmartRecruiters
from landbridge.sandbox.worlds import World, make_world


class Account:
    """A served account with a client that has signed in by API key."""

    def __init__(self, site: Site, system: SmartRecruiters, client: httpx2.Client) -> None:
        self.site, self.system, self.client = site, system, client

    @property
    def world(self) -> World:
        return self.system.state.world

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:300]
        return answer.json()

    def walk(self, path: str) -> Iterator[dict[str, Any]]:
        page: dict[str, Any] = self.get(path)
        yield from page["content"]
        while following := page.get("nextPageId"):
            page = self.get(f"{path}{'&' if '?' in path else '?'}pageId={following}")
            yield from page["content"]

    def dump(self, entity: str) -> dict[str, dict[str, Any]]:
        lines = self.client.get(f"/_sandbox/dump/{entity}").text.splitlines()
        rows = [httpx2.Response(200, text=line).json() for line in lines]
        return {row.get("id") or row["applicationId"]: row for row in rows}


@pytest.fixture(scope="module", params=["plain"])
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    site = Site(make_world, WorldChoice(world=request.param, candidates=130))
    system = SmartRecruiters(site)
    sock = listen("127.0.0.1", 0)
    server = BackgroundServer([(system, sock)])
    server.start()
    with httpx2.Client(base_url=url_of(sock), headers={"X-SmartToken": system.keys.api_key}) as client:
        yield Account(site, system, client)
    server.stop()
    sock.close()


hostile = pytest.mark.parametrize("account", ["hostile"], indirect=True)


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_walking_candidates_meets_each_one_exactly_once(account: Account, limit: int) -> None:
    walked = [row["id"] for row in account.walk(f"/candidates?limit={limit}")]
    assert walked == list(account.world.candidates)


@pytest.mark.parametrize("limit", [1, 5, 100])
def test_walking_jobs_by_id_meets_each_one_exactly_once(account: Account, limit: int) -> None:
    walked = [row["id"] for row in account.walk(f"/jobs?sort=job_id&limit={limit}")]
    assert walked == sorted(account.world.jobs)


def test_walking_users_meets_each_one_exactly_once(account: Account) -> None:
    walked = [row["id"] for row in account.walk("/user-api/v201804/users?limit=5")]
    assert walked == [user.id for user in account.world.users]


def test_list_row_of_candidate_names_secondary_jobs_without_their_status(account: Account) -> None:
    rows = [row for row in account.walk("/candidates?limit=100") if row["secondaryAssignments"]]
    assert rows
    assert all(set(each) == {"job"} for row in rows for each in row["secondaryAssignments"])
    assert all(row["primaryAssignment"]["status"] for row in rows)


def test_page_says_where_the_next_one_is_in_body_and_link(account: Account) -> None:
    answer = account.client.get("/candidates?limit=3")
    body = answer.json()
    assert answer.links["next"]["url"].endswith(f"/candidates?limit=3&pageId={body['nextPageId']}")
    assert body["totalFound"] == 130
    assert len(account.get("/candidates")["content"]) == 10


def test_details_of_everything_a_sync_reads_agree_with_the_dump(account: Account) -> None:
    truth = {entity: account.dump(entity) for entity in ("jobs", "candidates", "applications", "histories")}
    assert {name: len(rows) for name, rows in truth.items()} == {
        "jobs": len(account.world.jobs),
        "candidates": 130,
        "applications": len(account.world.applications),
        "histories": len(account.world.applications),
    }
    for application in truth["applications"].values():
        path = f"/candidates/{application['candidateId']}/jobs/{application['jobId']}"
        details = account.get(path)
        filed = account.get(f"/job-applications-api/v202112/job-applications/{details['applicationId']}")
        history = account.get(f"{path}/status/history")["content"]
        assert details["status"] == application["status"] == filed["status"]
        assert filed["createDate"] == application["createDate"]
        assert filed["profileId"] == application["candidateId"]
        assert history == truth["histories"][details["applicationId"]]["content"][::-1]


def test_history_comes_newest_first_and_ends_with_the_present_status(account: Account) -> None:
    for application in account.world.applications.values():
        path = f"/candidates/{application.candidate_id}/jobs/{application.job_id}/status/history"
        rows = account.get(path)["content"]
        assert [row["changedOn"] for row in rows] == sorted((row["changedOn"] for row in rows), reverse=True)
        assert rows[0]["status"] == application.step.status


def test_job_has_ad_location_and_publications(account: Account) -> None:
    for job in account.world.jobs.values():
        details = account.get(f"/jobs/{job.id}")
        ads = account.get(f"/jobs/{job.id}/jobads")
        assert [ad["id"] for ad in ads] == [ad.id for ad in job.ads]
        assert account.get(f"/jobs/{job.id}/jobads/{ads[0]['id']}") == ads[0]
        assert details["jobAd"]["sections"]["jobDescription"]["text"].startswith("<p>")
        assert details["location"]["countryCode"].islower()
        history = account.get(f"/jobs/{job.id}/status/history")["content"]
        assert (history[0]["status"], history[-1]["status"]) == (job.status, "CREATED")


def test_publications_show_ended_ones_only_on_request(account: Account) -> None:
    job = next(each for each in account.world.jobs.values() if each.status == "FILLED")
    assert account.get(f"/jobs/{job.id}/publication")["content"] == []
    rows = account.get(f"/jobs/{job.id}/publication?activeOnly=false")["content"]
    assert rows
    assert all(row["publishedOn"] < row["unpublishedOn"] for row in rows)


def test_jobs_can_be_narrowed_by_status_posting_and_time(account: Account) -> None:
    jobs = account.world.jobs.values()
    assert account.get("/jobs?statuses=FILLED&statuses=CANCELLED")["totalFound"] == sum(
        job.status in {"FILLED", "CANCELLED"} for job in jobs
    )
    assert account.get("/jobs?postingStatus=PUBLIC&limit=100")["totalFound"] == sum(
        job.posting_status == "PUBLIC" for job in jobs
    )
    newest = max(row["updatedOn"] for row in account.walk("/jobs?sort=job_id&limit=100"))
    assert account.get(f"/jobs?updatedAfter={newest}")["totalFound"] == 0
    assert account.get("/jobs?updatedAfter=1999-01-01T00:00:00.000%2B0000")["totalFound"] == len(jobs)


def test_candidates_can_be_narrowed_by_job_time_and_words(account: Account) -> None:
    job_id, count = Counter(each.job_id for each in account.world.applications.values()).most_common(1)[0]
    assert len(list(account.walk(f"/candidates?jobId={job_id}&limit=5"))) == count
    person = next(iter(account.world.candidates.values()))
    found = account.get(f'/candidates?q="{person.email}"')["content"]
    assert [row["id"] for row in found] == [person.id]
    updates = sorted(row["updatedOn"] for row in account.walk("/candidates?limit=100"))
    assert account.get(f"/candidates?updatedAfter={updates[99]}")["totalFound"] == sum(
        update > updates[99] for update in updates
    )


def test_sources_lead_from_application_to_label_even_when_deleted(account: Account) -> None:
    for source in account.dump("sources").values():
        found = account.get(f"/configuration/sources/{source['sourceIdentifier']}")
        assert (found["label"], found["type"]["id"]) == (source["label"], source["type"])
        values = account.get(f"/configuration/sources/{source['type']}/values?limit=100")["content"]
        assert (source["label"] in {value["label"] for value in values}) is not source["deleted"]
    account.get("/configuration/sources/NOWHERE/values", 404)


def test_configuration_names_company_processes_and_reasons(account: Account) -> None:
    assert account.get("/configuration/company")["identifier"] == "HarbourlineInstruments"
    processes = account.get("/configuration/hiring-processes")["content"]
    assert account.get(f"/configuration/hiring-processes/{processes[0]['id']}")["subStatuses"]["INTERVIEW"]
    assert account.get("/configuration/rejection-reasons")["totalFound"] == 4
    assert account.get("/configuration/withdrawal-reasons")["totalFound"] == 4
    assert account.get("/configuration/departments")["totalFound"] == 6


def test_users_can_be_found_by_words_and_the_first_one_is_me(account: Account) -> None:
    me = account.get("/user-api/v201804/users/me")
    assert me["systemRole"]["id"] == "ADMINISTRATOR"
    assert account.get(f"/user-api/v201804/users/{me['id']}") == me
    found = account.get(f"/user-api/v201804/users?q={me['email']}")["content"]
    assert [user["id"] for user in found] == [me["id"]]
    account.get("/user-api/v201804/users?q=ab", 400)


def test_postings_show_what_is_published_and_only_to_those_who_may(account: Account) -> None:
    company = account.world.company.identifier
    everything = account.get(f"/v1/companies/{company}/postings?destination=INTERNAL_OR_PUBLIC&limit=100")
    with httpx2.Client(base_url=account.client.base_url) as stranger:
        public = stranger.get(f"/v1/companies/{company}/postings?limit=100").json()
        assert stranger.get(f"/v1/companies/{company}/postings?destination=INTERNAL").status_code == 401
        details = stranger.get(f"/v1/companies/{company}/postings/{public['content'][0]['uuid']}").json()
    assert 0 < public["totalFound"] < everything["totalFound"]
    assert account.world.jobs[details["jobId"]].posting_status == "PUBLIC"
    assert details["postingUrl"].startswith("https://")


def test_report_lists_applications_as_csv_until_it_is_run_again(account: Account) -> None:
    reports = account.get("/reporting-api/v201804/reports")["content"]
    path = f"/reporting-api/v201804/reports/{reports[0]['id']}/files"
    assert account.get(f"{path}/recent")["status"] == "COMPLETED"
    answer = account.client.get(f"{path}/recent/data")
    rows = list(csv.DictReader(answer.text.splitlines()))
    applications = account.dump("applications")
    assert {row["Application ID"] for row in rows} == set(applications)
    assert all(row["Application Creation Date"] <= row["Application Last Updated Date"] for row in rows)
    unchanged = account.client.get(f"{path}/recent/data", headers={"If-None-Match": answer.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    account.get(f"/reporting-api/v201804/reports/{reports[1]['id']}/files/recent", 404)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/candidates/00000000-0000-4000-8000-000000000000", 404, "CANDIDATE_NOT_FOUND"),
        ("/jobs/00000000-0000-4000-8000-000000000000", 404, "JOB_NOT_FOUND"),
        ("/job-applications-api/v202112/job-applications/17", 400, "INVALID_JOB_APPLICATION_ID"),
        (
            "/job-applications-api/v202112/job-applications/00000000-0000-4000-8000-000000000000",
            404,
            "JOB_APPLICATION_NOT_FOUND",
        ),
        ("/jobs?sort=job_id&pageId=rubbish", 400, "INVALID_PAGE_ID"),
        ("/candidates?updatedAfter=yesterday", 400, "INVALID_DATE"),
        ("/jobs?statuses=SINKING", 400, "INVALID_PARAMETER"),
        ("/no/such/address", 404, "NOT_FOUND"),
    ],
)
def test_errors_have_the_documented_shape(account: Account, path: str, status: int, code: str) -> None:
    body = account.get(path, status)
    assert body["errors"][0]["code"] == code
    assert body["message"]


def test_page_id_of_one_list_is_refused_by_another(account: Account) -> None:
    page = account.get("/candidates?limit=1")["nextPageId"]
    assert account.get(f"/jobs?sort=job_id&pageId={page}", 400)["errors"][0]["code"] == "INVALID_PAGE_ID"


@hostile
def test_hostile_answers_are_json_with_every_oddity_in_them(account: Account) -> None:
    """Read with a parser that takes lone surrogates, as JSON's grammar does."""
    rows = {row["id"]: row for row in account.walk("/candidates?limit=100")}
    by_code = {code: rows[each.id] for each in account.world.candidates.values() for code in each.oddities}
    assert "\ud83d" in by_code["name_with_lone_surrogate"]["lastName"]
    assert "\x00" in by_code["name_with_nul"]["firstName"]
    assert "email" not in by_code["email_missing"]
    assert by_code["created_in_9999"]["createdOn"] == "9999-12-31T23:59:59.000Z"
    assert by_code["created_at_epoch_0"]["createdOn"] == "1970-01-01T00:00:00.000Z"
    assert by_code["created_before_epoch_0"]["createdOn"] == "1969-12-31T00:00:00.000Z"
    assert "futureField" in by_code["fields_unknown"]


@hostile
def test_people_who_were_merged_away_are_listed_and_cannot_be_read(account: Account) -> None:
    listed = {row["id"] for row in account.walk("/candidates?limit=100")}
    for code, status in (("merged_away", 404), ("details_denied", 401)):
        person = next(each for each in account.world.candidates.values() if code in each.oddities)
        application = person.applications[0]
        assert person.id in listed
        account.get(f"/candidates/{person.id}", status)
        account.get(f"/candidates/{person.id}/jobs/{application.job_id}", status)


@hostile
def test_odd_jobs_are_served_as_they_are(account: Account) -> None:
    by_code = {code: job for job in account.world.jobs.values() for code in job.oddities}
    assert (
        account.get(f"/jobs/{by_code['details_denied'].id}", 401)["errors"][0]["code"] == "UNAUTHORIZED_TO_ACCESS_JOB"
    )
    large = account.get(f"/jobs/{by_code['ad_of_5_megabytes'].id}")["jobAd"]["sections"]["jobDescription"]["text"]
    assert len(large) == 5_000_000
    assert "jobAd" not in account.get(f"/jobs/{by_code['ads_missing'].id}")
    assert account.get(f"/jobs/{by_code['template'].id}")["template"] is True
    assert account.get(f"/jobs/{by_code['id_over_75'].id}")["title"]
    assert "title" not in account.get(f"/jobs/{by_code['title_missing'].id}")


@hostile
def test_nothing_odd_makes_the_imitation_itself_fail(account: Account) -> None:
    paths = [f"/jobs/{job_id}{part}" for job_id in account.world.jobs for part in ("", "/jobads", "/publication")]
    for person in account.world.candidates.values():
        paths.append(f"/candidates/{person.id}")
        for each in person.applications:
            paths += [f"/candidates/{person.id}/jobs/{each.job_id}{part}" for part in ("", "/status/history")]
            paths.append(f"/job-applications-api/v202112/job-applications/{each.id}")
    statuses = Counter(account.client.get(path).status_code for path in paths)
    assert set(statuses) == {200, 401, 403, 404}
    assert statuses[200] > 0.9 * len(paths)


@hostile
def test_candidates_change_while_they_are_listed_and_are_all_met(account: Account) -> None:
    account.system.reset()
    world = account.world
    assert account.system.state.restless > 0
    walked = [row["id"] for row in account.walk("/candidates?limit=10")]
    for _ in range(3):
        list(account.walk("/candidates?limit=10"))
    assert set(walked) == set(world.candidates)
    assert len(walked) > len(world.candidates)
    assert account.system.state.restless == 0
    # At rest again: each one once.
    assert len(list(account.walk("/candidates?limit=10"))) == len(world.candidates)


@hostile
def test_dumps_of_a_hostile_world_can_be_read_by_strict_parsers(account: Account) -> None:
    for entity in ("jobs", "candidates", "applications", "histories", "users", "sources"):
        for line in account.client.get(f"/_sandbox/dump/{entity}").content.splitlines():
            assert msgspec.json.decode(line)
