"""What was done in the ATS for each arrival, and what a person said about it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0007_api_tokens"),
    ]

    operations = [
        migrations.AddField("arrival", "choice", models.JSONField(null=True)),
        migrations.AddField("arrival", "settled_by", models.TextField(db_default="", default="")),
        migrations.AddField("arrival", "settled_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Effect",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("marker", models.TextField()),
                ("candidate", models.TextField(db_default="", default="")),
                ("state", models.TextField(db_default="intended", default="intended")),
                ("far_id", models.TextField(null=True)),
                ("intended_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "arrival",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.arrival"),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "effect",
                "constraints": [
                    models.UniqueConstraint(fields=("arrival", "name", "marker", "candidate"), name="effect_once"),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["intended", "done", "undone"])), name="effect_state"
                    ),
                ],
            },
        ),
    ]
