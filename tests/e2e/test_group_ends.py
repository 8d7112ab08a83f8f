"""An agreement ends: what stands beyond it holds the bill until two people end it; then the account is settled."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from model.approval import NOBODY, Approval
from model.journal import Act
from model.timeline import OPEN, Month
from pipeline.month.bill import Billed, bill
from pipeline.roster.end_coverage import end_coverage
from pipeline.runtime.workspace import Workspace
from pipeline.views.effects import EndCoverageView
from store import tables
from store.people import roster
from support.cedar import GROUP as CEDAR_POINT
from support.cedar import TERMS as CEDAR
from support.cedar import file_of, said, segments_of
from support.installation import GROUP, SAMPLES, TERMS, TWO, load_terms, run, run_by_two, take
from support.invoiced import whole
from support.people import at_the_desk, deciding
from writers.words import reason

A = "41000100"
PREMIUM = 216_000  # E50001: GOLD FAM 1500, DENTAL FAM 120; E50002: GOLD EMP 500, DENTAL EMP 40
AGREED = TERMS.read_text(encoding="utf-8")
ENDS = AGREED.replace("begin = 2026-01-01\naddress", "begin = 2026-01-01\nend = 2027-01-31\naddress")
DAY = date(2027, 2, 10)
OFFICE, UNDER_COBRA = 61_240, 62_465  # CHOICE EMP in 2027, and 102 % of it

assert ENDS != AGREED


def billed(ws: Workspace, month: Month, day: date, group: str = GROUP) -> Billed:
    (made,) = bill(ws, month, ws.now(day), group, ahead=True)
    return made


def ending(ws: Workspace, approval: Approval = NOBODY, group: str = GROUP) -> EndCoverageView:
    made = end_coverage(deciding(ws), group, ws.now(DAY), approval)
    assert made is not None
    return made


def spans(ws: Workspace, group: str = GROUP) -> list[tuple[str, str, str, date]]:
    with ws.database.read() as conn:
        return sorted((line.masked, line.subgroup, line.plan, line.span.end) for line in roster.lines(conn, group))


def written(ws: Workspace) -> tuple[int, int]:
    """How many transactions there are, and how many rows of coverage."""
    with ws.database.read() as conn:
        counts = [conn.scalar(select(func.count()).select_from(table)) for table in (tables.tx, tables.coverage)]
    return counts[0] or 0, counts[1] or 0


def enrolled(ws: Workspace) -> None:
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    billed(ws, Month(2027, 1), date(2026, 12, 10))
    billed(ws, Month(2027, 2), date(2027, 1, 10))


def test_a_group_that_ended_is_settled_when_two_people_end_its_coverage(on_both: Workspace) -> None:
    ws = on_both
    enrolled(ws)
    assert ending(ws, TWO).ended == ()  # no end before the coverage's: nothing to do
    load_terms(ws, ENDS)
    held = billed(ws, Month(2027, 3), DAY)
    assert (held.issued, held.held) == ((), (A,))

    before = spans(ws), written(ws)
    alone = Approval("ann", " Ann", "she asked for it herself")
    for nobody in (NOBODY, alone, Approval("ann", "ben")):
        looked = ending(ws, nobody)
        assert looked.problem and not looked.done
        rows = [
            (ended.subgroup, ended.line, ended.last, ended.subscribers, ended.dependents) for ended in looked.ended
        ]
        last = date(2027, 1, 31)
        assert rows == [("100", "dental", last, 2, 2), ("100", "medical", last, 2, 2)]
        assert looked.past == 4
        months = [
            (month.account, month.month, month.subscribers, month.before_cents, month.after_cents)
            for month in looked.months
        ]
        assert months == [(A, "2027-02", 2, 0, -PREMIUM)]
    assert (spans(ws), written(ws)) == before

    assert ending(ws, TWO).done
    assert {end for *_, end in spans(ws)} == {last}
    with ws.database.read() as conn:
        acts = conn.execute(select(tables.audit).where(tables.audit.c.action == Act.COVERAGE_ENDED)).all()
    (audited,) = acts
    assert (audited.subject, audited.detail) == (GROUP, f"8 coverages ended, 0 void; {TWO.detail}")

    (final,) = billed(ws, Month(2027, 3), DAY).issued
    assert (final.current, final.retro, final.prior_balance) == (0, -PREMIUM, 2 * PREMIUM)
    assert {
        (adjustment.month, reason(adjustment.reason), adjustment.tx) for adjustment in whole(ws, final).adjustments
    } == {("2027-02", "terminated 2027-01-31", audited.tx)}
    after = written(ws)
    assert ending(ws, TWO) == ending(ws) == EndCoverageView(GROUP, (), 0, ())
    assert written(ws) == after


def cedar(ws: Workspace) -> None:
    """Three employees; from February on E2 goes on under COBRA, and E3 is to begin in June."""
    load_terms(ws)
    load_terms(ws, CEDAR)
    office = ("REF*1L*CP5200100",)
    adds = [
        segments_of(number, "INS*Y*18*021*29*A***FT", office, "DTP*336*D8*20200101", *choice(begin))
        for number, begin in (("E1", "20270101"), ("E2", "20270101"), ("E3", "20270601"))
    ]
    said(ws, file_of("CEDARPOINT", 1, "20261201", *adds), "cedar-point", date(2026, 12, 1))
    end = segments_of("E2", "INS*Y*18*024*08*A***TE", office, "DTP*357*D8*20270131")
    said(ws, file_of("CEDARPOINT", 2, "20270105", end), "cedar-point", date(2027, 1, 5))
    elected = segments_of("E2", "INS*Y*18*021*09*C**1*TE", ("REF*DX*900",), *choice("20270201"))
    data = file_of("KEYSTONECOBRA", 1, "20270205", elected, header=("REF*38*CP5200",))
    said(ws, data, "keystone-cobra", date(2027, 2, 5))


def choice(begin: str) -> tuple[str, str]:
    return "HD*021**HLT*CHOICE*EMP", f"DTP*348*D8*{begin}"


def edited(old: str, new: str) -> str:
    assert old in CEDAR
    return CEDAR.replace(old, new, 1)


def test_a_subgroup_ends_its_own_families_and_the_group_those_under_cobra_too(on_both: Workspace) -> None:
    ws = on_both
    cedar(ws)
    months = [Month(2027, number) for number in (1, 2, 3, 4)]
    for month in months:
        billed(ws, month, DAY, CEDAR_POINT)
    load_terms(ws, edited('name = "COBRA"\n', 'name = "COBRA"\nend = 2027-03-31\n'))
    effect = ending(ws, TWO, CEDAR_POINT)
    assert [(ended.subgroup, ended.last, ended.subscribers, ended.void) for ended in effect.ended] == [
        ("900", date(2027, 3, 31), 1, 0)
    ]
    assert [(month.account, month.month, month.change_cents) for month in effect.months] == [
        ("52000900", "2027-04", -UNDER_COBRA)
    ]

    load_terms(ws, edited("begin = 2026-01-01\naddress", "begin = 2026-01-01\nend = 2027-02-28\naddress"))
    effect = ending(ws, TWO, CEDAR_POINT)
    last = date(2027, 2, 28)
    assert [(ended.subgroup, ended.last, ended.subscribers, ended.void) for ended in effect.ended] == [
        ("100", last, 2, 1),  # E3 never begins
        ("900", last, 1, 0),
    ]
    assert spans(ws, CEDAR_POINT) == [
        ("E1", "100", "CHOICE", last),
        ("E2", "100", "CHOICE", date(2027, 1, 31)),
        ("E2", "900", "CHOICE", last),
    ]
    final = {invoice.account: invoice.retro for invoice in billed(ws, Month(2027, 5), DAY, CEDAR_POINT).issued}
    assert final == {"52000100": -2 * OFFICE, "52000900": -2 * UNDER_COBRA}


def test_the_end_of_a_plan_ends_nobody(ws: Workspace) -> None:
    deciding(ws)
    cedar(ws)
    load_terms(ws, edited('name = "Choice PPO"\n', 'name = "Choice PPO"\nend = 2027-03-31\n'))
    before = spans(ws, CEDAR_POINT), written(ws)
    made = ending(ws, TWO, CEDAR_POINT)
    assert (made.ended, made.done) == ((), False)
    assert [(plan.plan, plan.people) for plan in made.beyond_plans] == [("CHOICE", 3)]
    assert (spans(ws, CEDAR_POINT), written(ws)) == before
    assert OPEN in {end for *_, end in before[0]}


def test_the_command_shows_first_and_needs_two_people(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_desk(ws, monkeypatch)
    enrolled(ws)
    load_terms(ws, ENDS)
    command = ("group", "end-coverage", GROUP, "--today", DAY)
    look = run(*command)
    assert look.code == 1 and "Nothing was changed: it needs two people" in look.out
    assert "-$2,160.00" in look.out and "2027-01-31" in look.out
    done = run_by_two(monkeypatch, *command, "--reason", "they gave notice", "--json")
    assert done.code == 0 and done.json["done"] is True
    assert done.json["months"][0]["change_cents"] == -PREMIUM
    again = run(*command)
    assert again.code == 0 and "Nothing to do" in again.out
