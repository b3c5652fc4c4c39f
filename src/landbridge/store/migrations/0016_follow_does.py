"""What is forgotten is known by its hash (erased_person), so no decision has to say so."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0015_what_came_and_went"),
    ]

    operations = [
        migrations.RemoveConstraint("follow", "follow_does"),
        migrations.AddConstraint(
            "follow",
            models.CheckConstraint(condition=Q(("does__in", ["attach", "dismiss", "ask"])), name="follow_does"),
        ),
    ]
