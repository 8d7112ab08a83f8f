"""What lacks of a COBRA payment is work of billing, from the due day until it is told or paid."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from model.desk import Wanted
from model.enrollment.ruling import Answer, Kind, Wish
from model.money.arrears import Stage
from model.timeline import Month
from pipeline import inputs
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views.work import WorkItemView, work_list
from support.cashed import ACCOUNT, Till
from support.installation import TERMS
from support.lateness import by_family, night, nights, stages
from support.people import deciding
from support.verified import whole

COBRA = TERMS.read_text("utf-8").replace('code = "100"', 'code = "100"\ncobra = true\npremium_percent = 100', 1)
FAMILY, SINGLE = 162_000, 54_000


def nonpayment(ws: Workspace) -> list[WorkItemView]:
    """Return the work that late payers are."""
    return list(work_list(ws, ws.now(date(2027, 3, 1)), Wanted("nonpayment")).items)


def ended_by(ws: Workspace, number: int) -> tuple[str, str]:
    """Return the command that an item is shown with, and what is said to who decides it otherwise."""
    now = ws.now(date(2027, 2, 5))
    shown = inputs.show_work(ws, number, now)
    assert shown is not None
    other = inputs.decide_work(deciding(ws), number, Wish(Answer(Kind.APPROVE)), now, "a test")
    assert not other.done
    return shown.ways[0], other.problem


def short(ws: Workspace) -> Till:
    """Two families under COBRA; E50002 pays $530 of $540 for January."""
    till = Till(ws)
    till.open(COBRA)
    till.bill(Month(2027, 1), date(2026, 12, 10))
    by_family(till, "JAN", date(2026, 12, 28), E50001=FAMILY, E50002=SINGLE - 1_000)
    return till


def test_what_lacks_is_work_from_the_due_day_until_it_is_paid(ws: Workspace, tmp_path: Path) -> None:
    till = short(ws)
    night(ws, date(2027, 1, 1))
    assert nonpayment(ws) == [], "it may still come by its due day"
    nights(ws, date(2027, 1, 2), date(2027, 1, 3))
    (item,) = nonpayment(ws)
    assert (item.code, item.amount_cents, item.role, item.people) == ("COBRA-SHORT", 1_000, "billing", 1)
    assert item.since == date(2027, 1, 2) and "$10.00 lacks of 2027-01" in item.label
    by_family(till, "REST", date(2027, 1, 4), E50002=1_000)
    night(ws, date(2027, 1, 4))
    assert nonpayment(ws) == [] and stages(ws) == {}
    whole(ws, date(2027, 1, 4))
    assert replay(ws, tmp_path / "again").equal


def test_it_is_told_and_an_end_that_waits_says_by_which_command(ws: Workspace, tmp_path: Path) -> None:
    short(ws)
    night(ws, date(2027, 1, 2))
    (item,) = nonpayment(ws)
    member = item.label.split()[1].rstrip(":")
    way, otherwise = ended_by(ws, item.number)
    assert way == f"rollbook delinquency short {ACCOUNT} --member {member} --reason R"
    assert "delinquency show" in otherwise
    told = inputs.tell_short(deciding(ws), ACCOUNT, member, ws.now(date(2027, 1, 5)), "it lacks each month")
    assert told is not None and told.done
    nights(ws, date(2027, 1, 5), date(2027, 2, 4))
    assert nonpayment(ws) == [] and stages(ws) == {f"{ACCOUNT} {member}": Stage.SHORT}
    night(ws, date(2027, 2, 5))
    (listed,) = nonpayment(ws)
    assert listed.code == "PREMIUM-UNPAID"
    way, otherwise = ended_by(ws, listed.number)
    assert way == f"rollbook delinquency approve {ACCOUNT} --member {member} --reason R"
    assert "delinquency show" in otherwise
    whole(ws, date(2027, 2, 5))
    assert replay(ws, tmp_path / "again").equal
