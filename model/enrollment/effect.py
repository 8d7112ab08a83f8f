"""What a decision does, told by what people know: the same effect has the same digest.

No row id, position or clock is in it: people are told by member ID (somebody new by the family and the order in
it), spans by their days, dispositions with the codes of their objections, money by account and month in cents.

See docs/design.md, Effects.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from typing import Protocol

from model.enrollment.decision import Disposition
from model.money.cents import Cents

SHOWN = 12  # hex digits of a digest that people read and type
MOST = 500  # spans, and lines, that an effect keeps of a large set; its digest is of all


@dataclass(frozen=True, slots=True, order=True)
class SpanTold:
    """A coverage, or (line "") a family's place in a subgroup; days are ISO, both inclusive."""

    group: str
    family: str  # masked
    who: str  # member ID, or "new" with what tells the person from others; "" for a place
    line: str
    what: str  # plan and level, or the subgroup
    begin: str
    end: str


@dataclass(frozen=True, slots=True, order=True)
class LineTold:
    """What becomes of one line of one member."""

    who: str
    line: str
    plan: str
    disposition: str
    cause: str
    action: str  # model.enrollment.actions.Action.text
    codes: tuple[str, ...]  # of what is said of it, each with its severity


@dataclass(frozen=True, slots=True, order=True)
class MonthTold:
    """What the next invoice of an account corrects of a billed month, in cents; negative: take back."""

    account: str
    month: str
    cents: Cents


@dataclass(frozen=True, slots=True)
class EntryTold:
    """An entry of the ledger, in cents."""

    debit: str
    credit: str
    cents: Cents
    invoice: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision changes: `gone` is what was covered and is not any more, `new` what is from now on.

    Of a large set `gone`, `new` and `lines` are the first MOST; `counts` and `digest` are of everything.
    """

    gone: tuple[SpanTold, ...] = ()
    new: tuple[SpanTold, ...] = ()
    lines: tuple[LineTold, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()  # disposition -> lines
    people: int = 0  # whose lines change
    months: tuple[MonthTold, ...] = ()
    unpriced: tuple[MonthTold, ...] = ()  # what stands billed and would have no price any more
    documents: tuple[str, ...] = ()  # what is owed for it, and to whom
    digest: str = ""

    @property
    def cents(self) -> Cents:
        """Return how much money of billed months it moves, in whichever direction."""
        return sum(abs(month.cents) for month in (*self.months, *self.unpriced))

    @property
    def shown(self) -> str:
        """Return the beginning of the digest, by which people name the effect."""
        return self.digest[:SHOWN]


@dataclass(slots=True)
class Tally:
    """An effect in the making, part by part in the order in which it is decided."""

    gone: list[SpanTold] = field(default_factory=list)
    new: list[SpanTold] = field(default_factory=list)
    lines: list[LineTold] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)  # whose lines change
    cents: dict[tuple[str, str], Cents] = field(default_factory=dict)
    unpriced: dict[tuple[str, str], Cents] = field(default_factory=dict)
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(
        self,
        gone: Iterable[SpanTold],
        new: Iterable[SpanTold],
        lines: Iterable[LineTold],
        months: Iterable[MonthTold],
        unpriced: Iterable[MonthTold],
    ) -> None:
        """Take over what one part comes to."""
        gone, new, lines = sorted(gone), sorted(new), sorted(lines)
        self._take([list(map(astuple, part)) for part in (gone, new, lines)])
        self.gone += gone[: MOST - len(self.gone)]
        self.new += new[: MOST - len(self.new)]
        self.lines += lines[: MOST - len(self.lines)]
        for line in lines:
            self.counts[line.disposition] = self.counts.get(line.disposition, 0) + 1
            if line.disposition == Disposition.APPLIED:
                self.people.add(line.who)
        for sums, added in ((self.cents, months), (self.unpriced, unpriced)):
            for month in added:
                key = (month.account, month.month)
                sums[key] = sums.get(key, 0) + month.cents

    def bind(self, told: Iterable[object]) -> None:
        """Let the digest be of something else, too, that is shown beside it: dataclasses of plain values."""
        self._take([astuple(each) for each in told])  # type: ignore[call-overload]

    def effect(self, documents: Iterable[str]) -> Effect:
        """Return the finished effect."""
        months, unpriced = (
            tuple(MonthTold(*key, cents) for key, cents in sorted(sums.items()) if cents)
            for sums in (self.cents, self.unpriced)
        )
        owed = tuple(sorted(documents))
        whole = self._hash.copy()
        whole.update(_canonical([list(map(astuple, months)), list(map(astuple, unpriced)), owed]))
        return Effect(
            gone=tuple(self.gone),
            new=tuple(self.new),
            lines=tuple(self.lines),
            counts=tuple(sorted(self.counts.items())),
            people=len(self.people),
            months=months,
            unpriced=unpriced,
            documents=owed,
            digest=whole.hexdigest(),
        )

    def _take(self, value: object) -> None:
        self._hash.update(_canonical(value))


def _canonical(value: object) -> bytes:
    """Return a value as the one JSON text that it has."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


class Digested(Protocol):
    """What is named by a digest, in hex: an effect."""

    @property
    def digest(self) -> str:
        """Return it whole."""
        ...


def is_named(effect: Digested, digest: str) -> bool:
    """Say whether somebody who names a digest, in whole or by its beginning as shown, means this effect."""
    return len(digest) >= SHOWN and effect.digest.startswith(digest.lower())
