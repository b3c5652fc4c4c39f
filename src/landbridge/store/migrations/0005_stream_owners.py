"""Whose contact details a stream asks for, so that history is read again for whoever joins."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_incoming"),
    ]

    operations = [
        migrations.AddField(
            model_name="stream",
            name="owners",
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
