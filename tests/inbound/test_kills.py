"""kill -9 of real worker processes at every named place around every effect: afterwards everything is there once.

The short form of ``make crashes``, which walks all places of all flows, and freezes workers there as well.
"""

from __future__ import annotations

import pytest

from landbridge.sync.failpoints import EXPORT_KEPT, EXPORT_READ, MERGED, NAMES, EffectName
from tests.faults.truth import PRICE_OF_A_KILL
from tests.inbound.flows import FLOWS, Flow, Stage, struck_at
from tests.inbound.nursery import Nursery
from tests.inbound.rig import Recruiting

FLOW_OF: dict[str, str] = {
    EXPORT_READ: "export_of_a_stranger",
    EXPORT_KEPT: "export_of_a_stranger",
    MERGED: "export_to_a_job",
    "closed.forgotten": "closed_account",
    EffectName.CREATE: "export_to_a_job",
    EffectName.ATTACH: "export_to_a_second_job",
    EffectName.POST: "note",
    EffectName.DELETE: "note_that_is_edited",
    EffectName.CONTACT: "contact_of_a_stub",
}
FROZEN = ("create_candidate.intended", "post_note.intended", "post_note.answered", "delete_note.wanted")
# The ATS's own names of the effects.
EFFECTS = {"candidates.add_to_job", "messages.share", "messages.delete", "candidates.patch"}


@pytest.fixture
async def stage(company: Recruiting, workers: Nursery) -> Stage:
    stage = Stage(company, workers)
    await stage.open()
    return stage


@pytest.mark.timeout(900)
async def test_killed_and_frozen_workers_leave_everything_done_once(stage: Stage) -> None:
    for place in NAMES:
        await struck_at(stage, flow_of(place), "kill", place)
    for place in FROZEN:
        await struck_at(stage, flow_of(place), "freeze", place)
    violations = stage.company.sandbox.linkedin.journal.violations()
    # Exported members are made up here, so that LinkedIn does not know those of whom it is told that they are matched.
    broken = {one.rule for one in violations if "manualMatchedMember must be a person URN" not in one.detail}
    assert broken <= PRICE_OF_A_KILL
    assert written(stage) == EFFECTS


def written(stage: Stage) -> set[str]:
    """What changed anything in the ATS but the webhooks we have there, by the ATS's own journal."""
    entries = stage.company.sandbox.smartrecruiters.journal.entries()
    changing = {entry.operation for entry in entries if entry.method != "GET"}
    return {operation for operation in changing if not operation.startswith("webhooks.")}


def flow_of(place: str) -> Flow:
    return FLOWS[FLOW_OF.get(place) or FLOW_OF[EffectName(place.partition(".")[0])]]
