"""Errors as a 999 says them: business unit and bad value from the set's own segments, nobody's data in clear."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import yaml

from model.x12 import AckError, Delimiters, Raw, SetVerdict
from parsers.x12.ackerrors import errors
from parsers.x12.judge import judge

_CASES = Path(__file__).parents[1] / "cases" / "x12"
BASE: str = yaml.safe_load((_CASES / "envelope.yaml").read_text("utf-8"))["base"]

PAYMENT = """\
ISA*00*          *00*          *ZZ*ACME           *ZZ*NORTHWIND      *270105*0930*^*00501*000000101*1*P*:~
GS*RA*ACME*NORTHWIND*20270105*0930*7*X*005010X218~
ST*820*0001*005010X218~
BPR*I*300*C*ACH*CCP*01*021000021*DA*123456789*1990000001**01*021000021*DA*987654321*20270105~
TRN*3*T1001~
N1*PE*NORTHWIND*FI*990000002~
N1*PR*ACME~
ENT*1*2J*EI*E1001~
NM1*QE*1*DOE*ANN****EI*E1001~
RMR*AZ*P1**100*100~
ENT*2*2J*EI*E1002~
NM1*QE*1*ROE*BOB****EI*E1002~
RMR*AZ*P2**200*200*X~
SE*12*0001~
GE*1*7~
IEA*1*000000101~
"""


def _first(text: str, *edits: tuple[str, str]) -> tuple[AckError, ...]:
    """Return the errors of the first set of a file, with the segments that a second reading gives."""
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    verdict = next(item for item in judge([text.encode()]) if isinstance(item, SetVerdict))
    return errors(verdict, _segments(text), Delimiters())


def _segments(text: str) -> Iterator[Raw]:
    numbers = count(1)
    for line in text.split("~\n")[2:]:
        yield next(numbers), 0, line.split("*")


def _units(found: tuple[AckError, ...]) -> list[tuple[str, int, str]]:
    return [(error.segment_id, error.position, error.unit[1]) for error in found]


def test_an_error_of_a_member_names_the_subscriber_whose_number_comes_later() -> None:
    (error,) = _first(BASE, ("INS*Y*18*021", "INS*Y*18*002"))
    assert error.unit == ("SUBSCRIBER NUMBER REF02", "E1001")
    assert (error.bad_value, error.element_code, error.data_element) == ("002", "I6", "875")


def test_an_error_of_the_header_has_no_business_unit() -> None:
    (error,) = _first(BASE, ("N1*P5*ACME*FI", "N1*P5*ACME*ZZ"))
    assert (error.unit, error.bad_value) == (("", ""), "ZZ")


def test_what_is_missing_at_the_end_of_a_member_belongs_to_that_member() -> None:
    other = "INS*Y*18*021*28*A***FT~\nREF*0F*E1009~\nNM1*IL*1*ROE*AMY****34*900001009~\n"
    first = _first(
        BASE,
        ("NM1*IL*1*DOE*ANN****34*900001001~\nHD*021**HLT*MED1*EMP~\nDTP*348*D8*20270101~\n", other),
    )
    assert _units(first) == [("NM1", 8, "E1001")]


@pytest.mark.parametrize("number", ["900001001", "900-00-1001", "900 00 1001", "S900001001"])
def test_a_subscriber_number_that_may_be_an_ssn_stays_out(number: str) -> None:
    (error,) = _first(BASE, ("REF*0F*E1001", f"REF*0F*{number}"), ("INS*Y*18*021", "INS*Y*18*002"))
    assert error.unit == ("", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("NM1*IL*1*DOE*ANN", "NM1*IL*1*DOE*ANNANNANNANNANNANNANNANNANNANNANNANN"),
        ("34*900001001~", "34*900001001*X~"),
        ("~\nHD*021**HLT", "~\nDMG*D8*19801340*F~\nHD*021**HLT"),
    ],
)
def test_a_persons_data_is_never_copied(old: str, new: str) -> None:
    found = [error for error in _first(BASE, (old, new)) if error.element_code]
    assert found and {error.bad_value for error in found} <= {"", "X"}


def test_a_characters_error_copies_nothing() -> None:
    (error,) = _first(BASE, ("HD*021**HLT*MED1*EMP", "HD*021**HLT*MED\t1*EMP"))
    assert (error.element_code, error.bad_value) == ("6", "")


def test_medicare_is_never_copied() -> None:
    (error,) = _first(BASE, ("*28*A***FT", "*28*A*X:1**FT"))
    assert (error.element, error.component, error.bad_value) == (6, 1, "")


def test_a_date_of_coverage_is_copied() -> None:
    (error,) = _first(BASE, ("348*D8*20270101", "348*D8*20270230"))
    assert (error.element_code, error.bad_value) == ("8", "20270230")


def test_an_error_of_a_payment_names_its_entity() -> None:
    found = _first(PAYMENT)
    assert [(error.segment_id, error.position, error.element, error.unit) for error in found] == [
        ("RMR", 11, 6, ("ENT01", "2"))
    ]


def test_reading_ends_with_the_loop_of_the_last_error() -> None:
    text = BASE.replace("INS*Y*18*021", "INS*Y*18*002", 1)
    verdict = next(item for item in judge([text.encode()]) if isinstance(item, SetVerdict))
    read: list[int] = []

    def watched() -> Iterator[Raw]:
        for raw in _segments(text + "INS*N*01*021~\n" * 50):
            read.append(raw[0])
            yield raw

    errors(verdict, watched())
    assert max(read) <= 13
