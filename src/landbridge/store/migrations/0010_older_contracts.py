"""Contracts that come from the integration before: a state of their own, and what that one imported already."""

from django.db import migrations, models
from django.db.models import Q

STATES = (
    "adding",
    "kept",
    "requested",
    "configuring",
    "waiting",
    "enabled",
    "refused",
    "disabled",
    "expired",
    "disconnected",
)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0009_api_makers"),
    ]

    operations = [
        migrations.AddField("contract", "imported_until", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("contract", "contract_state"),
        migrations.AddConstraint(
            "contract", models.CheckConstraint(condition=Q(("state__in", STATES)), name="contract_state")
        ),
    ]
