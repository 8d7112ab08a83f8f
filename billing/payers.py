"""Who pays: the subscribers as billing documents show them. Masked keys only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from model.enrollment.events import Demographics
from model.enrollment.roster import Contract, RosterLine
from model.trade.member import SELF, SPOUSES


@dataclass(frozen=True, slots=True)
class Payer:
    """A contract's subscriber. `name` is "Last, First", empty where the roster does not know it."""

    name: str
    masked: str  # subscriber number
    member: str  # member ID


class Payers:
    """The subscribers and covered people of a group by contract."""

    def __init__(self, roster: Iterable[RosterLine] = (), others: Iterable[Contract] = ()) -> None:
        """Read them from spans and contracts, as `add` does."""
        self._known: dict[int, Payer] = {}
        self._people: dict[int, tuple[str, str]] = {}  # relationship and name, by person
        self.add(roster, others)

    def add(self, roster: Iterable[RosterLine], others: Iterable[Contract] = ()) -> None:
        """Read some from all spans known, past and future: a correction may concern someone no longer covered.

        `others` are contracts without a span, whose coverage was voided whole: their people are known still.
        """
        for contract in others:
            for enrollee in contract.enrollees:
                self._people[enrollee.person.id] = enrollee.relationship, _shown(enrollee.person.demographics)
            holder = next((enrollee.person for enrollee in contract.enrollees if enrollee.is_subscriber), None)
            name = _shown(holder.demographics) if holder else ""
            self._known[contract.id] = Payer(name, contract.masked, holder.member_id if holder else "")
        for line in roster:
            name = _shown(line.demographics)
            self._people[line.person] = line.relationship, name
            if line.relationship == SELF:
                self._known[line.contract] = Payer(name, line.masked, line.subscriber_member_id)
            elif line.contract not in self._known:
                self._known[line.contract] = Payer("", line.masked, line.subscriber_member_id)

    def of(self, contract: int) -> Payer:
        """Return a contract's subscriber; one of whom nothing was read is shown by the store's number."""
        return self._known.get(contract) or Payer("", f"contract {contract}", "")

    def person(self, person: int) -> str:
        """Return the name of a covered person as the roster knows it; 0 is nobody in particular."""
        return self._people.get(person, ("", ""))[1]

    def order(self, person: int) -> tuple[int, int]:
        """Return where a person stands in the family: subscriber, spouse, the others."""
        relationship = self._people.get(person, ("", ""))[0]
        return (0 if relationship == SELF else 1 if relationship in SPOUSES else 2), person


def _shown(person: Demographics) -> str:
    """Return "Last, First"."""
    return ", ".join(part for part in (person.name.last, person.name.first) if part)
