"""Sealing: what goes in comes out, in its place only and with its key only."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.errors import SettingError
from landbridge.settings import load
from landbridge.store.secrets import KEY_FILE, Vault, find_key, make_key_file, secret_key

KEY = bytes(range(32))
PLACE = {"workspace": 7, "system": "linkedin", "field": "secrets"}


def seal(plain: bytes) -> bytes:
    return Vault(KEY).seal(plain, workspace=7, system="linkedin", field="secrets")


def unseal(
    sealed: bytes, *, key: bytes = KEY, workspace: int = 7, system: str = "linkedin", field: str = "secrets"
) -> bytes:
    return Vault(key).open(sealed, workspace=workspace, system=system, field=field)


@given(st.binary(max_size=2000))
def test_what_was_sealed_opens_to_the_same(plain: bytes) -> None:
    assert unseal(seal(plain)) == plain


def test_two_seals_of_one_value_differ() -> None:
    assert seal(b"same") != seal(b"same")


def test_plain_text_is_not_in_the_sealed_value() -> None:
    assert b"hunter2" not in seal(b"hunter2" * 10)


@pytest.mark.parametrize("moved", [{"workspace": 8}, {"system": "smartrecruiters"}, {"field": "token"}])
def test_sealed_value_does_not_open_in_another_place(moved: dict[str, object]) -> None:
    with pytest.raises(SettingError) as caught:
        Vault(KEY).open(seal(b"value"), **{**PLACE, **moved})  # type: ignore[arg-type]  # one of three types
    assert caught.value.code == "secret_damaged"


@given(st.data())
def test_one_changed_bit_anywhere_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(seal(b"value"))
    position = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[position // 8] ^= 1 << position % 8
    with pytest.raises(SettingError):
        unseal(bytes(sealed))


@pytest.mark.parametrize("length", range(18))
def test_cut_value_is_refused(length: int) -> None:
    with pytest.raises(SettingError):
        unseal(seal(b"value")[:length])


def test_another_key_is_told_as_the_wrong_key() -> None:
    with pytest.raises(SettingError) as caught:
        unseal(seal(b"value"), key=bytes(32))
    assert caught.value.code == "encryption_key_wrong"
    assert "LANDBRIDGE_ENCRYPTION_KEY" in caught.value.hint


def test_vault_shows_its_key_id_and_not_its_key() -> None:
    assert Vault(KEY).key_id.hex() in repr(Vault(KEY))
    assert KEY.hex() not in repr(Vault(KEY))
    assert Vault(KEY).key_id not in KEY


def test_signing_key_is_another_one_for_each_vault_and_purpose(tmp_path: Path) -> None:
    settings = load({"LANDBRIDGE_DATA_DIR": str(tmp_path)})
    assert secret_key(settings, Vault(KEY)) == secret_key(settings, Vault(KEY))
    assert secret_key(settings, Vault(KEY)) != secret_key(settings, Vault(bytes(32)))
    assert Vault(KEY).derive("one") != Vault(KEY).derive("two")
    named = load({"LANDBRIDGE_DATA_DIR": str(tmp_path), "LANDBRIDGE_SECRET_KEY": "named"})
    assert secret_key(named, Vault(KEY)) == "named"


def test_key_file_is_for_its_owner_only_and_is_made_once(tmp_path: Path) -> None:
    key = make_key_file(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert len(key) == 32
    assert make_key_file(tmp_path) == key
    assert find_key(load({"LANDBRIDGE_DATA_DIR": str(tmp_path)})) == key
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


def test_key_file_made_by_many_at_once_is_one_key(tmp_path: Path) -> None:
    keys: set[bytes] = set()
    threads = [threading.Thread(target=lambda: keys.add(make_key_file(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1


def test_set_key_goes_before_the_key_file(tmp_path: Path) -> None:
    make_key_file(tmp_path)
    set_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    settings = load({"LANDBRIDGE_DATA_DIR": str(tmp_path), "LANDBRIDGE_ENCRYPTION_KEY": set_key})
    assert find_key(settings) == KEY


@pytest.mark.parametrize("text", ["short", "A" * 43, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=AAAA", "é" * 44])
def test_what_is_no_key_is_refused_with_how_to_make_one(text: str) -> None:
    with pytest.raises(SettingError, match="LANDBRIDGE_ENCRYPTION_KEY does not hold an encryption key") as caught:
        find_key(load({"LANDBRIDGE_ENCRYPTION_KEY": text}))
    assert "openssl rand" in caught.value.hint
    assert text not in str(caught.value)


def test_missing_key_file_means_no_key(tmp_path: Path) -> None:
    assert find_key(load({"LANDBRIDGE_DATA_DIR": str(tmp_path)})) is None
