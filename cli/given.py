"""A file that a command is given by its path: read whole, or why it cannot be, in words to the point."""

from __future__ import annotations

from pathlib import Path

from cli.session import Failure


def content(path: Path, what: str, most: int) -> bytes:
    """Return a file's bytes, of up to so many; `what` says which file is wanted. Raises Failure."""
    try:
        if path.is_dir():
            raise Failure(f"{path} is a folder: name {what}")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise Failure(f"{path} is not there: name {what}") from None
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > most:
        raise Failure(f"{path} is too large: we read up to {most:,} bytes")
    return data
