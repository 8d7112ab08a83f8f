"""A spreadsheet where a set of X12 is: under an interchange and group without identities."""

from __future__ import annotations

from model.enrollment.events import SetHeader
from model.exchange import ReceivedFile
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
from store.engine import Connection
from store.received import files

_CONTROL = "1"


def record(
    conn: Connection,
    file: ReceivedFile,
    kind: str,
    form: str,
    body_hash: str,
    rows: int,
    *,
    refused: bool = False,
    head: SetHeader | None = None,
    trace: str = "",
) -> int:
    """Write interchange, group and set of a spreadsheet; return the set's row id. It owes no TA1 or 999.

    `refused`: its set cannot be read. `head` is what an 834's header would say, `trace` what an 820's would.
    """
    verdict = Verdict.REJECTED if refused else Verdict.ACCEPTED
    interchange = Interchange("", "", "", "", "", "", "", "", False, "P", Delimiters(), 0, 1)
    group = FunctionalGroup("", "", "", "", "", "", "", 0, 1)
    one = TransactionSet(kind, _CONTROL, form, 0, 1)
    read = SetVerdict(one, verdict, (), (), body_hash, file.size, rows)
    interchange_id = files.insert_interchange(conn, file.id, interchange)
    group_id = files.insert_functional_group(conn, interchange_id, group)
    set_id = files.insert_set(conn, group_id, file.id, file.partner, one)
    files.close_set(conn, set_id, read, head, trace)
    counted = FunctionalGroupVerdict(group, verdict, (), (), 1, 1, int(not refused), file.size)
    files.close_functional_group(conn, group_id, counted)
    whole = InterchangeVerdict(interchange, Verdict.ACCEPTED, "", (), file.size)
    files.close_interchange(conn, interchange_id, whole, answerable=False)
    return set_id
