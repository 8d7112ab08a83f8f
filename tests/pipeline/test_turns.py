"""A file that breaks stops its partner's and its groups' later files, whoever works on them; nobody else's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from model.turns import ATTEMPTS
from pipeline.receive import run as receiving
from pipeline.receive import sweep as sweeping
from pipeline.runtime.workspace import Workspace
from store.received import files
from store.tables import disposition
from support.envelopes import enrollment, interchange
from support.installation import GROUP, PARTNER, SAMPLES, load_terms, run

DAY = date(2026, 11, 23)
BROKER, STRANGER = "brokers", "cedar-point"
AGENCY = """
[[partner]]
code = "brokers"
name = "Brokers"
kind = "broker"
isa_ids = ["ZZ:BROKERS"]
gs_ids = ["BROKERS"]
[[partner.grants]]
group = "HM4100"
begin = 2026-01-01
"""
STEPS = ("judge", "apply", "answer")


@pytest.fixture(autouse=True)
def partners(ws: Workspace) -> None:
    """An employer, a broker of the same group, and the employer of another one."""
    load_terms(ws)
    load_terms(ws, AGENCY)
    load_terms(ws, (SAMPLES / "groups" / "cedar-point.toml").read_text(encoding="utf-8"))


@contextmanager
def failing(step: str, *ids: str, after: bool = False) -> Iterator[None]:
    """Let a step of the work on these files break, before or after what it does."""
    real: Callable[..., Any] = getattr(receiving, step)

    def breaks(ws: Workspace, file_id: str) -> Any:
        if file_id in ids and not after:
            raise RuntimeError("Doe, Jane")
        done = real(ws, file_id)
        if file_id in ids:
            raise RuntimeError("Doe, Jane")
        return done

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(receiving, step, breaks)
        yield


def small(partner: str, control: int) -> bytes:
    """A small 834 of the samples' group, from the employer or the broker."""
    data = interchange(control, enrollment(control))
    if partner == PARTNER:
        return data
    return data.replace(b"*HARBORMILLS    *", b"*BROKERS        *").replace(b"*HARBORMILLS*", b"*BROKERS*")


def drop(ws: Workspace, partner: str, control: int) -> None:
    folder = ws.settings.home / "inbox" / partner
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{control}.edi"
    path.write_bytes(small(partner, control))
    os.utime(path, (control, control))


def sweep(ws: Workspace) -> dict[str, str]:
    """Sweep; return the findings' words by code."""
    swept = sweeping.sweep(ws, ws.now(DAY), settle=0)
    return {finding.code: finding.message for inbox in swept for finding in inbox.findings}


def states(ws: Workspace) -> dict[str, str | None]:
    with ws.database.read() as conn:
        return {file.id: file.state and file.state.value for file in files.files(conn)}


def order_of_effect(ws: Workspace) -> list[str]:
    """Return the files in the order in which their members were decided."""
    with ws.database.read() as conn:
        known = [(file.id, stored) for file in files.files(conn) for stored in files.sets_of(conn, file.id)]
        decided = {
            name: conn.scalar(select(func.min(disposition.c.tx)).where(disposition.c.set_id == stored.id))
            for name, stored in known
        }
    return sorted((name for name, tx in decided.items() if tx), key=lambda name: decided[name])


@pytest.mark.parametrize("step", STEPS)
def test_a_sweep_holds_the_partners_later_files_back(ws: Workspace, step: str) -> None:
    for control in (1, 2, 3):
        drop(ws, PARTNER, control)
    with failing(step, "F000001"):
        told = sweep(ws)
    assert states(ws) == {"F000001": None, "F000002": None, "F000003": None}
    assert "Jane" not in str(told) and "RuntimeError" in told["WORK-STOPPED"]
    assert "F000001" in told["FILE-WAITS"] and PARTNER in told["FILE-WAITS"]
    assert sweep(ws) == {}
    assert None not in states(ws).values()
    assert order_of_effect(ws) == ["F000001", "F000002", "F000003"]


def test_a_sweep_holds_the_groups_later_files_back(ws: Workspace) -> None:
    drop(ws, PARTNER, 1)
    with failing("apply", "F000001"):
        sweep(ws)
        drop(ws, BROKER, 2)
        drop(ws, STRANGER, 3)
        told = sweep(ws)
    assert states(ws)["F000002"] is None, "the broker's file is about a group of the employer's file"
    assert states(ws)["F000003"] is not None, "the other group's is not"
    assert GROUP in told["FILE-WAITS"] and "F000001" in told["FILE-WAITS"]
    assert sweep(ws) == {}
    assert order_of_effect(ws) == ["F000001", "F000002"]


def test_a_file_that_cannot_be_read_yet_stands_for_all_its_sender_may_touch(ws: Workspace) -> None:
    """Its groups are not known before it is judged, and the broker's next file could be about any of them."""
    drop(ws, BROKER, 1)
    with failing("judge", "F000001"):
        sweep(ws)
        drop(ws, PARTNER, 2)
        sweep(ws)
        assert states(ws)["F000002"] is None
    sweep(ws)
    assert order_of_effect(ws) == ["F000001", "F000002"]


@pytest.mark.parametrize("step", STEPS)
def test_a_file_that_cannot_be_finished_blocks_nobody_elses_receive(
    ws: Workspace, tmp_path: Path, step: str
) -> None:
    drop(ws, PARTNER, 1)
    with failing(step, "F000001"):
        sweep(ws)
        sample = SAMPLES / "demo" / "cedar-point" / "01-adds.edi"
        ran = run("receive", sample, "--partner", STRANGER, "--today", "2026-11-20", "--json")
        assert (ran.code, ran.json[0]["state"]) == (0, "APPLIED")
        own = tmp_path / "own.edi"
        own.write_bytes(small(PARTNER, 2))
        held = run("receive", own, "--partner", PARTNER, "--today", DAY)
    assert held.code == 1
    assert "F000003" in held.out and "waits for F000001" in held.out
    assert states(ws)["F000003"] is None
    done = run("receive", sample, "--partner", STRANGER, "--today", "2026-11-20")
    assert states(ws)["F000003"] is None and "F000001" not in done.out, "what failed is not another's work"
    third = tmp_path / "third.edi"
    third.write_bytes(small(PARTNER, 3))
    assert run("receive", third, "--partner", PARTNER, "--today", DAY).code == 0, "with all that stood before it"
    assert [name for name in order_of_effect(ws) if name != "F000002"] == ["F000001", "F000003", "F000005"]


def test_what_fails_again_and_again_is_told_and_waits_for_a_person(ws: Workspace) -> None:
    drop(ws, PARTNER, 1)
    drop(ws, PARTNER, 2)
    with failing("apply", "F000001"):
        for attempt in range(1, ATTEMPTS):
            assert "WORK-STOPPED" in sweep(ws)
            with ws.database.read() as conn:
                assert files.file(conn, "F000001").attempts == attempt
        for _ in range(2):
            told = sweep(ws)
            assert "WORK-STOPPED" not in told and f"{ATTEMPTS} attempts" in told["FILE-STUCK"]
        assert run("sweep", "--settle", 0, "--today", DAY).code == 1
        shown = run("file", "list")
        assert "RuntimeError" in run("file", "show", "F000001").out
        assert f"{ATTEMPTS} attempts" in shown.out
        with pytest.raises(RuntimeError):
            run("file", "retry", "F000001", "--today", DAY)
    assert "FILE-STUCK" in sweep(ws), "mended, and still a person's to start"
    assert states(ws) == {"F000001": None, "F000002": None}
    done = run("file", "retry", "F000001", "--today", DAY)
    assert str(states(ws)["F000001"]) in done.out
    assert states(ws)["F000001"] is not None and states(ws)["F000002"] is None
    assert sweep(ws) == {}
    assert order_of_effect(ws) == ["F000001", "F000002"]
    assert states(ws).keys() == {"F000001", "F000002"} and None not in states(ws).values()


@pytest.mark.leaves("files")
def test_a_file_that_kills_its_process_each_time_is_counted_too(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(ws, PARTNER, 1)

    def kill(ws: Workspace, file_id: str) -> None:
        raise KeyboardInterrupt  # nothing in the code catches it, as nothing catches a kill

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "apply", kill)
        for _ in range(ATTEMPTS):
            with pytest.raises(KeyboardInterrupt):
                sweep(ws)
        assert "its process was stopped each time" in sweep(ws)["FILE-STUCK"]


@pytest.mark.leaves("files")
def test_an_earlier_file_cannot_be_overtaken_by_hand(ws: Workspace) -> None:
    drop(ws, PARTNER, 1)
    drop(ws, PARTNER, 2)
    with failing("apply", "F000001"):
        sweep(ws)
        ran = run("file", "retry", "F000002", "--today", DAY)
    assert ran.code == 1 and "waits for F000001" in ran.out
    assert states(ws)["F000002"] is None
