"""A census all the way: the same roster as an 834 would make, the same rules, an answer for each row."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pandas
import pytest
import yaml
from sqlalchemy import func, select, update

from model.desk import Wanted
from model.enrollment.census import ADDED
from model.trade.coverage import LEVELS
from model.trade.maintenance import MAINTENANCE, REASONS
from model.trade.member import COBRA_EVENTS, GENDERS, RELATIONSHIPS, STATUS_WORDS
from parsers.census import sheet
from parsers.census.values import meaning
from pipeline import inputs
from pipeline.answer import census_return
from pipeline.receive import road
from pipeline.receive.claim import claim
from pipeline.runtime.workspace import Settings, open_workspace
from pipeline.verify.run import verify
from pipeline.views.work import work_list
from store import dump, tables
from store.received import census_rows, statement_rows
from support.census import workbook
from support.installation import GROUP, PARTNER, ROOT, install, load_terms, take_bytes
from support.people import TESTER
from writers.reports.census_template import columns

TODAY = date(2026, 12, 1)
HEAD = "Employee ID,Relationship,Last Name,First Name,SSN,DOB,Subgroup,Medical Plan,Medical Tier,Dental,Start Date"
FAMILY = f"""{HEAD}
E100,Employee,Vale,Robin,900-11-2233,1984-05-06,100,Gold PPO,EE+CH,W,2027-01-01
E100,Child,Vale,Lee,900-11-2234,05/08/2015,,,,,
E101,Employee,Quill,Kim,900-11-2235,1990-02-03,200,BRONZE,Employee Only,Employee Only,01/01/2027
"""


WAIVERS = yaml.safe_load((ROOT / "tests" / "cases" / "census" / "waivers.yaml").read_text("utf-8"))
OPEN = "9999-12-31"
ENROLLED = [
    ("Kim", "dental", "DENTAL", "EMP", "2027-01-01", OPEN),
    ("Kim", "medical", "BRONZE", "EMP", "2027-01-01", OPEN),
    ("Lee", "medical", "GOLD", "", "2027-01-01", OPEN),
    ("Robin", "medical", "GOLD", "ECH", "2027-01-01", OPEN),
]


def spans(ws):
    """Return what the roster holds: (first name, line, plan, tier, begin, end)."""
    with ws.database.read() as conn:
        rows = [json.loads(line) for line in dump.roster(conn, ws.vault)]
    names = ("first", "line", "plan", "tier", "begin_date", "end_date")
    return sorted(tuple(str(row[name]) for name in names) for row in rows if "plan" in row)


@pytest.fixture
def loaded(ws):
    load_terms(ws)
    return ws


def take(ws, text, name="census.csv", today=TODAY, partner=PARTNER):
    return take_bytes(ws, text.encode() if isinstance(text, str) else text, name, today, partner)


def lines(value):
    """Return (row, disposition, [line dispositions], codes) of each member row."""
    (one,) = value["sets"]
    return [
        (
            member["relationship"],
            member["disposition"],
            [(line["line"], line["plan"], line["disposition"]) for line in member["lines"]],
            sorted(finding["code"] for finding in member["findings"]),
        )
        for member in one["members"]
    ]


def test_families_are_enrolled(loaded):
    value = take(loaded, FAMILY)
    assert (value["kind"], value["state"], value["acks"]) == ("census", "APPLIED", [])
    medical = ("medical", "GOLD", "APPLIED")
    assert lines(value) == [
        ("18", "APPLIED", [medical, ("dental", "", "NOOP")], ["CENSUS-WAIVED"]),
        ("19", "APPLIED", [medical], []),
        ("18", "APPLIED", [("medical", "BRONZE", "APPLIED"), ("dental", "DENTAL", "APPLIED")], []),
    ]
    assert spans(loaded) == ENROLLED


def test_the_same_census_again(loaded):
    take(loaded, FAMILY)
    again = take(loaded, FAMILY, "again.csv")
    assert again["state"] == "DUPLICATE"
    changed = take(loaded, FAMILY + "E102,EE,Moss,Jo,,1991-01-01,100,W,,W,2027-01-01\n")
    assert changed["state"] == "APPLIED"
    assert [line[1] for line in lines(changed)] == ["NOOP", "NOOP", "NOOP", "NOOP"]


def test_a_waiver_never_ends_coverage(loaded):
    take(loaded, FAMILY)
    waived = FAMILY.replace("Gold PPO,EE+CH", "Waive,W")
    value = take(loaded, waived)
    assert [line[1] for line in lines(value)][:2] == ["PENDED", "NOOP"], (
        "who is covered and declines is asked about"
    )
    assert spans(loaded) == ENROLLED


@pytest.mark.parametrize("case", WAIVERS, ids=[case["name"] for case in WAIVERS])
def test_a_waiver_adds_nothing_ends_nothing_and_waits_on_somebody_covered(loaded, case):
    take(loaded, FAMILY)
    value = take(loaded, f"{HEAD}\n{case['rows']}", "waived.csv")
    said = [
        f"{kin} {came} {', '.join(f'{line} {done}' for line, _, done in of)}; {' '.join(codes)}"
        for kin, came, of, codes in lines(value)
    ]
    assert said == case["said"]
    page = work_list(loaded, loaded.now(TODAY), Wanted())
    assert [f"{item.kind} {item.code} {item.line}" for item in page.items] == case["waits"]
    assert spans(loaded) == ENROLLED


def test_rows_are_refused_alone(loaded):
    text = f"""{HEAD}
E200,Employee,Vale,Robin,900-11-2233,1984-05-06,100,PLATINUM,EE,,2027-01-01
E200,Child,Vale,Lee,,05/08/2015,,,,,
E201,Employee,=cmd|'/C calc'!A0,Kim,900-11-2235,1990-02-03,100,GOLD,EE,,2027-01-01
,Employee,Moss,Jo,,1990-02-04,100,GOLD,EE,,2027-01-01
E203,Employee,Reed,Sam,900-11-2237,1990-02-05,100,GOLD,EE,,31/12/2027
E204,Employee,Holt,Ann,900-11-2238,1990-02-06,999,GOLD,EE,,2027-01-01
E205,Employee,Park,Max,900-11-2239,1990-02-07,100,GOLD,FAM,,
E206,Employee,Dale,Ivy,900-11-2240,1990-02-08,100,GOLD,EE,,2027-01-01
"""
    value = take(loaded, text)
    assert value["state"] == "PARTIAL"
    got = [(line[1], line[3]) for line in lines(value)]
    assert got == [
        ("REJECTED", ["CENSUS-PLAN"]),
        ("REJECTED", ["CENSUS-FAMILY"]),
        ("REJECTED", ["CENSUS-FORMULA"]),
        ("REJECTED", ["CENSUS-KEY"]),
        ("REJECTED", ["CENSUS-DATE"]),
        ("REJECTED", ["SUBGROUP-KNOWN"]),
        ("REJECTED", ["DATES-SANE"]),
        ("APPLIED", []),
    ]
    finding = next(f for f in value["all_findings"] if f["code"] == "DATES-SANE")
    assert "Coverage Start" in finding["fix"] and "DTP" not in finding["fix"] + finding["message"]
    assert finding["where"]["text"] == "row 8, column K"


def test_a_group_outside_the_grant_is_refused_and_not_revealed(loaded):
    head, row = "Group Number," + HEAD, "E1,EE,Vale,Robin,,1984-05-06,100,GOLD,EE,,2027-01-01"
    value = take(loaded, f"{head}\nXX9999,{row}\n{GROUP},{row.replace('E1', 'E2')}\n", f"{GROUP}.csv")
    first, second = lines(value)
    assert first[1] == "REJECTED" and first[3] == ["GROUP-KNOWN"]
    assert second[1] == "APPLIED"
    finding = next(f for f in value["all_findings"] if f["code"] == "GROUP-KNOWN")
    assert "XX9999" in finding["message"] and finding["where"]["text"] == "row 2, column A"


def test_a_last_day_ends_the_family(loaded):
    take(loaded, FAMILY)
    text = """Employee ID,Last Name,First Name,DOB,Action,Coverage End
E100,Vale,Robin,1984-05-06,Terminate,2027-01-31
"""
    value = take(loaded, text)
    assert value["state"] == "APPLIED"
    ended = {(first, line, plan, tier, begin, "2027-01-31") for first, line, plan, tier, begin, _ in ENROLLED[2:]}
    assert set(spans(loaded)) == {enrolled for enrolled in ENROLLED if enrolled[0] == "Kim"} | ended


def test_what_cannot_be_read_is_answered_and_the_next_file_goes_on(loaded):
    value = take(loaded, "alpha,beta,gamma,delta\n1,2,3,4\n")
    assert (value["kind"], value["state"]) == ("census", "REJECTED")
    assert [finding["code"] for finding in value["all_findings"]] == ["CENSUS-HEADERS"]
    assert take(loaded, b"PK\x03\x04 not a workbook", "x.xlsx")["state"] == "REJECTED"
    assert take(loaded, FAMILY)["state"] == "APPLIED"


def test_two_people_under_one_ssn(loaded):
    text = FAMILY.replace("900-11-2235", "900-11-2233")
    codes = [line[3] for line in lines(take(loaded, text))]
    assert "SSN-TWICE" in codes[0] and "SSN-TWICE" in codes[2]


def test_rows_by_order_without_any_id(loaded):
    text = """Relationship,Last Name,First Name,SSN,DOB,Subgroup,Plan,Tier,Effective Date
Employee,Vale,Robin,900112233,1984-05-06,100,GOLD,EE+SP,2027-01-01
Spouse,Vale,Kim,,1985-05-06,,,,
Child,Vale,Lee,,2015-05-06,,,,
Employee,Quill,Kim,900112235,1990-02-03,100,GOLD,EE,2027-01-01
"""
    got = lines(take(loaded, text))
    assert [(line[1], line[3]) for line in got] == [
        ("APPLIED", []), ("APPLIED", []), ("NOOP", ["CENSUS-LEVEL"]), ("APPLIED", [])]  # fmt: skip


def test_a_husband_under_a_level_of_the_employee_alone_is_told_to_check(loaded):
    """He is listed and not covered; under an employee who waives he waives, and nobody has to look."""
    text = """Relationship,Last Name,First Name,SSN,DOB,Subgroup,Plan,Tier,Effective Date
Employee,Vale,Robin,900112233,1984-05-06,100,GOLD,EE,2027-01-01
Spouse,Vale,Kim,,1985-05-06,,,,
Employee,Quill,Kim,900112235,1990-02-03,100,WAIVE,,2027-01-01
Spouse,Quill,Lou,,1991-02-03,,,,
"""
    value = take(loaded, text)
    told = [(f["severity"], f["message"]) for f in value["all_findings"] if f["code"] == "CENSUS-LEVEL"]
    assert told == [
        (
            "warning",
            "Not covered, though listed: the employee's coverage level (EMP) does not include this person.",
        ),
        ("info", "The employee waives, and with that this person, who is listed: not covered."),
    ]


def test_on_both_databases(on_both):
    load_terms(on_both)
    assert take(on_both, FAMILY)["state"] == "APPLIED"
    assert take(on_both, FAMILY)["state"] == "DUPLICATE"


def returned(ws, value):
    """Return name and bytes of the spreadsheet that went back."""
    path = next(path for path in map(Path, value["documents"]) if path.name.startswith("census-"))
    return path.name, path.read_bytes()


def test_the_senders_sheet_goes_back_with_an_answer_in_each_row(loaded):
    text = FAMILY + "E102,Employee,=cmd|'/C calc'!A0,Jo,900112238,1991-01-01,100,PLATINUM,EE,,2027-01-01\n"
    name, data = returned(loaded, take(loaded, text))
    assert name == "census-F000001.csv"
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == [*HEAD.split(","), *ADDED]
    assert rows[1][:5] == ["E100", "Employee", "Vale", "Robin", "***-**-2233"]
    assert [row[11] for row in rows[1:]] == ["Applied", "Applied", "Applied", "Rejected"]
    assert "added from 2027-01-01" in rows[3][12] and rows[3][13] == ""
    assert "Column C: A cell begins like a formula" in rows[4][12] and "PLATINUM" in rows[4][12]
    assert "Type the plain value." in rows[4][13]
    assert rows[4][2].startswith("'=cmd")
    assert b"900112238" not in data and b"900-11" not in data


def test_a_workbook_goes_back_as_a_workbook(loaded):
    members = [line.split(",") for line in FAMILY.splitlines()]
    members[3][2] = "=HYPERLINK(1)"
    sheets = (("Members", [["Census of Harbor Mills"], [], *members]), ("Notes: 1"[:5], [["Call us"]]))
    name, data = returned(loaded, take(loaded, workbook(*sheets, strings_to_formulas=False), "x.xlsx"))
    assert name == "census-F000001.xlsx"
    frames = pandas.read_excel(io.BytesIO(data), sheet_name=None, header=None, dtype=str, keep_default_na=False,
                               engine="calamine")  # fmt: skip
    assert list(frames) == ["Members", "Notes"]
    rows = frames["Members"].to_numpy().tolist()
    assert rows[0][0] == "Census of Harbor Mills" and rows[2][11] == "Rollbook Status"
    assert [row[11] for row in rows[3:]] == ["Applied", "Applied", "Rejected"]
    assert rows[3][4] == "***-**-2233" and rows[5][2].startswith("'=")
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_what_came_back_can_be_sent_again(loaded):
    """The three columns are not read, a masked SSN is not sent: nothing changes by it."""
    _, data = returned(loaded, take(loaded, FAMILY))
    again = take(loaded, data)
    assert [line[1] for line in lines(again)] == ["NOOP", "NOOP", "NOOP"]
    assert spans(loaded) == ENROLLED


def test_no_person_in_names_or_findings(loaded):
    """Names, birth dates and SSNs stay in the archive and the sealed answers."""
    value = take(loaded, FAMILY.replace("Gold PPO", "Vale Robin 900112233 1984-05-06 and more"))
    told = json.dumps([value["all_findings"], value["documents"]])
    assert not [word for word in ("Robin", "900112233", "1984-05-06", "05/08/2015") if word in told]


def test_a_census_is_read_once_and_nothing_of_it_stays_in_the_store(loaded, monkeypatch):
    """Judging reads the file; enrolling and answering go by what was kept of it, until it is answered."""
    read = []
    parsed = sheet.read
    monkeypatch.setattr(sheet, "read", lambda data, *more: read.append(len(data)) or parsed(data, *more))
    file = claim(loaded, [FAMILY.encode()], "c.csv", PARTNER, "test", loaded.now(TODAY))
    inputs.judge(loaded, file.id)
    assert kept(loaded) == [1, 1], "a piece of the rows for enrolling, one of the cells"
    inputs.apply(loaded, file.id)
    inputs.answer(loaded, file.id)
    assert kept(loaded)[0] == 0
    inputs.deliver(loaded, loaded.now(TODAY))
    assert read == [len(FAMILY)] and kept(loaded) == [0, 0]


@pytest.mark.leaves("files", "outbox")
def test_a_piece_that_cannot_be_read_is_noticed(loaded):
    file = claim(loaded, [FAMILY.encode()], "c.csv", PARTNER, "test", loaded.now(TODAY))
    inputs.judge(loaded, file.id)
    with loaded.database.write() as conn:
        conn.execute(update(tables.census_rows).values(first=7))
    answers = {answer.name: answer for answer in verify(loaded, loaded.now(TODAY), only=["outbox"])}
    (fault,) = answers["outbox"].faults
    assert (fault.where, fault.what) == ("set 1", "rows of a census from 8 on cannot be read (SealError)")


def kept(ws):
    """Return how many pieces of censuses' rows are stored, and how many beside statements."""
    with ws.database.read() as conn:
        counted = (
            select(func.count()).select_from(table) for table in (tables.census_rows, tables.statement_rows)
        )
        return [conn.scalar(each) for each in counted]


SCATTERED = f"""{HEAD}
E300,Child,Vale,Lee,900-11-2234,05/08/2015,,,,,
E301,Employee,Quill,Kim,900-11-2235,1990-02-03,200,BRONZE,Employee Only,Employee Only,01/01/2027
,Employee,Moss,Jo,,1990-02-04,100,GOLD,EE+CH,,2027-01-01
,Child,Moss,Max,,2010-02-04,,,,,
E300,Employee,Vale,Robin,900-11-2233,1984-05-06,100,PLATINUM,EE+CH,W,2027-01-01
E302,Employee,Park,Ann,900-11-2236,1991-02-03,100,GOLD,EE+CH,W,2027-01-01
,,,,,,,,,,
E301,Child,Quill,Bo,,2015-02-03,,,,,
E302,Child,Park,Ivy,900-11-2237,2016-02-03,,,,,
E999,Child,Hale,Uma,,2016-02-03,,,,,
"""


def without_keys(data):
    """Return a marked sheet's lines without the rows' keys, which another installation signs otherwise."""
    return [line.rpartition(b",")[0] for line in data.splitlines()]


def test_families_that_are_scattered_over_pieces_and_chunks_are_read_whole(loaded, monkeypatch, tmp_path):
    """A row's employee may stand before or after it, in another piece, or be known by nothing but its place."""
    value = take(loaded, SCATTERED)
    _, sheet_back = returned(loaded, value)
    home = tmp_path / "other"
    settings = Settings(home, f"sqlite:///{home / 'rollbook.db'}", home / "keys.json")
    install(settings)
    other = open_workspace(settings, TESTER)
    monkeypatch.setattr(census_rows, "ROWS_A_PIECE", 2)
    monkeypatch.setattr(statement_rows, "ROWS_A_PIECE", 3)
    monkeypatch.setattr(road, "FAMILIES_A_CHUNK", 1)
    monkeypatch.setattr(census_return, "LINES_A_WRITE", 4)
    load_terms(other)
    again = take(other, SCATTERED)
    assert lines(again) == lines(value) and spans(other) == spans(loaded) and len(spans(loaded)) == 4
    assert without_keys(returned(other, again)[1]) == without_keys(sheet_back)
    assert len(list(csv.reader(io.StringIO(sheet_back.decode("utf-8-sig"))))) == len(SCATTERED.splitlines())
    other.close()


def test_every_choice_of_the_template_is_understood():
    """What a list offers, the reader knows."""
    tables = {"Relationship": RELATIONSHIPS.written, "Gender": GENDERS.written, "Status": STATUS_WORDS,
              "Action": MAINTENANCE.written, "Reason": REASONS.written,
              "COBRA Event": COBRA_EVENTS.written}  # fmt: skip
    seen = set()
    for column in columns():
        if column.heading in tables:
            seen.add(column.heading)
            assert all(meaning(tables[column.heading], choice) for choice in column.choices)
        elif column.heading.endswith(" Tier"):
            assert [c for c in column.choices if not meaning(LEVELS.written, c)] == ["Waiver"]
    assert seen == tables.keys()


def test_a_line_that_the_group_does_not_offer_only_informs(loaded):
    """Whoever elects it beside an offered line is enrolled in that one, and told."""
    rows = "E1,EE,Vale,Robin,900-11-2233,1984-05-06,100,GOLD,EE,PETS,EE,2027-01-01\n"
    head = HEAD.replace("Dental", "Drug Plan,Drug Tier")
    value = take(loaded, f"{head}\n{rows}")
    assert lines(value) == [("18", "APPLIED", [("medical", "GOLD", "APPLIED")], ["CENSUS-NOT-OFFERED"])]
    (finding,) = [each for each in value["all_findings"] if each["code"] == "CENSUS-NOT-OFFERED"]
    assert (finding["severity"], finding["where"]["text"]) == ("info", "row 2, column J")


def test_a_dependent_a_row_repeating_the_employee_is_one_family(loaded):
    """The employee of two rows is one member; the second row adds the dependent alone."""
    text = """Employee ID,Employee First Name,Employee Last Name,Employee SSN,Employee DOB,{}
E1,Robin,Vale,900-11-2233,1984-05-06,100,GOLD,FAM,2027-01-01,Kim,1985-05-07,Spouse
E1,Robin,Vale,900-11-2233,1984-05-06,100,GOLD,FAM,2027-01-01,Lee,2015-05-08,Child
""".format("Subgroup,Plan,Tier,Start Date,Dependent First Name,Dependent DOB,Dependent Relationship")
    value = take(loaded, text)
    assert [(kin, came) for kin, came, _, _ in lines(value)] == [
        ("18", "APPLIED"), ("01", "APPLIED"), ("18", "NOOP"), ("19", "APPLIED")]  # fmt: skip
    assert [(first, tier) for first, _, _, tier, _, _ in spans(loaded)] == [
        ("Kim", ""),
        ("Lee", ""),
        ("Robin", "FAM"),
    ]
