"""Webhooks of the ATS, and the numbers that keep an older read from overwriting a newer one."""

import django.db.models.deletion
from django.db import migrations, models

# Numbers merges in the order in which they write, for all workspaces. The first number is used up at once: until then
# the sequence says the same before and after it.
TURNS = "CREATE SEQUENCE mirror_turn; SELECT nextval('mirror_turn')"


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0005_stream_owners"),
    ]

    operations = [
        migrations.RunSQL(TURNS, reverse_sql="DROP SEQUENCE mirror_turn"),
        migrations.AddField(
            model_name="record",
            name="turn",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "workspace",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="store.workspace",
                    ),
                ),
                ("subscription", models.TextField(null=True)),
                ("callback_url", models.TextField(db_default="", default="")),
                ("state", models.TextField(db_default="absent", default="absent")),
                ("problem", models.TextField(db_default="", default="")),
                ("secrets", models.BinaryField(null=True)),
                ("keyed_at", models.DateTimeField(null=True)),
                ("active_since", models.DateTimeField(null=True)),
                ("heard_until", models.DateTimeField(null=True)),
                ("swept_at", models.DateTimeField(null=True)),
                ("look_at", models.DateTimeField(null=True)),
                ("healed", models.IntegerField(db_default=0, default=0)),
            ],
            options={
                "db_table": "webhook",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["absent", "active", "unreached"])), name="webhook_state"
                    )
                ],
            },
        ),
    ]
