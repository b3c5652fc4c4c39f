"""How many records stand where, kept by the statements that move them."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """A line of a sum: the count of a state is that of all its lines together.

    Triggers on ``delivery`` and ``reading`` add lines, for any statement whoever wrote it: so many more here, so many
    fewer there. Nobody changes a line, so writers never wait for each other; ``tallies.fold`` replaces many lines by
    their sum every minute. ``ledger`` is the table that is counted, ``kind`` a kind of record or the name of a pass.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.DO_NOTHING, db_constraint=False, db_index=False)
    ledger = models.TextField(db_collation="C")
    kind = models.TextField(db_collation="C")
    state = models.TextField(db_collation="C")
    reason = models.TextField(db_collation="C")
    count = models.BigIntegerField()

    class Meta:
        db_table = "tally"
        indexes = (models.Index(fields=["workspace", "ledger"], name="tally_workspace"),)

    def __str__(self) -> str:
        return f"{self.ledger} {self.kind} {self.state} {self.count:+}"
