"""A backtest: what proposed terms would have made of files and months that have been, and nothing is changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from model.timeline import Month
from pipeline import inputs
from pipeline.replay.backtest import backtest
from pipeline.runtime.workspace import Workspace
from store import steps
from support import desk
from support.installation import GROUP, TERMS, load_terms, run
from support.previews import traces

TEXT = TERMS.read_text("utf-8")
NOW = date(2027, 2, 20)
PROPOSED = TEXT.replace('"1500.00"', '"1600.00"').replace("retro_term_days = 60", "retro_term_days = 0")


@pytest.fixture
def lived(ws: Workspace) -> Workspace:
    """Ada and Bea since January, who is late ended in February, a bill, and the same terms loaded anew."""
    load_terms(ws)
    family = [
        {"who": "ada", "lines": ["021 HLT GOLD FAM 2027-01-01"]},
        {"who": "bea", "lines": ["021 HLT GOLD - 2027-01-01"]},
    ]
    desk.take(ws, 1, {"day": date(2026, 12, 5), "records": family})
    inputs.bill(ws, Month(2027, 1), ws.now(date(2026, 12, 12)), GROUP, ahead=True)
    load_terms(ws, TEXT.replace("Group Billing", "Group Desk"), date(2027, 1, 12))
    ends = [{"who": "bea", "do": "024", "lines": ["024 HLT GOLD - - 2027-01-31"]}]
    desk.take(ws, 2, {"day": date(2027, 2, 15), "records": ends})
    return ws


def test_lines_and_dollars_that_would_have_come_otherwise(lived: Workspace, tmp_path: Path) -> None:
    before = traces(lived)
    found = backtest(lived, PROPOSED, 80, lived.now(NOW), tmp_path / "b")
    assert traces(lived) == before
    assert [(f.group, f.was, f.would, f.cause, f.lines) for f in found.flips] == [
        (GROUP, "APPLIED", "PENDED", "RETRO-TERM", 1)
    ]
    (line,) = found.shown
    assert (line.file_id, line.member_line, line.was_done) == ("F000002", 1, "ended 2027-01-31")
    assert [(m.account, m.month, m.was_cents, m.would_cents) for m in found.months] == [
        ("41000100", "2027-01", 150_000, 160_000)
    ]
    assert found.not_done == ("1 x load-terms, as the proposed terms stand in their place",)
    (invoice,) = found.invoices
    assert invoice.now != invoice.then and not found.releases


def test_the_same_terms_change_nothing(lived: Workspace, tmp_path: Path) -> None:
    found = backtest(lived, TEXT, 80, lived.now(NOW), tmp_path / "b")
    assert (found.flipped, found.months, found.lines) == (0, (), 3)


def test_other_code_is_told(lived: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "release", lambda: "9.9.9")
    found = backtest(lived, TEXT, 80, lived.now(NOW), tmp_path / "b")
    assert len(found.releases) == 1 and not found.flipped


def test_what_cannot_be_tested_is_said(lived: Workspace, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing was recorded before"):
        backtest(lived, TEXT, 900, lived.now(NOW), tmp_path / "a")
    with pytest.raises(ValueError):
        backtest(lived, "[group", 80, lived.now(NOW), tmp_path / "b")
    path = tmp_path / "terms.toml"
    path.write_text(PROPOSED)
    ran = run("backtest", "--terms", path, "--days", 80, "--today", NOW)
    assert ran.code == 0 and "RETRO-TERM" in ran.out and "$1,600.00" in ran.out
    assert not list(lived.settings.home.glob(".backtest.*"))
