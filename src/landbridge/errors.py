"""Every error Landbridge raises on purpose, sorted by what has to happen next.

LandbridgeError
├─ NeedsPersonError    nothing helps but a person: the connection pauses, no retry
│  ├─ SettingError           a setting is missing or makes no sense
│  ├─ SignInRejectedError    a credential was refused
│  └─ NotPermittedError      the credential is fine but lacks a permission
├─ TryLaterError       it may work by itself later: the work is rescheduled
│  ├─ RateLimitedError       the far side asked us to slow down
│  └─ UnavailableError       the far side cannot be reached or failed
├─ RecordError         one record is set aside with its reason, its neighbours go on
│  ├─ RejectedError          the far side refused this record
│  ├─ MissingError           the far side does not know this record
│  ├─ ExistsError            the far side has this record already
│  └─ CannotTranslateError   the record has no form on the far side
└─ SurpriseError       an answer of a shape nobody documented: stop, keep the evidence
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar


class LandbridgeError(Exception):
    """Something Landbridge expected to go wrong has gone wrong."""

    code: ClassVar[str] = "landbridge"
    hint: ClassVar[str] = ""

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        hint: str | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        if code is not None:
            self.code = code  # type: ignore[misc]  # the class value is the default, an instance may be finer
        if hint is not None:
            self.hint = hint  # type: ignore[misc]  # as above
        # Facts go to logs and to the console: callers put in nothing personal and nothing secret.
        self.facts: dict[str, object] = dict(facts or {})


class NeedsPersonError(LandbridgeError):
    """A person has to act before this can go on."""

    code = "needs_person"


class SettingError(NeedsPersonError):
    """A setting is missing or cannot be used."""

    code = "setting"


class SignInRejectedError(NeedsPersonError):
    """The far side refused the credential."""

    code = "sign_in_rejected"


class NotPermittedError(NeedsPersonError):
    """The credential lacks a permission."""

    code = "not_permitted"


class TryLaterError(LandbridgeError):
    """This did not work now and may work later."""

    code = "try_later"

    def __init__(
        self,
        message: str = "",
        *,
        retry_after: timedelta | None = None,
        code: str | None = None,
        hint: str | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message, code=code, hint=hint, facts=facts)
        self.retry_after = retry_after


class RateLimitedError(TryLaterError):
    """The far side asked us to slow down."""

    code = "rate_limited"


class UnavailableError(TryLaterError):
    """The far side could not be reached or failed."""

    code = "unavailable"


class RecordError(LandbridgeError):
    """One record cannot go on."""

    code = "record"


class RejectedError(RecordError):
    """The far side refused this record."""

    code = "rejected"


class MissingError(RecordError):
    """The far side does not know this record."""

    code = "missing"


class ExistsError(RecordError):
    """The far side has this record already."""

    code = "exists"


class CannotTranslateError(RecordError):
    """This record has no form on the far side."""

    code = "cannot_translate"


class SurpriseError(LandbridgeError):
    """The far side gave an answer of a shape we do not know."""

    code = "surprise"
