"""Who acts, who decides, and how far each may go (docs/domain.md, People and rights).

An actor is whoever a step is recorded under; an operator is a person of ours, known by logins. What a person may
decide comes from roles, and limits only tighten it. All of it is about values: who is known, the store says
(store.operators).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from model.money.cents import Cents, format_dollars

LONGEST = 60  # characters of a name or a login: with its kind before it, it fits the store's `tx.actor` (80)


class Kind(StrEnum):
    """What an actor is. A person is an operator; a service (a flow, a login that nobody has) decides nothing."""

    PERSON = "person"
    SERVICE = "service"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person by the operator's name, a service by its own or its login, a partner by its code.

    `via` is the way in (cli, flow, portal), `session` what the actor is known by there: at the keyboard the login.
    """

    kind: Kind
    id: str
    via: str
    session: str = ""

    @property
    def text(self) -> str:
        """Return one line of at most 80 characters for a step's record: `mira`, or `service backup`."""
        plain = " ".join("".join(each if each.isprintable() else " " for each in self.id).split())
        return (plain if self.kind is Kind.PERSON else f"{self.kind} {plain}")[:80]

    @classmethod
    def read(cls, text: str, via: str) -> Actor:
        """Return the actor that a step was recorded under, from its line."""
        kind, _, ident = text.partition(" ")
        if ident and kind in (Kind.SERVICE, Kind.PARTNER):
            return cls(Kind(kind), ident, via)
        return cls(Kind.PERSON, text, via)

    @property
    def person(self) -> str:
        """Return the operator's name; empty for what is no person, and so is nobody's first or second one."""
        return self.id if self.kind is Kind.PERSON else ""


class Role(StrEnum):
    """What a person is there for. An auditor sees who looked and who decided, and decides nothing."""

    ENROLLMENT = "enrollment"
    BILLING = "billing"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


class Matter(StrEnum):
    """What a decision is about, which says whose it is."""

    ENROLLMENT = "enrollment"
    MONEY = "money"
    AGREEMENT = "agreement"  # terms
    INSTALLATION = "installation"  # what leaves the store, and an older store that is gone on with


DECIDES: dict[Matter, tuple[Role, ...]] = {
    Matter.ENROLLMENT: (Role.ENROLLMENT, Role.SUPERVISOR),
    Matter.MONEY: (Role.BILLING, Role.SUPERVISOR),
    Matter.AGREEMENT: (Role.SUPERVISOR,),
    Matter.INSTALLATION: (Role.SUPERVISOR,),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one decision of a person may move; None: any. A limit gives no right that a role lacks."""

    cents: Cents | None = None
    members: int | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who works with the installation. A login belongs to one person, who may have many."""

    name: str
    logins: tuple[str, ...]
    roles: tuple[Role, ...]
    limits: Limits = Limits()
    enabled: bool = True

    def has(self, *roles: Role) -> bool:
        """Say whether the person is enabled and has one of these roles."""
        return self.enabled and any(role in self.roles for role in roles)


@dataclass(frozen=True, slots=True)
class Need:
    """What a decision asks of whoever takes it: its matter, and how much it moves where that is known (0: not)."""

    matter: Matter
    cents: Cents = 0
    members: int = 0


def folded(name: str) -> str:
    """Return a person's name as it is compared: one person does not become two by case or blanks."""
    return " ".join(name.split()).casefold()


def is_same_person(one: str, other: str) -> bool:
    """Say whether two names are one person's."""
    return folded(one) == folded(other)


def may(operator: Operator, need: Need) -> str:
    """Say why a person may not take a decision, in words; empty when nothing speaks against it."""
    if not operator.enabled:
        return f"{operator.name} is disabled"
    if not operator.has(*DECIDES[need.matter]):
        return f"{operator.name} is not {' or '.join(DECIDES[need.matter])}"
    limits = operator.limits
    if limits.cents is not None and need.cents > limits.cents:
        most, asked = format_dollars(limits.cents), format_dollars(need.cents)
        return f"{operator.name} may decide up to {most}, and it is {asked}"
    if limits.members is not None and need.members > limits.members:
        return f"{operator.name} may decide on up to {limits.members} members, and it is {need.members}"
    return ""


def may_ask(operator: Operator) -> str:
    """Say why a person may not ask for a decision of others, in words; empty when nothing speaks against it."""
    if not operator.enabled:
        return f"{operator.name} is disabled"
    asks = any(role is not Role.AUDITOR for role in operator.roles)
    return "" if asks else f"{operator.name} is an auditor, who asks for nothing"


def may_audit(operator: Operator) -> str:
    """Say why a person may not see who looked and who decided, in words; empty when nothing speaks against it."""
    if operator.has(Role.SUPERVISOR, Role.AUDITOR):
        return ""
    return f"{operator.name} is {'not supervisor or auditor' if operator.enabled else 'disabled'}"
