"""Showing what came and went last, without reading all that ever did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0014_newest_event"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(fields=["workspace", "changed_at"], name="arrival_newest"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["workspace", "changed_at"], name="delivery_live", condition=models.Q(priority__lt=2)
            ),
        ),
    ]
