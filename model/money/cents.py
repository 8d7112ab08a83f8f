"""Money is a whole number of cents (int); text appears only at the borders."""

from __future__ import annotations

import re

Cents = int

_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+$")
_AMOUNT = re.compile(r"^(?P<sign>[+-]?)(?P<whole>\d*)(?:\.(?P<part>\d*))?$")


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
    """Return an amount as people write it (`$1,234.50`) in cents. Raises ValueError as parse_cents does.

    A comma parts thousands: `125,00` is no amount, since taken for one it would be a hundred times as much.
    """
    plain = text.strip().removeprefix("$")
    whole, point, part = plain.partition(".")
    if "," in plain and not (_THOUSANDS.match(whole) and "," not in part):
        raise ValueError("a comma that parts no thousands")
    return parse_cents(f"{whole.replace(',', '')}{point}{part}")


def format_cents(cents: Cents) -> str:
    """Return cents as plain text for machines: `1234.50`, `-0.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def format_dollars(cents: Cents) -> str:
    """Return cents as a person reads them: `$1,234.50`, `-$0.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
