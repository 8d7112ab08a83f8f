"""Small census files, a theme each: right ones in several layouts, and ones that must end well all the same.

All are from Harbor Mills itself. Everybody is invented.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

STORED = datetime(2026, 12, 1, 9, 0)  # noqa: DTZ001  what a workbook says of itself has no zone
HEAD = (
    "Employee ID", "Relationship", "Last Name", "First Name", "SSN", "Date of Birth", "Subgroup", "Medical Plan",
    "Medical Tier", "Dental Plan", "Dental Tier", "Coverage Start", "Coverage End",
)  # fmt: skip
BY_ID = (
    ("HM901", "Employee", "Ashby", "Nora", "900-44-1001", "1988-03-14", "100", "Gold PPO", "EE + Family", "DENTAL",
     "EE+FAM", "2027-01-01", ""),
    ("HM901", "Husband", "Ashby", "Tom", "900-44-1002", "03/02/1987", "", "", "", "", "", "", ""),
    ("HM901", "Daughter", "Ashby", "Ida", "", "11-30-2016", "", "", "", "", "", "", ""),
    ("HM902", "EE", "Brock", "Piet", "900441003", "1979/07/21", "200", "BRONZE", "Single", "Waive", "",
     "01/01/2027", ""),
)  # fmt: skip
BY_ORDER = """Relationship|Last Name|First Name|SSN|DOB|Zip|Subgroup|Plan|Tier|Effective Date
EE|Castell|Ruth|900-44-1011|5/6/84|6099|100|GOLD|EE+CH|1/1/2027
CH|Castell|Ben|||06099||||
EE|Dorn|Max|900-44-1013|1990-01-31|06099|200|BRONZE|W|2027-01-01
"""
MISTAKES = """Employee ID,Group Number,Relationship,Last Name,First Name,SSN,DOB,Subgroup,Plan,Tier,Start Date
HM921,HM4100,Employee,Ems,Lena,90044,1990-02-03,100,GOLD,EE,2027-01-01
HM922,HM4100,Employee,=cmd|' /C calc'!A0,Olaf,900-44-1022,1990-02-03,100,GOLD,EE,2027-01-01
HM923,HM4100,Employee,Faber,Uwe,900-44-1023,31/12/1990,100,GOLD,EE,2027-01-01
HM924,HM4100,Employee,Gray,Mona,900-44-1024,1990-02-03,100,PLATINUM,EE,2027-01-01
HM925,ZZ0000,Employee,Hale,Vic,900-44-1025,1990-02-03,100,GOLD,EE,2027-01-01
HM926,HM4100,Butler,Ivers,Kay,900-44-1026,1990-02-03,100,GOLD,EE,2027-01-01
HM927,HM4100,Employee,Jonas,Eve,900-44-1027,1990-02-03,100,GOLD,EE,2027-01-01
"""


def workbook(
    rows: Sequence[Sequence[object]], *, merged: str = "", extra: dict[str, bytes] | None = None
) -> bytes:
    """Return a workbook with real dates, stored without compression, so that it is the same bytes everywhere."""
    import xlsxwriter  # only where a workbook is made

    made, stored = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "date_1904": True}) as book:
        book.set_properties({"created": STORED})
        day, sheet = book.add_format({"num_format": "m/d/yyyy"}), book.add_worksheet("Census")
        if merged:
            sheet.merge_range(merged, "")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, day)
                elif cell != "":
                    sheet.write(at, column, cell)
    with zipfile.ZipFile(made) as packed, zipfile.ZipFile(stored, "w") as plain:
        for name in packed.namelist():
            plain.writestr(zipfile.ZipInfo(name), packed.read(name))
        for name, data in (extra or {}).items():
            plain.writestr(zipfile.ZipInfo(name), data)
    return stored.getvalue()


def _two_headings() -> list[Sequence[object]]:
    """A title, names for machines and for people, and cells that a spreadsheet took for numbers and dates."""
    names = ("family_id", "relationship", "last_name", "first_name", "ssn", "dob", "zip", "subgroup", "plan",
             "tier", "coverage_start")  # fmt: skip
    people = ("Family ID # (optional)", "Relationship", "Last Name", "First Name", "SSN / TIN (no dashes)",
              "Date of Birth", "Zip", "Benefit Group", "Plan", "Tier", "Effective Date")  # fmt: skip
    first = date(2027, 1, 1)
    return [
        ("Harbor Mills employee census", "", "", "", "", "", ""),
        names,
        people,
        (),
        (
            931,
            "Employee",
            "Kern",
            "Udo",
            900441031,
            date(1985, 4, 12),
            6099,
            100,
            "GOLD",
            "Employee + Spouse",
            first,
        ),
        (931, "Domestic Partner", "Kern", "Alex", "", date(1986, 9, 1), 6099, "", "", "", ""),
    ]


def _merged() -> list[Sequence[object]]:
    return [HEAD, *BY_ID[:1], ("", *BY_ID[1][1:])]


def files() -> dict[str, bytes]:
    """Return every census sample by name."""
    table = "\r\n".join(",".join(row) for row in (HEAD, *BY_ID)) + "\r\n"
    head = "Employee ID,Last Name,First Name,Date of Birth,Action,Coverage End"
    last_day = f"{head}\r\nHM902,Brock,Piet,1979-07-21,Term,2027-01-31\r\n"
    macros = workbook([HEAD, *BY_ID], extra={"xl/vbaProject.bin": b"no program, only the name of one"})
    return {
        "01-by-id.csv": table.encode("utf-8-sig"),
        "02-by-order.csv": BY_ORDER.encode(),
        "03-two-heading-rows.xlsx": workbook(_two_headings()),
        "04-mistakes.csv": MISTAKES.encode(),
        "05-merged-rows.xlsx": workbook(_merged(), merged="A2:A3"),
        "06-last-day.csv": last_day.encode(),
        "07-macros.xlsm": macros,
        "08-no-headings.csv": b"Ashby,Nora,1988-03-14,Gold\r\nBrock,Piet,1979-07-21,Bronze\r\n",
    }
