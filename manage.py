"""Django's own commands, for those who work on the console: ``.venv/bin/python manage.py check --deploy``.

Whoever runs Landbridge needs none of them: ``landbridge`` has a command for everything.
"""

from __future__ import annotations

import secrets
import sys
from contextlib import nullcontext

from msgspec.structs import replace

from landbridge.settings import load
from landbridge.store.migrate import server
from landbridge.store.project import configure

# A deployment has a public address. Where the environment names none, it is checked as one that has.
DEPLOYED_AT = "https://landbridge.example.org"


def main(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    settings = load()
    if "--deploy" in arguments and settings.public_url is None:
        settings = replace(settings, public_url=DEPLOYED_AT)
    # Checks look at the code alone.
    with nullcontext("postgresql:///none") if arguments[1:2] == ["check"] else server(settings) as url:
        # Nothing that is signed here leaves this process.
        configure(settings, url, secret_key=secrets.token_urlsafe(64))
        execute_from_command_line(arguments)


if __name__ == "__main__":
    main(sys.argv)
