"""Finding codes: enrollment. The fix is written for the benefits administrator who sent the file."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

_SETS = {
    "SET-RESUBMISSION": Code(
        "The set says that it is a resubmission (BGN01 = 15) but not of what: BGN06 is empty.",
        "Put the BGN02 of the original into BGN06, or send it as an original (BGN01 = 00).",
    ),
    "SET-ACTION": Code(
        "BGN08 does not say what the set is: changes (2), verification (4) or replacement (RX).",
        "Send BGN08 = 2 for changes, RX for a full file, 4 for a comparison without effect.",
    ),
    "SET-COPY": Code(
        "The set is an information copy (BGN01 = 22): it was compared and reported, nothing was changed.",
        "Nothing to do; send BGN01 = 00 when it is meant to be applied.",
        Severity.INFO,
    ),
    "SET-VERIFY": Code(
        "The set asks for verification (BGN08 = 4): it was compared and reported, nothing was changed.",
        "Nothing to do; send BGN08 = 2 or RX when it is meant to be applied.",
        Severity.INFO,
    ),
    "SET-ALL-AUDIT": Code(
        "The set is sent as changes (BGN08 = 2) but every member is an audit record (INS03 = 030): "
        "whether it is a full file cannot be told, so it is held.",
        "Send full files with BGN08 = RX, or agree with us that your audit records are compared and applied.",
        Severity.PEND,
    ),
}

CODES: dict[str, Code] = {**_SETS}
