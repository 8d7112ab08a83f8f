"""A self bill's worksheet that comes back: judged as one set, taken whole or not at all, each row answered.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from billing.selfbill import units
from model.agreement.grants import PAY
from model.agreement.terms import Partner, Terms
from model.codes import found
from model.documents.statement import InvoiceStatement
from model.enrollment.census import ROW_KEY
from model.enrollment.decision import SetState
from model.enrollment.effect import Tally
from model.exchange import SELF_BILL, ReceivedFile, StoredSet
from model.finding import BLOCKING, Finding, Where
from model.journal import Purpose
from model.money.selfbill import Reported, Source, Unit, standing
from model.money.worksheet import PLAN, SheetFile, SheetRow
from model.timeline import Month
from parsers import worksheet as parse
from parsers.census.table import MAX_BYTES, ZIP
from pipeline.cash import selfbill as reports
from pipeline.cash.payables import touched
from pipeline.month import worksheet
from pipeline.receive import sheets
from pipeline.runtime import expected
from pipeline.runtime.clock import local_day
from pipeline.runtime.expected import Tell
from pipeline.runtime.workspace import Workspace, of_file
from store import agreements, guards
from store.desk.items import Step
from store.engine import Connection
from store.money import invoices, selfbill
from store.received import envelopes, files


def recognise(ws: Workspace, file: ReceivedFile) -> bool:
    """Say whether a file is a worksheet of ours; its name is not asked."""
    head = ws.vault.archive.read_range(file.sha256, 0, min(parse.HEAD, file.size))
    if head[:4] != ZIP or file.size > MAX_BYTES:
        return parse.recognise(head)
    return parse.recognise(b"".join(ws.vault.archive.read(file.sha256)))


def judge(ws: Workspace, conn: Connection, file: ReceivedFile) -> None:
    """Record what a worksheet is: its set, or why it cannot be read."""
    sheet = _read(ws, file)
    if sheet.rows:
        sheets.record(conn, file, SELF_BILL, sheet.kind, sheet.body_hash, len(sheet.rows))
    else:
        files.add_findings(conn, file.id, sheet.findings or [found("SELFBILL-COLUMNS", Where())])
    files.set_kind_state(conn, file.id, SELF_BILL, None)


def _read(ws: Workspace, file: ReceivedFile) -> SheetFile:
    return parse.read(b"".join(ws.vault.archive.read(file.sha256)))


def take(ws: Workspace, set_id: int, tell: Tell | None = None) -> None:
    """Take one judged worksheet: record what it reports and say what waits, or refuse it whole. Idempotent.

    `tell` hears its effect, which is none on money or coverage.
    """
    with ws.database.read() as conn:
        stored = files.stored_set(conn, set_id)
        file = files.file(conn, stored.file_id)
    if stored.state is None:
        names = partial(_guarded, file=file)
        ws.database.change(
            names,
            lambda conn: expected.taken(ws, conn, set_id, partial(_take_and_tell, ws, conn, file, set_id), tell),
        )


def _guarded(conn: Connection, file: ReceivedFile) -> set[str]:
    return {guards.file(file.id), *touched(conn, file.partner)}


def _take_and_tell(
    ws: Workspace, conn: Connection, file: ReceivedFile, set_id: int, tell: Tell | None, hold: Finding | None
) -> None:
    _take(ws, conn, file, set_id, hold)
    if tell:
        tell(files.stored_set(conn, set_id), Tally().effect(()))


def _take(ws: Workspace, conn: Connection, file: ReceivedFile, set_id: int, hold: Finding | None) -> None:
    stored = files.stored_set(conn, set_id)
    if stored.state is not None:
        return
    partner = agreements.partner(conn, stored.partner)
    assert partner is not None, "a judged set has a partner"
    tx = ws.step(conn, Purpose.TAKE_SELF_BILL, of_file(file), set_id=set_id, set=envelopes.ordinal(conn, set_id))
    reading = _Reading(ws, conn, partner, Step(tx, local_day(conn, file.received_at)), stored)
    reported, findings = reading.rows(_read(ws, file))
    refused = next((finding for finding in findings if finding.severity in BLOCKING), None)
    state, reason = SetState.APPLIED, ""
    if hold:
        state, reason, findings = SetState.HELD, hold.message, [hold]
    elif refused:
        state, reason = SetState.REJECTED, f"nothing of it was taken: {refused.message}"
    elif _stands(conn, reported[0], stored):
        state, findings = SetState.DUPLICATE, [found("SET-SEEN", Where())]
    else:
        selfbill.record(conn, tx, reported)
        billed = reports.wait(conn, reading.step, reported[0].account, reported[0].month, stored)
        findings += [found(reports.RULE, Where())] if billed.differs else []
    files.add_findings(conn, file.id, findings, set_id)
    files.set_state(conn, set_id, state, reason)


def _stands(conn: Connection, line: Reported, stored: StoredSet) -> bool:
    """Say whether this very sheet is what stands reported of the month."""
    lines = standing(selfbill.history(conn, [line.account], line.month))
    before = files.stored_set(conn, lines[0].set) if lines and lines[0].set else None
    return before is not None and before.body_hash == stored.body_hash


@dataclass(frozen=True, slots=True)
class _Known:
    """The bill that a worksheet is of."""

    terms: Terms
    statement: InvoiceStatement
    units: dict[int, Unit]
    members: dict[str, int]  # the contract of each of its subscribers, by member ID

    def is_another(self, row: SheetRow, unit: Unit) -> bool:
        """Say whether a row is not about what its key names: another plan, level or subscriber stands there."""
        said = ((row.plan, unit.plan), (row.tier, unit.tier))
        differs = any(text and _bare(text) != _bare(known) for text, known in said)
        return differs or self.members.get(row.member, unit.contract) != unit.contract


def _bare(text: str) -> str:
    """Return a code whatever a spreadsheet made of its case and its leading zeros."""
    return text.upper().lstrip("0")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the rows of one worksheet report."""

    ws: Workspace
    conn: Connection
    partner: Partner
    step: Step
    stored: StoredSet

    def rows(self, sheet: SheetFile) -> tuple[list[Reported], list[Finding]]:
        """Return what the rows report, and what is wrong: where any of it is an error nothing is to be taken."""
        findings = list(sheet.findings)
        places = [self._place(row) for row in sheet.rows]
        numbers = dict.fromkeys(number for number, _ in places if number)
        bills = {number: bill for number in numbers if (bill := self._bill(number))}
        if len(numbers) > 1:
            findings.append(found("SELFBILL-MIXED", Where()))
        bill = next(iter(bills.values()), None)
        if bill is None or len(bills) < len(numbers):
            code = "SELFBILL-OLD" if numbers else "SELFBILL-KEY"
            return [], [*findings, found(code, Where())]
        seen: set[tuple[str, int]] = set()
        reported = []
        for row, (number, place) in zip(sheet.rows, places, strict=True):
            problem = self._problem(bill, row, number, place, seen)
            findings += [problem] if problem else []
            seen.add((number, place))
            reported.append(self._reported(bill, row, place))
        return reported, findings

    def _place(self, row: SheetRow) -> tuple[str, int]:
        """Return invoice and place that a row's key names; "" and 0 for none of ours."""
        opened = self.ws.vault.row_keys.opened(self.partner.code, row.key) if row.key else None
        number = worksheet.number_of(opened[0]) if opened else ""
        return (number, opened[1]) if opened and number else ("", 0)

    def _bill(self, number: str) -> _Known | None:
        """Return the bill of a number that counts, and that the sender may pay."""
        statement = invoices.find(self.conn, number, self.ws.vault.fields)
        charges = selfbill.charges(self.conn, number) if statement else []
        terms = agreements.terms(self.conn, statement.group) if statement else None
        if statement is None or terms is None or not charges:
            return None
        if not self.partner.may(PAY, statement.group, self.step.today, statement.subgroup):
            return None
        mine = units(charges)
        payers = worksheet.people(self.conn, statement.group, mine)
        members = {payers.of(unit.contract).member: unit.contract for unit in mine}
        return _Known(terms, statement, {unit.place: unit for unit in mine}, members)

    def _problem(
        self, bill: _Known, row: SheetRow, number: str, place: int, seen: set[tuple[str, int]]
    ) -> Finding | None:
        if row.key and (not number or place not in bill.units):
            return found("SELFBILL-KEY", row.where(ROW_KEY))
        if place and bill.is_another(row, bill.units[place]):
            return found("SELFBILL-ANOTHERS", row.where(ROW_KEY))
        if place and (number, place) in seen:
            return found("SELFBILL-TWICE", row.where(ROW_KEY))
        if not row.key and not self._plan(bill, row):
            return found("SELFBILL-PLAN", row.where(PLAN))
        return None

    def _plan(self, bill: _Known, row: SheetRow) -> str:
        known = bill.terms.plan(row.plan)
        return known.code if known else ""

    def _reported(self, bill: _Known, row: SheetRow, place: int) -> Reported:
        unit = bill.units.get(place)
        return Reported(
            account=bill.statement.account,
            month=Month.parse(bill.statement.month),
            source=Source.SHEET,
            plan=unit.plan if unit else self._plan(bill, row),
            tier=unit.tier if unit else row.tier,
            contract=unit.contract if unit else 0,
            person=unit.person if unit else 0,
            unknown=0 if unit else row.number,
            count=row.people or 0,
            cents=row.cents or 0,
            line=row.number,
            set=self.stored.id,
        )
