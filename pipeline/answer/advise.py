"""Advise: the 824 owed for each set that our application took, once it is decided (docs/domain.md, The 824).

What TA1 and 999 rejected gets none, and neither does a payment that still waits for its deposit: there is nothing
to say of it yet. The 999 is about syntax and is never changed by this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exchange import owed, statements
from exchange.addressed import Parties
from model.agreement.answers import NEVER
from model.agreement.terms import Contact
from model.codes import CODES
from model.documents import keys
from model.documents.acknowledgment import Advice824Statement, AdviceError
from model.documents.keys import DocumentKind
from model.enrollment.decision import Disposition, SetState
from model.exchange import ReceivedFile, StoredSet
from model.finding import Finding, Severity
from model.money.remittance import PaymentState
from parsers.x12.conformance import GUIDES, data_element
from pipeline.answer import acknowledgments
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.money import cash
from store.received import envelopes, files, outbox
from store.received.outbox import Owed

ACCEPTED, WITH_ERRORS, IN_PART, REJECTED = "TA", "TE", "TP", "TR"  # OTI01
KINDS = ("834", "820")
_OTHER = "024"  # TED01: another reason, said in words
_OUT_OF_BALANCE = "010"


def owe(ws: Workspace, conn: Connection, tx: int, file: ReceivedFile) -> None:
    """Put the 824s of a file into the outbox, as its partner agreed; what is owed already is not owed again."""
    partner = agreements.partner(conn, file.partner)
    if partner is None or partner.answers.advice824 == NEVER:
        return
    found: dict[int | None, list[Finding]] = {}
    for set_id, _, finding in files.findings_of(conn, file.id):
        found.setdefault(set_id, []).append(finding)
    parties = acknowledgments.parties(file, agreements.carrier(conn), partner)
    decided = [stored for stored in files.sets_of(conn, file.id) if stored.kind in KINDS and stored.state]
    advices = [
        _owed(conn, parties, stored, found.get(stored.id, ()))
        for stored in decided
        if envelopes.let_in(conn, stored.id)
    ]
    outbox.owe(conn, tx, [advice for advice in advices if advice], ws.vault.fields)


def _owed(conn: Connection, parties: Parties, stored: StoredSet, findings: Sequence[Finding]) -> Owed | None:
    told = [finding for finding in findings if _is_told(finding)]
    outcome = _outcome(conn, stored, told)
    if not outcome or not owed.advice824(parties.partner.answers, good=outcome == ACCEPTED):
        return None
    statement = _statement(conn, parties, stored, outcome, told)
    key = str(keys.advice824(stored.id, stored.state))
    return Owed(key, parties.partner.code, DocumentKind.ADVICE824, statement, stored.file_id)


def _is_told(finding: Finding) -> bool:
    """Say whether a finding is the application's, and something that the sender should hear."""
    code = CODES[finding.code]
    if code.ik304 or code.ik403 or code.ik502:
        return False
    return finding.severity in (Severity.ERROR, Severity.PEND) or bool(code.app824)


def _outcome(conn: Connection, stored: StoredSet, told: Sequence[Finding]) -> str:
    """Return OTI01; empty while a payment waits. A set is rejected when nothing of it was or will be applied."""
    if stored.state in (SetState.REJECTED, SetState.DUPLICATE):
        return REJECTED
    if stored.kind == "820":
        paper = cash.of_set(conn, stored.id)
        if paper and paper.state == PaymentState.WAITING:
            return ""
        if any(CODES[finding.code].app824 == _OUT_OF_BALANCE for finding in told):
            return REJECTED
    elif any(row.disposition == Disposition.REJECTED for row in files.dispositions_of(conn, stored.id)):
        return IN_PART
    return WITH_ERRORS if told else ACCEPTED


def _statement(
    conn: Connection,
    parties: Parties,
    stored: StoredSet,
    outcome: str,
    told: Iterable[Finding],
) -> Advice824Statement:
    carrier, partner = parties.carrier, parties.partner
    interchange, group = envelopes.of_set(conn, stored.id)
    return Advice824Statement(
        envelope=statements.envelope(parties, interchange, group),
        group_control=0,
        carrier=carrier.name if carrier else "",
        contact=carrier.contact if carrier else Contact(),
        partner=partner.name or partner.code,
        outcome=outcome,
        reference=stored.reference,
        group_date=group.date,
        group_time=group.time,
        group=group.control,
        control=stored.control,
        kind=stored.kind,
        version=stored.version,
        errors=tuple(sorted((_error(finding, stored) for finding in told), key=lambda error: error.position)),
    )


def _error(finding: Finding, stored: StoredSet) -> AdviceError:
    where = finding.where
    inside = where.segment >= stored.segment and where.segment_id.isalnum()
    element = where.element if inside else 0
    number = ""
    if element and (stored.kind, stored.version) in GUIDES:
        number = data_element(stored.kind, stored.version, where.segment_id, element, 0)
    return AdviceError(
        condition=CODES[finding.code].app824 or _OTHER,
        message=f"{finding.code} {finding.message}",
        segment_id=where.segment_id if inside else "",
        position=where.segment - stored.segment + 1 if inside else 0,
        element=element,
        component=where.component if element else 0,
        data_element=number if number.isdigit() else "",
    )
