"""What a database can do to us, in words: what happened, and what to do. No text of its own is ever repeated."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from store.dialects import DIALECTS


class StoreUrlError(Exception):
    """A ROLLBOOK_DATABASE_URL that names no store of ours. The text is ours and shows no password."""


def words(error: BaseException) -> str:
    """Return what a trouble of the database is and what to do; empty for any other error."""
    if not isinstance(error, DBAPIError):
        return ""
    return next(filter(None, (dialect.words(error) for dialect in DIALECTS.values())), "")
