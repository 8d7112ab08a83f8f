"""A member loop (2000) of an 834 taken apart: which segments speak of whom, and where each value stands.

005010X220A1; the loops of 004010X095A1 are the same. Values (parsers.x12.enrollment834) and positions are read
from the same parts, positions only when somebody asks: a finding names one of a member's thirty, and most have
none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from model.enrollment.events import Placed, Spot
from model.trade.entities import EMAIL, OTHER_PERSON, PERSONS, PHONES
from model.trade.payment import SSN
from model.trade.references import BENEFIT_BEGIN, BENEFIT_END, SUBSCRIBER_NUMBER
from model.x12 import Raw
from parsers.x12.fields import padded, spot, text

# Segment ID -> the first such segment of a person's loop.
Firsts = Mapping[str, Raw]
# A member's segments by what they speak of: the member itself (2000: INS, REF, DTP), each person (2100A to 2100H),
# each coverage (2300, from its HD on), each disability (2200, from its DSB on); whether there is any other loop.
Parts = tuple[list[Raw], Mapping[str, Firsts], list[list[Raw]], list[list[Raw]], bool]

NO_SEGMENT: Raw = (0, -1, [""])
NOBODY: Firsts = {}
# Segment ID -> the loop it opens, if that is always the same one.
OPENERS = {"NM1": "", "LX": "", "HD": "2300", "COB": "2320", "DSB": "2200", "LS": "2700", "LE": "2700"}
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
    ("confidentiality", 13),
    ("birth_sequence", 17),
)
_HD_FIELDS = (("hd", 0), ("maintenance", 1), ("line_code", 3), ("plan", 4), ("tier", 5), ("late", 9))
PER_PLACES = (7, 5, 3)  # the qualifiers of a PER's numbers
_BENEFIT_DATES = {BENEFIT_BEGIN: "begin", BENEFIT_END: "end"}


def named_loop(loop: str, raw: Raw) -> str:
    """Return the loop that an NM1 or LX opens, given the loop before it."""
    if raw[2][0] == "LX":
        return "2700" if loop == "2700" else "2310"
    if loop in ("2300", "2310"):
        return "2310"
    return "2330" if loop in ("2320", "2330") else PERSONS.effects.get(text(raw, 1), OTHER_PERSON)


def take_apart(raws: Iterable[Raw]) -> Parts:
    """Sort the segments of one member loop, INS first. A person's loop sent twice counts as one."""
    own: list[Raw] = []
    people: dict[str, dict[str, Raw]] = {}
    coverages: list[list[Raw]] = []
    disabilities: list[list[Raw]] = []
    loop, segments, person, others = "2000", own, None, False
    for raw in raws:
        opened = OPENERS.get(raw[2][0])
        if opened is not None:
            loop = opened or named_loop(loop, raw)
            person = people.setdefault(loop, {}) if loop < "2200" else None
            segments = []
            if opened == "2300":
                coverages.append(segments)
            elif opened == "2200":
                disabilities.append(segments)
            elif person is None:
                others = True
        if person is None:
            segments.append(raw)
        else:
            person.setdefault(raw[2][0], raw)
    return own, people, coverages, disabilities, others


def _sent(raw: Raw, fields: tuple[tuple[str, int], ...], loop: str) -> list[tuple[str, Spot]]:
    """Return the positions of those fields of a segment that were sent; element 0 is the segment itself."""
    return [(name, spot(raw, element, loop)) for name, element in fields if not element or text(raw, element)]


def contact(per: Sequence[str]) -> tuple[int, int]:
    """Return which elements of a PER hold the person's phone and e-mail; 0 when none does.

    PER03 to PER08 are up to three numbers, each behind its qualifier; the first of two alike counts.
    """
    numbers = {per[element].strip(): element + 1 for element in PER_PLACES}
    phone = next(filter(numbers.__contains__, PHONES), None)
    return numbers[phone] if phone else 0, numbers.get(EMAIL, 0)


def coverage_places(segments: Sequence[Raw]) -> Placed:
    """Return where the fields of one HD loop stand; the first 348 and the first 349 are the benefit dates."""
    places = _sent(segments[0], _HD_FIELDS, "2300")
    told: set[str] = set()
    for raw in segments:
        kind = text(raw, 1)
        if raw[2][0] == "DTP" and kind not in told:
            places.append((_BENEFIT_DATES.get(kind) or f"dtp:{kind}", spot(raw, 3, "2300")))
            told.update(_BENEFIT_DATES.keys() & {kind})
        elif raw[2][0] == "REF" and text(raw, 2):
            places.append((f"ref:{kind}", spot(raw, 2, "2300")))
    return tuple(places)


def _first_line(said: Firsts) -> tuple[Raw, int]:
    """Return the segment and element where a person's address begins: its street, or else its city."""
    street = said.get("N3", NO_SEGMENT)
    return (street, 1) if text(street, 1) else (said.get("N4", NO_SEGMENT), 1)


def member_places(raws: Sequence[Raw]) -> Placed:
    """Return where the fields of one member stand, those of its coverages left out."""
    own, people, *_ = take_apart(raws)
    places = _sent(own[0], _INS_FIELDS, "2000")
    for raw in own:
        name, kind = raw[2][0], text(raw, 1)
        if name == "DTP":
            places.append((f"dtp:{kind}", spot(raw, 3, "2000")))
        elif name == "REF" and text(raw, 2):
            places.append((f"ref:{kind}", spot(raw, 2, "2000")))
    places += [("subscriber_number", at) for field, at in places if field == f"ref:{SUBSCRIBER_NUMBER}"][:1]
    mail = people.get("2100C", NOBODY)
    for loop, prefix in (("2100A", ""), ("2100B", "old:")):
        said = people.get(loop, NOBODY)
        nm1, dmg, per = (said.get(name, NO_SEGMENT) for name in ("NM1", "DMG", "PER"))
        phone, email = contact(padded(per))
        wanted = [
            (f"{prefix}name", nm1, 3, loop),
            (f"{prefix}birth", dmg, 2, loop),
            ("phone", per, phone, loop),
            ("email", per, email, loop),
            (f"{prefix}gender", dmg, 3, loop),
            (f"{prefix}address", *_first_line(said), loop),
            ("mailing", *_first_line(NOBODY if prefix else mail), "2100C"),
            (f"{prefix}ssn", nm1, 9 if text(nm1, 8) == SSN else 0, loop),
        ]
        places += [(field, spot(raw, at, within)) for field, raw, at, within in wanted if at and text(raw, at)]
    return tuple(places)
