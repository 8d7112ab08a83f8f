"""A bank's file that came by its channel: one set, loaded as by hand, and what follows from its lines is done.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

from functools import partial

from model.codes import found
from model.documents.check import counted
from model.enrollment.decision import SetState
from model.enrollment.effect import Tally
from model.exchange import BANK, ReceivedFile
from model.finding import Finding, Where
from model.journal import Purpose
from model.money.bank import LineSort
from model.money.cents import format_dollars
from parsers.bank.read import MappingError
from pipeline.cash import bank as loading
from pipeline.cash import bank_follows
from pipeline.cash.bank import Came, Loaded
from pipeline.receive import sheets
from pipeline.runtime import expected
from pipeline.runtime.expected import Tell
from pipeline.runtime.workspace import Workspace, of_file
from store import guards
from store.engine import Connection
from store.received import envelopes, files


def judge(conn: Connection, file: ReceivedFile) -> None:
    """Record a bank's file as one set; what it holds is read when it is taken."""
    sheets.record(conn, file, BANK, BANK, file.sha256, 0)
    files.set_kind_state(conn, file.id, BANK, None)


def take(ws: Workspace, set_id: int, tell: Tell | None = None) -> None:
    """Load a judged file of a bank's and do what follows from its lines. Idempotent.

    `tell` hears its effect, which is none on coverage; a mapping of a lockbox is the home folder's.
    """
    load(ws, set_id, ws.settings.lockbox, tell)
    with ws.database.read() as conn:
        received = files.file(conn, files.stored_set(conn, set_id).file_id).received_at
    bank_follows.follow(ws, received)


def load(ws: Workspace, set_id: int, mapping: str, tell: Tell | None = None) -> None:
    """Load a judged file of a bank's in one step, or refuse it whole; `mapping` is a lockbox's as TOML."""
    with ws.database.read() as conn:
        stored = files.stored_set(conn, set_id)
        file = files.file(conn, stored.file_id)
    if stored.state is not None:
        return
    came = _read(ws, file, mapping)
    taking = partial(_load, ws, file=file, set_id=set_id, mapping=mapping, came=came)
    ws.database.change(
        lambda conn: {guards.file(file.id), *came.guards},
        lambda conn: expected.taken(ws, conn, set_id, partial(taking, conn), tell),
    )


def _read(ws: Workspace, file: ReceivedFile, mapping: str) -> Came:
    """Read a file; a mapping that is wrong is told where the file needs one."""
    try:
        return loading.read(ws, file.sha256, file.name, mapping, file.received_at)
    except MappingError as error:
        plain = loading.read(ws, file.sha256, file.name, "", file.received_at)
        return plain if plain.read.form else loading.unread(plain, error)


def _load(
    ws: Workspace,
    conn: Connection,
    tell: Tell | None,
    hold: Finding | None,
    *,
    file: ReceivedFile,
    set_id: int,
    mapping: str,
    came: Came,
) -> None:
    if files.stored_set(conn, set_id).state is not None:
        return
    place = envelopes.ordinal(conn, set_id)
    tx = ws.step(conn, Purpose.LOAD_BANK, of_file(file), set_id=set_id, set=place, mapping=mapping)
    state, reason, findings = _stored(ws, conn, tx, file, came) if hold is None else _refused([hold])
    files.add_findings(conn, file.id, findings, set_id)
    files.set_state(conn, set_id, state, reason)
    if tell:
        tell(files.stored_set(conn, set_id), Tally().effect(()))


def _stored(
    ws: Workspace, conn: Connection, tx: int, file: ReceivedFile, came: Came
) -> tuple[SetState, str, list[Finding]]:
    """Store what a file tells; return what became of it, why or with what, and what is said of it."""
    before, findings = loading.seen(conn, came), [*came.read.findings]
    made = None if before else loading.store(ws, conn, tx, came, file.received_at)
    if came.read.refused:
        return _refused(findings)
    if made is None or (came.lines and not made.lines):
        told = f"Each of its {len(came.lines)} lines was loaded before."
        return SetState.DUPLICATE, told, [found("SET-SEEN", Where(), told)]
    return SetState.APPLIED, f"{counted(len(made.lines), 'line')} new, {made.known} known{_sums(made)}", findings


def _sums(made: Loaded) -> str:
    """Say what money a file tells of."""
    assert made.file is not None, "what was not seen is stored"
    cheques = sum(each.line.cents for each in made.lines if each.line.sort is LineSort.CHEQUE)
    sums = {"came in": made.file.credits, "went out": made.file.debits, "in cheques of a lockbox": cheques}
    return "".join(f", {format_dollars(cents)} {what}" for what, cents in sums.items() if cents)


def _refused(findings: list[Finding]) -> tuple[SetState, str, list[Finding]]:
    return SetState.REJECTED, findings[0].message, findings
