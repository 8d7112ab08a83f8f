"""A NACHA file of returns to lines: batches, entries, addenda 99, every count, hash and total checked.

Records of 94 characters: 1 file, 5 batch, 6 entry, 7 addenda, 8 and 9 their controls, filled up with 9s to blocks
of ten (NACHA Operating Rules, appendix three). Blanks at a record's end, and the 9s, may be left out, as banks do;
what an entry was sent with (addenda 05, of international ones 10 to 18) is passed over. Where anything is wrong
there are no lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from model.money.bank import BankFile, BankForm, BankLine
from model.trade.bank import RETURNS, returned
from parsers.bank.fields import Told, day, digits

LENGTH, BLOCK = 94, 10
_HASHED = 10**10
_RETURN, _CHANGE = "99", "98"
_CREDITS, _DEBITS = "1234", "56789"  # second digits of transaction codes, of returned entries as of others
_AFTER = {
    "": "1",
    "1": "59",
    "5": "6",
    "6": "678",
    "7": "678",
    "8": "59",
    "9": "",
}
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)


def read(data: bytes) -> BankFile:
    """Read a whole file of returns. Never raises on bad data: a file with a fault has findings and no lines."""
    told = Told()
    reader = _Reader(told)
    lines = _physical(data, told)
    for number, line in enumerate(lines, 1):
        reader.take(number, line)
    reader.end(len(lines))
    made = BankFile(BankForm.NACHA, tuple(reader.lines), told.findings)
    return BankFile(BankForm.NACHA, (), made.findings) if made.refused else made


def _physical(data: bytes, told: Told) -> list[str]:
    text = data.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n").strip("\n\x1a")
    lines = text.split("\n")
    if len(lines) == 1 and len(text) > LENGTH:  # without line ends, as operators send it
        lines = [text[start : start + LENGTH] for start in range(0, len(text), LENGTH)]
    for number, line in enumerate(lines, 1):
        if len(line) > LENGTH:
            told.add(
                "BANK-RECORD", number, line[:1], f"The record has {len(line)} characters; it has {LENGTH} at most."
            )
        if any(not 32 <= ord(letter) < 127 for letter in line):
            told.add("BANK-FIELD", number, line[:1], "The record holds a byte that is no text.")
    return [line.ljust(LENGTH)[:LENGTH] for line in lines]


@dataclass(slots=True)
class _Sums:
    """What a control record is held against: entries and addenda, hash, cents debited and credited."""

    entries: int = 0
    hashed: int = 0
    debits: int = 0
    credits: int = 0
    batches: int = 0


@dataclass(slots=True)
class _Entry:
    """An entry that waits for its addenda."""

    record: int
    code: str
    cents: int
    individual: str
    trace: str
    announced: bool
    addenda: int = 0
    told: bool = False  # that it came back, or what has changed


@dataclass(slots=True)
class _Reader:
    told: Told
    lines: list[BankLine] = field(default_factory=list)
    before: str = ""
    file: _Sums = field(default_factory=_Sums)
    batch: _Sums = field(default_factory=_Sums)
    header: str = ""
    created: date = date.min
    settled: date = date.min
    entry: _Entry | None = None

    def take(self, number: int, line: str) -> None:
        """Take the next record."""
        kind = line[0]
        if self.before == "9" and line == "9" * LENGTH:
            return  # fills the last block
        if kind not in _AFTER[self.before] or not kind.strip():
            self.told.expected(_AFTER[self.before], number, kind)
        if kind not in _AFTER or not kind:
            return
        if kind != "7":
            self._entry_ends()
        self.before = kind
        match kind:
            case "1":
                self._open_file(number, line)
            case "5":
                self._open_batch(number, line)
            case "6":
                self._open_entry(number, line)
            case "7":
                self._addenda(number, line)
            case "8":
                self._close_batch(number, line)
            case "9":
                self._close_file(number, line)

    def end(self, records: int) -> None:
        """Say that the file ends where it should not."""
        if self.before != "9":
            self.told.add("BANK-RECORD", records, self.before, "The file ends before its control record (9).")

    def _wrong(self, number: int, kind: str, what: str, element: int) -> None:
        self.told.add("BANK-FIELD", number, kind, what, element)

    def _fields(self, number: int, kind: str, checks: tuple[tuple[int, str, bool], ...]) -> None:
        for element, text, fits in checks:
            if not fits:
                self._wrong(number, kind, f"{text!r} is not what the field holds.", element)

    def _number(self, number: int, kind: str, text: str, element: int) -> int:
        read = digits(text)
        if read is None:
            self._wrong(number, kind, f"{text!r} is no number.", element)
        return read or 0

    def _open_file(self, number: int, line: str) -> None:
        self.created = day(line[23:29]) or date.min
        self._fields(
            number,
            "1",
            (
                (2, line[1:3], line[1:3] == "01"),
                (3, line[3:13], digits(line[3:13].strip()) is not None),
                (4, line[13:23], bool(line[13:23].strip())),
                (5, line[23:29], day(line[23:29]) is not None),
                (6, line[29:33], not line[29:33].strip() or digits(line[29:33]) is not None),
                (8, line[34:37], line[34:37] == "094"),
                (9, line[37:39], line[37:39] == "10"),
                (10, line[39:40], line[39:40] == "1"),
            ),
        )

    def _open_batch(self, number: int, line: str) -> None:
        self.batch, self.header = _Sums(), line
        self.file.batches += 1
        julian = line[75:78].strip()  # the operator's; zeros where it has said none
        settled = digits(julian) if julian else None
        self.settled = _julian(self.created, settled) if settled else self.created
        self._fields(
            number,
            "5",
            (
                (2, line[1:4], line[1:4] in ("200", "220", "225")),
                (5, line[40:50], bool(line[40:50].strip())),
                (6, line[50:53], line[50:53].isalpha() and line[50:53].isupper()),
                (10, julian, not julian or (settled is not None and settled <= 366)),
                (12, line[79:87], digits(line[79:87]) is not None),
                (13, line[87:94], digits(line[87:94]) is not None),
            ),
        )

    def _open_entry(self, number: int, line: str) -> None:
        code, bank, cents = line[1:3], line[3:11], self._number(number, "6", line[29:39], 6)
        self.entry = _Entry(number, code, cents, line[39:54].strip(), line[79:94], line[78] == "1")
        self._fields(
            number,
            "6",
            (
                (2, code, digits(code) is not None and code[0] in "2345" and code[1] in _CREDITS + _DEBITS),
                (3, bank, digits(bank) is not None),
                (4, line[11:12], digits(bank) is None or line[11:12] == _check_digit(bank)),
                (10, line[78:79], line[78] in "01"),
                (11, line[79:94], digits(line[79:94]) is not None),
            ),
        )
        self.batch.entries += 1
        self.batch.hashed += digits(bank) or 0
        if code[1:] and code[1:] in _DEBITS:
            self.batch.debits += cents
        else:
            self.batch.credits += cents

    def _addenda(self, number: int, line: str) -> None:
        self.batch.entries += 1
        entry = self.entry
        if entry is None:
            return
        entry.addenda += 1
        kind, code = line[1:3], line[3:6]
        if kind not in (_CHANGE, _RETURN):
            return  # what it was sent with
        if entry.told:
            self.told.add("BANK-RECORD", number, "7", "The entry has a second record of what became of it.")
        entry.told = True
        original = line[6:21]
        self._fields(
            number,
            "7",
            (
                (3, code, code[0] == ("R" if kind == _RETURN else "C") and digits(code[1:]) is not None),
                (4, original, digits(original) is not None),
                (6, line[27:35], digits(line[27:35]) is not None),
                (11 if kind == _CHANGE else 8, line[79:94], digits(line[79:94]) is not None),
            ),
        )
        if kind == _CHANGE:
            self.told.add("BANK-NOTICE", number, "7", f"Notification of change {code} for entry {original}.")
        elif entry.cents:
            self.lines.append(self._line(entry, code, original))
        else:
            self.told.add("BANK-NOTICE", number, "7", f"Entry {original} came back, {code}; it was of no money.")

    def _line(self, entry: _Entry, code: str, original: str) -> BankLine:
        return BankLine(
            number=len(self.lines) + 1,
            sort=returned(code, credit=entry.code[1] in _CREDITS),
            code=code,
            cents=entry.cents,
            day=self.settled,
            reference=entry.trace,
            trace=original,
            text=" ".join(part for part in (RETURNS.words.get(code, ""), entry.individual) if part),
            record=entry.record,
        )

    def _entry_ends(self) -> None:
        """Hold an entry against its addenda: a return has one, and no entry of such a file goes without."""
        entry, self.entry = self.entry, None
        if entry is None:
            return
        if entry.announced != bool(entry.addenda):
            self._wrong(entry.record, "6", "The entry's indicator and its addenda do not agree.", 10)
        elif not entry.told:
            self.told.add(
                "BANK-RECORD", entry.record, "6", "The entry is no return: it has no addenda record (98 or 99)."
            )

    def _close_batch(self, number: int, line: str) -> None:
        head, sums = self.header, self.batch
        self._held(number, "8", line[4:10], line[10:20], line[20:32], line[32:44], sums)
        self._fields(
            number,
            "8",
            (
                (2, line[1:4], line[1:4] == head[1:4]),
                (7, line[44:54], line[44:54].strip() in ("", head[40:50].strip())),
                (10, line[79:87], line[79:87] == head[79:87]),
                (11, line[87:94], line[87:94] == head[87:94]),
            ),
        )
        service = head[1:4]
        if (service == "220" and sums.debits) or (service == "225" and sums.credits):
            self._wrong(number, "8", f"Service class {service} and the batch's entries do not agree.", 2)
        for name in ("entries", "hashed", "debits", "credits"):
            setattr(self.file, name, getattr(self.file, name) + getattr(sums, name))
        self.batch = _Sums()

    def _close_file(self, number: int, line: str) -> None:
        blocks = -(-number // BLOCK)
        for element, text, real, what in (
            (2, line[1:7], self.file.batches, "batches"),
            (3, line[7:13], blocks, "blocks"),
        ):
            said = self._number(number, "9", text, element)
            if said != real:
                self._differs(number, "9", element, f"the count of {what}", said, real)
        self._held(number, "9", line[13:21], line[21:31], line[31:43], line[43:55], self.file)

    def _held(
        self, number: int, kind: str, entries: str, hashed: str, debits: str, credits: str, sums: _Sums
    ) -> None:
        """Hold a control record against its entries."""
        first = 3 if kind == "8" else 4
        for element, (text, real, what) in enumerate(
            (
                (entries, sums.entries, "the count of entries and addenda"),
                (hashed, sums.hashed % _HASHED, "the entry hash"),
                (debits, sums.debits, "the total of debits"),
                (credits, sums.credits, "the total of credits"),
            ),
            first,
        ):
            said = self._number(number, kind, text, element)
            if said != real:
                self._differs(number, kind, element, what, said, real)

    def _differs(self, number: int, kind: str, element: int, what: str, said: int, real: int) -> None:
        message = f"Control record {kind}: {what} is {said}; the records before it make {real}."
        self.told.add("BANK-TOTAL", number, kind, message, element)


def _check_digit(bank: str) -> str:
    """Return the check digit of the eight digits of a routing number."""
    weighted = sum(weight * int(letter) for weight, letter in zip(_WEIGHTS, bank, strict=True))
    return str(-weighted % 10)


def _julian(created: date, number: int) -> date:
    """Return the day of a number within the year: the one nearest to the file's creation."""
    near = (
        date(created.year + more, 1, 1) + timedelta(days=number - 1) for more in (-1, 0, 1) if created.year > 1
    )
    return min(near, key=lambda found: abs(found - created), default=created)
