"""Pairs of what people, the bank and the night do at the cash desk, on the scene of support.beside.

Each lays what it needs, and names its two verbs (as support.beside_cash).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

from model.asking import Verb as Asked
from model.documents import keys
from model.documents.reconciled import ACCOUNT as ACCOUNT_CELL
from model.documents.reconciled import ANSWER, ASSIGN_TO, MEMBER, PAYMENT, REASON
from model.enrollment.census import ROW_KEY
from model.money.bank import LineSort
from model.money.breaks import Break, Reply
from model.money.ledger import receivable
from model.money.out import Out
from model.timeline import Month
from pipeline.cash import bank, bank_follows, bank_hands, deposits, late, moneyout, pay, refunds, rules, tolerance
from pipeline.cash import unnamed as placing
from pipeline.decisions import reconciled
from pipeline.month import selfbill
from pipeline.month.reconcile import compared
from pipeline.month.void import void
from pipeline.roster import nonpayment
from pipeline.runtime.workspace import Workspace
from pipeline.setup.load_terms import load_terms
from sample_files import banking
from sample_files.banking import LOCKBOX_MAP, Entry
from store.money import bank as lines
from store.money import deposits as stored
from store.money import invoices, ledger
from store.received import statement_rows
from support import beside as scene
from support import beside_cash as cash
from support.beside import ACCOUNT, COMPANY, NEXT, TAKEN, WAITS
from support.beside_cash import ENDS, WARNED, Pair
from support.held import Verb
from support.installation import GROUP, TERMS
from support.lateness import night
from support.people import TWO, deciding

FEBRUARY, MARCH = Month(2027, 2), scene.bills(Month(2027, 3), date(2027, 2, 10))
CHEQUE = 20_000  # cents


# --- answers of a reconciliation ----------------------------------------------------------------------------


def answers(ws: Workspace, kind: Break, reply: Reply, to: str = "") -> Verb:
    """Reconcile February, and answer the first row of a kind."""
    made = compared(ws, FEBRUARY, GROUP, ws.now(NEXT))
    named = (str(key(made.number)) for key in (keys.reconciled, keys.held))
    rows = (row for key in named for row in statement_rows.read(ws.database, ws.vault.fields, key))
    row = next(row for row in rows if row.kind is kind)
    cells = {ROW_KEY: row.key, ACCOUNT_CELL: row.account, MEMBER: row.member, PAYMENT: reconciled.payment(row)}
    cells |= {ANSWER: reply.value, REASON: "as they say", ASSIGN_TO: to}
    out = io.StringIO()
    table = csv.DictWriter(out, cells)
    table.writeheader()
    table.writerow(cells)
    data = out.getvalue().encode()
    return lambda at: reconciled.answer(deciding(at), data, at.now(NEXT))


def answer_and_bill(ws: Workspace) -> Pair:
    scene.february(deciding(ws))
    return answers(ws, Break.UNPAID, Reply.ACCEPT), MARCH


def answer_and_change(ws: Workspace) -> Pair:
    """What is asked of a member, beside a file of theirs."""
    scene.february(deciding(ws))
    return answers(ws, Break.UNPAID, Reply.ENROLLMENT), scene.receive("02-term-dependent.edi")


def one_row_twice(ws: Workspace) -> Pair:
    """One row is answered in two ways: the first stands."""
    scene.february(deciding(ws))
    accepted = answers(ws, Break.UNPAID, Reply.ACCEPT)
    return accepted, answers(ws, Break.UNPAID, Reply.TERMINATION)


def answer_and_assignment(ws: Workspace) -> Pair:
    """Money is asked to be assigned by an answer, and is assigned by two people."""
    deciding(ws)
    return answers(ws, Break.UNKNOWN, Reply.ASSIGN, "41000200"), scene.assigned(ACCOUNT)


# --- money out ----------------------------------------------------------------------------------------------


def write_off_and_payment(ws: Workspace) -> Pair:
    """All that is open is written off, or a part of it is paid first and that is too much."""
    scene.february(deciding(ws))
    number, opened = _open(ws)
    out = Out(Asked.WRITE_OFF, ACCOUNT, opened, "", number)
    return lambda at: moneyout.carry_out(deciding(at), out, at.now(NEXT), TWO), scene.deposit("WAITS", WAITS)


def refund_paid_and_returned(ws: Workspace) -> Pair:
    """The bank paid a refund, or it came back: one of the two."""
    cash.moves(Asked.REFUND, cash.CREDIT)(ws)
    at_desk = deciding
    return (
        lambda at: refunds.cashed(at_desk(at), "C1001", NEXT, at.now(NEXT), TWO),
        lambda at: refunds.returned(at_desk(at), "C1001", at.now(NEXT), TWO),
    )


def register_and_return(ws: Workspace) -> Pair:
    """A refund goes out with a check register, or it was stopped before."""
    cash.moves(Asked.REFUND, cash.CREDIT)(ws)
    return (
        lambda at: refunds.register(at, at.now(NEXT)),
        lambda at: refunds.returned(deciding(at), "C1001", at.now(NEXT), TWO),
    )


def short_and_payment(ws: Workspace) -> Pair:
    """A short is let go by night, or what lacked is paid."""
    _agree(ws, "tolerance_cents = 100")
    scene.february(ws)
    _, opened = _open(ws)
    cash.told_of(ws, scene.payment(730, "MOST", ("11", ACCOUNT, opened - 100)))
    scene.deposit("MOST", opened - 100)(ws)
    cash.told_of(ws, scene.payment(731, "REST", ("11", ACCOUNT, 100)))
    return lambda at: tolerance.write_off(at, GROUP, at.now(ENDS)), scene.deposit("REST", 100)


# --- the bank -----------------------------------------------------------------------------------------------


def void_and_820(ws: Workspace) -> Pair:
    """A deposit was entered wrongly, or its 820 takes it."""
    scene.deposit("GONE", CHEQUE)(ws)
    taken, gone = scene.judged(ws, scene.payment(732, "GONE", ("11", ACCOUNT, CHEQUE))), _deposit(ws, "GONE")
    deciding(ws)
    return (
        lambda at: deposits.void_deposit(deciding(at), gone, at.now(TAKEN), TWO),
        lambda at: pay.take(at, taken),
    )


def two_matches(ws: Workspace) -> Pair:
    """Either of two deposits is said to be one payment's."""
    deciding(ws)
    numbers = []
    for trace in ("ONE", "OTHER"):
        scene.deposit(trace, WAITS)(ws)
        numbers.append(_deposit(ws, trace))
    with ws.database.read() as conn:
        (paper,) = cash.cash.of_trace(conn, "WAITS")

    def matched(number: int) -> Verb:
        return lambda at: deposits.match_deposit(deciding(at), number, paper.id, at.now(TAKEN), TWO)

    return matched(numbers[0]), matched(numbers[1])


def new_and_none(ws: Workspace) -> Pair:
    """A line that may be a deposit is said to be new money, and to be none."""
    scene.deposit("NEAR", CHEQUE)(ws)
    scene.banked("ELSE", CHEQUE)(ws)
    with ws.database.read() as conn:
        (line,) = lines.opened(conn, ws.vault.fields, LineSort.CREDIT)
    deciding(ws)
    return (
        lambda at: bank_hands.match(deciding(at), line.id, "new", at.now(TAKEN), TWO),
        lambda at: bank_hands.void(deciding(at), line.id, at.now(TAKEN), TWO),
    )


def split_and_void(ws: Workspace) -> Pair:
    """A credit makes way for its cheques, or people say that it is none of ours."""
    _lockbox(ws)
    with ws.database.read() as conn:
        (credit,) = (each for each in lines.listing(conn, ws.vault.fields) if each.line.code == "115")
    deciding(ws)
    return _follows, lambda at: bank_hands.void(deciding(at), credit.id, at.now(TAKEN), TWO)


def two_nights(ws: Workspace) -> Pair:
    """What follows from the bank's lines is done by two at once."""
    _lockbox(ws)
    return _follows, _follows


def cheques_and_bill(ws: Workspace) -> Pair:
    """Cheques that name an account are placed beside a bill of it."""
    _lockbox(ws)
    return _follows, scene.february


def policy_and_820(ws: Workspace) -> Pair:
    """A deposit that nobody named pays as its group agreed, or its 820 takes it."""
    _agree(ws, 'unnamed_payment = "oldest-first"')
    scene.february(ws)
    scene.deposit("UNNAMED", CHEQUE)(ws)
    taken = scene.judged(ws, scene.payment(733, "UNNAMED", ("11", "41000200", CHEQUE)))
    return lambda at: placing.place_by_policy(at, at.now(NEXT)), lambda at: pay.take(at, taken)


# --- standing rules, self bills, late payers ----------------------------------------------------------------


def rule_and_its_money(ws: Workspace) -> Pair:
    """A standing rule ends beside the money that it would place."""
    scene.assigned(ACCOUNT)(ws)
    scene.deposit("KNOWN", CHEQUE)(ws)
    taken = scene.judged(ws, scene.payment(735, "KNOWN", ("CT", "WHO KNOWS", CHEQUE)))
    return lambda at: rules.end(deciding(at), 1, at.now(TAKEN), TWO), lambda at: pay.take(at, taken)


def variance_and_void(ws: Workspace) -> Pair:
    """What a payer that bills itself reported is accepted beside the end of its bill."""
    number = cash.self_bill_reported(ws)
    return (
        lambda at: selfbill.accept(deciding(at), GROUP, ACCOUNT, FEBRUARY, at.now(ENDS), TWO),
        lambda at: void(deciding(at), number, at.now(ENDS), TWO),
    )


def correction_and_void(ws: Workspace) -> Pair:
    """A payer that bills itself is asked to correct its report beside the end of its bill."""
    number = cash.self_bill_reported(ws)
    return (
        lambda at: selfbill.ask_correction(deciding(at), GROUP, ACCOUNT, FEBRUARY, at.now(ENDS), "three are gone"),
        lambda at: void(deciding(at), number, at.now(ENDS), TWO),
    )


def late_and_payment(ws: Workspace) -> Pair:
    """The night tells a late payer beside the payment of all that is owed."""
    paid = _owes(ws, WARNED[0])
    return lambda at: late.run(at, GROUP, at.now(WARNED[0])), paid


def back_and_bill(ws: Workspace) -> Pair:
    """Coverage that ended for nonpayment goes on, beside the next bill."""
    paid = _owes(ws, ENDS)
    for day in (*WARNED, ENDS):
        night(ws, day)
    cash.ended(ws)
    paid(ws)
    with ws.database.read() as conn:
        assert ledger.balance(conn, receivable(ACCOUNT)) == 0
    return lambda at: nonpayment.reinstate(deciding(at), ACCOUNT, "", at.now(ENDS), TWO), MARCH


# --- in few words -------------------------------------------------------------------------------------------


def _open(ws: Workspace) -> tuple[str, int]:
    """Return the account's open invoice, and how much of it is open."""
    with ws.database.read() as conn:
        (invoice,) = invoices.listing(conn, accounts=[ACCOUNT], unpaid=True)
    return invoice.number, invoice.open


def _deposit(ws: Workspace, trace: str) -> int:
    with ws.database.read() as conn:
        (found,) = stored.of_trace(conn, trace)
    return found.id


def _agree(ws: Workspace, switch: str) -> None:
    text = TERMS.read_text("utf-8").replace("[group.billing]\n", f"[group.billing]\n{switch}\n", 1)
    loaded = load_terms(deciding(ws), text, ws.now(TAKEN), TWO)
    assert loaded.stored, loaded.findings


def _lockbox(ws: Workspace) -> None:
    """A credit, and the two cheques that it is made of; nothing of it was followed."""
    cheques = banking.lockbox([("5001", CHEQUE, ACCOUNT, ""), ("5002", CHEQUE, "", "")], TAKEN)
    credit = banking.bai2([Entry("115", 2 * CHEQUE, "B9", "", "LOCKBOX LB7 2 ITEMS")], TAKEN)
    for data, mapping in ((credit, ""), (cheques, LOCKBOX_MAP)):
        bank.load(ws, data, "b.txt", mapping, ws.now(TAKEN))


def _follows(ws: Workspace) -> object:
    return bank_follows.follow(ws, ws.now(TAKEN))


def _owes(ws: Workspace, day: date) -> Verb:
    """February is billed and nobody is unknown; return how all that is owed is paid on a day."""
    scene.assigned(ACCOUNT)(ws)
    scene.february(ws)
    with ws.database.read() as conn:
        owed = ledger.balance(conn, receivable(ACCOUNT))
    cash.told_of(ws, scene.payment(736, "LATE", ("11", ACCOUNT, owed)))
    return lambda at: deposits.add_deposit(at, "LATE", COMPANY, owed, day, at.now(day))


PAIRS: dict[str, Callable[[Workspace], Pair]] = {
    "an answer and a bill": answer_and_bill,
    "an answer and a change": answer_and_change,
    "two answers of one row": one_row_twice,
    "an answer and an assignment": answer_and_assignment,
    "a write-off and a payment": write_off_and_payment,
    "a refund paid and returned": refund_paid_and_returned,
    "a check register and a stopped refund": register_and_return,
    "a short let go and its payment": short_and_payment,
    "a deposit voided and its 820": void_and_820,
    "two deposits of one payment": two_matches,
    "a line of the bank that is new and none": new_and_none,
    "a lockbox credit and its void": split_and_void,
    "a lockbox followed twice": two_nights,
    "cheques and a bill": cheques_and_bill,
    "money placed by policy and its 820": policy_and_820,
    "a rule's end and its money": rule_and_its_money,
    "a variance accepted and its bill's void": variance_and_void,
    "a correction asked for and its bill's void": correction_and_void,
    "a late payer told and the payment": late_and_payment,
    "a reinstatement and a bill": back_and_bill,
}
