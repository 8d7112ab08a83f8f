"""Families of one account that are late on the same days: each is told by papers of its own, and each ends."""

from __future__ import annotations

from datetime import date, timedelta

from model.money.arrears import Stage
from model.timeline import Month
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from support.cashed import ACCOUNT, Till
from support.installation import GROUP, TERMS
from support.lateness import night, nights, stages
from support.people import TWO, deciding

DIRECT = TERMS.read_text(encoding="utf-8").replace('code = "100"', 'code = "100"\ndirect_bill = true')
END = date(2027, 2, 1)  # 31 days of grace after January


def outbox(ws: Workspace, beginning: str) -> list[str]:
    """Return the names of documents that left, in order."""
    return sorted(path.name for path in (ws.settings.home / "outbox").rglob(f"{beginning}-*"))


def test_two_families_that_are_late_together_are_each_told_and_each_end(ws: Workspace) -> None:
    """Their letters had one file name: the second never left, and no family of the group could end for it."""
    till = Till(ws)
    till.open(DIRECT)
    till.bill(Month(2027, 1), date(2026, 12, 10))
    nights(ws, date(2027, 1, 1), END + timedelta(days=1))
    late = stages(ws)
    assert len(late) == 2 and set(late.values()) == {Stage.LISTED}
    families = sorted(payer.removeprefix(f"{ACCOUNT} ") for payer in late)
    days = [("reminder", "2027-01-11"), ("warning", "2027-01-21")]
    assert outbox(ws, "letters") == [
        f"letters-{ACCOUNT}-{family}-{about}-{day}.pdf" for family in families for about, day in days
    ]
    day = date(2027, 2, 3)
    for family in families:
        ended = inputs.approve_end(deciding(ws), ACCOUNT, family, ws.now(day), TWO)
        assert ended and ended.done and ended.last == END, ended
    night(ws, day)
    assert set(stages(ws).values()) == {Stage.ENDED}
    notice = f"notice-{GROUP}-nonpayment-{day}"
    assert outbox(ws, "notice") == [f"{notice}-2.csv", f"{notice}.csv"]
    told = [next((ws.settings.home / "outbox").rglob(name)).read_text() for name in outbox(ws, "notice")]
    assert [[who for who in families if who in text] for text in told] == [[families[1]], [families[0]]]


def test_a_warning_that_has_not_left_keeps_nobody_else_covered(ws: Workspace) -> None:
    """One letter of the night cannot be put down; the other family's left, and it alone comes to the list."""
    till = Till(ws)
    till.open(DIRECT)
    till.bill(Month(2027, 1), date(2026, 12, 10))
    nights(ws, date(2027, 1, 1), date(2027, 1, 20))
    first, second = sorted(payer.removeprefix(f"{ACCOUNT} ") for payer in stages(ws))
    taken = ws.settings.home / "outbox" / "_plan" / f"letters-{ACCOUNT}-{second}-warning-2027-01-21.pdf"
    taken.write_bytes(b"somebody else's")
    nights(ws, date(2027, 1, 21), END + timedelta(days=1))
    assert stages(ws) == {f"{ACCOUNT} {first}": Stage.LISTED, f"{ACCOUNT} {second}": Stage.WARNED}
