"""Pay: an 820 becomes cash when its deposit is there (docs/domain.md, Deposits). One transaction per set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from billing.ready import Action, Companies, Readiness, fits
from enrollment.sets import is_test
from model.codes import found
from model.enrollment.decision import SetState
from model.enrollment.effect import Effect, EntryTold, Tally
from model.finding import Finding
from model.journal import Purpose
from model.money.remittance import Remittance, StoredRemittance
from model.trade.payment import PRENOTE
from parsers.balance import balance
from pipeline.cash import correct, posting
from pipeline.cash.payables import touched
from pipeline.cash.posting import Paper
from pipeline.desk import papers
from pipeline.reread import sets
from pipeline.runtime import expected
from pipeline.runtime.clock import local_day
from pipeline.runtime.expected import Tell
from pipeline.runtime.workspace import Workspace, of_file
from store import agreements, guards
from store.desk.items import Step
from store.engine import Connection
from store.money import cash, deposits, ledger
from store.received import envelopes, files


def take(ws: Workspace, set_id: int, tell: Tell | None = None) -> None:
    """Take one judged 820 set: post it, let it wait for its deposit, suspend or hold it. Idempotent.

    `tell` hears its effect before it is committed.

    One whose content is known is a duplicate. One of a known trace, payer and amount (docs/design.md, Identity)
    corrects what was suspended because it did not add up, or is held: a person says whether it is another payment.
    """
    with ws.database.read() as conn:
        stored = files.stored_set(conn, set_id)
        file = files.file(conn, stored.file_id)
    if stored.state is not None:
        return
    remittance = sets.remittance(ws.vault.archive, file.sha256, stored)

    def names(conn: Connection) -> set[str]:
        return {guards.trace(remittance.trace), guards.file(file.id), *touched(conn, stored.partner)}

    ws.database.change(
        names,
        lambda conn: expected.taken(ws, conn, set_id, partial(_take_and_tell, ws, conn, set_id, remittance), tell),
    )


def _take_and_tell(
    ws: Workspace, conn: Connection, set_id: int, remittance: Remittance, tell: Tell | None, hold: Finding | None
) -> None:
    _take(ws, conn, set_id, remittance, hold)
    if tell:
        tell(files.stored_set(conn, set_id), effect(conn, set_id))


def effect(conn: Connection, set_id: int) -> Effect:
    """Return what an 820 set came to: the entries that were posted for it."""
    paper, tally = cash.of_set(conn, set_id), Tally()
    posted = ledger.of_remittance(conn, paper.id) if paper else []
    tally.bind(EntryTold(entry.debit, entry.credit, entry.cents, entry.invoice) for entry in posted)
    return tally.effect(())


def _take(ws: Workspace, conn: Connection, set_id: int, remittance: Remittance, hold: Finding | None) -> None:
    stored = files.stored_set(conn, set_id)
    if stored.state is not None:
        return
    file, partner = files.file(conn, stored.file_id), agreements.partner(conn, stored.partner)
    assert partner is not None, "a judged set has a partner"
    tx = ws.step(conn, Purpose.TAKE_REMITTANCE, of_file(file), set_id=set_id, set=envelopes.ordinal(conn, set_id))
    paper = Paper(stored, partner, remittance, 0, file.received_at, tx)
    if is_test(stored.usage, ws.environment):
        return _leave(conn, paper, SetState.REPORTED, found("TEST-FILE", paper.where))
    companies = Companies.of(agreements.partners(conn))
    earlier = _earlier(conn, paper, companies)
    replaced = correct.corrected(
        ws, conn, paper.remittance, [other for other in earlier if other.partner == partner.code]
    )
    seen = files.set_seen(conn, stored.body_hash, stored.partner, stored.id) is not None
    second = _second_deposit(conn, paper, earlier)
    if seen and not second:
        return _leave(conn, paper, SetState.DUPLICATE, found("SET-SEEN", paper.where))
    if replaced:
        correct.replace(conn, tx, replaced, stored)
    files.add_findings(conn, file.id, balance(remittance), set_id)
    if hold:
        readiness = Readiness(Action.HOLD, None, hold.message, (hold,))
    elif earlier and not replaced:
        readiness = _hold(conn, paper, earlier, seen)
    else:
        readiness = posting.readiness(conn, partner, remittance, companies)
    state, _ = posting.STATES[readiness.action]
    ident = cash.save_remittance(
        conn, tx, set_id, partner.code, remittance, state, readiness.reason, ws.vault.fields
    )
    posting.act(ws, conn, replace(paper, remittance_id=ident), readiness)
    papers.of_traces(conn, Step(tx, local_day(conn, file.received_at)), [remittance.trace])
    return None


def _earlier(conn: Connection, paper: Paper, companies: Companies) -> list[StoredRemittance]:
    """Return the payments that this one may be again: the partner's own, and others' that may be the same money.

    What is no payment (a prenote) is nobody's again.
    """
    remittance, company = paper.remittance, paper.remittance.company
    if remittance.handling == PRENOTE:
        return []
    agreed = companies.agreed(company, paper.partner)
    return [
        other
        for other in cash.same_payment(conn, remittance.trace, company, remittance.cents)
        if other.partner == paper.partner.code or (agreed and companies.may_be(company, other.partner))
    ]


def _second_deposit(conn: Connection, paper: Paper, earlier: Sequence[StoredRemittance]) -> bool:
    """Say whether a payment of this kind has its money, and there is money of another one."""
    waiting = deposits.opened(conn, trace=paper.remittance.trace)
    return any(other.receipt for other in earlier) and any(fits(deposit, paper.remittance) for deposit in waiting)


def _hold(conn: Connection, paper: Paper, earlier: Sequence[StoredRemittance], seen: bool) -> Readiness:
    """Hold a payment that looks like an earlier one; of another partner's nothing is told but that it is there."""
    own = [other for other in earlier if other.partner == paper.partner.code]
    message = ""
    if own:
        before = files.stored_set(conn, own[-1].set)
        message = (
            f"The payment has the trace number, company and amount of set {before.control} of file "
            f"{before.file_id}, which is {own[-1].state.lower()}; "
        )
        message += "a second deposit of it waits. " if seen else "its content is another. "
        message += "It was not posted."
    finding = found("PAYMENT-SAME", paper.where, message)
    return Readiness(Action.HOLD, None, finding.message, (finding,))


def _leave(conn: Connection, paper: Paper, state: SetState, finding: Finding) -> None:
    files.set_state(conn, paper.stored.id, state, finding.message)
    files.add_findings(conn, paper.stored.file_id, [finding], paper.stored.id)
