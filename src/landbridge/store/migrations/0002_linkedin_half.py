"""The LinkedIn half: consents, contracts, pushes, and who is whom."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Census",
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
                ("taken_at", models.DateTimeField()),
                ("report", models.JSONField()),
            ],
            options={
                "db_table": "census",
            },
        ),
        migrations.CreateModel(
            name="AtsUser",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.TextField(db_collation="C")),
                ("first_name", models.TextField()),
                ("last_name", models.TextField()),
                ("email", models.TextField(null=True)),
                ("role", models.TextField(null=True)),
                ("active", models.BooleanField(db_default=True, default=True)),
                ("seen_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "ats_user",
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("given_at", models.DateTimeField()),
                ("given_by", models.TextField()),
                ("text_version", models.TextField()),
                ("text", models.TextField()),
                ("fields", models.JSONField()),
                ("choices", models.JSONField()),
                ("counts", models.JSONField(db_default={}, default=dict)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.TextField(db_default="", default="")),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "consent",
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("urn", models.TextField(null=True)),
                ("organization_urn", models.TextField(null=True)),
                ("name", models.TextField(db_default="", default="")),
                ("state", models.TextField(db_default="adding", default="adding")),
                ("paused", models.BooleanField(db_default=False, default=False)),
                ("problem_code", models.TextField(db_default="", default="")),
                ("added_by", models.TextField()),
                ("added_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("requested_at", models.DateTimeField(null=True)),
                ("configured_at", models.DateTimeField(null=True)),
                ("enabled_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("look_at", models.DateTimeField(null=True)),
                ("looks", models.IntegerField(db_default=0, default=0)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "contract",
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("token_hash", models.BinaryField(unique=True)),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "handover",
            },
        ),
        migrations.CreateModel(
            name="InboxEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("system", models.TextField()),
                ("event_id", models.TextField()),
                ("type", models.TextField()),
                ("body", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("state", models.TextField(db_default="waiting", default="waiting")),
                ("attempts", models.SmallIntegerField(db_default=0, default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(db_default="", default="")),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "inbox",
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("contract", models.TextField()),
                ("urn", models.TextField()),
                ("first_name", models.TextField(db_default="", default="")),
                ("last_name", models.TextField(db_default="", default="")),
                ("email", models.TextField(null=True)),
                ("person_urn", models.TextField(null=True)),
                ("admin", models.BooleanField(db_default=False, default=False)),
                ("seen_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "seat",
            },
        ),
        migrations.CreateModel(
            name="SeatLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reason", models.TextField()),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("ended_by", models.TextField(db_default="", default="")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "seat",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.seat"),
                ),
                (
                    "user",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.atsuser"),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "seat_link",
            },
        ),
        migrations.AddConstraint(
            model_name="atsuser",
            constraint=models.UniqueConstraint(fields=("workspace", "key"), name="ats_user_key"),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                models.F("workspace"), models.OrderBy(models.F("id"), descending=True), name="consent_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)), fields=("workspace",), name="consent_living"
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(("look_at__isnull", False)), fields=["look_at"], name="contract_look"
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.UniqueConstraint(fields=("workspace", "urn"), name="contract_urn"),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.UniqueConstraint(
                condition=models.Q(("urn__isnull", True)), fields=("workspace",), name="contract_adding"
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "adding",
                            "requested",
                            "configuring",
                            "waiting",
                            "enabled",
                            "refused",
                            "disabled",
                            "expired",
                            "disconnected",
                        ),
                    )
                ),
                name="contract_state",
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                models.F("workspace"), models.OrderBy(models.F("id"), descending=True), name="handover_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="inboxevent",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["workspace", "id"], name="inbox_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="inboxevent",
            constraint=models.UniqueConstraint(fields=("workspace", "system", "event_id"), name="inbox_event"),
        ),
        migrations.AddConstraint(
            model_name="inboxevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "done", "kept", "failed"])), name="inbox_state"
            ),
        ),
        migrations.AddIndex(
            model_name="seat",
            index=models.Index(fields=["workspace", "contract"], name="seat_contract"),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(fields=("workspace", "urn"), name="seat_urn"),
        ),
        migrations.AddIndex(
            model_name="seatlink",
            index=models.Index(fields=["workspace", "user"], name="seat_link_user"),
        ),
        migrations.AddIndex(
            model_name="seatlink",
            index=models.Index(
                models.F("seat"), models.OrderBy(models.F("id"), descending=True), name="seat_link_history"
            ),
        ),
        migrations.AddConstraint(
            model_name="seatlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("seat",), name="seat_link_living"
            ),
        ),
    ]
