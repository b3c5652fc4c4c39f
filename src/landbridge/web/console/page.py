"""A page of a workspace: its name, its title in the navigation, its routes."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import URLPattern
from django.utils.functional import Promise
from msgspec import Struct


class Page(Struct, frozen=True, kw_only=True):
    """``name`` is that of the route the navigation leads to; ``icon`` one of ``console/parts/icon.html``.

    ``under``: the page that leads here, where the navigation itself does not.
    """

    name: str
    title: Promise
    routes: Sequence[URLPattern]
    icon: str = "dot"
    under: str = ""

    @property
    def route_names(self) -> frozenset[str]:
        return frozenset(route.name for route in self.routes if route.name)
