"""The vault: everything that handles people's data in clear, opened once from the key ring."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vault.archive import Archive
from vault.fields import FieldCipher
from vault.keys import Keyring
from vault.lines import Seals
from vault.rowkeys import RowKeys
from vault.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Vault:
    """Field encryption, look-up tokens and the encrypted archive, under one key ring."""

    fields: FieldCipher
    tokens: Tokens
    archive: Archive
    looks: Seals  # of the record of who looked at whom
    row_keys: RowKeys  # of rows that go out masked and may come back

    @classmethod
    def open(cls, ring: Keyring, archive_directory: Path) -> Vault:
        """Open the vault; the archive's directory is made when the first file comes."""
        archive, looks = Archive(archive_directory, ring), Seals.of(ring, "looks")
        return cls(FieldCipher(ring), Tokens.of(ring), archive, looks, RowKeys.of(ring))
