"""Walking a list by its cursors without going round in circles."""

from __future__ import annotations

from landbridge.errors import SurpriseError

_RESUMED = object()


class CursorTrail:
    """Remembers which page led to which cursor; a cursor that a second page leads to closes a circle.

    Asking for the same page again (after a crash or an error) is no circle. ``follow(None, ...)`` begins anew.
    """

    def __init__(self) -> None:
        self._led_by: dict[str, object] = {}

    def follow(self, asked: str | None, following: str | None) -> str | None:
        """Note that the page ``asked`` ended with ``following`` and give it back. SurpriseError on a circle."""
        if asked is None:
            self._led_by.clear()
        else:
            self._led_by.setdefault(asked, _RESUMED)
        if not following:
            return None
        if following == asked or self._led_by.setdefault(following, asked) != asked:
            raise SurpriseError("the far side's pages lead round in a circle", code="paging_loop")
        return following
