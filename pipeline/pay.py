"""Pay: an 820 becomes cash when its deposit is there (DOMAIN.md 4). One transaction per set."""

from __future__ import annotations

from dataclasses import replace

from billing.ready import ready
from model.codes import found
from model.decision import SetState
from model.finding import Finding
from parsers import remittance820
from pipeline import correct, posting, reread
from pipeline.posting import Paper
from pipeline.workspace import Workspace
from store import agreements, cash, deposits, files, journal
from store.engine import Connection

_SAME = "A payment of this trace number, payer and amount has been received before; it was not taken again."


def take(ws: Workspace, set_id: int) -> None:
    """Take one judged 820 set: post it, let it wait for its deposit, or suspend it. Idempotent.

    One is known when its content is, or its trace, payer and amount (DESIGN.md 5); but what corrects a remittance
    that was suspended because it did not add up takes that one's place.
    """
    ws.database.retry(lambda conn: _take(ws, conn, set_id))


def _take(ws: Workspace, conn: Connection, set_id: int) -> None:
    stored = files.stored_set(conn, set_id)
    if stored.state is not None:
        return
    file, partner = files.file(conn, stored.file_id), agreements.partner(conn, stored.partner)
    assert partner is not None, "a judged set has a partner"
    remittance = reread.remittance(ws.vault.archive, file.sha256, stored)
    paper = Paper(stored, partner, remittance, 0, file.received_at, 0)
    if stored.usage == "T" and ws.environment == "production":
        return _leave(conn, paper, SetState.REPORTED, found("TEST-FILE", paper.where))
    earlier = cash.same_payment(conn, stored.partner, remittance)
    replaced = correct.corrected(ws, conn, remittance, earlier)
    seen = files.set_seen(conn, stored.body_hash, stored.partner, stored.id)
    if seen or (earlier and not replaced):
        return _leave(conn, paper, SetState.DUPLICATE, found("SET-SEEN", paper.where, "" if seen else _SAME))
    tx = journal.open_tx(conn, file.received_at, ws.actor, "take remittance", set_id)
    if replaced:
        correct.replace(conn, tx, replaced, stored)
    unbalanced = remittance820.balance(remittance)
    files.add_findings(conn, file.id, unbalanced, set_id)
    readiness = ready(remittance, deposits.opened(conn), partner, unbalanced)
    state, _ = posting.STATES[readiness.action]
    ident = cash.save_remittance(
        conn, tx, set_id, partner.code, remittance, state, readiness.reason, ws.vault.fields
    )
    posting.act(ws, conn, replace(paper, remittance_id=ident, tx=tx), readiness)
    return None


def _leave(conn: Connection, paper: Paper, state: SetState, finding: Finding) -> None:
    files.set_state(conn, paper.stored.id, state, finding.message)
    files.add_findings(conn, paper.stored.file_id, [finding], paper.stored.id)
