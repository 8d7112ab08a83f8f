"""An allocation in the pipeline: one file is one set, whose remittance is taken as that of an 820 is.

Judging writes the same rows as for an 820, under an interchange and group without identities, and owes no TA1 and
no 999. What cannot be read rejects the whole.
"""

from __future__ import annotations

from model.enrollment.decision import SetState
from model.exchange import ALLOCATION, ReceivedFile
from model.x12 import (
    Delimiters,
    FunctionalGroup,
    FunctionalGroupVerdict,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
    TransactionSet,
    Verdict,
)
from parsers.allocation import sheet
from parsers.allocation.sheet import AllocationFile
from pipeline.runtime.workspace import Workspace
from store.engine import Connection
from store.received import files

_KIND, _CONTROL = "820", "1"
HEAD = 65_536  # bytes by which a file is recognised


def is_one(ws: Workspace, file: ReceivedFile) -> bool:
    """Say whether a received file is an allocation, from its first bytes."""
    return sheet.recognise(ws.vault.archive.read_range(file.sha256, 0, min(HEAD, file.size)))


def judge(ws: Workspace, conn: Connection, file: ReceivedFile) -> None:
    """Record what an allocation is: its set, or why it cannot be read."""
    found = sheet.read(b"".join(ws.vault.archive.read(file.sha256)))
    set_id = _record(conn, file, found)
    files.add_findings(conn, file.id, found.findings, set_id)
    if found.remittance is None:
        files.set_state(conn, set_id, SetState.REJECTED, found.findings[0].message)
    files.set_kind_state(conn, file.id, ALLOCATION, None)


def _record(conn: Connection, file: ReceivedFile, found: AllocationFile) -> int:
    """Write interchange, group and set, so that an allocation is found where an 820 is."""
    interchange = Interchange("", "", "", "", "", "", "", "", False, "P", Delimiters(), 0, 1)
    group = FunctionalGroup("", "", "", "", "", "", "", 0, 1)
    one = TransactionSet(_KIND, _CONTROL, ALLOCATION, 0, 1)
    verdict = Verdict.ACCEPTED if found.remittance else Verdict.REJECTED
    interchange_id = files.insert_interchange(conn, file.id, interchange)
    group_id = files.insert_functional_group(conn, interchange_id, group)
    set_id = files.insert_set(conn, group_id, file.id, file.partner, one)
    read = SetVerdict(one, verdict, (), (), found.body_hash, file.size, found.lines)
    files.close_set(conn, set_id, read, None, found.remittance.trace if found.remittance else "")
    closed = FunctionalGroupVerdict(group, verdict, (), (), 1, 1, int(found.remittance is not None), file.size)
    files.close_functional_group(conn, group_id, closed)
    whole = InterchangeVerdict(interchange, Verdict.ACCEPTED, "", (), file.size)
    files.close_interchange(conn, interchange_id, whole, answerable=False)
    return set_id
