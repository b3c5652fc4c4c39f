"""A workspace: one ATS instance with its LinkedIn child application, and how it reaches both."""

# ruff: noqa: DJ001 - null says "there is none", which an empty string does not

from __future__ import annotations

from django.db import models


class Workspace(models.Model):
    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=63, unique=True)
    name = models.TextField()
    # What the admin has chosen: job availability, history window, exclusions (read by sync/eligibility.py).
    choices = models.JSONField(default=dict, db_default={})
    organization_urn = models.TextField(null=True)
    # LinkedIn's uniqueForeignId: the name by which it knows this ATS instance. It can never be changed there.
    foreign_id = models.TextField(unique=True)
    paused = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "workspace"

    def __str__(self) -> str:
        return self.slug


class Connection(models.Model):
    """How a workspace signs in to one system. ``secrets`` is sealed JSON (store/secrets.py)."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="connections", db_index=False)
    system = models.TextField()
    settings = models.JSONField(default=dict, db_default={})
    secrets = models.BinaryField(null=True)
    state = models.TextField(default="unchecked", db_default="unchecked")
    problem_code = models.TextField(default="", db_default="")
    problem_hint = models.TextField(default="", db_default="")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "connection"
        constraints = (
            models.UniqueConstraint(fields=["workspace", "system"], name="connection_system"),
            models.CheckConstraint(
                condition=models.Q(state__in=["unchecked", "ok", "needs_person"]), name="connection_state"
            ),
        )

    def __str__(self) -> str:
        return f"{self.workspace_id} {self.system}"


class Integration(models.Model):
    """One LinkedIn integration: company level on the organization URN, contract level (CSA_API) on a contract URN."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="integrations", db_index=False)
    context = models.TextField()
    type = models.TextField()
    name = models.TextField(default="", db_default="")
    status = models.TextField()
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "integration"
        constraints = (
            models.UniqueConstraint(fields=["workspace", "context", "type"], name="integration_context_type"),
        )

    def __str__(self) -> str:
        return f"{self.context} {self.type}"
