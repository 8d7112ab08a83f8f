"""The public files of ../shared/samples/x12, where present: each ends well, and again with its draft loaded."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from support.installation import ROOT, Ran, run

FOLDER = ROOT.parent / "shared" / "samples"
FILES = sorted((FOLDER / "x12").glob("*")) if FOLDER.exists() else []
TERMINAL = {
    "APPLIED",
    "PARTIAL",
    "PENDED",
    "REJECTED",
    "DUPLICATE",
    "REPORTED",
    "UNREADABLE",
    "REFUSED",
    "MATCHED",
}

pytestmark = pytest.mark.skipif(not FILES, reason="the public samples are not beside the checkout")


def index() -> dict[str, dict[str, str]]:
    with (FOLDER / "INDEX.tsv").open(encoding="utf-8") as file:
        return {row["file"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


INDEX = index() if FILES else {}
VALID_834 = [
    path
    for path in FILES
    if INDEX[f"x12/{path.name}"]["pyx12 4.0.0 says"] == "OK"
    and INDEX[f"x12/{path.name}"]["type"].startswith("834 005010X220A1")
]
VALID_820 = [
    path
    for path in FILES
    if INDEX[f"x12/{path.name}"]["pyx12 4.0.0 says"] == "OK"
    and INDEX[f"x12/{path.name}"]["type"].startswith("820 005010X218")
]


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def receive(path: Path, *more: str) -> Ran:
    return run("receive", path, "--partner", "sender", "--json", *more)


def load_draft(path: Path, home: Path, *environment: str) -> None:
    """Load what the file itself proposes; the test environment, a store of its own, is made before."""
    if environment:
        assert run("init", *environment).code == 0
    draft = home.parent / "draft.toml"
    assert run("terms", "draft", path, "--partner", "sender", "--out", draft).code == 0
    loaded = run("terms", "load", draft, "--json", *environment)
    assert loaded.code == 0, loaded.out


@pytest.mark.parametrize("path", FILES, ids=names(FILES))
def test_every_file_ends_in_one_state(path: Path, home: Path) -> None:
    """Before anything is set up nobody is known; with the draft loaded every file still ends, with what to do."""
    (first,) = receive(path).json
    assert first["state"] == "REFUSED"
    assert first["findings"][0]["fix"]
    assert not first["acks"]

    load_draft(path, home)
    ran = receive(path)
    (value,) = ran.json
    assert value["state"] in TERMINAL - {"REFUSED", "DUPLICATE"}
    assert ran.code == (0 if value["state"] in ("APPLIED", "REPORTED", "MATCHED") else 1)
    if value["state"] not in ("APPLIED", "REPORTED"):
        assert value["all_findings"], "a file that is not taken whole says why"
    for finding in value["all_findings"]:
        assert finding["message"] and finding["fix"] and finding["where"]["text"]


@pytest.mark.parametrize("path", VALID_834, ids=names(VALID_834))
def test_valid_834s_decide_without_rejects(path: Path, home: Path) -> None:
    """With the draft loaded; files marked as a test apply in the test environment, a separate store."""
    test_file = path.read_text(encoding="utf-8-sig").split("*")[15] == "T"
    environment = ("--environment", "test") if test_file else ()
    load_draft(path, home, *environment)
    (value,) = receive(path, *environment).json
    lines = [
        line
        for transaction_set in value["sets"]
        for member in transaction_set["members"]
        for line in member["lines"]
    ]
    assert lines
    assert not [line for line in lines if line["disposition"] == "REJECTED"], value["all_findings"]
    states = {transaction_set["state"] for transaction_set in value["sets"]}
    assert states <= {"APPLIED", "REPORTED", "PENDED"}
    again = receive(path, *environment).json[0]
    assert again["state"] in ("DUPLICATE", "REPORTED")


@pytest.mark.parametrize("path", VALID_820, ids=names(VALID_820))
def test_balanced_820s_wait_for_their_deposit(path: Path, home: Path) -> None:
    load_draft(path, home)
    data = path.read_text(encoding="utf-8-sig")
    if data.split("*")[15] == "T":
        assert receive(path).json[0]["state"] == "REPORTED"
        environment: tuple[str, ...] = ("--environment", "test")
        load_draft(path, home, *environment)
    else:
        environment = ()
    (value,) = receive(path, *environment).json
    (one,) = value["sets"]
    assert one["state"] == "PENDED"
    remittance = one["remittance"]
    assert remittance["state"] in ("WAITING", "SUSPENDED") and remittance["reason"]
    segments = {part.strip().split("*")[0]: part.strip().split("*") for part in data.split("~") if part.strip()}
    ran = run(
        "deposit",
        "add",
        *("--amount", segments["BPR"][2]),
        *("--trace", segments["TRN"][2]),
        *("--company", segments["BPR"][10]),
        *environment,
        "--json",
    )
    assert "receipt" in ran.json["outcome"]
    (after,) = run("file", "show", value["file_id"], "--json", *environment).json["sets"]
    assert after["remittance"]["state"] in ("POSTED", "SUSPENDED")
    assert sum(line["paid_cents"] for line in after["remittance"]["lines"]) or after["remittance"]["reason"]
