"""Measures how many members a second 1, 2 and 4 processes enroll, each its own group's sets: `make bench-groups`.

PostgreSQL, one server for all. The files are claimed and judged before the clock starts, so that what is measured
is the transaction that applies a set. Each figure is the best of some rounds; the ratios are to one process of the
same run. More processes than cores show only that nobody waits for another.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]


from pipeline.receive.claim import claim  # noqa: E402
from pipeline.receive.enroll import enroll  # noqa: E402
from pipeline.receive.judge import judge  # noqa: E402
from pipeline.runtime.workspace import Settings, Workspace, open_workspace  # noqa: E402
from pipeline.setup.installation import init  # noqa: E402
from pipeline.setup.load_terms import load_terms  # noqa: E402
from sample_files import edi  # noqa: E402
from store.received import files  # noqa: E402
from support.people import TESTER  # noqa: E402
from support.postgres import Postgres  # noqa: E402  the tests' own server

TERMS = ROOT / "sample_files" / "groups" / "harbor-mills.toml"
DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 17, tzinfo=UTC)
SPAWNED = multiprocessing.get_context("spawn")


def agree(ws: Workspace, group: int) -> None:
    """Load terms of a group of its own, sent by a partner of its own."""
    text = TERMS.read_text(encoding="utf-8")
    for old, new in (
        ("HM4100", "HM{}"),
        ("harbor-mills", "mills-{}"),
        ("HARBORMILLS", "MILLS{}"),
        ("410", "41{}"),
    ):
        text = text.replace(old, new.format(group))
    loaded = load_terms(ws, text, AT)
    assert loaded.stored, loaded.findings


def adds(group: int, number: int, members: int) -> bytes:
    """Return an 834 that adds single employees whom nobody else's file names."""
    sender = edi.Sender(f"MILLS{group}", "MILLS", "990000001", f"HM{group}")
    cover = (
        edi.Coverage("HLT", "GOLD", "EMP", date(2026, 12, 1)),
        edi.Coverage("DEN", "DENTAL", "EMP", date(2026, 12, 1)),
    )
    first = (group * 100 + number) * 10_000
    families = [
        edi.Family(
            f"E{first + place:08d}",
            "100",
            (edi.Person("18", f"SAMPLE{place}", "ADA", date(1984, 3, 30), "F", f"9{first + place:08d}"),),
            cover,
            date(2022, 3, 1),
            ("1 MAIN ST", "HARTFORD", "CT", "06101"),
        )
        for place in range(members)
    ]
    body = edi.enrollment_set(edi.members(families, sender=sender), DAY, f"B{number}", sender=sender)
    return edi.interchange([body], DAY, first // 10_000 + 1, sender=sender).encode()


def prepare(settings: Settings, processes: int, sets: int, members: int) -> list[list[int]]:
    """Make a store with every set judged; return the sets' ids by process."""
    init(settings, TESTER, AT)
    ws = open_workspace(settings, TESTER)
    found: list[list[int]] = []
    for group in range(1, processes + 1):
        agree(ws, group)
        mine = []
        for number in range(sets):
            file = claim(ws, [adds(group, number, members)], "adds.edi", f"mills-{group}", "bench", AT)
            judge(ws, file.id)
            with ws.database.read() as conn:
                mine += [stored.id for stored in files.sets_of(conn, file.id)]
        found.append(mine)
    ws.close()
    return found


def work(settings: Settings, barrier: Barrier, mine: list[int]) -> None:
    """Apply one group's sets."""
    ws = open_workspace(settings, TESTER)
    ws.zone()
    barrier.wait()
    for set_id in mine:
        enroll(ws, set_id)
    barrier.wait()
    with ws.database.read() as conn:
        states = {files.stored_set(conn, set_id).state for set_id in mine}
    ws.close()
    assert states == {"APPLIED"}, states


def measured(server: Postgres, processes: int, sets: int, members: int) -> float:
    """Return how many members a second so many processes enroll together."""
    name = f"b_{uuid4().hex}"
    server.execute(f"CREATE DATABASE {name}")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder), server.url(name), Path(folder) / "keys.json")
        shares = prepare(settings, processes, sets, members)
        barrier = SPAWNED.Barrier(processes + 1)
        runs = [SPAWNED.Process(target=work, args=(settings, barrier, mine)) for mine in shares]
        for run in runs:
            run.start()
        barrier.wait()
        began = time.perf_counter()
        barrier.wait()
        took = time.perf_counter() - began
        for run in runs:
            run.join()
        assert not any(run.exitcode for run in runs), "a process failed"
    server.execute(f"DROP DATABASE {name}")
    return processes * sets * members / took


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sets", type=int, default=2)
    asked.add_argument("--members", type=int, default=1_000)
    asked.add_argument("--rounds", type=int, default=3)
    options = asked.parse_args()
    home = Path(tempfile.mkdtemp(prefix="rollbook-bench-"))
    server = Postgres(home)
    server.start()
    try:
        best = dict.fromkeys((1, 2, 4), 0.0)
        for _ in range(options.rounds):
            for processes in best:
                best[processes] = max(best[processes], measured(server, processes, options.sets, options.members))
    finally:
        server.stop()
    print(f"{os.cpu_count()} cores; sets of {options.members} new employees, best of {options.rounds} rounds")
    for processes, pace in best.items():
        print(f"{processes} processes {pace:6.0f} members a second, {pace / best[1]:.2f} of one process")


if __name__ == "__main__":
    main()
