"""Four processes on one store: everything that they do is done, no number is given and no cent spent twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from model.money.ledger import REFUND
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from store import tables
from support import processes
from support.books_compared import differences
from support.cashed import ACCOUNT, OTHER, Till
from support.installation import LOADED, install, load_terms
from support.people import TESTER, deciding
from support.processes import together
from support.reference_ledger import Books

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


def test_credit_goes_out_once_and_the_papers_agree(on_both: Workspace) -> None:
    """Two refund and two move the same credit, which is enough for three quarters of what they ask for."""
    settings = processes.settings_of(on_both)
    install(settings)
    till = Till(on_both)
    load_terms(on_both)
    credit = 3 * TIMES * processes.PART
    till.pay("OVER", LOADED, ("11", ACCOUNT, credit))
    deciding(on_both)
    assert together(settings, [processes.refunds, processes.transfers] * 2, TIMES) == []
    found, books = till.balances(), Books()
    books.follow(on_both)
    assert differences(on_both, books) == []
    assert f"unapplied:{ACCOUNT}" not in found, "all of it is gone, and no more than that"
    assert found[REFUND] + found[f"unapplied:{OTHER}"] == -credit


def test_an_installation_is_made_in_an_empty_database(empty_database_url: str, bare_home: Path) -> None:
    """As a database server gives it: it is there, and holds nothing."""
    settings = replace(Settings.read(), database_url=empty_database_url)
    assert install(settings).keys_made
    opened = open_workspace(settings, TESTER)
    load_terms(opened)
    opened.close()
