"""The first tables."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Django writes no ON DELETE rules; these two tables are written by SQL alone and must not outlive their record.
LEDGER_FOLLOWS_MIRROR = """
ALTER TABLE delivery ADD CONSTRAINT delivery_record FOREIGN KEY (record_id) REFERENCES record (id) ON DELETE CASCADE;
ALTER TABLE match ADD CONSTRAINT match_record FOREIGN KEY (record_id) REFERENCES record (id) ON DELETE CASCADE;
"""

# Lanes and sweeps rewrite these tables from end to end. With the default (a fifth of the table) dead rows pile up until
# a large workspace slows down; room left in each page lets a rewritten body stay in its page.
VACUUM_SOONER = """
ALTER TABLE record SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE delivery SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE reading SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Workspace",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=63, unique=True)),
                ("name", models.TextField()),
                ("choices", models.JSONField(db_default={}, default=dict)),
                ("organization_urn", models.TextField(null=True)),
                ("foreign_id", models.TextField(unique=True)),
                ("paused", models.BooleanField(db_default=False, default=False)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "workspace",
            },
        ),
        migrations.CreateModel(
            name="KeyCheck",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "key_check",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="key_check_one")],
            },
        ),
        migrations.CreateModel(
            name="SignInAttempt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "sign_in_attempt",
                "indexes": [models.Index(fields=["source", "at"], name="sign_in_attempt_source")],
            },
        ),
        migrations.CreateModel(
            name="SignInLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("token_hash", models.BinaryField(unique=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "sign_in_link",
            },
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("mode", models.TextField()),
                ("since", models.DateTimeField(null=True)),
                ("reread", models.BooleanField(db_default=False, default=False)),
                ("state", models.TextField(db_default="running", default="running")),
                ("pass_name", models.TextField(db_default="", default="")),
                ("cursor", models.TextField(null=True)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "sweep",
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField(db_collation="C")),
                ("key", models.TextField(db_collation="C")),
                ("parent_key", models.TextField(db_collation="C", null=True)),
                ("job_key", models.TextField(db_collation="C", null=True)),
                ("body", models.JSONField()),
                ("revision", models.BigIntegerField(db_default=1, default=1)),
                ("gone", models.BooleanField(db_default=False, default=False)),
                ("seen_sweep", models.BigIntegerField(null=True)),
                ("first_seen_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="store.workspace",
                    ),
                ),
            ],
            options={
                "db_table": "record",
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("report", models.JSONField()),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "reconciliation",
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pass_name", models.TextField(db_collation="C")),
                ("key", models.TextField(db_collation="C")),
                ("sweep_id", models.BigIntegerField(null=True)),
                ("priority", models.SmallIntegerField(db_default=2, default=2)),
                ("attempts", models.SmallIntegerField(db_default=0, default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("state", models.TextField(db_collation="C", db_default="due", default="due")),
                ("reason", models.TextField(db_default="", default="")),
                ("detail", models.TextField(db_default="", default="")),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="store.workspace",
                    ),
                ),
            ],
            options={
                "db_table": "reading",
            },
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id", "resource", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("resource", models.TextField()),
                ("epoch", models.BigIntegerField(db_default=0, default=0)),
                ("blocked_until", models.DateTimeField(null=True)),
                ("blocked_reason", models.TextField(db_default="", default="")),
                ("last_sent_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "lane",
            },
        ),
        migrations.CreateModel(
            name="Integration",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("context", models.TextField()),
                ("type", models.TextField()),
                ("name", models.TextField(db_default="", default="")),
                ("status", models.TextField()),
                ("checked_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="integrations",
                        to="store.workspace",
                    ),
                ),
            ],
            options={
                "db_table": "integration",
            },
        ),
        migrations.CreateModel(
            name="Connection",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("system", models.TextField()),
                ("settings", models.JSONField(db_default={}, default=dict)),
                ("secrets", models.BinaryField(null=True)),
                ("state", models.TextField(db_default="unchecked", default="unchecked")),
                ("problem_code", models.TextField(db_default="", default="")),
                ("problem_hint", models.TextField(db_default="", default="")),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="connections",
                        to="store.workspace",
                    ),
                ),
            ],
            options={
                "db_table": "connection",
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("system", models.TextField()),
                ("method", models.TextField()),
                ("route", models.TextField()),
                ("status", models.SmallIntegerField(null=True)),
                ("duration_ms", models.IntegerField()),
                ("records", models.IntegerField(db_default=0, default=0)),
                ("far_id", models.TextField(db_default="", default="")),
                ("error_code", models.TextField(db_default="", default="")),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="store.workspace",
                    ),
                ),
            ],
            options={
                "db_table": "call",
            },
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "system",
                        "resource",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("system", models.TextField()),
                ("resource", models.TextField()),
                ("next_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("calls", models.IntegerField(db_default=0, default=0)),
                ("records", models.IntegerField(db_default=0, default=0)),
                ("learned", models.JSONField(db_default={}, default=dict)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "budget",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="store.record",
                    ),
                ),
                ("kind", models.TextField(db_collation="C")),
                ("state", models.TextField(db_collation="C")),
                ("reason", models.TextField(db_collation="C", db_default="", default="")),
                ("detail", models.TextField(db_default="", default="")),
                ("priority", models.SmallIntegerField()),
                ("revision", models.BigIntegerField(db_default=1, default=1)),
                ("fingerprint", models.BinaryField(null=True)),
                ("sent_revision", models.BigIntegerField(null=True)),
                ("far", models.JSONField(null=True)),
                ("attempts", models.SmallIntegerField(db_default=0, default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="store.workspace",
                    ),
                ),
            ],
            options={
                "db_table": "delivery",
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="store.record",
                    ),
                ),
                ("person_urn", models.TextField(null=True)),
                ("read_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="store.workspace",
                    ),
                ),
            ],
            options={
                "db_table": "match",
            },
        ),
        migrations.CreateModel(
            name="SweepPass",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("ordinal", models.SmallIntegerField()),
                ("title", models.TextField()),
                ("total", models.IntegerField(null=True)),
                ("done", models.IntegerField(db_default=0, default=0)),
                ("calls", models.IntegerField(db_default=0, default=0)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "sweep",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passes",
                        to="store.sweep",
                    ),
                ),
            ],
            options={
                "db_table": "sweep_pass",
                "constraints": [models.UniqueConstraint(fields=("sweep", "name"), name="sweep_pass_name")],
            },
        ),
        migrations.AddIndex(
            model_name="sweep",
            index=models.Index(
                models.F("workspace"), models.OrderBy(models.F("id"), descending=True), name="sweep_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="sweep",
            constraint=models.CheckConstraint(condition=models.Q(("mode__in", ["full", "delta"])), name="sweep_mode"),
        ),
        migrations.AddConstraint(
            model_name="sweep",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["running", "paused", "done", "stopped"])), name="sweep_state"
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("parent_key__isnull", False)),
                fields=["workspace", "kind", "parent_key"],
                name="record_parent",
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("job_key__isnull", False)),
                fields=["workspace", "kind", "job_key"],
                name="record_job",
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(fields=("workspace", "kind", "key"), name="record_key"),
        ),
        migrations.AddIndex(
            model_name="reconciliation",
            index=models.Index(
                models.F("workspace"), models.OrderBy(models.F("at"), descending=True), name="reconciliation_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(
                condition=models.Q(("state", "due")),
                fields=["workspace", "pass_name", "priority", "id"],
                name="reading_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(fields=("workspace", "pass_name", "key"), name="reading_key"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["due", "set_aside"])), name="reading_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="integration",
            constraint=models.UniqueConstraint(
                fields=("workspace", "context", "type"), name="integration_context_type"
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(fields=("workspace", "system"), name="connection_system"),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["unchecked", "ok", "needs_person"])), name="connection_state"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["workspace", "at"], name="call_at"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "due")),
                fields=["workspace", "kind", "priority", "record"],
                name="delivery_due",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "pending")),
                fields=["workspace", "kind", "next_at"],
                name="delivery_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["workspace", "kind", "state", "reason"], name="delivery_tally"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["due", "held", "pending", "delivered", "quarantined", "gone"])),
                name="delivery_state",
            ),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(fields=["workspace", "person_urn"], name="match_person"),
        ),
        migrations.RunSQL(LEDGER_FOLLOWS_MIRROR, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(VACUUM_SOONER, reverse_sql=migrations.RunSQL.noop),
    ]
