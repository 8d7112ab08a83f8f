"""What every channel can do, whatever carries it: look, read, remove, publish."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Protocol

CHUNK = 1 << 20  # bytes a read


class ChannelError(Exception):
    """A channel that failed us: infrastructure, not data. `code` is a finding code; the text shows no secret."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DocumentDiffers(Exception):
    """A document of this name lies published with other bytes, and stays. Concerns it alone, not the channel."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that lies in a partner's inbox. Its name is the sender's and is never used for a file of ours."""

    name: str
    size: int  # bytes
    stamp: str  # changes when the content does: time of change, or S3's ETag
    refused: str = ""  # why it is not for us to touch

    def source(self, inbox: str) -> str:
        """Return what tells this very entry from any other of a partner, in 64 characters."""
        parts = (inbox, self.name, str(self.size), self.stamp)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a document to publish: how many, their SHA-256 (hex), and how to read them, again and again."""

    size: int
    sha256: str
    open: Callable[[], BinaryIO]

    @classmethod
    def of(cls, data: bytes) -> Body:
        """Return the body of bytes that are in memory."""
        return cls(len(data), hashlib.sha256(data).hexdigest(), partial(io.BytesIO, data))

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes in order."""
        with self.open() as file:
            while piece := file.read(CHUNK):
                yield piece

    def is_same(self, pieces: Iterator[bytes]) -> bool:
        """Say whether these are the same bytes; of more than ours only the first beyond are read."""
        digest, size = hashlib.sha256(), 0
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            if size > self.size:
                return False
        return size == self.size and digest.hexdigest() == self.sha256


class Way(Protocol):
    """An open channel of one partner. Every method raises ChannelError when the channel fails."""

    @property
    def inbox(self) -> str:
        """Where the partner's files lie, as text that tells it from every other place."""
        ...

    def entries(self) -> list[Entry]:
        """Return what lies in the inbox, oldest first; temporary and hidden names are left out."""
        ...

    def read(self, entry: Entry) -> Iterator[bytes]:
        """Yield the entry's bytes. Raises ENTRY-GROWING when they are not those that were looked at."""
        ...

    def remove(self, entry: Entry, kept_as: str) -> None:
        """Take the entry out of the inbox; where the partner keeps an archive, move it there as `kept_as`."""
        ...

    def publish(self, name: str, body: Body) -> None:
        """Put a document into the partner's outbox, whole or not at all; the same again changes nothing.

        Raises DocumentDiffers where other bytes lie there under its name.
        """
        ...

    def clear(self) -> None:
        """Remove what a delivery of ours that died left half written, where that can be told."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


def up_to(pieces: Iterable[bytes], most: int) -> bytes:
    """Return the bytes of pieces, no more of them than it takes to see that they are more than `most`."""
    read, size = [], 0
    for piece in pieces:
        read.append(piece)
        size += len(piece)
        if size > most:
            break
    return b"".join(read)


def growing(entry_size: int, size: int) -> ChannelError:
    """Return the error for an entry that changed while it was read."""
    return ChannelError("ENTRY-GROWING", f"it changed while it was read: {entry_size} bytes looked at, {size} now")
