"""Text that an X12 element of ours may hold: nothing in it that could break the document (X12.5)."""

from __future__ import annotations

from model.x12 import Delimiters

STANDARD = Delimiters()  # of what we send
_BREAKING = str.maketrans(
    {mark: " " for mark in (STANDARD.element, STANDARD.component, STANDARD.repetition, STANDARD.segment)}
)


def clean(text: str, longest: int = 0) -> str:
    """Return text fit for an element: printable ASCII, no separator, trimmed, cut to `longest` (0: any)."""
    plain = "".join(char if " " <= char <= "~" else " " for char in text).translate(_BREAKING).strip()
    return plain[:longest].rstrip() if longest else plain


def repeatable(text: str, shortest: int, longest: int) -> bool:
    """Say whether an answer can repeat what was sent: it is `clean`, and of a length that fits."""
    return shortest <= len(text) <= longest and clean(text) == text
