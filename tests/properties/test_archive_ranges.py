"""Any bytes, in any pieces, any range: the archive gives back the slice."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from support.tries import tries
from vault.archive import FRAME, Archive
from vault.keys import new_keyring

RING = new_keyring()


@tries(40)
@given(
    st.lists(st.one_of(st.binary(max_size=50), st.integers(0, 2 * FRAME).map(bytes)), max_size=4),
    st.integers(0, 5 * FRAME),
    st.integers(0, 5 * FRAME),
)
def test_any_range_of_any_pieces(chunks: list[bytes], start: int, end: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory), RING)
        whole = b"".join(chunks)
        sha256, size = archive.put(chunks)
        assert size == len(whole)
        assert b"".join(archive.read(sha256)) == whole
        assert archive.read_range(sha256, start, end) == whole[start:end]
        with archive.open(sha256) as file:
            file.seek(start)
            assert file.read(max(0, end - start)) == whole[start:end]
            assert (file.seek(0, os.SEEK_END), file.read(1)) == (size, b"")
