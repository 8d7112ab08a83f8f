"""834 segments in, typed enrollment events out (005010X220A1, and 004010X095A1, whose loops are the same).

The readers are pushed one segment at a time and hold one member loop in memory. They never judge and never
raise: what the guide forbids is conformance's to report; a value that cannot be read is simply not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from model.enrollment import SELF, Address, CoverageEvent, Demographics, EnrollmentEvent, Name, SetHeader, Spot
from model.finding import Where
from model.x12 import Raw
from parsers.fields import clean_ssn, day, number, period, spot, text

# NM101 of a 2100 loop -> the loop; every other entity (GD, S1, QD ...) is a responsible person, 2100G.
_PEOPLE = {
    "IL": "2100A",
    "74": "2100A",
    "70": "2100B",
    "31": "2100C",
    "36": "2100D",
    "M8": "2100E",
    "S3": "2100F",
    "45": "2100H",
}
_OPENERS = {"HD": "2300", "COB": "2320", "DSB": "2200", "LS": "2700", "LE": "2700"}
_INS_FIELDS = (
    ("ins", 0),
    ("relationship", 2),
    ("maintenance", 3),
    ("reason", 4),
    ("benefit_status", 5),
    ("cobra_event", 7),
    ("employment", 8),
    ("student", 9),
    ("handicapped", 10),
    ("death", 12),
    ("restricted", 13),
    ("birth_sequence", 17),
)
_HD_FIELDS = (("hd", 0), ("maintenance", 1), ("line_code", 3), ("plan", 4), ("tier", 5), ("late", 9))
# PER03 qualifiers in the order in which they serve as the person's phone.
_PHONES = ("HP", "CP", "TE", "WP", "AP")
_NO_SEGMENT: Raw = (0, -1, [""])


def _loop_of(loop: str, raw: Raw) -> str:
    """Return the loop in which a segment stands, given the loop of the segment before it."""
    name = raw[2][0]
    if name == "NM1":
        if loop in ("2300", "2310"):
            return "2310"
        return "2330" if loop in ("2320", "2330") else _PEOPLE.get(text(raw, 1), "2100G")
    if name == "LX":
        return "2700" if loop == "2700" else "2310"
    return _OPENERS.get(name, loop)


def _sent(raw: Raw, fields: tuple[tuple[str, int], ...], loop: str) -> list[tuple[str, Spot]]:
    """Return the positions of those fields of a segment that were sent; element 0 is the segment itself."""
    return [(field, spot(raw, element, loop)) for field, element in fields if not element or text(raw, element)]


class _Coverage:
    """Collects one HD loop."""

    __slots__ = ("begin", "end", "hd", "number", "spots")

    def __init__(self, count: int, hd: Raw) -> None:
        self.number = count
        self.hd = hd
        self.begin: Raw | None = None
        self.end: Raw | None = None
        self.spots = _sent(hd, _HD_FIELDS, "2300")

    def take(self, dtp: Raw) -> None:
        """Take a DTP: 348 and 349 are the benefit dates, the first of each counts."""
        kind = text(dtp, 1)
        if kind == "348" and self.begin is None:
            self.begin = dtp
            self.spots.append(("begin", spot(dtp, 3, "2300")))
        elif kind == "349" and self.end is None:
            self.end = dtp
            self.spots.append(("end", spot(dtp, 3, "2300")))
        elif kind not in ("348", "349"):
            self.spots.append((f"dtp:{kind}", spot(dtp, 3, "2300")))

    def build(self) -> CoverageEvent:
        """Return the event. A 348 sent as a range ends where its range ends, unless a 349 says otherwise."""
        begin, end = _both_ends(self.begin)
        last = _both_ends(self.end)
        hd = self.hd
        return CoverageEvent(
            number=self.number,
            maintenance=text(hd, 1),
            line_code=text(hd, 3),
            plan=text(hd, 4),
            tier=text(hd, 5),
            begin=begin,
            end=(last[1] or last[0]) if self.end else end,
            late=text(hd, 9) == "Y",
            spots=tuple(self.spots),
        )


def _both_ends(dtp: Raw | None) -> tuple[date | None, date | None]:
    """Return the first and the last day of a DTP; a D8 has no last day of its own."""
    if dtp is None:
        return None, None
    value = text(dtp, 3)
    return period(value) if text(dtp, 2) == "RD8" else (day(value), None)


class _Member:
    """Collects one member loop (2000): single segments by their loop, repeated ones in file order."""

    __slots__ = ("coverages", "dates", "first", "ins", "loop", "number", "references", "spots")

    def __init__(self, count: int, ins: Raw) -> None:
        self.number = count
        self.ins = ins
        self.loop = "2000"
        self.first: dict[tuple[str, str], Raw] = {}  # (loop, segment ID) -> the first such segment
        self.references: list[tuple[str, str]] = []
        self.dates: list[tuple[str, date]] = []
        self.coverages: list[_Coverage] = []
        self.spots: list[tuple[str, Spot]] = [
            (name, spot(ins, element, "2000"))
            for name, element in _INS_FIELDS
            if not element or text(ins, element)
        ]

    def push(self, raw: Raw) -> None:
        """Take the next segment of the loop."""
        loop = self.loop = _loop_of(self.loop, raw)
        name = raw[2][0]
        if loop == "2300":
            if name == "HD":
                self.coverages.append(_Coverage(len(self.coverages) + 1, raw))
            elif name == "DTP":
                self.coverages[-1].take(raw)
        elif loop == "2000":
            self._member_segment(name, raw)
        elif loop < "2200":  # the 2100 loops; 2200, 2310, 2320, 2330 and 2700 say nothing that an event holds
            self.first.setdefault((loop, name), raw)

    def _member_segment(self, name: str, raw: Raw) -> None:
        """Take a REF or DTP of the member itself."""
        kind = text(raw, 1)
        if name == "REF" and text(raw, 2):
            self.references.append((kind, text(raw, 2)))
            self.spots.append((f"ref:{kind}", spot(raw, 2, "2000")))
        elif name == "DTP":
            self.spots.append((f"dtp:{kind}", spot(raw, 3, "2000")))
            when = _both_ends(raw)[0]
            if when:
                self.dates.append((kind, when))

    def segment(self, loop: str, name: str) -> Raw:
        """Return the first segment of this name in a loop, or one without elements."""
        return self.first.get((loop, name), _NO_SEGMENT)

    def mark(self, field: str, raw: Raw, element: int, loop: str) -> str:
        """Return an element's text, and note its position under a field name when it was sent."""
        value = text(raw, element)
        if value:
            self.spots.append((field, spot(raw, element, loop)))
        return value

    def build(self, end: int, base: Where) -> EnrollmentEvent:
        """Return the event; `end` is the offset just after the loop's last segment."""
        ins = self.ins
        is_subscriber = text(ins, 1) == "Y" or (not text(ins, 1) and text(ins, 2) == SELF)
        family = next((value for kind, value in self.references if kind == "0F"), "")
        if family:
            where = next(at for name, at in self.spots if name == "ref:0F")
            self.spots.append(("subscriber_number", where))
        person = self._person("2100A", "")
        ssn = self._ssn("2100A", "ssn") or (clean_ssn(family) if is_subscriber else "")
        wrong = self._person("2100B", "old:") if ("2100B", "NM1") in self.first else None
        return EnrollmentEvent(
            number=self.number,
            is_subscriber=is_subscriber,
            relationship=text(ins, 2),
            maintenance=text(ins, 3),
            reason=text(ins, 4),
            benefit_status=text(ins, 5),
            medicare=text(ins, 6)[:1],  # C052-01 is one letter, whatever the component separator
            cobra_event=text(ins, 7),
            employment=text(ins, 8),
            student=text(ins, 9),
            handicapped=text(ins, 10) == "Y",
            death=day(text(ins, 12)) if text(ins, 11) in ("", "D8") else None,
            restricted=text(ins, 13) == "R",
            birth_sequence=number(text(ins, 17)),
            subscriber_number=family,
            ssn=ssn,
            person=person,
            corrected_from=wrong,
            corrected_from_ssn=self._ssn("2100B", "old:ssn"),
            references=tuple(self.references),
            dates=tuple(self.dates),
            coverages=tuple(coverage.build() for coverage in self.coverages),
            start=ins[1],
            end=end,
            segment=ins[0],
            spots=tuple(self.spots),
            base=base,
        )

    def _person(self, loop: str, prefix: str) -> Demographics:
        """Return who NM1, DMG, N3, N4 and PER of a loop say the person is; mail goes to loop 2100C."""
        nm1, dmg = self.segment(loop, "NM1"), self.segment(loop, "DMG")
        last = self.mark(f"{prefix}name", nm1, 3, loop)
        birth = self.mark(f"{prefix}birth", dmg, 2, loop)
        phone, email = self._contact(loop)
        return Demographics(
            name=Name(last, text(nm1, 4), text(nm1, 5), text(nm1, 7)),
            birth=day(birth) if text(dmg, 1) in ("", "D8") else None,
            gender=self.mark(f"{prefix}gender", dmg, 3, loop),
            address=self._address(loop, f"{prefix}address"),
            mailing=self._address("2100C", "mailing") if not prefix else Address(),
            phone=phone,
            email=email,
        )

    def _ssn(self, loop: str, field: str) -> str:
        """Return the SSN of a loop's NM1. The position is kept even when what was sent is none."""
        nm1 = self.segment(loop, "NM1")
        return clean_ssn(self.mark(field, nm1, 9, loop)) if text(nm1, 8) == "34" else ""

    def _address(self, loop: str, field: str) -> Address:
        """Return the N3 and N4 of a loop."""
        n3, n4 = self.segment(loop, "N3"), self.segment(loop, "N4")
        line1 = self.mark(field, n3, 1, loop)
        if not line1:
            self.mark(field, n4, 1, loop)
        return Address(line1, text(n3, 2), text(n4, 1), text(n4, 2), text(n4, 3), text(n4, 4))

    def _contact(self, loop: str) -> tuple[str, str]:
        """Return phone and e-mail of a loop's PER, which holds up to three numbers (PER03-08)."""
        per = self.segment(loop, "PER")
        numbers = {text(per, element): element + 1 for element in (7, 5, 3) if text(per, element)}
        phone = next((numbers[kind] for kind in _PHONES if kind in numbers), 0)
        email = numbers.get("EM", 0)
        return (
            self.mark("phone", per, phone, loop) if phone else "",
            self.mark("email", per, email, loop) if email else "",
        )


class _Header:
    """Collects the segments from ST to the first INS."""

    __slots__ = ("first", "quantities")

    def __init__(self) -> None:
        self.first: dict[tuple[str, str], Raw] = {}  # (segment ID, qualifier) -> the first such segment
        self.quantities: list[tuple[str, int]] = []

    def push(self, raw: Raw) -> None:
        """Take the next segment of the header."""
        name = raw[2][0]
        if name == "QTY":
            self.quantities.append((text(raw, 1), number(text(raw, 2))))
        elif name in ("ST", "BGN"):
            self.first.setdefault((name, ""), raw)
        elif name in ("REF", "DTP", "N1"):
            self.first.setdefault((name, text(raw, 1)), raw)

    def segment(self, name: str, qualifier: str = "") -> Raw:
        """Return the first segment of this name and qualifier, or one without elements."""
        return self.first.get((name, qualifier), _NO_SEGMENT)

    def _party(self, *codes: str) -> tuple[str, str]:
        """Return name and identifier of the first of these N1 entities that was sent."""
        n1 = next((self.first["N1", code] for code in codes if ("N1", code) in self.first), _NO_SEGMENT)
        return text(n1, 2), text(n1, 4)

    def build(self, base: Where) -> SetHeader:
        """Return the header."""
        st, bgn = self.segment("ST"), self.segment("BGN")
        return SetHeader(
            control=text(st, 2) or base.set,
            purpose=text(bgn, 1),
            reference=text(bgn, 2),
            set_date=day(text(bgn, 3)),
            set_time=text(bgn, 4),
            original_reference=text(bgn, 6),
            action=text(bgn, 8),
            master_policy=text(self.segment("REF", "38"), 2),
            effective=_both_ends(self.first.get(("DTP", "007")))[0],
            quantities=tuple(self.quantities),
            sponsor=self._party("P5"),
            insurer=self._party("IN"),
            broker=self._party("BO", "TV"),
            interchange=base.interchange,
            group=base.group,
            segment=bgn[0] or st[0],
        )


class Reader834:
    """Turns the segments of one 834 set, ST to SE, into its header and its members, as each is complete."""

    def __init__(self, base: Where) -> None:
        """Start a set; `base` names interchange (ISA13), group (GS06) and set (ST02) for every position."""
        self._base = base
        self._header: _Header | None = _Header()
        self._member: _Member | None = None
        self._count = 0

    def push(self, raw: Raw) -> SetHeader | EnrollmentEvent | None:
        """Take the next segment; return what it completes: the header at the first INS, a member at the next.

        The SE completes the last member, or the header of a set without members.
        """
        name = raw[2][0]
        if name not in ("INS", "SE"):
            collector = self._member or self._header
            if collector:
                collector.push(raw)
            return None
        done = self.finish(raw[1])
        if name == "INS":
            self._count += 1
            self._member = _Member(self._count, raw)
        return done

    def finish(self, end: int) -> SetHeader | EnrollmentEvent | None:
        """Return what is still open, for a set cut before its SE at byte offset `end`; None when nothing is."""
        if self._member:
            member, self._member = self._member, None
            return member.build(end, self._base)
        if self._header:
            header, self._header = self._header, None
            return header.build(self._base)
        return None


def member_events(slices: Iterable[tuple[int, Iterable[Raw], int]], base: Where) -> Iterator[EnrollmentEvent]:
    """Read single member loops again: (member number, its segments from INS on, end offset) each.

    A slice without segments gives no event.
    """
    for count, segments, end in slices:
        member: _Member | None = None
        for raw in segments:
            if member:
                member.push(raw)
            else:
                member = _Member(count, raw)
        if member:
            yield member.build(end, base)
