"""The loader and the extensions it loads, at their documented addresses below this host."""

from __future__ import annotations

from functools import partial
from typing import Final

import orjson
from starlette.responses import Response

from landbridge.sandbox.kernel import REFUSED
from landbridge.sandbox.linkedin.pages.page import ANYONE, Page
from landbridge.sandbox.linkedin.pages.rendering import FOLDER
from landbridge.sandbox.linkedin.pages.visit import Visit
from landbridge.sandbox.linkedin.pages.widgets.partner import partner_of
from landbridge.sandbox.linkedin.refusals import RefusalError

LOADER: Final = "/xdoor/scripts/in.js"
#: Address -> script; for each widget the one of the documentation and the one of the samples.
EXTENSIONS: Final = {
    "/rsc/extensions/onboarding-widget": "onboarding.js",
    "/recruiter/widget/ATSIntegration": "onboarding.js",
    "/rsc/extensions/profile-widget": "profile.js",
    "/recruiter/widget/hcm": "profile.js",
}


def load(_: Visit) -> Response:
    return _script((FOLDER / "widgets/loader.js").read_bytes())


def extend(name: str, visit: Visit) -> Response:
    """The extension, or a script that only tells the browser's console why not: an error would tell it nothing."""
    try:
        partner_of(visit.linkedin, visit.query("api_key"), visit.request.headers.get("origin", ""))
    except RefusalError as refusal:
        visit.request.scope[REFUSED] = refusal.message
        return _script(b"IN.complain(%b);\n" % orjson.dumps(refusal.message))
    return _script((FOLDER / "widgets" / name).read_bytes())


def _script(text: bytes) -> Response:
    headers = {"access-control-allow-origin": "*", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(text, headers=headers, media_type="text/javascript; charset=utf-8")


PAGES: Final = (
    Page(LOADER, load, ANYONE),
    *(Page(address, partial(extend, name), ANYONE) for address, name in EXTENSIONS.items()),
)
