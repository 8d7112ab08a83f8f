"""An allocation file to a remittance: each row says what of a payment is for which invoice, account or subscriber.

Our template's headings make it one (`rollbook payment template`). What cannot be read is a finding on its row and
column, and then there is no remittance.

Source: docs/domain.md, Allocations.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from model.codes import found
from model.finding import ROW, Finding, Where
from model.money.cents import Cents, format_dollars, parse_dollars
from model.money.remittance import Remittance, RemittanceLine
from model.timeline import Month
from model.trade.payment import BY_ACCOUNT, BY_INVOICE, BY_SUBSCRIBER, CHEQUE, CREDIT, IN_ADVANCE, WITH_MONEY
from parsers.census.table import MAX_BYTES, Grid, decode, open_book

HEAD = 65_536  # bytes by which a file is recognised
TRACE, COMPANY, PAYMENT = "payment trace", "payer company", "payment amount"
INVOICE, ACCOUNT, SUBSCRIBER, MONTH, AMOUNT = "invoice", "account", "subscriber", "month", "amount"
HEADINGS = (TRACE, COMPANY, PAYMENT, INVOICE, ACCOUNT, SUBSCRIBER, MONTH, AMOUNT)
_NEEDED = frozenset((INVOICE, ACCOUNT, SUBSCRIBER, MONTH, AMOUNT))
_LOOKED_AT = 10  # lines among which the headings stand
_MOST = 25  # findings that are told
_POINTS = {INVOICE: BY_INVOICE, ACCOUNT: BY_ACCOUNT, SUBSCRIBER: BY_SUBSCRIBER}
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})|(?P<m>\d{1,2})/(?P<y>\d{4})")


@dataclass(frozen=True, slots=True)
class AllocationFile:
    """What was read: the remittance, None with a finding of severity error; and the hash of what it says."""

    remittance: Remittance | None
    findings: tuple[Finding, ...]
    body_hash: str
    lines: int


def recognise(head: bytes) -> bool:
    """Say from a file's first bytes whether it is an allocation as CSV: it has the headings of our template."""
    text = decode(head)[0].lstrip("\ufeff \r\n\t")
    return any(_is_head(re.split(r"[,;\t|]", line)) for line in text.splitlines()[:_LOOKED_AT])


def _is_head(cells: Sequence[str]) -> bool:
    return {_plain(cell) for cell in cells} >= _NEEDED


def _plain(cell: str) -> str:
    return " ".join(cell.strip(' "').lower().split())


def read(data: bytes) -> AllocationFile:
    """Read a whole allocation file. Never raises on bad data."""
    if len(data) > MAX_BYTES:
        message = f"The file is too large; we read spreadsheets of up to {MAX_BYTES:,} bytes."
        return AllocationFile(None, (found("CENSUS-TOO-LARGE", Where(), message),), "", 0)
    book = open_book(data)
    grid = next((each for each in book.grids if any(_is_head(row) for row in each.rows[:_LOOKED_AT])), None)
    digest = hashlib.sha256(data).hexdigest()
    if grid is None:
        missing = found("ALLOCATION-HEADINGS", Where())
        return AllocationFile(None, (*book.findings, missing), digest, 0)
    reader = _Reader(grid)
    reader.read()
    paper = reader.remittance() if not reader.findings else None
    return AllocationFile(paper, (*book.findings, *reader.findings), digest, len(reader.lines))


@dataclass(slots=True)
class _Reader:
    """Reads the rows below the headings of one sheet."""

    grid: Grid
    at: dict[str, int] = field(default_factory=dict)
    lines: list[RemittanceLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)  # of the payment as a whole
    head: int = 0
    stated: Cents | None = None
    place: Where | None = None  # where it is stated

    def read(self) -> None:
        """Take each row that says anything."""
        self.head = next(place for place, row in enumerate(self.grid.rows) if _is_head(row))
        for place, cell in enumerate(self.grid.rows[self.head]):
            if _plain(cell) in HEADINGS:
                self.at.setdefault(_plain(cell), place)
        for number, row in enumerate(self.grid.rows[self.head + 1 :], self.head + 2):
            cells = {name: row[place].strip() if place < len(row) else "" for name, place in self.at.items()}
            if any(cells.values()):
                self._whole(number, cells)
                self._line(number, cells)
        if not self.lines and not self.findings:
            self._wrong("ALLOCATION-LINE", self.head + 1, "", "There are headings, but no lines below them.")

    def _wrong(self, code: str, row: int, name: str, message: str) -> None:
        if len(self.findings) < _MOST:
            column = self.at[name] + 1 if name else 0
            self.findings.append(found(code, self._where(row, column), message))

    def _where(self, row: int, column: int = 0) -> Where:
        return Where(segment=row, segment_id=ROW, element=column, loop=self.grid.name)

    def _whole(self, row: int, cells: Mapping[str, str]) -> None:
        """Take what a row says of the payment: the first that does says it, and no other may say otherwise."""
        for name in (TRACE, COMPANY, PAYMENT):
            text = cells.get(name, "")
            if text and self.said.setdefault(name, text) != text:
                message = f"The row says {name} {text!r}; a row before it says {self.said[name]!r}."
                self._wrong("ALLOCATION-LINE", row, name, message)
            elif text and name == PAYMENT and self.stated is None:
                self.stated, self.place = self._cents(row, name, text), self._where(row, self.at[name] + 1)
                if self.stated is not None and self.stated < 0:
                    self._wrong("ALLOCATION-LINE", row, name, "A payment is not below zero.")

    def _line(self, row: int, cells: Mapping[str, str]) -> None:
        """Take a row as a line: the invoice names it, else the account, else the subscriber."""
        if not any(cells[name] for name in _NEEDED):
            return
        named = next((name for name in _POINTS if cells[name]), "")
        cents = self._cents(row, AMOUNT, cells[AMOUNT])
        month = self._month(row, cells[MONTH])
        if not named:
            self._wrong("ALLOCATION-LINE", row, AMOUNT, "The line names no invoice, no account and no subscriber.")
        if cents == 0:
            self._wrong("ALLOCATION-LINE", row, AMOUNT, "The line has an amount of nothing.")
        if not named or not cents:
            return
        begin, end = (month.first, month.last) if month else (None, None)
        self.lines.append(_line(len(self.lines) + 1, named, cells, cents, begin, end, self._where(row)))

    def _cents(self, row: int, name: str, text: str) -> Cents | None:
        try:
            return parse_dollars(text)
        except ValueError:
            self._wrong("ALLOCATION-LINE", row, name, f"{text!r} is no amount of dollars and cents.")
            return None

    def _month(self, row: int, text: str) -> Month | None:
        if not text:
            return None
        named = _MONTH.fullmatch(text)
        year, number = (int(named["year"] or named["y"]), int(named["month"] or named["m"])) if named else (0, 0)
        if year and 1 <= number <= 12:
            return Month(year, number)
        self._wrong("ALLOCATION-LINE", row, MONTH, f"{text!r} is no month: write 2027-01.")
        return None

    def remittance(self) -> Remittance:
        """Return what was read as a remittance; its amount is the one stated, else the sum of its lines."""
        total = sum(line.paid for line in self.lines)
        return Remittance(
            control="1",
            handling=WITH_MONEY,
            cents=total if self.stated is None else self.stated,
            credit=CREDIT,
            method=CHEQUE,
            company=self.said.get(COMPANY, ""),
            effective=None,
            trace=self.said.get(TRACE, ""),
            references=(),
            payer=("", ""),
            payee=("", ""),
            adjustments=(),
            lines=tuple(self.lines),
            where=self.place or self._where(self.head + 1),
        )


def balance(paper: Remittance) -> list[Finding]:
    """Check that the rows of an allocation are the payment amount that it states, where it states one."""
    if adds_up(paper, paper.cents):
        return []
    message = f"{summed(paper)}; the payment amount stated is {told(paper, paper.cents)}."
    return [found("ALLOCATION-UNBALANCED", paper.where, message)]


def is_stated(paper: Remittance) -> bool:
    """Say whether a file states the payment's amount, at whose cell the remittance then stands."""
    return bool(paper.where.element)


def adds_up(paper: Remittance, cents: Cents) -> bool:
    """Say whether the rows are an amount, to the cent."""
    return sum(line.paid for line in paper.lines) == cents


def summed(paper: Remittance) -> str:
    """Say what the rows come to: `The amounts of rows 2 to 9 (column Amount) add up to $50.00`."""
    first, last = paper.lines[0].where.segment, paper.lines[-1].where.segment
    rows = f"rows {first} to {last}" if first != last else f"row {first}"
    return (
        f"The amounts of {rows} (column Amount) add up to {format_dollars(sum(line.paid for line in paper.lines))}"
    )


def told(paper: Remittance, wanted: Cents) -> str:
    """Say what the rows are to come to, and by how much they do not: `$70.00, $20.00 more`."""
    off = wanted - sum(line.paid for line in paper.lines)
    return f"{format_dollars(wanted)}, {format_dollars(abs(off))} {'more' if off > 0 else 'less'}"


def _line(
    number: int,
    named: str,
    cells: Mapping[str, str],
    cents: Cents,
    begin: date | None,
    end: date | None,
    where: Where,
) -> RemittanceLine:
    person = cells[SUBSCRIBER] if named != SUBSCRIBER else ""
    return RemittanceLine(
        number=number,
        level="B" if person or named == SUBSCRIBER else "A",
        qualifier=_POINTS[named],
        reference=cells[named],
        kind=IN_ADVANCE if named == ACCOUNT and begin else "",
        paid=cents,
        billed=None,
        adjustments=(),
        person_id=person,
        begin=begin,
        end=end,
        headcount=(),
        where=where,
    )
