"""A folder, nothing, or a file of another kind where a verb wants its own: the message is to the point."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cli.session import Failure
from pipeline.runtime.workspace import Workspace
from support.installation import GROUP, SAMPLES, load_terms, run, take
from support.keyboard import said

VERBS = (
    (("reconcile", "answers"), "name the workbook that `rollbook reconcile` wrote, with its answers"),
    (("payment", "allocate", "1"), "name the allocation (`rollbook payment template`)"),
    (("bank", "load"), "name the bank's file"),
)


@pytest.mark.parametrize(("verb", "wanted"), VERBS, ids=lambda each: each[0] if isinstance(each, tuple) else "")
def test_what_is_no_file_is_named_with_what_is_wanted(
    ws: Workspace, tmp_path: Path, verb: tuple[str, ...], wanted: str
) -> None:
    for path, why in ((tmp_path, "is a folder"), (tmp_path / "absent.csv", "is not there")):
        with pytest.raises(Failure) as refused:
            run(*verb, path)
        assert str(refused.value) == f"{path} {why}: {wanted}"


def test_what_is_no_reconciliation_is_refused_without_a_table_of_answers(ws: Workspace, tmp_path: Path) -> None:
    refused = run("reconcile", "answers", SAMPLES / "valid" / "01-add-family.edi")
    assert refused.code == 1 and "RECONCILED-NONE" in refused.out and "Nothing of it was taken." in refused.out
    assert "answers  " not in refused.out


def test_a_file_that_is_given_to_selfbill_is_told_where_it_goes(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load_terms(ws)
    sheet = tmp_path / "worksheet.csv"
    sheet.write_text("Plan\n", "utf-8")
    told = said(monkeypatch, capsys, "selfbill", sheet)
    assert told.code == 2 and "rollbook receive FILE" in " ".join(told.err.split())
    take(ws, SAMPLES / "demo" / "01-adds.edi", date(2026, 11, 20))
    assert run("bill", "--month", "2027-01", "--group", GROUP, "--today", "2026-12-10").code == 0
    with pytest.raises(Failure, match=r"no account of group .* bills itself for 2027-01"):
        run("selfbill", "worksheet", GROUP, "--month", "2027-01", "--out", tmp_path)
