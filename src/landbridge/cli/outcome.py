"""How a command ends: what it says and which exit code a script sees.

One table for every branch of the error tree, so that no command invents its own wording.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from msgspec import Struct

from landbridge.errors import (
    LandbridgeError,
    NeedsPersonError,
    NotPermittedError,
    RecordError,
    SettingError,
    SignInRejectedError,
    SurpriseError,
    TryLaterError,
)
from landbridge.redaction import redact

NOT_CLEAN = 9  # the command did its work and found something that is not as it should be
INTERRUPTED = 130  # what shells use for Ctrl-C
PIPE_CLOSED = 141  # what shells report for a program that wrote to nobody
DEFECT = 70  # what sysexits.h calls an internal software error


class Ending(Struct, frozen=True):
    """One way for a command to end: the exit code and what happens next, in words for the person at the terminal."""

    exit_code: int
    label: str
    next_step: str


# The finest class that fits wins: look-up follows the class's own order of resolution.
ENDINGS: dict[type[LandbridgeError], Ending] = {
    SettingError: Ending(3, "A setting needs attention", "Correct the setting and run the command again."),
    SignInRejectedError: Ending(4, "A credential was refused", "Save a valid credential with: landbridge connect"),
    NotPermittedError: Ending(4, "A permission is missing", "Grant the permission, then: landbridge connect --test"),
    NeedsPersonError: Ending(4, "Somebody has to act", "Do what is asked for, then run the command again."),
    TryLaterError: Ending(5, "Not possible right now", "Nothing is lost. Run the command again in a while."),
    RecordError: Ending(6, "A record cannot go on", "See its reason with: landbridge status"),
    SurpriseError: Ending(7, "An answer nobody documented", "State is kept. Please report it with the code below."),
    LandbridgeError: Ending(1, "That did not work", "State is kept; the command can be run again."),
}


def ending_of(error: LandbridgeError) -> Ending:
    """The row of the table that fits this error best."""
    return next(ENDINGS[kind] for kind in type(error).__mro__ if kind in ENDINGS)


def say(text: str = "", *, error: bool = False) -> None:
    """Write a line for people; errors go to standard error so that ``--json`` output stays clean."""
    typer.echo(text, err=error)


def end(error: LandbridgeError) -> NoReturn:
    """Say what went wrong and what to do, then leave with the table's exit code."""
    ending = ending_of(error)
    say(f"{ending.label}: {redact(str(error))}", error=True)
    say(f"  next: {error.hint or _fix_of(error.code) or ending.next_step}", error=True)
    say(f"  code: {error.code} (docs/reference/errors.md)", error=True)
    raise typer.Exit(ending.exit_code)


def _fix_of(code: str) -> str:
    """What the table of codes says to do; "" for a code that is no finer than its class."""
    from landbridge.codes import CODES

    return next((reason.fix for reason in CODES if reason.code == code), "")


def end_by_defect(error: Exception) -> NoReturn:
    """Say where it happened and leave. Not what the error says: messages of other libraries quote values."""
    from landbridge.logs import places

    say(f"Landbridge has a defect: {type(error).__name__}. State is kept; the command can be run again.", error=True)
    for place in places(error):
        say(f"  at {place}", error=True)
    say("  next: report these lines, they hold nothing personal. LANDBRIDGE_LOG_LEVEL=debug shows all.", error=True)
    raise typer.Exit(DEFECT)


@contextmanager
def told(how_to_go_on: str = "") -> Iterator[None]:
    """Turn expected errors and Ctrl-C of a command's body into one message and an exit code."""
    try:
        yield
    except LandbridgeError as error:
        end(error)
    except KeyboardInterrupt:
        say("\nStopped.", error=True)
        if how_to_go_on:
            say(f"  next: {how_to_go_on}", error=True)
        raise typer.Exit(INTERRUPTED) from None
    except (typer.Exit, typer.BadParameter):
        raise
    except BrokenPipeError:
        # Whoever read our output (head, less) has left: nothing is wrong, and nobody is there to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(PIPE_CLOSED) from None
    except Exception as error:
        if os.environ.get("LANDBRIDGE_LOG_LEVEL", "").lower() == "debug":
            raise
        end_by_defect(error)
