"""A small ATS for browser tests: two pages with LinkedIn's widgets and a callback that keeps what is pushed to it."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any, Self

import httpx2
from playwright.sync_api import FrameLocator, Page

from landbridge.sandbox import Sandbox

LOADER = "/xdoor/scripts/in.js"
ONBOARDING = "/rsc/extensions/onboarding-widget"
PROFILE = "/rsc/extensions/profile-widget"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>An ATS</title><link rel="icon" href="data:,">
<script>window.told = []; function tell(what) {{ window.told.push(what); }}
function linked(urn) {{ tell(["linked", urn]); }} function unlinked(urn) {{ tell(["unlinked", urn]); }}</script>
<script src="{linkedin}{loader}">
  api_key: {client_id}
  extensions: {name}@{linkedin}{extension}
</script></head>
<body><main><h1>An ATS</h1>{body}</main></body></html>"""
SETTINGS_BODY = """<script type="IN/ATSIntegrationWidget" data-width="560" data-onintegrate="tell"
  data-supported-bundled-integration-types="{types}"></script>"""
CANDIDATE_BODY = """<script type="IN/HcmWidget" data-widget-type="ATS" data-ats-candidate-id="{candidate}"
  data-integration-context="{context}" data-show-unlink-url="{unlink}" data-confirm-unlink="{confirm}"
  data-onlink="linked" data-onunlink="unlinked" data-width="700"></script>"""
BOTH_LEVELS = "RECRUITER_SYSTEM_CONNECT_COMPANY,RECRUITER_SYSTEM_CONNECT_CONTRACT"


class Partner:
    """Serves at ``origin``. Its API calls are those of the ready child."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._pushed: list[dict[str, Any]] = []
        self._push_came = Condition()
        self._pages: dict[str, str] = {}
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = partner._pages.get(self.path)
                self._say(404 if page is None else 200, (page or "").encode())

            def do_POST(self) -> None:
                push = json.loads(self.rfile.read(int(self.headers["content-length"])))
                self._say(200, b"")
                with partner._push_came:
                    partner._pushed.append(push)
                    partner._push_came.notify_all()

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has in the base class
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self.origin = f"http://127.0.0.1:{self.port}"
        self._http = httpx2.Client(base_url=sandbox.linkedin_url, trust_env=False, timeout=60)

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._http.close()

    def settings_page(self, *, extension: str = ONBOARDING, types: str = BOTH_LEVELS) -> str:
        """The address of the page with the configuration widget."""
        return self._serve("/settings", "ATSIntegrationWidget", extension, SETTINGS_BODY.format(types=types))

    def candidate_page(self, candidate: str, *, unlink: bool = True, confirm: bool = False) -> str:
        """The address of a candidate's page with the profile widget."""
        body = CANDIDATE_BODY.format(
            candidate=candidate,
            context=self.sandbox.linkedin.state.network.organization,
            unlink=str(unlink).lower(),
            confirm=str(confirm).lower(),
        )
        return self._serve("/candidate", "HcmWidget", PROFILE, body)

    def _serve(self, path: str, name: str, extension: str, body: str) -> str:
        self._pages[path] = PAGE.format(
            linkedin=self.sandbox.linkedin_url,
            loader=LOADER,
            client_id=self.sandbox.linkedin.state.child.client_id,
            name=name,
            extension=extension,
            body=body,
        )
        return self.origin + path

    def sign_in(self, page: Page, frame: FrameLocator, person: int) -> None:
        """One of the world's people signs in through the window that a widget on the page opens."""
        login = self.sandbox.linkedin.state.network.people[person].login
        with page.expect_popup() as window:
            frame.get_by_role("link", name="Sign in").click()
        with window.value.expect_event("close"):
            window.value.get_by_role("button", name=login).click()

    def wait_for_pushes(self, count: int) -> list[dict[str, Any]]:
        """What came to the callback, once it is so many."""
        with self._push_came:
            assert self._push_came.wait_for(lambda: len(self._pushed) >= count, timeout=60), self._pushed
            return list(self._pushed)

    def name_integrations(self, integrations: list[dict[str, str]]) -> None:
        """The ATS's answer to a request: a name for each integration."""
        for one in integrations:
            key = (
                f"integrationContext={one['integrationContext']}&integrationType={one['integrationType']}"
                "&tenantType=RECRUITER&dataProvider=ATS"
            )
            ids = "&".join(f"ids[0].{part}" for part in key.split("&"))
            changes = {"entities": {key: {"patch": {"$set": {"integrationName": "Harbour ATS"}}}}}
            self._call("POST", f"/v2/atsIntegrations?{ids}", changes, "batch_partial_update")

    def set_callback(self) -> None:
        organization = self.sandbox.linkedin.state.network.organization
        key = (
            f"integrationContext={organization}&integrationType=ONE_CLICK_EXPORT&tenantType=RECRUITER&dataProvider=ATS"
        )
        value = {"configurationValue": {"string": f"{self.origin}/push/9f0c"}}
        path = f"/v2/atsIntegrations/{key}/configurations?ids=CALLBACK_URL"
        self._call("PUT", path, {"entities": {"CALLBACK_URL": value}}, "batch_update")

    def put_candidate(self, candidate: str, *addresses: str) -> None:
        """Sync a candidate whose name is nobody's."""
        organization = self.sandbox.linkedin.state.network.organization
        key = f"atsCandidateId={candidate}&dataProvider=ATS&integrationContext={organization}"
        body = {
            "firstName": "Zyxw",
            "lastName": "Vutsrq",
            "atsCreatedAt": 1_767_225_600_000,
            "atsLastModifiedAt": 1_767_312_000_000,
            "emailAddresses": list(addresses),
            "phoneNumbers": [],
            "addresses": [],
            "externalProfileUrl": f"{self.origin}/candidate",
        }
        ids = "&".join(f"ids[0].{part}" for part in key.split("&"))
        self._call("PUT", f"/v2/atsCandidates?{ids}", {"entities": {key: body}}, "batch_update")

    def read_request(self, request_id: str) -> list[dict[str, Any]]:
        """The integrations a push is about."""
        answer = self._call("GET", f"/v2/atsIntegrations?q=request&requestId={request_id}")
        return list(answer["elements"])

    def _call(self, method: str, path: str, body: object = None, restli: str = "") -> dict[str, Any]:
        child = self.sandbox.linkedin.state.child
        form = {
            "grant_type": "client_credentials",
            "client_id": child.client_id,
            "client_secret": child.client_secret,
        }
        token = self._http.post("/oauth/v2/accessToken", data=form).json()["access_token"]
        headers = {"authorization": f"Bearer {token}", **({"x-restli-method": restli} if restli else {})}
        answer = self._http.request(method, path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())
