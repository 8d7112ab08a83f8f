"""Every file of sample_files ends as the expected.yaml beside it says."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.runtime.workspace import Workspace
from support.installation import SAMPLES, load_terms, take

BROKEN = [
    pytest.param(path.parent, name, id=f"{path.parent.name}/{name}")
    for path in sorted((SAMPLES / "broken").glob("*/expected.yaml"))
    for name in yaml.safe_load(path.read_text())["files"]
]


def outcome(value: dict[str, Any]) -> dict[str, Any]:
    """Say what became of a file in the words of expected.yaml."""
    answers = {
        kind: [acknowledgment for acknowledgment in value["acks"] if acknowledgment["kind"] == kind]
        for kind in ("TA1", "999")
    }
    members = Counter(
        member["disposition"] for transaction_set in value["sets"] for member in transaction_set["members"]
    )
    return {
        "state": value["state"],
        "ta1": [f"{answer['verdict']} {answer['code']}" for answer in answers["TA1"]],
        "ak5": [" ".join([s["verdict"], *s["codes"]]) for answer in answers["999"] for s in answer["sets"]],
        "ak9": [
            f"{answer['verdict']} {answer['declared']} {answer['received']} {answer['accepted']}"
            for answer in answers["999"]
        ],
        "sets": [transaction_set["state"] for transaction_set in value["sets"]],
        "applied": members["APPLIED"],
    }


def check(value: dict[str, Any], expected: dict[str, Any]) -> None:
    wanted = {name: expected[name] for name in ("state", "ta1", "ak5", "ak9", "sets", "applied")}
    assert outcome(value) == wanted
    codes = {finding["code"] for finding in value["all_findings"]}
    assert set(expected["findings"]) <= codes
    for finding in value["all_findings"]:
        assert finding["message"] and finding["fix"] and finding["where"]["text"]


@pytest.mark.parametrize(("folder", "name"), BROKEN)
def test_broken_files_end_well(on_both: Workspace, folder: Path, name: str) -> None:
    load_terms(on_both)
    case = yaml.safe_load((folder / "expected.yaml").read_text())
    value = take(on_both, folder / name, case["receive"]["today"], case["receive"]["partner"])
    check(value, case["files"][name])


def test_valid_files_build_on_each_other(on_both: Workspace) -> None:
    load_terms(on_both)
    case = yaml.safe_load((SAMPLES / "valid" / "expected.yaml").read_text())
    for name, expected in sorted(case["files"].items()):
        value = take(on_both, SAMPLES / "valid" / name, expected["today"])
        check(value, expected)


def test_nothing_comes_twice(on_both: Workspace) -> None:
    """The same file again, and the same content under new control numbers, change nothing."""
    load_terms(on_both)
    path = SAMPLES / "valid" / "01-add-family.edi"
    take(on_both, path, date(2026, 11, 23))
    again = take(on_both, path, date(2026, 11, 24))
    assert again["state"] == "DUPLICATE"
    assert [
        (acknowledgment["kind"], acknowledgment["verdict"], acknowledgment["code"])
        for acknowledgment in again["acks"]
    ] == [("TA1", "R", "025")]
