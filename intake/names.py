"""Names of senders' files: what is still being written, what is refused, and how a name may be shown."""

from __future__ import annotations

LONGEST = 200  # characters of a name that are kept for people
ARCHIVE = "archive"  # the directory of an inbox that keeps what was taken

_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".uploading", ".swp", "~")


# Other odd names than those that `model.naming.refusal` refuses (newlines, control characters, bytes that are no
# text, 300 characters) do no harm: we never make a file by them.


def unfinished(name: str) -> bool:
    """Say whether a name is hidden or temporary: something is still being written, or is no file for us."""
    return name.startswith(".") or name.lower().endswith(_UNFINISHED)


def kept(name: str) -> str:
    """Return a name as the archive folder of an inbox keeps it, after the file's id: at most 200 bytes."""
    return shown(name).encode("utf-8", "replace")[:200].decode("utf-8", "ignore")


def shown(name: str) -> str:
    """Return a name fit for a terminal, a log line or an archive: one line of printable text, at most 200."""
    cleaned = "".join(char if char.isprintable() and char not in "/\\" else "?" for char in name)
    return cleaned[:LONGEST].strip() or "?"
