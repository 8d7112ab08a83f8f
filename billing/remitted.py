"""What a remittance says beside its amounts: every adjustment, charge and count is answered, none is silent.

Source: docs/domain.md, Adjustments.
"""

from __future__ import annotations

from collections.abc import Iterator

from model.codes import found
from model.finding import Finding
from model.money.cents import Cents, format_dollars
from model.money.remittance import Adjustment, RemittanceLine
from model.trade.header import UNREADABLE
from model.trade.payment import (
    ADJUSTMENTS,
    LINE_ACTIONS,
    SSN,
    Acts,
    Adjusts,
    of_line,
    of_payment,
)
from vault.ssn import mask_key, mask_said


def acts(line: RemittanceLine) -> Acts:
    """Return what RMR03 says of a line's money; of one that is not sent, or no code of the guide: the usual."""
    return LINE_ACTIONS.effects.get(line.kind, Acts.USUALLY)


def claimed(line: RemittanceLine) -> Cents:
    """Return how much of the account's credit a line's adjustments use."""
    uses = (adjustment for adjustment in line.adjustments if of_line(adjustment.reason) is Adjusts.USES_CREDIT)
    return sum(max(0, -adjustment.cents) for adjustment in uses)


def of_this_line(line: RemittanceLine, *, short: bool) -> Iterator[Finding]:
    """Yield what is said of a line's adjustments, charges and counts; `short`: that it is one is told already."""
    subject = f"payment line {line.number}"
    for adjustment in line.adjustments:
        yield from _adjusted(adjustment, of_line(adjustment.reason), f"Payment line {line.number}", subject, line)
    parts = any(of_line(adjustment.reason) is Adjusts.IN_PART for adjustment in line.adjustments)
    if not short and (parts or acts(line) is Acts.IN_PART):
        yield found("PAYMENT-PARTIAL", line.where, subject=subject)
    for charge in line.charges:
        message = f"Payment line {line.number} tells a charge of {format_dollars(charge.cents)} ({charge.reason})."
        yield found("CHARGE-TOLD", charge.where, message, subject=subject)
    if any(count == UNREADABLE for _, count in line.headcount):
        yield found("HEADCOUNT-UNREAD", line.where, subject=subject)


def of_the_payment(adjustment: Adjustment, missing: Cents = 0) -> Iterator[Finding]:
    """Yield what is said of an adjustment of the whole payment; `missing`: what the account lacks of credit."""
    does = of_payment(adjustment.reason)
    yield from _adjusted(adjustment, does, "The payment as a whole", "payment", None)
    if does is Adjusts.IN_PART:
        yield found("PAYMENT-PARTIAL", adjustment.where, subject="payment")
    if does is Adjusts.USES_CREDIT and missing:
        said = format_dollars(-adjustment.cents)
        message = (
            f"The payment takes {said} as credit ({named(adjustment.reason)}); {format_dollars(missing)} of it "
        )
        message += "was not there."
        yield found("CREDIT-MISSING", adjustment.where, message, subject="payment")


def _adjusted(
    adjustment: Adjustment, does: Adjusts, what: str, subject: str, line: RemittanceLine | None
) -> Iterator[Finding]:
    if does is Adjusts.ASKS and line:
        yield found("NO-LONGER-EMPLOYED", adjustment.where, subject=f"subscriber {_who(line)}")
        return
    told = f"{what} is adjusted by {format_dollars(adjustment.cents)} ({named(adjustment.reason)})."
    code = "AMOUNT-DISPUTED" if does is Adjusts.DISPUTES else "ADJUSTMENT-TOLD"
    yield found(code, adjustment.where, told, subject=subject)


def _who(line: RemittanceLine) -> str:
    said = mask_said(line.person_id, ssn=line.person_qualifier == SSN)
    return said if line.person_id else mask_key(line.reference)


def named(reason: str) -> str:
    """Return a reason as people read it: `53, Remittance for previous underpayment`."""
    meaning = ADJUSTMENTS.words.get(reason)
    return f"{reason}, {meaning}" if meaning else reason
