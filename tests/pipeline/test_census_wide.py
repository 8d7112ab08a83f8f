"""A census with a family in one row: everybody is enrolled, and one answer goes to the row."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from pipeline.answer import census_return
from pipeline.runtime.workspace import Workspace
from support import desk
from support.installation import PARTNER, load_terms, take_bytes

DEP1 = "Dep1 First Name,Dep1 SSN,Dep1 DOB,Dep1 Relationship"
SPOUSE = "Spouse Name,Spouse SSN,Spouse DOB"
WIDE = f"""EmployeeID,FirstName,LastName,SSN,DOB,Subgroup,MedicalPlan,MedicalTier,EffectiveDate,{SPOUSE},{DEP1}
E1,Robin,Vale,900-11-2233,1984-05-06,100,GOLD,FAM,2027-01-01,Kim,900112234,1985-05-07,Lee,900112235,2015-05-08,Child
E2,Jo,Moss,900-11-2236,1984-05-06,100,GOLD,EE,2027-01-01,,,,,,,
E3,Ada,Quill,900-11-2237,1984-05-06,100,GOLD,FAM,2027-01-01,Bo,900112238,31/31/1985,Cy,900112239,2015-05-08,Child
"""


def test_everybody_of_a_row_is_enrolled_and_the_row_is_answered_once(ws: Workspace, monkeypatch) -> None:
    load_terms(ws)
    monkeypatch.setattr(census_return, "LINES_A_WRITE", 4)  # a row's people never lie on two pages
    value = take_bytes(ws, WIDE.encode(), "wide.csv", date(2026, 12, 1), PARTNER)
    assert value["state"] == "PARTIAL"
    assert desk.spans(ws) == [
        "M000000001 medical GOLD FAM 2027-01-01 open",
        "M000000002 medical GOLD 2027-01-01 open",
        "M000000003 medical GOLD 2027-01-01 open",
        "M000000004 medical GOLD EMP 2027-01-01 open",
        "M000000005 medical GOLD FAM 2027-01-01 open",
        "M000000006 medical GOLD 2027-01-01 open",
    ]
    (marked,) = [Path(path) for path in value["documents"] if Path(path).name.startswith("census-")]
    rows = list(csv.reader(io.StringIO(marked.read_text("utf-8-sig"))))
    assert [row[16] for row in rows[1:]] == ["Applied", "Applied", "Rejected"]
    assert "Column L: Birth Date is not a date that we can read." in rows[3][17]
    assert "2234" in rows[1][10] and "900112234" not in marked.read_text("utf-8-sig")
