"""What keeps an installation from working, in words fit for a person at the keyboard, a log and a flow's error."""

from __future__ import annotations

from pipeline.runtime.workspace import InstallationError
from store import troubles as of_store
from store.engine import BarredError, BusyError, OccupiedError
from store.troubles import StoreUrlError
from vault import troubles
from vault.archive import ArchiveError
from vault.fields import SealError
from vault.keys import KeyringError

# Errors whose whole text is ours: key ids, hashes, folders, what to do.
_OURS = (ArchiveError, BusyError, InstallationError, KeyringError, SealError, StoreUrlError)


def words(error: BaseException) -> str:
    """Return what happened and what to do; empty where it is no trouble of disk, database, keys or set-up."""
    if isinstance(error, OSError):
        return troubles.words(error)
    if isinstance(error, OverflowError) and "too large to convert" in str(error):  # by SQLite's driver alone
        return "a number is larger than any of ours"
    return str(error) if isinstance(error, _OURS) else everybodys(error)


def told(error: BaseException) -> str:
    """Return `words` after the path that they are about, for the person at the keyboard alone: names may tell."""
    return troubles.told(error) if isinstance(error, OSError) else words(error)


def everybodys(error: BaseException) -> str:
    """Return the words for what stops all work alike, not one file's: the disk, the database."""
    if isinstance(error, OSError):
        return troubles.disk(error)
    return str(error) if isinstance(error, BarredError | OccupiedError) else of_store.words(error)
