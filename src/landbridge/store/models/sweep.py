"""Sweeps over the ATS, their passes, and the reading list of things to read one by one."""

# ruff: noqa: DJ001 - null says "there is none", which an empty string does not

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Sweep(models.Model):
    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    mode = models.TextField()
    since = models.DateTimeField(null=True)
    # Read every application again, not only those of candidates that have changed.
    reread = models.BooleanField(default=False, db_default=False)
    state = models.TextField(default="running", db_default="running")
    pass_name = models.TextField(default="", db_default="")
    cursor = models.TextField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sweep"
        constraints = (
            models.CheckConstraint(condition=Q(mode__in=["full", "delta"]), name="sweep_mode"),
            models.CheckConstraint(condition=Q(state__in=["running", "paused", "done", "stopped"]), name="sweep_state"),
        )
        indexes = (models.Index(F("workspace"), F("id").desc(), name="sweep_newest"),)

    def __str__(self) -> str:
        return f"sweep {self.id}"


class SweepPass(models.Model):
    id = models.BigAutoField(primary_key=True)
    sweep = models.ForeignKey(Sweep, models.CASCADE, related_name="passes", db_index=False)
    name = models.TextField()
    ordinal = models.SmallIntegerField()
    title = models.TextField()
    total = models.IntegerField(null=True)
    done = models.IntegerField(default=0, db_default=0)
    calls = models.IntegerField(default=0, db_default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sweep_pass"
        constraints = (models.UniqueConstraint(fields=["sweep", "name"], name="sweep_pass_name"),)

    def __str__(self) -> str:
        return f"{self.sweep_id} {self.name}"


class Reading(models.Model):
    """One thing a later pass has to read. ``set_aside`` is one that cannot be read, with its reason."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.DO_NOTHING, db_constraint=False, db_index=False)
    pass_name = models.TextField(db_collation="C")
    key = models.TextField(db_collation="C")
    sweep_id = models.BigIntegerField(null=True)
    priority = models.SmallIntegerField(default=2, db_default=2)
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField(null=True)
    state = models.TextField(default="due", db_default="due", db_collation="C")
    reason = models.TextField(default="", db_default="")
    detail = models.TextField(default="", db_default="")

    class Meta:
        db_table = "reading"
        constraints = (
            models.UniqueConstraint(fields=["workspace", "pass_name", "key"], name="reading_key"),
            models.CheckConstraint(condition=Q(state__in=["due", "set_aside"]), name="reading_state"),
        )
        indexes = (
            models.Index(
                fields=["workspace", "pass_name", "priority", "id"], name="reading_due", condition=Q(state="due")
            ),
        )

    def __str__(self) -> str:
        return f"{self.pass_name} {self.key}"
