"""The same ATS shows the candidate panel: its server asks for a link for whoever is signed in, its page frames it."""

import json
import os
import urllib.request
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import unquote

ADDRESS, TOKEN = os.environ["LANDBRIDGE_API"], os.environ["LANDBRIDGE_TOKEN"]
PAGE = """<!doctype html><title>Candidate</title><h1>{candidate}</h1>
<iframe id="landbridge" title="LinkedIn" src="{url}" style="width: 100%; border: 0"></iframe>
<script>
addEventListener("message", (event) => {{
  const frame = document.getElementById("landbridge");
  if (event.source === frame.contentWindow && event.data.type === "landbridge:height")
    frame.style.height = event.data.height + "px";
}});
</script>"""


def link(candidate: str, user: str) -> str:
    body, headers = json.dumps({"candidate": candidate, "user": user}).encode(), {"Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(f"{ADDRESS}/panel/links", body, {**headers, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["url"])


class CandidatePage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        candidate, user = unquote(self.path.removeprefix("/candidates/")), "U1"  # who is signed in to your ATS
        page = PAGE.format(candidate=escape(candidate), url=escape(link(candidate, user)))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())


HTTPServer(("127.0.0.1", int(os.environ["PORT"])), CandidatePage).serve_forever()
