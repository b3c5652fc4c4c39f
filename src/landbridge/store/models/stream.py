"""What is read from LinkedIn in windows of time, and what those windows have brought."""

# ruff: noqa: DJ001 - null says "there is none", which an empty string does not

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

# What all that comes from one person has in common: the person's URN; else the profile, else the conversation; else
# an element is alone. In PostgreSQL a null makes each of these null, so the next one counts.
WHOSE = Coalesce(
    "person_urn",
    Func(KT("body__profile_url"), template="'profile:' || lower(%(expressions)s)"),
    Func(KT("body__thread"), template="'thread:' || %(expressions)s"),
    Func(F("kind"), F("far_id"), template="%(expressions)s", arg_joiner=" || ':' || "),
    output_field=models.TextField(),
)


class Stream(models.Model):
    """One thing that is read window by window: the InMails of a seat, the notes of a contract and so on.

    Two ends are read: everything from ``began_at`` to ``read_until`` is kept (that one moves on with time), and
    everything from ``past_until`` to ``began_at`` (that one moves back to ``past_since`` and is then at its end). So
    new messages come at once while years of old ones are still being fetched, and nothing is left out between.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    kind = models.TextField()  # "inmails", "notes", "contacts", "closed"
    subject = models.TextField()  # a seat, a contract or the organization, as URN
    began_at = models.DateTimeField()
    read_until = models.DateTimeField()
    past_since = models.DateTimeField()
    past_until = models.DateTimeField()
    wanted = models.BooleanField(default=True, db_default=True)
    # Seats whose contact details are asked for: one that joins has its history read as well.
    owners = models.JSONField(default=list, db_default=[])
    next_at = models.DateTimeField()
    past_next_at = models.DateTimeField()
    failures = models.SmallIntegerField(default=0, db_default=0)
    problem = models.TextField(default="", db_default="")
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stream"
        constraints = (
            models.UniqueConstraint(fields=["workspace", "kind", "subject"], name="stream_subject"),
            models.CheckConstraint(
                condition=Q(past_since__lte=models.F("past_until"), past_until__lte=models.F("began_at"))
                & Q(began_at__lte=models.F("read_until")),
                name="stream_order",
            ),
        )
        indexes = (
            models.Index(fields=["workspace", "next_at"], name="stream_due", condition=Q(wanted=True)),
            models.Index(
                fields=["workspace", "past_next_at"],
                name="stream_past_due",
                condition=Q(wanted=True, past_until__gt=models.F("past_since")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject}"


class Arrival(models.Model):
    """One element that came from LinkedIn, in its newest state. ``body`` is ours, ``raw`` as it came.

    ``due``: its effect in the ATS is to be looked at; ``done`` up to ``done_revision``; ``desk``: a person has to say
    whose it is, ``reason`` says why; ``set_aside``: nothing can be done with it, with the reason.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    kind = models.TextField()  # "inmail", "note", "contact", "closed", "export"
    far_id = models.TextField(db_collation="C")
    subject = models.TextField()
    person_urn = models.TextField(null=True)
    at = models.DateTimeField(null=True)
    version_at = models.DateTimeField(null=True)
    body = models.JSONField()
    raw = models.BinaryField()
    revision = models.BigIntegerField(default=1, db_default=1)
    done_revision = models.BigIntegerField(default=0, db_default=0)
    state = models.TextField(default="due", db_default="due")
    reason = models.TextField(default="", db_default="")
    record = models.ForeignKey("Record", models.SET_NULL, null=True, db_index=False)
    ats_id = models.TextField(null=True)
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField(null=True)
    # What a person has said on the desk; see store.desk.
    choice = models.JSONField(null=True)
    settled_by = models.TextField(default="", db_default="")
    settled_at = models.DateTimeField(null=True)
    # What the engine has seen when it asked: the candidates among whom to choose, the ATS's own contact details.
    facts = models.JSONField(default=dict, db_default={})
    decision = models.ForeignKey("Decision", models.SET_NULL, null=True, db_index=False)
    whose = models.GeneratedField(expression=WHOSE, output_field=models.TextField(), db_persist=True)
    # Body and raw were thrown away, and do not come back with a later read.
    forgotten_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "arrival"
        constraints = (
            models.UniqueConstraint(fields=["workspace", "kind", "far_id"], name="arrival_far_id"),
            models.CheckConstraint(condition=Q(state__in=["due", "done", "desk", "set_aside"]), name="arrival_state"),
        )
        indexes = (
            models.Index(fields=["workspace", "id"], name="arrival_due", condition=Q(state="due")),
            models.Index(fields=["workspace", "kind", "id"], name="arrival_desk", condition=Q(state="desk")),
            models.Index(fields=["workspace", "changed_at"], name="arrival_newest"),
            models.Index(
                fields=["workspace", "person_urn"], name="arrival_person", condition=Q(person_urn__isnull=False)
            ),
            models.Index(fields=["record"], name="arrival_record", condition=Q(record__isnull=False)),
            models.Index(fields=["workspace", "ats_id"], name="arrival_candidate", condition=Q(ats_id__isnull=False)),
            models.Index(
                fields=["workspace", "reason", "whose", "id"], name="arrival_desk_reason", condition=Q(state="desk")
            ),
            models.Index(fields=["workspace", "whose"], name="arrival_whose"),
            models.Index(fields=["workspace", "id"], name="arrival_done", condition=Q(state="done")),
            models.Index(fields=["decision"], name="arrival_decision", condition=Q(decision__isnull=False)),
            models.Index(
                fields=["workspace", "subject", "received_at"], name="arrival_exports", condition=Q(kind="export")
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Effect(models.Model):
    """One thing done in the ATS for an arrival. Written as ``intended`` before it is done: creations there are not
    idempotent, so what is found intended is looked for before it is repeated. ``far_id`` null: done, its id unknown.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    arrival = models.ForeignKey(Arrival, models.CASCADE, db_index=False)
    name = models.TextField()
    marker = models.TextField()
    candidate = models.TextField(default="", db_default="")
    state = models.TextField(default="intended", db_default="intended")
    far_id = models.TextField(null=True)
    intended_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "effect"
        constraints = (
            models.UniqueConstraint(fields=["arrival", "name", "marker", "candidate"], name="effect_once"),
            models.CheckConstraint(condition=Q(state__in=["intended", "done", "undone"]), name="effect_state"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.state}"
