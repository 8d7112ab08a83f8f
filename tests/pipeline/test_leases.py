"""Two files of one group never apply at once, and a run that died does not keep the next one out for long."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from intake.folder import read_chunks
from model.enrollment.decision import FileState
from model.turns import Wait
from pipeline.receive import enroll
from pipeline.receive import run as runs
from pipeline.receive.claim import claim
from pipeline.receive.judge import judge
from pipeline.receive.run import finish, work
from pipeline.runtime import leases, turns
from pipeline.runtime.workspace import Workspace
from store import journal
from store.engine import Connection
from store.received import files, member_lines
from support.installation import GROUP, PARTNER, SAMPLES, load_terms

DAY = date(2026, 11, 23)
ADDS = sorted((SAMPLES / "valid").glob("0[1-4]*.edi"))


def claimed(ws: Workspace, count: int) -> list[str]:
    load_terms(ws)
    return [claim(ws, read_chunks(path), path.name, PARTNER, "t", ws.now(DAY)).id for path in ADDS[:count]]


def take(ws: Workspace, name: str, holder: str, at: datetime) -> bool:
    return ws.database.retry(lambda conn: journal.lease(conn, name, holder, at, leases.SECONDS))


def test_two_files_of_one_group_never_apply_at_once(on_both: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    ws, inside, seen = on_both, [], []
    real = member_lines.add_dispositions

    def slow(*args: Any) -> None:
        inside.append(1)
        seen.append(len(inside))
        time.sleep(0.2)
        real(*args)
        inside.pop()

    files_of_group = claimed(ws, 3)
    monkeypatch.setattr(member_lines, "add_dispositions", slow)
    at_once = [threading.Thread(target=finish, args=(ws, file)) for file in files_of_group]
    for run in at_once:
        run.start()
    for run in at_once:
        run.join(60)
    assert seen == [1, 1, 1]
    with ws.database.read() as conn:
        assert files.unfinished(conn) == []


def test_a_lease_of_a_clock_that_was_wrong_ends(on_both: Workspace) -> None:
    """A machine whose clock was a year ahead: its lease ends no later than one that is taken today."""
    now = datetime.now(UTC)
    assert take(on_both, "group G1", "astray", now + timedelta(days=365))
    assert not take(on_both, "group G1", "next", now)
    assert not take(on_both, "group G1", "next", now + timedelta(seconds=leases.SECONDS - 1))
    assert take(on_both, "group G1", "next", now + timedelta(seconds=leases.SECONDS))


@pytest.mark.leaves("files")
def test_a_file_waits_for_the_lease_and_gives_it_back(ws: Workspace) -> None:
    (file_id,) = claimed(ws, 1)
    judge(ws, file_id)
    with ws.database.read() as conn:
        (stored,) = files.sets_of(conn, file_id)
    name = f"group {GROUP}"
    assert take(ws, name, "another", datetime.now(UTC))
    with pytest.raises(TimeoutError, match="busy"), leases.held(ws, [name], "me", patience=0.3):
        pytest.fail("entered while another holds it")

    run = threading.Thread(target=enroll.enroll, args=(ws, stored.id))
    run.start()
    run.join(0.5)
    assert run.is_alive(), "it waits"
    with ws.database.read() as conn:
        assert files.stored_set(conn, stored.id).state is None
    ws.database.retry(lambda conn: journal.release(conn, name, "another"))
    run.join(30)
    with ws.database.read() as conn:
        assert files.stored_set(conn, stored.id).state == "APPLIED"
    assert take(ws, name, "the next", datetime.now(UTC)), "given back"


def test_the_dead_let_go(ws: Workspace) -> None:
    """A killed run's lease runs out; and the same set's next run enters at once."""
    long_ago = datetime.now(UTC) - timedelta(seconds=leases.SECONDS + 1)
    assert take(ws, "group 1", "the dead", long_ago)
    assert take(ws, "group 2", "set 7", datetime.now(UTC))
    with leases.held(ws, ["group 2", "group 1"], "set 7", patience=0):
        assert not take(ws, "group 1", "another", datetime.now(UTC))
    assert take(ws, "group 1", "another", datetime.now(UTC))


CHILD = "import time; from pipeline.runtime import leases; print(leases.new_holder(), flush=True); time.sleep(600)"


def test_a_process_that_died_is_seen_at_once_on_its_machine(ws: Workspace) -> None:
    with subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        holder = child.stdout.readline().strip()
        assert leases.lives(holder) and leases.lives(leases.new_holder())
        assert take(ws, "file 1", holder, datetime.now(UTC)) and leases.is_held(ws, "file 1")
        with leases.alone(ws, "file 1") as hold:
            assert hold is None
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert leases.lives(holder) is False, "ended, though nobody has buried it"
    assert leases.lives(holder) is False and not leases.is_held(ws, "file 1")
    machine, pid, started, own = holder.split(":")
    assert leases.lives(f"elsewhere:{pid}:{started}:{own}") is None, "of another machine nobody knows"
    assert leases.lives(f"{machine}:{os.getpid()}:1:{own}") is False, "its number is another process's by now"
    with leases.alone(ws, "file 1") as hold:
        assert hold is not None


def holds(ws: Workspace, hold: leases.Hold) -> bool:
    with ws.database.read() as conn:
        return journal.holds(conn, hold.name, hold.holder, datetime.now(UTC), 0)


def test_a_lease_is_extended_while_its_holder_works(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "BEAT", 0.02)
    with leases.alone(ws, "deliver 1") as hold:
        assert hold is not None
        old = datetime.now(UTC) - timedelta(seconds=leases.SECONDS + 1)
        ws.database.retry(lambda conn: journal.extend(conn, hold.name, hold.holder, old, leases.SECONDS))
        deadline = time.monotonic() + 60
        while not holds(ws, hold):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        ws.database.retry(lambda conn: journal.release(conn, hold.name, hold.holder))
        with pytest.raises(leases.LeaseLost, match="another one took it"):
            hold.check()


def test_a_file_whose_set_takes_longer_than_a_lease_stays_its_runs(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No beat comes through beside the set's own transaction, and who waits may be the first after its commit."""
    (file_id,) = claimed(ws, 1)
    outcomes: list[object] = []
    first, second = (threading.Thread(target=lambda: outcomes.append(work(ws, file_id))) for _ in range(2))
    inside, commit = threading.Event(), threading.Event()
    decide, answer = member_lines.add_dispositions, runs.answer

    def slow(*args: Any) -> None:
        decide(*args)
        inside.set()
        assert commit.wait(60)

    def late(*args: Any) -> FileState:
        if threading.current_thread() is first:  # its transaction is committed, and no beat has come since
            second.join(60)
        return answer(*args)

    monkeypatch.setattr(leases, "SECONDS", 1)
    monkeypatch.setattr(member_lines, "add_dispositions", slow)
    monkeypatch.setattr(runs, "answer", late)
    first.start()
    assert inside.wait(60)
    time.sleep(1.1)
    assert turns.is_busy(ws, file_id), "it has run out, and its run is alive"
    second.start()
    second.join(0.3)
    commit.set()
    first.join(60)
    assert outcomes == [Wait(file_id, file_id), "APPLIED"]
    assert turns.file(ws, file_id).attempts == 1


def test_only_who_cannot_be_seen_loses_what_has_run_out(on_both: Workspace) -> None:
    long_ago = datetime.now(UTC) - timedelta(seconds=leases.SECONDS + 1)
    alive = leases.new_holder()
    elsewhere = f"elsewhere:{alive.partition(':')[2]}"
    for name, holder, kept in (("file 1", alive, True), ("file 2", elsewhere, False)):
        assert take(on_both, name, holder, long_ago)
        assert leases.is_held(on_both, name) == kept
        with leases.alone(on_both, name) as hold:
            assert (hold is None) == kept


def test_a_store_that_is_away_for_a_moment_ends_no_beat(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen before: a busy store ended the thread with a traceback, and the lease ran out under its holder."""
    real, tried = leases.Hold.fence, threading.Event()

    def fence(hold: leases.Hold, conn: Connection) -> None:
        if not tried.is_set():
            tried.set()
            raise OperationalError("", None, Exception())
        real(hold, conn)

    monkeypatch.setattr(leases, "BEAT", 0.05)
    monkeypatch.setattr(leases.Hold, "fence", fence)
    with leases.alone(ws, "it"):
        assert tried.wait(30)
        (beat,) = (thread for thread in threading.enumerate() if thread.name == "lease it")
        beat.join(0.5)
        assert beat.is_alive()


def test_an_error_gives_the_lease_back(ws: Workspace) -> None:
    with pytest.raises(ZeroDivisionError), leases.held(ws, ["group 1"], "me"):
        _ = 1 / 0
    assert take(ws, "group 1", "another", datetime.now(UTC))
