"""Keys of rows that go out with values masked and may come back: the one mechanism for every sheet that does.

A key names a document and a place in it, and is signed for the partner that gets it: `F000012.7.<20 hex digits>`.
It tells nothing of whom the row is about. Every live key of the ring is known again; the newest signs.
"""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass, field

from vault.keys import Keyring

_FORM = re.compile(r"([A-Za-z0-9-]{1,40})\.(\d{1,9})\.([0-9a-f]{20})")
_SIGNS = 20  # hex digits: 80 bits


@dataclass(frozen=True, slots=True)
class RowKeys:
    """Signs and opens keys of rows."""

    secrets: tuple[bytes, ...] = field(repr=False)  # newest first

    @classmethod
    def of(cls, ring: Keyring) -> RowKeys:
        """Derive the secrets of a ring once."""
        return cls(tuple(key.derive("row") for key in ring.keys))

    def key(self, partner: str, document: str, place: int) -> str:
        """Return the key of a row that goes to a partner; the same row has the same one."""
        return f"{document}.{place}.{_signed(self.secrets[0], partner, document, place)}"

    def opened(self, partner: str, key: str) -> tuple[str, int] | None:
        """Return document and place of a key that was made for this partner; None for any other text."""
        match = _FORM.fullmatch(key)
        if match is None:
            return None
        document, place = match[1], int(match[2])
        made = (_signed(secret, partner, document, place) for secret in self.secrets)
        return (document, place) if any(hmac.compare_digest(match[3], signed) for signed in made) else None


def _signed(secret: bytes, partner: str, document: str, place: int) -> str:
    return hmac.digest(secret, json.dumps((partner, document, place)).encode(), "sha256").hex()[:_SIGNS]
