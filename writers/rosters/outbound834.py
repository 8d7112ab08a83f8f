"""A full 834 of one group (005010X220A1; docs/domain.md, The 834): the inverse of the reader, loop by loop.

What a reader keeps of a member loop is written back so that reading it again gives the same event. The four
separators are chosen among characters that the data do not hold.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from model.documents.statement import Document, Enrollment834Statement
from model.enrollment.events import Address, CoverageEvent, EnrollmentEvent
from model.timeline import OPEN
from model.trade.entities import EMAIL, INSURED, INSURER, MAILING, SPONSOR, TELEPHONE
from model.trade.member import NO, UNKNOWN_GENDER, YES
from model.trade.payment import SSN
from model.trade.references import BENEFIT_BEGIN, BENEFIT_END, FILE_EFFECTIVE, MASTER_POLICY, SUBSCRIBER_NUMBER
from model.x12 import ONE_SET, STANDARD, VERSION_834, Delimiters
from writers.forms.x12 import control, interchange, segment

# Characters for each role, most usual first; the control characters at the end occur in no data.
_ROLES = ("*|\x1d", ":>\x1f", "^!\x1c", "~\\\x1e")


def render(statement: Enrollment834Statement) -> Document:
    """Return the 834 as a file. Text outside ASCII is written without its accents: the guide has none."""
    envelope = statement.envelope
    pen = _Pen(_marks(statement))
    group = str(statement.group_control % 10**9)
    head = ("GS", "BE", envelope.gs_sender, envelope.gs_receiver)
    when = (envelope.at.strftime("%Y%m%d"), envelope.at.strftime("%H%M"))
    text = pen.line(*head, *when, group, "X", VERSION_834)
    body = [*_header(statement, pen), *(line for member in statement.members for line in _member(member, pen))]
    text += pen.line("ST", "834", ONE_SET, VERSION_834) + "".join(body)
    text += pen.line("SE", str(len(body) + 2), ONE_SET) + pen.line("GE", "1", group)
    return Document.of(f"834-{control(envelope.control, 9)}.edi", interchange(envelope, 1, text, pen.marks))


class _Pen:
    """Writes segments with one file's separators."""

    def __init__(self, marks: Delimiters) -> None:
        self.marks = marks

    def line(self, *elements: str) -> str:
        """Return one segment; its texts hold none of the separators, so nothing is lost."""
        return segment(*(_plain(element) for element in elements), marks=self.marks)


def _plain(text: str) -> str:
    """Return text in printable ASCII, control characters that separate left alone: `José` becomes `Jose`."""
    if text.isascii() and text.isprintable():
        return text.strip()
    spelled = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return "".join(char if " " <= char <= "~" else " " for char in spelled).strip()


def _marks(statement: Enrollment834Statement) -> Delimiters:
    """Choose separators that occur in no text of the file."""
    envelope = statement.envelope
    held = set(envelope.sender + envelope.receiver + envelope.gs_sender + envelope.gs_receiver)
    for text in _texts(statement.header):
        held.update(text)
    for member in statement.members:
        for text in _texts((member.subscriber_number, member.references, member.person, member.coverages)):
            held.update(text)
    if not held & set("".join((STANDARD.element, STANDARD.component, STANDARD.repetition, STANDARD.segment))):
        return STANDARD
    element, component, repetition, last = (next(c for c in role if c not in held) for role in _ROLES)
    return Delimiters(element, component, repetition, last)


def _texts(value: object) -> Iterator[str]:
    """Yield every text within a value of the model, as it will be written."""
    if isinstance(value, str):
        yield _plain(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for name in fields(value):
            yield from _texts(getattr(value, name.name))


def _header(statement: Enrollment834Statement, pen: _Pen) -> Iterator[str]:
    """Yield the segments from BGN to loop 1000B."""
    header = statement.header
    day = header.set_date.strftime("%Y%m%d") if header.set_date else ""
    original = header.original_reference
    yield pen.line("BGN", header.purpose, header.reference, day, header.set_time, "", original, "", header.action)
    if header.master_policy:
        yield pen.line("REF", MASTER_POLICY, header.master_policy)
    if header.effective:
        yield pen.line("DTP", FILE_EFFECTIVE, "D8", header.effective.strftime("%Y%m%d"))
    for kind, count in header.quantities:
        yield pen.line("QTY", kind, str(count))
    for kind, (name, ident) in ((SPONSOR, header.sponsor), (INSURER, header.insurer)):
        tax_id = ident.replace("-", "")
        yield pen.line("N1", kind, name[:60], *(("FI", tax_id) if tax_id.isdigit() else ("94", ident)))


def _member(event: EnrollmentEvent, pen: _Pen) -> Iterator[str]:
    """Yield one member loop (2000)."""
    flag = YES if event.is_subscriber else NO
    status = (event.maintenance, event.reason, event.benefit_status, event.medicare)
    more = (event.cobra_event, event.employment, event.student, YES if event.handicapped else "")
    death = ("D8", event.death.strftime("%Y%m%d")) if event.death else ("", "")
    rest = (event.person.confidentiality, "", "", "", str(event.birth_sequence or ""))
    yield pen.line("INS", flag, event.relationship, *status, *more, *death, *rest)
    yield pen.line("REF", SUBSCRIBER_NUMBER, event.subscriber_number)
    for kind, value in (reference for reference in event.references if reference[0] != SUBSCRIBER_NUMBER):
        yield pen.line("REF", kind, value)
    for kind, day in event.dates:
        yield pen.line("DTP", kind, "D8", day.strftime("%Y%m%d"))
    yield from _person(event, pen)
    for coverage in event.coverages:
        yield from _coverage(coverage, pen)


def _person(event: EnrollmentEvent, pen: _Pen) -> Iterator[str]:
    """Yield loops 2100A and 2100C. Without a birth date there is no DMG; an unknown gender is U."""
    person, name = event.person, event.person.name
    ssn = (SSN, event.ssn) if event.ssn else ()
    yield pen.line("NM1", INSURED, "1", name.last, name.first, name.middle, "", name.suffix, *ssn)
    contact = ((TELEPHONE, person.phone), (EMAIL, person.email))
    numbers = [part for pair in contact if pair[1] for part in pair]
    if numbers:
        yield pen.line("PER", "IP", "", *numbers)
    yield from _address(person.address, pen)
    if person.birth:
        yield pen.line("DMG", "D8", f"{person.birth:%Y%m%d}", person.gender or UNKNOWN_GENDER)
    if person.mailing.line1 and person.mailing.city:
        yield pen.line("NM1", MAILING, "1")
        yield from _address(person.mailing, pen)


def _address(address: Address, pen: _Pen) -> Iterator[str]:
    """Yield N3 and N4; N4 needs a city."""
    if address.line1:
        yield pen.line("N3", address.line1, address.line2)
    if address.city:
        yield pen.line("N4", address.city, address.state, address.zip, address.country)


def _coverage(coverage: CoverageEvent, pen: _Pen) -> Iterator[str]:
    """Yield one HD loop (2300); open coverage has no DTP*349."""
    late = ("", "", "", YES) if coverage.late else ()
    yield pen.line("HD", coverage.maintenance, "", coverage.line_code, coverage.plan, coverage.tier, *late)
    if coverage.begin:
        yield pen.line("DTP", BENEFIT_BEGIN, "D8", f"{coverage.begin:%Y%m%d}")
    if coverage.end and coverage.end != OPEN:
        yield pen.line("DTP", BENEFIT_END, "D8", f"{coverage.end:%Y%m%d}")
