"""The guard that no query forgets whose data it reads."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class UnscopedQueryError(TypeError):
    """A query was asked for without a workspace: a mistake in our code, never an empty answer."""


def scoped(query: Callable[P, R]) -> Callable[P, R]:
    """Make ``query`` refuse a ``workspace`` argument that is not the number of a workspace.

    It looks at each call, not only at types: a None that slips in from a request would else select nobody's rows, or,
    in a query written with ``IS NOT DISTINCT FROM`` or ``OR``, everybody's.
    """
    position = list(inspect.signature(query).parameters).index("workspace")

    @functools.wraps(query)
    def guarded(*arguments: P.args, **named: P.kwargs) -> R:
        given: Any = arguments[position] if len(arguments) > position else named.get("workspace")
        if type(given) is not int or given < 1:
            raise UnscopedQueryError(f"{query.__name__} needs a workspace, got {type(given).__name__}")
        return query(*arguments, **named)

    guarded.__scoped__ = True  # type: ignore[attr-defined]  # the test that no query lacks the guard looks for this
    return guarded
