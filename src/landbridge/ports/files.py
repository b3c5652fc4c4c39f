"""Files of the ATS, which the far side wants and Landbridge does not keep."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol, runtime_checkable


@runtime_checkable
class Files(Protocol):
    """A source that has the files of resumes as well."""

    def open_file(self, key: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The file of a resume, by the resume's key, in pieces. Not tried again: pieces may have been used.

        Raises MissingError where the ATS does not have it (any more), RecordError where it cannot be had, TryLaterError
        and NeedsPersonError for the connection.
        """
        ...
