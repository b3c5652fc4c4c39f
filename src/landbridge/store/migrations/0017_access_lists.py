"""What has been put on LinkedIn's access lists, so that all of it can be taken off again."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0016_follow_does"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("part", models.TextField()),
                ("list", models.TextField(db_collation="C")),
                ("subject", models.TextField(db_collation="C")),
                ("state", models.TextField(db_default="intended", default="intended")),
                ("reason", models.TextField(db_default="", default="")),
                ("look_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "access_entry",
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "part", "list", "subject"), name="access_entry_once"),
                    models.CheckConstraint(
                        condition=Q(("part__in", ["job", "person", "viewers"])), name="access_entry_part"
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["intended", "there", "refused"])), name="access_entry_state"
                    ),
                ],
            },
        ),
    ]
