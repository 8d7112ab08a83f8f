"""The fold of a judged file into answers: bounds on what one file may make us keep, and what comes out of it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from exchange import answers
from exchange.agreed import Parties
from exchange.answers import (
    Answered,
    AnsweredFunctionalGroup,
    AnsweredInterchange,
    AnsweredSet,
    OpenedInterchange,
    answered,
)
from model.agreement.answers import Answers
from model.agreement.terms import Carrier, Partner
from model.x12 import FileVerdict, TransactionSet
from parsers.x12.judge import judge
from pipeline.receive.claim import claim
from pipeline.receive.judge import judge as receive
from store.received import files
from support.answers import DAY, furnished, installation, send
from support.envelopes import interchange
from support.installation import PARTNER
from support.matrix import BASE, CASES, file_of

__all__ = ["furnished"]
_TWO = next(file_of(case) for case in CASES if case["fault"] == "two interchanges")  # of two sets and one
_LAX = BASE.replace("QUIGLEY*IVAN", "QUIGLEY *IVAN").encode()  # a blank that an agreement may let pass


def _partner(wanted: Answers = Answers()) -> Partner:  # noqa: B008 - frozen
    return Partner("harbor-mills", "", isa_ids=(("ZZ", "HARBORMILLS"),), answers=wanted)


def _fold(data: bytes, wanted: Answers = Answers(), before: str = "") -> list[Answered]:  # noqa: B008 - frozen
    us = Carrier("", (("ZZ", "NORTHWIND"),), ())
    parties = Parties(us, _partner(wanted), datetime(2026, 11, 23), before)
    return list(answered(judge([data]), lambda header: parties))


def _ta1(items: list[Answered]) -> list[str]:
    return [f"{at.verdict.verdict} {at.verdict.code}" for at in items if isinstance(at, AnsweredInterchange)]


def _kinds(items: list[Answered]) -> list[list[str]]:
    return [
        [type(answer.statement).__name__ for answer in item.answers]
        for item in items
        if isinstance(item, AnsweredInterchange)
    ]


def test_within_the_bound_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _fold(_TWO)
    assert _ta1(whole) == ["A 000", "A 000"]
    monkeypatch.setattr(answers, "MAX_SETS", 3)
    assert _fold(_TWO) == whole


@pytest.mark.parametrize(("sets", "said"), [(2, ["A 000", "R 024"]), (1, ["R 024", "R 024"]), (0, ["R 024"] * 2)])
def test_the_interchange_with_a_set_too_many_is_refused(
    sets: int, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MAX_SETS", sets)
    items = _fold(_TWO)
    assert _ta1(items) == said
    assert sum(isinstance(item, TransactionSet) for item in items) == sets
    assert sum(isinstance(item, AnsweredSet) for item in items) == sets
    assert sum(isinstance(item, AnsweredFunctionalGroup) for item in items) == 2
    assert isinstance(items[-1], FileVerdict), "the file is closed all the same"


def test_findings_beyond_the_bound_still_reject(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MAX_LISTED", 2)
    data = _TWO.replace(b"INS*Y*18*021", b"INS*Y**021").replace(b"*M~", b"*Q~").replace(b"*F~", b"*Q~")
    sets = [item for item in _fold(data) if isinstance(item, AnsweredSet)]
    assert [item.verdict.codes for item in sets] == [("5",)] * 3
    codes = [[finding.code for finding in item.verdict.findings] for item in sets]
    lost = "MEMBERS-NOT-APPLIED"
    assert codes == [["ELEMENT-1", "ELEMENT-I6", lost], ["FINDINGS-MORE", lost], [lost]]
    assert [len(item.unlisted) for item in sets] == [0, 3, 3]


@pytest.mark.parametrize(("listed", "letter"), [(1, "E"), (0, "R")])
def test_what_is_listed_no_more_is_not_let_pass(listed: int, letter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MAX_LISTED", listed)
    first, _ = [item for item in _fold(_LAX, Answers(accept_with_errors=("6",))) if isinstance(item, AnsweredSet)]
    assert first.verdict.verdict == letter


_NONE = "none of them was applied."


@pytest.mark.parametrize(
    ("edits", "agreed", "said"),
    [
        ([], Answers(), []),
        (  # one bad set of two
            [(b"INS*Y*18*021*29*A***FT~", b"INS*Y**021*29*A***FT~", 1)],
            Answers(),
            [("ST", 1)],
        ),
        (  # its neighbours are rejected with it, and say so of themselves
            [(b"INS*Y*18*021*29*A***FT~", b"INS*Y**021*29*A***FT~", 1)],
            Answers(rejection="group"),
            [("ST", 1), ("GS", 1)],
        ),
        ([(b"GE*2*7", b"GE*3*7", 1)], Answers(), [("GS", 2)]),
        ([(b"IEA*1*000000901", b"IEA*1*000000999", 1)], Answers(), [("ISA", 2)]),
    ],
)
def test_what_is_rejected_says_how_many_members_were_not_applied(
    edits: list[tuple[bytes, bytes, int]], agreed: Answers, said: list[tuple[str, int]]
) -> None:
    """A member record is counted once, at the level that rejects it (docs/domain.md, The header)."""
    data = BASE.encode()
    for old, new, times in edits:
        assert old in data
        data = data.replace(old, new, times)
    levels = [
        item.verdict
        for item in _fold(data, agreed)
        if isinstance(item, (AnsweredSet, AnsweredFunctionalGroup, AnsweredInterchange))
    ]
    lost = [finding for verdict in levels for finding in verdict.findings if finding.code == "MEMBERS-NOT-APPLIED"]
    assert [(finding.where.segment_id, int(*re.findall(r"\d+", finding.message))) for finding in lost] == said
    assert all(finding.message.endswith(_NONE) and finding.where.segment for finding in lost)


def test_what_came_before_is_refused() -> None:
    items = _fold(BASE.encode(), before="F000001")
    (opened,) = [item for item in items if isinstance(item, OpenedInterchange)]
    assert opened.refusal and opened.refusal.code == "INTERCHANGE-SEEN" and "F000001" in opened.refusal.message
    assert (_ta1(items), _kinds(items)) == (["R 025"], [["Ta1Statement"]])


def test_what_only_answers_us_is_answered_by_nothing() -> None:
    assert _kinds(_fold(interchange(901, "TA1*000000001*261122*0600*A*000~"))) == [[]]


def test_an_installation_refuses_what_is_beyond_and_judges_it_once(
    furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MAX_SETS", 2)
    with installation(furnished, tmp_path / "var") as ws:
        file = claim(ws, [_TWO], "killed.edi", PARTNER, "test", ws.now(DAY))
        for _ in range(2):  # killed before anything of it was applied, and begun again
            receive(ws, file.id)
        with ws.database.read() as conn:
            assert files.file(conn, file.id).kind == "834"
            assert len(files.sets_of(conn, file.id)) == 2
    with installation(furnished, tmp_path / "var") as ws:
        heard = send(ws, [_TWO])
    assert [text for _, text in heard.ta1] == ["A 000", "R 024"]
    assert [group.text for group in heard.groups] == ["A 2 2 2"]
    assert heard.states == ("APPLIED", "APPLIED") and heard.state == "PARTIAL"
    assert ("SETS-TOO-MANY", "error") in heard.findings
