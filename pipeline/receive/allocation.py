"""An allocation in the pipeline: one file is one set, whose remittance is taken as that of an 820 is.

Judging writes the same rows as for an 820, under an interchange and group without identities, and owes no TA1 and
no 999. What cannot be read rejects the whole.
"""

from __future__ import annotations

from intake.channel import up_to
from model.enrollment.decision import SetState
from model.exchange import ALLOCATION, ReceivedFile
from parsers.allocation import sheet
from parsers.census.table import MAX_BYTES
from pipeline.receive import sheets
from pipeline.runtime.workspace import Workspace
from store.engine import Connection
from store.received import files

_KIND = "820"


def is_one(ws: Workspace, file: ReceivedFile) -> bool:
    """Say whether a received file is an allocation, from its first bytes."""
    return sheet.recognise(ws.vault.archive.read_range(file.sha256, 0, min(sheet.HEAD, file.size)))


def judge(ws: Workspace, conn: Connection, file: ReceivedFile) -> None:
    """Record what an allocation is: its set, or why it cannot be read."""
    found = sheet.read(up_to(ws.vault.archive.read(file.sha256), MAX_BYTES))
    paper = found.remittance
    set_id = sheets.record(
        conn,
        file,
        _KIND,
        ALLOCATION,
        found.body_hash,
        found.lines,
        refused=paper is None,
        trace=paper.trace if paper else "",
    )
    files.add_findings(conn, file.id, found.findings, set_id)
    if paper is None:
        files.set_state(conn, set_id, SetState.REJECTED, found.findings[0].message)
    files.set_kind_state(conn, file.id, ALLOCATION, None)
