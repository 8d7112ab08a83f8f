"""Judge: one streaming pass over a claimed file; one transaction writes what was found and what is answered.

Interchange, group and set rows, the member index, the findings, and the TA1/999 in the outbox commit together
(docs/design.md, Four steps). Judging again a file that was judged does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from enrollment import resolve, sets
from exchange.agreed import Parties
from exchange.answers import (
    Answered,
    AnsweredFunctionalGroup,
    AnsweredInterchange,
    AnsweredSet,
    OpenedInterchange,
    answered,
)
from model.agreement.terms import BANK, Carrier, Partner
from model.codes import found
from model.enrollment.decision import FileState, SetState
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.enrollment.sent import Sent
from model.exchange import MemberLine, ReceivedFile
from model.finding import Finding, Severity, Where
from model.journal import Purpose
from model.money.remittance import Remittance
from model.x12 import FileVerdict, FunctionalGroup, InboundAck, Interchange, SetVerdict, TransactionSet, Verdict
from parsers.census import sheet
from parsers.x12 import ackerrors
from parsers.x12 import judge as parse
from pipeline.answer import acknowledgments
from pipeline.desk import watch
from pipeline.receive import allocation, banked, census, worksheet
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace, of_file
from store import agreements, guards
from store.desk import items
from store.desk.items import Step
from store.engine import Connection
from store.received import envelopes, files, member_lines, outbox

MEMBERS_A_WRITE = 5_000
ACKS_A_WRITE = 5_000
ANSWERS_A_WRITE = 5_000  # more than a sane file has: they are held until its end, and numbered then


def judge(ws: Workspace, file_id: str) -> None:
    """Read a claimed file once and record its verdicts; no roster, no ledger. Idempotent."""

    def work(conn: Connection) -> None:
        file = files.file(conn, file_id)
        if file.state is not None or file.kind:
            return
        partner = agreements.partner(conn, file.partner)
        assert partner is not None, "claim refuses senders that we do not know"
        tx = ws.step(conn, Purpose.JUDGE, of_file(file))
        if partner.kind == BANK:
            banked.judge(conn, file)
            return
        if _is_sheet(ws, file):
            _judge_sheet(ws, conn, tx, file, partner)
            return
        _Pass(conn, ws, file, partner, agreements.carrier(conn), tx).run()

    def names(conn: Connection) -> set[str]:
        return {guards.file(file_id), guards.partner(files.file(conn, file_id).partner)}

    ws.database.change(names, work)


def _judge_sheet(ws: Workspace, conn: Connection, tx: int, file: ReceivedFile, partner: Partner) -> None:
    """Judge a spreadsheet as what its headings say: an allocation, a worksheet of ours, else a census."""
    if allocation.is_one(ws, file):
        allocation.judge(ws, conn, file)
    elif worksheet.recognise(ws, file):
        worksheet.judge(ws, conn, file)
    else:
        census.judge(ws, conn, tx, file, partner)


def _is_sheet(ws: Workspace, file: ReceivedFile) -> bool:
    """Say from a file's first bytes whether it is a spreadsheet; its name is not asked."""
    return sheet.recognise(ws.vault.archive.read_range(file.sha256, 0, min(sheet.HEAD, file.size)))


@dataclass(slots=True)
class _Pass:
    """What is open at each moment of the pass; what is answered is exchange.answers' to say."""

    conn: Connection
    ws: Workspace
    file: ReceivedFile
    partner: Partner
    carrier: Carrier | None
    tx: int
    kinds: set[str] = field(default_factory=set)
    owed: list[outbox.Owed] = field(default_factory=list)  # answers that have no numbers yet
    held: dict[int, Finding] = field(default_factory=dict)  # sets that wait for a person, and why
    # the open interchange
    interchange: OpenedInterchange | None = None
    interchange_id: int = 0
    set_ids: list[int] = field(default_factory=list)
    acks: list[InboundAck] = field(default_factory=list)  # not yet written
    # the open group
    group_id: int = 0
    group_set_ids: list[int] = field(default_factory=list)
    # the open set
    set_id: int = 0
    header: SetHeader | None = None
    lines: list[MemberLine] = field(default_factory=list)
    sent: Sent = field(default_factory=Sent)  # what of the open set is read
    trace: str = ""

    def run(self) -> None:
        """Take the items in file order; the last one closes the file."""
        archive, sha256 = self.ws.vault.archive, self.file.sha256
        errors_of = partial(ackerrors.errors_of, partial(archive.read_range, sha256))
        for item in answered(parse.judge(archive.read(sha256)), self.parties, errors_of):
            self.take(item)
        self.open_held()
        self.write_owed()

    def take(self, item: Answered) -> None:
        """Take one item to what records it."""
        match item:
            case EnrollmentEvent():
                self.member(item)
            case SetHeader():
                self.header = item
            case Remittance():
                self.trace = item.trace
            case InboundAck():
                self.inbound(item)
            case TransactionSet():
                self.open_set(item)
            case AnsweredSet():
                self.close_set(item.verdict)
            case FunctionalGroup():
                self.open_functional_group(item)
            case AnsweredFunctionalGroup():
                self.close_functional_group(item)
            case OpenedInterchange():
                self.open_interchange(item)
            case AnsweredInterchange():
                self.close_interchange(item)
            case FileVerdict():
                self.close_file(item)

    def write_owed(self) -> None:
        """Number the answers and owe them: among the last statements, since others wait for numbers then."""
        outbox.owe(self.conn, self.tx, self.owed, self.ws.vault.fields)
        self.owed = []

    @property
    def step(self) -> Step:
        """What opens and closes items."""
        return Step(self.tx, local_day(self.conn, self.file.received_at))

    def open_held(self) -> None:
        """Make open work of the sets that are held; number it, and what was not taken of ours."""
        for set_id, finding in self.held.items():
            watch.held(self.conn, self.step, files.stored_set(self.conn, set_id), finding)
        items.number(self.conn, self.tx)

    def refuse(self, set_id: int, state: SetState, why: str) -> None:
        """Take a set no further, whatever was said of it alone."""
        files.set_state(self.conn, set_id, state, why)
        self.held.pop(set_id, None)

    # --- interchange ------------------------------------------------------------------------------------

    def parties(self, item: Interchange) -> Parties:
        """Say between whom an interchange goes, and whether it came before."""
        profile, before = self.partner.profile, ""
        if profile.duplicate_interchanges:
            days = profile.duplicate_days
            since = self.file.received_at - timedelta(days=days) if days else None
            before = envelopes.interchange_seen(self.conn, item, self.file.id, since) or ""
        return acknowledgments.parties_of(self.file, self.carrier, self.partner, before)

    def open_interchange(self, item: OpenedInterchange) -> None:
        self.interchange = item
        self.interchange_id = files.insert_interchange(self.conn, self.file.id, item.header)
        self.set_ids = []

    def close_interchange(self, item: AnsweredInterchange) -> None:
        verdict = item.verdict
        files.close_interchange(self.conn, self.interchange_id, verdict, answerable=item.answerable)
        files.add_findings(self.conn, self.file.id, verdict.findings)
        if verdict.verdict is Verdict.REJECTED:
            seen = item.refusal is not None and item.refusal.code == "INTERCHANGE-SEEN"
            state = SetState.DUPLICATE if seen else SetState.REJECTED
            for set_id in self.set_ids:
                self.refuse(set_id, state, f"interchange not accepted: TA1 {verdict.code}")
        self.write_acks(rejected=verdict.verdict is Verdict.REJECTED)
        self.owed += acknowledgments.owe(self.file, item.answers)
        if len(self.owed) > ANSWERS_A_WRITE:
            self.write_owed()
        self.interchange = None

    # --- functional group -------------------------------------------------------------------------------

    def open_functional_group(self, item: FunctionalGroup) -> None:
        self.group_id = files.insert_functional_group(self.conn, self.interchange_id, item)
        self.group_set_ids = []

    def close_functional_group(self, item: AnsweredFunctionalGroup) -> None:
        files.close_functional_group(self.conn, self.group_id, item.verdict)
        files.add_findings(self.conn, self.file.id, item.verdict.findings)
        if item.verdict.verdict is Verdict.REJECTED:
            for set_id, verdict in zip(self.group_set_ids, item.sets, strict=True):
                if verdict is not Verdict.REJECTED:
                    self.refuse(set_id, SetState.REJECTED, "functional group not accepted")

    # --- transaction set --------------------------------------------------------------------------------

    def open_set(self, item: TransactionSet) -> None:
        self.kinds.add(item.kind)
        self.header, self.lines, self.sent, self.trace = None, [], Sent(), ""
        self.set_id = files.insert_set(self.conn, self.group_id, self.file.id, self.file.partner, item)
        self.set_ids.append(self.set_id)
        self.group_set_ids.append(self.set_id)

    def member(self, event: EnrollmentEvent) -> None:
        """Add one entry to the member index: tokens and a byte range, no values."""
        assert self.interchange is not None
        tokens, marks = self.ws.vault.tokens, self.interchange.header.delimiters
        self.sent.take(event)
        person = event.person
        family, ssn, who = tokens.of_member(event.subscriber_number, event.ssn, person.name.first, person.birth)
        self.lines.append(
            MemberLine(
                number=event.number,
                family_token=family,
                is_subscriber=event.is_subscriber,
                ssn_token=ssn,
                person_token=who,
                group_ref=resolve.group_ref(event, self.header, self.partner) if self.header else "",
                start=event.start,
                end=event.end,
                segment=event.segment,
                digest=tokens.loop(event.text(marks.element, marks.segment)),
            )
        )
        if len(self.lines) >= MEMBERS_A_WRITE:
            self.write_lines()

    def write_lines(self) -> None:
        member_lines.add(self.conn, self.set_id, self.lines)
        self.lines = []

    def close_set(self, item: SetVerdict) -> None:
        self.write_lines()
        member_lines.complete(self.conn, self.sent.members)
        files.close_set(self.conn, self.set_id, item, self.header, self.trace)
        files.add_findings(self.conn, self.file.id, item.findings, self.set_id)
        if item.verdict is Verdict.REJECTED:
            files.set_state(self.conn, self.set_id, SetState.REJECTED, "rejected by the 999")
        elif self.header is not None:
            self.hold_what_is_unclear(self.header)

    def hold_what_is_unclear(self, header: SetHeader) -> None:
        """Hold or refuse a set whose header says, beside what it holds, that it cannot be applied as it is.

        Source: docs/domain.md, The header.
        """
        assert self.interchange is not None
        mode = sets.mode(
            header,
            self.sent,
            usage=self.interchange.header.usage,
            environment=self.ws.environment,
            partner=self.partner,
        )
        if mode.kind in (sets.Way.HOLD, sets.Way.REJECT):
            state = SetState.HELD if mode.kind is sets.Way.HOLD else SetState.REJECTED
            first = mode.findings[0]
            files.set_state(self.conn, self.set_id, state, first.message)
            if state is SetState.HELD:
                self.held[self.set_id] = first
        files.add_findings(self.conn, self.file.id, mode.findings, self.set_id)

    # --- acknowledgments and the file -------------------------------------------------------------------

    def inbound(self, item: InboundAck) -> None:
        """Note an acknowledgment of something of ours; it is never answered (docs/domain.md, Answers to us)."""
        self.kinds.add(item.kind)
        self.acks.append(item)
        if len(self.acks) >= ACKS_A_WRITE:
            self.write_acks()

    def write_acks(self, *, rejected: bool = False) -> None:
        """Record the answers of the open interchange; of one that is not taken only what rejects.

        A slip of its envelope may make an acceptance worth nothing, but never loses a rejection (docs/domain.md,
        Answers to us).
        """
        if self.interchange:
            doubtful = rejected or self.interchange.refusal is not None
            acknowledgments.take(
                self.conn, self.step, self.file, self.interchange_id, self.acks, doubtful=doubtful
            )
        self.acks = []

    def close_file(self, item: FileVerdict) -> None:
        files.add_findings(self.conn, self.file.id, item.findings)
        kind = self.kinds.pop() if len(self.kinds) == 1 else "x12" if self.kinds or self.interchange_id else ""
        state = None
        if not self.interchange_id:
            state = FileState.UNREADABLE
            if not any(finding.severity is Severity.ERROR for finding in item.findings):
                files.add_findings(self.conn, self.file.id, [found("SUPPORTED-NOTHING", Where())])
        files.set_kind_state(self.conn, self.file.id, kind or "unknown", state)


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (judge,)
