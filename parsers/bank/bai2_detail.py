"""The amounts of a BAI2 account (03) and detail (16): type codes, funds types, references, text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from model.money.cents import MOST
from parsers.bank.bai2_records import JOINT, Record
from parsers.bank.fields import Told, day, digits, signed, time_of_day

_PLAIN = ("", "0", "1", "2", "Z")  # funds types without anything behind them
_VALUED, _SPLIT, _DISTRIBUTED = "V", "S", "D"
_TYPE_LENGTH = 3
_NONE = ("NONREF", "NONE", "N/A")  # in the place of a reference; zeros are none, too


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail record: cents, the two references, the text, and from when the money can be used."""

    code: str
    cents: int
    reference: str
    customer: str
    text: str
    run: str  # the same without blanks where it was continued: a bank breaks a word at any letter
    value_day: date | None
    reference_at: int


@dataclass(slots=True)
class _Fields:
    """Reads a record's fields one after the other; a text is the rest, whatever stands in it."""

    record: Record
    told: Told
    rest: str
    element: int = 1
    over: bool = False

    def next(self) -> str:
        """Return the next field, empty where there is none."""
        self.element += 1
        place = next((at for at, letter in enumerate(self.rest) if letter in ("," + JOINT)), -1)
        if place < 0:
            text, self.rest, self.over = self.rest, "", True
        else:
            text, self.rest = self.rest[:place], self.rest[place + 1 :]
        return text.strip()

    def wrong(self, what: str) -> None:
        """Say what is wrong with the field that was read last."""
        self.told.add("BANK-FIELD", self.record.number, self.record.code, what, self.element)


def detail(record: Record, told: Told) -> Detail | None:
    """Read a detail record; None where its type code or amount cannot be read."""
    fields = _Fields(record, told, record.content)
    code, cents = _type(fields), _amount(fields)
    if code is None or cents is None:
        return None
    value_day = _funds(fields, cents)
    reference, at = _reference(fields), fields.element
    customer = _reference(fields)
    text = " ".join(fields.rest.replace(JOINT, " ").split())
    run = fields.rest.replace(JOINT, "")
    return Detail(code, cents, reference, customer, text, run, value_day, at)


def _reference(fields: _Fields) -> str:
    """Return a reference, empty for what banks write where there is none."""
    text = fields.next()
    return "" if text.upper() in _NONE or not text.strip("0") else text


def summaries(record: Record, told: Told) -> Iterator[tuple[str, int, int | None, int]]:
    """Yield what an account's record sums up: type code, cents, how many items where said, and its field."""
    fields = _Fields(record, told, record.content)
    fields.next()
    fields.next()
    while not fields.over:
        code = fields.next()
        element = fields.element
        amount, count = fields.next(), fields.next()
        said, items = signed(amount) if amount else 0, digits(count) if count else None
        if code and (len(code) != _TYPE_LENGTH or digits(code) is None):
            fields.wrong(f"{code!r} is no type code.")
        elif not code and (amount or count):
            fields.wrong("An amount without a type code.")
        if said is None:
            fields.wrong(f"{amount!r} is no amount.")
        if count and items is None:
            fields.wrong(f"{count!r} is no count of items.")
        _funds(fields, abs(said or 0))
        yield code, said or 0, items, element


def _type(fields: _Fields) -> str | None:
    code = fields.next()
    if len(code) == _TYPE_LENGTH and digits(code) is not None:
        return code
    fields.wrong(f"{code!r} is no type code.")
    return None


def _amount(fields: _Fields) -> int | None:
    text = fields.next()
    cents = signed(text) if text else 0
    if cents is None or not 0 <= cents <= MOST:
        fields.wrong(f"{text!r} is no amount of a detail.")
        return None
    return cents


def _funds(fields: _Fields, cents: int) -> date | None:
    """Read a funds type with what belongs to it, which adds up to the amount; return its value date, if any."""
    kind = fields.next()
    if kind in _PLAIN:
        return None
    if kind == _VALUED:
        return _value(fields)
    if kind == _SPLIT:
        _adds_up(fields, [fields.next() for _ in range(3)], cents)
    elif kind == _DISTRIBUTED:
        count = digits(fields.next())
        if count is None or count > 99:
            fields.wrong("The number of distributions is none.")
            return None
        parts = [(fields.next(), fields.next()) for _ in range(count)]
        if any(digits(days) is None for days, _ in parts):
            fields.wrong("A distribution has a number of days.")
        _adds_up(fields, [amount for _, amount in parts], cents)
    else:
        fields.wrong(f"{kind!r} is no funds type.")
    return None


def _value(fields: _Fields) -> date | None:
    text = fields.next()
    valued = day(text)
    if text and valued is None:
        fields.wrong(f"{text!r} is no value date.")
    at = fields.next()
    if at and not time_of_day(at):
        fields.wrong(f"{at!r} is no value time.")
    return valued


def _adds_up(fields: _Fields, parts: list[str], cents: int) -> None:
    read = [signed(part) if part else 0 for part in parts]
    known = [part for part in read if part is not None]
    if len(known) < len(read):
        fields.wrong("The distribution of the amount has a part that is no amount.")
    elif sum(known) != cents:
        message = f"The distribution adds up to {sum(known)}, the amount is {cents}."
        fields.told.add("BANK-TOTAL", fields.record.number, fields.record.code, message, fields.element)
