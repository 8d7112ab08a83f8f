"""What decides the percent of COBRA comes by the file, is kept as facts of the family, and is shown nowhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from billing.charges import should_be
from model.timeline import OPEN, Month, Then
from pipeline.runtime.workspace import Workspace
from pipeline.views import files
from store import agreements
from store.people import roster
from support.cedar import GROUP, TERMS, file_of
from support.installation import load_terms, take_bytes

OFFICE, COBRA = ("REF*1L*CP5200100",), ("REF*DX*900",)
RATE = 61_240  # CHOICE EMP in 2027, dollars a month: 612.40
EVENT, DISABLED = "DTP*301*D8*20270115", ("DSB*3******DX*7295", "DTP*360*D8*20270110")


def loop(ins: str, place: tuple[str, ...], *rest: str, dates: tuple[str, ...] = ()) -> list[str]:
    return [ins, "REF*0F*E1", *place, *dates, "NM1*IL*1*SAMPLE*ADA", "DMG*D8*19800101*F", *rest]


def elected(
    ws: Workspace, control: int, today: date, *more: str, event: str = "1", dates: tuple[str, ...]
) -> None:
    """Receive what the administrator says of the family under COBRA."""
    cover = ("HD*021**HLT*CHOICE*EMP", "DTP*348*D8*20270201")
    member = loop(f"INS*Y*18*021*09*C**{event}*TE", COBRA, *more, *cover, dates=dates)
    data = file_of("KEYSTONECOBRA", control, f"{today:%Y%m%d}", member, header=("REF*38*CP5200",))
    value = take_bytes(ws, data, "cobra.edi", today, "keystone-cobra")
    assert value["state"] == "APPLIED", value["all_findings"]


def facts(ws: Workspace, then: Then | None = None) -> list[tuple[str, date, bool]]:
    """Return what is known of the family's COBRA: event, day, whether it is somebody's disability."""
    with ws.database.read() as conn:
        (family,) = roster.families(conn, GROUP, then=then)
    assert {fact.person for fact in family.cobra} <= {0, family.enrollees[0].person.id}
    return sorted((fact.event, fact.span.begin, bool(fact.person)) for fact in family.cobra)


def test_events_and_disability_are_kept_and_decide_the_percent(on_both: Workspace) -> None:
    ws = on_both
    load_terms(ws)
    load_terms(ws, TERMS)
    add = loop("INS*Y*18*021*29*A***FT", OFFICE, "HD*021**HLT*CHOICE*EMP", "DTP*348*D8*20270101")
    take_bytes(ws, file_of("CEDARPOINT", 1, "20261201", add), "a.edi", date(2026, 12, 1), "cedar-point")
    end = loop("INS*Y*18*024*08*A***TE", OFFICE, dates=("DTP*357*D8*20270131",))
    take_bytes(ws, file_of("CEDARPOINT", 2, "20270120", end), "e.edi", date(2027, 1, 20), "cedar-point")

    elected(ws, 1, date(2027, 2, 15), dates=(EVENT,))
    assert facts(ws) == [("1", date(2027, 1, 15), False)]
    elected(ws, 2, date(2027, 3, 15), dates=())  # the month's restatement, without the event's day
    assert facts(ws) == [("1", date(2027, 1, 15), False)]
    elected(ws, 3, date(2027, 9, 15), *DISABLED, dates=(EVENT,))
    kept = [("", date(2027, 1, 10), True), ("1", date(2027, 1, 15), False)]
    assert facts(ws) == kept
    elected(ws, 4, date(2027, 10, 15), *DISABLED, dates=(EVENT,))
    assert facts(ws) == kept

    goes_on = TERMS.replace("end = 2027-12-31\nmonthly", "monthly")
    assert goes_on != TERMS
    load_terms(ws, goes_on)
    with ws.database.read() as conn:
        terms, lines = agreements.terms(conn, GROUP), roster.lines(conn, GROUP)
    assert terms is not None
    charges = {charge.month: charge.cents for charge in should_be(lines, terms, Month(2029, 8)).charges}
    ordinary, extended = (RATE * 102 + 50) // 100, (RATE * 150 + 50) // 100
    # month 19 begins on 15 July 2028, month 29 ends on 14 June 2029: by the first day of each month
    assert [charges[Month(2027, 2)], charges[Month(2028, 7)]] == [ordinary, ordinary]
    assert [charges[Month(2028, 8)], charges[Month(2029, 6)]] == [extended, extended]
    assert Month(2029, 7) not in charges  # COBRA ended with month 29

    elected(ws, 5, date(2028, 3, 15), event="5", dates=("DTP*301*D8*20280301",))  # a second event in month 14
    assert facts(ws) == [*kept, ("5", date(2028, 3, 1), False)]
    with ws.database.read() as conn:
        lines = roster.lines(conn, GROUP)
    assert {
        charge.cents for charge in should_be(lines, terms, Month(2029, 8)).charges if charge.account == "52000900"
    } == {ordinary}


def test_the_administrator_ends_nobody_who_is_active(ws: Workspace) -> None:
    """Its grant in the samples names the subgroup for COBRA. Seen before: it was the whole group; this applied."""
    load_terms(ws)
    load_terms(ws, TERMS)
    add = loop("INS*Y*18*021*29*A***FT", OFFICE, "HD*021**HLT*CHOICE*EMP", "DTP*348*D8*20270101")
    take_bytes(ws, file_of("CEDARPOINT", 1, "20261201", add), "a.edi", date(2026, 12, 1), "cedar-point")
    day = date(2027, 2, 10)
    for control, place in enumerate(("REF*DX*100", "REF*DX*900"), 1):
        end = loop("INS*Y*18*024*08*A***TE", (place,), dates=("DTP*357*D8*20270228",))
        data = file_of("KEYSTONECOBRA", control, f"{day:%Y%m%d}", end, header=("REF*38*CP5200",))
        value = take_bytes(ws, data, "e.edi", day, "keystone-cobra")
        assert "MEMBER-KNOWN" in [finding["code"] for finding in value["all_findings"]]
    with ws.database.read() as conn:
        assert [line.span.end for line in roster.lines(conn, GROUP)] == [OPEN]


def test_nothing_of_it_stands_in_a_document(ws: Workspace) -> None:
    load_terms(ws)
    load_terms(ws, TERMS)
    elected(ws, 1, date(2027, 2, 15), *DISABLED, dates=(EVENT,))
    assert len(facts(ws)) == 2
    told = [Path(name).read_bytes() for name in files.documents(ws, "F000001")]
    assert told and all(word not in text for text in told for word in (b"DSB", b"7295", b"isab", b"20270110"))
