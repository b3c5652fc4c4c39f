import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from landbridge import logs
from landbridge.errors import SettingError
from landbridge.redaction import redact


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(logging, "raiseExceptions", True)
    written = io.StringIO()
    logs.configure(form="json", stream=written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def last_line(out: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(out.getvalue().strip().splitlines()[-1])
    return line


def test_fields_that_are_not_on_the_list_are_dropped_and_named(out: io.StringIO) -> None:
    structlog.get_logger("t").info("sent", count=3, first_name="Mirela")
    line = last_line(out)
    assert (line["event"], line["count"], line["dropped"]) == ("sent", 3, ["first_name"])
    assert "Mirela" not in str(line)


def test_words_of_libraries_are_redacted(out: io.StringIO) -> None:
    logging.getLogger("library").warning(
        "GET %s failed for %s with Authorization: Bearer %s",
        "https://far.example/x?q=Novotna",
        "a@example.org",
        "s3cr3t",
    )
    event = str(last_line(out)["event"])
    for private in ("Novotna", "a@example.org", "s3cr3t"):
        assert private not in event
    assert "https://far.example/x?[query]" in event


def test_a_foreign_exception_tells_its_place_and_not_its_values(out: io.StringIO) -> None:
    try:
        raise ValueError("duplicate key (email)=(a@example.org)")
    except ValueError:
        structlog.get_logger("t").exception("merge failed")
    line = last_line(out)
    assert line["error"] == "ValueError"
    assert "test_logs" in str(line["where"])
    assert "duplicate" not in str(line)


def test_our_own_error_tells_its_message_and_code(out: io.StringIO) -> None:
    try:
        raise SettingError("LANDBRIDGE_X must be a number.")
    except SettingError:
        structlog.get_logger("t").exception("cannot start")
    line = last_line(out)
    assert (line["code"], line["text"]) == ("setting", "LANDBRIDGE_X must be a number.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://me:pw@host/db", "postgresql://[secret]@host/db"),
        ("client_secret=abc&x=1", "client_secret=[secret]&x=1"),
        ('{"api_key": "abc"}', '{"api_key": "[secret]"}'),
        ("nothing here", "nothing here"),
    ],
)
def test_redact(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_a_logger_that_was_used_before_follows_the_next_setting_up(out: io.StringIO) -> None:
    logger = structlog.get_logger("t")
    logger.info("sent", count=1)
    logs.configure(form="text", stream=(later := io.StringIO()))
    logger.info("sent", count=2)
    assert last_line(out)["count"] == 1
    assert "count=2" in later.getvalue()
    assert not later.getvalue().startswith("{")
    with structlog.testing.capture_logs() as told:
        logger.info("sent", count=3)
    assert told == [{"event": "sent", "count": 3, "log_level": "info"}]


def test_every_field_that_is_logged_anywhere_is_on_the_list() -> None:
    source = Path(logs.__file__).parent
    unknown = [
        (str(file.relative_to(source)), field)
        for file in sorted(source.rglob("*.py"))
        if "sandbox" not in file.parts
        for field in logged_fields(ast.parse(file.read_text(encoding="utf-8")))
        if field not in logs.FIELDS
    ]
    assert unknown == []


def logged_fields(module: ast.Module) -> Iterator[str]:
    """The keyword arguments of every ``log.something(...)``."""
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        asked = call.func.value if isinstance(call.func, ast.Attribute) else None
        if isinstance(asked, ast.Name) and asked.id == "log":
            yield from (word.arg for word in call.keywords if word.arg is not None and word.arg != "exc_info")
