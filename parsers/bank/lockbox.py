"""A lockbox CSV to cheques, by a mapping that says which column holds what.

The mapping is TOML: `columns` names the headings of amount, cheque and date, and of account, invoice, payer and
batch where the bank sends them; `date` is the form of its days. Where anything is wrong there are no lines.

A row of no money is no cheque: correspondence without one, an envelope that came back, a cheque that the bank sent
back unpaid. It is told and not used.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from dataclasses import dataclass, fields
from datetime import date, datetime

from model.codes import found
from model.finding import ROW, Where
from model.money.bank import BankFile, BankForm, BankLine, LineSort
from model.money.cents import parse_dollars
from parsers.bank.fields import LONGEST, Told
from parsers.census.table import decode

_CODE = "cheque"
_NUMBER = re.compile(r"(check|cheque|chk)[ _.-]?(number|num\b|no\b|nbr|serial|#)", re.IGNORECASE)
_AMOUNT = re.compile(r"(amount|amt\b)", re.IGNORECASE)
_AROUND = ' "\ufeff'
_MAP = "Write the file's own headings into the mapping, or ask the bank for the file that it was written for."
_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%Y%m%d", "%m%d%Y", "%m-%d-%Y", "%d.%m.%Y")
_NEEDED = ("amount", "cheque", "date")
_SAYS = ("amount", "cheque", "account", "invoice", "payer")  # what a cheque is


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings under which a lockbox's file has each thing; "" where it has none."""

    amount: str = ""
    cheque: str = ""
    date: str = ""
    account: str = ""
    invoice: str = ""
    payer: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a lockbox's file is read: its columns, the form of its days (as strftime), what parts its cells."""

    columns: Columns
    date: str = "%Y-%m-%d"
    separator: str = ","
    name: str = ""  # of the lockbox: its cheques' account where the file has none


class MappingError(ValueError):
    """A mapping that says too little or something unknown."""


def mapping(text: str) -> Mapping:
    """Read a mapping. Raises MappingError with what is wrong in it."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"the mapping is no TOML: {error}") from None
    given = read.pop("columns", {})
    if not isinstance(given, dict):
        raise MappingError("the mapping's columns are a table: [columns]")
    unknown = [
        *read.keys() - {"date", "separator", "name"},
        *given.keys() - {each.name for each in fields(Columns)},
    ]
    if unknown:
        raise MappingError(f"the mapping has what we do not know: {', '.join(sorted(unknown))}")
    for name, value in (*read.items(), *given.items()):
        if not isinstance(value, str) or not value:
            raise MappingError(f"the mapping says of {name} what is no text")
    lacking = [name for name in _NEEDED if name not in given]
    if lacking:
        raise MappingError(f"the mapping names no column for {', '.join(lacking)}")
    if read.get("date", _FORMS[0]) not in _FORMS:
        raise MappingError(f"the mapping's date is one of {', '.join(_FORMS)}")
    if len(read.get("separator", ",")) != 1:
        raise MappingError("the mapping's separator is one character")
    return Mapping(Columns(**given), **read)


def is_lockbox(head: bytes, by: Mapping | None = None) -> bool:
    """Say from a file's first bytes whether it is a lockbox's: by its mapping's headings, or such as they have."""
    first = next((line for line in decode(head)[0].splitlines() if line.strip()), "")
    if by:
        cells = {cell.strip(_AROUND) for cell in first.split(by.separator)}
        if all(getattr(by.columns, name) in cells for name in _NEEDED):
            return True
    return bool(_NUMBER.search(first) and _AMOUNT.search(first))


def read(data: bytes, by: Mapping) -> BankFile:
    """Read a whole lockbox file. Never raises on bad data: a file with a fault has findings and no lines."""
    reader = _Reader(by)
    text = decode(data)[0]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=by.separator, strict=True))
    except csv.Error:
        return BankFile(
            BankForm.LOCKBOX, (), (found("BANK-UNREADABLE", Where(), "A quote of the CSV is left open."),)
        )
    reader.read(rows)
    made = BankFile(BankForm.LOCKBOX, tuple(reader.lines), reader.told.findings)
    return BankFile(BankForm.LOCKBOX, (), made.findings) if made.refused else made


class _Reader:
    """Reads the rows of one file."""

    def __init__(self, by: Mapping) -> None:
        self._by = by
        self._at: dict[str, int] = {}
        self.lines: list[BankLine] = []
        self.told = Told()

    def _add(self, code: str, row: int, column: int, message: str, fix: str = "") -> None:
        self.told.keep(found(code, Where(segment=row, segment_id=ROW, element=column), message, fix=fix))

    def read(self, rows: list[list[str]]) -> None:
        """Find the headings, and read each row below them."""
        head = [cell.strip() for cell in rows[0]] if rows else []
        for each in fields(Columns):
            heading = getattr(self._by.columns, each.name)
            if heading and head.count(heading) == 1:
                self._at[each.name] = head.index(heading)
            elif heading:
                many = "more than once" if heading in head else "not"
                message = f"The heading {heading!r} of the mapping is {many} in the file's first row."
                self._add("BANK-RECORD", 1, 0, message, _MAP)
        if self.told.findings:
            return
        for number, row in enumerate(rows[1:], 2):
            if any(cell.strip() for cell in row):
                self._row(number, row, len(head))
        if not self.lines and not self.told.findings:
            self._add("BANK-RECORD", len(rows), 0, "There are headings, but no cheques below them.")

    def _row(self, number: int, row: list[str], width: int) -> None:
        if len(row) != width:
            message = f"The row has {len(row)} cells; there are {width} headings."
            self._add("BANK-RECORD", number, 0, message)
            return
        cells = {name: row[place].strip()[:LONGEST] for name, place in self._at.items()}
        unread = [name for name, text in cells.items() if not text.isprintable()]
        for name in unread:
            self._add("BANK-FIELD", number, self._at[name] + 1, "The cell holds what is no text.")
        if unread:
            return
        if _is_of_no_money(cells):
            self._add("BANK-NO-MONEY", number, self._at["amount"] + 1, "The row is of no money, and was not used.")
            return
        cents, day = self._amount(number, cells["amount"]), self._day(number, cells["date"])
        if not cells["cheque"]:
            self._add("BANK-FIELD", number, self._at["cheque"] + 1, "The cheque has no number.")
        if cents is None or day is None or not cells["cheque"]:
            return
        self.lines.append(
            BankLine(
                number=len(self.lines) + 1,
                sort=LineSort.CHEQUE,
                code=_CODE,
                cents=cents,
                day=day,
                reference=cells["cheque"],
                trace=cells["cheque"],
                company=cells.get("payer", ""),
                account=cells.get("account", ""),
                invoice=cells.get("invoice", ""),
                batch="/".join(part for part in (self._by.name, cells.get("batch", "")) if part),
                record=number,
            )
        )

    def _amount(self, number: int, text: str) -> int | None:
        """Return the cents of a cheque, None where it has none above zero."""
        try:
            cents = parse_dollars(text)
        except ValueError:
            cents = 0
        if cents > 0:
            return cents
        self._add("BANK-FIELD", number, self._at["amount"] + 1, f"{text!r} is not what a cheque is worth.")
        return None

    def _day(self, number: int, text: str) -> date | None:
        try:
            return datetime.strptime(text, self._by.date).date()  # noqa: DTZ007  a day without a zone
        except ValueError:
            self._add("BANK-FIELD", number, self._at["date"] + 1, f"{text!r} is no day as {self._by.date}.")
            return None


def _is_of_no_money(cells: dict[str, str]) -> bool:
    """Say whether a row is of nothing: its amount is zero, or all is empty that says what a cheque is."""
    try:
        return parse_dollars(cells["amount"]) == 0
    except ValueError:
        return not any(cells.get(name) for name in _SAYS)
