"""The night: once a day, made up for in order, each part for itself (docs/operations.md, The night)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from exchange.usual import expected
from model.desk import Wanted
from model.nights import EACH_DAY, NightPart, due
from pipeline import inputs
from pipeline.cash.deposits import add_deposit
from pipeline.desk.nights import record
from pipeline.health import run as health
from pipeline.nights import parts as parts_of_night
from pipeline.nights.parts import PARTS, Tonight
from pipeline.receive.deliver import deliver
from pipeline.receive.run import receive
from pipeline.replay import run as replaying
from pipeline.runtime import leases
from pipeline.runtime.workspace import Workspace
from pipeline.views.nights import NightView
from pipeline.views.work import work_list
from sample_files import edi
from store import nights
from store.money import ledger
from store.people import roster
from support import processes
from support.installation import GROUP, PARTNER, SAMPLES, install, load_terms, take_bytes
from support.processes import together
from support.story import LAST_DAY, copy_of, told_in

CHILD = (
    (SAMPLES / "valid" / "01-add-family.edi").read_bytes().replace(b"20170316", b"20010316")
)  # 26 in March 2027
COMPANY = "1990000001"
TODAY = {part: LAST_DAY for part in NightPart}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with told_in(tmp_path_factory.mktemp("night") / "var") as ws:
        yield ws


@pytest.fixture
def copied(told: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the story, in which nights run."""
    with copy_of(told, tmp_path / "copy") as ws:
        yield ws


def night(ws: Workspace, day: date) -> NightView:
    return inputs.run_night(ws, ws.now(day))


def done(ws: Workspace) -> dict[NightPart, date]:
    with ws.database.read() as conn:
        return nights.done(conn)


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what takes long and is another test's."""
    for part in (NightPart.VERIFY, NightPart.REPLAY):
        monkeypatch.setitem(PARTS, part, lambda tonight, part=part: tonight.outcome(part, {}))


# --- which days ------------------------------------------------------------------------------------------


def test_a_first_night_is_today_alone() -> None:
    assert list(due({}, LAST_DAY)) == [(LAST_DAY, tuple(NightPart))]
    assert list(due(TODAY, LAST_DAY)) == [] and list(due(TODAY, LAST_DAY - timedelta(1))) == []


def test_missed_nights_are_made_up_for_in_order_and_what_goes_out_goes_today() -> None:
    days = list(due(TODAY, LAST_DAY + timedelta(3)))
    assert [day for day, _ in days] == [LAST_DAY + timedelta(number) for number in (1, 2, 3)]
    assert [parts for _, parts in days] == [EACH_DAY, EACH_DAY, tuple(NightPart)]


def test_a_part_that_is_behind_alone_is_made_up_for_alone() -> None:
    behind = TODAY | {NightPart.EFFECT: LAST_DAY - timedelta(2), NightPart.CREDIT: LAST_DAY - timedelta(5)}
    assert list(due(behind, LAST_DAY)) == [
        (LAST_DAY - timedelta(1), (NightPart.EFFECT,)),
        (LAST_DAY, (NightPart.EFFECT, NightPart.CREDIT)),
    ]


# --- a night ---------------------------------------------------------------------------------------------


def test_a_night_runs_once_and_the_replay_of_it_is_equal(copied: Workspace, tmp_path: Path) -> None:
    """Every part, the second time nothing; a page, the figures of health, and a journal that can be done again."""
    first = night(copied, LAST_DAY)
    assert [part.part for part in first.parts] == list(NightPart) and not first.broken
    assert night(copied, LAST_DAY) == replace(first, parts=(), page="")
    assert night(copied, LAST_DAY - timedelta(2)).parts == ()
    assert done(copied) == TODAY
    assert [kept.day for kept in health.nights(copied.settings.home)] == [str(LAST_DAY)]
    page = Path(first.page)
    text = page.read_text("utf-8")
    assert page.parent == copied.settings.home / "nights" and page.stat().st_mode & 0o007 == 0
    assert "Every part ended well" in text and "ABERNATHY" not in text.upper()
    assert replaying.replay(copied, tmp_path / "again").equal


def test_a_week_missed_is_caught_up(copied: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    night(copied, LAST_DAY)
    week = night(copied, LAST_DAY + timedelta(8))
    days = [part.day for part in week.parts]
    assert days == sorted(days) and Counter(days)[LAST_DAY + timedelta(1)] == len(EACH_DAY)
    assert week.days == 8 and Counter(part.part for part in week.parts)["effect"] == 8
    assert Counter(part.part for part in week.parts)["health"] == 1
    assert set(done(copied).values()) == {LAST_DAY + timedelta(8)}
    assert "7 missed days made up for" in Path(week.page).read_text("utf-8")


def test_no_end_runs_before_its_notice_is_old_after_missed_nights(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DOMAIN 3: "no end that needs a notice runs before the notice is N days old, also after an outage"."""
    quick(monkeypatch)
    load_terms(ws)
    take_bytes(ws, CHILD, "a.edi", date(2026, 12, 1))
    night(ws, date(2027, 2, 27))
    back = date(2027, 3, 12)  # the notice was due on 1 March
    assert [part.day for part in night(ws, back).parts if part.part == "ages"] == [back]
    with ws.database.read() as conn:
        ends = {line.span.end for line in roster.lines(conn, GROUP) if line.relationship == "19"}
    assert ends == {back + timedelta(30)}
    (path,) = [path for path in deliver(ws, ws.now(back)) if "notice" in path]
    assert "2027-03-12" in Path(path).name


def test_a_part_that_breaks_stops_only_itself(copied: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told without anybody's data, is not done, and is tried again by the next run, of its own day."""
    quick(monkeypatch)

    def breaks(tonight: Tonight) -> object:
        raise ValueError("KINGSLEY 901-41-0001")

    sound = PARTS[NightPart.DOCUMENTS]
    monkeypatch.setitem(PARTS, NightPart.DOCUMENTS, breaks)
    first = night(copied, LAST_DAY)
    assert [part.part for part in first.broken] == ["documents"] and "KINGSLEY" not in str(first)
    assert done(copied) == {part: day for part, day in TODAY.items() if part is not NightPart.DOCUMENTS}
    assert "1 part broke" in Path(first.page).read_text("utf-8")
    again = night(copied, LAST_DAY)
    assert [part.part for part in again.parts] == ["documents"] and again.page != first.page
    monkeypatch.setitem(PARTS, NightPart.DOCUMENTS, sound)
    later = night(copied, LAST_DAY + timedelta(1))
    assert not later.broken and set(done(copied).values()) == {LAST_DAY + timedelta(1)}


def test_who_comes_while_another_is_at_it_does_nothing(copied: Workspace) -> None:
    with leases.alone(copied, "night") as held:
        assert held is not None
        assert night(copied, LAST_DAY) == NightView(busy=True, parts=(), page="")
    assert done(copied) == {}


def records(ws: Workspace, who: int, number: int) -> None:
    """Record the same night."""
    record(ws, LAST_DAY, list(NightPart), ws.now(LAST_DAY))


def runs(ws: Workspace, who: int, number: int) -> None:
    """Run the night."""
    inputs.run_night(ws, ws.now(LAST_DAY))


@pytest.mark.parametrize("work", [records, runs])
def test_two_processes_do_one_night(on_both: Workspace, work: processes.Work) -> None:
    settings = processes.settings_of(on_both)
    install(settings)
    load_terms(on_both)
    assert together(settings, [work] * 2, 2) == []
    with on_both.database.read() as conn:
        assert Counter(nights.recorded(conn)) == Counter((LAST_DAY, part) for part in NightPart)


# --- its parts -------------------------------------------------------------------------------------------


def pay(ws: Workspace, day: date, number: int, trace: str, *rows: tuple[str, str, int]) -> None:
    body = edi.remittance_set([(kind, to, cents, max(0, cents)) for kind, to, cents in rows], day, trace)
    receive(
        ws,
        [edi.interchange([body], day, number, kind="820").encode()],
        f"{number}.edi",
        PARTNER,
        "test",
        ws.now(day),
    )
    add_deposit(ws, trace, COMPANY, sum(cents for _, _, cents in rows), day, ws.now(day))


def balance(ws: Workspace, name: str) -> int:
    with ws.database.read() as conn:
        return ledger.balance(conn, name)


def test_credit_pays_what_is_open_the_same_night(copied: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A payment leaves ten dollars over, another takes fifty back from the invoice: by night ten pay it."""
    quick(monkeypatch)
    pay(copied, date(2027, 1, 20), 71, "OVER", ("11", "41000100", 2_726_000))
    pay(copied, date(2027, 1, 25), 72, "BACK", ("IK", "100003", -5_000), ("11", "41000200", 6_000))
    assert (balance(copied, "receivable:41000100"), balance(copied, "unapplied:41000100")) == (5_000, -1_000)
    day = date(2027, 1, 26)
    (found,) = health.health(copied, copied.now(day), only=["credit-beside"])
    assert [(cost.ident, cost.cents) for cost in found.costs] == [("41000100", 1_000)]
    (paid,) = [part for part in night(copied, day).parts if part.part == "credit"]
    assert paid.amount_cents == 1_000 and paid.counts.pairs == (("paid from credit", 1),)
    assert (balance(copied, "receivable:41000100"), balance(copied, "unapplied:41000100")) == (4_000, 0)


def test_when_a_file_is_usual() -> None:
    weekly = [date(2027, 1, 4) + timedelta(7 * number) for number in range(5)]
    assert expected(weekly) == weekly[-1] + timedelta(8)
    assert expected([*weekly, weekly[-1] + timedelta(8)]) == weekly[-1] + timedelta(8 + 8 + 1)  # once a day late
    assert expected(weekly[:4]) is None and expected([]) is None
    assert expected([*weekly, weekly[-1] + timedelta(30)]) is None  # no rhythm
    assert expected([*weekly, *weekly]) == expected(weekly)


@pytest.mark.leaves("files")
def test_a_file_that_does_not_come_is_open_work_until_it_does(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_terms(ws)
    weekly = [ws.now(date(2027, 1, 4) + timedelta(7 * number)) for number in range(5)]
    came: list[datetime] = list(weekly)
    monkeypatch.setattr(
        parts_of_night.desk.exchanges, "came", lambda *_: {"834": [at for at in came]} if _[1] == PARTNER else {}
    )
    last = date(2027, 2, 1)

    def waits(day: date) -> list[str]:
        inputs.look_at_desk(ws, ws.now(day))
        return [item.label for item in work_list(ws, ws.now(day), Wanted("exchange")).items]

    assert waits(last + timedelta(8)) == []
    (label,) = waits(last + timedelta(9))
    assert "834" in label and "2027-02-09" in label and "2027-02-01" in label
    came.append(ws.now(last + timedelta(10)))
    assert waits(last + timedelta(10)) == []


def test_which_files_of_a_partner_came(told: Workspace) -> None:
    with told.database.read() as conn:
        since, until = told.now(date(2026, 11, 1)), told.now(LAST_DAY)
        came = parts_of_night.desk.exchanges.came(conn, PARTNER, since, until)
        assert {kind: len(times) for kind, times in came.items()} == {"834": 2, "820": 1}
        assert parts_of_night.desk.exchanges.came(conn, "nobody", since, until) == {}


def test_what_takes_effect_is_told(told: Workspace) -> None:
    with told.database.read() as conn:
        first = nights.taking_effect(conn, date(2026, 12, 1), told.now(date(2026, 11, 30)))
        assert [(each.what, each.people) for each in first] == [("begins", 60)] or first[0].people > 50
        assert nights.taking_effect(conn, date(2026, 12, 1), told.now(date(2026, 11, 1))) == []
