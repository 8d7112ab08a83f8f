"""What the bank's commands say of what is not there, of amounts that are none, and of a mapping that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.session import Failure
from pipeline.runtime.workspace import Workspace
from support.installation import load_terms, run


@pytest.fixture
def desk(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation, and a folder to stand in with an empty file and a mapping that is none."""
    load_terms(ws)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "EMPTY").touch()
    (tmp_path / "MAP").write_text("columns = 5\n")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("bank", "load", "EMPTY"), "neither a BAI2 statement"),
    ],
    ids=["load"],
)
def test_what_was_not_done_is_said_plainly(desk: Path, command: tuple[str, ...], words: str) -> None:
    ran = run(*command)
    said = " ".join(ran.out.split())
    assert ran.code == 1 and words in said and "Line 0" not in said, said


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("bank", "load", "EMPTY", "--mapping", "MAP"), "columns are a table"),
        (("bank", "show", "9"), "there is no line 9 of the bank"),
        (("bank", "match", "9", "--to", "new", "--reason", "r"), "there is no line 9 of the bank"),
        (("bank", "void", "9", "--reason", "r"), "there is no line 9 of the bank"),
        (("deposit", "void", "9", "--reason", "r"), "there is no deposit 9"),
        (("deposit", "match", "9", "--remittance", "1", "--reason", "r"), "there is no deposit 9"),
        (("payment", "allocate", "9", "EMPTY", "--reason", "r"), "there is no deposit 9"),
        (("refund", "paid", "C9", "--reason", "r"), "there is no refund C9"),
        (("refund", "return", "C9", "--reason", "r"), "there is no refund C9"),
        (("payment", "template", "--deposit", "9"), "there is no deposit 9"),
        (("payment", "template", "--group", "NOBODY"), "there is no group NOBODY"),
        (("deposit", "add", "--amount", "1000,00", "--trace", "T"), "'1000,00' is not an amount"),
        (("account", "refund", "41000100", "--amount", "(5.00)", "--reason", "r"), "more than nothing"),
    ],
    ids=lambda told: told if isinstance(told, str) else " ".join(told[:2]),
)
def test_what_cannot_be_is_refused(desk: Path, command: tuple[str, ...], words: str) -> None:
    with pytest.raises(Failure, match=words):
        run(*command)
    assert not (desk / "allocation-template.csv").exists()
