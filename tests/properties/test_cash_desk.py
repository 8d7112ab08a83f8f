"""Whatever the cash desk does, in whatever order: the ledger is what the papers say, on both databases.

The rules are support.cash_verbs', the papers' own ledger support.reference_ledger.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from support.cash_verbs import CashVerbs
from support.tries import tries


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_the_ledger_is_what_the_papers_say(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest, database: str
) -> None:
    folder: Path = tmp_path_factory.mktemp("desk")
    server = request.getfixturevalue("postgres") if database == "postgres" else None
    machine = type("CashVerbs", (CashVerbs,), {"stamps": folder, "server": server})
    run_state_machine_as_test(machine, settings=tries(4, steps=14))
