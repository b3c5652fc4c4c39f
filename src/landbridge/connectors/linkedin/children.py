"""What belongs to an application: its stages. v2 takes the children of one application per call, rest of many."""

from __future__ import annotations

from datetime import datetime

import msgspec

from landbridge.connectors.linkedin import restli, rules
from landbridge.connectors.linkedin.client import LinkedInClient
from landbridge.connectors.linkedin.dialects import Resource
from landbridge.connectors.linkedin.upsert import UpsertWriter
from landbridge.connectors.linkedin.wire import StageWire, respelled
from landbridge.errors import CannotTranslateError
from landbridge.ports.destination import Entity, Held, Outgoing
from landbridge.records import Kind, Stage

DECODER = msgspec.json.Decoder(Stage)
# LinkedIn refuses this text by name.
FORBIDDEN_NAME = "not available"


def translate_stage(stage: Stage, now: datetime, form: type[StageWire] = StageWire) -> StageWire:
    """The stage as LinkedIn takes it, or CannotTranslateError with a code of ``reasons``."""
    name = rules.text_of(stage.name, "name", "stage_name_missing")
    if name.lower() == FORBIDDEN_NAME:
        raise CannotTranslateError("the name is one that LinkedIn refuses", code="stage_name_missing")
    return form(ats_created_at=rules.created_millis(stage.entered_at, "entered_at", now), stage=name)


def application_of(stage_id: str) -> str:
    """The application a stage belongs to, which its id begins with (see ``records.stage``)."""
    application_id, _, number = stage_id.rpartition(".")
    rules.id_of(application_id, "application_id")
    rules.id_of(number, "number")
    return application_id


class StageWriter(UpsertWriter):
    kind = Kind.STAGE
    resource = "stages"

    def __init__(self, client: LinkedInClient, dialect: Resource, organization: str, parents: Resource) -> None:
        """``parents`` is the dialect of applications, whose key stands in the path of v2."""
        super().__init__(client, dialect, organization)
        self._parents = parents
        self._form = respelled(StageWire, dialect.renames)

    def render(self, row: Outgoing, now: datetime) -> Entity | Held | None:
        try:
            rules.id_of(row.key, "id")
            application_id = application_of(row.key)
            group = application_id if self.dialect.one_parent_per_call else None
            if row.gone:
                return self.deletion(row, group)
            wire = translate_stage(DECODER.decode(row.body), now, self._form)
        except CannotTranslateError as why:
            return Held(reason=why.code, detail=str(why))
        return self.upsertion(row, wire, group)

    def parent_of(self, entity: Entity) -> str | None:
        return application_of(entity.key)

    def path_of(self, first: Entity) -> str:
        if not self.dialect.one_parent_per_call:
            return self.dialect.path
        key = self._parents.key(self._organization, application_of(first.key))
        return self.dialect.path.replace("{parent}", restli.encode_path_key(key, self._parents.protocol))
