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
    # The account whose rights bound the token's; null: made by whoever runs the installation.
    maker_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    minute_at = models.DateTimeField(null=True)
    calls = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "api_token"

    def __str__(self) -> str:
        return f"token {self.id}"


class ApiAnswer(models.Model):
    """What a call with an idempotency key was answered; null while it is under way. Sealed: answers hold links."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="answers", db_index=False)
    key = models.TextField()
    # A hash of method, path and body: the same key with another call is a mistake of the caller's.
    call = models.BinaryField()
    answer = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "api_answer"
        constraints = (models.UniqueConstraint(fields=["token", "key"], name="api_answer_once"),)

    def __str__(self) -> str:
        return f"answer {self.id}"
