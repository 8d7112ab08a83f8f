"""Court orders at the desk: recorded by one person, lifted by two; a child dropped alone waits while one stands.

Source: docs/domain.md, Court orders.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from model.desk import Wanted
from model.people import Role
from pipeline import inputs
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views import orders, work
from support import desk
from support.installation import GROUP, load_terms
from support.people import ANN, TWO, deciding, known, person
from support.verified import whole

FIRST, DAY = date(2026, 12, 2), date(2027, 1, 20)
COURT = ("M000000002", "", date(2027, 1, 5), " Family  Court of Hartford ")
FAMILY: list[dict[str, Any]] = [
    {"who": "ada", "lines": ["021 HLT GOLD ECH 2027-01-01"]},
    {"who": "cy", "lines": ["021 HLT GOLD - 2027-01-01"]},
]
DROPPED: dict[str, Any] = {"who": "cy", "do": "024", "lines": ["024 HLT GOLD - - 2027-01-31"]}


def enrolled(ws: Workspace) -> Workspace:
    """Take the family in; return the workspace of somebody who may decide."""
    load_terms(ws)
    desk.take(ws, 1, {"day": FIRST, "records": FAMILY})
    return deciding(ws)


def dropped(ws: Workspace, number: int) -> set[str]:
    """Drop the child alone; return what waits of that."""
    return desk.waiting(ws, desk.take(ws, number, {"day": DAY + timedelta(days=number), "records": [DROPPED]}))


def test_an_order_of_the_desk_keeps_a_child_until_two_people_lift_it(ws: Workspace, tmp_path: Any) -> None:
    at = enrolled(ws)
    made = inputs.record_order(at, *COURT, ws.now(DAY), "their letter")
    assert made is not None and (made.done, made.ordered, made.group) == (True, True, GROUP)
    (order,) = orders.order_list(ws, GROUP)
    assert (order.member, order.authority, order.day) == ("M000000002", "Family Court of Hartford", COURT[2])
    assert dropped(ws, 2) == {"ORDER-KEPT"}
    for reason, words in (("", "a reason"), ("she is 19", "two people|another person")):
        alone = inputs.lift_order(at, "M000000002", "", ws.now(DAY), replace(TWO, requested_by="", reason=reason))
        assert alone is not None and not alone.done and alone.ordered, words
    lifted = inputs.lift_order(at, "m000000002", GROUP, ws.now(DAY), TWO)
    assert lifted is not None and (lifted.done, lifted.ordered) == (True, False)
    assert orders.order_list(ws) == []
    assert [each.lifted for each in orders.order_list(ws, lifted=True)] == [DAY]
    assert dropped(ws, 3) == set()
    assert desk.spans(ws)[1] == "M000000002 medical GOLD 2027-01-01 2027-01-31"
    again = inputs.lift_order(at, "M000000002", "", ws.now(DAY), TWO)
    assert again is not None and again.problem == "no court order of the member stands"
    whole(ws)
    assert replay(ws, tmp_path / "again").equal


def test_what_a_file_ordered_is_lifted_too_and_not_ordered_again_by_the_same_words(ws: Workspace) -> None:
    at = enrolled(ws)
    ordered = {**FAMILY[1], "order": True}
    desk.take(ws, 2, {"day": FIRST, "records": [ordered]})
    assert [(each.authority, each.day) for each in orders.order_list(ws)] == [("COURT", None)]
    assert dropped(ws, 3) == {"ORDER-KEPT"}
    assert inputs.lift_order(at, "M000000002", "", ws.now(DAY), TWO).done  # type: ignore[union-attr]
    desk.take(ws, 4, {"day": DAY, "records": [ordered], "ref": "AGAIN"})
    assert orders.order_list(ws) == [], "the file says what it said before"
    spec = {"day": DAY, "records": [ordered], "ref": "OTHER", "instead": [("NM1*E1*1*COURT", "NM1*E1*1*OTHER")]}
    desk.take(ws, 5, spec)
    assert [each.authority for each in orders.order_list(ws)] == ["OTHER"]
    assert dropped(ws, 6) == {"ORDER-KEPT"}


def test_recording_answers_what_asked_for_an_order_and_lifting_asks_no_more(ws: Workspace) -> None:
    at = enrolled(ws)
    asked = {"records": [{**FAMILY[1], "order": True}], "instead": [("NM1*E1*1*COURT", "NM1*S3*1*ROE*ROBIN")]}
    desk.take(ws, 2, {"day": FIRST, **asked})
    (item,) = work.work_list(ws, ws.now(DAY), Wanted()).items
    assert item.code == "ORDER-ASKED"
    shown = inputs.show_work(ws, item.number, ws.now(DAY))
    assert shown is not None and any(
        way.startswith("rollbook order record M000000002 --group") for way in shown.ways
    )
    made = inputs.record_order(at, *COURT, ws.now(DAY), "their letter")
    assert made is not None and made.done
    assert work.work_list(ws, ws.now(DAY), Wanted()).items == ()
    assert inputs.lift_order(at, "M000000002", "", ws.now(DAY), TWO).done  # type: ignore[union-attr]
    desk.take(ws, 3, {"day": DAY, "ref": "AGAIN", **asked})
    assert work.work_list(ws, ws.now(DAY), Wanted()).items == ()


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (("M000000001", "", DAY, "A Court"), "the member is nobody's child in any group"),
        (("M000000002", "OTHER", DAY, "A Court"), "the member is nobody's child in group OTHER"),
        (("M000000002", "", date(2027, 1, 21), "A Court"), "2027-01-21 is still ahead"),
        (("M000000002", "", DAY, " "), "say who ordered it, in at most 200 characters"),
        (("M000000002", "", DAY, "x" * 201), "say who ordered it, in at most 200 characters"),
    ],
)
def test_what_is_no_order_is_not_recorded(ws: Workspace, asked: Any, problem: str) -> None:
    at = enrolled(ws)
    member, group, ordered, authority = asked
    made = inputs.record_order(at, member, group, ordered, authority, ws.now(DAY), "their letter")
    assert made is not None and (made.problem, made.done) == (problem, False)
    assert orders.order_list(ws, lifted=True) == []


def test_who_may_not_decide_records_nothing(ws: Workspace) -> None:
    at = enrolled(ws)
    for actor, reason in ((at, ""), (ws, "their letter"), (_auditor(ws), "their letter")):
        made = inputs.record_order(actor, *COURT, ws.now(DAY), reason)
        assert made is not None and made.problem and not made.done
    assert inputs.record_order(at, "M000000099", *COURT[1:], ws.now(DAY), "x") is None
    assert orders.order_list(ws) == []


def _auditor(ws: Workspace) -> Workspace:
    known(ws, "Aud Itor", Role.AUDITOR, by=ANN)
    return replace(ws, actor=person("Aud Itor"))


def test_who_asked_does_not_confirm(ws: Workspace) -> None:
    at = enrolled(ws)
    assert inputs.record_order(at, *COURT, ws.now(DAY), "their letter").done  # type: ignore[union-attr]
    asks = replace(ws, actor=person(ANN))
    for _ in range(2):
        made = inputs.lift_order(
            asks, "M000000002", "", ws.now(DAY), replace(TWO, requested_by="", approved_by="")
        )
        assert made is not None and not made.done and made.ordered
    (item,) = work.work_list(ws, ws.now(DAY), Wanted()).items
    assert item.kind == "request" and item.requested_by == ANN
