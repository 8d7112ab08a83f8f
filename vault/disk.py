"""Folders and files of an installation: for owner and group only, written whole, cleared of what the dead left.

Modes are asked for at creation, so that the umask can only tighten them. A temporary file is locked as long as its
writer lives (flock; the system lets go when a process dies, on whatever machine): an unlocked one is nobody's.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

FOLDER, FILE, OWN = 0o750, 0o640, 0o600
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LOOK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_LOCK = "lock"  # the file by which the maker of a scratch folder is seen to live
_AN_HOUR = 3600.0
_HEX = 8  # digits that tell one writer's temporary file from another's


def make_folder(folder: Path) -> Path:
    """Make a folder and those above it that are missing, closed to everybody else; return it.

    Raises NotADirectoryError that names what lies in the way.
    """
    if folder.is_dir():  # and so are those above it
        return folder
    for path in reversed((folder, *folder.parents)):
        if not path.exists():
            with contextlib.suppress(FileExistsError):
                os.mkdir(path, FOLDER)
        if not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    return folder


def close_to_others(path: Path) -> None:
    """Take from a folder what others and the group may write; one that is not ours stays as its owner made it."""
    status = path.stat()
    if status.st_uid == os.geteuid() and status.st_mode & 0o777 & ~FOLDER:
        path.chmod(status.st_mode & (0o7000 | FOLDER))


@contextlib.contextmanager
def temporary(folder: Path, name: str, mode: int = FILE) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a file to write under a hidden name of its own, and take it away at the end, renamed or not.

    `.<name>.<8 hex digits>.part`; `clear` leaves it alone while this process lives.
    """
    while True:
        path = folder / f".{name}.{secrets.token_hex(_HEX // 2)}.part"
        handle = os.open(path, _NEW, mode)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:  # else somebody cleared it before it was locked
            break
        os.close(handle)
    try:
        with os.fdopen(handle, "wb") as file:
            yield path, file
    finally:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def scratch(parent: Path, name: str) -> Iterator[Path]:
    """Give a folder of our own, gone at the end; whoever comes next removes what those that died left.

    `.<name>.<chance>`, with a file in it that is locked while its maker lives.
    """
    make_folder(parent)
    for left in parent.glob(f".{name}.*"):
        if _abandoned(left):
            shutil.rmtree(left, ignore_errors=True)
    path = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=parent))
    try:
        with (path / _LOCK).open("wb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _abandoned(folder: Path) -> bool:
    """Say whether the maker of a scratch folder is gone; one that has no lock yet has an hour to take it."""
    with contextlib.suppress(OSError):  # gone, or another's: left alone
        if not (folder / _LOCK).exists():
            return time.time() - folder.stat().st_mtime > _AN_HOUR
        with (folder / _LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    return False


def finish(file: BinaryIO) -> None:
    """Have a file's bytes on disk when this returns."""
    file.flush()
    os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Have a folder's names on disk when this returns; some file systems cannot, and then need not."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    with contextlib.suppress(OSError):
        os.fsync(handle)
    os.close(handle)


def clear(folder: Path, name: str = "") -> list[Path]:
    """Remove what writers that died left in a folder; return what that was.

    Only `temporary`'s names (of one `name`, or any), only plain files of our own user, only unlocked ones.
    """
    part_name = re.compile(rf"\.{re.escape(name) if name else '.+'}\.[0-9a-f]{{{_HEX}}}\.part", re.DOTALL)
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as found:
        left = [
            Path(entry.path)
            for entry in found
            if part_name.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
        ]
        return [path for path in left if _dead(path)]
    return []


def _dead(path: Path) -> bool:
    """Remove a temporary file unless its writer lives; say whether it was removed."""
    with contextlib.suppress(OSError):  # gone, another's, or on a file system without locks: left alone
        handle = os.open(path, _LOOK)
        try:
            if os.fstat(handle).st_uid != os.geteuid():
                return False
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
            return True
        finally:
            os.close(handle)
    return False


# Kill points (tests/support/kill.py): a run may end before or after each.
CLAIM_STEPS = (finish,)
