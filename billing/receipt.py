"""What a payer is told of one payment: where each cent went (FAQ 23, 24, 32)."""

from __future__ import annotations

from datetime import date

from billing.cash import Allocation
from model.agreement.terms import Contact
from model.documents.statement import Receipt
from model.money.remittance import Remittance


def receipt(
    *,
    number: str,
    carrier: str,
    contact: Contact,
    partner: str,
    remittance: Remittance,
    received: date,
    allocation: Allocation,
) -> Receipt:
    """Return the receipt of a posted remittance: `carrier` and `partner` by name and code, cents as BPR02 says.

    Its lines add up to the payment; money in suspense and use of credit are lines of their own.
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
    )
