import pytest

from landbridge.cli.demo.check import Seen, Standing, Tally, judge

ANNA = Seen(key="1", fields={"name": "Anna", "email": "a@example.org"}, facts={"email": "a@example.org"})
BEN = Seen(key="2", fields={"name": "Ben", "email": None}, facts={"email": None})
EXCUSES = {"no_email": lambda record: record.facts["email"] is None}


def by_key(*records: Seen) -> dict[str, Seen]:
    return {record.key: record for record in records}


def test_two_equal_sides_are_clean() -> None:
    tally = judge(by_key(ANNA), by_key(ANNA), {}, EXCUSES)
    assert tally == Tally(ats=1, linkedin=1)
    assert tally.clean


def test_a_field_that_disagrees_makes_a_record_different() -> None:
    there = Seen(key="1", fields={"name": "Anne", "email": "a@example.org"})
    tally = judge(by_key(ANNA), by_key(there), {}, EXCUSES)
    assert (tally.different, tally.examples) == (1, {"different": ["1 (name)"]})
    assert not tally.clean


def test_a_field_that_linkedin_has_lost_makes_a_record_different() -> None:
    tally = judge(by_key(ANNA), by_key(Seen(key="1", fields={"name": "Anna"})), {}, EXCUSES)
    assert tally.different == 1


def test_a_record_without_any_standing_is_missing() -> None:
    assert judge(by_key(ANNA), {}, {}, EXCUSES).missing == 1


@pytest.mark.parametrize("state", ["due", "pending", "delivered", "gone"])
def test_a_state_that_is_no_excuse_leaves_a_record_missing(state: str) -> None:
    assert judge(by_key(BEN), {}, {"2": Standing(state, "no_email")}, EXCUSES).missing == 1


def test_a_true_excuse_counts_as_held() -> None:
    tally = judge(by_key(BEN), {}, {"2": Standing("held", "no_email")}, EXCUSES)
    assert (tally.missing, tally.held) == (0, {"no_email": 1})
    assert tally.clean


def test_a_false_excuse_is_not_believed() -> None:
    tally = judge(by_key(ANNA), {}, {"1": Standing("held", "no_email")}, EXCUSES)
    assert (tally.missing, tally.held) == (1, {})


def test_an_earlier_form_of_a_held_record_counts_as_held_only() -> None:
    there = Seen(key="2", fields={"name": "Ben", "email": "old@example.org"})
    tally = judge(by_key(BEN), by_key(there), {"2": Standing("held", "no_email")}, EXCUSES)
    assert (tally.linkedin, tally.held, tally.outdated, tally.different) == (0, {"no_email": 1}, 1, 0)
    assert tally.clean


def test_a_quarantined_record_is_counted_by_its_reason() -> None:
    tally = judge(by_key(BEN), {}, {"2": Standing("quarantined", "refused")}, EXCUSES)
    assert tally.quarantined == {"refused": 1}


def test_what_the_ats_does_not_have_is_extra() -> None:
    tally = judge({}, by_key(ANNA), {}, EXCUSES)
    assert (tally.extra, tally.clean) == (1, False)
