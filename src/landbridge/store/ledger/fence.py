"""The right to send for one lane: whoever has taken the lane over ends it for whoever had it before."""

from __future__ import annotations

from msgspec import Struct


class Fence(Struct, frozen=True):
    """The right to send and save for one lane, as long as the lane's epoch is this one."""

    workspace: int
    resource: str
    epoch: int


class FencedError(Exception):
    """Another worker has taken this lane over: whoever sees this stops at once and saves nothing."""


# FOR SHARE: whoever raises the epoch waits until this save is through, or this save sees the new epoch.
FENCE = """
fence AS MATERIALIZED (
    SELECT 1 FROM lane
    WHERE workspace_id = %(workspace)s AND resource = %(resource)s AND epoch = %(epoch)s FOR SHARE
)
"""
