"""Finding codes: what a remittance says beside its amounts, told to its payer so that nothing sent is silent.

Source: docs/domain.md, Adjustments.
"""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "REMITTANCE-CURRENCY": Code(
        "The payment is not in dollars (CUR02).",
        "Send premium in dollars; ask us where the bank has exchanged it.",
        Severity.PEND,
        app824="010",
    ),
    "ADJUSTMENT-TOLD": Code(
        "An adjustment (ADX) was taken as it was told.",
        "Nothing to do: its amount counts, and the receipt shows where it went.",
        Severity.INFO,
    ),
    "ADJUSTMENT-WAITS": Code(
        "Money of which the payment says that its information follows (ADX02 = H1) lies in suspense.",
        "Tell us which account or invoice it is for.",
        Severity.PEND,
    ),
    "AMOUNT-DISPUTED": Code(
        "The remittance says that an amount is not owed or does not agree (ADX02 = 20, IA or J3).",
        "Tell us what does not agree. The invoice stays open as it is until billing has answered.",
        Severity.WARNING,
    ),
    "PAYMENT-PARTIAL": Code(
        "The payment says that it is a part (RMR03 = PP or ADX02 = H6): the rest of the invoice stays open.",
        "Pay the rest, or tell us why it is not owed.",
        Severity.INFO,
    ),
    "CHARGE-TOLD": Code(
        "A charge (SAC) was told; it is part of no sum and nothing was done with it.",
        "Nothing to do. An amount that is to be paid or taken off belongs into RMR04 or ADX01.",
        Severity.INFO,
    ),
    "HEADCOUNT-UNREAD": Code(
        "A headcount (SLN04) is not a whole number, and was not taken.",
        "Send a whole number of subscribers, such as 125.",
        Severity.WARNING,
    ),
}
