"""The folder channel: files read in pieces, answers published whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

CHUNK = 1 << 20  # bytes a read


def read_chunks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes in pieces. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def publish(folder: Path, name: str, data: bytes) -> Path:
    """Write a file so that a reader sees all of it or none of it: temporary name, fsync, rename.

    `name` is ours, never a sender's. Publishing the same again replaces it with the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target, temporary = folder / name, folder / f".{name}.part"
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(target)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return target
