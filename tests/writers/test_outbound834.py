"""The full 834: what is written is read back as it was, in any text, and the guide accepts it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

import pytest

from model.documents.acknowledgment import AckEnvelope
from model.documents.statement import Enrollment834Statement
from model.enrollment.events import Address, Demographics, EnrollmentEvent, Name, SetHeader
from model.x12 import Interchange, SetVerdict, Verdict
from parsers.x12.judge import judge
from support import pyx12_maps
from support.members import member
from writers.rosters import outbound834

ENVELOPE = AckEnvelope("ZZ", "ACME", "ZZ", "NORTHWIND", "ACMEGS", "NORTHGS", 41, datetime(2027, 1, 5, 9, 31), "P")
HEADER = SetHeader(
    "0001", "00", "ROSTER1", date(2027, 1, 5), "0931", "", "RX", "G100", date(2027, 1, 5), (("ET", 1), ("TO", 2)),
    ("Acme Mills", "G100"), ("Northwind", "99-0000002"), ("", ""), "000000041", "7", 3,
)  # fmt: skip
PERSON = Demographics(
    Name("Sample", "Ada", "B", "JR"),
    date(1980, 1, 1),
    "F",
    Address("1 Elm St", "Unit 2", "Salem", "MA", "01970"),
    Address("PO Box 1", "", "Lynn", "MA", "01901"),
    "5550100101",
    "ada@example.com",
)
LINES = ["030 HLT MED1 FAM 2026-01-01 2026-06-30", "030 DEN D - 2027-01-01"]
CHILD = {"rel": "19", "first": "BEN", "birth": "2015-01-01", "lines": ["030 HLT MED1 - 2026-01-01"]}
MEMBERS = (member(1, {"do": "030", "ssn": "900110001", "lines": LINES}), member(2, {"do": "030", **CHILD}))


def written(*people: Demographics) -> bytes:
    first = replace(MEMBERS[0], person=people[0] if people else PERSON)
    return outbound834.render(Enrollment834Statement(ENVELOPE, 7, HEADER, (first, MEMBERS[1]))).data


def read(data: bytes) -> tuple[list[EnrollmentEvent], SetHeader, Interchange]:
    items = list(judge([data]))
    (verdict,) = (item for item in items if isinstance(item, SetVerdict))
    assert verdict.verdict is Verdict.ACCEPTED, verdict.findings
    (header,) = (item for item in items if isinstance(item, SetHeader))
    (interchange,) = (item for item in items if isinstance(item, Interchange))
    return [item for item in items if isinstance(item, EnrollmentEvent)], header, interchange


def said(event: EnrollmentEvent) -> EnrollmentEvent:
    """Return an event without its positions."""
    coverages = tuple(replace(coverage, spots=()) for coverage in event.coverages)
    references = tuple(
        reference for reference in event.references if reference[0] != "0F"
    )  # subscriber_number says it
    event = replace(event, references=references)
    return replace(event, coverages=coverages, spots=(), start=0, end=0, segment=0, base=MEMBERS[0].base)


def test_what_is_written_is_read_back() -> None:
    events, header, _ = read(written())
    expected = [
        replace(MEMBERS[0], person=PERSON),
        replace(MEMBERS[1], person=replace(MEMBERS[1].person, gender="U")),
    ]
    assert [said(event) for event in events] == [said(event) for event in expected]
    assert header.quantity_segments and header.quantities
    assert replace(header, segment=3, quantity_segments=()) == replace(HEADER, insurer=("Northwind", "990000002"))


def test_pyx12_accepts_it() -> None:
    assert pyx12_maps.accepts(io.StringIO(written().decode("ascii")))


@pytest.mark.parametrize("odd", ["A*B", "A:B~C^D", "|>!\\"])
def test_separators_are_none_of_the_data(odd: str) -> None:
    events, _, interchange = read(written(replace(PERSON, address=Address(odd, "", "Salem", "MA", "01970"))))
    assert events[0].person.address.line1 == odd
    marks = interchange.delimiters
    assert not set(odd) & set(marks.element + marks.component + marks.repetition + marks.segment)


def test_accents_go_and_nothing_else() -> None:
    events, _, _ = read(written(replace(PERSON, name=Name("Núñez", "Zoë"))))
    assert events[0].person.name == Name("Nunez", "Zoe")
