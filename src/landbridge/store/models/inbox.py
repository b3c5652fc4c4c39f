"""What far systems tell us unasked: stored whole before it is acknowledged, worked off later."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class InboxEvent(models.Model):
    """One push. ``event_id`` is the sender's: the same event coming again is no second row. ``body`` as received.

    ``waiting`` for its turn, ``done``, ``kept`` (understood by nobody yet), ``failed`` after many tries.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    system = models.TextField()
    event_id = models.TextField()
    type = models.TextField()
    body = models.BinaryField()
    received_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    state = models.TextField(default="waiting", db_default="waiting")
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField(null=True)
    problem = models.TextField(default="", db_default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inbox"
        constraints = (
            models.UniqueConstraint(fields=["workspace", "system", "event_id"], name="inbox_event"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "done", "kept", "failed"]), name="inbox_state"),
        )
        indexes = (
            models.Index(fields=["workspace", "id"], name="inbox_waiting", condition=Q(state="waiting")),
            models.Index(fields=["workspace", "system", "received_at"], name="inbox_newest"),
        )

    def __str__(self) -> str:
        return f"{self.system} {self.type} {self.id}"


class Webhook(models.Model):
    """How a workspace hears of changes in its ATS, and how well that works.

    ``state``: ``absent`` (no subscription), ``active``, ``unreached`` (the ATS could not reach us). ``secrets`` are
    sealed keys, the newest first. ``look_at``: when to look after it; ``swept_at``: when changes were last looked
    for in the lists; ``heard_until``: up to when the delivery log has been read.
    """

    workspace = models.OneToOneField("Workspace", models.CASCADE, primary_key=True)
    subscription = models.TextField(null=True)  # noqa: DJ001 - null says "there is none"
    callback_url = models.TextField(default="", db_default="")
    state = models.TextField(default="absent", db_default="absent")
    problem = models.TextField(default="", db_default="")
    secrets = models.BinaryField(null=True)
    keyed_at = models.DateTimeField(null=True)
    active_since = models.DateTimeField(null=True)
    heard_until = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)
    healed = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "webhook"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=["absent", "active", "unreached"]), name="webhook_state"),
        )

    def __str__(self) -> str:
        return f"{self.workspace_id} {self.state}"
