"""The second employer of the demo's story: Cedar Point, its broker's census, its administrator of COBRA families.

The figures are worked out by hand in tests/cases/demo/figures.yaml; change both or neither.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

from edi import (
    CEDAR,
    KEYSTONE,
    Coverage,
    Family,
    Segments,
    enrollment_set,
    interchange,
    member,
    members,
    remittance_set,
)
from people import Maker
from story import BEGIN, NEXT_YEAR, Row

MOVED = date(2027, 2, 1)
FIRST_ACCOUNT, SECOND_INVOICE = "52000100", "100004"
ROWS = (
    Row("100", "CHOICE", "EMP", "ds", (0, 0, 0, 0)),
    Row("100", "CHOICE", "FAM", "ds", (1, 2)),
    Row("100", "SAVER", "ESP", "d", (0, 0)),
    Row("100", "SAVER", "EMP", "s", (0, 0)),
    Row("200", "CHOICE", "EMP", "ds", (0, 0, 0)),
    Row("200", "CHOICE", "FAM", "d", (2, 1)),
    Row("200", "SAVER", "ECH", "d", (1,)),
    Row("200", "SAVER", "EMP", "s", (0, 0, 0)),
)
HEADINGS = (
    "Employee ID",
    "Group Number",
    "Subgroup",
    "Relationship",
    "Last Name",
    "First Name",
    "Date of Birth",
    "Gender",
    "SSN",
    "Hire Date",
    "Coverage Start",
    "Medical Plan",
    "Medical Coverage Level",
    "Dental Plan",
    "Dental Coverage Level",
)
_STORED = datetime(2026, 12, 4, 9, 0)  # noqa: DTZ001  what a workbook says of itself has no zone


def coverages(row: Row, begin: date) -> tuple[Coverage, ...]:
    """Return the HD loops of a family; s = income in disability, the employee's alone."""
    medical = Coverage("HLT", row.medical, row.tier, begin)
    dental = [Coverage("DEN", "SMILE", row.tier, begin)] if "d" in row.extras else []
    disability = [Coverage("STD", "STD60", "", begin)] if "s" in row.extras else []
    return (medical, *dental, *disability)


def families(maker: Maker) -> list[Family]:
    """Make the families of ROWS, in that order."""
    return [
        maker.family(row.subgroup, coverages(row, BEGIN), spouse=row.tier in ("ESP", "FAM"), children=children)
        for row in ROWS
        for children in row.children
    ]


def told(family: Family, maintenance: str, reason: str, *dates: tuple[str, date]) -> Segments:
    """Return the subscriber's record without any HD."""
    return member(replace(family, coverages=()), family.people[0], maintenance, reason, sender=CEDAR, dates=dates)


def late_changes(all_of_them: list[Family]) -> list[Segments]:
    """Return January's loops: a termination that comes late, a move to the drivers, a reinstatement."""
    leaver, mover, back = all_of_them[4], all_of_them[1], all_of_them[8]
    return [
        told(leaver, "024", "08", ("357", date(2026, 12, 31))),
        told(replace(mover, subgroup="200"), "001", "XT", ("303", MOVED)),
        member(reinstated(back), back.people[0], "025", "41", sender=CEDAR),
    ]


def reinstated(family: Family) -> Family:
    """Return a family as it is covered again: each line by an HD of its own."""
    return replace(
        family, coverages=tuple(replace(c, maintenance="025", begin=NEXT_YEAR) for c in family.coverages)
    )


def continued(family: Family) -> Family:
    """Return a family as it goes on under COBRA: the disability line does not."""
    lines = tuple(replace(coverage, begin=NEXT_YEAR) for coverage in family.coverages if coverage.line != "STD")
    return replace(family, subgroup="900", coverages=lines)


def census_rows(maker: Maker) -> list[list[object]]:
    """Return the broker's new hires: a family and a driver, one too early, one of another employer's group."""
    hired = date(2026, 11, 16)
    family = maker.family("Office", (), spouse=True, children=1)
    driver, early = maker.family("Drivers", ()), maker.family("Office", ())
    strange = maker.family("Office", ())
    rows: list[list[object]] = []

    def add(of: Family, group: str, begin: date, *elections: str) -> None:
        for person in of.people:
            first = person.relationship == "18"
            what = "Employee" if first else "Spouse" if person.relationship in ("01", "53") else "Child"
            name = (person.last.title(), person.first.title(), person.birth, person.gender, person.ssn)
            own = (hired, begin, *elections) if first else ()
            row: list[object] = [of.number, group, of.subgroup, what, *name, *own]
            rows.append(row + [""] * (len(HEADINGS) - len(row)))

    add(family, "CP5200", NEXT_YEAR, "Choice PPO", "EE+FAM", "Smile Dental", "EE+FAM")
    add(driver, "CP5200", NEXT_YEAR, "Road HMO", "EE", "Waive", "")
    add(early, "CP5200", date(2026, 12, 1), "Saver HSA", "EE", "Smile Dental", "EE")
    add(strange, "HM4100", NEXT_YEAR, "Gold PPO", "EE", "", "")
    return rows


def workbook(rows: list[list[object]]) -> bytes:
    """Return a workbook of the rows with real dates; stored without compression: the same bytes everywhere."""
    import xlsxwriter  # only where a workbook is made

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _STORED})
        day, sheet = book.add_format({"num_format": "m/d/yyyy"}), book.add_worksheet("New hires")
        sheet.set_column(0, len(HEADINGS) - 1, 16)
        sheet.write_row(0, 0, HEADINGS, book.add_format({"bold": True}))
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, day)
                elif cell:
                    sheet.write_string(at, column, str(cell))
    stored = io.BytesIO()
    with zipfile.ZipFile(made) as packed, zipfile.ZipFile(stored, "w") as plain:
        for name in packed.namelist():
            plain.writestr(zipfile.ZipInfo(name), packed.read(name))
    return stored.getvalue()


def files() -> dict[str, bytes]:
    """Return the files of Cedar Point, its broker and its administrator by name."""
    maker = Maker(seed=5200, count=10000, persons=50000)
    everybody = families(maker)
    days = [date(2026, 11, 20), date(2026, 12, 5), date(2026, 12, 28), date(2027, 1, 5), date(2027, 1, 8)]
    adds = enrollment_set(members(everybody, "021", "29", sender=CEDAR), days[0], "CP20261120A", sender=CEDAR)
    left = told(everybody[8], "024", "16", ("357", date(2026, 12, 31)))
    term = enrollment_set([left], days[1], "CP20261205A", sender=CEDAR)
    over, short = ("11", FIRST_ACCOUNT, 1112335, 1102335), ("IK", SECOND_INVOICE, 900000, 912103)
    paid = remittance_set([over, short], days[2], "CP2026120001", sender=CEDAR)
    late = enrollment_set(late_changes(everybody), days[3], "CP20270105A", sender=CEDAR)
    cobra = members([continued(everybody[4])], "021", "09", sender=KEYSTONE, cobra="1")
    goes_on = enrollment_set(cobra, days[4], "KC20270108A", sender=KEYSTONE)
    texts = {
        "cedar-point/01-adds.edi": interchange([adds], days[0], 501, sender=CEDAR),
        "cedar-point/02-term.edi": interchange([term], days[1], 502, sender=CEDAR),
        "cedar-point/03-remittance.edi": interchange([paid], days[2], 503, kind="820", sender=CEDAR),
        "cedar-point/04-changes.edi": interchange([late], days[3], 504, sender=CEDAR),
        "keystone-cobra/01-cobra.edi": interchange([goes_on], days[4], 71, sender=KEYSTONE),
    }
    census = {"bayview-brokers/01-new-hires.xlsx": workbook(census_rows(maker))}
    return {name: text.encode("ascii") for name, text in texts.items()} | census
