"""Finding codes: remittances as sent, before any money moves. All suspend the remittance whole.

Source: docs/domain.md, Balance.
"""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "REMITTANCE-UNBALANCED": Code(
        "the payment and its remittance lines do not add up",
        "Send the remittance again so that BPR02 is the sum of every RMR04 and of the ADX01 at entity level; one "
        "with this trace number (TRN02), payer and amount replaces this one. Until then money lies in suspense.",
        Severity.PEND,
        app824="010",
    ),
    "REMITTANCE-LINE-UNBALANCED": Code(
        "a remittance line does not add up: billed and adjustments do not make what is paid",
        "Correct RMR04, RMR05 or the line's ADX01; leave RMR05 out when the adjustment is not of this bill.",
        Severity.PEND,
        app824="010",
    ),
    "REMITTANCE-NEGATIVE": Code(
        "the payment amount (BPR02) is negative",
        "A payment is zero or more. Take money back with negative RMR04 lines within a later payment, or ask us "
        "for a refund.",
        Severity.PEND,
        app824="010",
    ),
    "REMITTANCE-AMOUNT": Code(
        "an amount is not a whole number of cents",
        "Send amounts with at most two decimals, such as 1234.50.",
        Severity.PEND,
        app824="010",
    ),
}
