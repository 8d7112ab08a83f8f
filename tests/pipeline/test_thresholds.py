"""Sets that end too much, and full files out of a sender's line (docs/domain.md, Thresholds)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from model.desk import Wanted
from model.enrollment.radius import NONE, Scope
from model.finding import Finding
from pipeline.receive import enroll
from pipeline.receive.reach import Reach
from pipeline.receive.run import receive
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views import work
from sample_files import edi
from store import agreements
from store.people import standing
from support import desk, values
from support.installation import GROUP, PARTNER, TERMS, load_terms, run

MONDAY = date(2026, 11, 9)
ENDING = '[partner.profile]\nabsence = "end"\n'
FAR = 10**9  # a transaction that has not been: what is known now was known before it
ALL = range(50)


def _family(ident: int, do: str = "030", subgroup: str = "", end: date | None = None) -> edi.Family:
    """An employee alone: of subgroup 200 the last ten of fifty."""
    person = edi.Person("18", f"SAMPLE{ident}", "ADA", date(1984, 3, 30), "F", f"9{ident:08d}")
    cover = edi.Coverage("HLT", "GOLD", "EMP", None if do == "024" else date(2026, 11, 1), end, do)
    place = subgroup or ("200" if ident >= 40 else "100")
    home = ("1 MAIN ST", "HARTFORD", "CT", "06101")
    return edi.Family(f"E{ident:08d}", place, (person,), (cover,), date(2022, 3, 1), home)


def _send(
    ws: Workspace, number: int, day: date, families: Iterable[edi.Family], action: str = "RX", do: str = "030"
) -> dict[str, Any]:
    loops = edi.members(families, do, "XT" if do == "001" else "08" if do == "024" else "XN")
    loops = list(loops)
    if do == "001":
        for loop in loops:
            at = next(at for at, segment in enumerate(loop) if segment.startswith("DTP"))
            loop.insert(at, f"DTP*303*D8*{edi.d8(day)}")
    data = edi.interchange([edi.enrollment_set(loops, day, f"B{number}", action=action)], day, number).encode()
    return values.file_value(ws, receive(ws, [data], f"{number}.edi", PARTNER, "test", ws.now(day)))


def _said(value: dict[str, Any], *codes: str) -> list[str]:
    return [each["message"] for each in value["all_findings"] if each["code"] in codes]


def _history(ws: Workspace, terms: str, weeks: int = 4) -> None:
    load_terms(ws, terms)
    for week in range(weeks):
        few = [ident for ident in ALL if ident or week % 2]
        value = _send(ws, week + 1, MONDAY + timedelta(weeks=week), map(_family, few if week else ALL))
        assert value["state"] == "APPLIED"


class _Heard(Reach):
    """A reach that a test looks at."""

    last: Reach

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        _Heard.last = self

    def doubts(self) -> Iterator[Finding]:
        self.reached()
        return super().doubts()


def test_a_lost_division_is_held_and_says_what_it_would_change(on_both: Workspace) -> None:
    ws = on_both
    terms = TERMS.read_text("utf-8").replace("[partner.profile]\n", ENDING, 1)
    _history(ws, terms.replace("[group.rules]\n", "[group.rules]\nabsent_ends_percent = 100\n", 1))
    load_terms(ws, terms, MONDAY + timedelta(weeks=3, days=1))
    value = _send(ws, 5, MONDAY + timedelta(weeks=4), (_family(ident) for ident in ALL if ident < 40))
    assert value["state"] == "PENDED"
    ten = "10 of 50 subscribers of HM4100{} would end by absence, more than 2; $4,800.00 of $24,000.00 a month."
    assert _said(value, "SET-ENDS-ABSENT") == [
        ten.format(""),
        ten.format(", plan GOLD"),
        "Nobody would be left in HM4100 200: 10 of 10 members would end by absence; $4,800.00 of $4,800.00 a "
        "month.",
    ]
    history = "The last 4 Mondays named 49 to 50 subscribers of HM4100 (49 to 50 members); this one names 40 (40)."
    assert _said(value, "SET-HISTORY") == [history]
    assert _said(value, "SET-OUT-OF-LINE") == [f"{history} That is far fewer than usual."]
    gone = "ended by absence: 10 subscribers, 0 dependents, 10 lines"
    assert _said(value, "SET-WOULD") == [
        f"HM4100, before: 50 subscribers, 0 dependents, 50 lines; {gone}; $24,000.00 a month before, $19,200.00 "
        "after.",
        f"HM4100 200, plan GOLD, before: 10 subscribers, 0 dependents, 10 lines; {gone}; $4,800.00 a month "
        "before, $0.00 after.",
    ]
    ending = _said(value, "ABSENT-ENDS")
    assert len(ending) == 10 and ending[0].endswith("ends on 2026-12-31, were the file applied.")
    assert not [span for span in desk.spans(ws) if not span.endswith("open")], "nothing ended"
    set_id, spec = desk.set_of(ws, value["file_id"]), {"kind": "release", "day": date(2026, 12, 8), "two": True}
    spec["but"] = ["M000000050", "M000000049"]
    looked = desk.decide(ws, set_id, spec)
    assert looked.effect and desk.decide(ws, set_id, spec, looked.effect.digest).done
    ended = [span.split()[0] for span in desk.spans(ws) if not span.endswith("open")]
    assert ended == [f"M0000000{number}" for number in range(41, 49)]
    left = [item for item in work.work_list(ws, ws.now(date(2026, 12, 8)), Wanted()).items]
    assert sorted(item.label for item in left) == [
        f"subscriber E000000{ident} (member M0000000{ident + 1})" for ident in (48, 49)
    ]


def test_what_ends_by_absence_and_what_was_released_is_replayed(ws: Workspace, tmp_path: Path) -> None:
    _history(ws, TERMS.read_text("utf-8").replace("[partner.profile]\n", ENDING, 1), weeks=1)
    one = _send(ws, 2, MONDAY + timedelta(weeks=1), (_family(ident) for ident in ALL if ident))
    assert desk.came(ws, desk.set_of(ws, one["file_id"]))[0] == "0* medical APPLIED ended 2026-11-30"
    held = _send(ws, 3, MONDAY + timedelta(weeks=2), (_family(ident) for ident in ALL if 0 < ident < 40))
    spec = {"kind": "release", "day": date(2026, 11, 24), "two": True, "but": ["M000000050"]}
    set_id = desk.set_of(ws, held["file_id"])
    looked = desk.decide(ws, set_id, spec)
    assert looked.effect and desk.decide(ws, set_id, spec, looked.effect.digest).done
    assert len([span for span in desk.spans(ws) if span.endswith("2026-11-30")]) == 10
    again = replay(ws, tmp_path / "again")
    assert again.equal, again


def test_where_absence_is_reported_a_file_out_of_line_is_told_and_applied(ws: Workspace) -> None:
    _history(ws, TERMS.read_text("utf-8"))
    value = _send(ws, 5, MONDAY + timedelta(weeks=4), (_family(ident) for ident in ALL if ident < 40))
    assert value["state"] == "APPLIED" and len(_said(value, "SET-OUT-OF-LINE")) == 1
    usual = _send(ws, 6, MONDAY + timedelta(weeks=5, days=1), map(_family, ALL))
    assert _said(usual, "SET-HISTORY") == [
        "The last 5 full files named 40 to 50 subscribers of HM4100 (40 to 50 members); this one names 50 (50)."
    ]
    assert not _said(usual, "SET-OUT-OF-LINE")


@pytest.mark.parametrize(("ends", "state"), [(10, "APPLIED"), (11, "PENDED")])
def test_a_fifth_of_the_subscribers_may_be_ended_by_changes(ws: Workspace, ends: int, state: str) -> None:
    _history(ws, TERMS.read_text("utf-8"), weeks=1)
    ending = (_family(ident, "024", end=date(2026, 11, 30)) for ident in range(ends))
    value = _send(ws, 2, MONDAY + timedelta(days=1), ending, "2", "024")
    assert value["state"] == state
    assert _said(value, "SET-ENDS-SENT") == [
        "11 of 50 subscribers of HM4100 would end as sent, more than 10; $5,280.00 of $24,000.00 a month."
    ] * (state == "PENDED")


def test_who_moves_to_another_subgroup_has_not_ended_and_a_recount_agrees(
    on_both: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = on_both
    monkeypatch.setattr(enroll, "Reach", _Heard)
    _history(ws, TERMS.read_text("utf-8").replace("[partner.profile]\n", ENDING, 1), weeks=1)
    day = MONDAY + timedelta(days=1)
    with ws.database.read() as conn:
        (group_id,) = agreements.group_ids(conn, [GROUP]).values()
        before = standing.people(conn, GROUP, group_id, day, FAR)
    moved = [replace(_family(ident, subgroup="100"), coverages=()) for ident in ALL if ident >= 40]
    value = _send(ws, 2, day, moved, "2", "001")
    assert (value["state"], _said(value, "SET-ENDS-ABSENT", "SET-ENDS-SENT")) == ("APPLIED", [])
    reached = {each.scope: each for each in _Heard.last.reached()[GROUP]}
    assert reached[Scope(GROUP, "200")].left.subscribers == 10 and not reached[Scope(GROUP, "200")].is_emptied
    full = [_family(ident, subgroup="100") for ident in range(2, 51)]
    value = _send(ws, 3, day + timedelta(days=1), full)
    assert value["state"] == "APPLIED"
    with ws.database.read() as conn:
        after = standing.people(conn, GROUP, group_id, day, FAR)
    reached = {each.scope: each for each in _Heard.last.reached()[GROUP]}
    assert reached[Scope(GROUP)].absent.subscribers == 2 and reached[Scope(GROUP)].added.subscribers == 1
    assert before[Scope(GROUP, "200")].subscribers == 10
    for scope, each in reached.items():
        mine = after.get(scope, NONE)
        stays = (each.after + each.absent).subscribers, (each.after + each.absent).lines
        assert stays == (mine.subscribers, mine.lines), scope


def test_a_senders_check_says_that_absence_ends_coverage(tmp_path: Path) -> None:
    terms, sent = tmp_path / "terms.toml", tmp_path / "full.edi"
    terms.write_text(TERMS.read_text("utf-8").replace("[partner.profile]\n", ENDING, 1), "utf-8")
    whole = edi.enrollment_set(edi.members([_family(1)], "030", "XN"), MONDAY, "B1", action="RX")
    sent.write_text(edi.interchange([whole], MONDAY, 1), "utf-8")
    ran = run("check", sent, "--terms", terms, "--today", MONDAY, "--json")
    said = {each["code"]: each["message"] for each in ran.json["files"][0]["findings"]}
    assert ran.code == 0
    assert said["SET-ABSENCE-ENDS"] == (
        "Under your agreement coverage of whoever this full file does not name ends on 2026-11-30."
    )
