"""What has been put on LinkedIn's access lists."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AccessEntry(models.Model):
    """That a job or a person is on a list there, or may be.

    Written as ``intended`` before it is sent, so that nothing stays there unknown; ``refused`` with the reason is tried
    again at ``look_at``. The one entry ``viewers`` says that the viewer settings were taken away.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    part = models.TextField()
    list = models.TextField(db_collation="C")
    subject = models.TextField(db_collation="C")
    state = models.TextField(default="intended", db_default="intended")
    reason = models.TextField(default="", db_default="")
    look_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_entry"
        constraints = (
            models.UniqueConstraint(fields=["workspace", "part", "list", "subject"], name="access_entry_once"),
            models.CheckConstraint(condition=Q(part__in=["job", "person", "viewers"]), name="access_entry_part"),
            models.CheckConstraint(condition=Q(state__in=["intended", "there", "refused"]), name="access_entry_state"),
        )

    def __str__(self) -> str:
        return f"{self.part} on {self.list}"
