"""Coming onto LinkedIn: what was agreed to, the contracts and where each stands, links that hand the work over."""

# ruff: noqa: DJ001 - null says "there is none", which an empty string does not

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

CONTRACT_STATES = (
    "adding", "kept", "requested", "configuring", "waiting", "enabled", "refused", "disabled", "expired",
    "disconnected",
)  # fmt: skip


class Consent(models.Model):
    """A receipt. It is never changed, but for its withdrawal; agreeing to something else makes a new one.

    ``given_by`` is the person as known then, in words: a receipt must outlive the account. ``text`` is what was read,
    word for word; ``counts`` what each choice affected at that moment, as it was shown.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    given_at = models.DateTimeField()
    given_by = models.TextField()
    text_version = models.TextField()
    text = models.TextField()
    fields = models.JSONField()
    choices = models.JSONField()
    counts = models.JSONField(default=dict, db_default={})
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(default="", db_default="")

    class Meta:
        db_table = "consent"
        constraints = (
            # Two admins who agree at the same moment give one consent.
            models.UniqueConstraint(
                fields=["workspace"], name="consent_living", condition=Q(withdrawn_at__isnull=True)
            ),
        )
        indexes = (models.Index(F("workspace"), F("id").desc(), name="consent_newest"),)

    def __str__(self) -> str:
        return f"consent {self.id}"


class Contract(models.Model):
    """One Recruiter contract of a workspace. ``urn`` is null while an admin is choosing it in LinkedIn's window.

    ``look_at`` is when its integrations are asked for again, ``looks`` how often that was done in its present state.
    ``imported_until``: up to then the integration before this one brought InMails and notes into the ATS.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    urn = models.TextField(null=True)
    organization_urn = models.TextField(null=True)
    name = models.TextField(default="", db_default="")
    state = models.TextField(default="adding", db_default="adding")
    paused = models.BooleanField(default=False, db_default=False)
    problem_code = models.TextField(default="", db_default="")
    added_by = models.TextField()
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    requested_at = models.DateTimeField(null=True)
    configured_at = models.DateTimeField(null=True)
    enabled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)
    looks = models.IntegerField(default=0, db_default=0)
    imported_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "contract"
        constraints = (
            models.UniqueConstraint(fields=["workspace", "urn"], name="contract_urn"),
            # A second click, or a second admin, goes on with the contract that is being added.
            models.UniqueConstraint(fields=["workspace"], name="contract_adding", condition=Q(urn__isnull=True)),
            models.CheckConstraint(condition=Q(state__in=CONTRACT_STATES), name="contract_state"),
        )
        indexes = (models.Index(fields=["look_at"], name="contract_look", condition=Q(look_at__isnull=False)),)

    def __str__(self) -> str:
        return self.urn or f"contract {self.id}"


class Handover(models.Model):
    """A link that lets somebody without an account do the LinkedIn half. Only the hash of its token is kept."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("Workspace", models.CASCADE, db_index=False)
    token_hash = models.BinaryField(unique=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "handover"
        indexes = (models.Index(F("workspace"), F("id").desc(), name="handover_newest"),)

    def __str__(self) -> str:
        return f"handover {self.id}"


class Census(models.Model):
    """How many mirrored records each choice would affect, counted in the background (store/census.py)."""

    workspace = models.OneToOneField("Workspace", models.CASCADE, primary_key=True)
    taken_at = models.DateTimeField()
    report = models.JSONField()

    class Meta:
        db_table = "census"

    def __str__(self) -> str:
        return f"census of {self.workspace_id}"
