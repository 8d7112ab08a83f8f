"""The 824: what a set that was decided is advised on, still without control numbers (docs/domain.md, The 824).

What TA1 and 999 rejected gets none, and neither does a payment that still waits for its deposit: there is nothing
to say of it yet. The 999 is about syntax and is never changed by this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from exchange import agreed, answers
from exchange.agreed import Parties
from model.agreement.terms import Contact
from model.codes import CODES
from model.documents.acknowledgment import Advice824Statement, AdviceError
from model.enrollment.decision import Disposition, SetState
from model.exchange import StoredSet
from model.finding import Finding, Severity
from model.money.remittance import PaymentState
from model.x12 import FunctionalGroup, Interchange

ACCEPTED, WITH_ERRORS, IN_PART, REJECTED = "TA", "TE", "TP", "TR"  # OTI01
KINDS = ("834", "820")
_OTHER = "024"  # TED01: another reason, said in words
_OUT_OF_BALANCE = "010"

# The number of a data element: kind and version of the set, segment, element, component.
DataElement = Callable[[str, str, str, int, int], str]


def told(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that are the application's, and something that the sender should hear."""
    return [finding for finding in findings if _is_told(finding)]


def _is_told(finding: Finding) -> bool:
    code = CODES[finding.code]
    if code.ik304 or code.ik403 or code.ik502:
        return False
    return finding.severity in (Severity.ERROR, Severity.PEND) or bool(code.app824)


def outcome(
    stored: StoredSet,
    findings: Sequence[Finding],
    payment: PaymentState | None = None,
    dispositions: Collection[str] = (),
) -> str:
    """Return OTI01; empty while a payment waits. A set is rejected when nothing of it was or will be applied.

    `findings` are those told; `dispositions` of an 834's member lines, `payment` the state of what an 820 brought.
    """
    if stored.state in (SetState.REJECTED, SetState.DUPLICATE):
        return REJECTED
    if payment == PaymentState.WAITING:
        return ""
    if stored.kind == "820" and any(CODES[finding.code].app824 == _OUT_OF_BALANCE for finding in findings):
        return REJECTED
    if Disposition.REJECTED in dispositions:
        return IN_PART
    return WITH_ERRORS if findings else ACCEPTED


def is_owed(parties: Parties, outcome: str) -> bool:
    """Say whether an 824 with this OTI01 is owed, as the partner agreed."""
    return bool(outcome) and agreed.owes_824(parties.partner.answers, good=outcome == ACCEPTED)


def statement(
    parties: Parties,
    header: tuple[Interchange, FunctionalGroup],
    stored: StoredSet,
    outcome: str,
    errors: Sequence[AdviceError],
) -> Advice824Statement:
    """Return the 824 on a set that stands in this interchange and functional group."""
    carrier, partner = parties.carrier, parties.partner
    interchange, group = header
    return Advice824Statement(
        envelope=answers.envelope(parties, interchange, group),
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
        errors=tuple(errors),
    )


def errors(
    findings: Sequence[Finding], kind: str, version: str, segment: int, data_element: DataElement
) -> list[AdviceError]:
    """Return what an 824 says of a set: `findings` told of it, `segment` the ordinal of its ST in the file."""

    def error(finding: Finding) -> AdviceError:
        where = finding.where
        inside = where.segment >= segment and where.segment_id.isalnum()
        element = where.element if inside else 0
        number = data_element(kind, version, where.segment_id, element, 0) if element else ""
        return AdviceError(
            condition=CODES[finding.code].app824 or _OTHER,
            message=f"{finding.code} {finding.message}",
            segment_id=where.segment_id if inside else "",
            position=where.segment - segment + 1 if inside else 0,
            element=element,
            component=where.component if element else 0,
            data_element=number if number.isdigit() else "",
        )

    return sorted(map(error, findings), key=lambda each: each.position)
