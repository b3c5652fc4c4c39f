"""How news of both sides arrive, in the admin's words. Pure: the same facts show the same lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from msgspec import Struct

from landbridge.jobs.news import Changes, News, Way
from landbridge.store.streams import StreamCounts
from landbridge.sync.streams import PROMISED, Pace
from landbridge.web.console.overview.context import Pill
from landbridge.web.console.turns import Text

WAYS: Mapping[Way, tuple[Promise, str]] = {
    "told": (gettext_lazy("Told at once"), "good"),
    "quiet": (gettext_lazy("Quiet"), "wait"),
    "looked_for": (gettext_lazy("Looked for"), "wait"),
    "pushed": (gettext_lazy("Sent by your ATS"), "good"),
    "not_begun": (gettext_lazy("Not begun"), "held"),
}
STREAMS: Mapping[str, Promise] = {
    "inmails": gettext_lazy("InMails"),
    "notes": gettext_lazy("Prospect notes"),
    "contacts": gettext_lazy("Contact details"),
    "closed": gettext_lazy("Closed accounts"),
}
# Why no webhook comes, and what to do; what is not here passes by itself or is told of the connection.
NO_WEBHOOKS: Mapping[str, Promise] = {
    "public_address_missing": gettext_lazy(
        "SmartRecruiters delivers to https addresses only. Whoever runs Landbridge has to set LANDBRIDGE_PUBLIC_URL."
    ),
    "callback_unreached": gettext_lazy(
        "SmartRecruiters could not reach Landbridge's public address. Whoever runs Landbridge has to let it through; "
        "it is tried again every few minutes."
    ),
    "untold": gettext_lazy(
        "The subscription is there, but changes were found that SmartRecruiters has not told of. Look at its webhook "
        "log under Configuration; nothing is lost meanwhile."
    ),
    "not_permitted": gettext_lazy(
        "The credentials of SmartRecruiters may not make webhook subscriptions. Add that permission to the key."
    ),
}


class Line(Struct, frozen=True, kw_only=True):
    """One way in which news arrive. ``at``: when the newest came (``label`` says of what). ``next``: what to do."""

    title: Text
    pill: Pill | None = None
    number: str = ""
    text: str = ""
    label: str = ""
    at: datetime | None = None
    next: Text = ""


class Shown(Struct, frozen=True, kw_only=True):
    """``warning``: what a person has to know about the pace, "" where the promise is kept."""

    lines: tuple[Line, ...]
    warning: str


def shown(news: News) -> Shown:
    streams = tuple(_stream(one, news.pace) for one in news.streams)
    return Shown(lines=(_changes(news.changes), *streams, *_pushes(news)), warning=slow_warning(news.pace))


def _changes(changes: Changes) -> Line:
    webhook = changes.webhook
    return Line(
        title=_("Changes in the ATS"),
        pill=Pill(*WAYS[changes.way]),
        text=" ".join(filter(None, (_changes_text(changes), _healed(webhook.healed if webhook else 0)))),
        label=_("Last event:") if changes.newest_at else "",
        at=changes.newest_at,
        next=_next(changes),
    )


def _changes_text(changes: Changes) -> str:
    every, every_told = often(changes.every), often(changes.every_told)
    match changes.way:
        case "told":
            return _("Webhooks tell of each change; the lists are read every %(every)s besides.") % {"every": every}
        case "quiet":
            return _(
                "The subscription is active, but nothing has come for a day. The lists are read every %(every)s, so "
                "nothing is lost."
            ) % {"every": every}
        case "looked_for":
            return _(
                "No webhooks come, so the lists are read every %(every)s instead of every %(told)s. Nothing is lost; "
                "changes take that much longer."
            ) % {"every": every, "told": every_told}
        case "pushed":
            return _("Your ATS sends its changes to Landbridge.")
        case _:
            return _("Landbridge subscribes by itself when the historical sync begins.")


def _healed(times: int) -> str:
    if not times:
        return ""
    return ngettext(
        "The subscription was found switched off once and repaired.",
        "The subscription was found switched off %(times)s times and repaired.",
        times,
    ) % {"times": times}


def _next(changes: Changes) -> Text:
    if changes.way == "quiet":
        return _("If there were changes, see in SmartRecruiters whether its deliveries fail.")
    if changes.way != "looked_for" or changes.webhook is None:
        return ""
    known = NO_WEBHOOKS.get(changes.webhook.problem)
    return known or _("SmartRecruiters did not take the subscription (%(code)s). It is tried again.") % {
        "code": changes.webhook.problem or changes.webhook.state
    }


def _stream(counts: StreamCounts, pace: Pace) -> Line:
    past = int(100 * counts.past)
    paced = _("Read every %(every)s") % {"every": often(pace.every)}
    how = _("Read once a day") if counts.kind == "closed" else paced
    history = _("history read") if past >= 100 else _("%(percent)s %% of the history read") % {"percent": past}
    return Line(
        title=STREAMS[counts.kind],
        number=_number(counts),
        text=f"{how}, {history}.",
        label=_("Complete until:"),
        at=counts.oldest_read_until,
        next=_troubled(counts.troubled),
    )


def _number(counts: StreamCounts) -> str:
    about = {"number": f"{counts.streams:,}"}
    if counts.kind == "inmails":
        return ngettext("%(number)s seat", "%(number)s seats", counts.streams) % about
    if counts.kind == "closed":
        return ""
    return ngettext("%(number)s contract", "%(number)s contracts", counts.streams) % about


def _troubled(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "One of them could not be read last time. It is tried again; nothing is skipped.",
        "%(number)s of them could not be read last time. They are tried again; nothing is skipped.",
        count,
    ) % {"number": f"{count:,}"}


def _pushes(news: News) -> tuple[Line, ...]:
    if news.pushed_at is None:
        return ()
    text = _("LinkedIn pushes exports and changes of status.")
    return (Line(title=_("Exports"), text=text, label=_("Last event:"), at=news.pushed_at),)


def slow_warning(pace: Pace) -> str:
    """With numbers: what makes it slow, how slow it is, and what helps. "" where the promise is kept."""
    if not pace.slower:
        return ""
    return _(
        "%(streams)s seats and contracts share LinkedIn's %(calls)s calls a day, so each is read every %(every)s "
        "instead of every %(promised)s. With at most %(most)s the promise is kept: disconnect %(over)s seats that "
        "nobody needs, or ask LinkedIn for more calls."
    ) % {
        "streams": f"{pace.streams:,}",
        "calls": f"{pace.calls_per_day:,}",
        "every": often(pace.every),
        "promised": often(PROMISED),
        "most": f"{pace.most_at_promised:,}",
        "over": f"{pace.streams - pace.most_at_promised:,}",
    }


def often(length: timedelta) -> str:
    """A pause between two looks, rounded: they are seconds, minutes or a few hours."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 1:
        return f"{length.total_seconds():.0f} s"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
