"""Codes of a bank's files: BAI2 types, ACH transactions and return reasons (docs/domain.md, The bank)."""

from __future__ import annotations

from typing import Final

from model.money.bank import LineSort
from model.trade.returned import OF_A_RETURN
from model.trade.table import Row, Table

TYPES = Table(
    "16 type code",
    "BAI2 record 16, appendix A",
    ("code",),
    (
        Row("108", "Credit", LineSort.CREDIT),
        Row("115", "Lockbox deposit", LineSort.CREDIT),
        Row("116", "Item in lockbox deposit", LineSort.CREDIT),
        Row("142", "ACH credit received", LineSort.CREDIT),
        Row("143", "Item in ACH deposit", LineSort.CREDIT),
        Row("145", "ACH concentration credit", LineSort.CREDIT),
        Row("155", "Preauthorized draft credit", LineSort.CREDIT),
        Row("164", "Corporate trade payment credit", LineSort.CREDIT),
        Row("165", "Preauthorized ACH credit", LineSort.CREDIT),
        Row("166", "ACH settlement", LineSort.CREDIT),
        Row("168", "ACH return item or adjustment settlement", LineSort.BACK),
        Row("169", "Miscellaneous ACH credit", LineSort.CREDIT),
        Row("174", "Other deposit", LineSort.CREDIT),
        Row("175", "Check deposit package", LineSort.CREDIT),
        Row("195", "Incoming money transfer", LineSort.CREDIT),
        Row("201", "Individual automatic transfer credit", LineSort.CREDIT),
        Row("206", "Book transfer credit", LineSort.CREDIT),
        Row("208", "International money transfer credit", LineSort.CREDIT),
        Row("255", "Check posted and returned", LineSort.BACK),
        Row("257", "Individual ACH return item", LineSort.BACK),
        Row("301", "Commercial deposit", LineSort.CREDIT),
        Row("354", "Interest credit", LineSort.CREDIT),
        Row("399", "Miscellaneous credit", LineSort.CREDIT),
        Row("408", "Debit", LineSort.DEBIT),
        Row("451", "ACH debit received", LineSort.DEBIT),
        Row("455", "Preauthorized ACH debit", LineSort.DEBIT),
        Row("466", "ACH settlement debit", LineSort.DEBIT),
        Row("469", "Miscellaneous ACH debit", LineSort.DEBIT),
        Row("474", "Certified check debit", LineSort.PAID),
        Row("475", "Check paid", LineSort.PAID),
        Row("495", "Outgoing money transfer", LineSort.DEBIT),
        Row("501", "Individual automatic transfer debit", LineSort.DEBIT),
        Row("506", "Book transfer debit", LineSort.DEBIT),
        Row("555", "Deposited item returned", LineSort.RETURN),
        Row("557", "Individual ACH return item", LineSort.RETURN),
        Row("558", "ACH reversal debit", LineSort.RETURN),
        Row("698", "Miscellaneous fees", LineSort.DEBIT),
        Row("699", "Miscellaneous debit", LineSort.DEBIT),
    ),
)
LOCKBOX_CODES: Final = ("115", "116", "175", "301")
_CREDITS, _DEBITS = range(101, 400), range(401, 700)
_OWN_CREDITS, _OWN_DEBITS = range(920, 960), range(960, 1000)  # a bank's own codes


def sort_of(code: str) -> LineSort | None:
    """Return what a type code tells of; None: of no money (a status, a summary, a text)."""
    if code in TYPES.effects:
        return TYPES.effects[code]
    number = int(code)
    if number in _CREDITS or number in _OWN_CREDITS:
        return LineSort.CREDIT
    return LineSort.DEBIT if number in _DEBITS or number in _OWN_DEBITS else None


GROUP_STATUS = Table(
    "02 group status",
    "BAI2 record 02",
    (),
    (
        Row("1", "Update", True),
        Row("2", "Deletion", False),
        Row("3", "Correction", False),
        Row("4", "Test", False),
    ),
)

RETURNS = Table(
    "return reason",
    "ACH addenda 99, return reason code",
    (),
    (
        Row("R01", "Insufficient funds", LineSort.RETURN),
        Row("R02", "Account closed", LineSort.RETURN),
        Row("R03", "No account, or unable to locate it", LineSort.RETURN),
        Row("R04", "Invalid account number", LineSort.RETURN),
        Row("R05", "Unauthorized debit to a consumer account", LineSort.RETURN),
        Row("R06", "Returned at the originator's bank's request", LineSort.RETURN),
        Row("R07", "Authorization revoked", LineSort.RETURN),
        Row("R08", "Payment stopped", LineSort.RETURN),
        Row("R09", "Uncollected funds", LineSort.RETURN),
        Row("R10", "Originator unknown or not authorized", LineSort.RETURN),
        Row("R11", "Not in accordance with the authorization", LineSort.RETURN),
        Row("R12", "Branch sold to another bank", LineSort.RETURN),
        Row("R13", "Invalid routing number", LineSort.RETURN),
        Row("R14", "Representative payee deceased", LineSort.RETURN),
        Row("R15", "Beneficiary or account holder deceased", LineSort.RETURN),
        Row("R16", "Account frozen", LineSort.RETURN),
        Row("R17", "File record edit criteria", LineSort.RETURN),
        Row("R20", "Non-transaction account", LineSort.RETURN),
        Row("R21", "Invalid company identification", LineSort.RETURN),
        Row("R22", "Invalid individual identification", LineSort.RETURN),
        Row("R23", "Credit refused by the receiver", LineSort.RETURN),
        Row("R24", "Duplicate entry", LineSort.RETURN),
        Row("R29", "Corporate customer says not authorized", LineSort.RETURN),
        Row("R31", "Permissible return", LineSort.RETURN),
        Row("R61", "Misrouted return", LineSort.DISHONORED),
        Row("R62", "Return of an erroneous or reversing debit", LineSort.DISHONORED),
        Row("R67", "Duplicate return", LineSort.DISHONORED),
        Row("R68", "Untimely return", LineSort.DISHONORED),
        Row("R69", "Field error", LineSort.DISHONORED),
        Row("R70", "Permissible return not accepted", LineSort.DISHONORED),
        Row("R71", "Misrouted dishonored return", LineSort.DISHONORED),
        Row("R72", "Untimely dishonored return", LineSort.DISHONORED),
        Row("R73", "Timely original return", LineSort.DISHONORED),
        Row("R74", "Corrected return", LineSort.DISHONORED),
        Row("R75", "Return not a duplicate", LineSort.DISHONORED),
        Row("R76", "No errors found", LineSort.DISHONORED),
        Row("R77", "Non-acceptance of a dishonored return", LineSort.DISHONORED),
    ),
)


def returned(code: str, *, credit: bool) -> LineSort:
    """Return what a return reason makes of a returned entry: a credit of ours that came back is money of ours."""
    if code in OF_A_RETURN:
        return LineSort.DISHONORED
    return LineSort.BACK if credit else LineSort.RETURN
