"""Members merged and split: what is shown, what is done, what a split gives back; the books and a replay agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from model import asking
from model.approval import Approval
from model.desk import ItemKind, Wanted
from model.enrollment.known import Known
from model.enrollment.rearrange import Rearrangement
from model.enrollment.ruling import Answer, Kind, Wish
from model.people import Limits, Role
from pipeline import inputs
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views import members
from pipeline.views.rearranged import RearrangedView
from pipeline.views.work import work_list
from store import agreements
from store.desk import items
from store.people import places, roster
from support import desk, merged, two_partners
from support.held import beside, traced
from support.installation import ROOT
from support.merged import Story, long, short
from support.people import ANN, BEN, TWO, deciding, known, person
from support.verified import whole

LATER = date(2027, 6, 1)

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "desk" / "merges.yaml").read_text("utf-8"))


def asked(step: dict[str, Any]) -> Rearrangement:
    if "merge" in step:
        return Rearrangement.merge(*map(long, step["merge"]))
    spec = step["split"]
    back = long(spec["back_to"]) if "back_to" in spec else ""
    return Rearrangement.split(long(spec["member"]), tuple(spec.get("groups", ())), spec.get("family", ""), back)


def facts(step: dict[str, Any], made: RearrangedView) -> dict[str, list[str]]:
    """Return what is told, as a case says it: of a merge three texts, of a split four."""
    texts = {
        fact.name: [fact.stays, fact.other, fact.stays_then, *([fact.other_then] if "split" in step else [])]
        for fact in made.facts
    }
    return texts if "merge" in step else {name: texts[name] for name in step["facts"]}


def rearrange(story: Story, step: dict[str, Any]) -> None:
    made = story.do(asked(step), step.get("day", merged.DAY))
    if "refused" in step:
        assert step["refused"] in made.problem
        return
    assert not made.problem
    if "moved" in step:
        told = [
            " ".join((m.group, m.family, m.relationship, short(m.before), short(m.after) or "new"))
            for m in made.moved
        ]
        assert told == step["moved"]
    if "facts" in step:
        assert facts(step, made) == step["facts"]
    assert made.effect is not None
    money = [f"{month.account} {month.month} {month.change_cents}" for month in made.effect.months]
    assert money == step.get("money", [])
    if "undoes" in step:
        assert merged.known(story.ws) == story.before[step["undoes"] - 1]


def renumber(story: Story, spec: dict[str, Any]) -> None:
    """Have a file say another number of a family, which a person allows."""
    (came,) = story.file(spec["group"], spec["members"])
    assert " PENDED " in came
    at, now = deciding(story.ws), story.ws.now(merged.DAY)
    (item,) = work_list(story.ws, now, Wanted()).items
    assert item.code == "NUMBER-CHANGED"
    wish = Wish(Answer(Kind.APPROVE))
    looked = inputs.decide_work(at, item.number, wish, now)
    assert looked.effect is not None, looked.problem
    assert inputs.decide_work(at, item.number, wish, now, "they changed it", looked.effect.digest).done
    for found in members.find_members(story.ws, Known(name="SAMPLE"), LATER):
        shown = members.member(story.ws, found.member) if found.group == spec["group"] else None
        assert shown is None or {version.subscriber for version in shown.told} == {spec["to"]}, (
            "facts name the newest number"
        )


def run(story: Story, step: dict[str, Any]) -> None:
    ws = story.ws
    if "file" in step:
        came = story.file(step["file"], step["members"])
        if "came" in step:
            assert came == step["came"]
        else:
            assert all(" APPLIED " in line for line in came), came
    elif "bill" in step:
        spec = step["bill"]
        billed = story.billed(spec["group"], spec["month"], spec["day"])
        assert [list(cents) for cents in billed] == step["invoices"]
    elif "renumber" in step:
        renumber(story, step["renumber"])
    elif "show" in step:
        shown = members.member(ws, long(step["show"]))
        assert shown is not None
        assert (short(shown.member), list(map(short, shown.aliases))) == (step["is"], step["aliases"])
    else:
        rearrange(story, step)
    if "covered" in step:
        assert list(merged.spans(ws)) == step["covered"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_members_are_merged_and_split(ws: Workspace, tmp_path: Path, case: dict[str, Any]) -> None:
    merged.agree(ws)
    story = Story(ws)
    for step in case["steps"]:
        run(story, step)
    whole(ws)
    assert replay(ws, tmp_path / "again").equal


JANUARY = {"lines": [["021", "EMP", merged.JAN]]}


def twice(ws: Workspace, **more: object) -> Story:
    """Have somebody be a member of two groups; `more` is told of her by the second one."""
    merged.agree(ws)
    story = Story(ws)
    story.file("G1", [{"first": "ANN", "ssn": "900112222", **JANUARY}])
    story.file("G2", [{"first": "ANN", "ssn": "900112222", "family": "E9", **JANUARY, **more}])
    return story


BOTH = Rearrangement.merge("M000000001", "M000000002")
BACK = Rearrangement.split("M000000001", back_to="M000000002")


def test_two_people_decide_and_within_their_limits(ws: Workspace) -> None:
    story = twice(ws)
    looked = story.ask(BOTH)
    assert looked.effect is not None
    digest = looked.effect.digest
    known(ws, BEN, Role.ENROLLMENT, by=ANN, limits=Limits(members=1))
    known(ws, "Cleo", Role.BILLING, by=ANN)
    before = merged.known(ws)
    for who, approval, why in (
        (BEN, TWO, "Ben Ode may decide on up to 1 members, and it is 2"),
        ("Cleo", Approval(ANN, "Cleo", "r"), "Cleo is not enrollment or supervisor"),
        (ANN, Approval(ANN, ANN, "r"), "asked for it and cannot approve it, too"),
        (ANN, Approval(BEN, ANN, ""), "it needs a reason"),
    ):
        made = inputs.rearrange(replace(ws, actor=person(who)), BOTH, ws.now(merged.DAY), approval, digest)
        assert made is not None and not made.done and why in made.problem
    assert merged.known(ws) == before


def test_one_asks_and_another_confirms(ws: Workspace, tmp_path: Path) -> None:
    story = twice(ws)
    deciding(ws)
    for asks, command in (
        (BOTH, "rollbook member merge M000000001 M000000002 --seen DIGEST --reason R"),
        (BACK, "rollbook member split M000000001 ... --seen DIGEST --reason R"),
    ):
        looked = story.ask(asks)
        assert looked.effect is not None
        came = []
        for who in (ANN, ANN, BEN):
            at = replace(ws, actor=person(who))
            reason = Approval(reason="one person")
            made = inputs.rearrange(at, asks, ws.now(merged.DAY), reason, looked.effect.digest)
            assert made is not None
            with ws.database.read() as conn:
                requests = items.opened(conn, items.Scope((ItemKind.REQUEST,)))
            came.append((made.problem, [asking.command(each.waiting.subject) for each in requests.values()]))
        assert came == [
            ("Ann Lee asks for it; another person confirms it by the same command", [command]),
            ("you asked for it already; another person confirms it by the same command", [command]),
            ("", []),
        ]
    whole(ws)
    assert replay(ws, tmp_path / "again").equal


def test_what_is_not_what_was_shown_is_not_done(ws: Workspace) -> None:
    story = twice(ws)
    looked = story.ask(BOTH)
    assert looked.effect is not None
    story.file("G2", [{"first": "ANN", "family": "E9", "do": "001", "phone": "5550100"}])
    before = merged.known(ws)
    made = story.ask(BOTH, seen=looked.effect.digest)
    assert made.stale and not made.done and merged.known(ws) == before
    assert made.effect is not None and made.effect.digest != looked.effect.digest
    assert story.ask(BOTH, seen=made.effect.digest).done


def test_rosters_name_who_stays_and_who_has_an_older_one_is_said(ws: Workspace) -> None:
    story = twice(ws)
    assert story.ask(BOTH).sent == ()
    for form, deliver in (("834", True), ("csv", True), ("xlsx", False)):
        with ws.database.read() as conn:
            partner = agreements.partner(conn, "g2")
        exported = inputs.export_roster(ws, "G2", form, partner, ws.now(merged.DAY), deliver=deliver)
        assert exported.written
    made = story.do(BOTH)
    assert [(each.group, each.form, each.partner) for each in made.sent] == [
        ("G2", "834", "g2"),
        ("G2", "csv", "g2"),
    ]
    again = inputs.export_roster(ws, "G2", "834", partner, ws.now(merged.DAY), deliver=True)
    (path,) = again.documents
    assert "REF*23*M000000001~" in Path(path).read_text() and "M000000002" not in Path(path).read_text()


def test_a_payment_and_a_link_that_name_the_alias_mean_who_stays(ws: Workspace) -> None:
    story = twice(ws)
    story.do(BOTH)
    with ws.database.read() as conn:
        ids = agreements.group_ids(conn, ["G2"])
        named = places.named(conn, ids, [], [], ["M000000001", "M000000002", "M000000003"])
        assert named.by_member_id["M000000002"] == named.by_member_id["M000000001"] != []
        assert "M000000003" not in named.by_member_id
        assert places.contracts_of(conn, "G2", "M000000002") == named.by_member_id["M000000001"]
        assert roster.names(conn, ["M000000002"])["M000000002"].first == "ANN"
    (found,) = [each for each in members.find_members(ws, Known(("m000000002",)), LATER) if each.group == "G2"]
    assert found.member == "M000000001"
    assert members.same_ssn(ws, LATER) == []


def test_what_waits_of_the_other_is_the_one_s_and_closes_by_its_next_record(ws: Workspace) -> None:
    story = twice(ws)
    late = {"first": "ANN", "family": "E9", "do": "024", "reason": "08"}
    assert " PENDED " in story.file("G2", [{**late, "lines": [["024", "", None, merged.JAN]]}], LATER)[0]

    def waits() -> list[tuple[str, str]]:
        with ws.database.read() as conn:
            there = items.opened(conn, items.Scope((ItemKind.MEMBER,)))
        return [(item.waiting.subject, item.waiting.label[:17]) for item in there.values()]

    (before,) = waits()
    story.do(BOTH, LATER)
    (after,) = waits()
    assert (before[0], after[0]) == ("G2/M000000002", "G2/M000000001")
    assert after[1] == "member M000000001"
    story.do(BACK, LATER)
    assert waits() == [before]
    story.do(BOTH, LATER)
    ended = story.file("G2", [{**late, "lines": [["024", "", None, date(2027, 6, 30)]]}], LATER)
    assert " APPLIED " in ended[0] and waits() == []


def test_a_record_is_linked_to_the_alias_and_is_who_stays_s(ws: Workspace) -> None:
    merged.agree(ws)
    story, child = Story(ws), {"first": "CY", "rel": "19", "birth": "20150602"}
    covers = [["021", "", merged.JAN]]
    subscriber = {"lines": [["021", "ECH", merged.JAN]]}
    one = [{"first": "ANN", **subscriber}, {**child, "ssn": "900114444", "lines": covers}]
    other = [{"first": "BO", "family": "E2", **subscriber}, {**child, "family": "E2", "lines": covers}]
    story.file("G1", [*one, *other])  # in one set nobody is anybody's namesake
    story.do(Rearrangement.merge("M000000002", "M000000004"))
    ends = {"do": "024", "lines": [["024", "", None, date(2027, 1, 31)]]}
    odd = {"first": "ZOE", "rel": "19", "birth": "20160703", "ssn": "900114444", **ends}
    value = two_partners.send(ws, "g1", "G1", 9, merged.DAY, odd)
    assert two_partners.lines_of(value) == ["E1 medical PENDED waits for a decision; asked: last day 2027-01-31"]
    held = desk.set_of(ws, value["file_id"])
    asked = {"kind": "link", "link": "M000000004", "day": merged.DAY}
    looked = desk.decide(ws, held, asked)
    assert looked.effect is not None and not looked.problem
    assert {span.member for span in looked.effect.new} == {"M000000002"}
    assert desk.decide(ws, held, asked, looked.effect.digest).done
    assert "G1 E1 19 M2 - 2027-01-01 2027-01-31" in list(merged.spans(ws))


def test_somebody_unknown_is_nobody(ws: Workspace) -> None:
    merged.agree(ws)
    assert inputs.rearrange(ws, BOTH, ws.now(merged.DAY)) is None


def test_two_keyboards_merge_once(on_both: Workspace) -> None:
    """Whatever the interleaving, one of them does it, and a file beside it is decided before or after."""
    ws = deciding(on_both)
    if ws.database.engine.dialect.name != "postgresql":
        return  # one writer: the second waits for the first
    merged.agree(ws)
    story, pairs = Story(ws), range(1, 21)
    people = [
        {"first": "ANN", "family": f"E{n}", "birth": f"19800{n // 28 + 1}{n % 28 + 1:02d}", **JANUARY}
        for n in pairs
    ]
    story.file("G1", people)
    story.file("G2", people)

    def both(number: int) -> Rearrangement:
        return Rearrangement.merge(f"M{number:09d}", f"M{number + len(pairs):09d}")

    def act(at: Workspace, number: int, who: str, other: str, done: list[bool]) -> None:
        looked = story.ask(both(number))
        there = replace(at, actor=person(who))
        digest = looked.effect.digest if looked.effect else "0" * 12
        made = inputs.rearrange(there, both(number), at.now(merged.DAY), Approval(other, who, "r"), digest)
        assert made is not None
        done.append(made.done)

    statements = len(traced(ws, lambda at: act(at, 1, BEN, ANN, [])))
    assert statements > 20
    for number, hold in zip(pairs[1:], range(1, statements + 1, 4), strict=False):
        done: list[bool] = []
        beside(
            ws,
            lambda at, n=number, told=done: act(at, n, BEN, ANN, told),
            lambda at, n=number, told=done: act(at, n, ANN, BEN, told),
            hold,
        )
        assert sorted(done) == [False, True]
    whole(ws)
