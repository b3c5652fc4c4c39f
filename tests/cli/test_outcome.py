import pytest
import typer

from landbridge import errors
from landbridge.cli.outcome import DEFECT, ENDINGS, INTERRUPTED, ending_of, told


def all_errors(kind: type[errors.LandbridgeError] = errors.LandbridgeError) -> list[type[errors.LandbridgeError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in all_errors(child))]


@pytest.mark.parametrize("kind", [kind for kind in all_errors() if kind.__module__ == "landbridge.errors"])
def test_every_error_ends_with_a_code_that_is_not_success(kind: type[errors.LandbridgeError]) -> None:
    assert 0 < ending_of(kind()).exit_code < 126


def test_the_finest_branch_of_the_tree_decides() -> None:
    assert ending_of(errors.SettingError()) is ENDINGS[errors.SettingError]
    assert ending_of(errors.RateLimitedError()) is ENDINGS[errors.TryLaterError]
    assert ending_of(errors.MissingError()) is ENDINGS[errors.RecordError]


def test_an_error_is_told_with_its_hint_and_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as left, told():
        raise errors.SettingError("no token=abc123 for me@example.org", hint="Set it.", code="setting")
    assert left.value.exit_code == ENDINGS[errors.SettingError].exit_code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "abc123" not in printed.err
    assert "me@example.org" not in printed.err
    assert "next: Set it." in printed.err


def test_control_c_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as left, told("run it again"):
        raise KeyboardInterrupt
    assert left.value.exit_code == INTERRUPTED
    assert "next: run it again" in capsys.readouterr().err


def test_a_defect_is_told_by_its_place_and_not_by_its_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LANDBRIDGE_LOG_LEVEL", raising=False)
    with pytest.raises(typer.Exit) as left, told():
        raise ValueError("me@example.org")
    assert left.value.exit_code == DEFECT
    printed = capsys.readouterr().err
    assert "ValueError" in printed
    assert "test_outcome" in printed
    assert "me@example.org" not in printed


def test_a_defect_is_told_in_full_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDBRIDGE_LOG_LEVEL", "debug")
    with pytest.raises(ValueError, match="words"), told():
        raise ValueError("words")
