"""A subgroup whose families pay for themselves is dropped, ends, or pays as one: nothing that they owe is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from model.approval import NOBODY
from model.money.arrears import Stage
from model.timeline import Month
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.setup.load_terms import load_terms
from support.cashed import ACCOUNT, Till
from support.installation import TERMS
from support.lateness import by_family, night, nights, stages
from support.people import TWO, deciding
from support.verified import whole

TEXT = TERMS.read_text(encoding="utf-8")
DIRECT = TEXT.replace('code = "100"', 'code = "100"\ndirect_bill = true')
FAMILY, SINGLE, LATE = 162_000, 54_000, date(2027, 1, 5)


@pytest.fixture
def till(ws: Workspace) -> Till:
    """January is billed, and one of two families has paid a third of it."""
    till = Till(ws)
    till.open(DIRECT)
    till.bill(Month(2027, 1), date(2026, 12, 10))
    by_family(till, "JAN", date(2026, 12, 28), E50001=FAMILY, E50002=SINGLE // 3)
    night(ws, LATE)
    assert list(stages(ws).values()) == [Stage.DUE]
    return till


def test_a_subgroup_whose_families_owe_is_not_dropped(till: Till) -> None:
    ws, before = till.ws, stages(till.ws)
    place = TEXT.index("[[group.subgroups]]")
    gone = TEXT[:place] + TEXT[TEXT.index("[[group.subgroups]]", place + 1) :]
    refused = load_terms(deciding(ws), gone, ws.now(LATE), TWO)
    assert [finding.code for finding in refused.findings] == ["TERMS-DROPS-ACCOUNT"] and not refused.stored
    night(ws, LATE)
    assert stages(ws) == before


def test_where_it_ends_what_is_owed_stays_late_and_payable(till: Till, tmp_path: Path) -> None:
    ws = till.ws
    (late,) = stages(ws)
    ends = DIRECT.replace('name = "Salaried"', 'name = "Salaried"\nend = 2027-01-31')
    made = load_terms(deciding(ws), ends, ws.now(LATE), TWO)
    assert made.stored, made.findings
    nights(ws, date(2027, 1, 6), date(2027, 2, 3))
    assert stages(ws)[late] in (Stage.WARNED, Stage.LISTED)
    by_family(till, "REST", date(2027, 2, 4), E50002=2 * SINGLE // 3)
    night(ws, date(2027, 2, 4))
    assert stages(ws)[late] is Stage.PAID and set(till.opens().values()) == {0}
    whole(ws, date(2027, 2, 4))
    assert replay(ws, tmp_path / "again").equal


def test_where_the_account_pays_as_one_it_owes_what_its_families_did(till: Till, tmp_path: Path) -> None:
    ws, plain = till.ws, TEXT
    (late,) = stages(ws)
    asked = load_terms(ws, plain, ws.now(LATE), NOBODY)
    (told,) = asked.findings
    assert told.code == "TERMS-EFFECT" and not asked.stored
    assert f"(2027-01), which account {ACCOUNT} as one would owe" in told.message
    assert load_terms(deciding(ws), plain, ws.now(LATE), TWO).stored
    night(ws, date(2027, 1, 6))
    assert stages(ws) == {late: Stage.PAID, ACCOUNT: Stage.DUE}
    assert list(till.opens().values()) == [2 * SINGLE // 3]
    till.pay("REST", date(2027, 1, 7), ("11", ACCOUNT, 2 * SINGLE // 3 + 1_000))
    night(ws, date(2027, 1, 7))
    assert stages(ws)[ACCOUNT] is Stage.PAID and set(till.opens().values()) == {0}
    assert till.balances()[f"unapplied:{ACCOUNT}"] == -1_000, "what was paid over is credit, and can be refunded"
    whole(ws, date(2027, 1, 7))
    assert replay(ws, tmp_path / "again").equal
