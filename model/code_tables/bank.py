"""Finding codes: a bank's files and what their lines become.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

_AGAIN = "Nothing was taken from the file. Ask the bank to send it again, whole."

CODES: dict[str, Code] = {
    "BANK-UNREADABLE": Code(
        "the file is neither a BAI2 statement, nor a NACHA file of returns, nor a lockbox CSV with its mapping",
        "Load the file as the bank sent it; a lockbox CSV needs --mapping, or lockbox.toml in the home folder.",
        Severity.ERROR,
    ),
    "BANK-RECORD": Code("a record is not the one that belongs here", _AGAIN, Severity.ERROR),
    "BANK-FIELD": Code("a field is not what the format says", _AGAIN, Severity.ERROR),
    "BANK-TOTAL": Code(
        "a control total or a count does not agree with the records it controls", _AGAIN, Severity.ERROR
    ),
    "BANK-SUMMARY": Code(
        "the account's summary of credits or debits is not what its lines add up to",
        "Ask the bank whether lines are missing; those that came are taken.",
        Severity.WARNING,
    ),
    "BANK-TYPE": Code(
        "an amount stands under a type code that tells of no money in or out",
        "Ask the bank what the code means; the line was not taken.",
        Severity.WARNING,
    ),
    "BANK-NO-REFERENCE": Code(
        "the bank gave a line no reference",
        "An equal line of the same day in another file will be taken for this one.",
        Severity.WARNING,
    ),
    "BANK-NO-MONEY": Code(
        "a row of a lockbox is of no money: a letter without a cheque, an envelope or a cheque that was sent back",
        "Look at its image at the bank: it may be a letter to answer. The other rows were taken.",
        Severity.WARNING,
    ),
    "BANK-INTERIM": Code(
        "a statement is an interim one: the final one of its day brings its lines, with other references at times",
        "Load the final statement (02, field 8: 2 or 4). Where the bank sends no other, ask it to mark it so.",
        Severity.WARNING,
    ),
    "BANK-AHEAD": Code(
        "a day in the file is further ahead than a bank's days ever are",
        "Nothing was taken from the file. Where the bank's day is right, load it again when it has come; else ask "
        "the bank for the file with the right one.",
        Severity.ERROR,
    ),
    "BANK-NOTICE": Code(
        "a notification of change, or a prenote that came back: no money moved",
        "Correct the payer's bank account before the next entry.",
        Severity.WARNING,
    ),
    "BANK-NEAR": Code(
        "a line of the bank may be money that is in the books already",
        "Say which: `rollbook bank match LINE --to D12`, or --to new for other money.",
        Severity.PEND,
    ),
    "BANK-DEBIT": Code(
        "the bank took money, and nothing in the books says why",
        "Find out; `rollbook bank match LINE --to C1001` for a refund of ours, `bank void LINE` for what is no "
        "premium.",
        Severity.PEND,
    ),
    "BANK-LOCKBOX": Code(
        "the cheques of a lockbox batch are the detail of no credit of the bank",
        "Compare the batch with the bank's credit; `rollbook bank match LINE --to L9` says which it is.",
        Severity.PEND,
    ),
    "BANK-BACK": Code(
        "money that we had sent came back",
        "Find the refund: `rollbook bank match LINE --to C1001` gives its credit back.",
        Severity.PEND,
    ),
}
