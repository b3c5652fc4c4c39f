"""Django gets the database address whole, whatever is in it."""

from __future__ import annotations

import pytest

from landbridge.store.project import database


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ada:p%40ss%2Fword@db.example:6543/land?sslmode=verify-full",
            {"NAME": "land", "USER": "ada", "PASSWORD": "p@ss/word", "HOST": "db.example", "PORT": "6543"},
        ),
        (
            "postgresql://landbridge@/landbridge?host=/var/lib/land%20bridge/postgres",
            {"NAME": "landbridge", "USER": "landbridge", "PASSWORD": "", "HOST": "/var/lib/land bridge/postgres"},
        ),
    ],
)
def test_address_is_taken_apart_for_django(url: str, expected: dict[str, str]) -> None:
    made = database(url)
    assert {name: made[name] for name in expected} == expected


def test_what_django_has_no_name_for_is_passed_on() -> None:
    assert database("postgresql://h/d?sslmode=verify-full")["OPTIONS"]["sslmode"] == "verify-full"
