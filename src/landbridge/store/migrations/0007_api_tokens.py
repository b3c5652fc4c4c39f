"""Tokens of the JSON API."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0006_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("label", models.TextField()),
                ("start", models.TextField()),
                ("token_hash", models.BinaryField(unique=True)),
                ("scopes", models.JSONField()),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("minute_at", models.DateTimeField(null=True)),
                ("calls", models.IntegerField(db_default=0, default=0)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "api_token",
            },
        ),
    ]
