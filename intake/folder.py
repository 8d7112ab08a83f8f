"""The folder channel: files read in pieces, answers published whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from intake import names
from intake.channel import CHUNK, Body, ChannelError, DocumentDiffers, Entry, growing
from model import naming
from vault import disk, troubles

# Whoever fills an inbox may put a link or a pipe there: neither is followed, neither makes us wait.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_chunks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes in pieces. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def publish(folder: Path, name: str, body: Body) -> Path:
    """Publish a file: a reader sees all of it or none of it, and what lies there is never replaced by other bytes.

    `name` is ours, never a sender's. Publishing the same again changes nothing. Raises DocumentDiffers.
    """

    def link(temporary: Path, target: Path) -> None:
        try:
            os.link(temporary, target)  # unlike a rename it never replaces
        except FileExistsError:
            if not _holds(target, body):
                raise DocumentDiffers(name) from None

    return _write(folder, name, body.pieces(), link)


def write(folder: Path, name: str, pieces: Iterable[bytes]) -> Path:
    """Write a file whole or not at all, in place of an earlier one: for ourselves, or where a person says."""
    return _write(folder, name, pieces, Path.replace)


def _write(folder: Path, name: str, pieces: Iterable[bytes], put: Callable[[Path, Path], object]) -> Path:
    target = naming.inside(disk.make_folder(folder), name)
    with disk.temporary(folder, name) as (temporary, file):
        file.writelines(pieces)
        disk.finish(file)
        put(temporary, target)
    disk.sync(folder)
    return target


def _holds(path: Path, body: Body) -> bool:
    """Say whether a plain file holds just these bytes."""
    if not stat.S_ISREG(path.lstat().st_mode):  # a link, a folder: we publish neither
        return False
    with os.fdopen(os.open(path, _READ), "rb") as file:
        return os.fstat(file.fileno()).st_size == body.size and body.is_same(iter(partial(file.read, CHUNK), b""))


class FolderWay:
    """A partner's two folders of our home."""

    def __init__(self, inbox: Path, outbox: Path, *, archive: bool) -> None:
        self._inbox, self._outbox, self._archive = inbox, outbox, archive

    @property
    def inbox(self) -> str:
        """The folder; every partner has its own."""
        return f"folder {self._inbox.name}"

    def entries(self) -> list[Entry]:
        """Return the files that lie there, oldest first."""
        try:
            disk.make_folder(self._inbox)
            with os.scandir(self._inbox) as found:
                looked = [entry for item in found if (entry := _entry(item.name, item.path))]
        except OSError as error:
            raise _trouble(self._inbox, error) from error
        return [entry for _, entry in sorted(looked, key=lambda pair: (pair[0], pair[1].name))]

    def read(self, entry: Entry) -> Iterator[bytes]:
        """Yield a file's bytes, and look before and after whether it is still the one that was looked at."""
        try:
            with os.fdopen(os.open(naming.inside(self._inbox, entry.name), _READ), "rb") as file:
                _same(entry, os.fstat(file.fileno()))
                while chunk := file.read(CHUNK):
                    yield chunk
                _same(entry, os.fstat(file.fileno()))
        except OSError as error:
            raise _trouble(self._inbox, error) from error

    def remove(self, entry: Entry, kept_as: str) -> None:
        """Remove the file, or move it into the inbox's archive folder."""
        path, archive = naming.inside(self._inbox, entry.name), self._inbox / names.ARCHIVE
        try:
            _same(entry, os.lstat(path))
            if self._archive:
                disk.make_folder(archive)
                if archive.is_symlink():
                    raise ChannelError("CHANNEL-BROKEN", "the archive folder is a link")
                path.rename(naming.inside(archive, kept_as))
            else:
                path.unlink()
            disk.sync(self._inbox)
        except OSError as error:
            raise _trouble(self._inbox, error) from error

    def publish(self, name: str, body: Body) -> None:
        """Put a document into the outbox."""
        with self._our_side():
            publish(self._outbox, name, body)

    def clear(self) -> None:
        """Remove what a delivery that died left half written in the outbox."""
        with self._our_side():
            disk.clear(self._outbox)

    @contextmanager
    def _our_side(self) -> Iterator[None]:
        """Tell trouble with this folder, rights too, from that of our own disk, which meets all documents."""
        try:
            yield
        except OSError as error:
            if troubles.disk(error) and not isinstance(error, PermissionError):
                raise
            raise _trouble(self._outbox, error) from error

    def close(self) -> None:
        """Nothing is held."""


def _entry(name: str, path: str) -> tuple[int, Entry] | None:
    """Look at one name; None where it is nothing for us, or gone by now."""
    if names.unfinished(name):
        return None
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return None
    refused = "" if stat.S_ISREG(status.st_mode) else "it is no plain file (a link, a pipe or a device)"
    return status.st_mtime_ns, Entry(name, status.st_size, _stamp(status), naming.refusal(name) or refused)


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns} {status.st_ino}"


def _same(entry: Entry, status: os.stat_result) -> None:
    if (status.st_size, _stamp(status)) != (entry.size, entry.stamp) or not stat.S_ISREG(status.st_mode):
        raise growing(entry.size, status.st_size)


def _trouble(folder: Path, error: OSError) -> ChannelError:
    """Return the error with the folder's path, or what is no folder on it; never the sender's name of a file."""
    words = troubles.words(error) or os.strerror(error.errno or 0)
    way = reversed((folder, *folder.parents))
    return ChannelError(
        "CHANNEL-BROKEN",
        f"{next((above for above in way if not above.is_dir()), folder)}: {words}",
    )


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (publish,)
