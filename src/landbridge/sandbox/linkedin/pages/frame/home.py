"""``/recruiter``: where one is, and the way to everything else."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import ANYONE, Page
from landbridge.sandbox.linkedin.pages.visit import Visit


def show(visit: Visit) -> Response:
    return visit.show("frame/home.html")


def enter(visit: Visit) -> Response:
    return visit.go("/recruiter")


PAGES: Final = (Page("/", enter, ANYONE), Page("/recruiter", show))
