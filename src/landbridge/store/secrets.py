"""Secrets at rest: AES-256-GCM with a key that the database never sees.

A sealed value is ``version (1) | key id (4) | nonce (12) | ciphertext and tag``. The associated data names workspace,
system and field, so a sealed value copied to another row does not open there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from landbridge.errors import SettingError
from landbridge.settings import Settings
from landbridge.store.database import Database, database_errors

KEY_FILE = "encryption.key"
KEY_BYTES = 32
NONCE_BYTES = 12  # 96 bits, as NIST SP 800-38D wants for random nonces; safe for 2**32 seals with one key
VERSION = b"\x01"
CHECK_TEXT = b"this key opens this database"


class Vault:
    """Seals and opens secrets with one key."""

    def __init__(self, key: bytes, *, random: Callable[[int], bytes] = os.urandom) -> None:
        self._key = key
        self._cipher = AESGCM(key)
        self._random = random
        self.key_id = hashlib.sha256(b"landbridge key id" + key).digest()[:4]

    def __repr__(self) -> str:
        return f"Vault(key_id={self.key_id.hex()})"

    def seal(self, plain: bytes, *, workspace: int, system: str, field: str) -> bytes:
        nonce = self._random(NONCE_BYTES)
        bound = _associated(workspace, system, field)
        return VERSION + self.key_id + nonce + self._cipher.encrypt(nonce, plain, bound)

    def open(self, sealed: bytes, *, workspace: int, system: str, field: str) -> bytes:
        """The plain value. Raises SettingError where the key is another one, or the value was changed or moved."""
        key_id, nonce, text = sealed[1:5], sealed[5:17], sealed[17:]
        if sealed[:1] != VERSION or key_id != self.key_id:
            raise _wrong_key()
        try:
            return self._cipher.decrypt(nonce, text, _associated(workspace, system, field))
        except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
            raise SettingError(
                f"The stored {field} of {system} cannot be opened: it was changed or belongs to another row.",
                code="secret_damaged",
                hint="Enter the credentials of this connection again.",
                facts={"workspace": workspace, "system": system},
            ) from None

    def derive(self, purpose: str) -> str:
        """A further key for another purpose, so that there is only one key to keep."""
        made = HKDF(SHA256(), length=KEY_BYTES, salt=None, info=f"landbridge {purpose}".encode()).derive(self._key)
        return base64.urlsafe_b64encode(made).decode()


def secret_key(settings: Settings, vault: Vault) -> str:
    """What signs sessions: LANDBRIDGE_SECRET_KEY, or a key made from the encryption key."""
    return settings.secret_key.reveal() if settings.secret_key else vault.derive("secret key")


async def unlock(settings: Settings, database: Database) -> Vault:
    """The vault of this database. Raises SettingError where the key is missing or another one."""
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT sealed FROM key_check")
        row = await cursor.fetchone()
    return _checked(settings, find_key(settings), bytes(row[0]) if row else None)


def ensure_key(settings: Settings, connection: psycopg.Connection) -> Vault:
    """The vault of this database; a new database is bound to its key here, and gets one where it is the embedded one.

    Call it with nobody else doing the same (migrations hold a lock). Raises SettingError.
    """
    with database_errors():
        row = connection.execute("SELECT sealed FROM key_check").fetchone()
        if row is not None:
            return _checked(settings, find_key(settings), bytes(row[0]))
        key = find_key(settings) or _new_key(settings)
        vault = Vault(key)
        connection.execute(
            "INSERT INTO key_check (id, sealed, made_at) VALUES (1, %s, %s)",
            [vault.seal(CHECK_TEXT, workspace=0, system="landbridge", field="key check"), datetime.now(UTC)],
        )
        return vault


def find_key(settings: Settings) -> bytes | None:
    """The key from the settings, else from the key file in the data directory, else None."""
    if settings.encryption_key is not None:
        return _decoded(settings.encryption_key.reveal(), "LANDBRIDGE_ENCRYPTION_KEY")
    file = settings.data_dir / KEY_FILE
    try:
        return _decoded(file.read_text(encoding="ascii").strip(), str(file))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise SettingError(
            f"The key file {file} cannot be read.", hint="Let the user Landbridge runs as read it."
        ) from None


def make_key_file(data_dir: Path) -> bytes:
    """Make the key file, readable by its owner only, and give the key in it. One that is there already stays."""
    file = data_dir / KEY_FILE
    key = os.urandom(KEY_BYTES)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=data_dir, prefix=f"{KEY_FILE}.") as output:  # readable by its owner only
            output.write(base64.b64encode(key) + b"\n")
            output.flush()
            os.fsync(output.fileno())
            with suppress(FileExistsError):
                os.link(output.name, file)  # all or nothing, and never over an older key
    except OSError as error:
        raise SettingError(
            f"The key file {file} cannot be written: {error.strerror}.",
            hint="Set LANDBRIDGE_DATA_DIR to a directory this user may write to.",
        ) from None
    return _decoded(file.read_text(encoding="ascii").strip(), str(file))


def _new_key(settings: Settings) -> bytes:
    if settings.database_url is None:
        return make_key_file(settings.data_dir)
    raise SettingError(
        "This database has no encryption key yet, and none is set.",
        code="encryption_key_missing",
        hint="Make one (openssl rand -base64 32), set it as LANDBRIDGE_ENCRYPTION_KEY for every process, and keep it.",
    )


def _checked(settings: Settings, key: bytes | None, sealed: bytes | None) -> Vault:
    if sealed is None:
        raise SettingError("The database is not set up yet.", code="not_migrated", hint="Run: landbridge migrate")
    if key is None:
        raise SettingError(
            "The encryption key of this database is missing.",
            code="encryption_key_missing",
            hint="Set LANDBRIDGE_ENCRYPTION_KEY (or LANDBRIDGE_ENCRYPTION_KEY_FILE) to the key it was set up with, "
            f"or put the key file back at {settings.data_dir / KEY_FILE}.",
        )
    vault = Vault(key)
    vault.open(sealed, workspace=0, system="landbridge", field="key check")
    return vault


def _wrong_key() -> SettingError:
    return SettingError(
        "The encryption key is not the one this database was set up with.",
        code="encryption_key_wrong",
        hint="Set LANDBRIDGE_ENCRYPTION_KEY (or the key file in LANDBRIDGE_DATA_DIR) to the key of this database.",
    )


def _decoded(text: str, where: str) -> bytes:
    with suppress(binascii.Error, ValueError):
        key = base64.b64decode(text, altchars=b"-_" if set(text) & {"-", "_"} else None, validate=True)
        if len(key) == KEY_BYTES:
            return key
    raise SettingError(
        f"{where} does not hold an encryption key.", hint="It must be 32 bytes as base64: openssl rand -base64 32"
    )


def _associated(workspace: int, system: str, field: str) -> bytes:
    return msgspec.json.encode([workspace, system, field])
