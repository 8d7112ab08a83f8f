"""AES-256-GCM for single fields and statements. A ciphertext names its key: `<key id>:<hex of nonce + sealed>`."""

from __future__ import annotations

import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.keys import Keyring

UNREADABLE = (KeyError, InvalidTag, ValueError)  # what opening a value raises that nobody here has sealed as it is


class FieldCipher:
    """Seals and opens field values with a ring's keys; ciphers are made once per key."""

    def __init__(self, ring: Keyring, purpose: str = "field") -> None:
        self._current = ring.current.id
        self._ciphers: dict[str, AESGCM] = {key.id: AESGCM(key.derive(purpose)) for key in ring.keys}
        self._random: Callable[[int], bytes] = os.urandom

    def seal(self, text: str) -> str:
        """Encrypt text under the current key; empty text stays empty."""
        if not text:
            return ""
        nonce = self._random(12)
        sealed = self._ciphers[self._current].encrypt(nonce, text.encode(), None)
        return f"{self._current}:{(nonce + sealed).hex()}"

    def open(self, sealed: str) -> str:
        """Decrypt what `seal` returned. Raises KeyError for a key not on the ring, InvalidTag when altered."""
        if not sealed:
            return ""
        key_id, _, text = sealed.partition(":")
        raw = bytes.fromhex(text)
        return self._ciphers[key_id].decrypt(raw[:12], raw[12:], None).decode()
