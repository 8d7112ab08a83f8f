"""What a partner agreed to hear, option by option (tests/cases/x12/agreements.yaml), and what it gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from exchange import answers as fold
from model.agreement.answers import HARMLESS
from parsers.terms.schema import AcknowledgmentsTable
from pipeline.runtime.workspace import Workspace
from support.answers import furnished, installation, send
from support.installation import ROOT, TERMS, load_terms
from support.matrix import BASE

__all__ = ["furnished"]
_BOOK = yaml.safe_load((ROOT / "tests" / "cases" / "x12" / "agreements.yaml").read_text("utf-8"))


def agreed(ws: Workspace, options: list[str]) -> None:
    """Load the samples' terms with these lines of [partner.acknowledgments]."""
    text = TERMS.read_text("utf-8")
    table = "\n".join(["[partner.acknowledgments]", *options, ""])
    load_terms(ws, text.replace("[partner.profile]", table + "\n[partner.profile]", 1))


def edited(faults: list[str]) -> bytes:
    """Return the base file with these faults."""
    text = BASE
    for name in faults:
        old, new = _BOOK["faults"][name]
        assert old in text, name
        text = text.replace(old, new, 1)
    return text.encode()


@pytest.mark.parametrize("case", _BOOK["cases"], ids=lambda case: case["name"])
def test_a_partner_hears_what_was_agreed(case: dict[str, Any], furnished: Path, tmp_path: Path) -> None:
    with installation(furnished, tmp_path / "var") as ws:
        agreed(ws, case["options"])
        answers = send(ws, [edited(case["faults"])])
    assert {
        "ta1": [answer for _, answer in answers.ta1],
        "999": [ack.text for ack in answers.groups],
        "sets": [answer for ack in answers.groups for _, answer in ack.sets],
        "states": list(answers.states),
    } == {name: case[name] for name in ("ta1", "999", "sets", "states")}


def test_a_999_names_the_subscriber_and_the_bad_value(furnished: Path, tmp_path: Path) -> None:
    with installation(furnished, tmp_path / "var") as ws:
        answers = send(ws, [edited(["bad set"])])
    text = answers.documents[1].decode()
    assert "IK3*INS*6*2000*8~\nCTX*SUBSCRIBER NUMBER REF02:E1001~\nIK4*3*875*I6*XXX~\nIK5*R*I5~\n" in text


def test_what_passed_is_a_warning_and_stands_in_the_999(furnished: Path, tmp_path: Path) -> None:
    with installation(furnished, tmp_path / "var") as ws:
        agreed(ws, ['accept_with_errors = ["6"]'])
        answers = send(ws, [edited(["blank after a name"])])
    assert ("ELEMENT-6", "warning") in answers.findings
    assert answers.groups[0].errors == ("IK3 8", "IK4 6")


def test_the_terms_let_nothing_harmful_pass() -> None:
    schema = AcknowledgmentsTable.model_json_schema()
    assert tuple(schema["properties"]["accept_with_errors"]["items"]["enum"]) == HARMLESS


def test_errors_without_end_are_named_up_to_a_limit(
    furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fold, "MAX_ERRORS", 1)
    text = BASE.replace("INS*Y*18*021*29*A", "INS*Y*18*XXX*29*A")
    with installation(furnished, tmp_path / "var") as ws:
        answers = send(ws, [text.encode()])
    (ack,) = answers.groups
    assert [answer for _, answer in ack.sets] == ["R I5", "R I5"]
    assert ack.errors == ("IK3 8", "IK4 I6")
