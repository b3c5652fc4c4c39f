"""Django's name for this package."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "landbridge.web"
    label = "web"

    def ready(self) -> None:
        from landbridge.web.console.account import signals

        signals.connect()
