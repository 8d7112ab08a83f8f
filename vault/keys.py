"""The key ring: AES-GCM keys by key id, and the HMAC keys derived from them (docs/design.md, PHI)."""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vault import disk

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")  # stands before what is sealed, in cells and in archived files


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

    @property
    def proof(self) -> str:
        """Return 64 hex digits that show whether another key is this one, and tell nothing of the secret."""
        return hmac.digest(self.derive("proof"), b"rollbook key ring", "sha256").hex()


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

    @property
    def proofs(self) -> dict[str, str]:
        """Return each key's proof by its id: what a store keeps, to know its ring again."""
        return {key.id: key.proof for key in self.keys}

    def differs(self, proofs: Mapping[str, str]) -> str:
        """Say in words what is wrong with this ring for a store that keeps these proofs; empty when nothing is.

        A key more than the store knows is nothing wrong: `rollbook init` records it.
        """
        own = self.proofs
        missing = sorted(proofs.keys() - own.keys())
        if len(missing) == len(proofs):
            return f"the key ring holds {_ids(own)}, and this store is sealed under {_ids(proofs)}"
        if missing:
            return f"the key ring lacks {_ids(missing)}, under which this store holds data"
        other = [key_id for key_id, proof in sorted(proofs.items()) if own[key_id] != proof]
        return f"{_ids(other)} on the key ring is another key of the same name" if other else ""


def new_keyring() -> Keyring:
    """Return a ring with one fresh random key."""
    return Keyring((Key("k" + secrets.token_hex(4), secrets.token_bytes(32)),))


def save_keyring(ring: Keyring, path: Path) -> None:
    """Write the ring as JSON, readable by its owner only, whole and on disk when this returns.

    Raises FileExistsError rather than overwrite.
    """
    text = json.dumps({"keys": [{"id": key.id, "secret": key.secret.hex()} for key in ring.keys]}, indent=1)
    with disk.temporary(path.parent, path.name, disk.OWN) as (temporary, file):
        file.write(f"{text}\n".encode())
        disk.finish(file)
        os.link(temporary, path)  # unlike a rename it never replaces
    disk.sync(path.parent)


def parse_keyring(text: str) -> Keyring:
    """Read a ring from its JSON. Raises KeyringError (without the text) when it is not one."""
    try:
        rows = json.loads(text)["keys"]
        keys = tuple(Key(str(row["id"]), bytes.fromhex(row["secret"])) for row in rows)
    except (ValueError, KeyError, TypeError):
        raise KeyringError("the key ring is not readable") from None
    if not keys or any(len(key.secret) != 32 for key in keys):
        raise KeyringError("the key ring holds no usable 32-byte key")
    if not all(_ID.fullmatch(key.id) for key in keys):
        raise KeyringError("the id of a key is 1 to 64 letters, digits, '-', '_' or '.'")
    if len({key.id for key in keys}) != len(keys):
        raise KeyringError("the key ring names two keys alike")
    return Keyring(keys)


def load_keyring(path: Path) -> Keyring:
    """Read the ring from ROLLBOOK_KEYS (the JSON itself) or from the key file. Raises KeyringError."""
    text = os.environ.get("ROLLBOOK_KEYS")
    if text is None:
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise KeyringError(f"there is no key file at {path}") from None
        except UnicodeDecodeError:
            raise KeyringError("the key ring is not readable") from None
        except OSError as error:
            raise KeyringError(f"the key file {path} cannot be read ({error.strerror})") from None
    return parse_keyring(text)


def _ids(key_ids: Iterable[str]) -> str:
    names = sorted(key_ids)
    return ("key " if len(names) == 1 else "keys ") + ", ".join(names)
