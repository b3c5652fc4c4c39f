"""People: what each may do in which workspace, how they are invited, what they prefer, and what they did."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from landbridge.store.models.workspace import Workspace

ROLES = ["viewer", "admin", "owner"]


class Membership(models.Model):
    """One person in one workspace."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.TextField()
    since = models.DateTimeField()

    class Meta:
        db_table = "membership"
        constraints = (
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_person"),
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="membership_role"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.workspace_id}"


class Invitation(models.Model):
    """A way in for somebody new, once. Only the hash of its token is kept."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    role = models.TextField()
    # For whom it is meant: a name or an address, as the inviter wrote it. It proves nothing.
    label = models.TextField()
    token_hash = models.BinaryField(unique=True)
    invited_by = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "invitation"
        constraints = (models.CheckConstraint(condition=models.Q(role__in=ROLES), name="invitation_role"),)

    def __str__(self) -> str:
        return f"invitation {self.id}"


class Profile(models.Model):
    """What a person prefers."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    # A name of the IANA time zone database; empty: the zone the browser tells.
    zone = models.TextField(default="", db_default="")
    # One of those the console is written in; empty: the one the browser asks for.
    language = models.TextField(default="", db_default="")

    class Meta:
        db_table = "profile"

    def __str__(self) -> str:
        return f"profile of {self.user_id}"


class AuditEvent(models.Model):
    """One act. No foreign keys: the line outlives the person and the workspace it speaks of."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    workspace_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    who = models.TextField()
    act = models.TextField()
    subject = models.TextField(default="", db_default="")
    facts = models.JSONField(default=dict, db_default={})

    class Meta:
        db_table = "audit_event"
        indexes = (models.Index(fields=["workspace_id", "id"], name="audit_event_workspace"),)

    def __str__(self) -> str:
        return f"{self.who} {self.act}"
