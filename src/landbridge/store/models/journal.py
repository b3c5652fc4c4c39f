"""What was called, without values, and what comparing both sides has shown."""

from __future__ import annotations

from django.db import models
from django.db.models import F


class Call(models.Model):
    """One call to a far system. ``route`` is a path pattern, so neither ids nor queries are kept."""

    id = models.BigAutoField(primary_key=True)
    # Signing in with the parent application's key happens for no workspace in particular.
    workspace = models.ForeignKey("Workspace", models.DO_NOTHING, null=True, db_constraint=False, db_index=False)
    at = models.DateTimeField()
    system = models.TextField()
    method = models.TextField()
    route = models.TextField()
    status = models.SmallIntegerField(null=True)
    duration_ms = models.IntegerField()
    records = models.IntegerField(default=0, db_default=0)
    far_id = models.TextField(default="", db_default="")
    error_code = models.TextField(default="", db_default="")

    class Meta:
        db_table = "call"
        indexes = (models.Index(fields=["workspace", "at"], name="call_at"),)

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


class Reconciliation(models.Model):
    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    at = models.DateTimeField()
    report = models.JSONField()

    class Meta:
        db_table = "reconciliation"
        indexes = (models.Index(F("workspace"), F("at").desc(), name="reconciliation_newest"),)

    def __str__(self) -> str:
        return f"reconciliation {self.id}"
