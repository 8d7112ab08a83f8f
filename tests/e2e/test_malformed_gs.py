"""Whatever a GS says, its sender gets a readable 999 (tests/cases/x12/malformed_gs.yaml); `send` has it read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.answers import furnished, installation, send
from support.installation import ROOT, TERMS, load_terms
from support.matrix import BASE

__all__ = ["furnished"]
ALL = os.environ.get("DRILLS") == "all"
_BOOK = yaml.safe_load((ROOT / "tests" / "cases" / "x12" / "malformed_gs.yaml").read_text("utf-8"))
_GS = next(line for line in BASE.split("~\n") if line.startswith("GS"))


def file_of(gs: str, ge02: str = "7", number: int = 901) -> bytes:
    """Return the base file with this GS and GE02, and an ISA13 of its own."""
    text = BASE.replace(_GS, gs).replace("GE*2*7", f"GE*2*{ge02}").replace("000000901", f"{number:09d}")
    return text.encode()


@pytest.mark.parametrize("case", _BOOK["cases"], ids=lambda case: case["name"])
def test_a_malformed_gs_is_answered(case: dict[str, Any], furnished: Path, tmp_path: Path) -> None:
    with installation(furnished, tmp_path / "var") as ws:
        answers = send(ws, [file_of(case["gs"], case.get("ge02", "7"))])
    assert [answer for _, answer in answers.ta1] == ["A 000"]
    lines = [line.split("*") for line in answers.documents[1].decode("ascii").split("~\n")]
    gs, ak1, ak9 = (next(line for line in lines if line[0] == name) for name in ("GS", "AK1", "AK9"))
    outcome = {"gs02": gs[2], "gs03": gs[3], "ak101": ak1[1], "ak102": ak1[2], "ak103": ak1[3], "codes": ak9[5:]}
    assert outcome == {name: case.get(name, usual) for name, usual in _BOOK["usual"].items()}
    assert ak9[1] == ("R" if outcome["codes"] else "A")


@pytest.mark.parametrize("element", range(1, 9))
def test_anything_may_stand_in_any_element(element: int, furnished: Path, tmp_path: Path) -> None:
    """By default each value in three of the eight elements, or two; `make drills` puts each into all of them."""
    options = '[partner.acknowledgments]\nadvice824 = "always"\n\n[partner.profile]'
    with installation(furnished, tmp_path / "var") as ws:
        load_terms(ws, TERMS.read_text("utf-8").replace("[partner.profile]", options, 1))
        for number, value in enumerate(_BOOK["everywhere"], 901):
            if not ALL and (number + element) % 3:
                continue
            parts = _GS.split("*")
            parts[element] = value
            answers = send(ws, [file_of("*".join(parts), number=number)])
            assert len(answers.groups) == 1, value
            assert answers.state not in ("", "UNREADABLE"), value


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("*ZZ*HARBORMILLS    *", "*Q1*HARBORMILLS    *"),
        ("*ZZ*HARBORMILLS    *", "*  *HARBOR:MILLS   *"),
        ("*ZZ*HARBORMILLS    *", "*ZZ*\x01\x02             *"),
        ("*ZZ*HARBORMILLS    *", "*ZZ*:::::::::::::::*"),
        ("*ZZ*NORTHWIND      *", "*\0\0*NORTHWIND      *"),
        ("*ZZ*NORTHWIND      *", "*ZZ*NORTH\x1cWIND     *"),
    ],
)
def test_identities_that_cannot_be_repeated(old: str, new: str, furnished: Path, tmp_path: Path) -> None:
    assert len(old) == len(new)
    with installation(furnished, tmp_path / "var") as ws:
        answers = send(ws, [BASE.replace(old, new, 1).encode()])
    assert [answer[0] for _, answer in answers.ta1] == ["R"]
    (isa,) = (line.split("*") for line in answers.documents[0].decode("ascii").split("~\n") if line[:3] == "ISA")
    assert isa[5:9] == ["ZZ", "NORTHWIND      ", "ZZ", "HARBORMILLS    "]
