"""What can be wrong with a job and its ads, one function per oddity. The name of the function is the oddity's code."""

from __future__ import annotations

from collections.abc import Callable

from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.job import Ad, Job, Publication
from landbridge.sandbox.worlds.moment import DAY, YEAR_9999
from landbridge.sandbox.worlds.vocabulary import Place

Spoil = Callable[[Job, int], None]
JOB_ODDITIES: list[tuple[str, Spoil]] = []

FIVE_MEGABYTES = 5_000_000
RIGHT_TO_LEFT = "\u202eمحلل المد والجزر\u202c"
FOUR_BYTES = "🌊 Tide Analyst 𝒲𝒶𝓉𝑒𝓇 👩🏽‍🔬"
# Two halves of a surrogate pair that never meet: valid as JSON escapes, no valid text.
LONE_SURROGATE = "\ud83d"


def odd(spoil: Spoil) -> Spoil:
    JOB_ODDITIES.append((spoil.__name__, spoil))
    return spoil


def spoil_jobs(draw: Draw, jobs: list[Job], anchor: int) -> None:
    """Each oddity strikes one job, drafts left alone; with many jobs, every third job has one."""
    chosen = draw.sample([job for job in jobs if job.status != "CREATED"], len(jobs))
    for place, job in enumerate(chosen[: max(len(JOB_ODDITIES), len(jobs) // 3)]):
        code, spoil = JOB_ODDITIES[place % len(JOB_ODDITIES)]
        # Megabytes are odd enough once or twice in a world.
        if code in {"ad_of_5_megabytes", "ad_of_5_megabytes_of_tags"} and place >= len(JOB_ODDITIES):
            continue
        spoil(job, anchor)
        job.oddities = (*job.oddities, code)


def _say(job: Job, text: str | None) -> None:
    """Put ``text`` in place of all that the default ad says."""
    _ad(job).words = {"jobDescription": text}


def _ad(job: Job) -> Ad:
    ad = job.default_ad
    if ad is None:
        raise LookupError("oddities are dealt one per job, so the default ad should still be there")
    return ad


def _extend(job: Job, **fields: object) -> None:
    job.extra = {**(job.extra or {}), **fields}


@odd
def title_missing(job: Job, _: int) -> None:
    job.title = None


@odd
def title_empty(job: Job, _: int) -> None:
    job.title = ""


@odd
def title_blank(job: Job, _: int) -> None:
    job.title = " \t\u00a0 "


@odd
def title_over_200(job: Job, _: int) -> None:
    job.title = ("Analyst of tides, currents, waves and weather " * 6)[:230]


@odd
def title_over_256(job: Job, _: int) -> None:
    job.title = "Ingénieure hydrographe " * 40


@odd
def title_with_nul(job: Job, _: int) -> None:
    job.title = "Tide\x00 Analyst"


@odd
def title_with_lone_surrogate(job: Job, _: int) -> None:
    job.title = f"Tide Analyst {LONE_SURROGATE}"


@odd
def title_right_to_left(job: Job, _: int) -> None:
    job.title = RIGHT_TO_LEFT


@odd
def title_of_4_byte_characters(job: Job, _: int) -> None:
    job.title = FOUR_BYTES


@odd
def title_with_html(job: Job, _: int) -> None:
    job.title = "<b>Tide</b> Analyst <script>alert('t')</script> & Co"


@odd
def title_with_line_breaks(job: Job, _: int) -> None:
    job.title = "Tide\r\nAnalyst\n\n(m/f/d)"


@odd
def ads_missing(job: Job, _: int) -> None:
    job.ads = []


@odd
def ad_without_sections(job: Job, _: int) -> None:
    _ad(job).words = {}


@odd
def ad_without_text(job: Job, _: int) -> None:
    _say(job, None)


@odd
def ad_of_blanks(job: Job, _: int) -> None:
    _say(job, "<p>&nbsp;</p>\n" * 80)


@odd
def ad_under_100(job: Job, _: int) -> None:
    _say(job, "<p>Tides wanted.</p>")


@odd
def ad_long_in_tags_short_in_words(job: Job, _: int) -> None:
    _say(job, '<div class="very-long-class-name-of-a-page-builder">' * 40 + "Apply" + "</div>" * 40)


@odd
def ad_over_25000(job: Job, _: int) -> None:
    long = "<p>" + "Sea and weather. " * 1_460 + "</p>"
    _ad(job).words = {"jobDescription": long, "qualifications": long}


@odd
def ad_of_5_megabytes(job: Job, _: int) -> None:
    _ad(job).bulk = ("jobDescription", "<p>Every wave is measured twice and written down once. </p>", FIVE_MEGABYTES)


@odd
def ad_of_5_megabytes_of_tags(job: Job, _: int) -> None:
    _ad(job).bulk = ("additionalInformation", "<div><ul><li>", FIVE_MEGABYTES)


@odd
def ad_with_scripts(job: Job, _: int) -> None:
    _say(
        job,
        '<script>steal(document.cookie)</script><p onclick="steal()">We measure tides for harbours all over the '
        'world, in all weathers.</p><img src=x onerror="steal()"><style>p{color:red}</style><iframe src="//x.example">'
        '</iframe><a href="javascript:steal()">Apply to the team that knows the water best</a>',
    )


@odd
def ad_with_unclosed_tags(job: Job, _: int) -> None:
    _say(job, "<ul><li>Measure<li>Forecast<b>bold<p>and <i>explain" + " what the water does" * 20 + "<")


@odd
def ad_with_entities(job: Job, _: int) -> None:
    _say(job, "&lt;script&gt;no script&lt;/script&gt; &amp;amp; &#0; &#x1F30A; &bogus; R&D " + "salt &amp; water " * 20)


@odd
def ad_with_nul(job: Job, _: int) -> None:
    _say(job, "<p>We measure\x00 tides" + " for harbours" * 20 + "\x00</p>")


@odd
def ad_with_lone_surrogate(job: Job, _: int) -> None:
    _say(job, f"<p>Waves {LONE_SURROGATE} and water" + " for harbours" * 20 + "\udc00</p>")


@odd
def ad_of_images(job: Job, _: int) -> None:
    _say(job, '<img src="data:image/png;base64,' + "QUJD" * 2_000 + '" alt="">')


@odd
def ad_unreadable(job: Job, _: int) -> None:
    _ad(job).details_status = 404


@odd
def ad_without_default(job: Job, _: int) -> None:
    for ad in job.ads:
        ad.default = False


@odd
def ad_default_twice(job: Job, _: int) -> None:
    first = job.ads[0]
    twin = Ad(
        id=first.id[:-2] + "ff",
        title=first.title,
        language=first.language,
        text_seed=first.text_seed + 1,
        created=first.created,
        updated=first.updated,
        visibility=first.visibility,
        published=first.published,
        default=True,
        apply_url=first.apply_url,
        posting_id=first.posting_id + "7",
        posting_uuid=first.posting_uuid[:-2] + "ff",
        publications=first.publications,
    )
    job.ads = [*job.ads, twin]


@odd
def location_missing(job: Job, _: int) -> None:
    job.place = None


@odd
def location_empty(job: Job, _: int) -> None:
    job.place_parts = {}


@odd
def location_of_country_only(job: Job, _: int) -> None:
    job.place_parts = {"country": "Norway", "countryCode": "no", "remote": False}


@odd
def location_remote_without_city(job: Job, _: int) -> None:
    job.place_parts = {"country": "Norway", "countryCode": "no", "remote": True}


@odd
def location_with_unknown_country(job: Job, _: int) -> None:
    job.place = Place("Atlantis", "Deep", "DP", "Atlantis", "zz", "0", "999.9", "not a number")


@odd
def location_in_4_byte_characters(job: Job, _: int) -> None:
    job.place_parts = {"city": "🏝️🏝️", "country": "\u202eنرويج", "countryCode": "NO", "remote": None}


@odd
def template(job: Job, _: int) -> None:
    job.template = True


@odd
def internal(job: Job, _: int) -> None:
    job.posting_status = "INTERNAL"
    for ad in job.ads:
        ad.visibility = "INTERNAL"


@odd
def private(job: Job, _: int) -> None:
    job.posting_status = "PRIVATE"
    for ad in job.ads:
        ad.visibility, ad.publications = "PRIVATE", []


@odd
def open_but_not_published(job: Job, _: int) -> None:
    job.status, job.posting_status = "SOURCING", "NOT_PUBLISHED"
    for ad in job.ads:
        ad.published = False


@odd
def closed_but_published(job: Job, _: int) -> None:
    job.status, job.posting_status = "FILLED", "PUBLIC"


@odd
def closed_and_never_published(job: Job, _: int) -> None:
    job.status, job.posting_status = "CANCELLED", "NOT_PUBLISHED"
    for ad in job.ads:
        ad.published, ad.publications, ad.apply_url = False, [], None
    job.apply_url = None


@odd
def on_hold(job: Job, _: int) -> None:
    job.status = "ON_HOLD"


@odd
def status_other(job: Job, _: int) -> None:
    job.status = "OTHER"


@odd
def status_unknown(job: Job, _: int) -> None:
    job.status = "AWAITING_THE_TIDE"


@odd
def posting_status_unknown(job: Job, _: int) -> None:
    job.posting_status = "PUBLISHED_ON_THE_MOON"


@odd
def fields_unknown(job: Job, _: int) -> None:
    _extend(job, futureField={"nested": [1, None, {"deep": True}]}, schemaVersion=9_007_199_254_740_993)


@odd
def fields_null(job: Job, _: int) -> None:
    _extend(job, department=None, industry=None, actions=None, language=None, refNumber=None, compensation=None)


@odd
def created_missing(job: Job, _: int) -> None:
    job.created = None


@odd
def created_at_epoch_0(job: Job, _: int) -> None:
    job.created = 0


@odd
def created_in_9999(job: Job, _: int) -> None:
    job.created = YEAR_9999


@odd
def created_no_date(job: Job, _: int) -> None:
    job.created = "last Tuesday"


@odd
def updated_before_created(job: Job, _: int) -> None:
    if isinstance(job.created, int):
        job.updated = job.created - 900 * DAY


@odd
def published_in_the_future(job: Job, anchor: int) -> None:
    later = Publication(source_name="Career site", type="CAREER_SITE", published=anchor + 4_000 * DAY)
    for ad in job.ads:
        ad.publications = [later]


@odd
def published_without_date(job: Job, _: int) -> None:
    for ad in job.ads:
        ad.publications = [Publication(source_name="Career site", type="CAREER_SITE", published=None)]


@odd
def publications_missing(job: Job, _: int) -> None:
    for ad in job.ads:
        ad.publications = []


@odd
def apply_url_missing(job: Job, _: int) -> None:
    job.apply_url = None
    for ad in job.ads:
        ad.apply_url = None


@odd
def apply_url_of_a_script(job: Job, _: int) -> None:
    job.apply_url = _ad(job).apply_url = "javascript:alert(1)"


@odd
def apply_url_relative(job: Job, _: int) -> None:
    job.apply_url = _ad(job).apply_url = "/jobs/apply here?x=1"


@odd
def id_over_75(job: Job, _: int) -> None:
    job.id = f"{job.id}-{'moved-from-an-older-system-' * 2}{job.id[:8]}"


@odd
def details_denied(job: Job, _: int) -> None:
    job.details_status = 401


@odd
def details_gone(job: Job, _: int) -> None:
    job.details_status = 404
