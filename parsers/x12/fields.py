"""Reading single values out of raw segments: tolerant, without judgement (conformance is judged elsewhere)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from model.enrollment.events import Spot
from model.trade.header import UNREADABLE
from model.x12 import Raw

_LONGEST_TOTAL = 15  # QTY02
_PADDING = [""] * 18


def text(raw: Raw, element: int) -> str:
    """Return an element without its padding; empty when the segment is shorter."""
    elements = raw[2]
    return elements[element].strip() if element < len(elements) else ""


def padded(raw: Raw) -> list[str]:
    """Return a segment's elements with empty ones behind them: element 18 of any segment can be read."""
    return raw[2] + _PADDING


def spot(raw: Raw, element: int, loop: str, component: int = 0) -> Spot:
    """Return the position of an element of a segment that stands in a loop."""
    return (raw[0], raw[1], raw[2][0], element, component, loop)


def day(value: str) -> date | None:
    """Return the date of a D8 value (CCYYMMDD); None for anything else."""
    return _day(value) if len(value) == 8 else None


@lru_cache(maxsize=8192)  # a file says the same few days again and again
def _day(value: str) -> date | None:
    if not value.isdigit():
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:  # 31 February, or digits of another script: conformance says so, the reader has no date
        return None


def period(value: str) -> tuple[date | None, date | None]:
    """Return both ends (inclusive) of an RD8 value (CCYYMMDD-CCYYMMDD); None for an end that is no date."""
    begin, _, end = value.partition("-")
    return day(begin), day(end)


def total(value: str) -> int:
    """Return a whole number, with a point or without (R: `12`, `12.`, `12.0`); UNREADABLE for anything else."""
    whole, _, rest = value.partition(".")
    fits = whole.isascii() and whole.isdigit() and len(whole) <= _LONGEST_TOTAL
    return int(whole) if fits and not rest.strip("0") else UNREADABLE


def number(value: str) -> int:
    """Return a whole number without sign; 0 for anything else."""
    return int(value) if value.isascii() and value.isdigit() else 0
