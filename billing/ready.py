"""When the money of an 820 is here, and whose it is: no 820 is cash (docs/domain.md, Deposits). Money in cents.

Payments and deposits name companies (BPR10); whose these are is agreed in the partners' terms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from model.agreement.terms import Partner
from model.codes import found
from model.finding import Finding
from model.money.cents import format_dollars
from model.money.ledger import Deposit
from model.money.remittance import Remittance
from model.trade.payment import DEBIT, NO_PAYMENT, PRENOTE


@dataclass(frozen=True, slots=True)
class Companies:
    """The partners that each company identifier is bound to, by code; an identifier may be of several."""

    owners: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, partners: Iterable[Partner]) -> Companies:
        """Read what the partners' terms bind."""
        owners: dict[str, set[str]] = defaultdict(set)
        for partner in partners:
            for company in partner.companies:
                owners[company].add(partner.code)
        return cls({company: frozenset(codes) for company, codes in owners.items()})

    def bound(self, company: str) -> bool:
        """Say whether an identifier is bound to anybody."""
        return company in self.owners

    def may_be(self, company: str, partner: str) -> bool:
        """Say whether money of this company may be this partner's: it is bound to it, or to nobody."""
        return partner in self.owners.get(company, (partner,))

    def agreed(self, company: str, partner: Partner) -> bool:
        """Say whether a payment of this partner may name this company.

        Where any are bound to the partner it names one of them; where none is, one that is bound to nobody.
        """
        return company in partner.companies if partner.companies else self.may_be(company, partner.code)


class Action(StrEnum):
    """What happens to a received 820 now."""

    POST = "post"  # the money is here (or there is none to wait for)
    WAIT = "wait"  # no 820 is cash: its deposit has not come
    SUSPEND = "suspend"  # a person looks first; money that is here goes to suspense whole
    NOTE = "note"  # kept, never posted
    HOLD = "hold"  # it looks like a payment we have; a person says whether it is another


@dataclass(frozen=True, slots=True)
class Readiness:
    """What to do with a remittance, and with whose money. `deposit` is the one that matches it, if any."""

    action: Action
    deposit: Deposit | None
    reason: str  # for people; empty for POST
    findings: tuple[Finding, ...]
    here: bool = False  # there is money (or nothing to wait for): it enters the books now


def ready(
    remittance: Remittance,
    deposits: Iterable[Deposit],
    partner: Partner,
    companies: Companies,
    unbalanced: Sequence[Finding] = (),
) -> Readiness:
    """Say whether a remittance can be posted now.

    `deposits` are those not yet matched; `unbalanced` is what parsers.x12.remittance820.balance found (any finding
    suspends the whole). The deposit is found by TRN02, BPR10 and amount, unless the partner's profile says that
    the transmission is the deposit (BPR04 = NON never is one), or there is no money in it (BPR02 = 0 only nets).
    A deposit without a company is nobody's until a person says so, or until the transmission that is the deposit
    comes; one of a company that is bound to another partner does not exist here.
    """
    at = remittance.where
    if remittance.handling == PRENOTE:
        finding = found("PAYMENT-PRENOTE", at)
        return Readiness(Action.NOTE, None, finding.message, (finding,))
    if remittance.credit == DEBIT:
        finding = found("PAYMENT-DEBIT", at)
        return Readiness(Action.SUSPEND, None, finding.message, (finding,))
    agreed = companies.agreed(remittance.company, partner)
    near = [
        deposit
        for deposit in deposits
        if _resembles(deposit, remittance) and companies.may_be(deposit.company, partner.code)
    ]
    sent_is_money = agreed and partner.profile.remittance_is_deposit and remittance.method != NO_PAYMENT
    exact = [deposit for deposit in near if agreed and fits(deposit, remittance)]
    if sent_is_money and not exact:  # the bank has told of it first, without the company: it enters once
        exact = [deposit for deposit in near if deposit.cents == remittance.cents and not deposit.company]
    deposit = min(exact, key=lambda one: (one.received, one.id), default=None)
    here = deposit is not None or remittance.cents == 0 or sent_is_money
    if unbalanced or remittance.cents < 0:
        reason = unbalanced[0].message if unbalanced else "the payment amount is negative"
        return Readiness(Action.SUSPEND, deposit, reason, (), here and remittance.cents > 0)
    findings = [] if sent_is_money or not remittance.cents else _company(remittance, companies, agreed)
    if here:
        return Readiness(Action.POST, deposit, "", tuple(findings), here)
    return _waiting(remittance, near, findings)


def fits(deposit: Deposit, remittance: Remittance) -> bool:
    """Say whether a deposit is a remittance's money: of its trace, company and amount, all of them said."""
    told = (deposit.trace, deposit.company, deposit.cents)
    return all(told) and told == (remittance.trace, remittance.company, remittance.cents)


def corrects(remittance: Remittance, earlier: Remittance, unbalanced: Sequence[Finding]) -> bool:
    """Say whether a remittance corrects a suspended one of its trace, payer and amount (docs/domain.md, Balance).

    `unbalanced` is what parsers.x12.remittance820.balance found on the earlier one: only what did not add up is
    sent again corrected. A prenote and a debit (neither is a payment) correct nothing and are not corrected.
    """
    return bool(unbalanced) and all(
        paper.handling != PRENOTE and paper.credit != DEBIT for paper in (remittance, earlier)
    )


def differs(deposit: Deposit, remittance: Remittance) -> Finding:
    """Return what to say of a deposit that has a payment's trace and is not its money, or not said to be."""
    paper = f"company {remittance.company}, {format_dollars(remittance.cents)}"
    other = f"company {deposit.company}" if deposit.company else "no company"
    message = (
        f"The deposit of {deposit.received} has the trace {deposit.trace}, but {other}, "
        f"{format_dollars(deposit.cents)}; the payment says {paper}."
    )
    return found("DEPOSIT-DIFFERS", remittance.where, message)


def _resembles(deposit: Deposit, remittance: Remittance) -> bool:
    return bool(deposit.trace) and deposit.trace == remittance.trace and deposit.is_open


def _company(remittance: Remittance, companies: Companies, agreed: bool) -> list[Finding]:
    """Say what is remarkable about the company that a payment names."""
    if not agreed:
        message = f"The company identifier {remittance.company} (BPR10) is not one agreed with you."
        return [found("PAYMENT-COMPANY", remittance.where, message)]
    if companies.bound(remittance.company):
        return []
    message = f"The company identifier {remittance.company} (BPR10) is bound to no partner."
    return [found("COMPANY-UNBOUND", remittance.where, message)]


def _waiting(remittance: Remittance, near: Iterable[Deposit], findings: Iterable[Finding]) -> Readiness:
    """Say what is waited for, and which deposit looks like it but is not it."""
    paper = f"trace {remittance.trace}, company {remittance.company}, {format_dollars(remittance.cents)}"
    waits = found("PAYMENT-WAITS", remittance.where, f"The payment waits for its bank deposit: {paper}.")
    unlike = (differs(deposit, remittance) for deposit in near)
    return Readiness(Action.WAIT, None, waits.message, (waits, *findings, *unlike))
