"""Decisions on the desk, whom they go on to be followed for, and finding a candidate while somebody types."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Func, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Collate, Lower

NAMES = {"first_name": "body__first_name", "last_name": "body__last_name", "email": "body__emails__0"}
WHOSE = Coalesce(
    "person_urn",
    Func(KT("body__profile_url"), template="'profile:' || lower(%(expressions)s)"),
    Func(KT("body__thread"), template="'thread:' || %(expressions)s"),
    Func(F("kind"), F("far_id"), template="%(expressions)s", arg_joiner=" || ':' || "),
    output_field=models.TextField(),
)


def of_workspace() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace")


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0012_tallies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("whose", models.TextField(db_collation="C")),
                ("reason", models.TextField()),
                ("did", models.TextField()),
                ("candidate", models.TextField(db_collation="C", null=True)),
                ("elements", models.IntegerField()),
                ("facts", models.JSONField(db_default={}, default=dict)),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("undone_by", models.TextField(db_default="", default="")),
                ("undone_at", models.DateTimeField(null=True)),
                ("workspace", of_workspace()),
            ],
            options={
                "db_table": "decision",
                "indexes": [
                    models.Index(fields=["workspace", "id"], name="decision_newest"),
                    models.Index(fields=["workspace", "whose"], name="decision_whose"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("identity", models.TextField(db_collation="C")),
                ("does", models.TextField()),
                ("candidate", models.TextField(db_collation="C", null=True)),
                (
                    "decision",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.decision"),
                ),
                ("workspace", of_workspace()),
            ],
            options={
                "db_table": "follow",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("does__in", ["attach", "dismiss", "ask", "forget"])), name="follow_does"
                    ),
                ],
                "indexes": [models.Index(fields=["workspace", "identity", "id"], name="follow_identity")],
            },
        ),
        migrations.AddField("arrival", "facts", models.JSONField(db_default={}, default=dict)),
        migrations.AddField("arrival", "forgotten_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "arrival",
            "whose",
            models.GeneratedField(db_persist=True, expression=WHOSE, output_field=models.TextField()),
        ),
        migrations.AddField(
            "arrival",
            "decision",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to="store.decision"
            ),
        ),
        migrations.AddIndex(
            "arrival",
            models.Index(
                condition=Q(("state", "desk")),
                fields=["workspace", "reason", "whose", "id"],
                name="arrival_desk_reason",
            ),
        ),
        migrations.AddIndex("arrival", models.Index(fields=["workspace", "whose"], name="arrival_whose")),
        migrations.AddIndex(
            "arrival", models.Index(condition=Q(("state", "done")), fields=["workspace", "id"], name="arrival_done")
        ),
        migrations.AddIndex(
            "arrival",
            models.Index(condition=Q(("decision__isnull", False)), fields=["decision"], name="arrival_decision"),
        ),
        migrations.AddIndex(
            "arrival",
            models.Index(
                condition=Q(("kind", "export")), fields=["workspace", "subject", "received_at"], name="arrival_exports"
            ),
        ),
        migrations.AddField("match", "by_hand", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("match", "told_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "match",
            models.Index(condition=Q(("by_hand", True)), fields=["workspace", "record"], name="match_by_hand"),
        ),
        *(
            migrations.AddIndex(
                "record",
                models.Index(
                    F("workspace"),
                    Collate(Lower(KT(path)), "C"),
                    condition=Q(("kind", "candidate")),
                    name=f"record_{name}",
                ),
            )
            for name, path in NAMES.items()
        ),
    ]
