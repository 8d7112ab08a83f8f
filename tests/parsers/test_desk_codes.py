"""What a file of the bank's, an allocation and a worksheet can be told of, where no story tells it."""

from __future__ import annotations

from datetime import date

import pytest

from model.money.bank import BankFile
from parsers import worksheet
from parsers.allocation import sheet as allocation
from parsers.bank.read import mapping, read
from sample_files.banking import LOCKBOX_MAP, Entry, Returned, bai2, lockbox, nacha

DAY = date(2027, 1, 14)
STATEMENT = bai2([Entry("142", 5_000, "B1", "", "HARBOR MILLS"), Entry("699", 700, "B2")], DAY)
RETURNS = nacha([Returned("R01", 5_000, "91", "77")], DAY)


def told(made: BankFile) -> list[tuple[str, str]]:
    return [(finding.code, finding.where.text()) for finding in made.findings]


def test_lines_that_came_are_taken_though_the_summary_is_not_theirs() -> None:
    """The account's own summary is no control total: it may count what is not reported in detail."""
    made = read(STATEMENT.replace(b",100,5000,,", b",100,5000,3,"))
    assert [code for code, _ in told(made)] == ["BANK-SUMMARY"] and not made.refused
    assert "says 3 credits of 5000 cents; its lines are 1 of 5000" in made.findings[0].message
    assert [line.cents for line in made.lines] == [5_000, 700]


def test_a_line_without_a_reference_is_taken_and_told() -> None:
    made = read(bai2([Entry("142", 5_000)], DAY))
    assert told(made) == [("BANK-NO-REFERENCE", "record 4 (16), field 5")] and not made.refused
    assert [(line.cents, line.reference) for line in made.lines] == [(5_000, "")]


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (STATEMENT.replace(b"49,10700,", b"49,10701,"), "BANK-TOTAL", "record 6 (49), field 2"),
        (STATEMENT.replace(b"98,10700,1,", b"98,10700,2,"), "BANK-TOTAL", "record 7 (98), field 3"),
        (RETURNS.replace(b"82000000020", b"82000000030"), "BANK-TOTAL", "record 5 (8), field 3"),
        (STATEMENT.replace(b"49,10700,4/\n", b""), "BANK-RECORD", "record 6 (98)"),
        (RETURNS.replace(b"\n8200", b"\n4200"), "BANK-RECORD", "record 5 (4)"),
        (lockbox([], DAY), "BANK-RECORD", "row 1"),
        (lockbox([("5001", 700, "A-1", "")], DAY).replace(b"7.00", b"7.001"), "BANK-FIELD", "row 2"),
    ],
)
def test_a_file_that_is_wrong_anywhere_is_refused_whole(data: bytes, code: str, place: str) -> None:
    made = read(data, mapping(LOCKBOX_MAP))
    assert made.refused and made.lines == ()
    assert told(made)[0][0] == code and told(made)[0][1].startswith(place)


def test_a_sheet_without_our_headings_is_told_so() -> None:
    data = b"Invoice,Sum\n100001,5.00\n"
    assert [finding.code for finding in allocation.read(data).findings] == ["ALLOCATION-HEADINGS"]
    assert [finding.code for finding in worksheet.read(data).findings] == ["SELFBILL-COLUMNS"]
