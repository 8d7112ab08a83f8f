"""A marked sheet that comes back: unchanged it changes nothing, and who mends a row need not type an SSN again."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from model.desk import Wanted
from model.enrollment.census import ADDED, Lost
from pipeline.runtime.workspace import Workspace
from pipeline.views.work import work_list
from store import dump
from store.received import files
from support.census import workbook
from support.desk import spans
from support.installation import PARTNER, load_terms, take_bytes

TODAY = date(2026, 12, 1)
_PERSON = "Employee ID,Relationship,Last Name,First Name,SSN,DOB,ZIP"
HEAD = f"{_PERSON},Subgroup,Medical Plan,Medical Tier,Start Date,End Date"
# Each row of it is refused for another reason, applied, or waits.
MIXED = f"""{HEAD}
E100,Employee,Vale,Robin,900-11-2233,1984-05-06,060991234,100,GOLD,EE+CH,2027-01-01,
E100,Child,Vale,Lee,900112234,05/08/2015,,,,,,
E101,Employee,Quill,Kim,900-11-2235,1990-02-03,,200,BRONZE,EE,2027-01-01,
E102,Employee,=Moss,Jo,900-11-2236,1990-02-03,,100,GOLD,EE,2027-01-01,
E103,Employee,Reed,Sam,12345,1990-02-05,,100,GOLD,EE,2027-01-01,
E104,Employee,Holt,Ann,900-11-2238,1990-02-06,,999,GOLD,EE,2027-01-01,
E105,Employee,Park,Max,900-11-2239,1990-02-07,,100,GOLD,EE,2027-01-01,
E106,Employee,Dale,Ivy,900-11-2239,1991-02-08,,100,GOLD,EE,2027-01-01,
900-11-2240,Employee,Lund,Ida,900-11-2240,1991-02-08,,100,GOLD,EE,2027-01-01,
900-11-2240,Spouse,Lund,Per,900-11-2241,1991-02-09,,,,,,
,Employee,Voss,Una,900-11-2242,1991-02-10,,100,GOLD,EE,2027-01-01,
E108,Employee,Bell,Tom,900-11-2243,31/12/1990,,100,GOLD,EE,2027-01-01,
E109,Employee,Cole,Eva,900-11-2244,1990-02-06,,100,,,,
E110,Employee,Finn,Gus,900-11-2245,1990-02-06,,100,GOLD,EE,2027-01-01,2027-03-31
"""
SHORT = """Employee ID,Last Name,First Name,SSN,DOB,City,State,ZIP,Subgroup,Medical Plan,Medical Tier,Start Date
E1,Vale,Robin,900-11-2233,1984-05-06,Harborton,CT,06099,100,GOLD,EE,2027-01-01
E2,Moss,Jo,900-11-2234,1984-05-06,CT,06099,100,GOLD,EE,2027-01-01
E3,Quill, Jr.,Kim,900-11-2235,1984-05-06,Harborton,CT,06099,100,GOLD,EE,2027-01-01
"""
_BESIDE = "Spouse Name,Spouse SSN,Spouse DOB,Dep1 Name,Dep1 SSN,Dep1 DOB,Dep1 Relationship"
WIDE = f"""Employee ID,First Name,Last Name,SSN,DOB,Subgroup,Plan,Tier,Start Date,{_BESIDE}
E1,Robin,Vale,900-11-2233,1984-05-06,100,GOLD,FAM,2027-01-01,Kim,900112234,1985-05-07,Lee,900112235,2015-05-08,Son
E3,Ada,Quill,900-11-2237,1984-05-06,100,GOLD,FAM,2027-01-01,Bo,900112238,31/31/1985,Cy,900112239,2015-05-08,Son
"""
MERGED = [
    HEAD.split(","),
    ["E1", "Employee", "Vale", "Robin", 900112233, date(1984, 5, 6), "", "100", "GOLD", "EE", 44927, ""],
    ["E2", "Employee", "Moss", "Jo", 900112234, date(1984, 5, 6), "", "", "GOLD", "EE", 44927, ""],
]


@pytest.fixture
def loaded(ws: Workspace) -> Workspace:
    load_terms(ws)
    return ws


def take(ws: Workspace, data: bytes | str, partner: str = PARTNER) -> dict:
    return take_bytes(ws, data.encode() if isinstance(data, str) else data, "census.csv", TODAY, partner)


def said(value: dict) -> list[tuple[str, list[str]]]:
    """Return of each member its disposition, and what refuses it or makes it wait."""
    (one,) = value["sets"]
    return [
        (
            member["disposition"],
            sorted(f["code"] for f in member["findings"] if f["severity"] in ("error", "pend")),
        )
        for member in one["members"]
    ]


def marked(value: dict) -> bytes:
    """Return the marked sheet that goes back."""
    (path,) = [path for path in map(Path, value["documents"]) if path.name.startswith("census-")]
    return path.read_bytes()


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def text(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def open_work(ws: Workspace) -> int:
    return len(work_list(ws, ws.now(TODAY), Wanted()).items)


FILES = {
    "mixed": MIXED,
    "short": SHORT,
    "wide": WIDE,
    "mixed.xlsx": workbook(("Members", [line.split(",") for line in MIXED.splitlines()])),
    "merged.xlsx": workbook(
        ("Members", MERGED, "H2:H3"), ("Notes", [["Call us"]]), default_date_format="mm/dd/yy"
    ),
    "1904.xlsx": workbook(("Members", MERGED[:2]), date_1904=True),
}


@pytest.mark.parametrize("name", FILES)
def test_sent_back_unchanged_it_changes_nothing(loaded: Workspace, name: str) -> None:
    """What was refused is refused for the same, what was applied is there, and nothing waits twice."""
    first = take(loaded, FILES[name])
    before, work, roster = said(first), open_work(loaded), spans(loaded)
    again = take(loaded, marked(first))
    assert said(again) == [("NOOP" if came == "APPLIED" else came, codes) for came, codes in before]
    third = take(loaded, marked(again))
    assert third["state"] == "DUPLICATE" or said(third) == said(again)
    assert (open_work(loaded), spans(loaded)) == (work, roster)
    assert marked(first).count(b"Rollbook Row") == marked(again).count(b"Rollbook Row")


def test_every_kind_of_row_is_among_them(loaded: Workspace) -> None:
    """The file above refuses for many reasons, applies, and has rows that wait."""
    codes = said(take(loaded, MIXED))
    assert [" ".join([came, *why]) for came, why in codes] == [
        *("APPLIED", "APPLIED", "APPLIED", "REJECTED CENSUS-FORMULA", "REJECTED CENSUS-SSN"),
        *("REJECTED SUBGROUP-KNOWN", "REJECTED SSN-TWICE", "REJECTED SSN-TWICE", "APPLIED", "NOOP", "APPLIED"),
        *("REJECTED CENSUS-DATE", "PENDED MEMBER-KNOWN", "APPLIED"),
    ]


def test_mended_rows_enroll_people_with_the_ssns_that_were_sent(loaded: Workspace) -> None:
    first = take(loaded, MIXED)
    rows = table(marked(first))
    assert rows[4][2] == "'=Moss" and rows[4][4] == "***-**-2236"
    rows[4][2], rows[6][7], rows[7][4], rows[12][5] = "Moss", "100", "900-11-2249", "1990-12-31"
    again = take(loaded, text(rows))
    came = [disposition for disposition, _ in said(again)]
    assert [came[at] for at in (3, 5, 6, 7, 11)] == ["APPLIED"] * 5
    known = {ssn for (ssn,) in ssns(loaded)}
    assert {"900112236", "900112238", "900112249", "900112239", "900112243"} <= known


def ssns(ws: Workspace) -> list[tuple[str]]:
    """Return the SSN of everybody on the roster."""
    with ws.database.read() as conn:
        rows = [json.loads(line) for line in dump.roster(conn, ws.vault)]
    return [(row["ssn"],) for row in rows if row.get("ssn")]


@pytest.mark.parametrize(
    ("why", "key"),
    [
        (Lost.NO_KEY, lambda rows: ""),
        (Lost.NOT_OURS, lambda rows: rows[4][-1][:-1] + ("0" if rows[4][-1][-1] != "0" else "1")),
        (Lost.NOT_OURS, lambda rows: "what is this"),
        (Lost.ANOTHERS, lambda rows: rows[5][-1]),
    ],
    ids=["none", "altered", "no key", "another row's"],
)
def test_without_its_key_a_masked_ssn_enrolls_nobody_and_is_not_sent_for_who_is_known(
    loaded: Workspace, why: Lost, key
) -> None:
    rows = table(marked(take(loaded, MIXED)))
    rows[4][2], rows[4][-1] = "Moss", key(rows)
    rows[1][-1] = key(rows)
    again = take(loaded, text([rows[0], rows[1], rows[4]]))
    (known, _), (_, codes) = said(again)
    assert known == "REJECTED", "the ZIP of nine digits was masked, too"
    assert codes == ["SSN-MASKED"] and spans(loaded)
    finding = next(each for each in again["all_findings"] if each["code"] == "SSN-MASKED")
    assert str(why) in finding["message"] and finding["fix"] == "Type the SSN again."
    assert finding["where"]["text"] == "row 3, column E"
    rows[1][6] = "06099-1234"
    assert said(take(loaded, text([rows[0], rows[1], rows[4]])))[0] == ("APPLIED", [])


def test_a_key_of_another_partner_opens_nothing(loaded: Workspace) -> None:
    """Nobody gets at what another partner has sent."""
    rows = table(marked(take(loaded, MIXED)))
    key = rows[4][-1]
    assert loaded.vault.row_keys.opened(PARTNER, key) == ("F000001", 6)
    assert loaded.vault.row_keys.opened("other", key) is None


def test_of_a_file_that_is_kept_no_more_the_ssn_is_asked_for(loaded: Workspace) -> None:
    first = take(loaded, MIXED)
    rows = table(marked(first))
    with loaded.database.read() as conn:
        sha256 = files.file(conn, "F000001").sha256
    (kept,) = loaded.settings.home.rglob(sha256)
    kept.unlink()
    rows[4][2] = "Moss"
    again = take(loaded, text([rows[0], rows[3], rows[4]]))
    assert said(again) == [("NOOP", []), ("REJECTED", ["SSN-MASKED"])]
    assert any(str(Lost.GONE) in each["message"] for each in again["all_findings"])


def test_a_held_sheet_that_comes_back_is_waited_for_once(loaded: Workspace) -> None:
    """Its column that nobody reads is one question, however often it comes."""
    lines = MIXED.splitlines()[:4]
    held = "\n".join(
        [f"{lines[0]},Separated On", *(f"{line},2026-01-0{n}" for n, line in enumerate(lines[1:], 1))]
    )
    first = take(loaded, held)
    assert [each["state"] for each in first["sets"]] == ["HELD"] and open_work(loaded) == 1
    again = take(loaded, marked(first))
    assert [each["state"] for each in again["sets"]] == ["DUPLICATE"] and open_work(loaded) == 1


def test_columns_may_move_and_rows_be_sorted(loaded: Workspace) -> None:
    rows = table(marked(take(loaded, MIXED)))
    rows[4][2] = "Moss"
    moved = [[row[-1], *row[4:6], *row[:4], *row[6:-1]] for row in (rows[0], *reversed(rows[1:]))]
    came = dict(zip([row[3] for row in moved[1:]], said(take(loaded, text(moved))), strict=True))
    assert came["E102"] == ("APPLIED", []) and came["E104"] == ("REJECTED", ["SUBGROUP-KNOWN"])
    assert ("900112236",) in ssns(loaded)


def test_in_a_workbook_the_cells_at_fault_are_coloured_and_people_of_a_row_are_named(loaded: Workspace) -> None:
    wide = [line.split(",") for line in WIDE.splitlines()]
    data = marked(take(loaded, workbook(("Members", wide))))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[0][-4:] == list(ADDED)
    said_of = rows[2][-3]
    assert "Spouse: Column L: Birth Date is not a date that we can read." in said_of
    assert "Employee: Line medical" in said_of and "| Dependent 1: medical GOLD: added" in said_of
    fills = colours(data)
    assert fills["L3"] == "FFF8D3D0" and fills["L2"] != "FFF8D3D0" and fills["P3"] != "FFF8D3D0"


def colours(data: bytes) -> dict[str, str]:
    """Return the fill of each cell of a workbook's first sheet; empty for none."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        styles, page = (
            ElementTree.fromstring(book.read(name)) for name in ("xl/styles.xml", "xl/worksheets/sheet1.xml")
        )
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    fills = [fill.find(".//x:fgColor", space) for fill in styles.findall("x:fills/x:fill", space)]
    forms = [int(form.get("fillId", "0")) for form in styles.findall("x:cellXfs/x:xf", space)]
    return {
        cell.get("r", ""): "" if (fill := fills[forms[int(cell.get("s", "0"))]]) is None else fill.get("rgb", "")
        for cell in page.findall(".//x:c", space)
    }
