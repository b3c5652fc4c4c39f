from landbridge.cli.progress import Lines, Step


class Ticking:
    """A clock that says what it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def lines() -> tuple[Lines, Ticking, list[str]]:
    clock, written = Ticking(), list[str]()
    return Lines(clock=clock, write=written.append), clock, written


def test_lines_say_nothing_before_anything_moves() -> None:
    view, _, written = lines()
    view.show([Step(name="jobs", done=0)])
    assert written == []


def test_lines_wait_between_two_lines_about_the_same_step() -> None:
    view, clock, written = lines()
    view.show([Step(name="jobs", done=1, total=100)])
    clock.now += 1
    view.show([Step(name="jobs", done=20, total=100)])
    clock.now += 4
    view.show([Step(name="jobs", done=51, total=100)])
    assert written == ["jobs: 1 of 100", "jobs: 51 of 100, 10/s, 5 s left"]


def test_lines_tell_the_end_at_once_and_only_once() -> None:
    view, clock, written = lines()
    view.show([Step(name="jobs", done=1, total=2)])
    clock.now += 0.5
    view.show([Step(name="jobs", done=2, total=2)])
    view.show([Step(name="jobs", done=2, total=2)])
    assert written == ["jobs: 1 of 2", "jobs: 2 of 2, 2/s"]


def test_lines_tell_a_note() -> None:
    view, _, written = lines()
    view.show([Step(name="jobs", done=3, note="2 held")])
    assert written == ["jobs: 3, 2 held"]
