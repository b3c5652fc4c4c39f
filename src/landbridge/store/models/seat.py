"""People on both sides: Recruiter's seat holders, the ATS's users, and who is whom."""

# ruff: noqa: DJ001 - null says "there is none", which an empty string does not

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Seat(models.Model):
    """A Recruiter seat of one contract. ``left_at``: LinkedIn no longer lists it among the active ones."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    contract = models.TextField()
    urn = models.TextField()
    first_name = models.TextField(default="", db_default="")
    last_name = models.TextField(default="", db_default="")
    email = models.TextField(null=True)
    person_urn = models.TextField(null=True)
    admin = models.BooleanField(default=False, db_default=False)
    seen_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "seat"
        constraints = (models.UniqueConstraint(fields=["workspace", "urn"], name="seat_urn"),)
        indexes = (models.Index(fields=["workspace", "contract"], name="seat_contract"),)

    def __str__(self) -> str:
        return self.urn


class AtsUser(models.Model):
    """Somebody who works in the ATS. ``gone_at``: the ATS no longer has this user at all."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    key = models.TextField(db_collation="C")
    first_name = models.TextField()
    last_name = models.TextField()
    email = models.TextField(null=True)
    role = models.TextField(null=True)
    active = models.BooleanField(default=True, db_default=True)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ats_user"
        constraints = (models.UniqueConstraint(fields=["workspace", "key"], name="ats_user_key"),)

    def __str__(self) -> str:
        return f"user {self.key}"


class SeatLink(models.Model):
    """That a seat belongs to an ATS user, from when to when, by whose word. Ended ones are the history."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    seat = models.ForeignKey(Seat, models.CASCADE, db_index=False)
    user = models.ForeignKey(AtsUser, models.CASCADE, db_index=False)
    reason = models.TextField()  # "chosen", "same_email", "same_name", "confirmed"
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ended_by = models.TextField(default="", db_default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "seat_link"
        constraints = (
            models.UniqueConstraint(fields=["seat"], name="seat_link_living", condition=Q(ended_at__isnull=True)),
        )
        indexes = (
            models.Index(fields=["workspace", "user"], name="seat_link_user"),
            models.Index(F("seat"), F("id").desc(), name="seat_link_history"),
        )

    def __str__(self) -> str:
        return f"seat {self.seat_id} is user {self.user_id}"
