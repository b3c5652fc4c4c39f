"""What people may do in workspaces, how they are invited, what they prefer, and what they did."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was noted stays noted, whoever holds the connection; only a superuser of the database could drop the trigger.
ONLY_ADDED = """
CREATE FUNCTION refuse_change_of_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lines of the audit trail are only ever added' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_event_only_added BEFORE UPDATE OR DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_event();
"""
CHANGEABLE = """
DROP TRIGGER audit_event_only_added ON audit_event;
DROP FUNCTION refuse_change_of_audit_event();
"""

# Shared by all web processes: a code used in one is used in all. The shape is Django's database cache.
CACHE = """
CREATE TABLE web_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX web_cache_expires ON web_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("store", "0002_linkedin_half"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("zone", models.TextField(db_default="", default="")),
            ],
            options={
                "db_table": "profile",
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("workspace_id", models.BigIntegerField(null=True)),
                ("user_id", models.BigIntegerField(null=True)),
                ("who", models.TextField()),
                ("act", models.TextField()),
                ("subject", models.TextField(db_default="", default="")),
                ("facts", models.JSONField(db_default={}, default=dict)),
            ],
            options={
                "db_table": "audit_event",
                "indexes": [models.Index(fields=["workspace_id", "id"], name="audit_event_workspace")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("role", models.TextField()),
                ("label", models.TextField()),
                ("token_hash", models.BinaryField(unique=True)),
                ("invited_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="store.workspace"
                    ),
                ),
            ],
            options={
                "db_table": "invitation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["viewer", "admin", "owner"])), name="invitation_role"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("role", models.TextField()),
                ("since", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="store.workspace",
                    ),
                ),
            ],
            options={
                "db_table": "membership",
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "user"), name="membership_person"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["viewer", "admin", "owner"])), name="membership_role"
                    ),
                ],
            },
        ),
        migrations.RunSQL(ONLY_ADDED, reverse_sql=CHANGEABLE),
        migrations.RunSQL(CACHE, reverse_sql="DROP TABLE web_cache"),
    ]
