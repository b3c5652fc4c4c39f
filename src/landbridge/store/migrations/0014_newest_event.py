"""Finding the newest event of a far system without reading all it ever told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0013_desk"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="inboxevent",
            index=models.Index(fields=["workspace", "system", "received_at"], name="inbox_newest"),
        ),
    ]
