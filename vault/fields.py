"""AES-256-GCM for single fields and statements. A ciphertext names its key: `<key id>:<hex of nonce + sealed>`.

The cell that it belongs to is its associated data: in another row, column or table it does not open.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.keys import Keyring

UNREADABLE = (KeyError, ValueError)  # what opening a value raises that nobody here has sealed as it is


class SealError(ValueError):
    """A sealed value was altered, or belongs to another cell. The text names the cell and is fit to be shown."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a sealed value belongs. `row` names the row for good, and is known when the value is sealed."""

    table: str
    column: str
    row: str

    @property
    def bound(self) -> bytes:
        """Return the three as bytes that no other three make."""
        return json.dumps((self.table, self.column, self.row)).encode()


class FieldCipher:
    """Seals and opens field values with a ring's keys; ciphers are made once per key."""

    def __init__(self, ring: Keyring, purpose: str = "field") -> None:
        self._current = ring.current.id
        self._ciphers: dict[str, AESGCM] = {key.id: AESGCM(key.derive(purpose)) for key in ring.keys}
        self._random: Callable[[int], bytes] = os.urandom

    def seal(self, text: str, cell: Cell) -> str:
        """Encrypt text for its cell under the current key; empty text stays empty."""
        if not text:
            return ""
        nonce = self._random(12)
        sealed = self._ciphers[self._current].encrypt(nonce, text.encode(), cell.bound)
        return f"{self._current}:{(nonce + sealed).hex()}"

    def seal_bytes(self, data: bytes, cell: Cell) -> bytes:
        """Encrypt bytes for their cell under the current key: `<key id>:`, nonce, and what is sealed."""
        nonce = self._random(12)
        sealed = self._ciphers[self._current].encrypt(nonce, data, cell.bound)
        return self._current.encode() + b":" + nonce + sealed

    def open(self, sealed: str, cell: Cell) -> str:
        """Decrypt what `seal` returned for this cell.

        Raises KeyError for a key not on the ring, SealError when it was altered or belongs to another cell.
        """
        if not sealed:
            return ""
        key_id, _, text = sealed.partition(":")
        try:
            return self._decrypt(key_id, bytes.fromhex(text), cell).decode()
        except ValueError:  # no hex; what was altered is one, too
            raise self._altered(cell) from None

    def open_bytes(self, sealed: bytes, cell: Cell) -> bytes:
        """Decrypt what `seal_bytes` returned for this cell. Raises as `open` does."""
        key_id, _, raw = sealed.partition(b":")
        return self._decrypt(key_id.decode(errors="replace"), raw, cell)

    def _decrypt(self, key_id: str, raw: bytes, cell: Cell) -> bytes:
        try:
            return self._ciphers[key_id].decrypt(raw[:12], raw[12:], cell.bound)
        except (InvalidTag, ValueError):
            raise self._altered(cell) from None

    @staticmethod
    def _altered(cell: Cell) -> SealError:
        return SealError(
            f"what lies sealed in {cell.table}.{cell.column} of {cell.row} was altered, or belongs elsewhere: "
            "run `rollbook verify`, and restore store and archive from one backup"
        )
