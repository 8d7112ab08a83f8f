"""The key ring: AES-GCM keys by key id, and the HMAC keys derived from them (DESIGN.md 15)."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class KeyringError(Exception):
    """The key ring is missing or unusable. Infrastructure, not data."""


@dataclass(frozen=True, slots=True)
class Key:
    """One live key. `id` is public; `secret` is 32 bytes and never shown."""

    id: str
    secret: bytes = field(repr=False)

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose (field, file, ssn, family ...), independent of every other."""
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(self.secret)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The live keys, newest first: the first encrypts, all decrypt and look up."""

    keys: tuple[Key, ...]

    @property
    def current(self) -> Key:
        """The key that encrypts from now on."""
        return self.keys[0]

    def key(self, key_id: str) -> Key:
        """Return the key of this id. Raises KeyringError when it is not on the ring."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise KeyringError(f"key {key_id} is not on the key ring")


def new_keyring() -> Keyring:
    """Return a ring with one fresh random key."""
    return Keyring((Key("k" + secrets.token_hex(4), secrets.token_bytes(32)),))


def save_keyring(ring: Keyring, path: Path) -> None:
    """Write the ring as JSON, readable by its owner only. Raises FileExistsError rather than overwrite."""
    text = json.dumps({"keys": [{"id": key.id, "secret": key.secret.hex()} for key in ring.keys]}, indent=1)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")


def parse_keyring(text: str) -> Keyring:
    """Read a ring from its JSON. Raises KeyringError (without the text) when it is not one."""
    try:
        rows = json.loads(text)["keys"]
        keys = tuple(Key(str(row["id"]), bytes.fromhex(row["secret"])) for row in rows)
    except (ValueError, KeyError, TypeError):
        raise KeyringError("the key ring is not readable") from None
    if not keys or any(len(key.secret) != 32 for key in keys):
        raise KeyringError("the key ring holds no usable 32-byte key")
    return Keyring(keys)


def load_keyring(path: Path) -> Keyring:
    """Read the ring from ROLLBOOK_KEYS (the JSON itself) or from the key file. Raises KeyringError."""
    text = os.environ.get("ROLLBOOK_KEYS")
    if text is None:
        if not path.exists():
            raise KeyringError(f"no key file at {path}: run `rollbook init`, or set ROLLBOOK_KEYS")
        text = path.read_text()
    return parse_keyring(text)
