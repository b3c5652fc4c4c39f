"""What a resource tells the app about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from landbridge.sandbox.kernel import Answer
from landbridge.sandbox.linkedin.calls import Call
from landbridge.sandbox.linkedin.limits import BATCH_RECORDS
from landbridge.sandbox.linkedin.restli import KeyShape

Handler = Callable[[Call], Answer]


class Resource(Struct, frozen=True, kw_only=True):
    """One collection under ``/v2`` or ``/rest``.

    name      what operations are called after ("candidates" in "candidates.batch_update")
    path      collection, or "collection/child" for a child whose parent's key is a path segment
    shape     of the keys in ``ids``
    parent    True: the partner's parent application only; False: children only; None: both
    member    True: with the token of a member (3-legged); False: with the application's own (2-legged)
    batch     most records of one batch
    since     first LinkedIn-Version that has it (``rest`` only)
    bucket    the quota it shares with others; its own where it is empty
    paced_by  the parameter with the seat whose calls per minute are limited
    """

    name: str
    generation: str
    path: str
    methods: Mapping[str, Handler]
    shape: KeyShape = KeyShape()
    parent: bool | None = False
    member: bool = False
    since: int = 0
    bucket: str = ""
    paced_by: str = ""
    batch: int = BATCH_RECORDS

    @property
    def quota(self) -> str:
        return self.bucket or f"{self.generation}.{self.path}"
