"""A full 834 of one group (005010X220A1; docs/domain.md, The 834): the inverse of the reader, loop by loop.

What a reader keeps of a member loop is written back so that reading it again gives the same event. The four
separators are chosen among characters that the data do not hold. Members are read twice, a few at a time: for the
separators, and to be written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import chain, count, islice
from typing import Any

from model.documents.statement import Beside, Document, Enrollment834Statement, nothing
from model.enrollment.events import Address, CoverageEvent, EnrollmentEvent
from model.timeline import OPEN
from model.trade.entities import EMAIL, INSURED, INSURER, MAILING, SPONSOR, TELEPHONE
from model.trade.member import NO, UNKNOWN_GENDER, YES
from model.trade.payment import SSN
from model.trade.references import (
    BENEFIT_BEGIN,
    BENEFIT_END,
    FILE_EFFECTIVE,
    MASTER_POLICY,
    PAID_TO,
    SUBSCRIBER_NUMBER,
)
from model.x12 import ONE_SET, STANDARD, VERSION_834, Delimiters
from writers.forms.x12 import closing, control, opening, segment

# Characters for each role, most usual first; the control characters at the end occur in no data.
_ROLES = ("*|\x1d", ":>\x1f", "^!\x1c", "~\\\x1e")
_SEGMENTS_A_PIECE = 5_000


def render(statement: Enrollment834Statement, beside: Beside = nothing) -> Document:
    """Return the 834 as a file. Text outside ASCII is written without its accents: the guide has none.

    `beside` reads its members, by key.
    """

    def members() -> Iterator[EnrollmentEvent]:
        return chain(statement.members, beside(statement.key))

    def pieces() -> Iterator[bytes]:
        segments = _segments(statement, members(), _Pen(_marks(statement, members())))
        while some := list(islice(segments, _SEGMENTS_A_PIECE)):
            yield "".join(some).encode("ascii")

    return Document(f"834-{control(statement.envelope.control, 9)}.edi", pieces)


def _segments(statement: Enrollment834Statement, members: Iterable[EnrollmentEvent], pen: _Pen) -> Iterator[str]:
    """Yield every segment from ISA to IEA."""
    envelope = statement.envelope
    group = str(statement.group_control % 10**9)
    head = ("GS", "BE", envelope.gs_sender, envelope.gs_receiver)
    when = (envelope.at.strftime("%Y%m%d"), envelope.at.strftime("%H%M"))
    yield opening(envelope, pen.marks)
    yield pen.line(*head, *when, group, "X", VERSION_834)
    numbers = count(1)  # of the set's segments, SE among them
    body = chain(_header(statement, pen), (line for member in members for line in _member(member, pen)))
    for line, _ in zip(chain([pen.line("ST", "834", ONE_SET, VERSION_834)], body), numbers, strict=False):
        yield line
    yield pen.line("SE", str(next(numbers)), ONE_SET)
    yield pen.line("GE", "1", group)
    yield closing(envelope, 1, pen.marks)


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


def _marks(statement: Enrollment834Statement, members: Iterable[EnrollmentEvent]) -> Delimiters:
    """Choose separators that occur in no text of the file."""
    envelope = statement.envelope
    held = set(envelope.sender + envelope.receiver + envelope.gs_sender + envelope.gs_receiver)
    for text in _texts(statement.header):
        held.update(text)
    for member in members:
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
        kind: Any = type(value)
        for name in _names(kind):
            yield from _texts(getattr(value, name))


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


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
    for kind, people in header.quantities:
        yield pen.line("QTY", kind, str(people))
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
    if coverage.paid_to:
        yield pen.line("DTP", PAID_TO, "D8", f"{coverage.paid_to:%Y%m%d}")
    for kind, value in coverage.references:
        yield pen.line("REF", kind, value)
