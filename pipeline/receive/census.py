"""A census in the pipeline: one file is one set of kind "census", whose member lines are its rows.

Judging writes the same rows as for an 834, under an interchange and group without identities, and owes no TA1
and no 999. It is the only reading of the file: what was read is kept, sealed, until the file is answered, its rows
for enrolling and its cells for the sheet that goes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from enrollment import census as reading
from enrollment.census_columns import lacking, told
from enrollment.census_families import households
from model.agreement.terms import Partner
from model.enrollment.census import CensusFile, HousedRow
from model.enrollment.decision import SetState
from model.exchange import CENSUS, MemberLine, ReceivedFile, StoredSet
from model.finding import Finding, Severity
from model.trade.member import SELF
from parsers.census import sheet as parse
from pipeline.answer import census_return
from pipeline.desk import watch
from pipeline.receive import sheets
from pipeline.receive.returned import Originals
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.desk import items
from store.desk.items import Step
from store.engine import Connection
from store.received import census_rows, files, member_lines
from vault.tokens import Tokens

_COLUMNS_NAMED = 5  # in the reason why a set waits; the report has them all


def judge(ws: Workspace, conn: Connection, tx: int, file: ReceivedFile, partner: Partner) -> None:
    """Record what a census is: its set with the index of its rows, or why it cannot be read.

    Where a column that looks like a person, a date or a status is not read, the set is held: one question.
    """
    today = local_day(conn, file.received_at)
    originals = Originals(ws, conn, partner)
    found = _read(ws, file, partner, today, originals)
    granted = agreements.granted(conn, partner)
    left = [*lacking(found.sheets), *told(found.unread, granted.values())]
    waits = [finding for finding in left if finding.severity is Severity.PEND and found.rows]
    if waits and (before := originals.held(found.rows)):  # it waits already: this one is its duplicate
        found, waits = replace(found, body_hash=before.body_hash), []
    files.add_findings(conn, file.id, [*found.findings, *(finding for finding in left if finding not in waits)])
    if found.rows:
        homes = households(found.rows)
        groups = reading.groups_sent(homes, partner, granted, today)
        lines = list(_lines(ws.vault.tokens, homes, groups))
        set_id = _record(conn, file, found, lines)
        by_number = {home.row.number: home for home in homes}
        ordered = [by_number[line.number] for line in member_lines.by_family(lines)]
        census_rows.add(conn, set_id, ordered, ws.vault.fields)
        census_return.keep(ws, conn, file, set_id, found)
        _hold(conn, Step(tx, today), file, set_id, waits)
    files.set_kind_state(conn, file.id, CENSUS, None)


def _hold(conn: Connection, step: Step, file: ReceivedFile, set_id: int, waits: Sequence[Finding]) -> None:
    """Hold a set by what is said of its columns, and make open work of it."""
    if not waits:
        return
    files.add_findings(conn, file.id, waits, set_id)
    files.set_state(conn, set_id, SetState.HELD, _named(waits))
    watch.held(conn, step, files.stored_set(conn, set_id), waits[0])
    items.number(conn, step.tx)


def _named(waits: Sequence[Finding]) -> str:
    """Return what is said of the first columns, each with its place."""
    return " ".join(f"{finding.where.text()}: {finding.message}" for finding in waits[:_COLUMNS_NAMED])


def rows(ws: Workspace, conn: Connection, file: ReceivedFile, stored: StoredSet) -> Iterator[HousedRow]:
    """Yield a census's rows in the order of chunks: as they are kept, else from the archived file again."""
    if census_rows.are_kept(conn, stored.id):
        yield from census_rows.read(conn, stored.id, ws.vault.fields)
        return
    partner = agreements.partner_judged(conn, file.partner, file.id)
    assert partner is not None, "a judged set has a partner"
    today, originals = local_day(conn, file.received_at), Originals(ws, conn, partner)
    homes = households(_read(ws, file, partner, today, originals).rows)
    by_number = {home.row.number: home for home in homes}
    yield from (by_number[line.number] for line in member_lines.by_family(member_lines.lines(conn, stored.id)))


def _read(ws: Workspace, file: ReceivedFile, partner: Partner, today: date, originals: Originals) -> CensusFile:
    """Read the archived file; `today` is the day of its receipt."""
    if file.size > parse.MAX_BYTES:
        return parse.too_large(file.size)
    data = b"".join(ws.vault.archive.read(file.sha256))
    return parse.read(data, today, partner.census, originals.row)


def _record(conn: Connection, file: ReceivedFile, found: CensusFile, lines: Sequence[MemberLine]) -> int:
    """Write interchange, group, set and member index, so that a census is found where an 834 is."""
    set_id = sheets.record(conn, file, CENSUS, found.kind, found.body_hash, len(lines), head=reading.HEADER)
    member_lines.add(conn, set_id, lines)
    member_lines.complete(conn, len(lines))
    return set_id


def _lines(tokens: Tokens, homes: Sequence[HousedRow], groups: Iterator[str]) -> Iterator[MemberLine]:
    """Yield each row's entry in the member index: tokens and its place, no values."""
    for home, group in zip(homes, groups, strict=True):
        row = home.row
        family, ssn, who = tokens.of_member(home.number, row.ssn, row.person.name.first, row.person.birth)
        yield MemberLine(
            number=row.number,
            family_token=family,
            is_subscriber=row.relationship == SELF,
            ssn_token=ssn,
            person_token=who,
            group_ref=group,
            start=row.place,
            end=row.place + 1,
            segment=row.row,
        )
