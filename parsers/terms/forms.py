"""What a single value of a terms file looks like: a checking function a form; its message says how to write it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from model import naming
from model.agreement.terms import OLDEST
from model.money.cents import parse_cents
from model.timeline import Month
from parsers.census.headings import field_of
from parsers.census.wide import person_of


def isa_id(text: str) -> str:
    """Check an interchange identity: qualifier, colon, identifier (ISA05:ISA06)."""
    if not re.fullmatch(r"[A-Z0-9]{2}:\S(.{0,13}\S)?", text):
        raise ValueError('write qualifier and identifier as in "ZZ:ACME" (ISA05:ISA06, at most 15 characters)')
    return text


def month(text: str) -> str:
    """Check a month."""
    try:
        Month.parse(text)
    except ValueError:
        raise ValueError('write a month as in "2027-01"') from None
    return text


def zone(text: str) -> str:
    """Check an IANA time zone."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{text}" is no time zone; write one such as "America/New_York"') from None
    return text


def money(value: object) -> int:
    """Read dollars in quotes as cents: text keeps the cents exact, a TOML float does not."""
    if not isinstance(value, str):
        raise ValueError('write money in quotes, such as "512.30"')
    cents = parse_cents(value)
    if cents < 0:
        raise ValueError("a rate is zero or more")
    return cents


def by_tier(value: object) -> object:
    """Let a plan without tiers say its one rate without a table."""
    return value if isinstance(value, dict) else {"": value}


def band(text: str) -> tuple[int, int]:
    """Return the first and last age of `0-14`, `15` or `64+`. Raises ValueError for anything else."""
    match = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3})|(\+))?", text)
    if not match:
        raise ValueError(f'"{text}" is no age: write 0-14, 15 or 64+')
    return int(match[1]), OLDEST if match[3] else int(match[2] or match[1])


def ages(rates: dict[str, int]) -> dict[str, int]:
    """Check that ages have one rate each, from birth on."""
    bands = sorted(band(text) for text in rates)
    due = 0
    for first, last in bands:
        if first != due or last < first:
            raise ValueError(f"each age has one rate, from 0 on without a gap: look at {due}")
        due = last + 1
    if bands and due <= OLDEST:
        raise ValueError(f'the last band is open: write "{bands[-1][0]}+"')
    return rates


def host_key(text: str) -> str:
    """Check a public host key: its type, and a body that says the same type (RFC 4253, 6.6)."""
    kind, _, body = text.partition(" ")
    try:
        data = base64.b64decode(body.split(" ")[0], validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not kind or data[4 : 4 + len(kind)] != kind.encode():
        raise ValueError('write the server\'s public key as in "ssh-ed25519 AAAA..." (ssh-keyscan shows it)')
    return text


def secret(text: str) -> str:
    """Check the name of a secret: a file of the secrets folder, and never the secret itself."""
    if text and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", text):
        raise ValueError("write the name of a file in the secrets folder, not its path and not the secret")
    return text


def directory(text: str) -> str:
    """Check a directory: no part of it may lead elsewhere."""
    if not text.strip("/") or any(part in (".", "..") for part in text.split("/")) or not text.isprintable():
        raise ValueError('write a directory such as "in" or "/files/in"')
    return text


def prefix(text: str) -> str:
    """Check an S3 prefix."""
    if any(part in (".", "..") for part in text.split("/")) or not text.isprintable():
        raise ValueError('write what the names begin with, such as "acme/"')
    return text


# The forms that a switch of a text may declare (model.agreement.switches).
FORMS: dict[str, Callable[[str], str]] = {
    "code": naming.code,
    "directory": directory,
    "host key": host_key,
    "prefix": prefix,
    "secret": secret,
}


def heading(text: str) -> str:
    """Check that a heading is one that we read in a census. Raises ValueError with what may be written."""
    if field_of(text) or person_of(text)[0]:
        return text
    raise ValueError(
        'a heading that we read: "Birth Date", "Last Covered Day", "Medical Plan", "Dep1 First Name" ...'
    )
