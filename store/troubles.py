"""What a database can do to us, in words: what happened, and what to do. No text of its own is ever repeated."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

_AGAIN = "then run the same again: nothing of this step was committed"
_SQLITE = {
    sqlite3.SQLITE_FULL: f"the disk of the store is full. Make room on it, {_AGAIN}",
    sqlite3.SQLITE_IOERR: f"the disk of the store failed, or a limit was met. Look at it, {_AGAIN}",
    sqlite3.SQLITE_READONLY: f"the store can only be read. Give this user the right to write, {_AGAIN}",
    sqlite3.SQLITE_CANTOPEN: f"the store's file cannot be opened. Look at its path and rights, {_AGAIN}",
    sqlite3.SQLITE_PERM: f"the system does not let us open the store. Look at its rights, {_AGAIN}",
    sqlite3.SQLITE_BUSY: f"another program holds the store. Wait for it, {_AGAIN}",
    sqlite3.SQLITE_LOCKED: f"another program holds the store. Wait for it, {_AGAIN}",
    sqlite3.SQLITE_CORRUPT: "the store's file is damaged. Keep it, and put the last backup in its place",
    sqlite3.SQLITE_NOTADB: "the store's file is no database. Look at its path, or put the last backup there",
}
_AWAY = (
    "the database cannot be reached, or does not let us in. Look at ROLLBOOK_DATABASE_URL (host, name, user, "
    "password), the server and the network"
)
_POSTGRES = {  # by SQLSTATE, whole or its class
    "53100": f"the database's disk is full. Make room on it, {_AGAIN}",
    "53200": f"the database is out of memory. Give it more or run less beside it, {_AGAIN}",
    "53300": f"the database has no connection left. Run less beside it, or allow more, {_AGAIN}",
    "25006": f"the database can only be read: a standby, or set so. Connect to the one that is written, {_AGAIN}",
    "28": "the database does not let this user in. Look at user and password in ROLLBOOK_DATABASE_URL",
    "3D": "there is no database of this name. Look at ROLLBOOK_DATABASE_URL, or create it",
    "42501": "the database does not give this user the right. Grant it what the installation's owner has",
    "57": f"the database is shutting down or starting. Wait for it, {_AGAIN}",
    "58": f"the database's own disk failed. Look at its log, {_AGAIN}",
    "08": _AWAY,
}


class StoreUrlError(Exception):
    """A ROLLBOOK_DATABASE_URL that names no store of ours. The text is ours and shows no password."""


def words(error: BaseException) -> str:
    """Return what a trouble of the database is and what to do; empty for any other error."""
    if not isinstance(error, DBAPIError):
        return ""
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        return _SQLITE.get(code, "")
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the driver's own: no server has answered
        return _AWAY if isinstance(error, OperationalError | InterfaceError) else ""
    return _POSTGRES.get(state) or _POSTGRES.get(state[:2], "")
