"""The demo's second group through a full 834: a move, COBRA, a broker's census, two partners' forms."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.receive.deliver import deliver
from pipeline.roster import export
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.views import agreed
from pipeline.views.files import published
from store import dump
from support.installation import SAMPLES, install, load_terms, take
from support.people import TESTER

DEMO = SAMPLES / "demo"
TERMS = (SAMPLES / "groups" / "cedar-point.toml").read_text("utf-8")
WHOLE = re.sub(r'^subgroups = \["900"\].*\n', "", TERMS, count=1, flags=re.M)  # either partner may send everybody
STORY = (
    ("cedar-point", "01-adds.edi", date(2026, 11, 20)),
    ("bayview-brokers", "01-new-hires.xlsx", date(2026, 12, 1)),
    ("cedar-point", "02-term.edi", date(2026, 12, 5)),
    ("cedar-point", "04-changes.edi", date(2027, 1, 5)),
    ("keystone-cobra", "01-cobra.edi", date(2027, 1, 8)),
)
assert WHOLE != TERMS
TODAY = date(2027, 6, 1)  # the move lies further back than late changes may


def dumped(ws: Workspace) -> list[str]:
    with ws.database.read() as conn:
        return dump.roster(conn, ws.vault)


@pytest.mark.parametrize("form", ["cedar-point", "keystone-cobra"])
def test_the_second_group_arrives_whole(ws: Workspace, tmp_path: Path, form: str) -> None:
    load_terms(ws)  # ourselves
    load_terms(ws, WHOLE)
    for partner, name, day in STORY:
        take(ws, DEMO / partner / name, day, partner)
    made = export.export(ws, "CP5200", "834", agreed.partner(ws, form), ws.now(TODAY), on=None, deliver=False)
    assert [(finding.code, finding.subject, finding.message) for finding in made.findings] == []
    deliver(ws, ws.now(TODAY))
    (path,) = published(ws, made.key)
    settings = Settings.read(home=tmp_path / "other")
    install(settings)
    other = open_workspace(settings, TESTER)
    load_terms(other)
    load_terms(other, WHOLE)
    assert take(other, Path(path), TODAY, form)["state"] == "APPLIED"
    assert dumped(other) == dumped(ws)
    assert any('"kind": "assignment"' in line and '"900"' in line for line in dumped(ws)), "nobody is under COBRA"
    other.close()
