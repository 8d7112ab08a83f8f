"""What an agreement makes of syntax verdicts: what may pass, and what a group comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.agreed import functional_group, lenient
from model.agreement.answers import HARMLESS
from model.codes import CODES, found
from model.finding import Severity, Where
from model.x12 import FunctionalGroup, FunctionalGroupVerdict, SetVerdict, TransactionSet, Verdict

_SET = TransactionSet("834", "0001", "005010X220A1", 0, 3)
_NAME = Where(segment=10, segment_id="NM1", element=3)


def _verdict(*findings: tuple[str, Where]) -> SetVerdict:
    listed = tuple(found(code, where) for code, where in findings)
    return SetVerdict(_SET, Verdict.REJECTED, ("5",), listed, "", 0, 0)


@pytest.mark.parametrize("code", sorted(code for code in CODES if CODES[code].ik403))
def test_only_harmless_codes_may_pass_whatever_was_agreed(code: str) -> None:
    every = {row.ik403 for row in CODES.values()}
    passed = lenient(_verdict((code, _NAME)), every)
    assert (passed.verdict is Verdict.ERRORS) == (CODES[code].ik403 in HARMLESS)


@pytest.mark.parametrize(
    "code", sorted(code for code in CODES if not CODES[code].ik403 and CODES[code].severity is Severity.ERROR)
)
def test_nothing_but_an_element_may_pass(code: str) -> None:
    verdict = _verdict((code, _NAME))
    assert lenient(verdict, HARMLESS) is verdict


@pytest.mark.parametrize(
    ("segment", "element", "passes"),
    [
        ("NM1", 3, True),
        ("NM1", 9, False),
        ("N3", 1, True),
        ("N4", 3, False),
        ("REF", 2, False),
        ("HD", 4, False),
        ("ST", 2, False),
    ],
)
def test_characters_pass_in_names_and_addresses(segment: str, element: int, passes: bool) -> None:
    where = Where(segment=10, segment_id=segment, element=element)
    assert (lenient(_verdict(("ELEMENT-6", where)), ["6"]).verdict is Verdict.ERRORS) == passes


def test_what_is_not_listed_rejects() -> None:
    verdict = _verdict(("ELEMENT-6", _NAME), ("FINDINGS-MORE", _NAME))
    assert lenient(verdict, HARMLESS) is verdict


def test_what_passes_is_a_warning_and_an_accepted_set_stays_so() -> None:
    passed = lenient(_verdict(("ELEMENT-6", _NAME), ("ELEMENT-I10", _NAME)), HARMLESS)
    assert [finding.severity for finding in passed.findings] == [Severity.WARNING, Severity.WARNING]
    assert passed.codes == ("5",)
    good = replace(passed, verdict=Verdict.ACCEPTED)
    assert lenient(good, HARMLESS) is good


_GS = FunctionalGroup("BE", "ACME", "NORTHWIND", "20270105", "0930", "7", "005010X220A1", 107, 2)


@pytest.mark.parametrize(
    ("before", "sets", "passed", "whole", "after"),
    [
        ("A 2 2", "A A", 2, False, "A 2"),
        ("P 2 1", "R A", 1, False, "P 1"),
        ("P 2 1", "R A", 1, True, "R 0"),
        ("P 2 1", "E A", 1, False, "E 2"),
        ("P 2 1", "E A", 1, True, "E 2"),
        ("R 2 0", "E R", 0, False, "P 1"),
        ("R 2 0", "E E", 0, True, "E 2"),
        ("R 2 0", "R R", 0, True, "R 0"),
        ("R 2 0", "A A", 2, False, "R 0"),  # GE01 wrong: bad in itself
        ("R 2 0", "E A", 1, True, "R 0"),
    ],
)
def test_a_group_is_counted_again(before: str, sets: str, passed: int, whole: bool, after: str) -> None:
    letter, received, accepted = before.split()
    verdict = FunctionalGroupVerdict(_GS, Verdict(letter), (), (), 2, int(received), int(accepted), 0)
    made = functional_group(verdict, sets.split(), passed, whole=whole)
    assert f"{made.verdict} {made.accepted}" == after
    assert made.received == 2


def test_a_group_with_an_error_of_its_own_stays_rejected() -> None:
    error = found("GE-CONTROL", Where(segment=20, segment_id="GE"))
    verdict = FunctionalGroupVerdict(_GS, Verdict.REJECTED, ("4",), (error,), 1, 1, 0, 0)
    assert functional_group(verdict, ["E"], 0, whole=False) is verdict
