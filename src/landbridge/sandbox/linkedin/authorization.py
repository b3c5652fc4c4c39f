"""``/oauth/v2/authorization``: a person signs in and allows (or refuses) an application to learn who they are.

Source: authorization-code-flow. The page is our own, works without scripts, and tells the sandbox's people, so that
nobody has to look them up.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from msgspec import Struct

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin.calls import Request
from landbridge.sandbox.linkedin.choices import BAD_AUTHORIZATION_STATUS, SCOPES
from landbridge.sandbox.linkedin.oauth import form_of
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.state import DeveloperApplication, State
from landbridge.sandbox.linkedin.tokens import CODE_MS, Grant, Tokens
from landbridge.sandbox.worlds.network import Person

PATH: Final = "/oauth/v2/authorization"
COOKIE: Final = "sandbox_person"
CHALLENGES: Final = ("S256", "plain")
_PAGES: Final = Path(__file__).parent / "pages"
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
)


class Wish(Struct, kw_only=True):
    """What an application asks a member for."""

    application: DeveloperApplication
    redirect_uri: str
    scope: str
    state: str | None
    challenge: str | None
    challenge_method: str


def authorize(request: Request, state: State, tokens: Tokens, at: int) -> tuple[Answer, str]:
    """The page, the way back to the application, or a page that says why not; and the client id (for the journal)."""
    asked = {name: values[0] for name, values in parse_qs(request.query).items()}
    try:
        wish = _wish(asked, state)
    except RefusalError as refusal:
        return _page("refused.html", refusal.status, reason=refusal.message), asked.get("client_id", "")
    return _serve(request, wish, state, tokens, at), wish.application.client_id


def _wish(asked: dict[str, str], state: State) -> Wish:
    """Raises :class:`RefusalError`: such a request must not be answered by a redirect."""
    application = state.applications.get(asked.get("client_id", ""))
    if application is None:
        raise RefusalError(401, "the client_id is not one of a developer application")
    redirect_uri = asked.get("redirect_uri", "")
    if not is_registered(redirect_uri, application.callback_urls):
        raise RefusalError(401, "the redirect_uri is not one of the application's oauth2AuthorizedCallbackUrls")
    if asked.get("response_type") != "code":
        raise RefusalError(BAD_AUTHORIZATION_STATUS, "response_type must be code")
    scopes = asked.get("scope", "").split()
    if not scopes or set(scopes) - SCOPES:
        raise RefusalError(401, f"the scope is not one of {', '.join(sorted(SCOPES))}")
    challenge, method = asked.get("code_challenge"), asked.get("code_challenge_method", "plain")
    if challenge is not None and method not in CHALLENGES:
        raise RefusalError(BAD_AUTHORIZATION_STATUS, f"code_challenge_method is one of {', '.join(CHALLENGES)}")
    return Wish(
        application=application,
        redirect_uri=redirect_uri,
        scope=" ".join(scopes),
        state=asked.get("state"),
        challenge=challenge,
        challenge_method=method,
    )


def is_registered(redirect_uri: str, registered: list[str]) -> bool:
    """Whether the address is one of the registered ones; what stands behind the question mark does not count."""
    # It goes into a header as it is, so nothing but visible ASCII may stand in its query.
    visible = redirect_uri.isascii() and redirect_uri.isprintable() and "#" not in redirect_uri
    return visible and redirect_uri.partition("?")[0] in [url.partition("?")[0] for url in registered]


def _serve(request: Request, wish: Wish, state: State, tokens: Tokens, at: int) -> Answer:
    if request.method == "GET":
        person = _signed_in(request, state)
        if person and tokens.has_consent(wish.application.client_id, person.member, wish.scope, at):
            return _allow(wish, person, tokens, at)
        return _form(wish, state, 200, login=person.login if person else "")
    if request.method != "POST":
        return _page("refused.html", 405, reason="this page takes GET and POST")
    form = form_of(request)
    login = form.get("login", "")
    found = next((one for one in state.network.people if one.login == login), None)
    known = found is not None and found.password == form.get("password")
    if form.get("decision") == "cancel":
        return _back(wish, error="user_cancelled_authorize" if known else "user_cancelled_login")
    if found is None or not known:
        return _form(wish, state, 401, login=login, problem="This e-mail address and password do not belong together.")
    return _allow(wish, found, tokens, at)


def _signed_in(request: Request, state: State) -> Person | None:
    wanted = request.header(b"cookie").partition(f"{COOKIE}=")[2].partition(";")[0]
    return next((person for person in state.network.people if wanted and person.password == wanted), None)


def _allow(wish: Wish, person: Person, tokens: Tokens, at: int) -> Answer:
    code = tokens.grant(
        Grant(
            client_id=wish.application.client_id,
            member=person.member,
            redirect_uri=wish.redirect_uri,
            scope=wish.scope,
            challenge=wish.challenge,
            challenge_method=wish.challenge_method,
            expires_at=at + CODE_MS,
        )
    )
    answer = _back(wish, code=code)
    # The password of an invented person, unlike for every world, names the session as well as a random text would.
    cookie = f"{COOKIE}={person.password}; Path={PATH}; HttpOnly; SameSite=Lax"
    answer.headers = (*answer.headers, (b"set-cookie", cookie.encode()))
    return answer


def _back(wish: Wish, *, code: str | None = None, error: str | None = None) -> Answer:
    """The redirect to the application."""
    said = {"code": code, "error": error, "error_description": error and "The member refused", "state": wish.state}
    query = urlencode({name: text for name, text in said.items() if text is not None})
    joint = "&" if urlsplit(wish.redirect_uri).query else "?"
    location = f"{wish.redirect_uri}{joint}{query}".encode()
    return Answer(302, headers=[*_HEADERS, (b"location", location)])


def _form(wish: Wish, state: State, status: int, *, login: str, problem: str = "") -> Answer:
    people = "".join(
        f"<tr><td>{escape(person.login)}</td><td><code>{escape(person.password)}</code></td></tr>"
        for person in state.network.people
    )
    return _page(
        "authorize.html",
        status,
        fragments={"people": people},
        application=wish.application.name,
        back=urlsplit(wish.redirect_uri).netloc,
        login=login,
        problem=problem,
    )


def _page(name: str, status: int, *, fragments: dict[str, str] | None = None, **texts: str) -> Answer:
    """A page from its template; texts are escaped, fragments are markup already."""
    template = Template((_PAGES / name).read_text(encoding="utf-8"))
    body = template.substitute(fragments or {}, **{key: escape(text) for key, text in texts.items()})
    return Answer(status, body.encode(), _HEADERS, b"text/html; charset=utf-8")
