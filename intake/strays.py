"""Strays: files in the drop area that lie in nobody's folder, where no channel ever looks."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from intake import names
from model import naming
from model.naming import NotAName

MOST = 5  # files that are named of one folder
_NUMBER = re.compile(r"\d{4}")  # what may be part of an SSN or a birth date


@dataclass(frozen=True, slots=True)
class Stray:
    """A folder of the drop area that is no partner's, with files in it; `folder` "" is the drop area itself.

    `files` are the first names, fit for a terminal; a sender chose them, so they are for no log and no artifact.
    """

    folder: str
    count: int
    files: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return the folder's name fit for an artifact: only where it could be a partner's code and no number."""
        if not self.folder:
            return "inbox"
        try:
            named = naming.code(self.folder)
        except NotAName:
            named = ""
        return f"inbox/{named}" if named and not _NUMBER.search(named) else "a folder of the inbox"


def strays(inbox: Path, taken: Collection[str]) -> list[Stray]:
    """Return the strays of a drop area by folder; `taken` names the folders that a channel looks into.

    What is still being written is left out, as channels do. A folder that cannot be read, or that is gone by now,
    holds nothing; a file in the place of a partner's folder is told by the partner's own channel.
    """
    loose = Stray("", *_files(inbox, taken))
    folders = [Stray(name, *_files(inbox / name)) for name in _folders(inbox) if name not in taken]
    return [stray for stray in (loose, *folders) if stray.count]


def _folders(inbox: Path) -> list[str]:
    return sorted(name for name, mode in _looked(inbox) if stat.S_ISDIR(mode))


def _files(folder: Path, but: Collection[str] = ()) -> tuple[int, tuple[str, ...]]:
    lies = [name for name, mode in _looked(folder) if not stat.S_ISDIR(mode) and name not in but]
    found = sorted(map(names.shown, lies))
    return len(found), tuple(found[:MOST])


def _looked(folder: Path) -> list[tuple[str, int]]:
    try:
        with os.scandir(folder) as found:
            items = [item for item in found if not names.unfinished(item.name)]
            return [(item.name, item.stat(follow_symlinks=False).st_mode) for item in items]
    except OSError:
        return []
