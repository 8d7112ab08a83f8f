"""A return that is itself sent back: what the bank's files bring of it moves nothing, and waits for somebody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.runtime.workspace import Workspace
from sample_files.banking import Entry, Returned, bai2, nacha
from support.installation import load_terms, run
from support.people import at_the_desk

DAY, TODAY = date(2027, 1, 14), ("--today", "2027-01-14")


def books() -> tuple[object, ...]:
    """Return how deposits stand and what lies in suspense."""
    value = run("payment", "list", *TODAY, "--json").json
    return [(each["id"], each["void"], each["returned"]) for each in value["deposits"]], value["suspense_cents"]


def sent(path: Path, data: bytes) -> dict[str, object]:
    """Load a file of the bank's, twice: the second time it is known."""
    path.write_bytes(data)
    made = run("bank", "load", path, *TODAY, "--json").json
    assert run("bank", "load", path, *TODAY, "--json").json["file"] is None
    return made  # type: ignore[no-any-return]


def of_a_return(code: str, trace: str, more: str) -> bytes:
    """Write the return of a return: its addenda names the first return (positions 36 to 79)."""
    data = nacha([Returned(code, 7_000, "91", trace)], DAY).decode()
    return data.replace(f"1220002{'3':<45}", f"12200023{more:<44}").encode()


# Dishonored: return trace, its settlement day, its reason. Contested: the day and the dishonored one's, too.
DISHONORED = "   " + "000000000000077" + "013" + "01" + "UNTIMELY"
CONTESTED = "012" + "000000000000077" + "013" + "01" + "000000000000078" + "01468"


@pytest.mark.parametrize(
    ("code", "more"), [("R63", DISHONORED), ("R69", DISHONORED), ("R73", CONTESTED)], ids=["R63", "R69", "R73"]
)
def test_a_return_of_a_return_moves_nothing_and_waits(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, more: str
) -> None:
    load_terms(ws)
    paid = ("--amount", "70.00", "--trace", "91", "--company", "1990000001")
    assert run("deposit", "add", *paid, *TODAY).code == 0
    first = sent(tmp_path / "first.ach", nacha([Returned("R01", 7_000, "91", "77")], DAY))
    assert first["returned"] == 1
    before = books()
    second = sent(tmp_path / "second.ach", of_a_return(code, "78", more))
    assert (second["returned"], second["refused"]) == (0, False)
    assert books() == before
    (item,) = run("work", "list", "--kind", "return", *TODAY, "--json").json["items"]
    assert (item["code"], item["amount_cents"]) == ("RETURN-OF-RETURN", 7_000)
    assert code in item["label"] and "return 000000000000078" in item["label"]
    again = run("payment", "reverse", "D1", "--code", code, "--trace", "78", "--reason", "r", *TODAY)
    assert again.code == 1 and books() == before, "nor by hand"
    at_the_desk(ws, monkeypatch)
    assert run("night", *TODAY).code in (0, 1) and books() == before
    dropped = run("work", "drop", str(item["number"]), "--reason", "the bank keeps it", *TODAY)
    assert dropped.code == 0 and run("work", "list", "--kind", "return", *TODAY, "--json").json["items"] == []
    come = sent(tmp_path / "again.bai", bai2([Entry("142", 7_000, "B9", "91")], date(2027, 1, 15)))
    assert come["states"] == {"UNMATCHED": 1}, "money that comes again is a new deposit"
    assert run("verify", "--quick", *TODAY).code == 0


def test_a_return_of_a_code_that_nobody_knows_is_not_said_to_be_another(ws: Workspace, tmp_path: Path) -> None:
    load_terms(ws)
    paid = ("--amount", "70.00", "--trace", "91", "--company", "1990000001")
    assert run("deposit", "add", *paid, *TODAY).code == 0
    assert sent(tmp_path / "r.ach", nacha([Returned("R38", 7_000, "91", "77")], DAY))["returned"] == 1
    assert run("payment", "show", "D1", *TODAY, "--json").json["reversal"]["code"] == "R38"
