"""Whose rights a token has, answers kept for calls that are made twice, and the language a person reads."""

import django.db.models.deletion
from django.db import migrations, models

# Tokens made until now know their maker's name only. Whose maker has no account any more opens nothing any more.
NAME_MAKERS = """
UPDATE api_token SET maker_id = person.id FROM auth_user AS person WHERE person.username = api_token.made_by;
UPDATE api_token SET revoked_at = coalesce(revoked_at, now()) WHERE maker_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0008_effects"),
    ]

    operations = [
        migrations.AddField("apitoken", "maker_id", models.BigIntegerField(null=True)),
        migrations.RunSQL(NAME_MAKERS, migrations.RunSQL.noop),
        migrations.AddField("profile", "language", models.TextField(db_default="", default="")),
        migrations.CreateModel(
            name="ApiAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.TextField()),
                ("call", models.BinaryField()),
                ("answer", models.BinaryField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "token",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="store.apitoken",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.workspace"),
                ),
            ],
            options={
                "db_table": "api_answer",
                "constraints": [models.UniqueConstraint(fields=("token", "key"), name="api_answer_once")],
            },
        ),
    ]
