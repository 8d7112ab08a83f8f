"""A bank's files: what a writer writes reads back, and what is damaged is told (docs/domain.md, The bank)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from model.money.bank import BankFile, LineSort
from parsers.bank.read import mapping, read
from sample_files import banking as bank_files
from sample_files.banking import Entry, Returned
from support.tries import tries

DAY = date(2026, 12, 3)
WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-*:", min_size=1, max_size=60).map(str.strip)
NAMES = st.text("ABCDEFGHIJ0123456789-", min_size=1, max_size=15)
CENTS = st.integers(1, 10**10 - 1)
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.sampled_from(["115", "142", "165", "195", "201", "301", "399", "451", "475", "495", "555", "699"]),
        CENTS,
        NAMES.filter(lambda text: text.strip("0")),
        NAMES.filter(lambda text: text.strip("0")),
        WORDS.filter(bool),
        st.sampled_from(["", "0", "1", "2", "Z", "V,261204,1200", "V,,"]),
    ),
    max_size=6,
)
RETURNED = st.lists(
    st.builds(
        Returned,
        st.sampled_from(["R01", "R02", "R10", "R29", "R61", "R69"]),
        CENTS,
        st.integers(1, 10**15 - 1).map(str),
        st.integers(1, 10**15 - 1).map(str),
        st.sampled_from(["21", "26", "31", "36"]),
    ),
    min_size=1,
    max_size=4,
)
CHEQUES = st.lists(
    st.tuples(st.integers(1, 99999).map(str), CENTS, NAMES, NAMES),
    min_size=1,
    max_size=4,
    unique_by=lambda c: c[0],
)


@tries(60)
@given(ENTRIES, st.integers(0, 30))
def test_a_statement_reads_back(entries: list[Entry], wide: int) -> None:
    made = read(bank_files.bai2(entries, DAY, wide=wide))
    assert made.findings == ()
    assert [(line.code, line.cents, line.reference, line.day) for line in made.lines] == [
        (entry.code, entry.cents, entry.reference, DAY) for entry in entries
    ]
    for line, entry in zip(made.lines, entries, strict=True):
        assert line.text.replace(" ", "") == entry.text.replace(" ", "")
        assert (line.value_day is not None) == ("2612" in entry.funds)


@tries(40)
@given(RETURNED)
def test_a_file_of_returns_reads_back(returns: list[Returned]) -> None:
    made = read(bank_files.nacha(returns, DAY))
    assert made.findings == ()
    assert [(line.code, line.cents, line.trace, line.reference) for line in made.lines] == [
        (each.code, each.cents, each.original.zfill(15), each.trace.zfill(15)) for each in returns
    ]
    for line, each in zip(made.lines, returns, strict=True):
        dishonored, credit = each.code in ("R61", "R69"), each.transaction[1] == "1"
        wanted = LineSort.DISHONORED if dishonored else LineSort.BACK if credit else LineSort.RETURN
        assert line.sort is wanted


@tries(40)
@given(CHEQUES)
def test_a_lockbox_reads_back(cheques: list[tuple[str, int, str, str]]) -> None:
    made = read(bank_files.lockbox(cheques, DAY), mapping(bank_files.LOCKBOX_MAP))
    assert made.findings == ()
    assert [(line.trace, line.cents, line.account, line.invoice) for line in made.lines] == cheques


def amounts(made: BankFile) -> Counter[int]:
    return Counter(line.cents for line in made.lines)


def damaged(data: bytes) -> list[bytes]:
    """Every copy of a file with one byte another, and with one left out."""
    others = [b"7", b"X", b",", b"\x00", b"\xff", b"\n", b"/", b" "]
    one = [
        data[:at] + other + data[at + 1 :]
        for at in range(len(data))
        for other in others
        if data[at : at + 1] != other
    ]
    return one + [data[:at] + data[at + 1 :] for at in range(len(data))]


def test_no_byte_of_a_statement_can_change_its_money_unseen() -> None:
    """A fault is told, or it lies in a text, a reference or a day: the amounts are those that were sent."""
    entries = [
        Entry("142", 125_000, "B1", "T1", "HARBOR MILLS TRN*1*HM7*1990000001"),
        Entry("115", 30_000, "B2", "LB7", "LOCKBOX", "S,10000,15000,5000"),
        Entry("475", 4_200, "B3", "1001"),
    ]
    data = bank_files.bai2(entries, DAY)
    whole, told = amounts(read(data)), 0
    for copy in damaged(data):
        made = read(copy)
        told += made.refused
        assert made.findings or amounts(made) == whole, copy
        assert made.lines == () or not made.refused
    assert told > len(data) * 4


def test_no_byte_of_a_file_of_returns_can_change_its_money_unseen() -> None:
    data = bank_files.nacha([Returned("R01", 5_000, "91", "77"), Returned("R29", 7_500, "92", "78")], DAY)
    whole, told = amounts(read(data)), 0
    for copy in damaged(data):
        made = read(copy)
        told += made.refused
        assert made.refused or amounts(made) == whole, copy
    assert told > len(data) * 3


def test_no_byte_of_a_lockbox_breaks_its_reading() -> None:
    """It has no control totals of its own: the bank's credit is what its cheques add up to."""
    data, by = (
        bank_files.lockbox([("101", 500, "A", ""), ("102", 12_345, "", "100001")], DAY),
        mapping(bank_files.LOCKBOX_MAP),
    )
    for copy in damaged(data):
        made = read(copy, by)
        assert made.refused or made.lines


@tries(60)
@given(st.binary(max_size=400), st.sampled_from([b"", b"01,", b"101 ", b"01,1,2,261203,0600,1,,,2/\n02,"]))
def test_any_bytes_are_read_or_told(tail: bytes, head: bytes) -> None:
    made = read(head + tail, mapping(bank_files.LOCKBOX_MAP))
    assert made.findings or made.lines
