"""Records of a bank's file and their fields: tolerant slices, and findings with their position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from model.codes import found
from model.finding import RECORD, Finding, Where

ENOUGH = 25  # findings of one code: a damaged file would say the same of each record
LONGEST = 40  # letters of a reference, a trace or a company that count
_LONGEST = 18  # digits of an amount


@dataclass(slots=True)
class Told:
    """The findings of one file: of each code the first, and how many there are. No code hides another."""

    _kept: list[Finding] = field(default_factory=list)
    _count: Counter[str] = field(default_factory=Counter)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return them in the order in which they were found, and last what of them is not listed."""
        more = ((code, count - ENOUGH) for code, count in self._count.items() if count > ENOUGH)
        left_out = (found(code, Where(), f"{count:,} more of these are not listed.") for code, count in more)
        return (*self._kept, *left_out)

    def keep(self, finding: Finding) -> None:
        """Keep a finding, if it is among the first of its code."""
        self._count[finding.code] += 1
        if self._count[finding.code] <= ENOUGH:
            self._kept.append(finding)

    def add(self, code: str, record: int, kind: str, message: str = "", element: int = 0) -> None:
        """Say what is wrong with a record, or with its field `element` (from 1)."""
        self.keep(found(code, at(record, kind, element), message))

    def expected(self, codes: Iterable[str], record: int, kind: str) -> None:
        """Say that another record than one of these was expected here; none: nothing more."""
        names = " or ".join(codes) or "the end of the file"
        self.add("BANK-RECORD", record, kind, f"Here {names} is expected, not {kind!r}.")


def at(record: int, kind: str = "", element: int = 0) -> Where:
    """Return the position of a record (from 1 within the file), and of a field of it."""
    return Where(segment=record, segment_id=RECORD, element=element, loop=kind)


def digits(text: str) -> int | None:
    """Return a number that is digits alone; None for anything else, and for an empty one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def signed(text: str) -> int | None:
    """Return a number with or without a sign before it; None for anything else."""
    whole = digits(text[1:] if text[:1] in ("+", "-") else text)
    return None if whole is None else -whole if text.startswith("-") else whole


def day(text: str) -> date | None:
    """Return the date of YYMMDD, of this century; None where it is none."""
    if len(text) != 6 or digits(text) is None:
        return None
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:  # 31 February
        return None


def time_of_day(text: str) -> bool:
    """Say whether a text is HHMM, from 0000 to 2400, or 9999 for the end of the day."""
    whole = digits(text)
    fits = len(text) == 4 and whole is not None
    return fits and whole is not None and (whole == 9999 or (whole <= 2400 and whole % 100 < 60))
