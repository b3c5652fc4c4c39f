"""Receipts of what was deleted, and members whose old messages must not come back."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0010_older_contracts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField(db_collation="C")),
                ("key", models.TextField(db_collation="C")),
                ("told_by", models.TextField()),
                ("successor", models.TextField(db_collation="C", db_default="", default="")),
                ("noticed_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "erasure",
                "indexes": [models.Index(fields=["workspace", "id"], name="erasure_list")],
            },
        ),
        migrations.CreateModel(
            name="ErasureItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.TextField()),
                ("kind", models.TextField(db_collation="C")),
                ("key", models.TextField(db_collation="C", db_default="", default="")),
                ("count", models.IntegerField(db_default=1, default=1)),
                ("record", models.BigIntegerField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "erasure",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.erasure"),
                ),
            ],
            options={
                "db_table": "erasure_item",
                "indexes": [
                    models.Index(fields=["erasure", "id"], name="erasure_item_list"),
                    models.Index(condition=Q(("done_at__isnull", True)), fields=["record"], name="erasure_item_open"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasedPerson",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField()),
                ("erased_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "erased_person",
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "digest"), name="erased_person_digest"),
                ],
            },
        ),
        migrations.AddIndex(
            "arrival",
            models.Index(
                fields=["workspace", "ats_id"], name="arrival_candidate", condition=Q(("ats_id__isnull", False))
            ),
        ),
    ]
