"""Finding codes: payments that the bank takes back.

Source: docs/domain.md, Returned payments.
"""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

_HAND = "`rollbook payment reverse` takes back the payment that is named;"

CODES: dict[str, Code] = {
    "RETURN-UNKNOWN": Code(
        "The bank took back a payment that is not in the books.",
        f"Nothing to do while the payment is on its way: each night looks for it. {_HAND} dropped, it is over.",
        Severity.PEND,
    ),
    "RETURN-UNCLEAR": Code(
        "The bank took back a payment, and several have its trace number and amount.",
        f"{_HAND} it is named by R7 or D12.",
        Severity.PEND,
    ),
    "RETURN-AGAIN": Code(
        "The bank took back a payment that was taken back before, by another return.",
        "Ask the bank whether it has debited us twice; then drop it.",
        Severity.PEND,
    ),
    "RETURN-OF-RETURN": Code(
        "A return was itself sent back, or that is contested: the books are as before.",
        "Ask the bank how it ends. Money that comes again is a new deposit; then drop it.",
        Severity.PEND,
    ),
    "RETURN-AMOUNT": Code(
        "The bank took back another amount than the payment is.",
        "Compare the bank's advice. A payment is taken back whole or not at all.",
        Severity.PEND,
    ),
}
