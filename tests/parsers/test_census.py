"""A census read: headings, dates, keys, elections; the cases are tests/cases/census/rows.yaml."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from model.enrollment.census import Asks
from parsers.census import sheet
from parsers.census.headings import field_of
from parsers.census.values import read_date, read_ssn, read_zip
from support.census import workbook

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
CASES = yaml.safe_load((ROOT / "tests" / "cases" / "census" / "rows.yaml").read_text("utf-8"))
HEADINGS = ["Family ID", "Relationship", "Last Name", "First Name", "SSN", "DOB"]


def facts(row):
    """Return what the cases may ask of a row."""
    elections = [[election.line, election.plan, election.tier, election.waived] for election in row.elections]
    return {
        "row": row.row,
        "relationship": row.relationship,
        "family": row.family,
        "reason": row.reason,
        "cobra_event": row.cobra_event,
        "subgroup": row.subgroup,
        "ssn": row.ssn,
        "birth": row.person.birth,
        "gender": row.person.gender,
        "last": row.person.name.last,
        "first": row.person.name.first,
        "zip": row.person.address.zip,
        "tier": next((election.tier for election in row.elections), ""),
        "begin": row.begin,
        "status": row.status,
        "end": row.end,
        "hire": row.hire,
        "handicapped": row.handicapped,
        "elections": elections,
        "begins": [election.begin for election in row.elections],
        "severities": sorted(f"{finding.code} {finding.severity}" for finding in row.findings),
        "at": sorted(finding.where.text() for finding in row.findings),
        "codes": sorted(finding.code for finding in row.findings),
    }


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_rows(case):
    data = case["csv"].encode()
    assert sheet.recognise(data)
    read = sheet.read(data, TODAY)
    assert [finding.code for finding in read.findings] == []
    assert len(read.rows) == len(case["rows"])
    unread = [f"{column.where.text()}, {column.heading}: {column.asks.name}" for column in read.unread]
    assert unread == case.get("unread", [])
    for row, expected in zip(read.rows, case["rows"], strict=True):
        got = facts(row)
        assert {name: got[name] for name in expected} == expected


@pytest.mark.parametrize("text", ["1984-05-06", "1984/05/06", "05/06/1984", "05-06-1984", "5/6/84", "05-06-84",
                                  "19840506", "30808", "1984-05-06 00:00:00", "6-May-1984", "5/6/1984 12:00:00 AM",
                                  "05/06/1984 4:30 pm", "1984-05-06T16:30:00"])  # fmt: skip
def test_date_forms(text):
    assert read_date(text, TODAY, born=True, from_1904=False).day == date(1984, 5, 6)


@pytest.mark.parametrize("text", ["31/12/1984", "1984-02-30", "0", "999999", "soon", "1.5", "1884-05-06"])
def test_what_is_no_date(text):
    assert read_date(text, TODAY, born=True, from_1904=False).bad


def test_two_digits_of_a_year():
    assert read_date("11/24/26", TODAY, born=True, from_1904=False).day == date(1926, 11, 24)
    assert read_date("11/24/26", TODAY, born=False, from_1904=False).day == date(2026, 11, 24)
    assert read_date("01/01/99", TODAY, born=False, from_1904=False).day == date(2099, 1, 1)


@pytest.mark.parametrize("from_1904", [False, True])
def test_workbook_dates_by_both_calendars(from_1904):
    """A cell formatted as a date, and a bare day number, mean the same day whichever calendar the book keeps."""
    number = (date(1984, 5, 6) - (date(1904, 1, 1) if from_1904 else date(1899, 12, 30))).days
    rows = [HEADINGS, [1, "EE", "Vale", "Robin", 900112233, date(1984, 5, 6)],
            [2, "EE", "Quill", "Kim", 11223344, number]]  # fmt: skip
    read = sheet.read(workbook(("Members", rows), date_1904=from_1904), TODAY)
    assert [row.person.birth for row in read.rows] == [date(1984, 5, 6)] * 2
    assert [row.family for row in read.rows] == ["1", "2"]
    assert [row.ssn for row in read.rows] == ["900112233", "011223344"]
    assert read.rows[1].findings[0].where.text() == "sheet Members, row 3, column E"


def test_ssn_and_zip():
    assert read_ssn("900-11-2233").text == "900112233"
    assert read_ssn("1122334").text == "001122334" and read_ssn("1122334").guessed
    assert read_ssn("999999999").text == "" and not read_ssn("999999999").bad
    assert read_ssn("9001122334").bad and read_ssn("12345").bad and read_ssn("none").bad
    assert (read_zip("6099").text, read_zip("06099-1234").text, read_zip("60991234").text) == (
        "06099", "06099-1234", "060991234")  # fmt: skip


def test_headings():
    assert field_of("Family ID # \n(to match family members to the EE)(optional)") == "family"
    assert field_of("Sub_Last") == "last_name" and field_of("Dep_DOB") == "birth"
    assert field_of("Dep_ID") == "" and field_of("Provider City") == ""
    assert (
        field_of("Dental Coverage Tier") == "tier:dental"
        and field_of("Medical Plan Start Date") == "begin:medical"
    )


def test_merged_headings_and_merged_members():
    rows = [["", "", "", "Medical", "", "Dental", ""],
            ["Last Name", "First Name", "DOB", "Plan", "Tier", "Plan", "Tier"],
            ["Vale", "Robin", "1984-05-06", "GOLD", "EE", "DENTAL", "FAM"],
            ["", "Kim", "1985-05-06", "GOLD", "EE", "", ""]]  # fmt: skip
    read = sheet.read(workbook(("Members", rows, "D1:E1", "F1:G1", "A3:A4")), TODAY)
    first, second = read.rows
    assert facts(first)["elections"] == [["medical", "GOLD", "EMP", False], ["dental", "DENTAL", "FAM", False]]
    assert "CENSUS-MERGED" in facts(second)["codes"] and facts(first)["codes"] == []


def test_members_and_dependents_on_sheets_of_their_own():
    members = [["Subscriber_ID", "Sub_Last", "Sub_First", "Sub_DOB"], ["E1", "Vale", "Robin", "19840506"]]
    dependents = [["Subscriber_ID", "Dep_ID", "Relationship", "Dep_Last", "Dep_First", "Dep_DOB"],
                  ["E1", "D1", "CHD", "Vale", "Lee", "20150508"]]  # fmt: skip
    notes = [["How to use this"]]
    read = sheet.read(workbook(("Members", members), ("Dependents", dependents), ("Notes", notes)), TODAY)
    assert [(row.number, row.sheet, row.relationship) for row in read.rows] == [
        (1, "Members", "18"), (2, "Dependents", "19")]  # fmt: skip
    assert [finding.code for finding in read.findings] == ["CENSUS-SHEET-IGNORED"]


def test_what_is_no_census():
    assert not sheet.recognise(b"ISA*00*          *00*")
    assert not sheet.recognise(b"\xef\xbb\xbf\r\nISA*00*")
    assert not sheet.recognise("ISA*00*".encode("utf-16"))
    assert not sheet.recognise(b"Dear Northwind,\n\nplease add our new hires, the list follows by mail.\n")
    assert not sheet.recognise(b"")


def test_a_table_without_known_headings_is_a_census_that_we_cannot_read():
    data = b"alpha,beta,gamma,delta\n1,2,3,4\n"
    assert sheet.recognise(data)
    read = sheet.read(data, TODAY)
    assert [finding.code for finding in read.findings] == ["CENSUS-HEADERS"] and read.rows == ()


def test_encodings():
    text = "Last Name,First Name,DOB,SSN\nVälé,Robin,1984-05-06,\n"
    for encoding, codes in (("utf-8", []), ("utf-8-sig", []), ("utf-16", []), ("cp1252", ["CENSUS-ENCODING"])):
        read = sheet.read(text.encode(encoding), TODAY)
        assert read.rows[0].person.name.last == "Välé"
        assert [finding.code for finding in read.findings] == codes


def test_saved_again_is_the_same_census():
    rows = [HEADINGS, ["1", "EE", "Vale", "Robin", "900112233", "1984-05-06"]]
    one = sheet.read(workbook(("Members", rows)), TODAY)
    again = sheet.read(workbook(("Members", [*rows, ["", "", ""]]), ("Sheet2", [])), TODAY)
    assert one.body_hash == again.body_hash
    rows[1][5] = "1984-05-07"
    assert sheet.read(workbook(("Members", rows)), TODAY).body_hash != one.body_hash


PUBLIC = sorted((ROOT.parent / "shared" / "samples" / "census").glob("*.[cx]*"))


@pytest.mark.skipif(not PUBLIC, reason="the public samples are not on this machine")
@pytest.mark.parametrize("path", PUBLIC, ids=[path.stem for path in PUBLIC])
def test_public_samples(path):
    """Every public census is recognised, and every member row is read without an error."""
    data = path.read_bytes()
    assert sheet.recognise(data[: sheet.HEAD])
    read = sheet.read(data, TODAY)
    rows = {"ambicuity": 5, "dchl": 2, "kotoku": 4, "mhc": 10, "sri88": 2}
    assert len(read.rows) == rows[path.stem.split("-")[1]]
    assert {f.code for row in read.rows for f in row.findings} <= {"CENSUS-ZERO-LOST", "CENSUS-SHORT"}
    assert all(row.person.birth and row.person.name.last and row.relationship for row in read.rows)
    zero_lost = [row.number for row in read.rows if any(f.code == "CENSUS-ZERO-LOST" for f in row.findings)]
    assert zero_lost == ([1] if "-1b-" in path.stem or "-1c-" in path.stem else [])
    for members in filter(lambda each: each.header, read.sheets):
        filled = {at for cells in members.cells[members.header :] for at, cell in enumerate(cells) if cell}
        taken = {at for at, field in enumerate(members.fields) if field}
        left = [(each.where.element, each.asks) for each in read.unread if each.where.loop == members.name]
        assert filled - taken == {column - 1 for column, _ in left}, "each column is read or named"
        assert {asks for _, asks in left} <= {Asks.ASIDE, Asks.NOTHING}, "no person, date or status is left"


def test_cells_of_a_workbook_are_texts_as_a_reader_sees_them():
    """Numbers without a fraction that says nothing, days with the hour that a sheet gives them, no value lost."""
    rows = [
        ["Last Name", "First Name", "DOB"],
        [7.0, 1.5, date(1984, 5, 6)],
        [True, 123456789.0, ""],
        ["", "", " x"],
    ]
    read = sheet.read(workbook(("Members", rows)), TODAY).sheets[0].cells
    assert [list(row) for row in read[1:]] == [
        ["7", "1.5", "1984-05-06 00:00:00"], ["True", "123456789", ""], ["", "", "x"]]  # fmt: skip


@pytest.mark.parametrize("text", ["1984-05-06", "5/6/1984", "05/06/1984"])
def test_the_two_usual_forms_of_a_date_are_those_of_strptime(text):
    """They are read without it, since it takes longer than all the rest of a row."""
    assert read_date(text, TODAY, born=True, from_1904=None).day == date(1984, 5, 6)


@pytest.mark.parametrize("text", ["1984-13-06", "1984-02-30", "0/6/1984", "2/30/1984", "1884-05-06", "5/6/1884"])
def test_a_day_that_is_none_is_none_in_any_form(text):
    read = read_date(text, TODAY, born=True, from_1904=None)
    assert read.bad and read.day is None
