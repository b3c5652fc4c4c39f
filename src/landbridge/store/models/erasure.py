"""What was deleted, where and when: the receipts of erasures, and who must not come back with old messages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Erasure(models.Model):
    """One candidate, or one application alone, that the ATS no longer has. It holds ids, never what was deleted.

    ``told_by``: "event" (the ATS told us), "sweep" (its lists do not name it any more), "push" (an ATS of one's own
    deleted it). ``successor``: the candidate it was merged into, "" where it was deleted.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    kind = models.TextField(db_collation="C")
    key = models.TextField(db_collation="C")
    told_by = models.TextField()
    successor = models.TextField(default="", db_default="", db_collation="C")
    noticed_at = models.DateTimeField()

    class Meta:
        db_table = "erasure"
        indexes = (models.Index(fields=["workspace", "id"], name="erasure_list"),)

    def __str__(self) -> str:
        return f"erasure of {self.kind} {self.key}"


class ErasureItem(models.Model):
    """One thing deleted for an erasure. ``place`` is "linkedin" (one record, ``key``) or "landbridge" (``count`` things
    of a kind). ``done_at`` null: not done yet. ``record`` is the tombstone's number; it may outlive the row.
    """

    id = models.BigAutoField(primary_key=True)
    erasure = models.ForeignKey(Erasure, models.CASCADE, db_index=False)
    place = models.TextField()
    kind = models.TextField(db_collation="C")
    key = models.TextField(default="", db_default="", db_collation="C")
    count = models.IntegerField(default=1, db_default=1)
    record = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "erasure_item"
        indexes = (
            models.Index(fields=["erasure", "id"], name="erasure_item_list"),
            models.Index(fields=["record"], name="erasure_item_open", condition=Q(done_at__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key} at {self.place}"


class ErasedPerson(models.Model):
    """A LinkedIn member whose candidate was erased: nothing written before ``erased_at`` is taken in again.

    Only a hash of the person's URN is kept (see ``store.erasures``).
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    digest = models.BinaryField()
    erased_at = models.DateTimeField()

    class Meta:
        db_table = "erased_person"
        constraints = (models.UniqueConstraint(fields=["workspace", "digest"], name="erased_person_digest"),)

    def __str__(self) -> str:
        return f"somebody erased at {self.erased_at}"
