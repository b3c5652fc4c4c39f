"""What people have decided on the desk, and whom it goes on to be followed for."""

# ruff: noqa: DJ001 - null says "there is none", which an empty string does not

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Decision(models.Model):
    """One thing said about everything of one person (``whose``, see Arrival) that waited for ``reason``.

    ``facts``: what it takes to take it back, and for closed accounts the receipt of what was deleted.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    whose = models.TextField(db_collation="C")
    reason = models.TextField()
    did = models.TextField()
    candidate = models.TextField(null=True, db_collation="C")
    elements = models.IntegerField()
    facts = models.JSONField(default=dict, db_default={})
    made_by = models.TextField()
    made_at = models.DateTimeField()
    undone_by = models.TextField(default="", db_default="")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "decision"
        indexes = (
            models.Index(fields=["workspace", "id"], name="decision_newest"),
            models.Index(fields=["workspace", "whose"], name="decision_whose"),
        )

    def __str__(self) -> str:
        return f"{self.did} {self.id}"


class Follow(models.Model):
    """What later arrivals of a person follow. The newest row of an identity counts; undoing a decision deletes its own.

    ``does``: "attach" them to ``candidate``, "dismiss" what nobody else claims, or "ask" again whatever LinkedIn says.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    decision = models.ForeignKey(Decision, models.CASCADE)
    identity = models.TextField(db_collation="C")
    does = models.TextField()
    candidate = models.TextField(null=True, db_collation="C")

    class Meta:
        db_table = "follow"
        constraints = (models.CheckConstraint(condition=Q(does__in=["attach", "dismiss", "ask"]), name="follow_does"),)
        indexes = (models.Index(fields=["workspace", "identity", "id"], name="follow_identity"),)

    def __str__(self) -> str:
        return f"{self.does} {self.id}"
