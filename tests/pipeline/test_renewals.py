"""A plan ends: its members go on by the renewal map, the others are asked about (docs/domain.md)."""

from __future__ import annotations

from datetime import date

from model.desk import Wanted
from model.timeline import OPEN
from parsers.terms.text import dump, load
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from pipeline.views.work import work_list
from store.people import roster
from support.installation import GROUP, SAMPLES, TERMS, load_terms, take

AGREED = TERMS.read_text(encoding="utf-8")
EARLY, LAST, FIRST = date(2027, 5, 30), date(2027, 6, 30), date(2027, 7, 1)
SILVER = AGREED.replace('code = "GOLD"\n', 'code = "GOLD"\nend = 2027-06-30\n')
NEW = """
[[group.plans]]
code = "SILVER"
line = "medical"
name = "Silver"
tiers = ["EMP", "ESP", "ECH", {family}]
begin = 2027-07-01

[[group.rates]]
plan = "SILVER"
begin = 2027-07-01
monthly = {{ EMP = "480.00", ESP = "990.00", ECH = "900.00"{rate} }}
"""
MAPPED = '\n[[group.renewals]]\nplan = "GOLD"\nto = "SILVER"\nbegin = 2027-07-01\n'


def agreed(family: bool = True, renewal: str = MAPPED) -> str:
    """The terms with a plan that ends, one that follows, and what says so."""
    words = {"family": '"FAM"' if family else '"TWO"', "rate": ', FAM = "1450.00"' if family else ', TWO = "1.00"'}
    return SILVER + NEW.format(**words) + renewal


def medical(ws: Workspace) -> list[tuple[str, str, str, date, date]]:
    """Everybody's medical coverage."""
    with ws.database.read() as conn:
        lines = [line for line in roster.lines(conn, GROUP) if line.line == "medical"]
    return [(line.relationship, line.plan, line.tier, line.span.begin, line.span.end) for line in lines]


def asked(ws: Workspace) -> list[str]:
    return [item.code for item in work_list(ws, ws.now(EARLY), Wanted("query")).items]


def test_members_go_on_by_the_map_at_their_level(ws):
    """DOMAIN 3, Renewal: "carries a dated old-to-new plan map"."""
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 12, 1))
    load_terms(ws, agreed(), date(2027, 5, 1))
    before = medical(ws)
    inputs.look_at_desk(ws, ws.now(date(2027, 5, 30)))
    assert medical(ws) == before
    inputs.look_at_desk(ws, ws.now(date(2027, 5, 31)))
    assert {line[1:] for line in medical(ws) if line[0] == "18" and line[2] == "FAM"} == {
        ("GOLD", "FAM", date(2026, 12, 1), LAST),
        ("SILVER", "FAM", FIRST, OPEN),
    }
    assert {(line[1], line[4]) for line in medical(ws)} == {("GOLD", LAST), ("SILVER", OPEN)}
    assert asked(ws) == []
    after = medical(ws)
    inputs.look_at_desk(ws, ws.now(FIRST))
    assert medical(ws) == after


def test_the_unmapped_wait_and_stay_covered(ws):
    """DOMAIN 3, Renewal: "a plan's end never ends a member: the unmapped wait, are announced 30 days ahead"."""
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 12, 1))
    load_terms(ws, agreed(family=False), date(2027, 5, 1))
    inputs.look_at_desk(ws, ws.now(date(2027, 5, 31)))
    lines = medical(ws)
    assert {line[1] for line in lines if line[0] != "18"} == {"GOLD"}  # it waits whole
    assert ("18", "SILVER", "EMP", FIRST, OPEN) in lines
    assert asked(ws) == ["PLAN-ENDS"] * 3
    load_terms(ws, agreed(), date(2027, 6, 5))
    inputs.look_at_desk(ws, ws.now(date(2027, 6, 5)))
    assert asked(ws) == [] and {line[4] for line in medical(ws) if line[1] == "GOLD"} == {LAST}


def test_a_map_is_read_and_written_and_checked():
    file, findings = load(agreed())
    assert file is not None and not findings
    assert load(dump(file)) == (file, ())
    _, (late,) = load(agreed(renewal=MAPPED.replace("2027-07-01", "2027-08-01")))
    assert late.code == "TERMS-DATES" and "does not end on the day before" in late.message
    _, (line,) = load(agreed(renewal=MAPPED.replace('"SILVER"', '"DENTAL"')))
    assert line.code == "TERMS-UNKNOWN-REFERENCE" and "is of line" in line.message
