"""The lanes (one sender per workspace and resource) and the budgets all workers share."""

from __future__ import annotations

from django.db import models


class Lane(models.Model):
    """``epoch`` is the fencing number: a sender whose epoch has passed may save nothing any more."""

    pk = models.CompositePrimaryKey("workspace_id", "resource")
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    resource = models.TextField()
    epoch = models.BigIntegerField(default=0, db_default=0)
    blocked_until = models.DateTimeField(null=True)
    blocked_reason = models.TextField(default="", db_default="")
    last_sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "lane"

    def __str__(self) -> str:
        return f"{self.workspace_id} {self.resource}"


class Budget(models.Model):
    """What may be called, and when next. ``calls`` and ``records`` count within ``day``, a day in UTC."""

    pk = models.CompositePrimaryKey("workspace_id", "system", "resource")
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    system = models.TextField()
    resource = models.TextField()
    next_at = models.DateTimeField()
    day = models.DateField()
    calls = models.IntegerField(default=0, db_default=0)
    records = models.IntegerField(default=0, db_default=0)
    learned = models.JSONField(default=dict, db_default={})

    class Meta:
        db_table = "budget"

    def __str__(self) -> str:
        return f"{self.workspace_id} {self.system} {self.resource}"
