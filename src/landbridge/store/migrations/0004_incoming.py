"""Streams that are read window by window, and what they have brought."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0003_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("far_id", models.TextField(db_collation="C")),
                ("subject", models.TextField()),
                ("person_urn", models.TextField(null=True)),
                ("at", models.DateTimeField(null=True)),
                ("version_at", models.DateTimeField(null=True)),
                ("body", models.JSONField()),
                ("raw", models.BinaryField()),
                ("revision", models.BigIntegerField(db_default=1, default=1)),
                ("done_revision", models.BigIntegerField(db_default=0, default=0)),
                ("state", models.TextField(db_default="due", default="due")),
                ("reason", models.TextField(db_default="", default="")),
                ("ats_id", models.TextField(null=True)),
                ("attempts", models.SmallIntegerField(db_default=0, default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to="store.record"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "arrival",
                "indexes": [
                    models.Index(condition=models.Q(("state", "due")), fields=["workspace", "id"], name="arrival_due"),
                    models.Index(
                        condition=models.Q(("state", "desk")), fields=["workspace", "kind", "id"], name="arrival_desk"
                    ),
                    models.Index(
                        condition=models.Q(("person_urn__isnull", False)),
                        fields=["workspace", "person_urn"],
                        name="arrival_person",
                    ),
                    models.Index(
                        condition=models.Q(("record__isnull", False)), fields=["record"], name="arrival_record"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "kind", "far_id"), name="arrival_far_id"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["due", "done", "desk", "set_aside"])), name="arrival_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("subject", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("read_until", models.DateTimeField()),
                ("past_since", models.DateTimeField()),
                ("past_until", models.DateTimeField()),
                ("wanted", models.BooleanField(db_default=True, default=True)),
                ("next_at", models.DateTimeField()),
                ("past_next_at", models.DateTimeField()),
                ("failures", models.SmallIntegerField(db_default=0, default=0)),
                ("problem", models.TextField(db_default="", default="")),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "stream",
                "indexes": [
                    models.Index(
                        condition=models.Q(("wanted", True)), fields=["workspace", "next_at"], name="stream_due"
                    ),
                    models.Index(
                        condition=models.Q(("past_until__gt", models.F("past_since")), ("wanted", True)),
                        fields=["workspace", "past_next_at"],
                        name="stream_past_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "kind", "subject"), name="stream_subject"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("past_since__lte", models.F("past_until")),
                            ("past_until__lte", models.F("began_at")),
                            ("began_at__lte", models.F("read_until")),
                        ),
                        name="stream_order",
                    ),
                ],
            },
        ),
    ]
