"""Who may come in (beside Django's own users), and which key opens the secrets."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class KeyCheck(models.Model):
    """A value sealed with the encryption key of this database: opening it proves that a key is the right one."""

    id = models.SmallIntegerField(primary_key=True)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "key_check"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="key_check_one"),)

    def __str__(self) -> str:
        return "key check"


class SignInLink(models.Model):
    """A one-time way in. Only the hash of its token is kept."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    token_hash = models.BinaryField(unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sign_in_link"

    def __str__(self) -> str:
        return f"sign-in link {self.id}"


class SignInAttempt(models.Model):
    """One failed sign-in, kept to slow down guessing. ``source`` is a hash of who tried, never a name or address."""

    id = models.BigAutoField(primary_key=True)
    source = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "sign_in_attempt"
        indexes = (models.Index(fields=["source", "at"], name="sign_in_attempt_source"),)

    def __str__(self) -> str:
        return f"sign-in attempt {self.id}"
