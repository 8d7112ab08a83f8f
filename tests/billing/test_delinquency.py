"""Who is late, day by day, and who is paid through when: cases as data, and what holds of every history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from billing import delinquency, paid
from billing.delinquency import Tells
from model.money.arrears import (
    Agreed,
    Allowed,
    Arrears,
    Asked,
    Came,
    EndAt,
    Owing,
    Payer,
    Seen,
    Share,
    Stage,
)
from model.money.cents import format_cents, parse_cents
from model.money.ledger import Memo, MemoKind
from model.timeline import Month

FOLDER = Path("tests/cases/billing")
USUAL: dict[str, Any] = {
    "grace": 31,
    "notices": [10, 20],
    "notice": 10,
    "again": 10,
    "end": "grace-end",
    "percent": 2,
    "dollars": 50,
}
PAYER = Payer("A")


def cases(name: str) -> list[object]:
    return [pytest.param(case, id=case["name"]) for case in yaml.safe_load((FOLDER / name).read_text())]


def agreed(more: dict[str, Any]) -> Agreed:
    said = USUAL | more
    trifle = Allowed(said["percent"], 100 * said["dollars"])
    return Agreed(said["grace"], tuple(said["notices"]), said["notice"], said["again"], EndAt(said["end"]), trifle)


def asked(rows: list[str]) -> list[Asked]:
    found = []
    for row in rows:
        month, due, billed, opened = row.split()
        found.append(
            Asked(Month.parse(month), date.fromisoformat(due), parse_cents(billed), parse_cents(opened), "")
        )
    return found


def memos(rows: list[str]) -> list[Memo]:
    found = []
    for number, due, opened in map(str.split, rows):
        day, cents = date.fromisoformat(due), parse_cents(opened)
        found.append(Memo(number, "A", MemoKind.FEE, day, day, 4_000, open=cents))
    return found


def decided(step: dict[str, Any], stands: Arrears | None) -> Arrears | None:
    """What people did on the day: told a family what lacks, or approved the end."""
    day = step["day"]
    if "short" in step:
        month = Month.parse(step["short"])
        return Arrears(PAYER, Stage.SHORT, day, month, month.first, month.first, 10_00, warned=day, short=month)
    if stands and "ended" in step:
        return replace(stands, stage=Stage.ENDED, since=day, end=step["ended"])
    return stands


@pytest.mark.parametrize("history", cases("delinquency.yaml"))
def test_days(history) -> None:
    now, seen, owed = agreed(history.get("agreed", {})), Seen(), asked(history["asked"])
    stands: Arrears | None = None
    for step in history["days"]:
        told: Any = {name: step[name] or None for name in ("left", "reopened") if name in step}
        seen = replace(seen, **told, hold=step.get("hold", seen.hold), gone=step.get("gone", seen.gone))
        seen = replace(seen, short=parse_cents(f"{step['lacks']:.2f}")) if "lacks" in step else seen
        owed = asked(step["asked"]) if "asked" in step else owed
        stands = decided(step, stands)
        night = delinquency.stands(
            PAYER, stands, paid.owing(owed, now.trifle, step["day"]), now, seen, step["day"]
        )
        stands = night.stands
        assert (stands.stage.value if stands else "none") == step["stage"], step
        assert night.tells is Tells[step.get("tells", "NOBODY")], step
        if "end" in step or step["stage"] == "listed":
            assert stands.end == step["end"], step
        if "beside" in step:
            named = delinquency.beside(memos(history["memos"]), step["day"])
            assert [memo.number for memo in named] == step["beside"], step
        if "month" in step:
            assert str(stands.month) == step["month"], step


@pytest.mark.parametrize("books", cases("paid.yaml"))
def test_through(books) -> None:
    if "asked" in books:
        rows = [f"{row.split()[0]} {row.split()[0]}-01 {' '.join(row.split()[1:])}" for row in books["asked"]]
        found, trifle = asked(rows), Allowed(2, 50_00)
    else:
        shares = [
            Share("A", Month.parse(m), Month.parse(m).first, m, parse_cents(c))
            for m, c in map(str.split, books["shares"])
        ]
        came = [Came(date.fromisoformat(day), parse_cents(cents)) for day, cents in map(str.split, books["came"])]
        told = Month.parse(books["told"]) if "told" in books else None
        cobra = books.get("cobra", False)
        found, trifle = list(paid.of_family(shares, came, cobra=cobra, told=told)), Allowed(0, 0)
        if "short" in books:
            assert format_cents(sum(each.short for each in found)) == books["short"]
    assert str(paid.through(found, trifle) or "none").lower() == books["through"]


def test_money_that_names_no_family_pays_all_of_them_or_nobody() -> None:
    """The employer or TPA pays a whole invoice: its families are paid. Of a part nobody can say whose it is."""
    jan, feb = (Asked(Month(2027, m), date(2027, m, 1), 500_00, 500_00, f"{m}") for m in (1, 2))
    families = {1: (jan, feb), 2: (replace(jan, open=0), feb)}
    settled = paid.unnamed(families, 600_00)
    assert {family: [each.open for each in all_] for family, all_ in settled.items()} == {
        1: [0, 500_00],
        2: [0, 500_00],
    }
    assert paid.unnamed(families, 499_99) == families


@pytest.mark.parametrize(
    ("accounts", "own", "month"),
    [
        ({"A": Month(2027, 2)}, {}, Month(2027, 2)),  # its invoices are paid
        ({"A": Month(2027, 1)}, {"A": 1500_00}, Month(2027, 3)),  # lines that name it paid its own premium
        ({"A": None}, {"A": 500_00}, Month(2027, 1)),
        ({}, {}, None),
    ],
)
def test_a_subscriber_is_paid_by_the_invoice_or_by_lines_of_its_own(accounts, own, month) -> None:
    shares = [Share("A", Month(2027, m), date(2027, m, 1), f"{m}", 500_00) for m in (1, 2, 3)]
    assert paid.of_subscriber(shares, accounts, own, Allowed(0, 0)) == month


# --- of every history ------------------------------------------------------------------------------------

DAYS = st.lists(
    st.tuples(
        st.integers(1, 9),  # days that pass
        st.integers(0, 1200_00),  # what is open then
        st.booleans(),  # whether the warning that is owed leaves
        st.booleans(),  # whether money lies unplaced
        st.booleans(),  # whether a payment is taken back on the day
    ),
    max_size=30,
)


@given(
    DAYS, st.sampled_from(list(EndAt)), st.integers(0, 60), st.lists(st.integers(1, 40), min_size=1, max_size=3)
)
def test_nobody_is_listed_before_both_notices_and_the_grace_nor_on_a_trifle(days, end, grace, notices) -> None:
    """And who pays at any stage is off the list that very day."""
    now = agreed({"end": end.value, "grace": grace, "notices": sorted(set(notices))})
    due, today, stands, seen = date(2027, 1, 1), date(2027, 1, 1), None, Seen()
    for passed, opened, leaves, unplaced, returned in days:
        today += timedelta(days=passed)
        if stands and stands.warned and leaves and (seen.left is None or seen.left < stands.warned):
            seen = replace(
                seen, left=today - timedelta(days=1) if today - timedelta(days=1) >= stands.warned else today
            )
        seen = replace(seen, hold="money" if unplaced else "", reopened=today if returned else seen.reopened)
        if stands is None or stands.warned is None or (seen.left and seen.left < stands.warned):
            seen = replace(seen, left=None)
        owes: Owing | None = paid.owing([Asked(Month(2027, 1), due, 1200_00, opened, "1")], now.trifle, today)
        night = delinquency.stands(PAYER, stands, owes, now, seen, today)
        before, stands = stands, night.stands
        if stands is None or stands.stage is not Stage.LISTED:
            continue
        assert opened > min(50_00, 1200_00 * 2 // 100) and not unplaced
        assert today > due + timedelta(days=grace)
        assert before and before.warned and seen.left and today > seen.left + timedelta(days=now.notice)
        assert not seen.reopened or seen.reopened <= stands.warned
        if end is not EndAt.PAID:
            assert stands.end >= max(due + timedelta(days=grace), seen.left + timedelta(days=now.notice))


@given(
    st.lists(st.integers(-100_00, 600_00), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 300), st.integers(-500_00, 700_00)), max_size=8),
    st.booleans(),
)
def test_a_familys_money_pays_each_cent_once(charged, came, cobra) -> None:
    """What is open and what lacks is what was charged less what came, unless more came than was charged."""
    first = Month(2027, 1)
    shares = [Share("A", first.plus(at), first.plus(at).first, f"{at}", cents) for at, cents in enumerate(charged)]
    money = [Came(date(2027, 1, 1) + timedelta(days=day), cents) for day, cents in came]
    found = paid.of_family(shares, money, cobra=cobra)
    assert all(each.open >= 0 and each.short >= 0 and each.open + each.short <= each.billed for each in found)
    stays = max(0, sum(cents for _, cents in came))
    assert sum(each.open + each.short for each in found) == max(0, sum(charged) - stays) or sum(charged) < stays
