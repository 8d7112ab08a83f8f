"""Files of lines that only grow: each line is sealed over the one before it, the last one by a head beside them.

Whoever has no key can neither change, take away nor add a line unseen, in the middle or at the end, nor a whole
file of several. Who takes away all of them with their head, or puts an older copy of all back, is not seen here: a
copy elsewhere tells. Each line is on disk when `append` returns; what a dead writer left unfinished is finished or
dropped by the next one.
"""

from __future__ import annotations

import errno
import fcntl
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from vault import disk
from vault.keys import Keyring

_HEAD, _LOCK, _END = "head.json", "lock", ".log"
_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Seals:
    """The secrets that lines are sealed with, by key id; new ones are sealed under `current`."""

    current: str
    secrets: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def of(cls, ring: Keyring, purpose: str) -> Seals:
        """Derive the secrets of a ring for one purpose."""
        return cls(ring.current.id, {key.id: key.derive(purpose) for key in ring.keys})

    def seal(self, key_id: str, *parts: str) -> str:
        """Return 64 hex digits over texts; empty where the key is not on the ring."""
        if key_id not in self.secrets:
            return ""
        return hmac.digest(self.secrets[key_id], json.dumps(parts).encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was written: its file, its number in all files, and what it tells (a JSON object)."""

    file: str
    number: int
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the lines are not those that were written."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class _Head:
    """The last line that was finished: its file, that file's size in bytes then, its number and its seal."""

    file: str = ""
    size: int = 0
    number: int = 0
    seal: str = ""
    key: str = ""
    own: str = ""  # the seal of all that


def append(folder: Path, seals: Seals, name: str, told: Mapping[str, Any]) -> None:
    """Add a line to the file `name`, or to a later one where there is one; on disk when this returns.

    Raises OSError; then nothing counts as written.
    """
    disk.make_folder(folder)
    with _alone(folder):
        last = _head(folder, seals)
        if last == _Head():
            _keep(folder, seals, _Head(key=seals.current))  # so that a first line without a head is no lost head
        newest = max((path.name for path in _files(folder)), default="")
        file = max(f"{name}{_END}", last.file if last else newest)
        handle = os.open(folder / file, _APPEND, disk.OWN)
        try:
            before = _finished(handle, file, last, seals)
            text, seal = _sealed(seals, file, before, told)
            _write(handle, text)
            size = os.fstat(handle).st_size
        finally:
            os.close(handle)
        disk.sync(folder)
        _keep(folder, seals, _Head(file, size, before.number + 1, seal, seals.current))


def walk(folder: Path, seals: Seals) -> Iterator[Line | Broken]:
    """Yield every line as written, in order, and each place where lines were changed, taken away or added."""
    if not folder.is_dir():
        return
    with _alone(folder):
        head, sizes = _head(folder, seals), {path: path.stat().st_size for path in _files(folder)}
    if head is None:
        yield Broken(_HEAD, "it is missing, or is not as it was written")
    last, seen = _Head(), head is None or not head.number
    for path, size in sizes.items():
        for place, raw in enumerate(path.read_bytes()[:size].splitlines(keepends=True), 1):
            found, last = _read(seals, path.name, raw, last)
            yield found if isinstance(found, Line) else replace(found, where=f"{path.name} line {place}")
            seen = seen or (head is not None and (last.number, last.seal) == (head.number, head.seal))
    if head and not seen:
        yield Broken(head.file, f"its end is missing: line {head.number} of all was the last that was written")


def _sealed(seals: Seals, file: str, before: _Head, told: Mapping[str, Any]) -> tuple[bytes, str]:
    """Return a line that follows another one, and its seal."""
    body = json.dumps({"n": before.number + 1, "key": seals.current, "told": dict(told)}, ensure_ascii=True)
    seal = seals.seal(seals.current, file, before.seal, body)
    return f'{body[:-1]}, "seal": "{seal}"}}\n'.encode("ascii"), seal


def _read(seals: Seals, file: str, raw: bytes, before: _Head) -> tuple[Line | Broken, _Head]:
    """Return what a line tells, and itself as what the next one follows; Broken: not what was written here."""
    try:
        text = raw.decode("ascii")
        value = json.loads(text)
        number, key, told, seal = value["n"], value["key"], value["told"], value["seal"]
        follows = _Head(file, 0, int(number), str(seal))
        body = text.removesuffix(f', "seal": "{seal}"}}\n') + "}"
        written = seals.seal(str(key), file, before.seal, body)
    except (ValueError, KeyError, TypeError):
        return Broken(file, "it is no line that was written here"), before
    if not written:
        return Broken(file, f"it is sealed under {key!r}, which is not on the key ring"), follows
    if not hmac.compare_digest(written, str(seal)):
        return Broken(file, "it is not as it was written, or not what stood before it"), follows
    return Line(file, number, told), follows


def _write(handle: int, text: bytes) -> None:
    """Add bytes to a file, all of them or none. Raises OSError."""
    size = os.fstat(handle).st_size
    try:
        if os.write(handle, text) != len(text):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, size)
        raise


def _finished(handle: int, file: str, last: _Head | None, seals: Seals) -> _Head:
    """Return the line that the next one follows: the head's, or one that its writer died after.

    What lies behind that and is no line that follows it was never finished, and goes. Where the head or its line
    is gone somebody was here: the next line follows the head, or nothing, so that the gap stays to be seen.
    """
    size, known = os.fstat(handle).st_size, last.size if last and file == last.file else 0
    if last is None or size < known:
        if size and os.pread(handle, 1, size - 1) != b"\n":
            _write(handle, b"\n")
        return last or _Head()
    for raw in os.pread(handle, size - known, known).splitlines(keepends=True):
        found, follows = _read(seals, file, raw, last)
        if isinstance(found, Broken):
            os.ftruncate(handle, known)
            break
        last, known = follows, known + len(raw)
    return last


def _head(folder: Path, seals: Seals) -> _Head | None:
    """Return the head; the empty one before the first line; None where it is gone, or not as it was written."""
    try:
        head = _Head(**json.loads((folder / _HEAD).read_text(encoding="ascii")))
        own = seals.seal(head.key, *_parts(head))
    except FileNotFoundError:
        return None if _files(folder) else _Head()
    except (ValueError, TypeError):
        return None
    return head if own and hmac.compare_digest(own, str(head.own)) else None


def _keep(folder: Path, seals: Seals, head: _Head) -> None:
    """Write the head, on disk when this returns."""
    head = replace(head, own=seals.seal(head.key, *_parts(head)))
    with disk.temporary(folder, _HEAD, disk.OWN) as (temporary, file):
        file.write(json.dumps(asdict(head)).encode("ascii"))
        disk.finish(file)
        temporary.replace(folder / _HEAD)
    disk.sync(folder)


def _parts(head: _Head) -> tuple[str, ...]:
    return "head", head.file, str(head.size), str(head.number), head.seal


def _files(folder: Path) -> list[Path]:
    """Return the files of lines in order; a name may be anything that sorts."""
    return sorted((path for path in folder.iterdir() if path.name.endswith(_END)), key=lambda path: path.name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other writers and readers of a folder waiting."""
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, disk.OWN)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
