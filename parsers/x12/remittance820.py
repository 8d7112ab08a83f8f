"""820 segments in, one typed remittance out (005010X218, and 004010X061A1, whose loops are the same).

All money in cents, signs as sent. The reader never judges and never raises; `balance` says what does not add up.
"""

from __future__ import annotations

from datetime import date

from model.codes import found
from model.finding import Finding, Where
from model.money.cents import Cents, format_dollars, parse_cents
from model.money.remittance import Adjustment, Remittance, RemittanceLine
from model.trade.entities import PAYEE, PAYER
from model.trade.payment import DOLLARS, INDIVIDUAL
from model.trade.references import PAID_FOR
from model.x12 import Raw
from parsers.x12.fields import day, number, period, text, total

_NO_SEGMENT: Raw = (0, -1, [""])


class _Line:
    """Collects one RMR loop (2300A or 2300B)."""

    __slots__ = ("adjustments", "charges", "headcount", "name", "person", "references", "rmr", "span")

    def __init__(self, rmr: Raw, person: tuple[str, str], name: tuple[str, str]) -> None:
        self.rmr = rmr
        self.person = person
        self.name = name
        self.adjustments: list[Adjustment] = []
        self.span: tuple[date | None, date | None] = (None, None)
        self.headcount: list[tuple[str, int]] = []
        self.references: list[tuple[str, str]] = []
        self.charges: list[Adjustment] = []


class Reader820:
    """Turns the segments of one 820 set, ST to SE, into one remittance."""

    def __init__(self, base: Where) -> None:
        """Start a set; `base` names interchange (ISA13), group (GS06) and set (ST02) for every position."""
        self._base = base
        self._first: dict[tuple[str, str], Raw] = {}  # (segment ID, qualifier) -> the first such segment
        self._references: list[tuple[str, str]] = []
        self._adjustments: list[Adjustment] = []
        self._lines: list[RemittanceLine] = []
        self._unread: list[Where] = []
        self._line: _Line | None = None
        self._level = ""  # "" before the first ENT, then "A" or "B"
        self._person = ("", "")  # qualifier and identifier: ENT03 and ENT04, or NM108 and NM109
        self._span: tuple[date | None, date | None] = (None, None)  # of the header: of each line that has none
        self._name = ("", "")  # NM103 and NM104

    def push(self, raw: Raw) -> None:
        """Take the next segment."""
        name = raw[2][0]
        if name == "ENT":
            self._open_entity(raw)
        elif name == "RMR":
            self._close_line()
            self._line = _Line(raw, self._person, self._name)
        elif name == "ADX":
            adjustment = Adjustment(self._cents(raw, 1), text(raw, 2), self._where(raw))
            (self._line.adjustments if self._line else self._adjustments).append(adjustment)
        elif name in ("ST", "BPR", "TRN"):  # even when out of place: what is paid is never lost
            self._first.setdefault((name, ""), raw)
        elif self._line:
            self._line_segment(name, raw)
        elif self._level:
            if name == "NM1":  # 2100B
                self._name = (text(raw, 3), text(raw, 4))
                self._person = (text(raw, 8), text(raw, 9)) if text(raw, 9) else self._person
        else:
            self._header_segment(name, raw)

    def finish(self, end: int) -> Remittance | None:
        """Return the remittance at the SE, or where a set was cut; None for a set without a BPR.

        `end` is the byte offset there; it is part of no position, and taken for symmetry with the 834's reader.
        """
        self._close_line()
        bpr = self._first.get(("BPR", ""))
        if bpr is None:
            return None
        return Remittance(
            control=text(self._segment("ST"), 2) or self._base.set,
            handling=text(bpr, 1),
            cents=self._cents(bpr, 2),
            credit=text(bpr, 3),
            method=text(bpr, 4),
            company=text(bpr, 10),
            effective=day(text(bpr, 16)),
            trace=text(self._segment("TRN"), 2),
            references=tuple(self._references),
            payer=self._party(PAYER),
            payee=self._party(PAYEE),
            adjustments=tuple(self._adjustments),
            lines=tuple(self._lines),
            where=self._where(bpr),
            unread=tuple(self._unread),
            currency=text(self._segment("CUR"), 2),
        )

    def _header_segment(self, name: str, raw: Raw) -> None:
        """Take a segment before the first ENT."""
        if name == "REF":
            self._references.append((text(raw, 1), text(raw, 2)))
        elif name == "N1":
            self._first.setdefault((name, text(raw, 1)), raw)
        elif name == "CUR":
            self._first.setdefault((name, ""), raw)
        elif name == "DTM" and text(raw, 1) == PAID_FOR:
            self._span = _span(raw)

    def _open_entity(self, ent: Raw) -> None:
        """Open an ENT loop: an individual is 2J (2000B), anything else an organization (2000A)."""
        self._close_line()
        self._level = "B" if text(ent, 2) == INDIVIDUAL else "A"
        self._person = (text(ent, 3), text(ent, 4)) if self._level == "B" else ("", "")
        self._name = ("", "")

    def _line_segment(self, name: str, raw: Raw) -> None:
        """Take a segment of the RMR loop: the period paid for, references, charges and headcounts."""
        line = self._line
        if line is None:
            return
        if name == "DTM" and text(raw, 1) == PAID_FOR:
            line.span = _span(raw)
        elif name == "REF":
            line.references.append((text(raw, 1), text(raw, 2)))
        elif name == "SAC":
            line.charges.append(Adjustment(number(text(raw, 5)), text(raw, 2), self._where(raw)))  # N2: cents
        elif name == "SLN":
            # C001-01 has two characters, whatever the component separator
            line.headcount.append((text(raw, 5)[:2], total(text(raw, 4))))

    def _close_line(self) -> None:
        """Keep the RMR loop that is open."""
        line, self._line = self._line, None
        if line is None:
            return
        rmr = line.rmr
        begin, end = self._span if line.span == (None, None) else line.span
        self._lines.append(
            RemittanceLine(
                number=len(self._lines) + 1,
                level=self._level or "A",
                qualifier=text(rmr, 1),
                reference=text(rmr, 2),
                kind=text(rmr, 3),
                paid=self._cents(rmr, 4),
                billed=self._cents(rmr, 5) if text(rmr, 5) else None,
                adjustments=tuple(line.adjustments),
                person_id=line.person[1],
                begin=begin,
                end=end,
                headcount=tuple(line.headcount),
                where=self._where(rmr),
                person_qualifier=line.person[0],
                references=tuple(line.references),
                charges=tuple(line.charges),
                person_name=line.name,
            )
        )

    def _segment(self, name: str, qualifier: str = "") -> Raw:
        return self._first.get((name, qualifier), _NO_SEGMENT)

    def _party(self, code: str) -> tuple[str, str]:
        """Return name and identifier of an N1 entity."""
        n1 = self._segment("N1", code)
        return text(n1, 2), text(n1, 4)

    def _cents(self, raw: Raw, element: int) -> Cents:
        """Return an amount; one that is no whole number of cents counts as 0 and is noted for `balance`."""
        try:
            return parse_cents(text(raw, element))
        except ValueError:
            self._unread.append(self._where(raw, element))
            return 0

    def _where(self, raw: Raw, element: int = 0) -> Where:
        """Return the position of a segment, or of one of its elements."""
        name, base = raw[2][0], self._base
        loop = _LOOPS.get((name, self._level, self._line is not None), "")
        return Where(base.interchange, base.group, base.set, raw[0], name, element, 0, raw[1], loop)


def _span(dtm: Raw) -> tuple[date | None, date | None]:
    """Return the period of a DTM, or the day that it begins on."""
    return period(text(dtm, 6)) if text(dtm, 5) == "RD8" else (day(text(dtm, 2)), None)


# (segment ID, level, within an RMR loop) -> loop
_LOOPS = {("RMR", level, inside): f"2300{level}" for level in ("A", "B") for inside in (False, True)}
_LOOPS |= {("ADX", level, True): f"2320{level}" for level in ("A", "B")}
_LOOPS |= {("SAC", "A", True): "2312A"}
_LOOPS |= {("ADX", level, False): f"2200{level}" for level in ("A", "B")}


def balance(remittance: Remittance) -> list[Finding]:
    """Check that the remittance adds up (docs/domain.md, Balance); any finding suspends it whole.

    BPR02 = sum of RMR04 + sum of the 2200 ADX01. RMR05 + sum of the 2320 ADX01 = RMR04, where both are sent
    (a gap without ADX is a short or over payment). A negative BPR02 is no payment; of money that is not dollars
    (CUR02) nobody here knows what it is worth.
    """
    findings = [found("REMITTANCE-AMOUNT", where) for where in remittance.unread]
    at = remittance.where
    if remittance.currency not in ("", DOLLARS):
        findings.append(
            found("REMITTANCE-CURRENCY", at, f"The payment is in {remittance.currency}, not in dollars.")
        )
    if remittance.cents < 0:
        findings.append(found("REMITTANCE-NEGATIVE", at))
    paid = sum(line.paid for line in remittance.lines)
    adjusted = sum(adjustment.cents for adjustment in remittance.adjustments)
    if remittance.cents != paid + adjusted:
        message = (
            f"the payment (BPR02) is {format_dollars(remittance.cents)}, its remittance lines (RMR04) add up to "
            f"{format_dollars(paid)} and its adjustments (ADX01) to {format_dollars(adjusted)}: "
            f"{format_dollars(remittance.cents - paid - adjusted)} unexplained"
        )
        findings.append(found("REMITTANCE-UNBALANCED", at, message))
    return findings + [finding for line in remittance.lines for finding in _line_balance(line)]


def _line_balance(line: RemittanceLine) -> list[Finding]:
    """Check one RMR that sends both what was billed and adjustments."""
    if line.billed is None or not line.adjustments:
        return []
    expected = line.billed + sum(adjustment.cents for adjustment in line.adjustments)
    if expected == line.paid:
        return []
    message = (
        f"remittance line {line.number} pays {format_dollars(line.paid)} (RMR04), but billed (RMR05) and "
        f"adjustments (ADX01) make {format_dollars(expected)}"
    )
    return [found("REMITTANCE-LINE-UNBALANCED", line.where, message)]
