"""What a member loop (2000) of an 834 tells beside identity and coverage: facts, each by its segments.

005010X220A1; the loops of 004010X095A1 are the same. Nothing of a loop is passed over: what is no fact of the
table (model.trade.kept), or too much of one, is named.

Source: docs/domain.md, Facts of a member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from model.enrollment.events import Placed
from model.enrollment.facts import Told, Value
from model.trade.entities import LIABLE
from model.trade.kept import LOOPS, OF_COVERAGE, OF_PERSON, Kept
from model.trade.member import MEDICARE_PLANS, NO
from model.trade.references import BENEFIT_BEGIN, BENEFIT_END, MAINTENANCE_EFFECTIVE, SIGNATURE
from model.x12 import Raw
from parsers.x12.fields import padded, spot, text
from parsers.x12.loops834 import OPENERS, PER_PLACES, Firsts, contact, named_loop

MOST = 16_000  # characters of one fact
_NOT_HANDICAPPED = Told(Kept.HANDICAPPED, 0, ())
# Elements that say nothing of whom or what is enrolled, and when.
_UNREAD: Mapping[str, tuple[int, ...]] = {
    "NM1": (6, 10, 11, 12),
    "DMG": (4, 5, 6, 7, 8, 9, 10, 11),
    "N4": (5, 6),
    "HD": (6, 7, 8, 10, 11),
}
_READ_SEGMENTS = frozenset({"NM1", "PER", "N3", "N4", "DMG"})  # of 2100A to 2100C
_READ_DAYS = frozenset({BENEFIT_BEGIN, BENEFIT_END, MAINTENANCE_EFFECTIVE, SIGNATURE})
_IDENTITY = frozenset({"2100A", "2100B", "2100C"})
_EDGES = frozenset({"LS", "LE"})  # they say where 2700 begins and ends
Key = tuple[str, int]  # kind, and the HD it stands in


def facts_of(ins: Sequence[str], raws: Iterable[Raw]) -> tuple[tuple[Told, ...], Placed]:
    """Return what a member loop tells that an event has no field for, and what is not kept of it.

    Of INS these are the reason of Medicare (INS06) and that the member is not handicapped (INS10 = N). `raws`: the
    whole loop, or nothing where it tells nothing more.
    """
    coded: tuple[Told, ...] = (_NOT_HANDICAPPED,) if ins[10].strip() == NO else ()
    medicare = ins[6].strip()
    if len(medicare) > 2 and MEDICARE_PLANS.effects.get(medicare[0], True):
        coded = (*coded, Told(Kept.MEDICARE, 0, (("INS06", medicare[0], medicare[2]),)))
    if not raws:
        return coded, ()
    more, unkept = told(raws)
    return (*coded, *more), unkept


def people_tell_more(people: Mapping[str, Firsts]) -> bool:
    """Say whether the loops of a member's people may tell what `told` finds.

    Asked of every member: lengths come first, since most segments end before what is not read.
    """
    if not _IDENTITY.issuperset(people):
        return True
    for loop, firsts in people.items():
        for name, (_, _, elements) in firsts.items() if loop != "2100B" else ():
            size = len(elements)
            if size > _PLAIN.get(name, 0) and (name != "NM1" or elements[6] or size > 10):
                return True
    return False


def cover_tells_more(hd: Raw, days: Iterable[str]) -> bool:
    """Say whether a loop 2300 of an HD and a DTP of each of these kinds may tell what `told` finds."""
    return len(hd[2]) > _PLAIN["HD"] or not _READ_DAYS.issuperset(days)


# Up to how many elements, with its ID, a segment surely tells no more.
_PLAIN = {"NM1": 6, "PER": 5, "DMG": 4, "N4": 5, "N3": MOST, "HD": 6}


def _unread(raw: Raw) -> Value:
    """Return the elements of a segment that are not read otherwise, each under its name."""
    name = raw[2][0]
    return tuple((f"{name}{at:02}", value) for at in _UNREAD[name] if (value := text(raw, at)))


def _unread_contacts(raw: Raw) -> Value:
    """Return the numbers of a PER that are neither the person's phone nor the e-mail."""
    per = padded(raw)
    used = contact(per)
    unread = (at for at in PER_PLACES if per[at].strip() and at + 1 not in used)
    return tuple((per[at].strip(), per[at + 1].strip()) for at in unread)


def told(raws: Iterable[Raw]) -> tuple[tuple[Told, ...], Placed]:
    """Return what the segments of a member loop, INS first, tell, and the name and place of what is not kept."""
    found: dict[Key, list[tuple[str, ...]]] = {}
    unkept: list[tuple[str, Raw, str]] = []
    sizes: dict[Key, int] = {}
    for key, told_here, raw, loop in _walk(raws):
        size = sizes.get(key, 0) + sum(len(part) for segment in told_here for part in segment)
        sizes[key] = size
        if key[0] and size <= MOST:
            found.setdefault(key, []).extend(told_here)
        else:
            found.pop(key, None)
            name = f"{loop} {raw[2][0]}"
            if all(name != other for other, _, _ in unkept):
                unkept.append((name, raw, loop))
    facts = tuple(Told(kind, coverage, tuple(value)) for (kind, coverage), value in found.items())
    return facts, tuple((name, spot(raw, 0, loop)) for name, raw, loop in unkept)


def _walk(raws: Iterable[Raw]) -> Iterator[tuple[Key, Value, Raw, str]]:
    """Yield what each segment tells that tells anything: kind ("": none of ours), elements, segment and loop."""
    loop, coverage, kind = "2000", 0, ""
    for raw in raws:
        name = raw[2][0]
        opened = OPENERS.get(name)
        if opened is not None:
            loop = opened or named_loop(loop, raw)
            kind = LOOPS.get(loop, "")
            if loop == "2100G" and text(raw, 1) == LIABLE:
                kind = Kept.ORDER
            coverage += name == "HD"
        if name in _EDGES or loop in ("2000", "2100B"):
            continue
        of = coverage if loop in ("2300", "2310", "2320", "2330") else 0
        if kind:
            yield (kind, of), (_elements(raw),), raw, loop
        else:
            own, value = _own(loop, raw)
            if value:
                yield (own, of), value, raw, loop


def _own(loop: str, raw: Raw) -> tuple[str, Value]:
    """Return what a segment of 2100A, 2100C or 2300 tells beside what is read of it."""
    name = raw[2][0]
    if loop == "2300":
        if name == "HD":
            return Kept.COVER, _unread(raw)
        if name == "DTP" and text(raw, 1) in _READ_DAYS:
            return "", ()
        return OF_COVERAGE.get(name, ""), (_elements(raw),)
    if name == "PER":
        return Kept.CONTACTS, _unread_contacts(raw)
    if name in _UNREAD:
        return Kept.DETAILS, _unread(raw)
    return ("", ()) if name in _READ_SEGMENTS else (OF_PERSON.get(name, ""), (_elements(raw),))


def _elements(raw: Raw) -> tuple[str, ...]:
    """Return a segment's elements without blanks, to the last that was sent."""
    elements = [element.strip() for element in raw[2]]
    while elements and not elements[-1]:
        elements.pop()
    return tuple(elements)
