"""A leave or layoff without benefits asks whether COBRA is due, until the answer comes or the desk gives it.

Source: docs/domain.md, Member codes.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from model.desk import Wanted
from model.enrollment.ruling import Amendment, Answer, Kind, Wish
from pipeline import inputs
from pipeline.desk.night import look_at_people
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views import work
from support import desk
from support.installation import GROUP, TERMS, load_terms
from support.people import deciding
from support.verified import whole

TOLD, LATER = date(2027, 1, 20), date(2027, 1, 25)
ADA: dict[str, Any] = {"who": "ada", "lines": ["021 HLT GOLD EMP 2027-01-01"]}
LAID_OFF: dict[str, Any] = {"who": "ada", "do": "001", "reason": "40"}
COBRA: dict[str, Any] = {
    "who": "ada",
    "cobra": "9",
    "subgroup": "900",
    "dates": {"301": date(2027, 1, 31)},
    "lines": ["021 HLT GOLD EMP 2027-02-01"],
}
ON_LEAVE: dict[str, Any] = {"who": "ada", "do": "001", "reason": "38"}
AT_WORK: dict[str, Any] = {"who": "ada", "do": "001", "reason": "20"}
LATE: dict[str, Any] = {"who": "ada", "do": "025", "lines": ["025 HLT GOLD EMP 2027-02-01"]}
ENDED: dict[str, Any] = {"who": "ada", "do": "024", "reason": "08", "lines": ["024 HLT GOLD EMP - 2027-01-31"]}


def opened(ws: Workspace) -> list[str]:
    """Return what is open, by number."""
    page = work.work_list(ws, ws.now(TOLD), Wanted())
    return [f"{item.number} {item.kind} {item.code} x{item.receipts}" for item in page.items]


OFFICE = 'account = "41000200"'
AGREED = TERMS.read_text("utf-8").replace(
    OFFICE,
    f'{OFFICE}\n\n[[group.subgroups]]\ncode = "900"\nname = "COBRA"\naccount = "41000900"\ncobra = true',
)


def asked(ws: Workspace, first: dict[str, Any] = LAID_OFF) -> None:
    """Have the employee enrolled, and a leave or layoff told that asks."""
    load_terms(ws, AGREED)
    desk.take(ws, 1, {"day": date(2026, 12, 2), "records": [ADA]})
    desk.take(ws, 2, {"day": TOLD, "records": [first]})
    assert desk.spans(ws) == ["M000000001 medical GOLD EMP 2027-01-01 open"]
    assert opened(ws) == ["1 query LEAVE-COBRA x1"]


@pytest.mark.parametrize(
    ("first", "answers"),
    [
        (LAID_OFF, ENDED),
        (LAID_OFF, {**ENDED, "reason": "29"}),
        (ON_LEAVE, AT_WORK),
        (ON_LEAVE, {**ADA, "do": "001", "reason": "20", "lines": ["001 HLT GOLD EMP 2027-01-01"]}),
    ],
)
def test_an_end_or_the_return_to_work_answers_it(ws: Workspace, first: Any, answers: Any) -> None:
    asked(ws, first)
    desk.take(ws, 3, {"day": date(2027, 1, 21), "records": [first]})
    assert opened(ws) == ["1 query LEAVE-COBRA x2"], "the same again asks still"
    desk.take(ws, 4, {"day": LATER, "records": [{"who": "ada", "do": "001"}]})
    assert opened(ws) == ["1 query LEAVE-COBRA x2"], "a record that says nothing of it does not answer"
    desk.take(ws, 5, {"day": LATER, "records": [answers]})
    look_at_people(ws, GROUP, ws.now(date(2027, 3, 1)))
    assert opened(ws) == []


def test_an_end_that_is_sent_with_the_leave_asks_still_and_cobra_answers(ws: Workspace) -> None:
    asked(ws)
    desk.take(ws, 3, {"day": TOLD, "records": [{**ENDED, "reason": "40"}]})
    assert desk.spans(ws) == ["M000000001 medical GOLD EMP 2027-01-01 2027-01-31"]
    assert opened(ws) == ["1 query LEAVE-COBRA x2"]
    file = desk.take(ws, 4, {"day": LATER, "records": [COBRA]})
    assert "1 medical APPLIED" in "; ".join(desk.came(ws, desk.set_of(ws, file)))
    assert opened(ws) == []


def test_the_desk_answers_with_an_end_whose_effect_is_shown(ws: Workspace, tmp_path: Path) -> None:
    asked(ws)
    at, now = deciding(ws), ws.now(LATER)
    shown = inputs.show_work(at, 1, now)
    assert shown is not None and shown.ways == ("rollbook work amend 1 --end D", "rollbook work drop 1")
    wish = Wish(Answer(Kind.AMEND, amend=Amendment(end=date(2027, 2, 28))))
    looked = inputs.decide_work(at, 1, wish, now)
    assert looked.effect is not None and not looked.problem and not looked.done
    assert desk.told(looked.effect.new) == ["M000000001 medical GOLD EMP 2027-01-01 2027-02-28"]
    done = inputs.decide_work(at, 1, wish, now, "laid off for good", looked.effect.digest)
    assert done.done, done.problem
    assert desk.spans(ws) == ["M000000001 medical GOLD EMP 2027-01-01 2027-02-28"]
    assert opened(ws) == []
    again = inputs.decide_work(at, 1, wish, now, "twice", looked.effect.digest)
    assert not again.done and again.problem == "it was decided"
    whole(ws)
    assert replay(ws, tmp_path / "again").equal


def test_the_desk_answers_by_an_end_alone_or_drops_it(ws: Workspace) -> None:
    asked(ws)
    at, now = deciding(ws), ws.now(LATER)
    for wish, problem in (
        (Wish(Answer(Kind.APPROVE)), "there is nothing to carry out"),
        (Wish(Answer(Kind.AMEND, amend=Amendment(tier="FAM"))), "it is answered by an end alone"),
        (Wish(Answer(Kind.AMEND)), "it is answered by an end alone"),
    ):
        made = inputs.decide_work(at, 1, wish, now, "so it is")
        assert problem in made.problem and not made.done
    assert inputs.decide_work(at, 1, Wish(Answer(Kind.DROP)), now, "offered on 25 January").done
    assert opened(ws) == [] and desk.spans(ws) == ["M000000001 medical GOLD EMP 2027-01-01 open"]
