"""Visits of pages stand beside the calls, with the reason where one was refused."""

from __future__ import annotations

import httpx2

from landbridge.sandbox import Sandbox


async def test_pages_and_refused_widgets_are_noted_and_are_no_calls(sandbox: Sandbox) -> None:
    transport = httpx2.ASGITransport(app=sandbox.linkedin)
    key = sandbox.linkedin.state.child.client_id
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        await http.get("/login")
        await http.get("/recruiter/static/style.css")
        await http.get(f"/recruiter/widget/hcm?api_key={key}", headers={"origin": "http://elsewhere.example.org"})
        shown = (await http.get("/_sandbox/room/journal")).text
    login, widget = sandbox.linkedin.journal.pages.latest(10)[::-1]
    assert (login.path, login.status, login.refused) == ("/login", 200, "")
    assert (widget.path, widget.status) == ("/recruiter/widget/hcm", 200)
    assert "http://elsewhere.example.org is not one of the validJsSdkDomains" in widget.refused
    assert "Refused: http://elsewhere.example.org" in shown
    assert (len(sandbox.linkedin.journal), sandbox.linkedin.journal.last_number) == (0, 0)
    sandbox.site.reset()
    assert sandbox.linkedin.journal.pages.latest(10) == []
