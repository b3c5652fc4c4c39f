"""What the answers of several subjects share: refusals, numbers in addresses, texts a database can hold."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Schema

from landbridge.web.api.problems import ProblemOut

REFUSALS: dict[Any, Any] = {(400, 401, 403, 409, 422, 429, 502, 503): ProblemOut}
MISSING: dict[Any, Any] = {404: ProblemOut}
HIGHEST = 2**63 - 1
Number = Annotated[int, Field(ge=1, le=HIGHEST)]
STORABLE = "^[^\\u0000]*$"


def text_of(most: int, least: int = 0) -> Any:
    """A text field of a request with at most so many characters, none of which PostgreSQL refuses."""
    return Field(min_length=least, max_length=most, pattern=STORABLE)


class Done(Schema):
    """``done`` false: there was nothing to do, because it was so already."""

    done: bool = True
