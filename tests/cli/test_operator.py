"""Who types a command, as the activity shows it."""

from __future__ import annotations

import os
import pwd

import pytest

from landbridge.cli.operator import login

NOBODY = pwd.struct_passwd(("svc", "x", 1000, 1000, "", "/", "/bin/sh"))


def test_whoever_became_the_user_by_sudo_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", lambda _: NOBODY)
    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setenv("USER", "mallory")  # anybody can say so
    assert login() == "svc"
    monkeypatch.setenv("SUDO_USER", "ada")
    assert login() == "ada as svc"
    monkeypatch.setenv("SUDO_USER", "ada\nroot")
    assert login() == "svc"
    monkeypatch.setenv("SUDO_USER", "a" * 300)
    assert len(login()) == 100


def test_user_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(number: int) -> pwd.struct_passwd:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert login() == f"user {os.getuid()}"
