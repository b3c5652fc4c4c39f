"""What the long-running commands (web, worker) have in common: settings and logging of the process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landbridge.settings import Settings


def set_up_process() -> Settings:
    """Load the settings and start logging by them. Raises SettingError."""
    from landbridge import logs
    from landbridge.settings import load

    settings = load()
    text = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    logs.configure(form="text" if text else "json", level=settings.log_level)
    return settings
