"""Stages of applications. Source: sync-stages."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.linkedin.resources.applications import SHAPES
from landbridge.sandbox.linkedin.resources.children import Kind
from landbridge.sandbox.linkedin.restli import KeyShape
from landbridge.sandbox.linkedin.rules.stages import DECODER

STAGES: Final = Kind(
    entity="stages",
    parent="application",
    parent_shape=SHAPES["v2"],
    parents=lambda book: book.applications,
    shelf=lambda book: book.stages,
    decoders={"v2": DECODER, "rest": DECODER},
    time_of=lambda stage: stage.created_at,
    names=("atsJobApplicationId", "stageId"),
)
RESOURCES: Final = STAGES.resources(
    "atsApplications/stages",
    "applicationStage",
    KeyShape(("jobApplicationStageId", "jobApplicationId", "integrationContext")),
    since=202512,
)
