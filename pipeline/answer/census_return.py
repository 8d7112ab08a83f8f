"""The sender's own spreadsheet back: every row with its status, what is wrong and what to do. SSNs are masked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from model.agreement.terms import Carrier
from model.documents import keys
from model.documents.keys import DocumentKind
from model.enrollment.census import CensusFile, CensusReturn, CensusSheet, ReturnedSheet, RowAction, RowAnswer
from model.exchange import ReceivedFile
from model.finding import Finding, Severity, column_letters
from pipeline.reread import census
from pipeline.runtime import clock
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.files import worst
from store import agreements
from store.engine import Connection
from store.received import files, member_lines, outbox
from store.received.member_lines import DispositionRow
from vault.ssn import looks_like_ssn, mask_ssn

_MIDNIGHT = re.compile(r"[ T]00:00:00$")
_KEYS = frozenset({"ssn", "subscriber_number", "member_number", "family"})
_URGENT = {Severity.ERROR: 0, Severity.PEND: 1, Severity.WARNING: 2, Severity.INFO: 3}


def owe(ws: Workspace, conn: Connection, tx: int, file: ReceivedFile) -> None:
    """Owe the marked spreadsheet of a census that had member rows, once."""
    found = census.read(ws, file, local_day(conn, file.received_at))
    if not found.rows:
        return
    made = _returned(conn, file, found, agreements.carrier(conn))
    key, kind = keys.census(file.id), DocumentKind.CENSUS
    outbox.put(conn, tx, str(key), file.partner, kind, made, file.id, ws.vault.fields)


def _returned(conn: Connection, file: ReceivedFile, found: CensusFile, carrier: Carrier | None) -> CensusReturn:
    answers = _answers(conn, file)
    places: dict[str, list[RowAnswer]] = {}
    for row in found.rows:
        answer = answers.get(row.number, RowAnswer(0, "", "", ""))
        places.setdefault(row.sheet, []).append(replace(answer, row=row.row))
    return CensusReturn(
        file=file.id,
        form=found.kind,
        produced=clock.local(file.received_at, clock.zone_of(carrier)),
        sheets=tuple(
            ReturnedSheet(
                sheet.name, _masked(sheet), sheet.header, len(sheet.fields), tuple(places.get(sheet.name, ()))
            )
            for sheet in found.sheets
        ),
    )


def _answers(conn: Connection, file: ReceivedFile) -> dict[int, RowAnswer]:
    """Return the answers by member row. A duplicate or held set says so on every row."""
    answers: dict[int, RowAnswer] = {}
    for stored in files.sets_of(conn, file.id):
        rows: dict[int, list[DispositionRow]] = {}
        for row in member_lines.dispositions(conn, stored.id):
            rows.setdefault(row.number, []).append(row)
        found: dict[int, list[Finding]] = {}
        for set_id, number, finding in files.findings_of(conn, file.id):
            if set_id == stored.id:
                found.setdefault(number, []).append(finding)
        whole = found.get(0, [])
        for member_line in member_lines.lines(conn, stored.id):
            number = member_line.number
            mine = rows.get(number, [])
            disposition = worst([row.disposition for row in mine]) if mine else str(stored.state or "")
            answers[number] = _answer(disposition, mine, [*found.get(number, []), *whole])
    return answers


def _answer(disposition: str, rows: Sequence[DispositionRow], findings: Sequence[Finding]) -> RowAnswer:
    """Say what is wrong and how to mend it; what was done where nothing is refused."""
    ordered = sorted(findings, key=lambda one: _URGENT[one.severity])
    done = tuple(RowAction(row.line, row.plan, row.action) for row in rows if row.action)
    refused = any(finding.severity in (Severity.ERROR, Severity.PEND) for finding in ordered)
    message = " ".join(dict.fromkeys(map(_placed, ordered)))
    fix = " ".join(dict.fromkeys(finding.fix for finding in ordered))
    return RowAnswer(0, disposition, message, fix, () if refused else done)


def _placed(finding: Finding) -> str:
    """Return a message with its column, where it is about one."""
    where = finding.where
    if not where.element:
        return finding.message
    return f"Column {column_letters(where.element)}: {finding.message}"


def _masked(sheet: CensusSheet) -> tuple[tuple[str, ...], ...]:
    """Return the cells without SSNs, and dates without the hour that a spreadsheet gives them."""
    fields = [*sheet.fields]
    return tuple(
        tuple(
            _shown(cell, fields[index] if index < len(fields) and at >= sheet.header else "")
            for index, cell in enumerate(row)
        )
        for at, row in enumerate(sheet.cells)
    )


def _shown(cell: str, field: str) -> str:
    digits = re.sub(r"\D", "", cell.removesuffix(".0"))
    if (field == "ssn" and digits) or (field in _KEYS and len(digits) == 9) or (looks_like_ssn(cell)):
        return mask_ssn(digits)
    return _MIDNIGHT.sub("", cell)
