"""A partner's own headings: proposed from a sheet, agreed in its terms, read as agreed when the file came."""

from __future__ import annotations

import tomllib
from datetime import date

from typer.testing import CliRunner

from cli.main import app
from parsers.terms import draft_sheet
from parsers.terms.census_map import written
from parsers.terms.text import dump, load
from pipeline.decisions import sets
from pipeline.runtime.workspace import Workspace
from support import desk
from support.installation import PARTNER, TERMS, load_terms, take_bytes
from support.people import TWO, deciding

DAY = date(2026, 12, 1)
SHEET = b"""\
Clock No,First Name,Last Name,DOB,Subgroup,MedicalPlan,Tier,Termination Dte,Begin,Shoe Size,Kid A Born
E1,Robin,Vale,1984-05-06,100,GOLD,Employee Only,2027-06-30,2027-01-01,9,
E2,Jo,Moss,1985-05-06,100,GOLD,Employee Only,,2027-01-01,8,2015-05-08
"""
NAMED = '"Clock No" = "Employee ID"\n"Kid A Born" = "Child 1 DOB"\n'


def test_what_a_sheet_shows_is_ready_to_paste() -> None:
    text = written(SHEET, DAY)
    said = tomllib.loads(text)["partner"]["census"]
    assert said == {"ignore": ["Clock No", "Shoe Size"], "columns": {"Termination Dte": "Termination Date"}}
    assert '# K "Kid A Born" looks like a person: name it here, or put it into ignore.' in text
    assert '# B "First Name" is read as first name' in text


def test_a_sheet_of_which_no_heading_is_known_is_asked_about() -> None:
    text = written(b"Clock,Given,Kin,Birthdy\nE1,Robin,Vale,1984-05-06\n", DAY)
    assert tomllib.loads(text)["partner"]["census"] == {"ignore": [], "columns": {"Birthdy": "Birthday"}}
    assert '# B "Given" is not known: name it here, or put it into ignore.' in text


def test_the_command_prints_it(tmp_path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(SHEET)
    shown = CliRunner().invoke(app, ["census", "map", str(path)])
    assert shown.exit_code == 0 and tomllib.loads(shown.output)["partner"]["census"]["ignore"]
    drafted = CliRunner().invoke(app, ["terms", "draft", str(path), "--partner", "acme"])
    assert drafted.exit_code == 0 and '"Termination Dte" = "Termination Date"' in drafted.output


def test_a_draft_of_a_sheet_loads() -> None:
    file, findings = load(draft_sheet.draft(SHEET, DAY, "acme"))
    assert file is not None and {finding.code for finding in findings} == {"TERMS-NO-RATE"}
    assert [(plan.code, plan.line, plan.tiers) for plan in file.terms.plans] == [("GOLD", "medical", ("EMP",))]
    assert [subgroup.code for subgroup in file.terms.subgroups] == ["100"]
    assert load(dump(file))[0] == file


def test_a_heading_that_we_do_not_know_is_no_meaning() -> None:
    file, (finding,) = load(agreed('"A" = "Shoe Size"'))
    assert file is None and finding.code == "TERMS-WRONG-VALUE" and "a heading that we read" in finding.message


def agreed(columns: str) -> str:
    """Return the sample's terms with what headings mean."""
    table = f'[partner.census]\nignore = ["Shoe Size"]\n\n[partner.census.columns]\n{columns}\n'
    return TERMS.read_text("utf-8").replace("[partner.profile]", f"{table}[partner.profile]", 1)


def test_a_held_sheet_is_dropped_and_comes_again_under_terms_that_name_its_columns(ws: Workspace) -> None:
    load_terms(ws)
    first = take_bytes(ws, SHEET, "a.csv", DAY, PARTNER)
    set_id = desk.set_of(ws, first["file_id"])
    assert [held["state"] for held in first["sets"]] == ["HELD"]
    load_terms(ws, agreed(NAMED + '"Termination Dte" = "Termination Date"\n'), date(2026, 12, 2))
    now, at = ws.now(date(2026, 12, 3)), deciding(ws)
    looked = sets.drop(at, set_id, now)  # read as it was when it came
    assert looked.effect and sets.drop(at, set_id, now, TWO, looked.effect.digest).done
    again = take_bytes(ws, SHEET, "b.csv", date(2026, 12, 4), PARTNER)
    assert again["state"] == "APPLIED"
    assert desk.spans(ws) == [
        "M000000001 medical GOLD EMP 2027-01-01 2027-06-30",
        "M000000002 medical GOLD EMP 2027-01-01 open",
    ]
    rows = [(row["relationship"], row["disposition"]) for row in again["sets"][0]["members"]]
    assert rows == [("18", "APPLIED"), ("18", "APPLIED"), ("19", "NOOP")]
