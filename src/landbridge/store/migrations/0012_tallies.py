"""How many records stand where, kept by the statements that move them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# One call for each statement, however many rows it touches. It only ever adds lines: a line that many writers add to
# would have them wait for each other. The locks taken here keep writers out until the count below is saved.
KEPT = """
CREATE FUNCTION tally_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO tally (workspace_id, ledger, kind, state, reason, count)
        SELECT workspace_id, TG_TABLE_NAME, kind, state, reason, sum(n)
        FROM (SELECT workspace_id, {kind} AS kind, state, reason, 1 AS n FROM fresh
              UNION ALL SELECT workspace_id, {kind}, state, reason, -1 FROM stale) AS moves
        GROUP BY workspace_id, kind, state, reason HAVING sum(n) <> 0;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO tally (workspace_id, ledger, kind, state, reason, count)
        SELECT workspace_id, TG_TABLE_NAME, {kind}, state, reason, count(*) FROM fresh GROUP BY 1, 3, 4, 5;
    ELSE
        INSERT INTO tally (workspace_id, ledger, kind, state, reason, count)
        SELECT workspace_id, TG_TABLE_NAME, {kind}, state, reason, -count(*) FROM stale GROUP BY 1, 3, 4, 5;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_tally_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION tally_moves();
CREATE TRIGGER {table}_tally_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION tally_moves();
CREATE TRIGGER {table}_tally_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS stale
FOR EACH STATEMENT EXECUTE FUNCTION tally_moves();
INSERT INTO tally (workspace_id, ledger, kind, state, reason, count)
SELECT workspace_id, '{table}', {kind}, state, reason, count(*) FROM {table} GROUP BY 1, 3, 4, 5;
"""
UNKEPT = """
DROP TRIGGER {table}_tally_insert ON {table};
DROP TRIGGER {table}_tally_update ON {table};
DROP TRIGGER {table}_tally_delete ON {table};
DROP FUNCTION tally_{table};
"""
# Lines are added and summed up all the time, so that most of the table's pages are dead soon.
VACUUM_OFTEN = "ALTER TABLE tally SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)"


def _of(statements: str, table: str, kind: str) -> str:
    return statements.replace("{table}", table).replace("{kind}", kind).replace("tally_moves", f"tally_{table}")


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0011_erasures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ledger", models.TextField(db_collation="C")),
                ("kind", models.TextField(db_collation="C")),
                ("state", models.TextField(db_collation="C")),
                ("reason", models.TextField(db_collation="C")),
                ("count", models.BigIntegerField()),
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
                "db_table": "tally",
                "indexes": [models.Index(fields=["workspace", "ledger"], name="tally_workspace")],
            },
        ),
        migrations.RunSQL(VACUUM_OFTEN, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(_of(KEPT, "delivery", "kind"), reverse_sql=_of(UNKEPT, "delivery", "kind")),
        migrations.RunSQL(_of(KEPT, "reading", "pass_name"), reverse_sql=_of(UNKEPT, "reading", "pass_name")),
        migrations.RemoveIndex(model_name="delivery", name="delivery_tally"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=Q(("state__in", ["held", "quarantined", "pending", "gone"])),
                fields=["workspace", "kind", "state", "reason", "record"],
                name="delivery_apart",
            ),
        ),
    ]
