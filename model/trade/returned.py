"""Why a bank takes a payment back: on paper, and by ACH's return codes (docs/domain.md, Returned payments).

They are no codes of X12, and stand in no guide of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REASONS: Final[Mapping[str, str]] = {
    "NSF": "insufficient funds",
    "STOP": "payment stopped",
    "CLOSED": "account closed",
    "REFER": "refer to maker",
    "R01": "insufficient funds",
    "R02": "account closed",
    "R03": "no account, or it cannot be found",
    "R04": "account number is not valid",
    "R05": "consumer's account, not authorized",
    "R06": "asked for by the originator's bank",
    "R07": "authorization revoked",
    "R08": "payment stopped",
    "R09": "funds not collected yet",
    "R10": "not authorized",
    "R11": "not as authorized",
    "R12": "branch sold to another bank",
    "R13": "routing number is not valid",
    "R14": "payee's representative has died",
    "R15": "holder of the account has died",
    "R16": "account frozen",
    "R17": "entry could not be read",
    "R20": "not an account for payments",
    "R21": "company identifier is not valid",
    "R22": "individual's identifier is not valid",
    "R23": "refused by the receiver",
    "R24": "sent twice",
    "R29": "company, not authorized",
    "R31": "return agreed to",
}
# A return was itself sent back, or that is contested: the banks settle it among them. R63 to R66 are of old rules.
OF_A_RETURN: Final = frozenset(f"R{number}" for number in range(61, 80))


def means(code: str) -> str:
    """Return what a code means, with the code: `insufficient funds (R01)`; a code nobody knows as it is."""
    meaning = "a return that was sent back" if code in OF_A_RETURN else REASONS.get(code, "")
    return f"{meaning} ({code})" if meaning else code
