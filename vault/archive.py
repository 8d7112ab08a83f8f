"""The archive: every received and sent file, encrypted in frames under its hash (docs/design.md, PHI).

File: magic, one byte of key id length, key id, 16 random bytes, then frames. A frame is the AES-256-GCM of up
to 64 KiB of the file, 16 bytes longer. Its nonce is its index; header, index and whether it is the last are
its associated data, so no frame can be moved, replaced or dropped unseen. The key is derived anew for each
file from the ring's key and the random bytes, so that no nonce ever repeats under one key.

At the end stands the seal: the tag of header, number of frames and SHA-256, the file's name, which is known once
the last frame is written. Whoever opens a file under another's name is refused before a byte is read.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vault import disk
from vault.keys import Keyring, KeyringError

MAGIC = b"RBARCH2\n"
FRAME = 64 * 1024  # bytes of plain text per frame
_TAG = 16
_CUT, _ALTERED = "is cut", "is cut, altered or another file"
_NEW = "new"  # what a file is called before its hash is known
_SALT = 16
_LENGTH = 8  # bytes before each frame of a spool, that say its own
_SEALING = b"\xff" * 12  # the seal's nonce: no index of a frame ever comes to it


class ArchiveError(Exception):
    """An archived file is missing, cut or altered. Infrastructure, not data. The text names it by its hash."""

    def __init__(self, sha256: str, what: str) -> None:
        mend = "put this file of the archive back from a backup, or have the same bytes received again"
        super().__init__(f"{sha256} {what}: {mend}")


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands before the first frame."""

    key_id: str
    salt: bytes

    def encode(self) -> bytes:
        name = self.key_id.encode()
        return MAGIC + bytes([len(name)]) + name + self.salt


class Archive:
    """Files by the SHA-256 of their plain bytes, in two levels of directories; the same bytes lie there once."""

    def __init__(self, directory: Path, ring: Keyring, below: Archive | None = None) -> None:
        self._directory = directory
        self._ring = ring
        self._below = below

    def above(self, directory: Path) -> Archive:
        """Return an archive that keeps what is put into it in a directory of its own, and reads this one too."""
        return Archive(directory, self._ring, self)

    def put(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """Archive a file as it streams by; return its SHA-256 (hex) and its size in bytes.

        When this returns, the file is on disk, whole, under its name. Putting it again changes nothing, unless
        what lies there is cut or altered: then it is mended.
        """
        disk.make_folder(self._directory)
        with disk.temporary(self._directory, _NEW, disk.OWN) as (temporary, file):
            sha256, size = self._write(file, chunks)
            disk.finish(file)
            self._publish(temporary, self._path(sha256))
        return sha256, size

    def clear(self) -> list[Path]:
        """Remove what runs that died left half written; return what that was."""
        return disk.clear(self._directory, _NEW)

    def has(self, sha256: str) -> bool:
        """Say whether the file is archived."""
        return self._path(sha256).is_file() or (self._below is not None and self._below.has(sha256))

    def names(self) -> Iterator[str]:
        """Yield the SHA-256 of every archived file, in no order."""
        yield from (path.name for path in self._directory.glob("??/??/*") if not path.name.startswith("."))

    def read(self, sha256: str) -> Iterator[bytes]:
        """Yield the file's bytes in order. Raises ArchiveError when it is missing, cut or altered."""
        with self._open(sha256) as file:
            reader = _Frames(file, self._ring, sha256)
            for index in range(reader.count):
                yield reader.frame(index)

    def open(self, sha256: str) -> BinaryIO:
        """Return the file for reading from any place in it; a frame is decrypted when it is read.

        Raises ArchiveError, here and when it is read. The caller closes it.
        """
        file = self._open(sha256)
        try:
            return io.BufferedReader(_Plain(file, _Frames(file, self._ring, sha256)), FRAME)
        except BaseException:
            file.close()
            raise

    def read_range(self, sha256: str, start: int, end: int) -> bytes:
        """Return the bytes [start, end), decrypting only the frames that hold them. Raises ArchiveError."""
        return next(self.read_ranges(sha256, [(start, end)])) if start < end else b""

    def read_ranges(self, sha256: str, ranges: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """Yield the bytes [start, end) of each range; the file is opened once. Raises ArchiveError.

        Where they come in the file's order, each frame is decrypted once.
        """
        with self._open(sha256) as file:
            reader = _Frames(file, self._ring, sha256)
            for start, end in ranges:
                yield reader.range(start, end)

    @contextmanager
    def spool(self) -> Iterator[Spool]:
        """Give a place for what one process keeps until it is done; gone then, or by `clear` where it died."""
        disk.make_folder(self._directory)
        with disk.temporary(self._directory, _NEW, disk.OWN) as (path, file):
            yield Spool(path, file)

    def _path(self, sha256: str) -> Path:
        return self._directory / sha256[:2] / sha256[2:4] / sha256

    def _open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            if self._below is not None:
                return self._below._open(sha256)
            raise ArchiveError(sha256, "is not in the archive") from None

    def _write(self, file: BinaryIO, chunks: Iterable[bytes]) -> tuple[str, int]:
        header = _Header(self._ring.current.id, os.urandom(_SALT))
        cipher = _cipher(header, self._ring)
        file.write(header.encode())
        digest, size, index, held = hashlib.sha256(), 0, 0, bytearray()
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            held += chunk
            while len(held) > FRAME:  # one frame is always held back: the last is sealed as the last
                file.write(_seal(cipher, header, index, bytes(held[:FRAME]), last=False))
                del held[:FRAME]
                index += 1
        file.write(_seal(cipher, header, index, bytes(held), last=True))
        sha256 = digest.hexdigest()
        file.write(cipher.encrypt(_SEALING, b"", _named(header, index + 1, sha256)))
        return sha256, size

    def _is_whole(self, sha256: str) -> bool:
        try:
            return self.has(sha256) and _hash(self.read(sha256)) == sha256
        except ArchiveError:
            return False

    def _publish(self, temporary: Path, path: Path) -> None:
        if path.is_file() and self._is_whole(path.name):
            return
        disk.make_folder(path.parent)
        temporary.replace(path)
        for directory in (path.parent, path.parent.parent, self._directory):
            disk.sync(directory)


class Spool:
    """What one process keeps on disk until it is done: frames in the order added, under a key of their own."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._count = 0

    def add(self, plain: bytes) -> None:
        """Append a frame. Its nonce is its index, which repeats under no key: this one seals nothing else."""
        sealed = self._cipher.encrypt(_nonce(self._count), plain, None)
        self._file.write(len(sealed).to_bytes(_LENGTH) + sealed)
        self._count += 1

    def __iter__(self) -> Iterator[bytes]:
        """Yield the frames, one in memory at a time."""
        self._file.flush()
        with self._path.open("rb") as file:
            for index in range(self._count):
                yield self._cipher.decrypt(_nonce(index), file.read(int.from_bytes(file.read(_LENGTH))), None)


class _Frames:
    """Reads single frames of one archived file. Raises ArchiveError when it is not the file of this hash."""

    def __init__(self, file: BinaryIO, ring: Keyring, sha256: str) -> None:
        self._file, self._sha256 = file, sha256
        self._held = -1, b""  # the last frame read by `range`
        self._header = _read_header(file, sha256)
        self._start = file.tell()
        try:
            self._cipher = _cipher(self._header, ring)
        except KeyringError as error:
            raise ArchiveError(sha256, f"cannot be opened ({error})") from None
        sealed = os.fstat(file.fileno()).st_size - self._start - _TAG
        self.count = -(-sealed // (FRAME + _TAG))
        if self.count < 1:
            raise ArchiveError(sha256, _CUT)
        self._last = sealed - (self.count - 1) * (FRAME + _TAG)  # bytes of the last frame, sealed
        self.size = (self.count - 1) * FRAME + self._last - _TAG  # plain bytes
        file.seek(self._start + sealed)
        try:
            self._cipher.decrypt(_SEALING, file.read(_TAG), _named(self._header, self.count, sha256))
        except InvalidTag:
            raise ArchiveError(sha256, _ALTERED) from None

    def range(self, start: int, end: int) -> bytes:
        """Return the bytes [start, end), fewer where the file ends before; the last frame read stays at hand."""
        data, index = b"", start // FRAME
        while start < end and index < self.count:
            if index != self._held[0]:
                self._held = index, self.frame(index)
            data += self._held[1][start - index * FRAME : end - index * FRAME]
            index += 1
            start = index * FRAME
        return data

    def frame(self, index: int) -> bytes:
        """Return one frame's plain bytes. Raises ArchiveError when it is cut, altered or out of its place."""
        self._file.seek(self._start + index * (FRAME + _TAG))
        last = index == self.count - 1
        sealed = self._file.read(FRAME + _TAG)
        if last:
            sealed = sealed[: self._last]
        try:
            return self._cipher.decrypt(_nonce(index), sealed, _bound(self._header, index, last=last))
        except (InvalidTag, ValueError):
            raise ArchiveError(self._sha256, _ALTERED) from None


class _Plain(io.RawIOBase):
    """An archived file as one of plain bytes."""

    def __init__(self, file: BinaryIO, frames: _Frames) -> None:
        self._file, self._frames, self._place = file, frames, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._place = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._frames.size}[whence]
        return self._place

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  whatever can be written into
        index, skip = divmod(self._place, FRAME)
        if self._place >= self._frames.size:
            return 0
        piece = self._frames.frame(index)[skip : skip + len(buffer)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()


def _read_header(file: BinaryIO, sha256: str) -> _Header:
    if file.read(len(MAGIC)) != MAGIC:
        raise ArchiveError(sha256, "does not begin as an archived file")
    length = file.read(1)
    key_id = file.read(length[0]) if length else b""
    salt = file.read(_SALT)
    if len(salt) != _SALT:
        raise ArchiveError(sha256, _CUT)
    return _Header(key_id.decode(errors="replace"), salt)


def _cipher(header: _Header, ring: Keyring) -> AESGCM:
    secret = ring.key(header.key_id).derive("file")
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=header.salt, info=b"archive").derive(secret))


def _nonce(index: int) -> bytes:
    return index.to_bytes(12, "big")


def _bound(header: _Header, index: int, *, last: bool) -> bytes:
    return header.encode() + index.to_bytes(8, "big") + (b"\1" if last else b"\0")


def _hash(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _named(header: _Header, count: int, sha256: str) -> bytes:
    return header.encode() + count.to_bytes(8, "big") + bytes.fromhex(sha256)


def _seal(cipher: AESGCM, header: _Header, index: int, plain: bytes, *, last: bool) -> bytes:
    return cipher.encrypt(_nonce(index), plain, _bound(header, index, last=last))


# Kill points (tests/support/kill.py): a run may end before or after each.
CLAIM_STEPS = (Archive.put,)
