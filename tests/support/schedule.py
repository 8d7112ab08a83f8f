"""Which tests run, and where.

Tests that share a scene run on one worker, so that its demo, server or endpoint is made once. A scene is a module,
a folder with something large of its own, or the modules that a table here puts together. In `make races` each pair
is one: what pairs share is made in a second.

A story that could run on both databases runs on one, by a hash of its name, unless the database is what it is
about (`BOTH`). Between them the stories go over both, and `make test-all` tells each on both.

What tries the same at many places or in many orders (`MATRICES`) tries a part of them, with each commit another,
so that a run is the same again until something changes. `make test-all`, or naming a file, tries them all.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
from xdist.scheduler import LoadScopeScheduling

_FOLDERS = {  # Prefect's server; sshd and S3; every source file parsed
    "tests/flows": "flows",
    "tests/intake": "channels",
    "tests/shape": "shape",
}
_MODULES = {
    "tests/e2e/test_three_channels.py": "channels",
    "tests/e2e/test_demo.py": "demo",
    "tests/e2e/test_documents.py": "demo",
    "tests/e2e/test_screens.py": "demo",
    "tests/e2e/test_verify_demo.py": "demo",
}
_LONG = ("flows", "demo")  # begin first, or one worker is still at them when the other has nothing left


DATABASES = ("sqlite", "postgresql")
BOTH = (  # folders and modules
    "tests/store/",
    "tests/pipeline/test_apart.py",
    "tests/pipeline/test_chunks.py",
    "tests/pipeline/test_decided_once.py",
    "tests/pipeline/test_first_statements.py",
    "tests/pipeline/test_leases.py",
    "tests/pipeline/test_processes.py",
    "tests/pipeline/test_races.py",
    "tests/pipeline/test_turns.py",
    "tests/pipeline/test_verify.py",
    "tests/e2e/test_two_months.py",
)


PARTS = 4
MATRICES = (  # tests whose parameters are orders or pairs of the same events, or places at which a run ends
    "tests/e2e/test_keys.py::test_a_foreign_ring_stops_every_command",
    "tests/e2e/test_keys.py::test_where_nothing_is_nothing_is_made",
    "tests/e2e/test_kill.py::test_killed_and_run_again",
    "tests/e2e/test_three_channels.py::test_a_killed_sweep_is_finished_by_the_next",
    "tests/pipeline/test_acknowledged.py::test_a_rejection_is_not_lost_over_a_slip_of_its_own_envelope",
    "tests/pipeline/test_bank.py::test_in_any_order_each_cent_is_entered_once",
    "tests/pipeline/test_corrected_payments.py::test_a_stopped_correction_is_finished_once",
    "tests/pipeline/test_corrected_payments.py::test_in_any_order_the_money_lands_once",
    "tests/pipeline/test_one_question.py::test_a_weekly_repeat_adds_a_receipt_to_the_same_item",
    "tests/pipeline/test_payments.py::test_in_any_order_the_money_lands_once",
    "tests/pipeline/test_races.py::test_beside_each_other",
    "tests/pipeline/test_stopped_runs.py::test_a_stopped_enrollment_is_finished",
    "tests/pipeline/test_sweep.py::test_a_stopped_sweep_takes_nothing_twice",
)


@cache
def part() -> int:
    """Return which part of what is tried in parts is this commit's turn; without git, the first."""
    asked = ["git", "rev-list", "--count", "HEAD"]
    told = subprocess.run(asked, cwd=Path(__file__).parent, capture_output=True, text=True, check=False).stdout
    return int(told or 0) % PARTS


def is_of_part(name: str) -> bool:
    """Say whether a name falls to the part whose turn it is."""
    return crc32(name.encode()) % PARTS == part()


def is_of_another_part(item: pytest.Item) -> bool:
    """Say whether a test is one of a matrix, and not in its turn."""
    return item.nodeid.startswith(MATRICES) and not is_of_part(item.nodeid)


def left_out(item: pytest.Item) -> bool:
    """Say whether a test is left to the same test on the other database."""
    parameters = getattr(item, "callspec", None)
    asked = [param for param in parameters.params.values() if param in DATABASES] if parameters else []
    if not asked or item.nodeid.startswith(BOTH):
        return False
    name = item.nodeid.replace(asked[0], "")
    return DATABASES[crc32(name.encode()) % 2] != asked[0]


def scene(nodeid: str) -> str:
    """Return the name of a test's scene."""
    module = nodeid.split("::")[0]
    if os.environ.get("RACES") == "all" and module == "tests/pipeline/test_races.py":
        return nodeid
    return _MODULES.get(module) or _FOLDERS.get(module.rsplit("/", 1)[0], module)


def order(items: list[pytest.Item]) -> None:
    """Put long scenes first, and the tests of each scene together; all else stays as it was."""
    places: dict[str, int] = {}
    for item in items:
        places.setdefault(scene(item.nodeid), len(places))
    places |= {name: number - len(_LONG) for number, name in enumerate(_LONG)}
    items.sort(key=lambda item: places[scene(item.nodeid)])


class OneScene(LoadScopeScheduling):
    """xdist's scheduling by scope, where the scope is the scene."""

    def _split_scope(self, nodeid: str) -> str:
        return scene(nodeid)
