"""A BAI2 statement to lines: every record in its place, every control total and count checked.

Records: 01 file, 02 group, 03 account, 16 detail, 88 continuation, 49, 98 and 99 their trailers (BAI, Cash
Management Balance Reporting Specifications, version 2). Where anything is wrong there are no lines.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from model.money.bank import BankFile, BankForm, BankLine, LineSort
from model.trade.bank import GROUP_STATUS, sort_of
from parsers.bank.bai2_detail import Detail, detail, summaries
from parsers.bank.bai2_records import Record, records
from parsers.bank.fields import LONGEST, Told, day, digits, signed, time_of_day

_AFTER = {  # which records may follow, each with its continuations
    "": ("01",),
    "01": ("02",),
    "02": ("03",),
    "03": ("16", "49"),
    "16": ("16", "49"),
    "49": ("03", "98"),
    "98": ("02", "99"),
    "99": ("01",),  # one transmission may have several files
}
_TRN = re.compile(r"TRN[*:]1[*:](?P<trace>[^*:\\~\s]{1,50})[*:](?P<company>[A-Za-z0-9]{1,10})")
_COMPANY = re.compile(r"\b(?:CO ?ID|ORIG ?ID|COMPANY ID)[:= ]{1,2}(?P<company>[A-Za-z0-9]{1,10})\b")
_CREDITS, _DEBITS = "100", "400"
_INTERIM = ("1", "3")  # as-of-date modifiers: of the day before, of the same day


def read(data: bytes) -> BankFile:
    """Read a whole statement. Never raises on bad data: a file with a fault has findings and no lines."""
    told = Told()
    reader = _Reader(told)
    for record in records(data, told):
        reader.take(record)
    reader.end()
    made = BankFile(BankForm.BAI2, tuple(reader.lines), told.findings)
    return BankFile(BankForm.BAI2, (), made.findings) if made.refused else made


@dataclass(slots=True)
class _Level:
    """What a trailer controls: the sum of amounts, the parts one level below, and the records."""

    cents: int = 0
    parts: int = 0
    records: int = 0


@dataclass(slots=True)
class _Reader:
    told: Told
    lines: list[BankLine] = field(default_factory=list)
    before: str = ""
    file: _Level = field(default_factory=_Level)
    group: _Level = field(default_factory=_Level)
    account: _Level = field(default_factory=_Level)
    account_number: str = ""
    as_of: date = date.min
    interim: bool = False  # the group's lines come again with the final statement
    last: int = 0
    totals: dict[str, tuple[int, int | None, int]] = field(default_factory=dict)  # what a summary says
    seen: Counter[str] = field(default_factory=Counter)  # what details of the account add up to, and how many

    def take(self, record: Record) -> None:
        """Take the next record with its continuations."""
        self.last = record.number
        if record.code not in _AFTER[self.before]:
            self.told.expected(_AFTER[self.before], record.number, record.code)
        if record.code not in _AFTER:
            return
        self.before = record.code
        for level in (self.file, self.group, self.account):
            level.records += record.lines
        match record.code:
            case "01":
                self._open_file(record)
            case "02":
                self._open_group(record)
            case "03":
                self._open_account(record)
            case "16":
                self._detail(record)
            case "49":
                self._close(record, self.account, self.group, parts=False)
                self._summed(record)
            case "98":
                self._close(record, self.group, self.file)
            case "99":
                self._close(record, self.file, _Level())

    def end(self) -> None:
        """Say that the file ends where it should not."""
        if self.before != "99":
            self.told.add("BANK-RECORD", self.last, self.before, "The file ends before its trailer (99).")

    def _wrong(self, record: Record, element: int, what: str) -> None:
        self.told.add("BANK-FIELD", record.number, record.code, what, element)

    def _open_file(self, record: Record) -> None:
        self.file = _Level(records=record.lines)
        _, sender, receiver, created, at, ident, *_, version = record.padded(9)
        for element, text, fits in (
            (2, sender, bool(sender)),
            (3, receiver, bool(receiver)),
            (4, created, day(created) is not None),
            (5, at, time_of_day(at)),
            (6, ident, digits(ident) is not None),
            (9, version, version == "2"),
        ):
            if not fits:
                self._wrong(record, element, f"{text!r} is not what a file header (01) has here.")

    def _open_group(self, record: Record) -> None:
        self.group = _Level(records=record.lines)
        self.file.parts += 1
        _, _, originator, status, as_of, at, currency, modifier = record.padded(8)
        self.as_of = day(as_of) or date.min
        self.interim = modifier in _INTERIM
        for element, text, fits in (
            (3, originator, bool(originator)),
            (4, status, status in GROUP_STATUS.effects),
            (5, as_of, day(as_of) is not None),
            (6, at, not at or time_of_day(at)),
            (7, currency, currency in ("", "USD")),
            (8, modifier, modifier in ("", "1", "2", "3", "4")),
        ):
            if not fits:
                self._wrong(record, element, f"{text!r} is not what a group header (02) has here.")
        if GROUP_STATUS.effects.get(status) is False:
            word = GROUP_STATUS.words[status].lower()
            self._wrong(record, 4, f"The group is a {word} (status {status}); we take updates (1) alone.")
        if self.interim:
            message = f"The statement of {as_of} is an interim one (modifier {modifier}): its lines were not used."
            self.told.add("BANK-INTERIM", record.number, record.code, message, 8)

    def _open_account(self, record: Record) -> None:
        self.account = _Level(records=record.lines)
        self.group.parts += 1
        self.totals, self.seen = {}, Counter()
        self.account_number = record.fields[1] if len(record.fields) > 1 else ""
        if not self.account_number:
            self._wrong(record, 2, "The account's number is missing.")
        if record.padded(3)[2] not in ("", "USD"):
            self._wrong(record, 3, f"The currency is {record.fields[2]!r}; we keep US dollars.")
        for code, cents, count, element in summaries(record, self.told):
            self.account.cents += cents
            self.totals[code] = cents, count, element

    def _detail(self, record: Record) -> None:
        one = detail(record, self.told)
        if one is None:
            return
        self.account.cents += one.cents
        sort = sort_of(one.code)
        if not one.cents:
            return
        if sort is None:
            message = f"{one.cents} cents stand under type code {one.code}."
            self.told.add("BANK-TYPE", record.number, record.code, message, 2)
            return
        side = _CREDITS if sort in (LineSort.CREDIT, LineSort.BACK) else _DEBITS
        self.seen[side] += one.cents
        self.seen[f"{side} count"] += 1
        if self.interim:
            return
        line = self._line(record, one, sort)
        self.lines.append(line)
        if not line.reference:
            self.told.add("BANK-NO-REFERENCE", record.number, record.code, element=one.reference_at)

    def _line(self, record: Record, one: Detail, sort: LineSort) -> BankLine:
        """Return a detail as a line: its trace is the payment's own, else a reference, the customer's first."""
        payment = _TRN.search(one.run) or _TRN.search(one.text)
        named = _COMPANY.search(one.run) or _COMPANY.search(one.text)
        company = payment["company"] if payment else named["company"] if named else ""
        return BankLine(
            number=len(self.lines) + 1,
            sort=sort,
            code=one.code,
            cents=one.cents,
            day=self.as_of,
            reference=one.reference[:LONGEST],
            trace=(payment["trace"] if payment else one.customer or one.reference)[:LONGEST],
            company=company,
            account=self.account_number[:LONGEST],
            text=one.text,
            value_day=one.value_day,
            record=record.number,
        )

    def _close(self, record: Record, level: _Level, above: _Level, *, parts: bool = True) -> None:
        """Hold a trailer against what it controls: total, parts where it counts them, records."""
        fields = record.padded(4 if parts else 3)
        counts = fields[2:]
        wanted = [*([level.parts] if parts else []), level.records]
        if len(record.fields) > len(fields):
            self._wrong(record, len(fields) + 1, "The trailer has a field more than it may have.")
        total = signed(fields[1])
        if total is None:
            self._wrong(record, 2, f"{fields[1]!r} is no control total.")
        elif total != level.cents:
            self._differs(record, 2, "the control total", total, level.cents)
        for element, (text, real) in enumerate(zip(counts, wanted, strict=True), 3):
            said = digits(text)
            if said is None:
                self._wrong(record, element, f"{text!r} is no count.")
            elif said != real:
                self._differs(record, element, "the count", said, real)
        above.cents += level.cents

    def _differs(self, record: Record, element: int, what: str, said: int, real: int) -> None:
        message = f"In {record.code} {what} is {said}; the records before it make {real}."
        self.told.add("BANK-TOTAL", record.number, record.code, message, element)

    def _summed(self, record: Record) -> None:
        """Warn where an account's summary of credits or debits is not what its details are, if there are any."""
        for code, word in ((_CREDITS, "credits"), (_DEBITS, "debits")):
            cents, count, _ = self.totals.get(code, (0, None, 0))
            real, number = self.seen[code], self.seen[f"{code} count"]
            if code in self.totals and number and (cents != real or count not in (None, number)):
                message = f"The account's summary says {count or 'some'} {word} of {cents} cents; its lines are "
                self.told.add("BANK-SUMMARY", record.number, record.code, f"{message}{number} of {real}.")
