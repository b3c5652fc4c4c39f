"""Django's name for this package."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "landbridge.store"
    label = "store"
