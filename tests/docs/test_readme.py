"""README's "Where to change what": every place is there, and each thing that people ask for has a row."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEADING = "## Where to change what"
ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)
CODE, LINK = re.compile(r"`([^`]+)`"), re.compile(r"\]\(([^)#]+)")
ASKED = (
    "an INS04 code's effect", "a proration method", "an 820 qualifier", "an outbound feed", "a census heading",
    "a field on the invoice", "a rule", "COBRA months by state", "a kind of channel", "retention", "a CLI column",
    "a ledger account", "snapshot speed", "another database", "acknowledgment policy", "a finding code", "masking",
    "a refund", "a decision on pended work", "a web endpoint",
)  # fmt: skip


def rows() -> dict[str, str]:
    """Return the table: what is to be changed -> where."""
    text = (ROOT / "README.md").read_text("utf-8").partition(HEADING)[2].partition("\n## ")[0]
    return {what: where for what, where in ROW.findall(text) if what != "to change"}


def places(where: str) -> list[str]:
    """Return the paths that a row names, a part that may be any as `*`."""
    named = [name for name in CODE.findall(where) if re.fullmatch(r"[\w.<>/-]+(?:/|\.\w+)", name)]
    return [re.sub(r"<\w+>", "*", name) for name in (*named, *LINK.findall(where))]


def test_every_place_is_there():
    found = {place for where in rows().values() for place in places(where)}
    assert len(found) > 40
    assert {place for place in found if not list(ROOT.glob(place.rstrip("/")))} == set()


def test_each_row_names_a_place():
    assert [what for what, where in rows().items() if not places(where)] == []


def test_what_people_ask_for_has_a_row_each():
    begun = [re.split(r"[:;]", what)[0] for what in rows()]
    assert [asked for asked in ASKED if begun.count(asked) != 1] == []
