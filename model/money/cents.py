"""Money is a whole number of cents (int); text appears only at the borders."""

from __future__ import annotations

import re

Cents = int

MOST: Cents = 10**13  # of one amount that people or banks write: sums of a million of them still fit a column
_AMOUNT = re.compile(r"^(?P<sign>[+-]?)(?P<whole>\d*)(?:\.(?P<part>\d*))?$")
_WRITTEN = re.compile(r"([+-]?)\$? ?([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(\.\d*)?", re.ASCII)
_BELOW_ZERO = re.compile(r"\((.*)\)")


def parse_cents(text: str) -> Cents:
    """Return an X12 or spreadsheet amount (`12`, `-12.5`, `.50`, `7.250`) in cents.

    Raises ValueError for anything that is not an exact number of cents.
    """
    match = _AMOUNT.match(text.strip())
    if not match or not (match["whole"] or match["part"]):
        raise ValueError("not an amount of money")
    part = (match["part"] or "").rstrip("0")
    if len(part) > 2:
        raise ValueError("a fraction of a cent")
    cents = int(match["whole"] or "0") * 100 + int(part.ljust(2, "0") or "0")
    return -cents if match["sign"] == "-" else cents


def parse_dollars(text: str) -> Cents:
    """Return an amount as people write it in cents: `$1,234.50`; `-$12` or `(12.00)` for one below zero.

    Raises ValueError as parse_cents does, and where a comma does not part thousands (`1000,00` is no amount), or
    for more than MOST.
    """
    plain = _BELOW_ZERO.sub(r"-\1", text.strip().replace("\N{MINUS SIGN}", "-"))
    match = _WRITTEN.fullmatch(plain)
    cents = parse_cents("".join(part or "" for part in match.groups()).replace(",", "")) if match else MOST + 1
    if abs(cents) > MOST:
        raise ValueError("not an amount of money")
    return cents


def format_cents(cents: Cents) -> str:
    """Return cents as plain text for machines: `1234.50`, `-0.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def format_dollars(cents: Cents) -> str:
    """Return cents as a person reads them: `$1,234.50`, `-$0.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
