"""Export: a group's roster for people (CSV, XLSX), or as the full 834 that builds it again in an empty store.

The document is owed in the outbox like any other: sealed there, archived, delivered once. An 834 is first tried:
judged, and decided against nothing with the group's own terms; what would not arrive as it is, is said.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import count

from enrollment import carried, full
from enrollment.scope import within
from model.agreement.grants import READ, Reach
from model.agreement.terms import Carrier, Partner, Terms
from model.codes import found
from model.documents import keys
from model.documents.acknowledgment import AckEnvelope
from model.documents.keys import DocumentKind
from model.documents.roster import RosterRow, RosterStatement
from model.documents.statement import Enrollment834Statement
from model.enrollment.confidential import Receiver, seen_by
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.enrollment.roster import ClearFamily, RosterLine, Snapshot
from model.finding import Finding, Where
from model.journal import Act, Input, InputKind, Purpose
from model.timeline import NOW, AsOf, Then
from model.trade.header import DEPENDENTS_TOTAL, EMPLOYEES_TOTAL, MEMBERS_TOTAL, ORIGINAL, REPLACE_SET
from pipeline.roster import arrival
from pipeline.runtime import asof as days
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.findings import finding_values
from pipeline.views.outcomes import RosterExportView
from pipeline.views.paid import PaidThrough, paid_through
from store import agreements, counters, guards, journal
from store.engine import Connection
from store.people import clear, roster
from store.received import outbox, statement_rows
from store.received.statement_rows import Placed
from validators.base import Context
from vault.ssn import mask_ssn
from writers.render import render


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to; `key` finds the document in the outbox, empty when there is none."""

    key: str
    partner: str  # whose form an 834 has, or who gets the document
    members: int
    lines: int
    findings: tuple[Finding, ...]


# ISA13 of copies in a partner's form: far from the numbers that the partner gives.
OWN_COPIES = 900_000_001

CONTRACTS_A_CHUNK = 1_000  # that a table's rows are read of at a time


@dataclass(frozen=True, slots=True)
class _Run:
    """One export."""

    carrier: Carrier
    terms: Terms
    partner: Partner | None
    form: str
    on: date | None
    deliver: bool
    now: datetime
    asof: AsOf = NOW

    @property
    def then(self) -> Then | None:
        """Return by what was known when it is told; None: now."""
        return self.asof.then

    @property
    def today(self) -> date:
        """Return the plan's day."""
        return clock.local_date(self.now, self.carrier.time_zone)

    def asked(self, ws: Workspace) -> Input:
        """Return what was asked for."""
        body = {"group": self.terms.group, "form": self.form, "deliver": self.deliver}
        body |= {"partner": self.partner.code if self.partner else None, "on": self.on and str(self.on)}
        body |= {"known_on": str(self.asof.known_on)} if self.asof.known_on else {}
        return ws.asked(InputKind.COMMAND, self.now, **body)

    @property
    def receiver(self) -> Receiver:
        """Return for whom the document is."""
        return Receiver.SENDER if self.deliver and self.partner else Receiver.PLAN

    @property
    def reach(self) -> Reach:
        """Return of how much of the group the receiver may read."""
        if self.receiver is Receiver.PLAN or self.partner is None:
            return Reach(whole=True)
        return self.partner.reach(READ, self.terms.group, self.today)

    def shown(self, lines: list[RosterLine]) -> list[RosterLine]:
        """Return the lines that the receiver may read, with what it may see of each person."""
        reach = self.reach
        mine = (line for line in lines if reach.covers(line.subgroup))
        return [replace(line, demographics=seen_by(self.receiver, line.demographics)) for line in mine]

    def shown_families(self, families: list[ClearFamily]) -> list[ClearFamily]:
        """Return the families that the receiver may read, with what it may see of each person."""
        reach = self.reach
        mine = (replace(family, contract=within(family.contract, reach)) for family in families)
        return [self._shown_family(family) for family in mine if family.contract.enrollees]

    def _shown_family(self, family: ClearFamily) -> ClearFamily:
        people = (
            replace(
                enrollee,
                person=replace(enrollee.person, demographics=seen_by(self.receiver, enrollee.person.demographics)),
            )
            for enrollee in family.contract.enrollees
        )
        return replace(family, contract=replace(family.contract, enrollees=tuple(people)))


def export(
    ws: Workspace,
    group: str,
    form: str,
    partner: Partner | None,
    now: datetime,
    *,
    on: date | None,
    deliver: bool,
    known_on: date | None = None,
) -> Exported:
    """Owe a group's roster as `form`, one of ROSTER_FORMS. `on`: only what covers that day, else all known.

    Without `deliver` it is ours, and an 834 has the form in which the partner sends, for this or another store.
    With it the document goes to the partner, and an 834 is from us to them. An 834 that the guide would not
    accept is not written. `known_on`: by what was known at the end of that day, ours alone; raises NotKnownError
    where nothing was known of the group then.
    """
    assert not (deliver and known_on), "what was known once is sent to nobody"

    def work(conn: Connection) -> Exported:
        asof = days.within(conn, None, known_on, now)
        terms, carrier = agreements.terms(conn, group, asof.then), agreements.carrier(conn, asof.then)
        if terms is None or carrier is None:
            raise days.NotKnownError(f"no terms were loaded at the end of {known_on} for group {group}")
        whose = agreements.partner(conn, partner.code, asof.then) if partner and asof.then else None
        run = _Run(carrier, terms, whose or partner, form, on, deliver, now, asof)
        return _full(ws, conn, run) if form == "834" else _table(ws, conn, run)

    return ws.database.change(lambda conn: {guards.group(group)}, work)


def _owe(
    ws: Workspace, conn: Connection, run: _Run, statement: RosterStatement | Enrollment834Statement, number: int
) -> str:
    to = run.partner.code if run.partner and run.deliver else ""
    tx = ws.step(conn, Purpose.EXPORT_ROSTER, run.asked(ws))
    key = str(keys.roster(run.terms.group, run.form, number))
    kind = DocumentKind.ROSTER834 if isinstance(statement, Enrollment834Statement) else DocumentKind.ROSTER
    outbox.put(conn, tx, key, to, kind, statement, None, ws.vault.fields)
    journal.audit(conn, tx, Act.ROSTER_EXPORTED, run.terms.group, f"{run.form} for {to or 'ourselves'}")
    return key


def shown(
    exported: Exported, group: str, form: str, documents: Iterable[str], findings: Iterable[Finding]
) -> RosterExportView:
    """Return an exported roster as it is shown; `findings` are its own and those of its delivery."""
    return RosterExportView(
        group=group,
        format=form,
        partner=exported.partner,
        members=exported.members,
        lines=exported.lines,
        documents=tuple(documents),
        findings=finding_values(findings),
        written=bool(exported.key),
    )


def _table(ws: Workspace, conn: Connection, run: _Run) -> Exported:
    """Owe the roster as a table; its rows are read and kept so many contracts at a time."""
    terms, people, lines = run.terms, set[int](), count()
    number = counters.take(conn, "roster")

    def placed() -> Iterator[Placed]:
        for row in _rows(ws, conn, run):
            people.add(row.line.person)
            yield (0, 0, next(lines), row)

    key = str(keys.roster(terms.group, run.form, number))
    statement_rows.keep(conn, key, DocumentKind.ROSTER, placed(), ws.vault.fields)
    statement = RosterStatement(
        form=run.form,
        number=number,
        carrier=run.carrier.name,
        contact=terms.whom_to_ask(run.carrier),
        group=terms.group,
        group_name=terms.name,
        produced=clock.local(run.now, run.carrier.time_zone),
        on=run.on,
        known_on=run.asof.known_on,
    )
    _owe(ws, conn, run, statement, number)
    return Exported(key, run.partner.code if run.partner and run.deliver else "", len(people), next(lines), ())


def _parts(conn: Connection, run: _Run) -> Iterator[list[int]]:
    """Yield the group's contracts so many at a time, in the order added."""
    contracts = roster.contracts(conn, run.terms.group, then=run.then)
    for begin in range(0, len(contracts), CONTRACTS_A_CHUNK):
        yield contracts[begin : begin + CONTRACTS_A_CHUNK]


def _paid(conn: Connection, run: _Run) -> PaidThrough:
    """Return through when families are paid; nothing for a receiver who is not told what coverage costs."""
    partner = run.partner
    if run.receiver is Receiver.SENDER and partner and not partner.sees_money(run.terms.group, "", run.today):
        return PaidThrough()
    return paid_through(conn, run.terms, run.asof)


def _rows(ws: Workspace, conn: Connection, run: _Run) -> Iterator[RosterRow]:
    """Yield the roster's rows that the receiver may read, by contract and member in the order added."""
    terms, paid = run.terms, _paid(conn, run)
    for ids in _parts(conn, run):
        lines = run.shown(roster.lines(conn, terms.group, on=run.on, ids=ids, then=run.then))
        ssns = clear.ssns(conn, ws.vault, terms.group, ids, run.then)
        for line in lines:
            subgroup, plan = terms.subgroup(line.subgroup), terms.plan(line.plan)
            names = (subgroup.name if subgroup else "", plan.name if plan else "")
            masked = mask_ssn(ssns[line.person]) if line.person in ssns else ""
            yield RosterRow(line, masked, *names, paid.family(line.contract))


def _full(ws: Workspace, conn: Connection, run: _Run) -> Exported:
    """Owe the roster as a full 834. Its members are kept where they lie until it is delivered, and tried there."""
    partner = run.partner
    assert partner is not None and partner.isa_ids, "the caller names a partner with an identity"
    savepoint = conn.begin_nested()  # what is not written takes no number and leaves no rows
    number, sent = counters.take(conn, "roster834"), _Sent(ws, conn, run, partner)
    key = str(keys.roster(run.terms.group, run.form, number))
    placed = ((0, 0, member.number, member) for member in sent.members())
    statement_rows.keep(conn, key, DocumentKind.ROSTER834, placed, ws.vault.fields)
    if not sent.owners:
        savepoint.rollback()
        return Exported("", partner.code, 0, 0, (found("EXPORT-EMPTY", Where()),))
    tried = Enrollment834Statement(_envelope(ws, run, partner), 1, _header(run, partner, sent, number), key=key)
    findings = _try(ws, conn, run, partner, tried, sent)
    if any(finding.code == "EXPORT-SYNTAX" for finding in findings):
        savepoint.rollback()
        key = ""
    else:
        savepoint.commit()
        _owe(ws, conn, run, _numbered(conn, run, tried), number)
    return Exported(key, partner.code, sent.people, sent.lines, findings)


class _Sent:
    """What is sent of a group, some families at a time; of the whole, numbers only."""

    def __init__(self, ws: Workspace, conn: Connection, run: _Run, partner: Partner) -> None:
        self._ws, self._conn, self._run, self._partner = ws, conn, run, partner
        self.parts = tuple(_parts(conn, run))
        self._paid = _paid(conn, run)
        self.owners = array("q")  # of each member loop its contract
        self.ties = carried.Ties()
        self.subscribers = self.records = self.people = self.lines = 0

    def families(self, ids: Sequence[int]) -> list[ClearFamily]:
        """Return some of the families as the receiver may read them."""
        run = self._run
        families = clear.clear_families(self._conn, self._ws.vault, run.terms.group, ids, run.then)
        return run.shown_families(families)

    def members(self) -> Iterator[EnrollmentEvent]:
        """Yield the member loops, and count them."""
        run, numbers = self._run, count(1)
        for family in (family for ids in self.parts for family in self.families(ids)):
            paid_to = self._paid.family(family.contract.id)
            told = partial(full.events, family, run.terms, self._partner, numbers, paid_to=paid_to)
            loops = told(member_ids=run.deliver, on=run.on)
            members = tuple(loops)
            self._count(family, members)
            yield from members

    def _count(self, family: ClearFamily, members: Sequence[EnrollmentEvent]) -> None:
        self.ties.add(family)
        self.owners.extend([family.contract.id] * len(members))
        people = {(member.is_subscriber, member.relationship, member.person) for member in members}
        self.people += len(people)
        self.records += len(members)
        self.subscribers += sum(member.is_subscriber for member in members)
        self.lines += sum(len(member.coverages) for member in members)


def _try(
    ws: Workspace, conn: Connection, run: _Run, partner: Partner, tried: Enrollment834Statement, sent: _Sent
) -> tuple[Finding, ...]:
    (document,) = render(tried, partial(statement_rows.kept, conn, ws.vault.fields))
    context = Context(
        header=tried.header,
        partner=partner,
        terms={run.terms.group: run.terms},
        today=run.today,
        tokens=ws.vault.tokens,
        snapshot=Snapshot(),
        new_groups=frozenset({run.terms.group}),
    )
    stored = sent.families if run.on is None else None
    return arrival.faults(document, sent.parts, sent.owners, sent.ties.last(), context, stored)


def _numbered(conn: Connection, run: _Run, tried: Enrollment834Statement) -> Enrollment834Statement:
    """Return a statement that was tried with numbers of its own: others wait for them from here on."""
    name, first = ("isa13", 1) if run.deliver else ("isa13-own", OWN_COPIES)
    envelope = replace(tried.envelope, control=counters.take(conn, name, start=first))
    return replace(tried, envelope=envelope, group_control=counters.take(conn, "gs06"))


def _envelope(ws: Workspace, run: _Run, partner: Partner) -> AckEnvelope:
    """Return the envelope of a trial; numbers come last (_numbered)."""
    ours, theirs = run.carrier.isa_ids[0], partner.isa_ids[0]
    gs_ours = run.carrier.gs_ids[0] if run.carrier.gs_ids else ours[1]
    gs_theirs = partner.gs_ids[0] if partner.gs_ids else theirs[1]
    sender, receiver = (ours, theirs) if run.deliver else (theirs, ours)
    gs_sender, gs_receiver = (gs_ours, gs_theirs) if run.deliver else (gs_theirs, gs_ours)
    return AckEnvelope(
        *sender,
        *receiver,
        gs_sender=gs_sender,
        gs_receiver=gs_receiver,
        control=1,
        at=clock.local(run.now, run.carrier.time_zone),
        usage="P" if ws.environment == "production" else "T",
    )


def _header(run: _Run, partner: Partner, sent: _Sent, number: int) -> SetHeader:
    terms, at = run.terms, clock.local(run.now, run.carrier.time_zone)
    counts = (
        (EMPLOYEES_TOTAL, sent.subscribers),
        (DEPENDENTS_TOTAL, sent.records - sent.subscribers),
        (MEMBERS_TOTAL, sent.records),
    )
    return SetHeader(
        control="0001",
        purpose=ORIGINAL,
        reference=f"ROSTER{number:06d}",
        set_date=at.date(),
        set_time=at.strftime("%H%M"),
        original_reference="",
        action=REPLACE_SET,
        master_policy=full.group_text(terms, partner),
        effective=run.on or run.asof.known_on or at.date(),
        quantities=counts,
        sponsor=(terms.name, terms.tax_id or terms.group),
        insurer=(run.carrier.name, run.carrier.tax_id or run.carrier.isa_ids[0][1]),
        broker=("", ""),
    )
