"""Enrollment events: what one 834 member loop (2000) or one census row says, typed, with its sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from model.enrollment.facts import Told
from model.finding import ROW, Where
from model.money.cents import Cents
from model.timeline import Span
from model.trade.mentions import IN_CENSUS
from model.x12 import Raw

# Where one value came from: (segment ordinal, byte offset, segment ID, element, component, loop).
Spot = tuple[int, int, str, int, int, str]
# (field name, spot) pairs; a tuple, since an event is frozen and seldom asked.
Placed = tuple[tuple[str, Spot], ...]


@dataclass(slots=True, eq=False, repr=False)
class LateSpots:
    """The pairs of one loop or row, found when they are first asked for. Equal to the tuple of those pairs."""

    find: Callable[[Sequence[Raw]], Placed]  # pure
    segments: Sequence[Raw]  # of a loop; a row has none
    found: Placed | None = None

    def __iter__(self) -> Iterator[tuple[str, Spot]]:
        if self.found is None:
            self.found = self.find(self.segments)
        return iter(self.found)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, (tuple, LateSpots)) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


Spots = Placed | LateSpots


@dataclass(frozen=True, slots=True)
class SetHeader:
    """The header of an 834 (ST .. first INS): BGN, REF*38, DTP, QTY, loops 1000A-C."""

    control: str  # ST02
    purpose: str  # BGN01: 00 original, 15 resubmission, 22 copy
    reference: str  # BGN02
    set_date: date | None  # BGN03
    set_time: str  # BGN04
    original_reference: str  # BGN06
    action: str  # BGN08: 2 change, 4 verify, RX replace
    master_policy: str  # REF*38
    effective: date | None  # DTP*007
    quantities: tuple[tuple[str, int], ...]  # QTY: (DT | ET | TO, count or model.trade.header.UNREADABLE)
    sponsor: tuple[str, str]  # N1*P5: name, identifier
    insurer: tuple[str, str]  # N1*IN
    broker: tuple[str, str]  # N1*BO or N1*TV; empty strings when not sent
    interchange: str = ""  # ISA13, for positions
    group: str = ""  # GS06, for positions
    segment: int = 0  # ordinal of the BGN
    quantity_segments: tuple[int, ...] = ()  # ordinal of each QTY


def _first(references: Sequence[tuple[str, str]], qualifier: str) -> str:
    for kind, value in references:
        if kind == qualifier:
            return value
    return ""


@dataclass(frozen=True, slots=True)
class CoverageEvent:
    """One HD loop (2300)."""

    number: int  # from 1 within the member
    maintenance: str  # HD01
    line_code: str  # HD03: HLT, DEN, VIS ...
    plan: str  # HD04 as sent
    tier: str  # HD05 as sent
    begin: date | None  # DTP*348, first covered day
    end: date | None  # DTP*349, last covered day
    late: bool  # HD09 = Y
    spots: Spots = ()
    references: tuple[tuple[str, str], ...] = ()  # REFs of the loop in file order: (qualifier, value)
    premium: Cents | None = None  # AMT*P3: what the sender takes a month to cost; None: not sent
    paid_to: date | None = None  # DTP*343 of what we send: the last day that is paid; never read

    def reference(self, qualifier: str) -> str:
        """Return the loop's first REF of this qualifier, or empty text."""
        return _first(self.references, qualifier)


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as sent, trimmed."""

    last: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as sent (N3, N4)."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""

    def __bool__(self) -> bool:
        return bool(self.line1 or self.city or self.zip)


@dataclass(frozen=True, slots=True)
class Demographics:
    """What is known of a person beside the SSN. Empty text and None mean: not sent."""

    name: Name = Name()
    birth: date | None = None
    gender: str = ""
    address: Address = Address()
    mailing: Address = Address()
    phone: str = ""
    email: str = ""
    confidentiality: str = ""  # INS13: R restricted, U unrestricted (model.enrollment.confidential)
    birth_sequence: int = 0  # INS17: which of twins; 0: not sent


@dataclass(frozen=True, slots=True)
class EnrollmentEvent:
    """One member loop (2000) of an 834, or one member of a census, before any decision."""

    number: int  # from 1 within the set: the member line
    is_subscriber: bool  # INS01 = Y
    relationship: str  # INS02
    maintenance: str  # INS03
    reason: str  # INS04
    benefit_status: str  # INS05: A, C, S, T
    medicare: str  # INS06-1: A, B, C, D, E
    cobra_event: str  # INS07
    employment: str  # INS08
    student: str  # INS09
    handicapped: bool  # INS10 = Y
    death: date | None  # INS12
    birth_sequence: int  # INS17, 0 when not sent
    subscriber_number: str  # REF*0F
    ssn: str  # NM109 with NM108 = 34, digits only; empty for a placeholder (docs/domain.md, SSNs)
    person: Demographics
    corrected_from: Demographics | None  # 2100B: the incorrect values, with NM101 = 74
    corrected_from_ssn: str
    references: tuple[tuple[str, str], ...]  # member REFs in file order: (qualifier, value)
    dates: tuple[tuple[str, date], ...]  # member DTPs with D8: (qualifier, date)
    coverages: tuple[CoverageEvent, ...]
    start: int  # byte offset of the INS in the file
    end: int  # byte offset just after the loop's last segment
    segment: int  # ordinal of the INS
    spots: Spots = ()
    base: Where = field(default_factory=Where)  # interchange, group and set of every position
    disability: Span | None = None  # 2200 DSB01 = 3, permanent or total: DTP*360 to 361
    no_ssn: tuple[str, ...] = ()  # fields of `where` that hold what was sent for an SSN and is none
    told: tuple[Told, ...] = ()  # facts beside those that have a field here (model.enrollment.facts)
    unkept: Placed = ()  # loops and segments that are not kept, each with its first place
    ssn_hidden: str = ""  # of an SSN that was sent masked, why it is not known

    def reference(self, qualifier: str) -> str:
        """Return the first member REF of this qualifier, or empty text."""
        return _first(self.references, qualifier)

    def date_of(self, qualifier: str) -> date | None:
        """Return the first member DTP of this qualifier, or None."""
        for kind, day in self.dates:
            if kind == qualifier:
                return day
        return None

    def called(self, mention: str) -> str:
        """Return what the sender calls an element or a segment: itself in a file, a column in a census."""
        return IN_CENSUS[mention] if self.is_row else mention

    @property
    def is_row(self) -> bool:
        """Say whether it is the row of a spreadsheet."""
        return self.where().segment_id == ROW

    def text(self, between: str, after: str) -> str:
        """Return what the loop says in these separators of elements and segments; empty for what was no loop."""
        segments = self.spots.segments if isinstance(self.spots, LateSpots) else ()
        return after.join(between.join(elements) for _, _, elements in segments)

    def where(self, name: str = "", coverage: CoverageEvent | None = None) -> Where:
        """Return the position of a field of this member, or of one of its coverages; the INS (HD) when unknown.

        Member fields: ins, relationship, maintenance, reason, subscriber_number, ssn, old:ssn, name, birth,
        address, ref:<qualifier>, dtp:<qualifier>. Coverage fields: hd, plan, tier, line_code, begin, end,
        ref:<qualifier>.
        """
        spots = coverage.spots if coverage else self.spots
        spot = next((at for key, at in spots if key == name), None)
        spot = spot or next((at for key, at in self.unkept if key == name), None)
        spot = spot or next((at for key, at in spots if key in ("ins", "hd")), None)
        if spot is None:
            spot = (self.segment, self.start, "INS", 0, 0, "2000")
        segment, offset, segment_id, element, component, loop = spot
        base = self.base
        return Where(base.interchange, base.group, base.set, segment, segment_id, element, component, offset, loop)
