"""When the money of an 820 is here: no 820 is cash (DOMAIN.md 4, Matching). Money in cents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from model.codes import found
from model.finding import Finding
from model.ledger import Deposit
from model.money import format_dollars
from model.remittance import Remittance
from model.terms import Partner


class Action(StrEnum):
    """What happens to a received 820 now."""

    POST = "post"  # the money is here (or there is none to wait for)
    WAIT = "wait"  # no 820 is cash: its deposit has not come
    SUSPEND = "suspend"  # a person looks first; money that is here goes to suspense whole
    NOTE = "note"  # kept, never posted


@dataclass(frozen=True, slots=True)
class Readiness:
    """What to do with a remittance, and with whose money. `deposit` is the one that matches it, if any."""

    action: Action
    deposit: Deposit | None
    reason: str  # for people; empty for POST
    findings: tuple[Finding, ...]


def ready(
    remittance: Remittance, deposits: Iterable[Deposit], partner: Partner, unbalanced: Sequence[Finding] = ()
) -> Readiness:
    """Say whether a remittance can be posted now.

    `deposits` are those not yet matched; `unbalanced` is what parsers.remittance820.balance found (any finding
    suspends the whole). The deposit is found by TRN02, BPR10 and amount, unless the partner's profile says that
    the transmission is the deposit, or there is no money in it (BPR02 = 0 only nets).
    """
    near = [one for one in deposits if one.trace == remittance.trace and not one.remittance]
    exact = [one for one in near if (one.company, one.cents) == (remittance.company, remittance.cents)]
    deposit = min(exact, key=lambda one: (one.received, one.id), default=None)
    at = remittance.where
    if remittance.handling == "P":
        finding = found("PAYMENT-PRENOTE", at)
        return Readiness(Action.NOTE, None, finding.message, (finding,))
    if remittance.credit == "D":
        finding = found("PAYMENT-DEBIT", at)
        return Readiness(Action.SUSPEND, None, finding.message, (finding,))
    if unbalanced or remittance.cents < 0:
        reason = unbalanced[0].message if unbalanced else "the payment amount is negative"
        return Readiness(Action.SUSPEND, deposit, reason, ())
    if deposit or remittance.cents == 0 or partner.profile.remittance_is_deposit:
        return Readiness(Action.POST, deposit, "", ())
    return _waiting(remittance, near)


def corrects(remittance: Remittance, earlier: Remittance, unbalanced: Sequence[Finding]) -> bool:
    """Say whether a remittance corrects a suspended one of its trace, payer and amount (DOMAIN.md 4, Balance).

    `unbalanced` is what parsers.remittance820.balance found on the earlier one: only what did not add up is sent
    again corrected. A prenote and a debit (neither is a payment) correct nothing and are not corrected.
    """
    return bool(unbalanced) and all(one.handling != "P" and one.credit != "D" for one in (remittance, earlier))


def _waiting(remittance: Remittance, near: list[Deposit]) -> Readiness:
    """Say what is waited for, and which deposit looks like it but is not it."""
    paper = f"trace {remittance.trace}, company {remittance.company}, {format_dollars(remittance.cents)}"
    finding = found("PAYMENT-WAITS", remittance.where, f"The payment waits for its bank deposit: {paper}.")
    findings = [finding]
    for one in near:
        other = f"company {one.company}, {format_dollars(one.cents)}"
        message = (
            f"The deposit of {one.received} has the trace {one.trace}, but {other}; the payment says {paper}."
        )
        findings.append(found("DEPOSIT-DIFFERS", remittance.where, message))
    return Readiness(Action.WAIT, None, finding.message, tuple(findings))
