"""An ATS's callback on this machine, for tests of what LinkedIn pushes."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.sandbox.linkedin_caller import Caller


class Callback:
    """An ATS's callback: keeps what it gets and answers ``statuses`` one after the other, then 200.

    The first answer takes ``first_takes`` seconds.
    """

    def __init__(self) -> None:
        self.got: list[tuple[bytes, dict[str, str]]] = []
        self.statuses: list[int] = []
        self.secret = ""
        self.first_takes = 0.0
        callback = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                callback.got.append((body, {name.lower(): text for name, text in self.headers.items()}))
                status = callback.statuses.pop(0) if callback.statuses else 200
                takes, callback.first_takes = callback.first_takes, 0.0
                time.sleep(takes)
                self._say(status, b"")

            def do_GET(self) -> None:
                code = parse_qs(urlsplit(self.path).query)["challengeCode"][0]
                response = hmac.new(callback.secret.encode(), code.encode(), hashlib.sha256).hexdigest()
                self._say(200, json.dumps({"challengeCode": code, "challengeResponse": response}).encode())

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has in the base class
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/push/9f0c"
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def set_callback(linkedin: Caller, url: str) -> None:
    linkedin.sandbox.linkedin.recruiter.request()
    key = (linkedin.organization, "ONE_CLICK_EXPORT", "RECRUITER")
    linkedin.sandbox.linkedin.state.child.integrations[key].configurations["CALLBACK_URL"] = url


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)
