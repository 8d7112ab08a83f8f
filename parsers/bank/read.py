"""A bank's file of any form: which one it is, is seen from its first bytes."""

from __future__ import annotations

from model.codes import found
from model.finding import Where
from model.money.bank import MAX_BYTES, BankFile, BankForm
from parsers.bank import bai2, lockbox, nacha
from parsers.bank.lockbox import Mapping, MappingError, is_lockbox, mapping

_BEFORE = b"\r\n\xef\xbb\xbf "  # a mark of UTF-8, empty lines


HEAD = 4096  # bytes by which a file is recognised


def recognise(head: bytes) -> BankForm | None:
    """Say from a file's first bytes whether it is a BAI2 statement or a NACHA file; None: neither."""
    start = head[:HEAD].lstrip(_BEFORE)
    if start.startswith(b"01,"):
        return BankForm.BAI2
    return BankForm.NACHA if start.startswith(b"101") else None


def read(data: bytes, by: Mapping | None = None) -> BankFile:
    """Read a bank's file; `by` is the mapping of a lockbox CSV. Never raises on bad data."""
    if len(data) > MAX_BYTES:
        message = f"The file is too large; we read bank files of up to {MAX_BYTES:,} bytes."
        return BankFile(None, (), (found("BANK-UNREADABLE", Where(), message),))
    match recognise(data):
        case BankForm.BAI2:
            return bai2.read(data.lstrip(_BEFORE))
        case BankForm.NACHA:
            return nacha.read(data.lstrip(_BEFORE))
        case _ if by is not None:
            return lockbox.read(data, by)
    return BankFile(None, (), (found("BANK-UNREADABLE", Where()),))


__all__ = ["HEAD", "MAX_BYTES", "Mapping", "MappingError", "is_lockbox", "mapping", "read", "recognise"]
