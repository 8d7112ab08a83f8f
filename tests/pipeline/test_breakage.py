"""What a run says of an error: our words where there are some, and never the text of anything else."""

from __future__ import annotations

import errno

import pytest
from sqlalchemy.exc import OperationalError

from pipeline.runtime.breakage import describe
from pipeline.runtime.workspace import InstallationError
from store.dialects.sqlite import sqlite3
from store.engine import OccupiedError


def full() -> Exception:
    error = sqlite3.OperationalError("database or disk is full: QUIGLEY")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return OperationalError("", None, error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (InstallationError("key k1 is missing"), "InstallationError (key k1 is missing)"),
        (OSError(errno.ENOSPC, "x", "QUIGLEY.edi"), "OSError (the disk is full."),
        (OccupiedError("the store is busy"), "OccupiedError (the store is busy)"),
        (full(), "OperationalError (the disk of the store is full."),
        (FileNotFoundError(errno.ENOENT, "No such file", "QUIGLEY.edi"), "FileNotFoundError (this is not there."),
        (ValueError("QUIGLEY"), "ValueError at"),
    ],
)
def test_an_error_is_described_by_our_words(error: Exception, words: str) -> None:
    try:
        raise error
    except Exception as raised:  # noqa: BLE001  with its way here
        told = describe(raised)
    assert told.startswith(words) and "QUIGLEY" not in told
