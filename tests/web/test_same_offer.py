"""What the console offers the JSON API offers too: every route for people has its operation, or a reason for none."""

from __future__ import annotations

from landbridge.store.project import configure
from tests.conftest import settings_for

# The routes are known once Django is configured; nothing is asked of this database.
configure(settings_for("postgresql://localhost/none"), "postgresql://localhost/none", secret_key="k" * 60)

from landbridge.web.api.access import scopes_of  # noqa: E402 - needs Django's settings
from landbridge.web.api.document import API  # noqa: E402 - as above
from landbridge.web.console.access import Access, Who, routes  # noqa: E402 - as above
from landbridge.web.urls import urlpatterns  # noqa: E402 - as above

# A page may be several operations; what a page shows besides itself is named with it.
OFFERED = {
    "overview": ("GET /overview", "GET /way", "GET /incoming", "GET /contracts", "GET /seats/counts"),
    "ats": ("GET /ats", "GET /ats/events", "GET /panel"),
    "ats-save": ("PUT /ats",),
    "ats-check": ("POST /ats/check",),
    "events-save": ("PUT /ats/events",),
    "events-rotate": ("POST /ats/events/secret",),
    "events-test": ("POST /ats/events/test",),
    "panel-save": ("PUT /panel",),
    "candidate": ("GET /candidate", "POST /panel/links"),
    "consent": ("GET /consent", "GET /choices", "GET /consent/samples"),
    "consent-look": ("GET /choices",),
    "consent-give": ("POST /consent",),
    "consent-withdraw": ("DELETE /consent",),
    "contracts": ("GET /contracts", "GET /contracts/links", "GET /linkedin"),
    "contract": ("GET /contracts/{number}",),
    "contract-finish": ("POST /contracts",),
    "contract-keys": ("PUT /linkedin/keys",),
    "contract-hand-over": ("POST /contracts/links",),
    "contract-hand-over-revoke": ("DELETE /contracts/links",),
    "contract-reload": ("POST /contracts/{number}/reload",),
    "contract-pause": ("POST /contracts/{number}/pause", "POST /contracts/{number}/resume"),
    "contract-name": ("PUT /contracts/{number}/name",),
    "contract-disconnect": ("POST /contracts/{number}/disconnect",),
    "contract-reconnect": ("POST /contracts/{number}/reconnect",),
    "move": ("GET /contracts", "GET /contracts/{number}"),
    "move-take-over": ("POST /linkedin/move",),
    "sync": ("GET /sync", "GET /plan", "GET /sync/report"),
    "sync-start": ("POST /sync/start",),
    "sync-pause": ("POST /sync/pause",),
    "sync-compare": ("POST /sync/compare",),
    "sync-report": ("GET /sync/report.csv",),
    "connect-users": ("GET /seats", "GET /seats/counts", "GET /seats/suggestions"),
    "connect-users-accept": ("POST /seats/accept",),
    "connect-users-refresh": ("POST /seats/refresh",),
    "connect-user": ("GET /seats/{seat}", "GET /users", "POST /seats/{seat}/confirmations"),
    "connect-user-link": ("POST /seats/{seat}/link",),
    "connect-user-unlink": ("POST /seats/{seat}/unlink",),
    "desk": ("GET /desk", "GET /desk/counts", "GET /desk/policy", "GET /desk/exports"),
    "desk-settled": ("GET /desk/decisions",),
    "desk-accept": ("POST /desk/accept",),
    "desk-all": ("POST /desk/all",),
    "desk-policy": ("PUT /desk/policy",),
    "desk-case": ("GET /desk/{number}", "GET /desk/candidates"),
    "desk-answer": ("POST /desk/{number}/answer",),
    "desk-take-off": ("POST /desk/{number}/take-off",),
    "desk-undo": ("POST /desk/decisions/{decision}/undo",),
    "people": ("GET /people", "GET /invitations"),
    "invite": ("POST /invitations",),
    "withdraw-invitation": ("DELETE /invitations/{number}",),
    "set-role": ("PUT /people/{number}/role",),
    "remove-member": ("DELETE /people/{number}",),
    "api-access": ("GET /tokens", "GET /token"),
    "revoke-token": ("DELETE /tokens/{number}",),
    "take-pushes": ("POST /ats/take-pushes",),
    "erased": ("GET /erasures",),
    "erased-receipt": ("GET /erasures/{receipt}",),
    "erased-file": ("GET /erasures/{receipt}",),
    "activity": ("GET /activity", "GET /flows"),
}
WINDOW = "LinkedIn's own window needs the browser of a Recruiter admin; a program hands over a link to it"
NOT_OFFERED = {
    "contract-add": WINDOW,
    "contract-give-up": WINDOW,
    "contract-window": WINDOW,
    "contract-told": WINDOW,
    "contract-refused": WINDOW,
    "make-token": "a token that could make others would outlive its own end",
}
# Programs push here; no page could.
ONLY_OFFERED = "POST /ingest/"


def shown() -> dict[str, bool]:
    """Each route for people by name, with whether it is a workspace's. The others are about accounts and sessions of
    persons, who act for themselves, or about the installation, which no token belongs to."""
    return {
        str(pattern.name): whole.startswith("w/")
        for whole, pattern in routes(urlpatterns)
        if isinstance(access := getattr(pattern.callback, "access", None), Access)
        and Who.MACHINE not in {access.shows, access.changes}
    }


def test_every_route_of_a_workspace_has_its_operation_or_a_reason() -> None:
    inside = {name for name, is_inside in shown().items() if is_inside}
    assert inside - OFFERED.keys() - NOT_OFFERED.keys() == set(), (
        "add an operation to the API, or say why there is none"
    )
    assert (OFFERED.keys() | NOT_OFFERED.keys()) - inside == set()
    assert OFFERED.keys().isdisjoint(NOT_OFFERED)


def test_every_operation_named_is_there_and_every_one_there_is_named() -> None:
    named = {operation for some in OFFERED.values() for operation in some}
    there = {one for one in scopes_of(API) if not one.startswith(ONLY_OFFERED)}
    assert named - there == set()
    # What is not on a page of its own: records are looked at on the overview, by state and reason.
    assert there - named == {"GET /records"}
