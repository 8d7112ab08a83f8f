"""Pairs of the cash desk on the scene of support.beside: each lays what it needs, and names its two verbs.

On the account lie OVER + MORE of free credit, of two payments; nothing of it is open.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from billing.selfbill import units
from model.asking import Verb as Asked
from model.journal import Purpose
from model.money.ledger import receivable
from model.money.out import Out
from model.timeline import Month
from pipeline.cash import assign, moneyout, pay
from pipeline.cash.deposits import add_deposit
from pipeline.cash.planned import Wanted
from pipeline.month.void import void
from pipeline.month.worksheet import sheet
from pipeline.receive import worksheet
from pipeline.roster import nonpayment
from pipeline.runtime.workspace import Workspace
from pipeline.setup.load_terms import load_terms
from sample_files import edi
from store import tables
from store.money import cash, invoices, ledger, selfbill
from support import beside as scene
from support.beside import ACCOUNT, COMPANY, MORE, NEXT, OVER, PAID, TAKEN
from support.held import Verb
from support.installation import PARTNER, TERMS
from support.lateness import night
from support.people import TWO, deciding

CREDIT, OTHER = OVER + MORE, "41000200"
WRONG = 50_000  # cents of the payment that did not add up
WARNED, ENDS = (date(2027, 2, 11), date(2027, 2, 21)), date(2027, 3, 5)
Pair = tuple[Verb, Verb]


# --- the verbs ---------------------------------------------------------------------------------------------


def moves(verb: Asked, cents: int, *, other: str = "") -> Verb:
    """Refund or transfer the account's credit, or raise a fee, by two people."""
    out = Out(verb, ACCOUNT, cents, other)
    return lambda ws: moneyout.carry_out(deciding(ws), out, ws.now(NEXT), TWO)


def assigned(remittance: int) -> Verb:
    """Give a suspended payment to the account by two people; where it moved meanwhile they look at it again."""
    wanted = Wanted(remittance, 0, ACCOUNT)

    def verb(ws: Workspace) -> object:
        at = deciding(ws)
        looked = assign.assign(at, wanted, ws.now(TAKEN), TWO)
        while not looked.problem and not looked.done:
            looked = assign.assign(at, wanted, ws.now(TAKEN), TWO, looked.digest)
        return looked

    return verb


def ended(ws: Workspace) -> object:
    """End what nobody paid."""
    return nonpayment.approve(deciding(ws), ACCOUNT, "", ws.now(ENDS), TWO)


# --- the pairs: what is laid, and the two -------------------------------------------------------------------


def refund_and_bill(ws: Workspace) -> Pair:
    deciding(ws)
    return moves(Asked.REFUND, CREDIT), scene.february


def two_refunds(ws: Workspace) -> Pair:
    """Either has enough credit, both have not."""
    deciding(ws)
    return moves(Asked.REFUND, CREDIT - 1), moves(Asked.REFUND, CREDIT - 2)


def one_refund_twice(ws: Workspace) -> Pair:
    """The same words: credit for one of them."""
    deciding(ws)
    return moves(Asked.REFUND, CREDIT), moves(Asked.REFUND, CREDIT)


def transfer_and_night(ws: Workspace) -> Pair:
    """A fee is open, and all credit beyond it is moved: each takes its own part, whichever comes first."""
    moves(Asked.FEE, MORE)(ws)
    return moves(Asked.TRANSFER, OVER, other=OTHER), scene.pays_by_night


def return_and_refund(ws: Workspace) -> Pair:
    """Refunded first, the returned payment's credit is owed again; returned first, it is not there to refund."""
    deciding(ws)
    return scene.back("PAID"), moves(Asked.REFUND, CREDIT)


def end_and_payment(ws: Workspace) -> Pair:
    """The account is listed to end, and all that it owes is told by an 820 whose money comes."""
    scene.assigned(ACCOUNT)(ws)
    scene.february(ws)
    for day in (*WARNED, ENDS):
        night(ws, day)
    with ws.database.read() as conn:
        owed = ledger.balance(conn, receivable(ACCOUNT))
    told_of(ws, scene.payment(720, "LATE", ("11", ACCOUNT, owed)))
    return ended, lambda at: add_deposit(at, "LATE", COMPANY, owed, ENDS, at.now(ENDS))


def sheet_and_void(ws: Workspace) -> Pair:
    """A worksheet comes back beside the end of its bill."""
    taken, number = self_billed(ws)
    return taken, lambda at: void(deciding(at), number, at.now(ENDS), TWO)


def sheet_and_bill(ws: Workspace) -> Pair:
    """A worksheet comes back beside the bill of the next month."""
    taken, _ = self_billed(ws)
    return taken, scene.bills(Month(2027, 3), date(2027, 2, 10))


def reported_and_bill(ws: Workspace) -> Pair:
    """What an 820 reports of February is held against February's bill, whichever comes first."""
    _bills_itself(ws)
    lines = edi.remittance_set([("11", ACCOUNT, 0, 0)], PAID, "SELF", total=WRONG)
    head = lines[: next(at for at, segment in enumerate(lines) if segment.startswith("ENT"))]
    head += ["ENT*1*2J*EI*E50001", "NM1*IL*1*SAMPLE*PAT****N*E50001", f"RMR*AZ*E50001**{edi.dollars(WRONG)}"]
    head += ["REF*18*GOLD", "DTM*582****RD8*20270201-20270228"]
    data = edi.interchange([[*head, f"SE*{len(head) + 1}*0001"]], PAID, 721, kind="820").encode()
    told_of(ws, data)
    return scene.deposit("SELF", WRONG), scene.february


def assigned_and_corrected(ws: Workspace) -> Pair:
    """A payment that did not add up lies in suspense; people place it beside the 820 that corrects it."""
    said = edi.remittance_set([("11", ACCOUNT, WRONG + 1, WRONG + 1)], PAID, "WRONG", total=WRONG)
    told_of(ws, edi.interchange([said], PAID, 722, kind="820").encode())
    scene.deposit("WRONG", WRONG)(ws)
    right = scene.judged(ws, scene.payment(723, "WRONG", ("11", ACCOUNT, WRONG)))
    with ws.database.read() as conn:
        (paper,) = cash.of_trace(conn, "WRONG")
    deciding(ws)
    return assigned(paper.id), lambda at: pay.take(at, right)


def told_of(ws: Workspace, data: bytes) -> None:
    """Take an 820 whose money is not here yet; what else lies on the desk is left there."""
    pay.take(ws, scene.judged(ws, data))


def _bills_itself(ws: Workspace) -> None:
    own = 'account = "41000100"\n'
    text = TERMS.read_text("utf-8").replace(own, f'{own}billing_mode = "self"\n', 1)
    loaded = load_terms(deciding(ws), text, ws.now(TAKEN), TWO)
    assert loaded.stored, loaded.findings


def self_billed(ws: Workspace) -> tuple[Verb, str]:
    """Bill February to the payer that bills itself; return how its worksheet is taken, and the bill's number."""
    _bills_itself(ws)
    scene.february(ws)
    with ws.database.read() as conn:
        number = next(each.number for each in invoices.listing(conn) if each.month == Month(2027, 2))
        unit = units(selfbill.charges(conn, number))[0]
    key = ws.vault.row_keys.key(PARTNER, sheet(number), unit.place)
    text = "Account,Month,Plan,Tier,Our People,Our Amount,People,Amount,Rollbook Row\n"
    ours = f"{unit.count},{edi.dollars(unit.cents)}"
    text += f"{ACCOUNT},2027-02,{unit.plan},{unit.tier},{ours},1,1.00,{key}\n"
    set_id = scene.judged(ws, text.encode())
    return lambda at: worksheet.take(at, set_id), number


def self_bill_reported(ws: Workspace) -> str:
    """Take the worksheet of `self_billed`; return the bill's number."""
    taken, number = self_billed(ws)
    taken(ws)
    with ws.database.read() as conn:
        assert selfbill.history(conn, [ACCOUNT], Month(2027, 2)), "it was taken"
    return number


PAIRS: dict[str, Callable[[Workspace], Pair]] = {
    "a refund and a bill": refund_and_bill,
    "two refunds of one credit": two_refunds,
    "one refund asked for twice": one_refund_twice,
    "a transfer and credit by night": transfer_and_night,
    "a return and a refund": return_and_refund,
    "an end for nonpayment and the payment": end_and_payment,
    "a worksheet and its bill's void": sheet_and_void,
    "a worksheet and the next bill": sheet_and_bill,
    "a self bill's payment and its bill": reported_and_bill,
    "money assigned and its corrected 820": assigned_and_corrected,
}


# --- what must hold ----------------------------------------------------------------------------------------


def unseen(ws: Workspace) -> list[str]:
    """Say in words whose coverage ended for nonpayment at a step before which all was paid."""
    with ws.database.read() as conn:
        query = select(tables.step.c.tx, tables.step.c.seq, tables.tx.c.what)
        steps = conn.execute(query.join(tables.tx, tables.tx.c.id == tables.step.c.tx)).all()
        owed = ledger.entries(conn, receivable(ACCOUNT))
    order = {step.tx: step.seq for step in steps}
    ends = [step.seq for step in steps if step.what == Purpose.END_NONPAYMENT]
    return [
        f"coverage of {ACCOUNT} ended at step {seq}, when nothing was owed"
        for seq in ends
        if sum(entry.cents for entry in owed if order[entry.tx] < seq) <= 0
    ]
