"""What the bank's commands say of what is not there, of amounts that are none, and of a mapping that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.runtime.workspace import Workspace
from support.installation import load_terms, run


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("bank", "match", "9", "--to", "new", "--reason", "r"), 1, "there is no line 9 of the bank"),
        (("bank", "void", "9", "--reason", "r"), 1, "there is no line 9 of the bank"),
        (("bank", "load", "EMPTY"), 1, "neither a BAI2 statement"),
        (("bank", "load", "EMPTY", "--mapping", "MAP"), 2, ""),
        (("payment", "template", "--deposit", "9"), 2, ""),
        (("payment", "template", "--group", "NOBODY"), 2, ""),
        (("deposit", "add", "--amount", "1000,00", "--trace", "T"), 2, ""),
        (("account", "refund", "41000100", "--amount", "(5.00)", "--reason", "r"), 2, ""),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_is_said_plainly(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], code: int, words: str
) -> None:
    load_terms(ws)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "EMPTY").touch()
    (tmp_path / "MAP").write_text("columns = 5\n")
    ran = run(*(tmp_path / word if word in ("EMPTY", "MAP") else word for word in command))
    said = " ".join(ran.out.split())
    assert ran.code == code and words in said and "Line 0" not in said, said
    assert not (Path.cwd() / "allocation-template.csv").exists()
