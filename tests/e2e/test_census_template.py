"""The census template as the command line writes it."""

from __future__ import annotations

from pathlib import Path

import pandas

from support.installation import GROUP, TERMS, run
from writers.reports.census_template import columns


def test_the_command_writes_it(bare_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    assert run("census", "template", "--xlsx", "--out", path).code == 0
    frame = pandas.read_excel(path, dtype=str, keep_default_na=False, engine="calamine")
    assert list(frame.columns) == [column.heading for column in columns()]
    assert not bare_home.exists(), "a template needs no installation"
    run("init")
    run("terms", "load", TERMS)
    assert run("census", "template", "--group", GROUP, "--out", tmp_path / "t.csv", "--json").code == 0
