"""The member directory: finds the member behind a candidate, and gives each application its own ids of persons."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from landbridge.sandbox.worlds.network import Member

PERSON = "urn:li:person:"


def profile_key(url: str) -> str:
    """A profile URL without what does not identify: scheme, ``www.``, case, query and trailing slash."""
    bare = url.lower().partition("?")[0].partition("#")[0]
    return bare.partition("://")[2].removeprefix("www.").rstrip("/") or bare


class Directory:
    """All members of a world by what they can be matched with."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.members: dict[int, Member] = {}
        self._by_email: dict[str, int] = {}
        self._by_profile: dict[str, int] = {}
        for member in members:
            self.members[member.number] = member
            self._by_profile.setdefault(profile_key(member.profile_url), member.number)
            for email in member.emails:
                lower = email.lower()
                # The very text of the member where it is one: a million copies would be 100 MB.
                self._by_email.setdefault(email if email == lower else lower, member.number)

    def forget(self, number: int) -> None:
        """The member closed the account and is found no more; what is known of the name stays."""
        member = self.members[number]
        for email in member.emails:
            _drop(self._by_email, email.lower(), number)
        _drop(self._by_profile, profile_key(member.profile_url), number)

    def match(self, emails: Iterable[str], profile_url: str | None) -> list[int]:
        """Members these addresses or this profile URL belong to, each once, in the order found."""
        found = [self._by_email[email.lower()] for email in emails if email.lower() in self._by_email]
        if profile_url:
            number = self._by_profile.get(profile_key(profile_url))
            if number is not None:
                found.append(number)
        return found if len(found) < 2 else list(dict.fromkeys(found))


def _drop(index: dict[str, int], key: str, number: int) -> None:
    if index.get(key) == number:
        del index[key]


class PersonIds:
    """Person ids as one application sees them: stable, and meaningless to every other application."""

    def __init__(self, scope: str) -> None:
        self._scope = scope.encode()
        self._members: dict[str, int] = {}

    def urn(self, member: int) -> str:
        digest = hashlib.blake2b(str(member).encode(), key=self._scope[:64], digest_size=8).digest()
        person = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        self._members[person] = member
        return PERSON + person

    def member(self, urn: str) -> int | None:
        """The member behind a person URN this application was given; None for any other text."""
        return self._members.get(urn.removeprefix(PERSON)) if urn.startswith(PERSON) else None
