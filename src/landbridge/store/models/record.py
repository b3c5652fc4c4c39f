"""The mirror (what the ATS has) and the ledger (what LinkedIn has acknowledged).

Two tables for one thing, on purpose: a lane rewrites ``delivery`` for every send, a sweep rewrites ``record`` for every
page. Apart, the rows a lane rewrites stay narrow, and the two do not wait for each other.

Keys have the "C" collation: they are names given by a machine, compared by bytes, and every database sorts them alike.
The workspace of a record is a plain number without a foreign key: checking it would lock the workspace's row once for
every record of every page.
"""

# ruff: noqa: DJ001 - null says "there is none", which an empty string does not

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Collate, Lower

# What a candidate can be found by, and where that stands in the body.
NAMES = {"first_name": "body__first_name", "last_name": "body__last_name", "email": "body__emails__0"}


class Record(models.Model):
    """The newest known state of one ATS object. ``body`` is JSON of landbridge.records; unset fields are absent."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.DO_NOTHING, db_constraint=False, db_index=False)
    kind = models.TextField(db_collation="C")
    key = models.TextField(db_collation="C")
    # Of an application: its candidate; of a stage: its application.
    parent_key = models.TextField(null=True, db_collation="C")
    job_key = models.TextField(null=True, db_collation="C")
    body = models.JSONField()
    revision = models.BigIntegerField(default=1, db_default=1)
    gone = models.BooleanField(default=False, db_default=False)
    seen_sweep = models.BigIntegerField(null=True)
    # The number of the merge that wrote this row last: what was read before that merge is not newer than the row.
    turn = models.BigIntegerField(default=0, db_default=0)
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "record"
        constraints = (models.UniqueConstraint(fields=["workspace", "kind", "key"], name="record_key"),)
        indexes = (
            models.Index(
                fields=["workspace", "kind", "parent_key"], name="record_parent", condition=Q(parent_key__isnull=False)
            ),
            models.Index(
                fields=["workspace", "kind", "job_key"], name="record_job", condition=Q(job_key__isnull=False)
            ),
            # Finding a person while somebody types. Only beginnings: an index of words halves a merge's speed.
            *(
                models.Index(
                    F("workspace"),
                    Collate(Lower(KT(path)), "C"),
                    name=f"record_{name}",
                    condition=Q(kind="candidate"),
                )
                for name, path in NAMES.items()
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Delivery(models.Model):
    """Where one record stands on its way to LinkedIn.

    ``revision`` grows with each change of the record itself or of what it is rendered with (its candidate's name, its
    job's title): whoever saves an outcome for an older one leaves the row due. ``fingerprint``, ``sent_revision`` and
    ``sent_at`` tell what LinkedIn last acknowledged and when; ``priority`` is 0 erasure, 1 live, 2 backfill.
    The foreign key with its ON DELETE CASCADE is made in the first migration.
    """

    record = models.OneToOneField(Record, models.DO_NOTHING, primary_key=True, db_constraint=False)
    workspace = models.ForeignKey("Workspace", models.DO_NOTHING, db_constraint=False, db_index=False)
    kind = models.TextField(db_collation="C")
    state = models.TextField(db_collation="C")
    reason = models.TextField(default="", db_default="", db_collation="C")
    detail = models.TextField(default="", db_default="")
    priority = models.SmallIntegerField()
    revision = models.BigIntegerField(default=1, db_default=1)
    fingerprint = models.BinaryField(null=True)
    sent_revision = models.BigIntegerField(null=True)
    far = models.JSONField(null=True)
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "delivery"
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["due", "held", "pending", "delivered", "quarantined", "gone"]),
                name="delivery_state",
            ),
        )
        indexes = (
            models.Index(
                fields=["workspace", "kind", "priority", "record"], name="delivery_due", condition=Q(state="due")
            ),
            models.Index(
                fields=["workspace", "kind", "next_at"], name="delivery_pending", condition=Q(state="pending")
            ),
            # What is not simply due or delivered: those two have no part in it, so a lane that sends is not slowed.
            models.Index(
                fields=["workspace", "kind", "state", "reason", "record"],
                name="delivery_apart",
                condition=Q(state__in=["held", "quarantined", "pending", "gone"]),
            ),
            # What people have just done, for those who look: what fills in history has no part in it.
            models.Index(fields=["workspace", "changed_at"], name="delivery_live", condition=Q(priority__lt=2)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} {self.state}"


class Match(models.Model):
    """The LinkedIn member a delivered candidate was matched with.

    ``by_hand``: we know it, by an export or from a person on the desk, and have told LinkedIn at ``told_at``.
    """

    record = models.OneToOneField(Record, models.DO_NOTHING, primary_key=True, db_constraint=False)
    workspace = models.ForeignKey("Workspace", models.DO_NOTHING, db_constraint=False, db_index=False)
    person_urn = models.TextField(null=True)
    read_at = models.DateTimeField()
    by_hand = models.BooleanField(default=False, db_default=False)
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "match"
        indexes = (
            models.Index(fields=["workspace", "person_urn"], name="match_person"),
            models.Index(fields=["workspace", "record"], name="match_by_hand", condition=Q(by_hand=True)),
        )

    def __str__(self) -> str:
        return f"match of {self.record_id}"
