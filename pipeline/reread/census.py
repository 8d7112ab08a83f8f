"""A census in the pipeline: one file is one set of kind "census", whose member lines are its rows.

Judging writes the same rows as for an 834, under an interchange and group without identities, and owes no TA1
and no 999. Applying and answering read the archived file again, like everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from enrollment import census as reading
from enrollment.census import CensusMember
from model.agreement.terms import Partner, Terms
from model.enrollment.census import CensusFile
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.exchange import CENSUS, MemberLine, ReceivedFile, StoredSet
from model.trade.references import GROUP_OR_POLICY
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
from parsers.census import sheet as parse
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.received import files, member_lines

_CONTROL = "1"


def read(ws: Workspace, file: ReceivedFile, today: date) -> CensusFile:
    """Read the archived file again; `today` is the day of its receipt."""
    if file.size > parse.MAX_BYTES:
        return parse.too_large(file.size)
    return parse.read(b"".join(ws.vault.archive.read(file.sha256)), today)


def members(
    ws: Workspace, file: ReceivedFile, partner: Partner, terms: Mapping[str, Terms], today: date
) -> dict[int, CensusMember]:
    """Return the file's rows as events, by number."""
    found = reading.members(read(ws, file, today).rows, partner, terms, today)
    return {row.event.number: row for row in found}


def events(ws: Workspace, conn: Connection, file: ReceivedFile) -> Iterator[EnrollmentEvent]:
    """Read a judged census again for its report."""
    partner = agreements.partner(conn, file.partner)
    assert partner is not None, "a judged file has a partner"
    found = members(ws, file, partner, agreements.granted(conn, partner), local_day(conn, file.received_at))
    yield from (row.event for row in found.values())


def header(stored: StoredSet) -> SetHeader:
    """Return the header that a census does not have: a change file of ordinary purpose."""
    return replace(reading.HEADER, control=stored.control, segment=1)


def judge(ws: Workspace, conn: Connection, file: ReceivedFile, partner: Partner) -> None:
    """Record what a census is: its set with the index of its rows, or why it cannot be read."""
    today = local_day(conn, file.received_at)
    found = read(ws, file, today)
    files.add_findings(conn, file.id, found.findings)
    if found.rows:
        _record(
            ws, conn, file, found, reading.members(found.rows, partner, agreements.granted(conn, partner), today)
        )
    files.set_kind_state(conn, file.id, CENSUS, None)


def _record(
    ws: Workspace, conn: Connection, file: ReceivedFile, found: CensusFile, rows: Sequence[CensusMember]
) -> None:
    """Write interchange, group, set and member index, so that a census is found where an 834 is."""
    interchange = Interchange("", "", "", "", "", "", "", "", False, "P", Delimiters(), 0, 1)
    group = FunctionalGroup("", "", "", "", "", "", "", 0, 1)
    one = TransactionSet(CENSUS, _CONTROL, found.kind, 0, 1)
    accepted = SetVerdict(one, Verdict.ACCEPTED, (), (), found.body_hash, file.size, len(rows))
    interchange_id = files.insert_interchange(conn, file.id, interchange)
    group_id = files.insert_functional_group(conn, interchange_id, group)
    set_id = files.insert_set(conn, group_id, file.id, file.partner, one)
    member_lines.add(conn, set_id, [_line(ws, member.event) for member in rows])
    member_lines.complete(conn, len(rows))
    files.close_set(conn, set_id, accepted, reading.HEADER)
    files.close_functional_group(
        conn, group_id, FunctionalGroupVerdict(group, Verdict.ACCEPTED, (), (), 1, 1, 1, file.size)
    )
    verdict = InterchangeVerdict(interchange, Verdict.ACCEPTED, "", (), file.size)
    files.close_interchange(conn, interchange_id, verdict, answerable=False)


def _line(ws: Workspace, event: EnrollmentEvent) -> MemberLine:
    """Return a row's entry in the member index: tokens and its place, no values."""
    tokens = ws.vault.tokens
    birth = event.person.birth.isoformat() if event.person.birth else ""
    return MemberLine(
        number=event.number,
        family_token=next(iter(tokens.family(event.subscriber_number)), ""),
        is_subscriber=event.is_subscriber,
        ssn_token=next(iter(tokens.ssn(event.ssn)), ""),
        person_token=tokens.person(event.person.name.first, birth)[0],
        group_ref=event.reference(GROUP_OR_POLICY),
        start=event.start,
        end=event.end,
        segment=event.segment,
    )
