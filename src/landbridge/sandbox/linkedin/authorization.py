"""``/oauth/v2/authorization``: a person signs in and allows (or refuses) an application to learn who they are.

Source: authorization-code-flow. The page is our own, works without scripts, and tells the sandbox's people, so that
nobody has to look them up.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from msgspec import Struct

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.kernel.forms import is_foreign
from landbridge.sandbox.linkedin.calls import Request
from landbridge.sandbox.linkedin.choices import BAD_AUTHORIZATION_STATUS, SCOPES
from landbridge.sandbox.linkedin.oauth import form_of
from landbridge.sandbox.linkedin.pages.rendering import page_headers, policy, render
from landbridge.sandbox.linkedin.pages.session import Session, Sessions
from landbridge.sandbox.linkedin.pages.sign_in.sign_in import WRONG, check_password, known_people
from landbridge.sandbox.linkedin.pages.viewer import Viewer, signed_in
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.state import DeveloperApplication, State
from landbridge.sandbox.linkedin.tokens import CODE_MS, Grant, Tokens

PATH: Final = "/oauth/v2/authorization"
CHALLENGES: Final = ("S256", "plain")


class Wish(Struct, kw_only=True):
    """What an application asks a member for."""

    application: DeveloperApplication
    redirect_uri: str
    scope: str
    state: str | None
    challenge: str | None
    challenge_method: str


class Counter(Struct, kw_only=True):
    """What serving one visit to the page takes."""

    request: Request
    state: State
    tokens: Tokens
    sessions: Sessions
    at: int

    def session(self) -> Session:
        return self.sessions.read(self.request.header(b"cookie"))


def authorize(counter: Counter) -> tuple[Answer, str]:
    """The page, the way back to the application, or a page that says why not; and the client id (for the journal)."""
    asked = {name: values[0] for name, values in parse_qs(counter.request.query).items()}
    try:
        wish = _wish(asked, counter.state)
    except RefusalError as refusal:
        reason = f"The application that sent you here made a mistake: {refusal.message}."
        return _refused(counter, refusal.status, reason), asked.get("client_id", "")
    return _serve(counter, wish), wish.application.client_id


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


def _serve(counter: Counter, wish: Wish) -> Answer:
    viewer = signed_in(counter.session(), counter.state)
    if counter.request.method == "GET":
        member = viewer.member.number if viewer else -1
        if viewer and counter.tokens.has_consent(wish.application.client_id, member, wish.scope, counter.at):
            return _allow(counter, wish, counter.session())
        return _form(counter, wish, viewer, 200)
    if counter.request.method != "POST":
        return _refused(counter, 405, "This page takes GET and POST.")
    if is_foreign(*(counter.request.header(name) for name in (b"origin", b"sec-fetch-site", b"host"))):
        return _refused(counter, 403, "This form was sent from a page of another site.")
    return _decide(counter, wish, viewer, form_of(counter.request))


def _decide(counter: Counter, wish: Wish, viewer: Viewer | None, form: dict[str, str]) -> Answer:
    decision, login = form.get("decision"), form.get("login", "")
    if decision == "other":
        return _form(counter, wish, None, 200, cookies=counter.sessions.write(Session()))
    person = check_password(counter.state, login, form.get("password", ""))
    # Somebody signed in allows without a password; a form with an address is about that address.
    session = Session(login=person.login) if person else counter.session() if viewer and not login else None
    if decision == "cancel":
        return _back(wish, error="user_cancelled_authorize" if session else "user_cancelled_login")
    if session is None:
        return _form(counter, wish, None, 401, login=login, problem=WRONG)
    return _allow(counter, wish, session)


def _allow(counter: Counter, wish: Wish, session: Session) -> Answer:
    viewer = signed_in(session, counter.state)
    assert viewer is not None
    code = counter.tokens.grant(
        Grant(
            client_id=wish.application.client_id,
            member=viewer.member.number,
            redirect_uri=wish.redirect_uri,
            scope=wish.scope,
            challenge=wish.challenge,
            challenge_method=wish.challenge_method,
            expires_at=counter.at + CODE_MS,
        )
    )
    answer = _back(wish, code=code)
    answer.headers = (*answer.headers, *_cookies(counter.sessions.write(session)))
    return answer


def _back(wish: Wish, *, code: str | None = None, error: str | None = None) -> Answer:
    """The redirect to the application."""
    said = {"code": code, "error": error, "error_description": error and "The member refused", "state": wish.state}
    query = urlencode({name: text for name, text in said.items() if text is not None})
    joint = "&" if urlsplit(wish.redirect_uri).query else "?"
    return Answer(302, headers=[*_headers(), (b"location", f"{wish.redirect_uri}{joint}{query}".encode())])


def _form(
    counter: Counter,
    wish: Wish,
    viewer: Viewer | None,
    status: int,
    *,
    login: str = "",
    problem: str = "",
    cookies: list[str] | None = None,
) -> Answer:
    answer = _page(
        counter,
        "authorization/authorize.html",
        status,
        viewer=viewer,
        application=wish.application.name,
        back=urlsplit(wish.redirect_uri).netloc,
        people=list(known_people(counter.state)),
        login=login,
        problem=problem,
    )
    answer.headers = (*answer.headers, *_cookies(cookies or []))
    return answer


def _refused(counter: Counter, status: int, reason: str) -> Answer:
    return _page(counter, "frame/refused.html", status, title="This link does not work", reason=reason, viewer=None)


def _page(counter: Counter, template: str, status: int, **context: Any) -> Answer:
    given = {
        "navigation": (),
        "here": PATH,
        "notice": "",
        "organization": counter.state.network.organization_name,
        **context,
    }
    return Answer(status, render(template, given), _headers(), b"text/html; charset=utf-8")


def _headers() -> list[tuple[bytes, bytes]]:
    # A browser asks of form-action also where the answer to the form redirects to, which is the application.
    headers = page_headers(policy(forms="*"))
    return [(name.encode(), text.encode()) for name, text in headers.items()]


def _cookies(cookies: list[str]) -> list[tuple[bytes, bytes]]:
    return [(b"set-cookie", cookie.encode()) for cookie in cookies]
