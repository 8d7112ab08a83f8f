"""Whatever breaks and is repeated: files of one partner, and of one group, take effect in order of receipt."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import func, select

from pipeline.receive import run, sweep
from pipeline.runtime.workspace import Workspace, open_workspace
from store.received import files
from store.tables import disposition
from support.envelopes import enrollment, interchange
from support.fixtures import bare_home, home, ws
from support.installation import SAMPLES, load_terms
from support.people import TESTER
from support.tries import tries

__all__ = ["bare_home", "home", "ws"]

DAY = date(2026, 11, 23)
AGENCY = """
[[partner]]
code = "agency"
name = "Agency"
kind = "broker"
isa_ids = ["ZZ:AGENCY"]
gs_ids = ["AGENCY"]
[[partner.grants]]
group = "HM4100"
begin = 2026-01-01
[[partner.grants]]
group = "CP5200"
begin = 2026-01-01
"""
SENDERS = {"harbor-mills": "HARBORMILLS", "agency": "AGENCY", "cedar-point": "CEDARPOINT"}
SENT = st.sampled_from(
    [("harbor-mills", "HM4100"), ("agency", "HM4100"), ("agency", "CP5200"), ("cedar-point", "CP5200")]
)
BREAKS = st.lists(st.sampled_from(["judge", "apply", "answer"]), max_size=3)  # one by one, attempt by attempt
DOES = st.lists(st.sampled_from(["sweep", "receive", "retry", "resume"]), min_size=2, max_size=8)


class Broken(Exception):
    """What breaks a step."""


@pytest.fixture
def installed(ws: Workspace) -> Workspace:
    """Two employers and an agency that sends for both."""
    load_terms(ws)
    load_terms(ws, (SAMPLES / "groups" / "cedar-point.toml").read_text(encoding="utf-8"))
    load_terms(ws, AGENCY)
    return ws


@contextmanager
def another(ws: Workspace, folder: Path) -> Iterator[Workspace]:
    """A copy of an installation, gone at the end."""
    shutil.copytree(ws.settings.home, folder)
    changed = replace(ws.settings, home=folder, database_url=f"sqlite:///{folder / 'rollbook.db'}")
    copy = open_workspace(changed, TESTER)
    yield copy
    copy.close()
    shutil.rmtree(folder)


def small(partner: str, group: str, control: int) -> bytes:
    """A small 834 of a partner about a group."""
    text = interchange(control, enrollment(control)).decode().replace("HM4100", group)
    name = SENDERS[partner]
    return text.replace(f"*{'HARBORMILLS':15}*", f"*{name:15}*").replace("*HARBORMILLS*", f"*{name}*").encode()


def breaking(patched: pytest.MonkeyPatch, plan: dict[str, list[str]]) -> None:
    """Let each file's attempts break as planned, after the step has done its work."""
    for step in ("judge", "apply", "answer"):
        real = getattr(run, step)

        def work(ws: Workspace, file_id: str, step: str = step, real: Any = real) -> Any:
            done = real(ws, file_id)
            if plan.get(file_id, [""])[:1] == [step]:
                plan[file_id].pop(0)
                raise Broken
            return done

        patched.setattr(run, step, work)


def effect(ws: Workspace) -> dict[str, int]:
    """Return the transaction in which each file's members were decided."""
    with ws.database.read() as conn:
        return {
            file.id: conn.scalar(select(func.min(disposition.c.tx)).where(disposition.c.set_id == stored.id)) or 0
            for file in files.files(conn)
            for stored in files.sets_of(conn, file.id)
        }


@tries(12, HealthCheck.function_scoped_fixture)
@given(sent=st.lists(st.tuples(SENT, BREAKS), min_size=3, max_size=6), does=DOES)
def test_files_of_one_partner_and_of_one_group_take_effect_in_order(
    installed: Workspace, sent: list[tuple[tuple[str, str], list[str]]], does: list[str]
) -> None:
    with (
        another(installed, installed.settings.home.with_name("copy")) as ws,
        pytest.MonkeyPatch.context() as patched,
    ):
        now = ws.now(DAY)
        about = {f"F{number:06d}": each for number, (each, _) in enumerate(sent, 1)}
        plan = {f"F{number:06d}": list(breaks) for number, (_, breaks) in enumerate(sent, 1)}
        coming = iter(range(1, len(sent) + 1))
        with pytest.MonkeyPatch.context() as broken:
            breaking(broken, plan)
            for what in (*does, *["receive"] * len(sent)):
                _do(ws, now, what, about, coming)
        patched.setattr("pipeline.runtime.turns.ATTEMPTS", 99)
        assert [finding for swept in sweep.sweep(ws, now, settle=0) for finding in swept.findings] == []
        decided = effect(ws)
        assert decided.keys() == about.keys() and all(decided.values())
        for file in about:
            for other in about:
                alike = about[file][0] == about[other][0] or about[file][1] == about[other][1]
                assert not (alike and file < other) or decided[file] < decided[other], (about, decided)


def _do(ws: Workspace, now: Any, what: str, about: dict[str, tuple[str, str]], coming: Iterator[int]) -> None:
    """Do what a schedule or a person does; nothing that breaks keeps the next from being done."""
    if what == "sweep":
        sweep.sweep(ws, now, settle=0)
    elif what == "resume":
        run.resume(ws, now, "")
    elif what == "retry":
        with ws.database.read() as conn:
            known = [file.id for file in files.files(conn)]
        for file_id in known[-2:]:
            with suppress(Broken):
                run.retry(ws, file_id, now)
    elif number := next(coming, 0):
        partner, group = about[f"F{number:06d}"]
        with suppress(Broken):
            run.receive(ws, [small(partner, group, number)], f"{number}.edi", partner, "test", now)
