from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from landbridge.connectors.smartrecruiters import wire
from landbridge.connectors.smartrecruiters.jobs import job_text, needs_ads, translate_job
from landbridge.records import Location

TEXT = wire.AdText(sections=wire.Sections(job_description=wire.Section(title="The role", text="<p>Read tides.</p>")))
LINK = wire.JobActions(apply_on_web=wire.Link(url="https://jobs.example/1"))
PUBLISHED = [wire.Publication(published_on="2026-01-05T08:00:00.000Z")]


def job(**fields: Any) -> wire.Job:
    return wire.Job(**{"id": "j1", "title": "Tide Analyst", "job_ad": TEXT, "actions": LINK, **fields})


@pytest.mark.parametrize(
    ("status", "posted", "publications", "expected"),
    [
        ("SOURCING", "PUBLIC", [], "open"),
        ("INTERVIEW", "INTERNAL", [], "open"),
        ("OFFER", "PRIVATE", [], "open"),
        ("OFFERED", "PUBLIC", [], "open"),
        ("FILLED", "PUBLIC", [], "closed"),
        ("CANCELLED", "NOT_PUBLISHED", PUBLISHED, "closed"),
        ("FILLED", "NOT_PUBLISHED", [], "draft"),
        ("SOURCING", "NOT_PUBLISHED", PUBLISHED, "draft"),
        ("CREATED", "PUBLIC", [], "draft"),
        ("ON_HOLD", "PUBLIC", PUBLISHED, "draft"),
        ("OTHER", "PUBLIC", [], "draft"),
        ("AWAITING_THE_TIDE", "PUBLIC", [], "draft"),
        ("SOURCING", "ON_THE_MOON", [], "draft"),
        (None, None, [], "draft"),
    ],
)
def test_job_is_open_or_closed_only_once_somebody_could_see_it(
    status: str | None, posted: str | None, publications: list[wire.Publication], expected: str
) -> None:
    assert translate_job(job(status=status, posting_status=posted), (), publications).status == expected


@pytest.mark.parametrize(
    ("posted", "visibility", "confidential"),
    [
        ("PUBLIC", "public", False),
        ("INTERNAL", "internal", False),
        ("PRIVATE", "private", True),
        ("NOT_PUBLISHED", "unpublished", False),
        ("ON_THE_MOON", "unpublished", False),
    ],
)
def test_private_jobs_are_confidential(posted: str, visibility: str, *, confidential: bool) -> None:
    found = translate_job(job(posting_status=posted), (), ())

    assert (found.visibility, found.confidential) == (visibility, confidential)


def test_ads_are_asked_for_only_where_details_lack_text_or_link() -> None:
    assert not needs_ads(job())
    assert needs_ads(job(job_ad=None))
    assert needs_ads(job(actions=None))
    assert needs_ads(job(title=" "))
    assert needs_ads(job(job_ad=wire.AdText(sections=wire.Sections(job_description=wire.Section(title="Empty")))))


def test_link_of_the_details_comes_before_the_default_ads_and_that_before_public_ones() -> None:
    ads = [
        wire.JobAd(apply_url="https://x.example/other", posting_status="PUBLISHED", visibility="PUBLIC"),
        wire.JobAd(apply_url="https://x.example/default", default=True),
    ]

    assert translate_job(job(), ads, ()).url == "https://jobs.example/1"
    assert translate_job(job(actions=None), ads, ()).url == "https://x.example/default"
    assert translate_job(job(actions=None), ads[:1], ()).url == "https://x.example/other"
    assert translate_job(job(actions=None), (), ()).url is None


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/jobs/1", "ftp://x.example", "https:///x", " ", "x.example"])
def test_link_that_is_no_web_address_is_none(url: str) -> None:
    assert translate_job(job(actions=wire.JobActions(apply_on_web=wire.Link(url=url))), (), ()).url is None


def test_sections_stand_in_their_order_under_their_titles_and_empty_ones_are_left_out() -> None:
    sections = wire.Sections(
        qualifications=wire.Section(title="You & I", text="<p>Patience.</p>"),
        company_description=wire.Section(title="We", text="<p>A harbour.</p>"),
        additional_information=wire.Section(title="Nothing", text="  "),
    )

    assert job_text(wire.AdText(sections=sections)) == (
        "<p><strong>We</strong></p><p>A harbour.</p><p><strong>You &amp; I</strong></p><p>Patience.</p>"
    )


def test_job_was_published_when_its_first_publication_was() -> None:
    moments = ["2026-02-01T00:00:00.000Z", "2026-01-05T08:00:00.000Z", "soon", None]
    publications = [wire.Publication(published_on=moment) for moment in moments]

    assert translate_job(job(), (), publications).published_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert translate_job(job(), (), ()).published_at is None


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (
            wire.JobLocation(country_code="pt", country="Portugal", region="Norte", region_code="13", city=" Porto "),
            Location(country_code="PT", country="Portugal", region="Norte", city="Porto"),
        ),
        (
            wire.JobLocation(country_code="us", region="California", region_code="CA", city="Oakland", remote=True),
            Location(country_code="US", region="CA", city="Oakland", remote=True),
        ),
        (wire.JobLocation(country_code="Atlantis", city=""), Location()),
        (None, Location()),
    ],
)
def test_place_is_told_the_way_people_of_the_country_write_it(
    place: wire.JobLocation | None, expected: Location
) -> None:
    assert translate_job(job(location=place), (), ()).location == expected


def test_title_of_the_default_ad_stands_in_for_a_missing_one() -> None:
    ads = [wire.JobAd(title="Another"), wire.JobAd(title="Tide Reader", default=True)]

    assert translate_job(job(title="  "), ads, ()).title == "Tide Reader"
    assert translate_job(job(title=None), (), ()).title == ""
