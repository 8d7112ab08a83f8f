"""How many files one member's way passes, and one cent's, for whoever reads along (docs/design.md, The house)."""

from __future__ import annotations

import re

import pytest

from support.installation import ROOT
from support.walk import walks

# Files. Before the house was moved into tasks and domains it was 124 and 127, counted alike: it is to stay fewer.
# Who needs one more looks first whether its subject has a file already. The journal (its steps, its chain, the
# heads that are kept beside it) is on every way.
# And open work: what waits, its store, how a step says so; whom somebody said that a record is about; aliases.
# A member meets thirty rules and more, a file each, and what else is told of it; the law has three.
# A cent's way through an invoice: what else moved is named there, and credit that nobody asks for is work.
# What is known is asked in one place, for now and for then (store/then.py).
MOST = {"member": 176, "cent": 170}
BEFORE = {  # named by the tables for what happens before the way that is counted
    "member": {"pipeline/receive/sweep.py"},
    "cent": {"parsers/terms/text.py", "pipeline/setup/load_terms.py"},
}


@pytest.fixture(scope="module")
def passed() -> dict[str, list[str]]:
    return walks()


def named(way: str) -> set[str]:
    """Return the modules that the page's table of a way names."""
    page = (ROOT / "docs" / "design.md").read_text("utf-8")
    table = page[page.index(f"\nOne {way}, from") :].split("\n\n")[1]
    return set(re.findall(r"`([\w/]+\.py)`", table))


@pytest.mark.parametrize("way", MOST)
def test_a_way_passes_no_more_files(passed: dict[str, list[str]], way: str) -> None:
    assert len(passed[way]) <= MOST[way], passed[way]


@pytest.mark.parametrize("way", MOST)
def test_the_page_names_files_of_the_way(passed: dict[str, list[str]], way: str) -> None:
    assert len(named(way)) > 10
    assert named(way) - set(passed[way]) == BEFORE[way]
