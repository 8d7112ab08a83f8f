"""One small installation on PostgreSQL in which every verb has something to do, the verbs, and what must hold.

January 2027 of the samples' group is billed and paid with $300.00 over, and $100.00 more. On the desk lie: a
payment whose deposit has not come, one that has not been taken (nor its deposit), one that takes money back,
changes of two families.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from sqlalchemy import select

from model.enrollment.undo import Of, Undo
from model.money.ledger import BANK, TransferCause, all_ahead, receivable, suspense, unapplied
from model.money.returns import Return
from model.timeline import Month
from pipeline.cash import assign, bank, credit, pay
from pipeline.cash.deposits import add_deposit, look_again
from pipeline.cash.planned import Wanted
from pipeline.cash.reverse import take_return
from pipeline.decisions.undo import undo
from pipeline.month.bill import bill
from pipeline.preview import run as previewing
from pipeline.receive import enroll
from pipeline.receive.claim import claim
from pipeline.receive.judge import judge
from pipeline.receive.run import resume
from pipeline.runtime.workspace import Workspace
from pipeline.setup.load_terms import load_terms as load_text
from sample_files import banking as bank_files
from sample_files import edi
from sample_files.banking import Entry
from store import dump
from store.engine import Connection
from store.money import accounts, cash, deposits, invoices, ledger, memos
from store.received import files
from store.steps import head
from store.tables import delinquency, item, payer_rule
from support.books_compared import differences
from support.held import Verb
from support.installation import GROUP, PARTNER, SAMPLES, TERMS, load_terms
from support.people import TWO, deciding
from support.reference_ledger import Books

ACCOUNT = "41000100"
COMPANY = f"1{edi.HARBOR.tax_id}"
PAID, BILLED, TAKEN = date(2026, 12, 15), date(2026, 12, 10), date(2026, 12, 20)
NEXT = date(2027, 1, 10)  # February is billed
AHEAD = "05-replacement-rx.edi"  # what is previewed
OVER, MORE, WAITS, FRESH, BACK, LOST = 30_000, 10_000, 50_000, 60_000, 30_000, 7_000  # cents


@dataclass(frozen=True, slots=True)
class Desk:
    """The sets that wait to be taken, by what they are."""

    payment: int  # 820 over FRESH, its deposit not entered
    takeback: int  # 820 over nothing: BACK from the account to the group's other
    ends: int  # 834: a child ends
    moves: int  # 834: a subscriber changes the plan


def lay(ws: Workspace) -> Desk:
    """Make the scene in an empty store."""
    load_terms(ws)
    _receive(ws, (SAMPLES / "valid" / "01-add-family.edi").read_bytes(), "adds.edi", date(2026, 11, 23))
    (january,) = bill(ws, Month(2027, 1), ws.now(BILLED), GROUP)[0].issued
    paid = january.total_due + OVER
    _receive(ws, payment(701, "PAID", ("11", ACCOUNT, paid)), "paid.edi", PAID)
    add_deposit(ws, "PAID", COMPANY, paid, PAID, ws.now(PAID))
    _receive(ws, payment(705, "MORE", ("11", ACCOUNT, MORE)), "more.edi", PAID)
    add_deposit(ws, "MORE", COMPANY, MORE, PAID, ws.now(PAID))
    _receive(ws, payment(702, "WAITS", ("11", ACCOUNT, WAITS)), "waits.edi", PAID)
    _receive(ws, payment(706, "LOST", ("CT", "WHO KNOWS", LOST)), "lost.edi", PAID)
    add_deposit(ws, "LOST", COMPANY, LOST, PAID, ws.now(PAID))
    back = payment(704, "BACK", ("11", ACCOUNT, -BACK), ("11", "41000200", BACK))
    return Desk(
        payment=judged(ws, payment(703, "FRESH", ("11", ACCOUNT, FRESH))),
        takeback=judged(ws, back),
        ends=judged(ws, (SAMPLES / "valid" / "02-term-dependent.edi").read_bytes()),
        moves=judged(ws, (SAMPLES / "valid" / "03-plan-change.edi").read_bytes()),
    )


def payment(control: int, trace: str, *items: tuple[str, str, int]) -> bytes:
    """Return an 820 of the employer's: lines of RMR01, RMR02 and cents."""
    rows = [(kind, reference, cents, max(cents, 0)) for kind, reference, cents in items]
    body = edi.remittance_set(rows, PAID, trace)
    return edi.interchange([body], PAID, control, kind="820").encode()


def _receive(ws: Workspace, data: bytes, name: str, day: date) -> None:
    claim(ws, [data], name, PARTNER, "test", ws.now(day))
    resume(ws, ws.now(day), PARTNER)


def judged(ws: Workspace, data: bytes) -> int:
    """Receive a file as far as its check; return its set, which waits to be taken."""
    file = claim(ws, [data], "desk.edi", PARTNER, "test", ws.now(TAKEN))
    judge(ws, file.id)
    with ws.database.read() as conn:
        (stored,) = files.sets_of(conn, file.id)
    return stored.id


# --- the verbs ---------------------------------------------------------------------------------------------


def take(set_id: int) -> Verb:
    """Take an 820."""
    return lambda ws: pay.take(ws, set_id)


def apply(set_id: int) -> Verb:
    """Apply an 834."""
    return lambda ws: enroll.enroll(ws, set_id)


def deposit(trace: str, cents: int) -> Verb:
    """Enter a deposit."""
    return lambda ws: add_deposit(ws, trace, COMPANY, cents, TAKEN, ws.now(TAKEN))


def banked(trace: str, cents: int) -> Verb:
    """Load the bank's line of a payment; what follows from it is looked for once both are done."""
    data = bank_files.bai2([Entry("142", cents, "B1", "", f"TRN*1*{trace}*{COMPANY}")], TAKEN)
    return lambda ws: bank.load(ws, data, "b.txt", "", ws.now(TAKEN))


def told_of(trace: str) -> Verb:
    """Load the bank's line of a payment that is in the books."""

    def verb(ws: Workspace) -> object:
        with ws.database.read() as conn:
            cents = cash.of_trace(conn, trace)[0].cents
        return banked(trace, cents)(ws)

    return verb


def bills(month: Month, day: date) -> Verb:
    """Bill the group's month."""
    return lambda ws: bill(ws, month, ws.now(day), GROUP)


def february(ws: Workspace) -> object:
    """Bill February."""
    return bills(Month(2027, 2), NEXT)(ws)


def load(ws: Workspace) -> object:
    """Load terms in which January and February cost more."""
    text = TERMS.read_text(encoding="utf-8").replace('FAM = "1500.00"', 'FAM = "1550.00"')
    loaded = load_text(deciding(ws), text, ws.now(TAKEN), TWO)
    assert loaded.stored, loaded.findings
    return loaded


def move(ws: Workspace) -> object:
    """Load terms in which an account has another number from February on: refused once February is billed."""
    numbers = '[{ number = "41000100" }, { from = 2027-02-01, number = "41009900" }]'
    text = TERMS.read_text(encoding="utf-8").replace('account = "41000100"', f"account = {numbers}")
    return load_text(deciding(ws), text, ws.now(TAKEN), TWO).stored


def take_back(ws: Workspace) -> object:
    """Look at what taking back the first file would do, and do it by two people where nothing came since.

    Where its effect is another one meanwhile they look at it again, once: the other verb ends only once.
    """
    asked, now = Undo(Of.FILE, "F000001"), ws.now(TAKEN)
    looked = undo(deciding(ws), asked, now)
    for _ in range(2):
        if looked.effect and not looked.done:
            looked = undo(deciding(ws), asked, now, TWO, looked.effect.digest)
    return looked


def back(trace: str, reference: str = "RT1") -> Verb:
    """The bank's file says that it took a payment back."""
    told = Return(trace, COMPANY, 0, "R01", NEXT, reference)

    def verb(ws: Workspace) -> object:
        with ws.database.read() as conn:
            cents = cash.of_trace(conn, trace)[0].cents
        return take_return(ws, replace(told, cents=cents), ws.now(NEXT))

    return verb


def pays_by_night(ws: Workspace) -> object:
    """Let free credit pay what is open."""
    return credit.pay(ws, GROUP, ws.now(NEXT))


def look_ahead(name: str) -> Verb:
    """Preview a file."""
    data = (SAMPLES / "valid" / name).read_bytes()
    return lambda ws: previewing.of_file(ws, lambda: [data], name, PARTNER, ws.now(TAKEN))


def receive(name: str) -> Verb:
    """Receive a file."""
    return lambda ws: _receive(ws, (SAMPLES / "valid" / name).read_bytes(), name, TAKEN)


def assigned(to: str) -> Verb:
    """Give money in suspense to an account by two people; where it moved meanwhile they look at it again."""

    def verb(ws: Workspace) -> object:
        with ws.database.read() as conn:
            (paper,) = cash.of_trace(conn, "LOST")
        wanted, at = Wanted(paper.id, 1, to, always=True), deciding(ws)
        looked = assign.assign(at, wanted, ws.now(TAKEN), TWO)
        while not looked.problem and not looked.done:
            looked = assign.assign(at, wanted, ws.now(TAKEN), TWO, looked.digest)
        return looked

    return verb


PAIRS: dict[str, Callable[[Desk], tuple[Verb, Verb]]] = {
    "an 820 and its deposit": lambda desk: (take(desk.payment), deposit("FRESH", FRESH)),
    "a take-back and a bill": lambda desk: (take(desk.takeback), february),
    "a payment and a bill": lambda desk: (deposit("WAITS", WAITS), february),
    "two changes of one group": lambda desk: (apply(desk.ends), apply(desk.moves)),
    "a change and a bill": lambda desk: (apply(desk.ends), february),
    "terms and a bill": lambda desk: (load, february),
    "a move of an account and a bill": lambda desk: (move, february),
    "a move of an account and a payment": lambda desk: (move, deposit("WAITS", WAITS)),
    "an undo and a change": lambda desk: (take_back, apply(desk.ends)),
    "an undo and a bill": lambda desk: (take_back, february),
    "a preview and the same file": lambda desk: (look_ahead(AHEAD), receive(AHEAD)),
    "a preview and a change": lambda desk: (look_ahead(AHEAD), apply(desk.moves)),
    "a preview and a bill": lambda desk: (look_ahead(AHEAD), february),
    "money assigned and a bill": lambda desk: (assigned(ACCOUNT), february),
    "money assigned to two accounts": lambda desk: (assigned(ACCOUNT), assigned("41000200")),
    "two bills": lambda desk: (february, february),
    "a take-back and a payment": lambda desk: (take(desk.takeback), deposit("WAITS", WAITS)),
    "a deposit and the bank's line of it": lambda desk: (deposit("WAITS", WAITS), banked("WAITS", WAITS)),
    "the bank's line and its 820": lambda desk: (banked("FRESH", FRESH), take(desk.payment)),
    "a return and a bill": lambda desk: (back("PAID"), february),
    "a return and credit by night": lambda desk: (back("PAID"), pays_by_night),
    "a return and a payment": lambda desk: (back("PAID"), deposit("WAITS", WAITS)),
    "two returns of one payment": lambda desk: (back("PAID"), back("PAID", "RT2")),
    "one return told twice": lambda desk: (back("PAID"), back("PAID")),
    "a return and the bank's line of its payment": lambda desk: (back("PAID"), told_of("PAID")),
    "one line of the bank loaded twice": lambda desk: (banked("FRESH", FRESH), banked("FRESH", FRESH)),
    "a return and its payment": lambda desk: (back("WAITS"), deposit("WAITS", WAITS)),
    "one deposit entered twice": lambda desk: (deposit("WAITS", WAITS), deposit("WAITS", WAITS)),
}


# --- what must hold ----------------------------------------------------------------------------------------


def close(ws: Workspace) -> None:
    """Bill until everything that came in is on a bill."""
    look_again(ws, ws.now(TAKEN))
    february(ws)
    bills(Month(2027, 3), date(2027, 2, 10))(ws)


def steps(ws: Workspace) -> int:
    """Return how many steps the journal has."""
    with ws.database.read() as conn:
        return head(conn)[0]


def picture(ws: Workspace) -> list[str]:
    """Everything the store knows, without ids and numbers: two orders that give the same are the same."""
    with ws.database.read() as conn:
        lines = dump.canonical(conn, ws.vault)
        states = [f"set {stored.id} {stored.state}" for stored in _sets(conn)]
        totals = [f"{s.account} {s.month} {s.total_due} {s.payments}" for s in _statements(ws, conn)]
        waits = [f"{row.kind} {row.rule} {row.requested} {row.closed_how}" for row in conn.execute(select(item))]
        late = [
            f"{row.account} {row.stage} {row.told} {row.tx_to is None}"
            for row in conn.execute(select(delinquency))
        ]
        ruled = [f"{row.partner} to {row.account} {row.tx_to is None}" for row in conn.execute(select(payer_rule))]
    return sorted([*lines, *states, *totals, *waits, *late, *ruled])


def _sets(conn: Connection) -> Iterator[files.StoredSet]:
    for number in range(1, 20):
        yield from files.sets_of(conn, f"F{number:06d}")


def _statements(ws: Workspace, conn: Connection) -> list[invoices.InvoiceStatement]:
    found = [invoices.find(conn, invoice.number, ws.vault.fields) for invoice in invoices.listing(conn)]
    return [statement for statement in found if statement is not None]


def broken(ws: Workspace, *, closed: bool) -> list[str]:
    """Return what does not hold, in words; empty when all is well. `closed`: everything that came is billed.

    What the store's ledger has is held against the papers, too (support.reference_ledger).
    """
    books = Books()
    books.follow(ws)
    with ws.database.read() as conn:
        found = [*_balances(conn), *_papers(conn), *(_payments(ws, conn) if closed else ())]
    return [*found, *differences(ws, books)]


def _balances(conn: Connection) -> Iterator[str]:
    balances = ledger.balances(conn, "")
    if sum(balances.values()):
        yield "the ledger does not add up"
    for name, cents in balances.items():
        if name.startswith(("unapplied:", "suspense:")) and cents > 0:
            yield f"{name} is overdrawn by {cents}"
    issued = invoices.listing(conn)
    for account in {invoice.account for invoice in issued}:
        opens = [invoice.open for invoice in issued if invoice.account == account]
        opens += [memo.open for memo in memos.listing(conn, accounts=[account])]
        if min(opens) < 0 or sum(opens) != balances.get(receivable(account), 0):
            yield f"{account} owes {balances.get(receivable(account), 0)}, its invoices say {opens}"


def _papers(conn: Connection) -> Iterator[str]:
    free = deposits.opened(conn)
    for waits in free:
        if cash.waiting_for(conn, waits.trace, waits.company, waits.cents):
            yield f"deposit {waits.trace} and its remittance both wait"
    if -ledger.balance(conn, suspense("")) != sum(waits.cents for waits in free):
        yield "unidentified suspense is not the open deposits"


def _payments(ws: Workspace, conn: Connection) -> Iterator[str]:
    """Every payment stands on exactly one invoice, and a total due comes back as the next one's prior balance."""
    by_account: dict[str, list[invoices.InvoiceStatement]] = {}
    holders = {invoice.number: invoice.account for invoice in invoices.listing(conn)}
    for statement in _statements(ws, conn):
        by_account.setdefault(holders[statement.number], []).append(statement)
    for account, some in by_account.items():
        numbers, came = accounts.held(conn, [account]), 0
        names = [side(number) for number in numbers for side in (receivable, unapplied)]
        names += [name for number in numbers for name in ledger.balances(conn, all_ahead(number))]
        for name in names:
            for entry in ledger.entries(conn, name):
                sides = {entry.transfer.debit, entry.transfer.credit}
                moved = any(side == BANK or side.startswith("suspense:") for side in sides)
                if moved and entry.transfer.cause is not TransferCause.REVERSAL:
                    came -= entry.cents
        paid = sum(statement.payments for statement in some)
        if paid != came:
            yield f"{account} got {came}, its invoices tell of {paid}"
        for before, after in pairwise(some):
            if before.total_due != after.prior_balance - after.unapplied:
                yield f"{account}: {before.total_due} due, then {after.prior_balance} - {after.unapplied} before"


def elsewhere(ws: Workspace, url: str) -> Workspace:
    """The same installation over another copy of its store."""
    return replace(ws, database=type(ws.database).open(url))
