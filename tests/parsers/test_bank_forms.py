"""Files of banks as they are sent in fact: what a form allows is read, what it does not is refused whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from model.finding import Severity
from model.money.bank import BankFile, LineSort
from parsers.bank.lockbox import MappingError, mapping
from parsers.bank.read import read
from sample_files import banking as bank_files
from sample_files.banking import Entry, Returned

DAY = date(2027, 1, 14)
STATEMENT = bank_files.bai2([Entry("142", 5_000, "B1", "T1", "HARBOR MILLS")], DAY)


def told(made: BankFile) -> list[str]:
    return [finding.code for finding in made.findings]


# --- BAI2 ------------------------------------------------------------------------------------------------

SAME: dict[str, Callable[[bytes], bytes]] = {
    "with a mark of UTF-8": lambda data: b"\xef\xbb\xbf" + data,
    "after an empty line": lambda data: b"\r\n" + data,
    "with other line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "with the oldest line ends": lambda data: data.replace(b"\n", b"\r"),
    "with blanks behind": lambda data: data.replace(b"\n", b"   \n") + b"\x1a",
    "with a sign": lambda data: data.replace(b"16,142,5000", b"16,142,+5000"),
    "without a currency": lambda data: data.replace(b",USD", b","),
}


@pytest.mark.parametrize("how", SAME)
def test_a_statement_is_read_however_it_came(how: str) -> None:
    made = read(SAME[how](STATEMENT))
    assert made.findings == () and [line.cents for line in made.lines] == [5_000]


def test_one_transmission_may_have_several_files() -> None:
    other = bank_files.bai2([Entry("165", 700, "B2", "T2")], DAY, account="9999")
    made = read(STATEMENT + other)
    assert made.findings == ()
    assert [(line.cents, line.account[-4:]) for line in made.lines] == [(5_000, "3456"), (700, "9999")]
    assert read(STATEMENT + other.replace(b"99,1400", b"99,1401")).refused, "each by its own totals"
    assert read(STATEMENT + other[:-20]).refused


@pytest.mark.parametrize("amount", [b"-5000", b"50.00", b"99999999999999999", b"5e3", b"5 000"])
def test_an_amount_that_is_none_refuses_the_statement(amount: bytes) -> None:
    made = read(STATEMENT.replace(b"16,142,5000", b"16,142," + amount))
    assert made.refused and made.findings[0].code == "BANK-FIELD"


def test_amounts_that_are_no_money_in_or_out_are_told_and_not_taken() -> None:
    for code, codes in (("015", ["BANK-TYPE"]), ("100", ["BANK-TYPE"])):
        made = read(STATEMENT.replace(b"16,142", f"16,{code}".encode()))
        assert (told(made), made.lines) == (codes, ())
    text = STATEMENT.replace(b"16,142,5000,0,B1,T1,HARBOR MILLS", b"16,890,,,,,NOTE").replace(
        b",10000,", b",5000,"
    )
    assert read(text).lines == () and not read(text).refused


def test_a_record_is_continued_between_fields_and_within_the_text() -> None:
    whole = b"16,142,5000,V,270115,1200,B1,T1,HARBOR MILLS, LTD / JAN"
    parts = b"16,142,5000,V,270115/\n88,1200,B1/\n88,T1,HARBOR MILLS, LTD / JAN"
    told_ = STATEMENT.replace(b"16,142,5000,0,B1,T1,HARBOR MILLS", parts)
    for kind in (b"49,10000,", b"98,10000,1,", b"99,10000,1,"):
        at = told_.index(kind) + len(kind)
        told_ = told_[:at] + str(int(told_[at:].partition(b"/")[0]) + 2).encode() + told_[told_.index(b"/", at) :]
    one, other = (
        read(data).lines for data in (STATEMENT.replace(b"16,142,5000,0,B1,T1,HARBOR MILLS", whole), told_)
    )
    assert [(line.reference, line.trace, line.text, line.value_day) for line in one] == [
        (line.reference, line.trace, line.text, line.value_day) for line in other
    ]
    assert len(one) == 1


@pytest.mark.parametrize("none", ["0", "0000000000", "NONREF", "NonRef"])
def test_what_stands_in_the_place_of_a_reference_is_none(none: str) -> None:
    """Banks write zeros: as a reference, an equal line of another file would be taken for this one unsaid."""
    made = read(bank_files.bai2([Entry("142", 5_000, none, none, "HARBOR MILLS")], DAY))
    assert told(made) == ["BANK-NO-REFERENCE"]
    assert [(line.reference, line.trace) for line in made.lines] == [("", "")]


@pytest.mark.parametrize("modifier", ["", "1", "2", "3", "4"])
def test_the_lines_of_an_interim_statement_are_left_to_the_final_one(modifier: str) -> None:
    made = read(STATEMENT.replace(b"USD,2/", f"USD,{modifier}/".encode()))
    interim = modifier in ("1", "3")
    assert (told(made), len(made.lines)) == ((["BANK-INTERIM"], 0) if interim else ([], 1))
    wrong = STATEMENT.replace(b"USD,2/", b"USD,3/").replace(b"49,10000", b"49,10001")
    assert read(wrong).refused, "its totals must agree all the same"


# --- NACHA -----------------------------------------------------------------------------------------------


def returns(*some: Returned) -> list[str]:
    return bank_files.nacha(some, DAY).decode().splitlines()


def as_file(lines: list[str]) -> BankFile:
    return read("\n".join(lines).encode())


ONE = Returned("R01", 5_000, "91", "77")


def test_a_notification_of_change_is_no_return_and_refuses_nothing() -> None:
    lines = returns(ONE, Returned("R01", 0, "92", "78"))
    lines[5] = lines[5].replace("799R01", "798C01")
    made = as_file(lines)
    assert [(line.code, line.cents) for line in made.lines] == [("R01", 5_000)]
    (notice,) = made.findings
    assert (notice.code, notice.severity) == ("BANK-NOTICE", Severity.WARNING)
    assert "C01 for entry 000000000000092" in notice.message


def test_a_prenote_that_came_back_is_told_and_moves_nothing() -> None:
    made = as_file(returns(Returned("R03", 0, "92", "78")))
    assert made.lines == () and told(made) == ["BANK-NOTICE"]
    assert "R03" in made.findings[0].message


def test_what_banks_leave_out_is_read_all_the_same() -> None:
    """Blanks at the end of a record, the 9s that fill the block, the payer's company in the batch's control."""
    lines = returns(ONE)
    bare = [line.rstrip() for line in lines if line != "9" * 94]
    assert as_file(bare).lines == as_file(lines).lines != ()
    company = lines[4].replace("1999000111", "          ")
    assert as_file([*lines[:4], company, *lines[5:]]).lines == as_file(lines).lines
    assert as_file([*lines[:4], lines[4].replace("1999000111", "1999000112"), *lines[5:]]).refused
    assert as_file([*lines[:2], lines[2] + "7", *lines[3:]]).refused, "but a record is never longer"


def test_a_batch_without_its_settlement_day_is_of_the_file_s() -> None:
    for none in ("000", "   "):
        lines = returns(ONE)
        lines[1] = lines[1].replace("2701140141", f"270114{none}1")
        assert [line.day for line in as_file(lines).lines] == [DAY]
    lines[1] = lines[1].replace("270114   1", "2701143671")
    assert as_file(lines).refused


def test_a_returned_entry_may_bear_the_code_it_was_sent_with() -> None:
    """27 and 22 instead of 26 and 21: with an addenda record 99 it came back, whatever the code."""
    made = as_file(returns(Returned("R01", 5_000, "91", "77", "27"), Returned("R03", 700, "92", "78", "22")))
    assert [line.sort for line in made.lines] == [LineSort.RETURN, LineSort.BACK]


def longer(lines: list[str], *more: str, at: int) -> list[str]:
    """Put addenda records before a record, and count them."""
    made = [*lines[:at], *(text.ljust(79) + f"{77:015d}" for text in more), *lines[at:]]
    return [
        f"{line[:4]}{int(line[4:10]) + len(more):06d}{line[10:]}"
        if line.startswith("8")
        else f"{line[:13]}{int(line[13:21]) + len(more):08d}{line[21:]}"
        if line.startswith("9000")
        else line
        for line in made
        if line != "9" * 94
    ]


def test_what_an_entry_was_sent_with_is_passed_over() -> None:
    lines = longer(returns(ONE), "710ANN000000000000005000", "705PAYMENT JANUARY", at=3)
    assert as_file(lines).findings == () and [line.cents for line in as_file(lines).lines] == [5_000]


def test_an_entry_comes_back_once_or_is_refused() -> None:
    """Two records of its return would take its payment back twice."""
    lines = returns(ONE)
    twice = as_file(longer(lines, lines[3][:79], at=4))
    assert twice.refused and "second record of what became of it" in twice.findings[0].message
    alone = as_file([*lines[:3], f"705{'':76}{77:015d}", *lines[4:]])
    assert alone.refused and "no return" in alone.findings[0].message


# --- lockboxes -------------------------------------------------------------------------------------------

BOX = bank_files.lockbox([("5001", 100_000, "41000100", "")], DAY)
AMOUNTS = {b'"$1,000.00"': 100_000, b"1000": 100_000, b"1000.5": 100_050, b'"1,000"': 100_000}


@pytest.mark.parametrize("text", AMOUNTS)
def test_a_cheque_s_amount_is_as_people_write_it(text: bytes) -> None:
    made = read(b"\xef\xbb\xbf" + BOX.replace(b"1000.00", text), mapping(bank_files.LOCKBOX_MAP))
    assert [line.cents for line in made.lines] == [AMOUNTS[text]]


@pytest.mark.parametrize("text", [b"(1000.00)", b"-1000.00", b'"1000,00"', b'"1.000,00"', b"", b"9" * 30, b"x"])
def test_what_no_cheque_is_worth_refuses_the_file(text: bytes) -> None:
    made = read(BOX.replace(b"1000.00", text), mapping(bank_files.LOCKBOX_MAP))
    assert made.refused and "is not what a cheque is worth" in made.findings[0].message


ROWS = {
    "no amount and no cheque": "1,01/14/2027,,0.00,,,",
    "a cheque that the bank sent back": "1,01/14/2027,5002,$0.00,,41000100,100001",
    "nothing but its batch": "1,01/14/2027,,,,,",
    "no day either": "1,,,0,,,",
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_of_no_money_is_told_and_the_cheques_are_taken(row: str) -> None:
    made = read(BOX + f"{row}\n".encode(), mapping(bank_files.LOCKBOX_MAP))
    (finding,) = made.findings
    assert (finding.code, finding.severity) == ("BANK-NO-MONEY", Severity.WARNING)
    assert finding.where.text() == "row 3, column D"
    assert [line.cents for line in made.lines] == [100_000]
    letters = read(BOX.splitlines()[0] + f"\n{row}\n".encode(), mapping(bank_files.LOCKBOX_MAP))
    assert not letters.refused and letters.lines == (), "a day of letters alone"


@pytest.mark.parametrize("amount", [b"1,000.00", b"1000,00"])
def test_a_comma_that_nobody_quoted_refuses_the_file(amount: bytes) -> None:
    """It moves every cell behind it: with empty ones at the row's end the cheque would be of $1.00."""
    made = read(BOX.replace(b"1000.00", amount), mapping(bank_files.LOCKBOX_MAP))
    assert made.refused and "8 cells; there are 7 headings" in made.findings[0].message


def test_a_cheque_whose_amount_is_not_there_refuses_the_file() -> None:
    made = read(BOX + b"1,01/14/2027,5002,,,,\n", mapping(bank_files.LOCKBOX_MAP))
    assert made.refused and made.lines == ()


# --- many findings ---------------------------------------------------------------------------------------


def test_no_finding_hides_another() -> None:
    """Whatever is told of a hundred lines, a wrong total refuses the file; what is left out is counted."""
    lines = [Entry("142", 100, "", f"T{at}") for at in range(100)]
    whole = bank_files.bai2(lines, DAY)
    made = read(whole)
    assert not made.refused and len(made.lines) == 100
    assert made.findings[-1].message == "75 more of these are not listed." and len(made.findings) == 26
    for data in (
        whole.replace(b"98,20000,", b"98,20001,"),
        bank_files.nacha([Returned("R03", 0, "92", "78")] * 30, DAY).replace(b"\n9000001", b"\n9000002"),
        BOX + b"1,01/14/2027,,0.00,,,\n" * 30 + b"1,01/14/2027,5002,x,,,\n",
    ):
        wrong = read(data, mapping(bank_files.LOCKBOX_MAP))
        assert wrong.refused and wrong.lines == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('columns = "amount"', r"columns are a table: \[columns\]"),
        ("columns = [1]", r"columns are a table: \[columns\]"),
        ("[columns]\namount = 5", "says of amount what is no text"),
        ('[columns]\namount = "A"\nfoo = "B"', "what we do not know: foo"),
        ('[columns]\namount = "A"', "names no column for cheque, date"),
    ],
)
def test_a_mapping_says_what_is_wrong_with_it(text: str, words: str) -> None:
    with pytest.raises(MappingError, match=words):
        mapping(text)
