"""Every census of sample_files ends as its expected.yaml says, and comes back marked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml

from pipeline.runtime.workspace import Workspace
from support.installation import SAMPLES, load_terms, take

FOLDER = SAMPLES / "census"


def test_census_samples_build_on_each_other(on_both: Workspace) -> None:
    load_terms(on_both)
    case = yaml.safe_load((FOLDER / "expected.yaml").read_text("utf-8"))
    assert set(case["files"]) == {path.name for path in FOLDER.iterdir()} - {"expected.yaml"}
    for name, expected in sorted(case["files"].items()):
        value = take(on_both, FOLDER / name, case["receive"]["today"], case["receive"]["partner"])
        members = Counter(
            member["disposition"] for transaction_set in value["sets"] for member in transaction_set["members"]
        )
        assert value["kind"] == "census" and value["acks"] == []
        outcome = (
            name,
            value["state"],
            [transaction_set["state"] for transaction_set in value["sets"]],
            members["APPLIED"],
        )
        assert outcome == (name, expected["state"], expected["sets"], expected["applied"])
        assert set(expected["findings"]) <= {finding["code"] for finding in value["all_findings"]}
        marked = [path for path in map(Path, value["documents"]) if path.name.startswith("census-")]
        assert len(marked) == bool(value["sets"])
