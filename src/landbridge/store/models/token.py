"""Tokens of the JSON API."""

from __future__ import annotations

from django.db import models

from landbridge.store.models.workspace import Workspace


class ApiToken(models.Model):
    """A machine's way in. Only the hash of the token is kept; ``calls`` are those since ``minute_at``."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="tokens")
    label = models.TextField()
    start = models.TextField()
    token_hash = models.BinaryField(unique=True)
    scopes = models.JSONField()
    made_by = models.TextField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    minute_at = models.DateTimeField(null=True)
    calls = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "api_token"

    def __str__(self) -> str:
        return f"token {self.id}"
