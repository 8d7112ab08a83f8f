"""Four processes on one store: everything that they do is done, and no number is given twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from store import tables
from support import processes
from support.installation import install, load_terms
from support.people import TESTER
from support.processes import together

TIMES = 10


def count(ws: Workspace, column) -> int:
    with ws.database.read() as conn:
        return int(conn.scalar(select(func.count(func.distinct(column)))) or 0)


@pytest.mark.parametrize(
    ("work", "column", "more"),
    [
        (processes.claims, tables.file.c.id, 4 * TIMES),
        (processes.loads, tables.agreement.c.id, 3 * 4 * TIMES),  # ourselves, the partner, the group
        (processes.adds, tables.agreement.c.id, 4 * TIMES),
    ],
    ids=["claim", "terms load", "partner add"],
)
@pytest.mark.leaves("files")  # claimed by processes that do nothing more
def test_four_processes_at_once(on_both: Workspace, work, column, more: int) -> None:
    settings = processes.settings_of(on_both)
    install(settings)
    load_terms(on_both)
    before = count(on_both, column)
    assert together(settings, [work] * 4, TIMES) == []
    assert count(on_both, column) == before + more


def test_an_installation_is_made_in_an_empty_database(empty_database_url: str, bare_home: Path) -> None:
    """As a database server gives it: it is there, and holds nothing."""
    settings = replace(Settings.read(), database_url=empty_database_url)
    assert install(settings).keys_made
    opened = open_workspace(settings, TESTER)
    load_terms(opened)
    opened.close()
