"""Styles and scripts of the pages."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from landbridge.sandbox.linkedin.pages.page import ANYONE, Page
from landbridge.sandbox.linkedin.pages.rendering import FOLDER
from landbridge.sandbox.linkedin.pages.visit import Visit

ADDRESS: Final = "/recruiter/static"
#: Name in the address -> file below this package.
FILES: Final = {
    "as-member.css": "as_member/as_member.css",
    "done.js": "widgets/done.js",
    "export.css": "export/export.css",
    "export.js": "export/export.js",
    "frame.js": "widgets/frame.js",
    "icon.svg": "frame/icon.svg",
    "inmails.css": "inmails/inmails.css",
    "people.css": "people/people.css",
    "style.css": "frame/style.css",
}
TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def serve(visit: Visit) -> Response:
    name = visit.path["name"]
    if name not in FILES:
        return visit.refuse(404, "Nothing here", "There is no such file.")
    media_type = TYPES[name.rpartition(".")[2]]
    return Response((FOLDER / FILES[name]).read_bytes(), headers={"cache-control": "no-cache"}, media_type=media_type)


PAGES: Final = (Page(f"{ADDRESS}/{{name}}", serve, ANYONE),)
