"""Single census values: dates in all their forms, SSNs and ZIPs that lost their zeros, words for codes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from vault.ssn import clean_ssn, is_masked, unmarked

_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%m-%d-%Y", "%Y%m%d", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y")
_SHORT_FORMS = ("%m/%d/%y", "%m-%d-%y", "%d-%b-%y")
_HOUR = re.compile(r"[ T]\d{1,2}:\d\d(:\d\d(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?$")
_SERIAL = re.compile(r"\d{1,5}(\.0+)?")
_WHOLE = re.compile(r"(\d+)\.0+")
_PARENTHESES = re.compile(r"\([^)]*\)?")
_NEITHER = re.compile(r"[^a-z0-9]+")
_JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_MASKED = re.compile(r"[*xX#•]{2,}.*\d{4}")
_LAST_SERIAL = 80_000  # in the year 2119
_USUAL = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(\d\d?)/(\d\d?)/(\d{4})", re.ASCII)  # of _FORMS, without strptime


@cache
def words() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return the table of senders' words (census_words.toml); those for codes stand in model.trade."""
    return tomllib.loads(Path(__file__).with_name("census_words.toml").read_text("utf-8"))


def plain(text: str) -> str:
    """Return a heading or word as it is compared: lower case, nothing in parentheses, single blanks."""
    return _NEITHER.sub(" ", _PARENTHESES.sub(" ", text.lower())).strip()


def parted(text: str) -> str:
    """Return a heading with its words apart: `TerminationDate` and `Dep1DOB` as people would type them."""
    return plain(_JOINT.sub(" ", text))


@cache
def qualifiers() -> dict[str, str]:
    """Return what the words of an eligibility qualifier mean: student or handicapped."""
    return {word: name for name, many in words()["qualifiers"].items() for word in many}


def meaning(written: Mapping[str, str], text: str) -> str | None:
    """Return what a word means in a table of words: "" for no word, None for an unknown one."""
    return written.get(plain(text)) if text else ""


@dataclass(frozen=True, slots=True)
class Read:
    """A value as read: None or empty text when nothing was sent, `bad` when it cannot be read."""

    day: date | None = None
    text: str = ""
    bad: bool = False
    guessed: bool = False  # read as well as it can be: worth a second look
    masked: bool = False
    placeholder: bool = False


def whole(text: str) -> str:
    """Return a number that a spreadsheet wrote with a fraction of zeros without it."""
    match = _WHOLE.fullmatch(text) if "." in text else None
    return match[1] if match else text


def read_date(text: str, today: date, *, born: bool, from_1904: bool | None) -> Read:
    """Read a date: year first or month first, with four or two digits of the year, or Excel's day number.

    The hour of a timestamp is left aside. `from_1904` is the workbook's flag, None for a CSV, where a day
    number is only a guess. Two digits of a year mean the past hundred years for a birth date, this century for any
    other.
    """
    text = _HOUR.sub("", text.strip()) if text else ""
    if not text:
        return Read()
    if (usual := _usual(text)) and usual.year >= 1900:
        return Read(usual)
    if _SERIAL.fullmatch(text):
        days = int(float(text))
        if not 0 < days <= _LAST_SERIAL:
            return Read(bad=True)
        first = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
        return Read(first + timedelta(days), guessed=from_1904 is None)
    for form in _FORMS if not text.isdigit() or len(text) == 8 else ():
        if day := _parsed(text, form):
            return Read(day) if 1900 <= day.year <= 9999 else Read(bad=True)
    for form in _SHORT_FORMS:
        if day := _parsed(text, form):
            return Read(_century(day, today, born=born), guessed=True)
    return Read(bad=True)


def _usual(text: str) -> date | None:
    """Return a date of one of the two forms that nearly all have; None for any other text."""
    if not (match := _USUAL.fullmatch(text)):
        return None
    year, month, day, by_month, of_month, in_year = match.groups()
    try:
        return date(int(year or in_year), int(month or by_month), int(day or of_month))
    except ValueError:  # no such day
        return None


def _parsed(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 a calendar day has no zone
    except ValueError:  # another form, or no date at all
        return None


def _century(day: date, today: date, *, born: bool) -> date:
    year = 2000 + day.year % 100
    if born and (year, day.month, day.day) > (today.year, today.month, today.day):
        year -= 100
    return date(year, day.month, day.day if (day.month, day.day) != (2, 29) or year % 4 == 0 else 28)


def read_ssn(text: str) -> Read:
    """Read an SSN. Seven or eight digits have lost their leading zeros; a placeholder counts as blank."""
    text = whole(text.strip())
    if not text:
        return Read()
    if is_masked(text) or _MASKED.fullmatch(text):
        return Read(masked=True)
    digits = unmarked(text)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return Read(bad=True)
    if not digits.strip("0"):
        return Read(placeholder=True)
    if len(digits) < 7:
        return Read(bad=True)
    usable = clean_ssn(digits.zfill(9))
    return Read(text=usable, guessed=bool(usable) and len(digits) < 9, placeholder=not usable)


def read_zip(text: str) -> Read:
    """Read a ZIP: three or four digits of five, and seven or eight of nine, have lost their zeros."""
    text = whole(text.strip())
    if not (text.isascii() and text.isdigit()) or len(text) in (5, 9):
        return Read(text=text)
    size = 5 if len(text) < 5 else 9
    return Read(text=text.zfill(size), guessed=len(text) in (3, 4, 7, 8))
