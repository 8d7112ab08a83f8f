"""Answer: bring a file to its one terminal state and put its business report into the outbox.

See docs/design.md, States.
"""

from __future__ import annotations

from model.enrollment.decision import FileState
from model.exchange import BANK, CENSUS, ReceivedFile
from model.finding import Severity
from model.journal import Purpose
from pipeline.answer import acknowledgments, report
from pipeline.answer.settle import only_answers, settle
from pipeline.receive import awaited
from pipeline.runtime.workspace import Workspace, of_file
from store import guards
from store.engine import Connection
from store.received import files


def answer(ws: Workspace, file_id: str) -> FileState:
    """Give the file its terminal state, owe its report, and look again at what waited for its records.

    Idempotent.
    """

    def work(conn: Connection) -> FileState:
        file = files.file(conn, file_id)
        state = file.state or settle(conn, file)
        if state is FileState.REFUSED:
            return state
        tx = ws.step(conn, Purpose.ANSWER, of_file(file))
        file = files.file(conn, file_id)
        reader = _reader(conn, file, state)
        acknowledgments.advise(ws, conn, tx, file)
        if reader is not None:
            report.owe(ws, conn, tx, file, state, reader)
        if file.kind == CENSUS:
            from pipeline.answer import census_return  # a spreadsheet's, and most files are none

            census_return.owe(ws, conn, tx, file)
        awaited.look(ws, conn, tx, awaited.after_file(conn, file_id), file.received_at)
        return state

    def guarded(conn: Connection) -> set[str]:
        return {guards.file(file_id), *awaited.guarded(awaited.after_file(conn, file_id))}

    return ws.database.change(guarded, work)


def _reader(conn: Connection, file: ReceivedFile, state: FileState) -> str | None:
    """Return who gets the report: the partner; "" for ourselves, None for nobody.

    What only answers us owes its sender nothing, and no bank is told anything. Where it rejects or does not match,
    the work is ours; only what could not be taken is the sender's to mend, and nothing else would say so.
    """
    ours = file.kind == BANK or (state is FileState.MATCHED and only_answers(file, files.sets_of(conn, file.id)))
    if not ours:
        return file.partner
    return "" if files.severities(conn, file.id).keys() - {Severity.INFO} else None


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (answer,)
