"""What can be wrong with a candidate or an application. The name of the function is the oddity's code."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from landbridge.sandbox.worlds.draw import Draw
from landbridge.sandbox.worlds.moment import DAY, YEAR_9999
from landbridge.sandbox.worlds.person import Application, Candidate, Step


class Setting(Struct, frozen=True):
    """What a spoiling function may look at besides the candidate."""

    anchor: int
    neighbour: Candidate  # another candidate, left as it is


Spoil = Callable[[Candidate, Setting], None]
PEOPLE_ODDITIES: list[tuple[str, Spoil]] = []
SHARE = 0.45
LONE_SURROGATE = "\ud83d"
UNKNOWN_STEP = Step("BECALMED", "Waiting for wind")


def odd(spoil: Spoil) -> Spoil:
    PEOPLE_ODDITIES.append((spoil.__name__, spoil))
    return spoil


def spoil_people(draw: Draw, people: list[Candidate], anchor: int) -> None:
    """Deal the oddities to a share of the candidates (all of them get dealt once where there are enough people)."""
    chosen = draw.sample(people, len(people))
    count = min(len(people) // 2, max(len(PEOPLE_ODDITIES), int(len(people) * SHARE)))
    healthy = chosen[count:]
    for place, candidate in enumerate(chosen[:count]):
        code, spoil = PEOPLE_ODDITIES[place % len(PEOPLE_ODDITIES)]
        spoil(candidate, Setting(anchor, healthy[place % len(healthy)]))
        taken: list[Candidate | Application] = [candidate, *candidate.applications]
        if not any(code in each.oddities for each in taken):
            candidate.oddities = (*candidate.oddities, code)


def _first(candidate: Candidate, code: str) -> Application:
    """The primary application, which takes the oddity upon itself."""
    application = candidate.applications[0]
    application.oddities = (*application.oddities, code)
    return application


def _close(candidate: Candidate, status: int, code: str) -> None:
    """Neither the person nor any of the applications can be read in detail."""
    candidate.details_status = status
    candidate.oddities = (*candidate.oddities, code)
    for application in candidate.applications:
        application.details_status = application.history_status = status
        application.oddities = (*application.oddities, code)


@odd
def email_missing(candidate: Candidate, _: Setting) -> None:
    candidate.email = None


@odd
def email_empty(candidate: Candidate, _: Setting) -> None:
    candidate.email = ""


@odd
def email_blank(candidate: Candidate, _: Setting) -> None:
    candidate.email = "   "


@odd
def email_without_at(candidate: Candidate, _: Setting) -> None:
    candidate.email = "mirela.example.org"


@odd
def email_without_dot(candidate: Candidate, _: Setting) -> None:
    candidate.email = "mirela@localhost"


@odd
def email_with_blanks(candidate: Candidate, _: Setting) -> None:
    candidate.email = f" {candidate.email} "


@odd
def email_with_two_ats(candidate: Candidate, _: Setting) -> None:
    candidate.email = "mirela@work@example.org"


@odd
def email_placeholder(candidate: Candidate, _: Setting) -> None:
    candidate.email = "noemail@example.org"


@odd
def email_not_available(candidate: Candidate, _: Setting) -> None:
    candidate.email = "N/A"


@odd
def email_of_zeros(candidate: Candidate, _: Setting) -> None:
    candidate.email = "000@000.000"


@odd
def email_unknown(candidate: Candidate, _: Setting) -> None:
    candidate.email = f"unknown-{candidate.id[:8]}@no-email.invalid"


@odd
def email_of_somebody_else(candidate: Candidate, setting: Setting) -> None:
    candidate.email = setting.neighbour.email


@odd
def email_of_somebody_else_in_capitals(candidate: Candidate, setting: Setting) -> None:
    candidate.email = (setting.neighbour.email or "").upper()


@odd
def email_over_320(candidate: Candidate, _: Setting) -> None:
    candidate.email = f"{'m' * 400}@example.org"


@odd
def email_in_other_script(candidate: Candidate, _: Setting) -> None:
    candidate.email = "ميريلا@مثال.example"


@odd
def email_with_line_break(candidate: Candidate, _: Setting) -> None:
    candidate.email = f"{candidate.email}\r\nbcc: all@example.net"


@odd
def email_with_nul(candidate: Candidate, _: Setting) -> None:
    candidate.email = f"mire\x00la.{candidate.id[:6]}@example.org"


@odd
def two_emails_in_one(candidate: Candidate, _: Setting) -> None:
    candidate.email = f"{candidate.email}; second.{candidate.email}"


@odd
def first_name_empty(candidate: Candidate, _: Setting) -> None:
    candidate.first_name = ""


@odd
def first_name_blank(candidate: Candidate, _: Setting) -> None:
    candidate.first_name = " \u00a0\u200b "


@odd
def first_name_missing(candidate: Candidate, _: Setting) -> None:
    candidate.first_name = None


@odd
def last_name_empty(candidate: Candidate, _: Setting) -> None:
    candidate.last_name = ""


@odd
def last_name_missing(candidate: Candidate, _: Setting) -> None:
    candidate.last_name = None


@odd
def names_missing(candidate: Candidate, _: Setting) -> None:
    candidate.first_name = candidate.last_name = None


@odd
def name_of_5000_characters(candidate: Candidate, _: Setting) -> None:
    candidate.last_name = "Wave" * 1_250


@odd
def name_right_to_left(candidate: Candidate, _: Setting) -> None:
    candidate.first_name, candidate.last_name = "\u202eمريم\u202c", "בן־דוד"


@odd
def name_of_4_byte_characters(candidate: Candidate, _: Setting) -> None:
    candidate.first_name, candidate.last_name = "𠮷野 👩‍🚀", "𝔗𝔦𝔡𝔢 🌊"


@odd
def name_with_nul(candidate: Candidate, _: Setting) -> None:
    candidate.first_name = f"{candidate.first_name}\x00"


@odd
def name_with_lone_surrogate(candidate: Candidate, _: Setting) -> None:
    candidate.last_name = f"{candidate.last_name}{LONE_SURROGATE}"


@odd
def name_with_html(candidate: Candidate, _: Setting) -> None:
    candidate.first_name = "<script>alert('n')</script>Ana"


@odd
def name_with_many_accents(candidate: Candidate, _: Setting) -> None:
    candidate.first_name = "A" + "\u0301\u0323" * 60 + "na"


@odd
def name_of_sql(candidate: Candidate, _: Setting) -> None:
    candidate.last_name = "Robert'); DROP TABLE record;--"


@odd
def name_not_available(candidate: Candidate, _: Setting) -> None:
    candidate.first_name, candidate.last_name = "Not Available", "-"


@odd
def created_missing(candidate: Candidate, _: Setting) -> None:
    candidate.created = None


@odd
def created_at_epoch_0(candidate: Candidate, _: Setting) -> None:
    candidate.created = 0


@odd
def created_before_epoch_0(candidate: Candidate, _: Setting) -> None:
    candidate.created = -86_400_000


@odd
def created_in_the_future(candidate: Candidate, setting: Setting) -> None:
    candidate.created = setting.anchor + 4_000 * DAY


@odd
def created_in_9999(candidate: Candidate, _: Setting) -> None:
    candidate.created = candidate.updated = YEAR_9999


@odd
def created_no_date(candidate: Candidate, _: Setting) -> None:
    candidate.created = "0000-00-00T00:00:00.000Z"


@odd
def updated_missing(candidate: Candidate, _: Setting) -> None:
    candidate.updated = None


@odd
def updated_before_created(candidate: Candidate, _: Setting) -> None:
    if isinstance(candidate.created, int):
        candidate.updated = candidate.created - 400 * DAY


@odd
def updated_without_zone(candidate: Candidate, _: Setting) -> None:
    candidate.updated = "2024-02-29T23:59:59"


@odd
def fields_unknown(candidate: Candidate, _: Setting) -> None:
    candidate.extra = {"futureField": [{"deep": {"er": None}}], "score": 1e308, "internal": "maybe"}


@odd
def fields_null(candidate: Candidate, _: Setting) -> None:
    candidate.extra = {"tags": None, "location": None, "web": None, "consent": None, "experience": None}


@odd
def fields_of_other_types(candidate: Candidate, _: Setting) -> None:
    candidate.extra = {"phoneNumber": 4_917_000, "tags": "one, two", "education": {}, "location": []}


@odd
def merged_away(candidate: Candidate, _: Setting) -> None:
    """Still listed, while the details answer that there is no such person (any more)."""
    _close(candidate, 404, "merged_away")


@odd
def details_denied(candidate: Candidate, _: Setting) -> None:
    _close(candidate, 401, "details_denied")


@odd
def application_denied(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "application_denied").details_status = 401


@odd
def application_gone(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "application_gone").details_status = 404


@odd
def application_for_unknown_job(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "application_for_unknown_job").job_id = f"00000000-0000-4000-8000-{candidate.id[-12:]}"


@odd
def application_created_missing(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "application_created_missing").created = None


@odd
def application_created_at_epoch_0(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "application_created_at_epoch_0").created = 0


@odd
def application_created_after_its_history(candidate: Candidate, setting: Setting) -> None:
    _first(candidate, "application_created_after_its_history").created = setting.anchor


@odd
def application_created_in_9999(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "application_created_in_9999").created = YEAR_9999


@odd
def status_unknown(candidate: Candidate, _: Setting) -> None:
    application = _first(candidate, "status_unknown")
    application.step = UNKNOWN_STEP
    application.kept = (*application.history[:-1], UNKNOWN_STEP)


@odd
def sub_status_odd(candidate: Candidate, _: Setting) -> None:
    application = _first(candidate, "sub_status_odd")
    application.step = Step("INTERVIEW", "Not Available")
    application.kept = (*application.history[:-1], Step("INTERVIEW", "Pa\x00nel 🌊" + "!" * 300))


@odd
def history_empty(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "history_empty").kept = ()


@odd
def history_unordered(candidate: Candidate, setting: Setting) -> None:
    application = _first(candidate, "history_unordered")
    pairs = _long_history(application, setting)
    application.kept = (*pairs[2:4], *pairs[4:], *pairs[:2])


@odd
def history_of_equal_times(candidate: Candidate, setting: Setting) -> None:
    application = _first(candidate, "history_of_equal_times")
    pairs = _long_history(application, setting)
    application.kept = tuple(pairs[0] if place % 2 == 0 else part for place, part in enumerate(pairs))


@odd
def history_of_repeats(candidate: Candidate, setting: Setting) -> None:
    application = _first(candidate, "history_of_repeats")
    pairs = _long_history(application, setting)
    application.kept = pairs + pairs


@odd
def history_without_times(candidate: Candidate, _: Setting) -> None:
    application = _first(candidate, "history_without_times")
    application.kept = tuple(None if place % 2 == 0 else part for place, part in enumerate(application.history))


@odd
def history_at_odd_times(candidate: Candidate, setting: Setting) -> None:
    application = _first(candidate, "history_at_odd_times")
    pairs = _long_history(application, setting)
    application.kept = (0, pairs[1], "soon", pairs[3], YEAR_9999, pairs[5])


@odd
def history_of_300_steps(candidate: Candidate, setting: Setting) -> None:
    application = _first(candidate, "history_of_300_steps")
    steps = [step for _, step in application.steps()]
    first = setting.anchor - 1_000 * DAY
    application.kept = tuple(part for place in range(300) for part in (first + place * DAY, steps[place % len(steps)]))


@odd
def history_denied(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "history_denied").history_status = 403


@odd
def source_missing(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "source_missing").source = None


@odd
def source_of_5000_characters(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "source_of_5000_characters").source_label = "Sea" * 1_667


@odd
def application_fields_odd(candidate: Candidate, _: Setting) -> None:
    _first(candidate, "application_fields_odd").extra = {
        "startsOn": "whenever",
        "reasonOfRejection": {"id": None, "label": None},
        "source": None,
        "attachments": [[]],
    }


def _long_history(application: Application, setting: Setting) -> tuple[int | Step, ...]:
    """Three steps or more, in order: what the application has, with steps put before it where it has fewer."""
    flat: tuple[int | Step, ...] = application.history
    first = flat[0] if flat and isinstance(flat[0], int) else setting.anchor
    earlier = (first - 9 * DAY, Step("LEAD"), first - 5 * DAY, Step("NEW"))
    return (*earlier, *flat)
