"""Names of senders' files: what is still being written, what is refused, and how a name may be shown."""

from __future__ import annotations

LONGEST = 200  # characters of a name that are kept for people
ARCHIVE = "archive"  # the directory of an inbox that keeps what was taken

_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".uploading", ".swp", "~")


def unfinished(name: str) -> bool:
    """Say whether a name is hidden or temporary: something is still being written, or is no file for us."""
    return name.startswith(".") or name.lower().endswith(_UNFINISHED)


def refusal(name: str) -> str:
    """Return why a name cannot be one file of a directory, empty when it can.

    Other odd names (newlines, control characters, bytes that are no text, 300 characters) do no harm: we never
    make a file by them.
    """
    if not name or name in (".", ".."):
        return "it has no name"
    if "/" in name or "\\" in name or "\0" in name:
        return "its name leads elsewhere"
    return ""


def shown(name: str) -> str:
    """Return a name fit for a terminal, a log line or an archive: one line of printable text, at most 200."""
    cleaned = "".join(char if char.isprintable() and char not in "/\\" else "?" for char in name)
    return cleaned[:LONGEST].strip() or "?"
