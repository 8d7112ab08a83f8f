"""A line that the subscriber holds for the dependents alone is said wherever lines are listed (docs/domain.md,
Coverage levels)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.receive.deliver import deliver
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from store import dump
from support.employer import change
from support.installation import GROUP, PARTNER, TERMS, install, load_terms, run, take, take_bytes
from support.people import TESTER

TODAY = date(2026, 11, 23)
HELD = "held for the dependents, the subscriber is not covered"
TEXT = TERMS.read_text("utf-8").replace(
    'tiers = ["EMP", "ESP", "ECH", "FAM"]', 'tiers = ["EMP", "ESP", "ECH", "FAM", "CHD"]', 1
)
FAMILY = (
    "INS*Y*18*021*29*A***FT", "REF*0F*E90001", "REF*1L*HM4100", "REF*DX*100", "NM1*IL*1*QUILL*ADA****34*901019001",
    "DMG*D8*19800101*F", "HD*{hd01}**HLT*GOLD*CHD", "DTP*348*D8*20261201",
    "INS*N*19*021*29*A*****N", "REF*0F*E90001", "REF*1L*HM4100", "NM1*IL*1*QUILL*BEN", "DMG*D8*20150101*M",
    "HD*021**HLT*GOLD", "DTP*348*D8*20261201",
)  # fmt: skip


def family(hd01: str) -> bytes:
    return change("000009001", "20261123", *(segment.format(hd01=hd01) for segment in FAMILY))


@pytest.fixture
def enrolled(ws: Workspace, request: pytest.FixtureRequest) -> str:
    """The group with a level for children only, and a family of it; the member ID of its subscriber."""
    load_terms(ws, TEXT)
    file = take_bytes(ws, family(getattr(request, "param", "032")), "family.edi", TODAY)
    assert file["state"] == "APPLIED"
    deliver(ws, ws.now(TODAY))
    return str(run("member", "find", "--name", "QUILL", "--json").json[0]["member"])


@pytest.mark.parametrize("enrolled", ["032", "021"], indirect=True)
def test_the_report_and_the_member_say_so(enrolled: str, ws: Workspace) -> None:
    del enrolled
    found = run("member", "find", "--name", "QUILL", "--json").json
    by_kin = {each["relationship"]: each["member"] for each in found}
    reports = (ws.settings.home / "outbox" / PARTNER).rglob("report-*")
    rows = {path.suffix: path.read_text("utf-8") for path in reports if path.suffix in (".csv", ".html")}
    assert set(rows) == {".csv", ".html"}
    assert all(text.count(HELD) == 1 for text in rows.values()), "of the subscriber's line, and of no other"
    shown = " ".join(run("member", "show", by_kin["18"], "--why", "test").out.split())
    assert shown.count("CHD, not covered: held for dependents") == 1
    held = [run("member", "show", by_kin[kin], "--history", "--json").json["coverages"][0] for kin in ("18", "19")]
    assert [each["for_dependents"] for each in held] == [True, False]


def test_the_834_says_so_and_builds_the_same_roster(enrolled: str, ws: Workspace, tmp_path: Path) -> None:
    ran = run("roster", "export", "--group", GROUP, "--format", "834", "--today", TODAY, "--json")
    (path,) = ran.json["documents"]
    text = Path(path).read_text("ascii")
    assert "HD*032**HLT*GOLD*CHD~" in text and "HD*030**HLT*GOLD~" in text, enrolled
    settings = Settings.read(home=tmp_path / "other")
    install(settings)
    other = open_workspace(settings, TESTER)
    load_terms(other, TEXT)
    assert take(other, Path(path), TODAY)["state"] == "APPLIED"
    with other.database.read() as there, ws.database.read() as here:
        assert dump.roster(there, other.vault) == dump.roster(here, ws.vault) != []
    other.close()
