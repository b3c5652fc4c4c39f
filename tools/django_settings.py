"""Django's settings as a module, which the type checker's plugin asks for; the product itself needs no such file."""

from __future__ import annotations

from pathlib import Path

from landbridge.settings import Settings
from landbridge.store.project import project

globals().update(project(Settings(data_dir=Path()), "postgresql://localhost/types", secret_key="types"))
