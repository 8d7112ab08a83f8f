"""Health: a sound story costs nothing; each thing that costs money is found by its check alone, with its money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from model.health import About, Checked, Cost
from pipeline.health import run as health
from pipeline.health.costly import COSTLY
from pipeline.health.looking import Looking
from pipeline.runtime.settings import InstallationError
from pipeline.runtime.workspace import Workspace
from pipeline.verify.questions import BESIDE, QUICK, THOROUGH
from pipeline.views.health import health_view
from store.checks.ask import Ask
from store.engine import Connection, Database
from support.installation import GROUP, ROOT
from support.story import LAST_DAY, tell, told_in

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "verify" / "costly.yaml").read_text("utf-8"))


class _UndoError(Exception):
    """Takes back what a case has planted."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The story on SQLite: not to be changed."""
    with told_in(tmp_path_factory.mktemp("health") / "var") as ws:
        yield ws


def found(ws: Workspace, conn: Connection, day: date) -> dict[str, tuple[Cost, ...]]:
    look = Looking(ws, Ask(conn, ws.now(day)), day)
    every = {each.name: tuple(each.look(look)) for each in COSTLY}
    return {name: costs for name, costs in every.items() if costs}


def planted(ws: Workspace, case: dict[str, Any]) -> None:
    """Plant it, look, and take it back."""
    with pytest.raises(_UndoError), ws.database.migrating() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            conn.execute(text("PRAGMA ignore_check_constraints = ON"))
            for name in list(conn.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))):
                conn.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in case["do"]:
            conn.exec_driver_sql(statement.replace("%", "%%") if conn.dialect.name == "postgresql" else statement)
        costs = found(ws, conn, case.get("today", LAST_DAY))
        mine = costs.pop(case["check"], ())
        first = len(case["where"])
        assert [f"{cost.about} {cost.ident}" for cost in mine[:first]] == case["where"]
        assert [cost.cents for cost in mine[:first]] == case["cents"] and len(mine) - first == case.get("more", 0)
        assert all(cost.since <= case.get("today", LAST_DAY) and cost.what for cost in mine)
        assert costs.keys() <= set(case.get("also", ())), costs
        raise _UndoError


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['check']}: {len(case['where'])}")
def test_what_costs_money_is_found(told: Workspace, case: dict[str, Any]) -> None:
    planted(told, case)


def test_what_costs_money_is_found_on_postgresql(ws: Workspace, database: Database) -> None:
    if database.engine.dialect.name == "postgresql":
        there = replace(ws, database=database)
        tell(there)
        for case in CASES:
            planted(there, case)


def test_each_check_has_a_case_and_is_no_question_of_verify() -> None:
    names = [each.name for each in COSTLY]
    assert set(names) == {case["check"] for case in CASES}
    questions = {each.name for each in QUICK} | {each.name for each in BESIDE} | {each.name for each in THOROUGH}
    assert len(set(names)) == len(names) and not questions & set(names)
    assert len({each.look for each in COSTLY}) == len(COSTLY)


def test_a_sound_story_costs_nothing(told: Workspace) -> None:
    checked = health.health(told, told.now(LAST_DAY))
    assert [each.name for each in checked if each.costs] == []
    view = health_view(checked, LAST_DAY, {})
    assert view.sound and len(view.checks) == len(COSTLY)


# --- the nights, and what is shown -----------------------------------------------------------------------


def one(name: str, *costs: Cost) -> Checked:
    return Checked(name, "Which?", "Ask.", monthly=True, costs=costs)


def cost(number: int, since: date, cents: int = 100, group: str = GROUP) -> Cost:
    return Cost(About.ITEM, str(number), "it waits", since, cents, group, f"{group}00")


def test_the_figures_of_nights_are_kept_once_a_day(ws: Workspace) -> None:
    """A night that runs again says its figures again; today's are compared with those of the nights before."""
    for day, count in ((1, 5), (2, 4), (22, 3), (28, 2), (28, 1)):
        costs = [cost(number, date(2027, 1, 1)) for number in range(count)]
        health.keep(ws, date(2027, 2, day), [one("suspense", *costs)])
    home = ws.settings.home
    assert [night.day[-2:] for night in health.nights(home)] == ["01", "02", "22", "28"]
    kept = {when: night.figures["suspense"] for when, night in health.before(home, date(2027, 3, 1)).items()}
    assert kept == {"last night": (1, 100), "a week ago": (3, 300), "four weeks ago": (5, 500)}
    health.path(home).write_text("{}\n", "ascii")
    with pytest.raises(InstallationError, match=r"health\.jsonl"):
        health.nights(home)


def test_what_is_shown_has_ages_groups_and_the_first_commands() -> None:
    costs = (
        cost(1, date(2026, 11, 1), 500, "G1"),
        cost(2, date(2026, 12, 20), 100, "G2"),
        cost(3, date(2027, 1, 31), 50, "G2"),
        cost(4, date(2027, 2, 1), 0, ""),
    )
    checked = [one("suspense", *costs), one("deposits")]
    value = health_view(
        checked, date(2027, 2, 1), {"last night": ("2027-01-31", {"suspense": (7, 900)})}, rows=True
    )
    found, clean = value.checks
    assert not value.sound and found.count == 4 and found.amount_cents == 650 and found.oldest == date(2026, 11, 1)
    assert [(each.name, each.count) for each in found.ages] == [("0-30", 2), ("31-60", 1), ("91-", 1)]
    assert [(each.name, each.count, each.amount_cents) for each in found.groups] == [
        ("G1", 1, 500),
        ("G2", 2, 150),
    ]
    assert found.commands == tuple(f"rollbook work show {number}" for number in (1, 2, 3))
    assert (found.before[0].count, found.before[0].amount_cents, clean.before) == (7, 900, ())
    assert len(found.rows) == 4 and clean.oldest is None and clean.fix == "" and value.members == ()


def test_a_group_alone_and_a_check_alone(told: Workspace) -> None:
    later = told.now(date(2027, 3, 12))
    every = {each.name: each for each in health.health(told, later)}
    assert {name for name, each in every.items() if each.costs} == {"no-invoice", "overdue"}
    (mine,) = health.health(told, later, group=GROUP, only=["overdue"])
    assert mine.costs == every["overdue"].costs
    (others,) = health.health(told, later, group="CP5200", only=["overdue"])
    assert not others.costs
    with pytest.raises(KeyError, match="overdu"):
        health.health(told, later, only=["overdu"])
