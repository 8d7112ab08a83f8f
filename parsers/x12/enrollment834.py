"""834 segments in, typed enrollment events out (005010X220A1, and 004010X095A1, whose loops are the same).

The reader is pushed one segment at a time and holds one member loop in memory. Nothing here judges or raises: what
the guide forbids is conformance's to report; a value that cannot be read is simply not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice, pairwise

from model.enrollment.events import (
    Address,
    CoverageEvent,
    Demographics,
    EnrollmentEvent,
    LateSpots,
    Name,
    SetHeader,
)
from model.finding import Where
from model.money.cents import Cents, parse_cents
from model.quick import quick
from model.timeline import OPEN, Span
from model.trade.coverage import PREMIUM
from model.trade.entities import BROKERS, INSURER, SPONSOR
from model.trade.member import PERMANENT, RESTRICTED, SELF, UNRESTRICTED, YES
from model.trade.payment import SSN
from model.trade.references import (
    BENEFIT_BEGIN,
    BENEFIT_END,
    DISABLED_FROM,
    DISABLED_TO,
    FILE_EFFECTIVE,
    MASTER_POLICY,
    SUBSCRIBER_NUMBER,
)
from model.x12 import Raw
from parsers.x12.fields import day, number, padded, period, text, total
from parsers.x12.loops834 import NO_SEGMENT, NOBODY, Firsts, contact, coverage_places, member_places, take_apart
from parsers.x12.runs import Run
from parsers.x12.told834 import cover_tells_more, facts_of, people_tell_more
from vault.ssn import clean_ssn, looks_like_ssn

# What is held of one loop at most, whatever a file repeats without end. The guide lets only EC, LUI, DSB and LX
# (2700) repeat so; all else that a member may have is fewer than 37,000 segments (99 HD, 30 providers in each).
MAX_SEGMENTS = 100_000
MAX_BYTES = 16 * 1024 * 1024

# A file makes five or six of these for each member.
_event = quick(EnrollmentEvent)
_coverage_event = quick(CoverageEvent)
_demographics = quick(Demographics)
_name = quick(Name)
_address_of = quick(Address)
_NO_ADDRESS = Address()
_CONFIDENTIALITY = (RESTRICTED, UNRESTRICTED)
_NO_DAYS: tuple[date | None, date | None] = (None, None)


def _days(dtp: Sequence[str]) -> tuple[date | None, date | None]:
    """Return the first and the last day of a DTP's elements; a D8 has no last day of its own."""
    if len(dtp) < 4:
        return _NO_DAYS
    value = dtp[3].strip()
    return period(value) if dtp[2].strip() == "RD8" else (day(value), None)


def _coverage(count: int, segments: Sequence[Raw], telling: list[int]) -> CoverageEvent:
    """Return what a loop 2300 says: the first 348 and the first 349 are the benefit dates.

    A 348 sent as a range ends where its range ends, unless a 349 says otherwise. `telling` takes the loop's number
    where it may tell more.
    """
    days: dict[str, tuple[date | None, date | None]] = {}
    references: list[tuple[str, str]] = []
    premium: Cents | None = None
    for _, _, elements in segments:
        if elements[0] == "DTP":
            if len(elements) > 1 and (kind := elements[1].strip()) not in days:
                days[kind] = _days(elements)
        elif elements[0] == "REF" and len(elements) > 2 and (value := elements[2].strip()):
            references.append((elements[1].strip(), value))
        elif elements[0] == "AMT" and premium is None and len(elements) > 2 and elements[1].strip() == PREMIUM:
            premium = _cents(elements[2].strip())
    if len(segments) != 1 + len(days) or cover_tells_more(segments[0], days):
        telling.append(count)
    begin, end = days.get(BENEFIT_BEGIN, _NO_DAYS)
    if BENEFIT_END in days:
        first, last = days[BENEFIT_END]
        end = last or first
    hd = padded(segments[0])
    maintenance, line, plan, tier = hd[1].strip(), hd[3].strip(), hd[4].strip(), hd[5].strip()
    spots = LateSpots(coverage_places, segments)
    late, told = hd[9].strip() == YES, tuple(references) if references else ()
    return _coverage_event(count, maintenance, line, plan, tier, begin, end, late, spots, told, premium)


def _covers(loops: Iterable[Sequence[Raw]]) -> tuple[tuple[CoverageEvent, ...], list[int]]:
    """Return what each loop 2300 says, and the numbers of those that may tell more."""
    telling: list[int] = []
    return tuple([_coverage(at, segments, telling) for at, segments in enumerate(loops, 1)]), telling


def _cents(text: str) -> Cents | None:
    """Return an amount in cents; None for what is none, which its form says already."""
    try:
        return parse_cents(text)
    except ValueError:
        return None


def _disability(loops: Iterable[Sequence[Raw]]) -> Span | None:
    """Return the days of a permanent or total disability (DSB01 = 3); it has to say since when (DTP*360)."""
    for segments in loops:
        if text(segments[0], 1) != PERMANENT:
            continue
        days = {text(raw, 1): _days(raw[2]) for raw in segments if raw[2][0] == "DTP"}
        begin, last = days.get(DISABLED_FROM, _NO_DAYS)
        end = days.get(DISABLED_TO, _NO_DAYS)[0] or last or OPEN
        if begin and begin <= end:
            return Span(begin, end)
    return None


def _told(own: Iterable[Raw]) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, date], ...]]:
    """Return the REFs and the DTPs of the member itself."""
    references: list[tuple[str, str]] = []
    dates: list[tuple[str, date]] = []
    for _, _, elements in own:
        name = elements[0]
        if name == "REF":
            if len(elements) > 2 and (value := elements[2].strip()):
                references.append((elements[1].strip(), value))
        elif name == "DTP" and (when := _days(elements)[0]):
            dates.append((elements[1].strip(), when))
    return tuple(references), tuple(dates)


def _person(said: Firsts, mailing: Address, confidentiality: str = "", nth: int = 0) -> tuple[Demographics, str]:
    """Return who NM1, DMG, N3, N4 and PER of a loop say the person is, with INS13 and INS17, and the SSN."""
    nm1, dmg = padded(said.get("NM1", NO_SEGMENT)), padded(said.get("DMG", NO_SEGMENT))
    birth = day(dmg[2].strip()) if dmg[1].strip() in ("", "D8") else None
    phone = email = ""
    if "PER" in said:
        per = padded(said["PER"])
        at_phone, at_email = contact(per)
        phone = per[at_phone].strip() if at_phone else ""
        email = per[at_email].strip() if at_email else ""
    name = _name(nm1[3].strip(), nm1[4].strip(), nm1[5].strip(), nm1[7].strip())
    told = (dmg[3].strip(), _address(said), mailing, phone, email, confidentiality, nth)
    person = _demographics(name, birth, *told)
    return person, clean_ssn(nm1[9].strip()) if nm1[8].strip() == SSN else ""


def _address(said: Firsts) -> Address:
    """Return the N3 and N4 of a loop."""
    if "N3" not in said and "N4" not in said:
        return _NO_ADDRESS
    n3, n4 = padded(said.get("N3", NO_SEGMENT)), padded(said.get("N4", NO_SEGMENT))
    return _address_of(n3[1].strip(), n3[2].strip(), n4[1].strip(), n4[2].strip(), n4[3].strip(), n4[4].strip())


def member_event(count: int, raws: Sequence[Raw], end: int, base: Where) -> EnrollmentEvent:
    """Return what a member loop (2000) says.

    `count` is the member's number within its set, `raws` the loop's segments from INS on (they are kept, and must
    not change), `end` the byte offset just after the last of them; `base` names interchange, group and set.
    """
    own, people, coverages, disabilities, others = take_apart(raws)
    (ordinal, start, _), ins = own[0], padded(own[0])
    indicator, relationship = ins[1].strip(), ins[2].strip()
    is_subscriber = indicator == YES or (not indicator and relationship == SELF)
    references, dates = _told(own)
    family = next((value for kind, value in references if kind == SUBSCRIBER_NUMBER), "")
    mailing = _address(people["2100C"]) if "2100C" in people else _NO_ADDRESS
    confidentiality = said if (said := ins[13].strip()) in _CONFIDENTIALITY else ""
    nth = number(ins[17].strip()[:9])  # N0, at most nine digits
    person, ssn = _person(people.get("2100A", NOBODY), mailing, confidentiality, nth)
    wrong, wrong_ssn = _person(people["2100B"], _NO_ADDRESS) if "2100B" in people else (None, "")
    covers, telling = _covers(coverages)
    no_ssn = () if ssn and wrong is None else _no_ssn(people, family if is_subscriber else "", ssn, wrong_ssn)
    return _event(  # by position: naming its fields takes as long again as all the rest of this function
        count,
        is_subscriber,
        relationship,
        ins[3].strip(),  # maintenance
        ins[4].strip(),  # reason
        ins[5].strip(),  # benefit_status
        ins[6].strip()[:1],  # medicare: C052-01 is one letter, whatever the component separator
        ins[7].strip(),  # cobra_event
        ins[8].strip(),  # employment
        ins[9].strip(),  # student
        ins[10].strip() == YES,  # handicapped
        day(ins[12].strip()) if ins[11].strip() in ("", "D8") else None,  # death
        nth,  # birth_sequence
        family,
        ssn or (clean_ssn(family) if is_subscriber else ""),
        person,
        wrong,
        wrong_ssn,
        references,
        dates,
        covers,
        start,
        end,
        ordinal,
        LateSpots(member_places, raws),
        base,
        _disability(disabilities) if disabilities else None,
        no_ssn,
        *facts_of(ins, raws if others or disabilities or telling or people_tell_more(people) else ()),
    )


def _no_ssn(people: Mapping[str, Firsts], family: str, ssn: str, wrong_ssn: str) -> tuple[str, ...]:
    """Return where a loop holds what it calls an SSN, or what is shaped like one, and is none.

    `family`: REF*0F of a subscriber, which serves as the SSN where NM109 has none.
    """
    found = []
    for loop, name, usable in (("2100A", "ssn", ssn), ("2100B", "old:ssn", wrong_ssn)):
        nm1 = people.get(loop, NOBODY).get("NM1", NO_SEGMENT)
        if not usable and text(nm1, 8) == SSN and text(nm1, 9):
            found.append(name)
    if not ssn and looks_like_ssn(family) and not clean_ssn(family):
        found.append("subscriber_number")
    return tuple(found)


def _party(first: Mapping[tuple[str, str], Raw], *codes: str) -> tuple[str, str]:
    """Return name and identifier of the first of these N1 entities that was sent."""
    n1 = next((first["N1", code] for code in codes if ("N1", code) in first), NO_SEGMENT)
    return text(n1, 2), text(n1, 4)


def _header(raws: Iterable[Raw], base: Where) -> SetHeader:
    """Return what the segments from ST to the first INS say."""
    first: dict[tuple[str, str], Raw] = {}  # (segment ID, qualifier) -> the first such segment
    quantities: list[tuple[str, int]] = []
    places: list[int] = []
    for raw in raws:
        name = raw[2][0]
        if name == "QTY":
            quantities.append((text(raw, 1), total(text(raw, 2))))
            places.append(raw[0])
        elif name in ("ST", "BGN"):
            first.setdefault((name, ""), raw)
        elif name in ("REF", "DTP", "N1"):
            first.setdefault((name, text(raw, 1)), raw)
    st, bgn = first.get(("ST", ""), NO_SEGMENT), first.get(("BGN", ""), NO_SEGMENT)
    return SetHeader(
        control=text(st, 2) or base.set,
        purpose=text(bgn, 1),
        reference=text(bgn, 2),
        set_date=day(text(bgn, 3)),
        set_time=text(bgn, 4),
        original_reference=text(bgn, 6),
        action=text(bgn, 8),
        master_policy=text(first.get(("REF", MASTER_POLICY), NO_SEGMENT), 2),
        effective=_days(first.get(("DTP", FILE_EFFECTIVE), NO_SEGMENT)[2])[0],
        quantities=tuple(quantities),
        sponsor=_party(first, SPONSOR),
        insurer=_party(first, INSURER),
        broker=_party(first, *BROKERS),
        interchange=base.interchange,
        group=base.group,
        segment=bgn[0] or st[0],
        quantity_segments=tuple(places),
    )


class LoopBound:
    """Says whether a loop 2000, or the header before the first, is longer than a reader holds.

    It counts where members are not read, too, so that a file is judged alike either way.
    """

    __slots__ = ("_begin", "_count", "exceeded")

    def __init__(self) -> None:
        self.exceeded = False
        self._begin = self._count = 0  # of the open loop: its first segment's offset, and how many there are

    def push(self, raw: Raw) -> None:
        """Take the next segment of the set, ST and SE included."""
        name = raw[2][0]
        if name == "INS" or not self._count:
            self._begin, self._count = raw[1], 1
        elif name != "SE":
            self._count += 1
            self._ask(raw[1])

    def run(self, run: Run, begin: int, end: int) -> None:
        """Take the segments of a run from one index up to another, without ST and SE."""
        opens = [at for at, elements in enumerate(run.elements[begin:end], begin) if elements[0] == "INS"]
        first = opens[0] if opens else end
        if first > begin:
            self._begin = self._begin if self._count else run.start(begin)
            self._count += first - begin
            self._ask(run.start(first - 1))
        if len(run) > MAX_SEGMENTS or len(run.data) > MAX_BYTES:  # else no loop inside of it is too long
            for at, after in pairwise(opens):
                self._begin, self._count = run.start(at), after - at
                self._ask(run.start(after - 1))
        if opens:
            self._begin, self._count = run.start(opens[-1]), end - opens[-1]
            self._ask(run.start(end - 1))

    def _ask(self, last: int) -> None:
        """`last`: where the loop's last segment so far begins."""
        if self._count > MAX_SEGMENTS or last >= self._begin + MAX_BYTES:
            self.exceeded = True


class Reader834:
    """Turns the segments of one 834 set, ST to SE, into its header and its members, as each is complete."""

    def __init__(self, base: Where) -> None:
        """Start a set; `base` names interchange (ISA13), group (GS06) and set (ST02) for every position."""
        self._base = base
        self._count = 0  # members begun; until the first, the segments are the header's
        self._open = True
        self._raws: list[Raw] = []
        self._far = 0  # the byte offset up to which segments are kept

    def push(self, raw: Raw) -> SetHeader | EnrollmentEvent | None:
        """Take the next segment; return what it completes: the header at the first INS, a member at the next.

        The SE completes the last member, or the header of a set without members.
        """
        name = raw[2][0]
        if name != "INS" and name != "SE":
            if raw[1] < self._far and len(self._raws) < MAX_SEGMENTS:
                self._raws.append(raw)
            elif not self._raws:
                self._begin(raw)
            return None
        done = self.finish(raw[1])
        if name == "INS":
            self._count += 1
            self._open = True
            self._begin(raw)
        return done

    def _begin(self, raw: Raw) -> None:
        """Begin a loop with its first segment."""
        self._raws, self._far = [raw], raw[1] + MAX_BYTES

    def finish(self, end: int) -> SetHeader | EnrollmentEvent | None:
        """Return what is still open, for a set cut before its SE at byte offset `end`; None when nothing is."""
        if not self._open:
            return None
        self._open = False
        raws, self._raws = self._raws, []
        return member_event(self._count, raws, end, self._base) if self._count else _header(raws, self._base)


def member_events(slices: Iterable[tuple[int, Iterable[Raw], int]], base: Where) -> Iterator[EnrollmentEvent]:
    """Read single member loops again: (member number, its segments from INS on, end offset) each.

    A slice without segments gives no event.
    """
    for count, segments, end in slices:
        raws = list(islice(segments, MAX_SEGMENTS))
        if raws and raws[-1][1] >= (far := raws[0][1] + MAX_BYTES):
            raws = [raw for raw in raws if raw[1] < far]
        if raws:
            yield member_event(count, raws, end, base)
