"""Requisitions with their ads and publications, as the ATS holds them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from landbridge.sandbox.worlds.moment import Moment
from landbridge.sandbox.worlds.texts import LANGUAGES, SECTION_KEYS, Language, section_texts
from landbridge.sandbox.worlds.vocabulary import Place


class Publication(Struct, kw_only=True, eq=False):
    source_name: str
    type: str
    published: Moment
    unpublished: Moment = None


class Ad(Struct, kw_only=True, eq=False):
    """One job ad. Its words follow from ``text_seed`` unless ``words`` says them."""

    id: str
    title: str | None
    language: Language
    text_seed: int
    created: Moment
    updated: Moment
    visibility: str  # PUBLIC, INTERNAL, PRIVATE
    published: bool
    default: bool
    apply_url: str | None
    posting_id: str  # long number of the posting this ad is shown as
    posting_uuid: str
    publications: list[Publication]
    # HTML by section key: what hostile worlds and edits put in place of the derived words. A section of None is
    # served without its text, an empty dict as an ad without sections.
    words: dict[str, str | None] | None = None
    # (section key, pattern, length): a text of that length made of the pattern, so megabytes cost nothing at rest.
    bulk: tuple[str, str, int] | None = None
    details_status: int = 200

    def texts(self) -> dict[str, str | None]:
        """HTML by section key."""
        if self.words is not None:
            found: dict[str, str | None] = dict(self.words)
        else:
            found = dict(zip(SECTION_KEYS, section_texts(self.language, self.text_seed), strict=True))
        if self.bulk is not None:
            key, pattern, length = self.bulk
            found[key] = (pattern * (length // len(pattern) + 1))[:length]
        return found


class Job(Struct, kw_only=True, eq=False):
    id: str
    title: str | None
    ref_number: str | None
    status: str
    posting_status: str
    created: Moment
    updated: Moment
    last_activity: Moment
    department: int | None  # position among the company's departments
    place: Place | None
    remote: bool = False
    language: Language | None = LANGUAGES[0]
    template: bool = False
    creator: int = 0  # position among the users
    compensation: tuple[int, int, str] | None = None
    experience_level: str | None = "mid_senior_level"
    apply_url: str | None = None
    ads: list[Ad] = []
    history: list[tuple[Moment, str]] = []  # statuses, oldest first
    hiring_team: tuple[int, ...] = ()  # positions among the users
    place_parts: dict[str, Any] | None = None  # replaces what would be served as location
    extra: dict[str, Any] | None = None  # further fields of the answers, over the known ones
    details_status: int = 200
    oddities: tuple[str, ...] = ()

    @property
    def default_ad(self) -> Ad | None:
        return next((ad for ad in self.ads if ad.default), None)
