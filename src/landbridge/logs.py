"""One way of logging: named events with fields from a list, so that nothing personal and nothing secret gets out.

A log line is an event name plus facts. Which facts may be written is the list below: a field that is not on it is
dropped and only its *name* is told. Text from libraries has addresses, tokens and query strings cut out.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog

from landbridge.errors import LandbridgeError
from landbridge.redaction import redact

Event = MutableMapping[str, Any]

# Ids of our own rows, counts, codes, routes and times. No names, no addresses, no far-side bodies, no credentials.
FIELDS = frozenset({
    "event", "level", "logger", "timestamp", "error", "where", "dropped", "text",
    "workspace", "workspace_id", "system", "resource", "kind", "lane", "epoch", "sweep", "sweep_id", "pass_name",
    "mode", "state", "reason", "code", "hint", "outcome", "priority", "attempts", "revision", "record_id", "reading_id",
    "count", "counts", "done", "total", "due", "sent", "held", "refused", "delivered", "pending", "quarantined",
    "records", "calls", "batch", "batches", "rows", "pages", "rate", "eta", "started_at", "finished_at", "next_at",
    "blocked_until", "retry_after", "seconds", "duration_ms", "duration_s", "limit", "remaining", "reserve",
    "method", "route", "status", "far_id", "dialect", "port", "ports", "pid", "child", "signal", "exit_code", "version",
    "job_id", "task", "queue", "worker", "name", "path", "windows", "kept", "unreadable", "desk",
})  # fmt: skip


def keep_listed_fields(_logger: object, _method: str, event: Event) -> Event:
    """Drop every field that is not on the list and say which ones went."""
    dropped = sorted(name for name in event if name not in FIELDS and not name.startswith("_"))
    for name in dropped:
        del event[name]
    if dropped:
        event["dropped"] = dropped
    return event


def redact_values(_logger: object, _method: str, event: Event) -> Event:
    """Redact the text of every field; a field on the list may still carry a library's words."""
    for name, value in event.items():
        if isinstance(value, str) and not name.startswith("_"):
            event[name] = redact(value)
    return event


def tell_error(_logger: object, _method: str, event: Event) -> Event:
    """Turn an exception into its type, its place and, for our own errors only, its message.

    Messages of other libraries' exceptions quote values (a database error shows the row it refused), so they stay out.
    """
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if not isinstance(error, BaseException):
        return event
    event["error"] = type(error).__name__
    event["where"] = places(error)
    if isinstance(error, LandbridgeError):
        event["code"] = error.code
        event["text"] = str(error)
    return event


def places(error: BaseException) -> list[str]:
    """Where an exception came from, innermost last: modules, lines and functions, no values."""
    found, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-8:]


def configure(*, form: Literal["json", "text"] = "text", level: str = "info", stream: TextIO | None = None) -> None:
    """Set up logging of this process: our own events and those of the libraries go the same way.

    Without ``stream`` they go to standard error.
    """
    # When a line cannot be written, the library would print its raw arguments: better no line than those.
    logging.raiseExceptions = False
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_error,
        keep_listed_fields,
        redact_values,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # A logger that kept what it was set up with at first would not follow when a process sets up once more.
        cache_logger_on_first_use=False,
    )
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # These tell every request or every job at info level; the journal of calls holds that already, without the noise.
    for name in ("httpx2", "httpcore2", "procrastinate", "uvicorn.access"):
        logging.getLogger(name).setLevel("WARNING")
