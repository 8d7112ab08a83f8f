"""Two people: who asked for a change of money or coverage, and who allowed it (docs/domain.md, Two people)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from model.people import Need, Operator, is_same_person, may, may_ask
from model.rights import named


@dataclass(frozen=True, slots=True)
class Approval:
    """A reason, the person who asked and another who approved. Empty texts: nobody did."""

    requested_by: str = ""
    approved_by: str = ""
    reason: str = ""

    @property
    def problem(self) -> str:
        """Say what is missing for two people to have decided, in words; empty when nothing is."""
        if not self.requested_by.strip() or not self.approved_by.strip():
            return "it needs two people: one who asks for it and another who approves it"
        if is_same_person(self.requested_by, self.approved_by):
            return _twice(self.approved_by.strip())
        return self.unreasoned

    def by(self, who: str) -> Approval:
        """Return the same, approved by the person at the keyboard where no name is said."""
        return self if self.approved_by.strip() else replace(self, approved_by=who)

    @property
    def unreasoned(self) -> str:
        """Say that the reason is missing; empty when it is not."""
        return "" if self.reason.strip() else "it needs a reason"

    @property
    def detail(self) -> str:
        """Return the decision as the audit trail keeps it; one person's has nobody who asked."""
        if not self.requested_by.strip():
            return f"decided by {self.approved_by}: {self.reason}"
        return f"requested by {self.requested_by}, approved by {self.approved_by}: {self.reason}"


NOBODY = Approval()


def problem_of(approval: Approval, need: Need, who: str, known: Iterable[Operator]) -> str:
    """Say why two people have not decided, in words; empty when they have.

    Both are operators and enabled, and two persons, whatever names or logins they go by. `who` is the person at
    the keyboard (empty: nobody's login), and the one who approves.
    """
    known = tuple(known)
    if approval.problem:
        return approval.problem
    asks, allows = (_person(known, text) for text in (approval.requested_by, approval.approved_by))
    if asks is None or allows is None:
        return _unknown(approval.requested_by if asks is None else approval.approved_by)
    if asks == allows:
        return _twice(allows.name)
    return may_ask(asks) or _at_keyboard(allows, who) or may(allows, need)


def problem_of_one(approval: Approval, need: Need, who: str, known: Iterable[Operator]) -> str:
    """Say why the person at the keyboard has not decided alone, in words, where one person is enough."""
    if approval.unreasoned:
        return approval.unreasoned
    name = approval.by(who).approved_by
    if not name.strip():
        return "it needs a person with a login of the own: `rollbook operator list` shows who is known"
    allows = _person(known, name)
    if allows is None:
        return _unknown(name)
    return _at_keyboard(allows, who) or may(allows, need)


def _person(known: Iterable[Operator], text: str) -> Operator | None:
    """Return who goes by a name, else by a login."""
    known = tuple(known)
    login = text.strip()
    return named(known, text) or next((each for each in known if login in each.logins), None)


def _at_keyboard(allows: Operator, who: str) -> str:
    if is_same_person(allows.name, who):
        return ""
    here = f"{who} is at work here" if who else "nobody who is known is at work here"
    return f"{allows.name} approves at the own login, and {here}"


def _twice(name: str) -> str:
    return f"{name} asked for it and cannot approve it, too"


def _unknown(name: str) -> str:
    return f"{name.strip()} is not known here: `rollbook operator list` shows who is"
