"""The questions that `verify` asks, in order: each with what a no means and what to do.

One list for the command, for bills and for tests; docs/operations.md shows it, and a test holds the two together.

See docs/design.md, Checks of the books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from model.verification import Fault
from pipeline.verify import cash as verify_cash
from pipeline.verify import journal as verify_journal
from pipeline.verify import looks as verify_looks
from pipeline.verify import sealed
from pipeline.verify.sealed import Reading
from store.checks import books, cash, desk, ledger, moneyout, received, roster
from store.checks.ask import Ask

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """Something that must never be false: `look` yields each place where it is."""

    name: str
    text: str
    fix: str
    look: Callable[[T], Iterator[Fault]]
    at_bill: bool = False  # also asked of the accounts that a bill has just billed, before it commits


_RESTORE = (
    "Stop work on this installation and restore store and archive from one backup; nothing else brings it back."
)
_MONEY = (
    "Bill and pay nothing for this account until it is understood: `rollbook account show` lists its entries. "
    "Correct it by an entry, never by changing rows."
)
_ROSTER = (
    "Compare `rollbook member show ID --history` with the files received, "
    "and have the sender's correction applied."
)
_HAND = "Somebody or something wrote into the database by hand: find out who, and restore from a backup."

SCHEMA: Question[Ask] = Question(
    "schema",
    "Are the tables those of this release?",
    "Run `rollbook init`, which brings the schema up to date; no other question was asked.",
    books.schema,
)
QUICK: tuple[Question[Ask], ...] = (
    SCHEMA,
    Question("triggers", "Are the triggers there that keep what happened unchanged?", _HAND, books.triggers),
    Question("pages", "Does the database find its own pages and keys whole?", _RESTORE, books.pages),
    Question("references", "Is everything there that a row names?", _HAND, received.references),
    Question(
        "counters",
        "Is no counter below a number that was given?",
        "A counter was set back by hand: issue nothing until it stands at the number given, or one number is"
        " two things.",
        books.numbers,
    ),
    Question("ledger", "Is every transfer balanced, between accounts that exist?", _HAND, ledger.entries),
    Question(
        "receivables",
        "Does each account owe what its invoices have open?",
        _MONEY,
        ledger.receivables,
        at_bill=True,
    ),
    Question("credit", "Is no account's credit below zero?", _MONEY, ledger.credits, at_bill=True),
    Question("invoices", "Is each invoice's total the sum of its charges?", _HAND, ledger.totals, at_bill=True),
    Question("premium", "Is booked as premium what was charged?", _MONEY, ledger.premium),
    Question("months", "Was no month credited more than it was charged?", _MONEY, ledger.months),
    Question("moved", "Do refunds, transfers, write-offs move between accounts of theirs?", _HAND, moneyout.sides),
    Question("refunds", "Is each refund in the ledger as it says?", _MONEY, moneyout.refunds),
    Question("memos", "Was each debit memo owed as it says?", _MONEY, moneyout.memos),
    Question("bank", "Is in the bank account what came in?", _MONEY, cash.bank),
    Question("remittances", "Was each remittance posted whole, once, with one deposit?", _MONEY, cash.remittances),
    Question("unidentified", "Are open deposits what is unidentified?", _MONEY, cash.unidentified),
    Question(
        "ssn",
        "Does each SSN of a group belong to one person?",
        "Find out whose it is and have the sender correct it; staff merge a person who is there twice.",
        roster.ssns,
    ),
    Question("coverages", "Does nobody have two spans of one line on a day?", _ROSTER, roster.coverages),
    Question("places", "Is no family in two subgroups on a day?", _ROSTER, roster.places),
    Question("roster", "Is everything known of somebody who is known?", _HAND, roster.ends),
    Question("times", "Did everything become known before it stopped being known?", _HAND, roster.times),
    Question(
        "files",
        "Has every file and every set its state?",
        "Run `rollbook sweep`, which finishes what was stopped; the file's run says why it could not.",
        received.states,
    ),
    Question(
        "lines",
        "Has every member line its disposition?",
        "Nobody was told what became of these lines: see `rollbook file show`, and ask the sender for them again.",
        received.lines,
    ),
    Question("decisions", "Has every round of a set its decision?", _HAND, received.rounds),
    Question(
        "work",
        "Is all that waits open work, and nothing else?",
        "Nobody sees what waits, or looks after what does not: compare `rollbook work list` with `payment list`"
        " and `file list`, and find out which step left it so.",
        desk.waits,
    ),
    Question(
        "names",
        "Does every published name stand for one document?",
        "Two documents went out under one name: tell the partner which one counts.",
        books.names,
    ),
)
BESIDE: tuple[Question[Reading], ...] = (
    Question(
        "marks",
        "Does the store know every number that was published from it?",
        "An older database was restored: put the newest one back, or go on as `rollbook restored` says.",
        sealed.marks,
    ),
    Question(
        "kept",
        "Does the archive hold the first and the newest file?",
        "The archive is gone or an older one: put the newest one back, or go on as `rollbook restored` says.",
        sealed.kept,
    ),
    Question(
        "heads",
        "Is the journal the one whose heads were kept?",
        "Its end was cut off, or all of it made anew: put the newest store back, and compare the copy of"
        " heads.jsonl.",
        verify_journal.heads,
    ),
    Question(
        "looks",
        "Is every look at a person recorded as it was?",
        "Somebody changed the record of who looked at whom by hand: find out who, and compare it with its copy.",
        verify_looks.chain,
    ),
)
THOROUGH: tuple[Question[Reading], ...] = (
    Question(
        "pairs",
        "Does no deposit wait beside its remittance?",
        "Run `rollbook sweep`, or wait for the next one: it looks again and posts the pair.",
        verify_cash.pairs,
    ),
    Question(
        "statements",
        "Is every invoice what its row says, and does it begin where the last one ended?",
        _MONEY,
        sealed.invoices,
    ),
    Question(
        "outbox",
        "Can everything that is or was owed be read?",
        "Use the key ring it was sealed under; with the right ring, restore from a backup.",
        sealed.statements,
    ),
    Question(
        "sealed",
        "Are SSNs and subscriber numbers those that look-ups find?",
        "Use the key ring they were sealed under; with the right ring, restore from a backup.",
        sealed.people,
    ),
    Question(
        "journal", "Is everything that a step wrote what it wrote, in its order?", _HAND, verify_journal.chain
    ),
    Question("archive", "Is every file and document in the archive, unchanged?", _RESTORE, sealed.archive),
    Question(
        "published",
        "Is what lies in the outbox what was published?",
        "Tell the partner, and put the archived document back: `rollbook file show` and `invoice print` name it.",
        sealed.published,
    ),
)
