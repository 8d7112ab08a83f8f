"""Court orders of a child, as facts of the member: told by a file, or recorded at the desk, and lifted there.

A file's order is NM1*E1 as it was sent, without a date of its own. One of the desk has its date and authority.
A lifted order stays known as lifted, so that the file that tells it again does not order anew; one of other words
does.

Source: docs/domain.md, Court orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from model.enrollment.facts import Facts, MemberFact, Value, laid
from model.trade.kept import Kept

LONGEST = 200  # characters of an authority
_FILE, _DESK, _FILE_LIFTED = "", "desk", "lifted"  # what the fact is about: who told it
_ORDER, _LIFTED, _DAY = "ORDER", "LIFTED", "%Y%m%d"


@dataclass(frozen=True, slots=True)
class Order:
    """One court order of a member; `day` None: a file told it, and its record stands for the date.

    `lifted`: since when it does not hold any more; None: it stands.
    """

    authority: str
    day: date | None
    lifted: date | None = None


def orders(facts: Facts) -> Iterator[Order]:
    """Yield the orders of a member, those that were lifted too, what a file told first."""
    known = _known(facts)
    if sent := known.get(_FILE):
        yield Order(_sent_by(sent), None, _file_lifted(known))
    if kept := known.get(_DESK):
        yield Order(kept[0][2], _read(kept[0][1]), _read(kept[1][1]) if len(kept) > 1 else None)


def is_ordered(facts: Facts) -> bool:
    """Say whether a court order of a member stands."""
    return any(order.lifted is None for order in orders(facts))


def recorded(facts: Facts, day: date, authority: str) -> Facts:
    """Return the facts of a member with an order of a day by an authority, in the place of the desk's last one."""
    return laid(facts, [_fact(_DESK, ((_ORDER, f"{day:{_DAY}}", authority),))])


def lifted(facts: Facts, day: date) -> Facts:
    """Return the facts of a member of whom no order holds any more since a day."""
    known, over = _known(facts), (_LIFTED, f"{day:{_DAY}}")
    told = []
    if (sent := known.get(_FILE)) and _file_lifted(known) is None:
        told.append(_fact(_FILE_LIFTED, (over, *sent)))
    if (kept := known.get(_DESK)) and len(kept) == 1:
        told.append(_fact(_DESK, (*kept, over)))
    return laid(facts, told)


def _known(facts: Facts) -> dict[str, Value]:
    return {fact.about: fact.value for fact in facts if fact.kind == Kept.ORDER}


def _file_lifted(known: dict[str, Value]) -> date | None:
    """Return since when what a file told is lifted; None where it stands, or other words were told since."""
    over = known.get(_FILE_LIFTED)
    return _read(over[0][1]) if over and over[1:] == known[_FILE] else None


def _sent_by(sent: Value) -> str:
    """Return who ordered, by NM103 to NM105 of the first NM1 of a file's loop."""
    name = next((segment for segment in sent if segment[0] == "NM1"), ())
    return " ".join(part for part in reversed(name[3:6]) if part)


def _read(day: str) -> date:
    return date.fromisoformat(day)


def _fact(about: str, value: Value) -> MemberFact:
    return MemberFact(Kept.ORDER.value, about, value)
