"""Deposits: what the bank reports enters the ledger at once, as unidentified suspense (docs/domain.md, Deposits).

It moves on when its remittance is posted: at once where one waits for it and nobody else's fits. One transaction
per deposit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import partial

from billing.ready import Companies, Readiness, differs, fits
from model.approval import Approval
from model.asking import Request, Verb
from model.journal import Act, InputKind, Purpose
from model.money.bank import split_into
from model.money.cents import Cents, format_dollars
from model.money.ledger import Deposit
from model.money.remittance import UNPAID, PaymentState, StoredRemittance
from model.trade.payment import DEBIT
from pipeline.answer import acknowledgments
from pipeline.answer.settle import settle
from pipeline.cash import posting, reported
from pipeline.cash.payables import touched
from pipeline.cash.posting import Paper
from pipeline.desk import asked
from pipeline.desk.asked import Judged
from pipeline.desk.papers import of_traces
from pipeline.runtime import approvals
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.outcomes import DepositOutcomeView
from pipeline.views.proposals import candidates, proposal
from store import agreements, guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import bank, cash, deposits
from store.received import files


def add_deposit(
    ws: Workspace, trace: str, company: str, cents: Cents, received: date, now: datetime, *, again: bool = False
) -> DepositOutcomeView:
    """Enter a bank deposit (cents > 0) and post the remittance that waits for it.

    A deposit is known by trace, company and amount, blanks around them aside: the same of the same day is the
    same, of another day it is refused, until `again` says that it is another one.
    """
    one = Deposit(0, trace.strip(), company.strip(), cents, received)
    told = ws.asked(
        InputKind.DEPOSIT, now, trace=trace, company=company, cents=cents, received=str(received), again=again
    )

    def work(conn: Connection) -> DepositOutcomeView:
        there = None if again else reported.find(ws, conn, one)
        gives_way = there is not None and there.makes_way(one)
        if there and not gives_way:
            return DepositOutcomeView(there.deposit.id, cents, there.words, done=there.is_it)
        before = deposits.standing(conn, trace=one.trace, company=one.company, cents=cents)
        if before and not again:
            return _known(before, received)
        tx = ws.step(conn, Purpose.ENTER_DEPOSIT, told)
        new = replace(one, received=there.deposit.received) if there else one
        (made,) = deposits.enter(conn, tx, [new])
        if there:
            reported.give_way(conn, tx, there, made.id)
        detail = f"{cents} cents" + (", one more of the same" if before else "")
        journal.audit(conn, tx, Act.DEPOSIT_ENTERED, f"deposit {made.id}", detail)
        outcome = _match(ws, conn, made, now, tx)
        of_traces(conn, Step(tx, local_day(conn, now)), [one.trace])
        return DepositOutcomeView(made.id, cents, outcome)

    return ws.database.change(partial(_touched, traces=[one.trace]), work)


def _touched(conn: Connection, traces: Iterable[str]) -> set[str]:
    """Return the guards of trace numbers: their own, and what the remittances that wait under them would reach."""
    names: set[str] = set()
    for trace in traces:
        waiting = cash.unposted(conn, trace)
        names |= {guards.trace(trace), *(guards.file(file) for _, file in waiting)}
        names = names.union(*(touched(conn, code) for code, _ in waiting))
    return names


def _of_papers(conn: Connection, deposit: int, remittance: int = 0) -> set[str]:
    """Return the guards of a deposit, and of a remittance that it is to pay."""
    papers = (deposits.find(conn, deposit), cash.find(conn, remittance))
    return _touched(conn, [paper.trace for paper in papers if paper])


def _known(before: list[Deposit], received: date) -> DepositOutcomeView:
    """Answer a deposit that is there already."""
    same = next((deposit for deposit in before if deposit.received == received), None)
    if same:
        return DepositOutcomeView(same.id, same.cents, "it was entered before; nothing changed")
    latest = before[-1]
    words = f"it looks like deposit {latest.id} of {latest.received}; nothing was entered."
    words += " If it is another, say --again"
    return DepositOutcomeView(latest.id, latest.cents, words, done=False)


def _match(ws: Workspace, conn: Connection, deposit: Deposit, now: datetime, tx: int) -> str:
    """Post the first remittance, in order of receipt, that a deposit is for; else say what it may be for."""
    companies = Companies.of(agreements.partners(conn))
    unpaid = candidates(conn, deposit, companies)
    papers = [(stored, _paper(ws, conn, stored, now, tx)) for stored in unpaid]
    if pair := _first(conn, deposit, papers, companies):
        return _post(ws, conn, *pair)
    for stored, paper in papers:
        if stored.state == PaymentState.WAITING and not fits(deposit, paper.remittance):
            files.add_findings(conn, paper.stored.file_id, [differs(deposit, paper.remittance)], paper.stored.id)
    words = ["waits for its remittance", *(proposal(stored, deposit) for stored in unpaid)]
    return "; ".join(words)


def _first(
    conn: Connection, deposit: Deposit, papers: Iterable[tuple[StoredRemittance, Paper]], companies: Companies
) -> tuple[Paper, Readiness] | None:
    """Return the first of these that a deposit is for, unless another partner's fits as well."""
    fitting = [
        (stored, paper, readiness)
        for stored, paper in papers
        if fits(deposit, paper.remittance)
        and (readiness := posting.readiness(conn, paper.partner, paper.remittance, companies)).deposit
    ]
    alone = companies.bound(deposit.company) or len({stored.partner for stored, _, _ in fitting}) == 1
    for stored, paper, readiness in fitting if alone else ():
        if stored.state != PaymentState.HELD:
            return paper, replace(readiness, findings=())
    return None


def look_again(ws: Workspace, now: datetime) -> list[DepositOutcomeView]:
    """Post what waits beside its deposit, however the two missed each other; return what was posted.

    Whoever delivers, sweeps, bills or reconciles looks, so that no pair waits for ever. One query where none does;
    what only a person may match (`proposal`) stays as it is.
    """
    with ws.database.read() as conn:
        waiting = [deposit for deposit in deposits.with_remittance(conn) if _pair(ws, conn, deposit, now)]
    return [posted for deposit in waiting if (posted := find_pair(ws, deposit.id, now))]


def find_pair(ws: Workspace, deposit_id: int, now: datetime) -> DepositOutcomeView | None:
    """Post what waits beside a deposit; None where nothing does."""

    def work(conn: Connection) -> DepositOutcomeView | None:
        deposit = deposits.find(conn, deposit_id)
        pair = _pair(ws, conn, deposit, now) if deposit and deposit.is_open else None
        if deposit is None or pair is None:
            return None
        tx = ws.step(conn, Purpose.FIND_DEPOSIT, ws.asked(InputKind.NIGHTLY, now, deposit=deposit_id))
        paper, readiness = replace(pair[0], tx=tx), pair[1]
        told = f"deposit {deposit_id}, remittance {paper.remittance_id}"
        journal.audit(conn, tx, Act.DEPOSIT_MATCHED, told, "both were there and waited")
        outcome = _post(ws, conn, paper, readiness)
        of_traces(conn, Step(tx, local_day(conn, now)), [deposit.trace])
        return DepositOutcomeView(deposit_id, deposit.cents, outcome)

    return ws.database.change(partial(_of_papers, deposit=deposit_id), work)


def _pair(ws: Workspace, conn: Connection, deposit: Deposit, now: datetime) -> tuple[Paper, Readiness] | None:
    """Return what an open deposit can be posted with now; the paper has no transaction yet."""
    companies = Companies.of(agreements.partners(conn))
    papers = [
        (candidate, _paper(ws, conn, candidate, now, 0)) for candidate in candidates(conn, deposit, companies)
    ]
    return _first(conn, deposit, papers, companies)


def _paper(ws: Workspace, conn: Connection, stored: StoredRemittance, now: datetime, tx: int) -> Paper:
    partner = agreements.partner(conn, stored.partner)
    assert partner is not None, "a remittance has a partner"
    remittance = cash.remittance(conn, stored.id, ws.vault.fields)
    return Paper(files.stored_set(conn, stored.set), partner, remittance, stored.id, now, tx)


def _post(ws: Workspace, conn: Connection, paper: Paper, readiness: Readiness) -> str:
    """Post a remittance whose deposit has come, and bring its file and its advice up to date."""
    outcome = posting.act(ws, conn, paper, readiness)
    settle(conn, files.file(conn, paper.stored.file_id))
    acknowledgments.advise(ws, conn, paper.tx, files.file(conn, paper.stored.file_id))
    return outcome


def match_deposit(
    ws: Workspace, deposit_id: int, remittance_id: int, now: datetime, decision: Approval
) -> DepositOutcomeView:
    """Post a remittance with a deposit that a person says is its money: equal in amount, whatever else differs.

    It needs a person and a reason; a held remittance needs two people. Never with money of a company that is bound
    to another partner.
    """

    def work(conn: Connection) -> DepositOutcomeView:
        deposit, stored = deposits.find(conn, deposit_id), cash.find(conn, remittance_id)
        problem = not_open(conn, deposit, deposit_id) or _match_problem(ws, conn, deposit, stored)
        if problem or deposit is None or stored is None:
            return _not_done(deposit, problem)
        label = f"match deposit {deposit_id} with payment {remittance_id}, which is held"
        request = Request(Verb.MATCH_DEPOSIT, f"{deposit_id} {remittance_id}", label, deposit.cents)
        judged = _matching(ws, conn, now, decision, stored, request)
        if judged.problem:
            return DepositOutcomeView(deposit_id, deposit.cents, judged.problem, done=False)
        approval = judged.approval
        told = ws.asked(
            InputKind.DECISION, now, deposit=deposit_id, remittance=remittance_id, approval=asdict(approval)
        )
        tx = ws.step(conn, Purpose.MATCH_DEPOSIT, told)
        asked.carried_out(conn, tx, request.subject)
        pair = f"deposit {deposit_id}, remittance {remittance_id}"
        journal.audit(conn, tx, Act.DEPOSIT_MATCHED, pair, approval.by(ws.actor.person).detail)
        paper = _paper(ws, conn, stored, now, tx)
        outcome = _post(ws, conn, paper, posting.by_person(paper.remittance, deposit))
        of_traces(conn, Step(tx, local_day(conn, now)), [deposit.trace, stored.trace])
        return DepositOutcomeView(deposit_id, deposit.cents, outcome)

    return ws.database.change(partial(_of_papers, deposit=deposit_id, remittance=remittance_id), work)


def _match_problem(
    ws: Workspace, conn: Connection, deposit: Deposit | None, stored: StoredRemittance | None
) -> str:
    """Say why nobody may match these two; empty when somebody may."""
    if deposit is None or stored is None or stored.receipt or stored.state not in UNPAID:
        return "there is no such remittance that wants a deposit"
    companies = Companies.of(agreements.partners(conn))
    if not all(companies.may_be(side.company, stored.partner) for side in (deposit, stored)):
        return "the company is bound to another partner"
    if deposit.cents != stored.cents:
        amounts = f"{format_dollars(deposit.cents)} and {format_dollars(stored.cents)}"
        return f"the amounts differ ({amounts}): enter the deposit as the bank has it, or have the 820 corrected"
    if cash.remittance(conn, stored.id, ws.vault.fields).credit == DEBIT:
        return "the remittance is a debit (BPR03): it asks for money and brings none"
    return ""


def _matching(
    ws: Workspace, conn: Connection, now: datetime, decision: Approval, stored: StoredRemittance, request: Request
) -> Judged:
    """Say by whom two are matched: by two people where the remittance is held, else one is enough."""
    if stored.state == PaymentState.HELD:
        judged = asked.decided(ws, conn, now, decision, request)
        return replace(judged, problem=judged.problem and f"the remittance is held: {judged.problem}")
    check = approvals.checked if decision.requested_by.strip() else approvals.checked_one
    return Judged(decision, check(conn, ws.actor, decision, request.need))


def void_deposit(ws: Workspace, deposit_id: int, now: datetime, decision: Approval) -> DepositOutcomeView:
    """Take back a deposit that was entered wrongly and is matched to nothing; two people decide it.

    One of which the bank has told is voided by its line (`bank void`).

    Nothing is deleted: the deposit is marked, and its money goes back to the bank's account in the ledger.
    """

    def work(conn: Connection) -> DepositOutcomeView:
        deposit = deposits.find(conn, deposit_id)
        problem = not_open(conn, deposit, deposit_id) or _told_by_bank(ws, conn, deposit_id)
        if problem or deposit is None:
            return _not_done(deposit, problem)
        request = Request(Verb.VOID_DEPOSIT, str(deposit_id), f"void deposit {deposit_id}", deposit.cents)
        judged = asked.decided(ws, conn, now, decision, request)
        if judged.problem:
            return DepositOutcomeView(deposit_id, deposit.cents, judged.problem, done=False)
        approval = judged.approval
        told = ws.asked(InputKind.DECISION, now, deposit=deposit_id, approval=asdict(approval))
        tx = ws.step(conn, Purpose.VOID_DEPOSIT, told)
        asked.carried_out(conn, tx, request.subject)
        deposits.void(conn, tx, deposit)
        journal.audit(conn, tx, Act.DEPOSIT_VOIDED, f"deposit {deposit_id}", approval.detail)
        of_traces(conn, Step(tx, local_day(conn, now)), [deposit.trace])
        return DepositOutcomeView(deposit_id, deposit.cents, "voided; its money is out of the books")

    return ws.database.change(partial(_of_papers, deposit=deposit_id), work)


def _not_done(deposit: Deposit | None, problem: str) -> DepositOutcomeView:
    return DepositOutcomeView(deposit.id if deposit else 0, deposit.cents if deposit else 0, problem, done=False)


def _told_by_bank(ws: Workspace, conn: Connection, deposit_id: int) -> str:
    """Say which line of the bank stands behind a deposit, by which it is voided; empty for none."""
    line = bank.of_deposits(conn, [deposit_id], ws.vault.fields).get(deposit_id)
    if line is None:
        return ""
    return f"line {line.id} of the bank says that it came: `rollbook bank void {line.id}` takes back both"


def not_open(conn: Connection, deposit: Deposit | None, deposit_id: int) -> str:
    """Say why a deposit is not open; empty when it is."""
    if deposit is None:
        return f"there is no deposit {deposit_id}"
    if deposit.void:
        cheques = [each.told for each in bank.details(conn, [deposit_id]).get(deposit_id, ())]
        return f"deposit {deposit_id} was {split_into(cheques) if cheques else 'voided'}"
    if deposit.placed:
        return f"deposit {deposit_id} is placed on accounts"
    return f"deposit {deposit_id} is matched to remittance {deposit.remittance}" if deposit.remittance else ""
