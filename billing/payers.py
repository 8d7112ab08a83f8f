"""Who pays: the subscribers as billing documents show them. Masked keys only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from model.enrollment import SELF, SPOUSES
from model.roster import RosterLine


@dataclass(frozen=True, slots=True)
class Payer:
    """A contract's subscriber. `name` is "Last, First", empty where the roster does not know it."""

    name: str
    masked: str  # subscriber number
    member: str  # member ID


class Payers:
    """The subscribers of a roster by contract."""

    def __init__(self, roster: Iterable[RosterLine]) -> None:
        """Read them from all spans known, past and future: a correction may concern someone no longer covered."""
        self._known: dict[int, Payer] = {}
        self._people: dict[int, RosterLine] = {}
        for line in roster:
            self._people[line.person] = line
            if line.relationship == SELF:
                self._known[line.contract] = Payer(_shown(line), line.masked, line.subscriber_member_id)
            elif line.contract not in self._known:
                self._known[line.contract] = Payer("", line.masked, line.subscriber_member_id)

    def of(self, contract: int) -> Payer:
        """Return a contract's subscriber; one whose coverage was voided whole is shown by the store's number."""
        return self._known.get(contract) or Payer("", f"contract {contract}", "")

    def person(self, person: int) -> str:
        """Return the name of a covered person as the roster knows it; 0 is nobody in particular."""
        line = self._people.get(person)
        return _shown(line) if line else ""

    def order(self, person: int) -> tuple[int, int]:
        """Return where a person stands in the family: subscriber, spouse, the others."""
        line = self._people.get(person)
        relationship = line.relationship if line else ""
        return (0 if relationship == SELF else 1 if relationship in SPOUSES else 2), person


def _shown(line: RosterLine) -> str:
    """Return "Last, First"."""
    name = line.demographics.name
    return ", ".join(part for part in (name.last, name.first) if part)
