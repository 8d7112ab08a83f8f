"""What two people decide by a command: the first one asks for it, the second one confirms it by the same command.

What was asked for is an item of open work until it is carried out or withdrawn (docs/domain.md, Two people).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from model.people import Matter, Need


class Verb(StrEnum):
    """What is asked for. The values stand in the store."""

    VOID_INVOICE = "void-invoice"
    VOID_DEPOSIT = "void-deposit"
    MATCH_DEPOSIT = "match-deposit"
    MATCH_BANK = "match-bank"
    VOID_BANK = "void-bank"
    ACCEPT_VARIANCE = "accept-variance"
    REVERSE_PAYMENT = "reverse-payment"
    END_COVERAGE = "end-coverage"
    END_NONPAYMENT = "end-nonpayment"
    REINSTATE = "reinstate"
    UNRESTRICT = "unrestrict"
    LIFT_ORDER = "lift-order"
    LOAD_TERMS = "load-terms"
    MERGE_MEMBERS = "merge-members"
    SPLIT_MEMBER = "split-member"
    UNDO = "undo"
    PRUNE = "prune"
    END_RULE = "end-rule"  # a payer's standing rule
    REFUND = "refund"
    TRANSFER = "transfer"
    WRITE_OFF = "write-off"
    FEE = "fee"


MATTERS: dict[Verb, Matter] = {
    Verb.VOID_INVOICE: Matter.MONEY,
    Verb.VOID_DEPOSIT: Matter.MONEY,
    Verb.MATCH_DEPOSIT: Matter.MONEY,
    Verb.MATCH_BANK: Matter.MONEY,
    Verb.VOID_BANK: Matter.MONEY,
    Verb.ACCEPT_VARIANCE: Matter.MONEY,
    Verb.REVERSE_PAYMENT: Matter.MONEY,
    Verb.END_COVERAGE: Matter.ENROLLMENT,
    Verb.END_NONPAYMENT: Matter.MONEY,
    Verb.REINSTATE: Matter.MONEY,
    Verb.UNRESTRICT: Matter.ENROLLMENT,
    Verb.LIFT_ORDER: Matter.ENROLLMENT,
    Verb.LOAD_TERMS: Matter.AGREEMENT,
    Verb.MERGE_MEMBERS: Matter.ENROLLMENT,
    Verb.SPLIT_MEMBER: Matter.ENROLLMENT,
    Verb.UNDO: Matter.ENROLLMENT,
    Verb.PRUNE: Matter.INSTALLATION,
    Verb.END_RULE: Matter.MONEY,
    **dict.fromkeys((Verb.REFUND, Verb.TRANSFER, Verb.WRITE_OFF, Verb.FEE), Matter.MONEY),
}

# By which command each is asked for, and confirmed by another person.
_COMMANDS: dict[Verb, str] = {
    Verb.VOID_INVOICE: "rollbook invoice void {} --reason R",
    Verb.VOID_DEPOSIT: "rollbook deposit void {} --reason R",
    Verb.MATCH_DEPOSIT: "rollbook deposit match {} --remittance {} --reason R",
    Verb.MATCH_BANK: "rollbook bank match {} --to {} --reason R",
    Verb.VOID_BANK: "rollbook bank void {} --reason R",
    Verb.ACCEPT_VARIANCE: "rollbook selfbill accept {} --account {} --month {} --reason R",
    Verb.REVERSE_PAYMENT: "rollbook payment reverse {} --code {} --trace {} --on {} --reason R",
    Verb.END_COVERAGE: "rollbook group end-coverage {} --reason R",
    Verb.END_NONPAYMENT: "rollbook delinquency approve {} --reason R",
    Verb.REINSTATE: "rollbook delinquency reinstate {} --reason R",
    Verb.UNRESTRICT: "rollbook member unrestrict {} --reason R",
    Verb.LIFT_ORDER: "rollbook order lift {} --group {} --reason R",
    Verb.LOAD_TERMS: "rollbook terms load FILE --reason R",  # the args are its SHA-256
    Verb.MERGE_MEMBERS: "rollbook member merge {} {} --seen DIGEST --reason R",
    Verb.SPLIT_MEMBER: "rollbook member split {} ... --seen DIGEST --reason R",  # then a digest of it all
    Verb.UNDO: "rollbook undo {} --seen DIGEST --reason R",
    Verb.PRUNE: "rollbook prune --older {} --reason R",
    Verb.END_RULE: "rollbook suspense rule end {} --reason R",
    Verb.REFUND: "rollbook account refund {} --amount {} --reason R",
    Verb.TRANSFER: "rollbook account transfer {} --to {} --amount {} --reason R",
    Verb.WRITE_OFF: "rollbook account write-off {} --invoice {} --amount {} --reason R",
    Verb.FEE: "rollbook account fee {} --amount {} --reason R",
}


_WHOLE = (Verb.UNDO, Verb.END_NONPAYMENT, Verb.REINSTATE)  # their arguments are those of the command, however many

# Of these the first argument is what it is done to, the others say how; once only where `ONCE` has them.
ONCE = (Verb.REVERSE_PAYMENT, Verb.MATCH_BANK, Verb.MATCH_DEPOSIT)
_OF_ONE = (*ONCE, Verb.REFUND, Verb.TRANSFER, Verb.WRITE_OFF, Verb.FEE)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: a verb with its arguments, what it moves, and its effect as it is shown, as JSON.

    `label` says it to people and `args` to the store, both without anybody's data. The effect is empty where the
    arguments say all of it.
    """

    verb: Verb
    args: str
    label: str
    cents: int = 0
    members: int = 0
    group: str = ""
    effect: str = ""

    @property
    def subject(self) -> str:
        """Return what names the request: two that say the same are one."""
        return subject(self.verb, self.args)

    @property
    def need(self) -> Need:
        """Return what it asks of whoever confirms it."""
        return Need(MATTERS[self.verb], self.cents, self.members)

    @property
    def shown(self) -> str:
        """Return the SHA-256 of the effect, in hex, whatever the order of its keys; empty: it has none."""
        if not self.effect:
            return ""
        canonical = json.dumps(json.loads(self.effect), sort_keys=True, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """A request as it stands: the digest of the effect that was shown, by whom it is, and why."""

    request: Request
    shown: str
    by: str
    reason: str


def subject(verb: Verb, args: object) -> str:
    """Return what names a request."""
    return f"{verb} {args}"


def command(subject: str) -> str:
    """Return the command by which another person confirms a request."""
    verb, _, args = subject.partition(" ")
    words = [args] if verb in _WHOLE else args.split(" ")
    return _COMMANDS[Verb(verb)].format(*words)


def is_beside(subject: str, other: str) -> bool:
    """Say whether two requests are about one thing, and say something else of it."""
    verb = verb_of(subject)
    return subject != other and verb in _OF_ONE and subject.split(" ")[:2] == other.split(" ")[:2]


def verb_of(subject: str) -> Verb:
    """Return the verb of what names a request. Raises ValueError where it names none."""
    return Verb(subject.partition(" ")[0])
