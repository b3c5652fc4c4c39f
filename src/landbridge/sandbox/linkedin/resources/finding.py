"""What the finders of inbound data share: their parameters in both protocols, permission by contract, pages.

Sources: pagination (``start`` from 0, ``count`` 10 where not said; a page with fewer elements is the last one),
protocol-version (lists and records as parameters).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import unquote

from landbridge.sandbox.kernel import Answer, json_answer
from landbridge.sandbox.linkedin import audit
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.choices import CONTRACT_INTEGRATIONS
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.restli import parameter, parameters

PAGE: Final = 10
T = TypeVar("T")


def check_finder(call: Call, name: str) -> None:
    if parameter(call.query, "q") != name:
        raise RefusalError(400, f"the only finder is q={name}")


def number_of(call: Call, name: str) -> int | None:
    """A whole number, None where it is not sent; raises a 400 :class:`RefusalError`."""
    text = _value(call, name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,15}", text, re.ASCII):
        raise RefusalError(400, f"{name} is not a number")
    return int(text)


def _value(call: Call, name: str) -> str | None:
    """``timeRange.start=1`` in protocol 1.0 is ``timeRange=(start:1)`` in 2.0."""
    record, _, field = name.partition(".")
    dotted = parameter(call.query, name)
    whole = parameter(call.query, record) if field else None
    if (dotted if field and call.protocol == 2 else whole) is not None:
        raise RefusalError(400, f"{record} is written {'(start:1,end:2)' if call.protocol == 2 else 'with dots'} here")
    if whole is None:
        return dotted
    if not (whole.startswith("(") and whole.endswith(")")):
        raise RefusalError(400, f"{record} is no record")
    return dict(part.partition(":")[::2] for part in whole[1:-1].split(",")).get(field)


def urn_of(call: Call, name: str, kind: str) -> str:
    """One required URN of a kind (``seat``, ``contract``, ``organization``); raises a 400 :class:`RefusalError`."""
    found = [unquote(value) for one, value in parameters(call.query) if one == name]
    if len(found) != 1:
        raise RefusalError(400, f"{name} is missing" if not found else f"{name} takes one URN")
    _check_urns(found, name, kind)
    return found[0]


def urns_of(call: Call, name: str, kind: str) -> list[str]:
    """URNs as repeated or numbered parameters (``owners[0]=``) in protocol 1.0, as a ``List(...)`` in 2.0."""
    found = list(texts_of(call, name))
    _check_urns(found, name, kind)
    return found


def _check_urns(urns: Iterable[str], name: str, kind: str) -> None:
    if any(not re.fullmatch(rf"urn:li:{kind}:\d{{1,18}}", urn, re.ASCII) for urn in urns):
        raise RefusalError(400, f"{name} takes URNs of the form urn:li:{kind}:1")


def texts_of(call: Call, name: str) -> Iterator[str]:
    """The members of a list parameter, as the protocol of the call writes it."""
    numbered = re.compile(rf"{name}(\[\d+\])?")
    for one, value in parameters(call.query):
        if not numbered.fullmatch(one):
            continue
        if call.protocol == 1:
            yield unquote(value)
            continue
        whole = value if value.startswith("List(") else unquote(value)
        if not (whole.startswith("List(") and whole.endswith(")")):
            raise RefusalError(400, f"{name} is written List(...) here")
        yield from (unquote(part) for part in whole[5:-1].split(",") if part)


def check_contract(call: Call, contract: str) -> None:
    """403 while the admin has not enabled contract-level access."""
    if not call.application.enabled(contract, CONTRACT_INTEGRATIONS):
        message = "Contract-level access is not enabled for this contract"
        raise RefusalError(403, message, rule=audit.NOT_ENABLED)


def check_company(call: Call, organization: str, integration: str) -> None:
    """403 while the admin has not enabled this feature of company-level access."""
    if not call.application.enabled(organization, (integration,)):
        message = f"{integration} is not enabled for this integrationContext"
        raise RefusalError(403, message, rule=audit.NOT_ENABLED)


def check_window(call: Call, since: int | None, until: int | None) -> None:
    """A window over 12 hours is answered, and on record."""
    if since is None or until is None:
        call.violate(audit.WIDE_WINDOW, "without a lower bound" if since is None else "without an upper bound")
    elif until - since > audit.WINDOW_HOURS * 3_600_000:
        call.violate(audit.WIDE_WINDOW, f"{(until - since) / 3_600_000:.1f} hours")


def page_of(call: Call, found: Sequence[T], show: Callable[[T], dict[str, Any]]) -> Answer:
    """The page asked for; ``fields`` keeps those fields only."""
    start, count = number_of(call, "start") or 0, number_of(call, "count")
    count = PAGE if count is None else count
    wanted = parameter(call.query, "fields")
    elements = [show(one) for one in found[start : start + count]]
    if wanted:
        names = frozenset(wanted.replace(" ", "").split(","))
        elements = [{name: value for name, value in one.items() if name in names} for one in elements]
    return json_answer(200, {"elements": elements, "paging": {"start": start, "count": count, "links": []}})
