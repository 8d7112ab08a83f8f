"""SSNs: their shapes, which no other place knows, and how people's keys look in anything that a person reads.

Source: docs/domain.md, SSNs.
"""

from __future__ import annotations

import re

_KEY = re.compile(r"^\d{3}-?\d{2}-?\d{4}$")
_SENT = re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}")
_IN_TEXT = re.compile(r"(?<!\d)\d{3}[- ]?\d{2}[- ]?\d{4}(?!\d)")
_WRITTEN = re.compile(r"\d{3}[-. ]\d{2}[-. ]\d{4}")
_MARKS = re.compile("[-. ]")
_MASKED = re.compile(r"\*\*\*-\*\*-\d{1,4}")


def looks_like_ssn(text: str) -> bool:
    """Say whether a subscriber number has the shape of an SSN, and so is one."""
    return bool(_KEY.match(text))


def holds_ssn(text: str) -> bool:
    """Say whether a text holds something in the shape of an SSN, with hyphens or blanks in it or without."""
    return bool(_IN_TEXT.search(text))


def clean_ssn(value: str) -> str:
    """Return an SSN's nine digits; empty for what is none, or a placeholder.

    All digits alike, and the areas 000 and 666, count as blank; 9xx (ITIN) does not.
    """
    if not _SENT.fullmatch(value):
        return ""
    digits = value.replace("-", "")
    return "" if digits == digits[0] * 9 or digits[:3] in ("000", "666") else digits


def unmarked(text: str) -> str:
    """Return an SSN that somebody wrote in three parts without the marks between them; any other text as it is."""
    return _MARKS.sub("", text) if _WRITTEN.fullmatch(text) else text


def nine_digits(text: str) -> str:
    """Return the nine digits of what a sender calls an SSN, placeholders too; empty where there are not nine."""
    digits = text.replace("-", "").replace(" ", "")
    return digits if len(digits) == 9 and digits.isdecimal() else ""


def mask_ssn(ssn: str) -> str:
    """Return `***-**-1234` for an SSN, empty text for none."""
    return f"***-**-{ssn[-4:]}" if ssn else ""


def is_masked(text: str) -> bool:
    """Say whether a text is what `mask_ssn` shows in the place of an SSN."""
    return bool(_MASKED.fullmatch(text))


def mask_said(text: str, *, ssn: bool) -> str:
    """Return a person's key as documents show it: one that the sender calls an SSN masked whatever its shape."""
    return mask_ssn(text) if ssn else mask_key(text)


def mask_key(number: str) -> str:
    """Return a subscriber number as documents show it: SSN-shaped ones masked, others as they are."""
    return mask_ssn(number.replace("-", "")) if looks_like_ssn(number) else number
