"""The 824: what a partner that wants it hears of each set once it is applied (tests/cases/x12/advice.yaml)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.cash.deposits import add_deposit
from pipeline.receive.answered import answer
from pipeline.receive.deliver import deliver
from pipeline.runtime.workspace import Workspace
from support import values
from support.acks import checked_824
from support.advised import ADVICE, advised_file
from support.answers import DAY, furnished, installation, send
from support.installation import TERMS, load_terms
from support.matrix import BASE

__all__ = ["furnished"]


def wanting(ws: Workspace, when: str) -> None:
    """Load the samples' terms with an agreement on 824s."""
    table = f'[partner.acknowledgments]\nadvice824 = "{when}"\n\n[partner.profile]'
    load_terms(ws, TERMS.read_text("utf-8").replace("[partner.profile]", table, 1))


def advice(ws: Workspace, file_id: str) -> list[list[list[str]]]:
    """Return the segments of each 824 published for a file."""
    places = [Path(place) for place in values.file_value(ws, file_id)["documents"]]
    return [checked_824(place.read_bytes()) for place in places if place.name.startswith("824-")]


def in_short(segments: list[list[str]]) -> str:
    """Return an 824 in the words of the cases."""
    (oti,) = [segment for segment in segments if segment[0] == "OTI"]
    teds = [" ".join([segment[1], *segment[3:6]]) for segment in segments if segment[0] == "TED"]
    return " ".join([oti[1], oti[10], oti[9], oti[3], *teds])


@pytest.mark.parametrize("case", ADVICE, ids=lambda case: case["name"])
def test_each_set_is_advised_on(case: dict[str, Any], furnished: Path, tmp_path: Path) -> None:
    with installation(furnished, tmp_path / "var") as ws:
        wanting(ws, case.get("when", "always"))
        if case.get("first"):
            send(ws, [BASE.encode()])
        answers = send(ws, [advised_file(case)])
        written = advice(ws, answers.file_id)
    assert [in_short(segments) for segments in written] == case["advice"]
    said = [segment[2] for segments in written for segment in segments if segment[0] == "TED"]
    begun = case.get("said", [])
    assert len(said) == len(begun) and all(text.startswith(start) for text, start in zip(said, begun, strict=True))
    assert list(answers.states) == case["states"]


def test_an_advice_says_who_when_and_of_which_set(furnished: Path, tmp_path: Path) -> None:
    with installation(furnished, tmp_path / "var") as ws:
        wanting(ws, "always")
        written = advice(ws, send(ws, [BASE.encode()]).file_id)[0]
    by_name = {segment[0] + (segment[1] if segment[0] == "N1" else ""): segment for segment in written}
    assert by_name["BGN"][1:] == ["11", "824-000000003", "20261123", "1200", "", "REF1", "", "WQ"]
    assert by_name["N141"][2:] == ["Northwind Health Plan", "46", "NORTHWIND"]
    assert by_name["N140"][2:] == ["Harbor Mills Manufacturing", "46", "HARBORMILLS"]
    oti = ["TA", "TN", "REF1", "", "", "20261123", "0600", "7", "0001", "834", "005010X220A1"]
    assert by_name["OTI"][1:] == oti
    assert (by_name["GS"][1], by_name["GS"][8]) == ("AG", "005010X186A1")


def test_a_payment_is_advised_on_when_its_deposit_comes(furnished: Path, tmp_path: Path) -> None:
    with installation(furnished, tmp_path / "var") as ws:
        wanting(ws, "always")
        file_id = send(ws, [advised_file({"sample": "demo/03-remittance.edi"})]).file_id
        assert advice(ws, file_id) == []
        now = ws.now(date(2026, 12, 28))
        add_deposit(ws, "HM2027010001", "1990000001", 5_067_000, date(2026, 12, 28), now)
        deliver(ws, now)
        (written,) = advice(ws, file_id)
        assert in_short(written).startswith(("TA 820 0001 HM2027010001", "TE 820 0001 HM2027010001"))


def test_a_payment_sent_again_corrected_is_accepted(furnished: Path, tmp_path: Path) -> None:
    wrong = advised_file({"sample": "broken/unbalanced-820/unbalanced.edi"})
    right = wrong.replace(b"000000310", b"000000311").replace(b"*PI*1000*1000~", b"*PI*999.99*999.99~")
    with installation(furnished, tmp_path / "var") as ws:
        wanting(ws, "always")
        add_deposit(ws, "HMBAD820", "1990000001", 99_999, DAY, ws.now(DAY))
        first, second = send(ws, [wrong]), send(ws, [right])
        assert (*first.states, *second.states) == ("PENDED", "APPLIED")
        assert [in_short(error) for error in advice(ws, first.file_id)] == [
            "TR 820 0001 HMBAD820 010 BPR 2 024 BPR 2"
        ]
        assert [in_short(error) for error in advice(ws, second.file_id)] == ["TA 820 0001 HMBAD820"]


def test_answering_again_advises_nothing_twice(furnished: Path, tmp_path: Path) -> None:
    with installation(furnished, tmp_path / "var") as ws:
        wanting(ws, "always")
        file_id = send(ws, [BASE.encode()]).file_id
        answer(ws, file_id)
        deliver(ws, ws.now(DAY))
        assert len(advice(ws, file_id)) == 2
