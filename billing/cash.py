"""Who gets the money of an 820 (docs/domain.md, Remittance lines), and what its payer is told. Money in cents.

Each remittance line is posted on its own, as a payment between the bank and one account; nothing is netted
across accounts. Whatever no account can take goes to the partner's suspense with the reason, so that every cent
of BPR02 lands exactly once; the receipt says where (FAQ 23, 24, 32).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from billing import remitted
from billing.book import Book, Target
from billing.covers import split
from billing.funds import Funds, Money, Source
from billing.matching import Matcher
from model.agreement.terms import Contact
from model.codes import found
from model.documents.statement import Receipt, ReceiptLine, Remaining
from model.finding import Finding, Where
from model.money.cents import Cents, format_dollars
from model.money.ledger import Cover, OpenInvoice, Transfer
from model.money.notes import Note, Remark, note, quoted
from model.money.remittance import Adjustment, Remittance, RemittanceLine
from model.timeline import Month
from model.trade.payment import Acts, Adjusts, of_payment
from vault.ssn import mask_key


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where a payment went. The receipt lines add up to BPR02; so do debits minus credits of the bank."""

    transfers: tuple[Transfer, ...]
    lines: tuple[ReceiptLine, ...]
    findings: tuple[Finding, ...]


def allocate(remittance: Remittance, book: Book, money: Money, *, suspend: Note | None = None) -> Allocation:
    """Post a remittance whose money is here; `suspend` is the reason to put it into suspense whole.

    Lines are posted in their order, take-backs (negative RMR04) after payments, then adjustments of the payment
    as a whole (2200 ADX), which touch an account only where all lines name the same one. Findings:
    PAYMENT-SUSPENDED, PAYMENT-OVER, PAYMENT-AHEAD, PAYMENT-SHORT, CREDIT-MISSING, PAYMENT-BY-RULE, and those of
    billing.remitted.
    Raises ValueError for a negative BPR02: there is no money to place.
    """
    if remittance.cents < 0:
        raise ValueError("a negative payment cannot be allocated")
    funds, matcher = Funds(book, money), Matcher(book)
    placed = sum(line.paid for line in remittance.lines) + sum(
        adjustment.cents for adjustment in remittance.adjustments
    )
    if placed != remittance.cents and not suspend:
        suspend = note(Remark.UNBALANCED)
    targets = [(line, matcher.target(line)) for line in remittance.lines]
    whole = _whole(matcher, [target for _, target in targets])
    if suspend:
        findings = _suspend(funds, remittance.cents, Source(group=whole.group), suspend, remittance.where)
        return Allocation(tuple(funds.transfers), tuple(funds.lines), findings)
    targets.sort(key=lambda pair: pair[0].paid < 0)  # stable
    findings = tuple(
        finding for line, target in targets for finding in _post(funds, line, target, matcher.group(target))
    )
    findings += tuple(
        finding for adjustment in remittance.adjustments for finding in _adjust(funds, adjustment, whole)
    )
    return Allocation(tuple(funds.transfers), tuple(funds.lines), findings)


def _whole(matcher: Matcher, targets: Sequence[Target]) -> Target:
    """Return what the payment as a whole is for: the account and the group of all its lines, where it is one."""
    accounts, groups = ({target.account for target in targets}, {matcher.group(target) for target in targets})
    account = accounts.pop() if len(accounts) == 1 else ""
    return Target(account, group=groups.pop() if len(groups) == 1 else "")


def _post(funds: Funds, line: RemittanceLine, target: Target, group: str) -> list[Finding]:
    """Post one remittance line, of a group where that is known, and say what is remarkable about it."""
    source = Source(line.number, target.contract, _written(line, target.rule), group)
    claimed = remitted.claimed(line)
    short = line.billed is not None and 0 <= line.paid < line.billed - claimed
    findings = [*remitted.of_this_line(line, short=short), *_by_rule(line, target, source)]
    if short:
        paid, billed = format_dollars(line.paid), format_dollars(line.billed or 0)
        message = f"Payment line {line.number} pays {paid} of {billed} billed."
        findings.append(found("PAYMENT-SHORT", line.where, message, subject=_subject(source)))
    if target.problem:
        return [*findings, *_suspend(funds, line.paid, source, target.problem, line.where)]
    if target.cover:
        return findings + _cover(funds, line, target.cover, source)
    findings += _move(funds, line.paid, target, source, line)
    missing = funds.use_credit(_to_pay(funds, target, line), claimed, source)
    if missing:
        used, said = format_dollars(claimed - missing), format_dollars(claimed)
        message = f"Payment line {line.number} uses {said} of credit; {used} was there and needed."
        findings.append(found("CREDIT-MISSING", line.where, message, subject=_subject(source)))
    return findings


def _move(
    funds: Funds, cents: Cents, target: Target, source: Source, at: RemittanceLine | Adjustment
) -> list[Finding]:
    """Pay the target, or take back from it; what it cannot take is credit, what it cannot give is suspense.

    A standing rule makes no credit on an account whose agreement is over: people may, to refund it.
    """
    if cents >= 0:
        rest = funds.pay(_to_pay(funds, target, at), cents, source)
        if not rest:
            return []
        if target.month:
            funds.keep_ahead(target.account, target.month, rest, source)
            kept = f"credit of account {target.account} for {target.month}, which is not billed yet"
            message = f"{format_dollars(rest)} is {kept}."
            return [found("PAYMENT-AHEAD", at.where, message, subject=_subject(source))]
        if target.rule and funds.closed(target.account):
            return list(_suspend(funds, rest, source, note(Remark.ACCOUNT_CLOSED, target.account), at.where))
        funds.keep(target.account, rest, source)
        message = f"{format_dollars(rest)} more was paid than was open; it is credit on account {target.account}."
        return [found("PAYMENT-OVER", at.where, message, subject=_subject(source))]
    rest = funds.return_ahead(target.account, target.month, -cents, source) if target.month else -cents
    rest = funds.reopen(_named(funds, target), rest, source)
    rest = funds.return_credit(target.account, rest, source)
    rest = funds.reopen([] if target.invoice else funds.to_reopen(target.account), rest, source)
    reason = note(Remark.TAKEN_BEYOND, target.account)
    return list(_suspend(funds, -rest, source, reason, at.where)) if rest else []


def _cover(funds: Funds, line: RemittanceLine, cover: Cover, source: Source) -> list[Finding]:
    """Pay a consolidated invoice: each account's part as if it had been paid by itself."""
    parts = split(cover, line.paid, funds.opens())
    findings = [
        finding
        for account, invoice, cents in parts.parts
        for finding in _move(funds, cents, Target(account, invoice), source, line)
    ]
    if parts.rest and parts.reason:
        findings += _suspend(funds, parts.rest, source, parts.reason, line.where)
    return findings


def _named(funds: Funds, target: Target) -> list[OpenInvoice]:
    """Return the invoices that a line names: itself, or by the person and month that they billed."""
    numbers = (target.invoice,) if target.invoice else target.first
    return [one for number in numbers if (one := funds.invoice(number))]


def _to_pay(funds: Funds, target: Target, at: RemittanceLine | Adjustment) -> Iterator[OpenInvoice]:
    """Yield the invoices a target's money pays: those named, those of the period named, then the oldest.

    Money for a month that is not billed yet pays nothing else (docs/domain.md, Money ahead).
    """
    named = _named(funds, target)
    yield from named
    if target.month:
        return
    by_period = isinstance(at, RemittanceLine) and not target.invoice and remitted.acts(at) is not Acts.ON_ACCOUNT
    begin, end = (at.begin, at.end) if by_period and isinstance(at, RemittanceLine) else (None, None)
    others = funds.to_pay(target.account, Month.of(begin) if begin else None, Month.of(end) if end else None)
    yield from (other for other in others if other not in named)


def _adjust(funds: Funds, adjustment: Adjustment, whole: Target) -> list[Finding]:
    """Post an adjustment of the payment as a whole: on the one account paid, otherwise in suspense.

    Money of which the payer says that its information follows waits in suspense for it.
    """
    source = Source(written=note(Remark.WHOLE_PAYMENT, adjustment.reason), group=whole.group)
    if of_payment(adjustment.reason) is Adjusts.WAITS and adjustment.cents > 0:
        funds.suspend(adjustment.cents, source, note(Remark.TO_COME))
        message = f"{format_dollars(adjustment.cents)} lies in suspense: {quoted(note(Remark.TO_COME))}."
        return [found("ADJUSTMENT-WAITS", adjustment.where, message, subject="payment")]
    if whole.account:
        missing = max(0, -adjustment.cents - funds.credit(whole.account))
        told = list(remitted.of_the_payment(adjustment, missing))
        return told + _move(funds, adjustment.cents, whole, source, adjustment)
    reason = note(Remark.NAMES_NO_ACCOUNT)
    told = list(remitted.of_the_payment(adjustment))
    return told + list(_suspend(funds, adjustment.cents, source, reason, adjustment.where))


def _suspend(funds: Funds, cents: Cents, source: Source, reason: Note, where: Where) -> tuple[Finding, ...]:
    """Put money into suspense and say why."""
    funds.suspend(cents, source, reason)
    if not cents:
        return ()
    message = f"{format_dollars(cents)} lies in suspense: {quoted(reason)}."
    return (found("PAYMENT-SUSPENDED", where, message, subject=_subject(source)),)


def _subject(source: Source) -> str:
    return f"payment line {source.line}" if source.line else "payment"


def _by_rule(line: RemittanceLine, target: Target, source: Source) -> list[Finding]:
    """Say that a standing rule of the payer decided where a line's money belongs."""
    if not target.rule or not line.paid:
        return []
    message = f"Payment line {line.number} belongs to account {target.account} by standing rule {target.rule}."
    return [found("PAYMENT-BY-RULE", line.where, message, subject=_subject(source))]


def _written(line: RemittanceLine, rule: int = 0) -> Note:
    """Return what the payer wrote: `AZ E00012, adjusted -$25.00 (53)`, and by which rule it was understood."""
    reference = note(Remark.REFERENCE, f"{line.qualifier} {mask_key(line.reference)}".strip())
    adjusted = (note(Remark.ADJUSTED, adjustment.cents, adjustment.reason) for adjustment in line.adjustments)
    return note(Remark.WRITTEN, reference, *adjusted, *([note(Remark.BY_RULE, str(rule))] if rule else []))


def receipt(
    *,
    number: str,
    carrier: str,
    contact: Contact,
    partner: str,
    remittance: Remittance,
    received: date,
    allocation: Allocation,
    banked: date | None = None,
    remaining: tuple[Remaining, ...] = (),
) -> Receipt:
    """Return the receipt of a posted remittance: `carrier` and `partner` by name and code, cents as BPR02 says.

    Its lines add up to the payment; money in suspense and use of credit are lines of their own. `banked` is the
    deposit's day, None where the payment came without one; `remaining` is what stays to pay after it.
    """
    return Receipt(
        number=number,
        carrier=carrier,
        contact=contact,
        partner=partner,
        payer=remittance.payer[0],
        trace=remittance.trace,
        received=received,
        cents=remittance.cents,
        lines=allocation.lines,
        method=remittance.method,
        banked=banked,
        remaining=remaining,
    )
