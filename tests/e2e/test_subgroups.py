"""A family moves to another subgroup, another goes on under COBRA, a third comes back: rolls and bills follow."""

from __future__ import annotations

from datetime import date

from model.timeline import Month
from pipeline.month.bill import bill
from pipeline.runtime.workspace import Workspace
from store.people import roster
from support.cedar import GROUP, PEOPLE, TERMS, file_of, said, segments_of
from support.installation import load_terms

# CHOICE EMP in 2027, dollars a month: 612.40, the drivers' 655.25, under COBRA 102 % of 612.40
OFFICE, DRIVER, COBRA = 61_240, 65_525, 62_465


def billed(ws: Workspace, month: Month, day: date) -> dict[str, tuple[int, int]]:
    """Bill a month and return (current, retro) by account."""
    issued = bill(ws, month, ws.now(day), GROUP)[0].issued
    return {
        invoice.account: (invoice.current, invoice.retro) for invoice in issued if invoice.current or invoice.retro
    }


def test_a_move_cobra_and_a_reinstatement(on_both: Workspace) -> None:
    ws = on_both
    load_terms(ws)
    load_terms(ws, TERMS)
    office, drivers = ("REF*1L*CP5200100",), ("REF*1L*CP5200200",)
    choice = ("HD*021**HLT*CHOICE*EMP", "DTP*348*D8*20270101")
    adds = [segments_of(n, "INS*Y*18*021*29*A***FT", office, "DTP*336*D8*20200101", *choice) for n in PEOPLE]
    said(ws, file_of("CEDARPOINT", 1, "20261201", *adds), "cedar-point", date(2026, 12, 1))
    assert billed(ws, Month(2027, 1), date(2026, 12, 10)) == {"52000100": (3 * OFFICE, 0)}

    move = segments_of("E1", "INS*Y*18*001*XT*A***FT", drivers, "DTP*303*D8*20270201")
    ends = [segments_of(n, "INS*Y*18*024*08*A***TE", office, "DTP*357*D8*20270131") for n in ("E2", "E3")]
    said(ws, file_of("CEDARPOINT", 2, "20270105", move, *ends), "cedar-point", date(2027, 1, 5))
    assert billed(ws, Month(2027, 2), date(2027, 1, 10)) == {"52000200": (DRIVER, 0)}

    cobra = ("HD*021**HLT*CHOICE*EMP", "DTP*348*D8*20270201")
    elected = segments_of("E2", "INS*Y*18*021*09*C**1*TE", ("REF*DX*900",), *cobra)
    data = file_of("KEYSTONECOBRA", 1, "20270215", elected, header=("REF*38*CP5200",))
    said(ws, data, "keystone-cobra", date(2027, 2, 15))
    back = ("HD*025**HLT*CHOICE*EMP", "DTP*348*D8*20270201")
    again = segments_of("E3", "INS*Y*18*025*20*A***FT", office, *back)
    said(ws, file_of("CEDARPOINT", 3, "20270216", again), "cedar-point", date(2027, 2, 16))
    assert billed(ws, Month(2027, 3), date(2027, 2, 20)) == {
        "52000100": (OFFICE, OFFICE),
        "52000200": (DRIVER, 0),
        "52000900": (COBRA, COBRA),
    }
    with ws.database.read() as conn:
        lines = roster.lines(conn, GROUP)
    assert sorted((line.masked, line.subgroup, str(line.span.begin), str(line.span.end)) for line in lines) == [
        ("E1", "100", "2027-01-01", "2027-01-31"),
        ("E1", "200", "2027-02-01", "9999-12-31"),
        ("E2", "100", "2027-01-01", "2027-01-31"),
        ("E2", "900", "2027-02-01", "2028-07-31"),
        ("E3", "100", "2027-01-01", "9999-12-31"),
    ]
    assert len({line.member_id for line in lines}) == 3
