"""What two people decide by a command: asked for at one login, confirmed at another, once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from model.people import Limits, Operator, Role
from model.timeline import Month
from pipeline import inputs
from pipeline.cash.deposits import add_deposit
from pipeline.desk import asked
from pipeline.month.bill import bill
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.setup import operators, prune
from store import tables
from support import merged
from support.fixtures import opened, scene
from support.installation import GROUP, ROOT, SAMPLES, TERMS, Ran, load_terms, run, take_bytes
from support.people import ANN, BEN, known, person
from support.verified import whole

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "desk" / "asked.yaml").read_text("utf-8"))
IDS = [case["item"]["requested"] for case in CASES]
ENDS = TERMS.read_text("utf-8").replace(
    "begin = 2026-01-01\naddress", "begin = 2026-01-01\nend = 2027-01-31\naddress"
)
DAY = date(2027, 2, 10)
HIRED = b"INS*Y*18*021*29*A***FT"  # INS08; INS13 = R restricts
PAYS = (
    (SAMPLES / "broken" / "unbalanced-820" / "unbalanced.edi")
    .read_text("utf-8")
    .replace("HMBAD820", "PAY1")
    .replace("PI*1000*1000", "PI*999.99")
    .replace("*20261123~\nTRN", "*20261223~\nTRN")
)


class Keyboards:
    """People at one installation, each at the own login; and what each of the commands is about."""

    def __init__(self, ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ws, self.monkeypatch, self.day = ws, monkeypatch, DAY
        monkeypatch.setattr("cli.session.PIPED_WIDTH", 400)

    def at(self, login: str, *arguments: object) -> Ran:
        """Run a command as the person of a login."""
        self.monkeypatch.setattr("cli.session.login", lambda: login)
        return run(*arguments, "--today", self.day)

    def waiting(self, login: str = "ben") -> list[Any]:
        """Return what others than the person of a login asked for."""
        items: list[Any] = self.at(login, "work", "list", "--to-confirm", "--json").json["items"]
        return items

    def audit(self, act: str) -> list[tuple[str, str]]:
        """Return subject and detail of each line of the audit trail of an act."""
        with self.ws.database.read() as conn:
            lines = conn.execute(select(tables.audit).where(tables.audit.c.action == act)).all()
        return [(line.subject, line.detail) for line in lines]


def peopled(ws: Workspace) -> None:
    """Make everybody known who works here."""
    known(ws, "Sue Per", Role.SUPERVISOR)
    sue = replace(ws, actor=person("Sue Per"))
    ann = Operator(ANN, ("ann", "ann2"), (Role.ENROLLMENT, Role.BILLING))
    assert not operators.save(sue, ann, "two logins", ws.now(DAY)).problem
    known(ws, BEN, Role.SUPERVISOR, by="Sue Per")
    known(ws, "Eve Roll", Role.ENROLLMENT, by="Sue Per")
    known(ws, "Bill Ing", Role.BILLING, by="Sue Per")
    known(ws, "Lim Ited", Role.BILLING, limits=Limits(cents=1_000), by="Sue Per")
    known(ws, "Aud Itor", Role.AUDITOR, by="Sue Per")


def enrolled(ws: Workspace) -> None:
    """Tell what was before: two families, one restricted; two billed months, payments, deposits; an end."""
    peopled(ws)
    load_terms(ws)
    data = (SAMPLES / "valid" / "01-add-family.edi").read_bytes()
    take_bytes(ws, data.replace(HIRED, HIRED + b"*****R", 1), "adds.edi", date(2026, 11, 23))
    judge = replace(ws, actor=person("Sue Per"))
    ordered = inputs.record_order(judge, "M000000003", "", DAY, "Family Court", ws.now(DAY), "their letter")
    assert ordered is not None and ordered.done, ordered
    for month, day in ((1, date(2026, 12, 10)), (2, date(2027, 1, 10))):
        bill(ws, Month(2027, month), ws.now(day), GROUP)
    paid = date(2027, 1, 11)
    take_bytes(ws, PAYS.encode(), "paid.edi", paid)
    for trace, cents in (("PAY1", 99_999), ("PAY1", 99_999), ("WRONG", 5_000)):
        add_deposit(ws, trace, "1990000001", cents, paid, ws.now(paid), again=True)
    take_bytes(ws, PAYS.replace("000000310", "000000311").encode(), "again.edi", paid)
    load_terms(ws, ENDS, DAY)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was before, told once."""
    return scene(tmp_path_factory.mktemp("before") / "var", enrolled)


@pytest.fixture
def desk(
    before: Path, bare_home: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Keyboards]:
    """A copy of it."""
    shutil.copytree(before, bare_home)
    for ws in opened(request):
        yield Keyboards(ws, monkeypatch)


def command_of(case: dict[str, Any], tmp_path: Path, agreed: str = ENDS) -> list[str]:
    """Return a case's command; its terms raise a price of billed months."""
    file = tmp_path / "dearer.toml"
    file.write_text(agreed.replace('FAM = "1500.00"', 'FAM = "1550.00"'))
    return [str(file) if word == "TERMS" else word for word in case["command"]]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_one_person_asks_and_another_confirms_once(desk: Keyboards, case: dict[str, Any], tmp_path: Path) -> None:
    desk.day = case.get("day", DAY)
    command, why = command_of(case, tmp_path), ("--reason", "their letter of 3 January")
    ((act, about),) = case["audit"].items()
    before = len(desk.audit(act))
    for login, words in (("nobody", "a person asks for it"), ("aud", "Aud Itor is an auditor")):
        refused = desk.at(login, *command, *why)
        assert refused.code == 1 and words in refused.out, refused.out
    looked = desk.at("ann", *command)
    assert looked.code == 1 and "it needs a reason" in looked.out and desk.waiting() == []

    first = desk.at("ann", *command, *why)
    assert first.code == 1 and "Ann Lee asks for it; another person confirms it by the same command" in first.out
    for login in ("ann", "ann2"):
        again = desk.at(login, *command, "--reason", "myself")
        assert again.code == 1 and "you asked for it already" in again.out
    assert desk.waiting("ann2") == [] and len(desk.audit(act)) == before
    (item,) = desk.waiting()
    label = item.pop("label")
    assert label.startswith(case["item"]["label"])
    assert {name: item[name] for name in case["item"] if name != "label"} == {
        name: value for name, value in case["item"].items() if name != "label"
    }
    assert (item["kind"], item["requested_by"], item["people"]) == ("request", ANN, 2)
    shown = desk.at("ben", "work", "show", item["number"]).out
    for words in ("Ann Lee asks since", "their letter", *case.get("shows", ())):
        assert words in shown

    for login, words in case["wrong"].items():
        wrong = desk.at(login, *command, "--reason", "as asked")
        assert wrong.code == 1 and f"Ann Lee asks for it; {words}" in wrong.out, wrong.out
    assert len(desk.audit(act)) == before and len(desk.waiting()) == 1
    done = desk.at("ben", *command, "--reason", "seen the letter")
    assert done.code == 0, done.out
    subject, detail = desk.audit(act)[-1]
    assert subject == about and "requested by Ann Lee, approved by Ben Ode: seen the letter" in detail
    closed = desk.at("ben", "work", "show", item["number"], "--json").json
    assert closed["item"]["closed"] == "decision" and closed["asked"]["reason"] == "their letter of 3 January"
    count = [detail for _, detail in desk.audit(act)].count(detail)
    desk.at("ben", *command, "--reason", "once more")
    assert [detail for _, detail in desk.audit(act)].count(detail) == count
    whole(desk.ws)
    assert replay(desk.ws, tmp_path / "again").equal


VOID = ("deposit", "void", "3")


def test_a_request_is_withdrawn_by_whoever_asked_or_a_supervisor(desk: Keyboards, tmp_path: Path) -> None:
    for login in ("ann2", "ben"):
        desk.at("ann", *VOID, "--reason", "entered twice")
        (item,) = desk.waiting()
        other = desk.at("bill", "work", "drop", item["number"], "--reason", "no")
        assert other.code == 1 and "Ann Lee asked for it" in other.out
        otherwise = desk.at(login, "work", "approve", item["number"], "--reason", "yes")
        assert otherwise.code == 1 and "rollbook deposit void 3" in otherwise.out
        unsaid = desk.at(login, "work", "drop", item["number"])
        assert unsaid.code == 1 and "it needs a reason" in unsaid.out
        assert desk.at(login, "work", "drop", item["number"], "--reason", "it was not").code == 0
        assert desk.waiting() == []
    new = desk.at("ben", *VOID, "--reason", "after all")
    assert new.code == 1 and "Ben Ode asks for it" in new.out, "what was withdrawn is nobody's word"
    assert desk.at("bill", *VOID, "--reason", "after all").code == 0
    assert replay(desk.ws, tmp_path / "again").equal


def test_the_word_of_somebody_who_left_counts_no_more(desk: Keyboards) -> None:
    desk.at("ann", *VOID, "--reason", "entered twice")
    assert desk.at("sue", "operator", "disable", ANN, "--reason", "left").code == 0
    alone = desk.at("ben", *VOID, "--reason", "as she said")
    assert alone.code == 1 and "Ann Lee is disabled; Ben Ode asks for it" in alone.out
    assert desk.audit("deposit-voided") == []
    assert desk.at("bill", *VOID, "--reason", "seen it").code == 0
    assert "requested by Ben Ode, approved by Bill Ing" in desk.audit("deposit-voided")[0][1]


@pytest.mark.parametrize("verb", ["end-coverage", "load-terms"])
def test_an_effect_that_moved_is_shown_and_asked_for_again(desk: Keyboards, verb: str, tmp_path: Path) -> None:
    case = next(case for case in CASES if case["item"]["requested"] == verb)
    agreed = ENDS if verb == "end-coverage" else TERMS.read_text("utf-8")
    load_terms(desk.ws, agreed, DAY)
    command = [*command_of(case, tmp_path, agreed), "--reason", "their letter"]
    ((act, _),) = case["audit"].items()
    assert "Ann Lee asks for it" in desk.at("ann", *command).out
    if verb == "load-terms":  # a month less is billed
        for login in ("ann", "ben"):
            desk.at(login, "invoice", "void", "100002", "--reason", "wrong")
    else:  # an earlier end was agreed
        load_terms(desk.ws, ENDS.replace("end = 2027-01-31\naddress", "end = 2026-12-31\naddress"), DAY)
    before = len(desk.audit(act))
    moved = desk.at("ben", *command)
    assert moved.code == 1 and "another one by now than Ann Lee asked for; Ben Ode asks for it" in moved.out
    assert len(desk.audit(act)) == before
    (item,) = desk.waiting("ann")
    assert item["requested_by"] == BEN
    shown = desk.at("sue", "work", "show", item["number"], "--json").json["asked"]
    assert shown["by"] == BEN and len(shown["shown"]) == 64
    assert desk.at("sue", *command).code == 0
    assert "requested by Ben Ode, approved by Sue Per" in desk.audit(act)[-1][1]


class Killed(BaseException):
    """Stands for the kill: nothing in the code may catch it."""


def test_killed_while_it_is_confirmed_it_is_confirmed_again(desk: Keyboards) -> None:
    desk.at("ann", *VOID, "--reason", "entered twice")
    with pytest.MonkeyPatch.context() as patched:

        def kill(*_: object) -> None:
            raise Killed

        patched.setattr(asked, "carried_out", kill)
        with pytest.raises(Killed):
            desk.at("ben", *VOID, "--reason", "seen it")
    assert desk.audit("deposit-voided") == [] and len(desk.waiting()) == 1
    assert desk.at("ben", *VOID, "--reason", "seen it").code == 0
    assert len(desk.audit("deposit-voided")) == 1 and desk.waiting() == []


def test_a_pruning_that_was_killed_goes_on(desk: Keyboards, tmp_path: Path) -> None:
    desk.day = date(2027, 6, 1)
    command = ("prune", "--older", 100, "--reason", "quarterly")
    desk.at("ann", *command)
    with pytest.MonkeyPatch.context() as patched:

        def kill(*_: object) -> int:
            raise Killed

        patched.setattr(prune, "prune_statements", kill)
        with pytest.raises(Killed):
            desk.at("ben", *command)
    assert desk.audit("pruned") and len(desk.waiting()) == 1, "of files it is done, and it is still asked for"
    assert desk.at("ben", *command).code == 0 and desk.waiting() == []
    assert replay(desk.ws, tmp_path / "again").equal


def test_names_are_not_given_any_more(desk: Keyboards) -> None:
    assert desk.at("ben", *VOID, "--requested-by", ANN, "--reason", "she said so").code == 2
    assert desk.audit("deposit-voided") == []


def test_a_flow_asks_for_nothing(desk: Keyboards) -> None:
    dearer = ENDS.replace('FAM = "1500.00"', 'FAM = "1550.00"')
    loaded = inputs.load_terms(desk.ws, "dearer.toml", dearer, desk.ws.now(DAY))
    assert not loaded.loaded and desk.waiting() == []


SAME = {"first": "ANN", "ssn": "900112222", "lines": [["021", "EMP", date(2027, 1, 1)]]}


def test_members_are_merged_and_split_by_two_people(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = Keyboards(ws, monkeypatch)
    peopled(ws)
    merged.agree(ws)
    story = merged.Story(ws)
    story.file("G1", [SAME])
    story.file("G2", [{**SAME, "family": "E9"}])
    one, other = "M000000001", "M000000002"
    for command, item, done in (
        (("merge", one, other), "make members M000000001 and M000000002 one", f"{other} is now {one}"),
        (
            ("split", one, "--back-to", other),
            "give M000000002 back from member M000000001",
            f"{other} is a member",
        ),
    ):
        looked = desk.at("ann", "member", *command, "--json").json
        sure = ("member", *command, "--seen", looked["effect"]["digest"], "--reason", "one person")
        assert "Ann Lee asks for it; another person" in desk.at("ann", *sure).out
        (waiting,) = desk.waiting()
        assert (waiting["label"], waiting["role"]) == (item, "enrollment")
        for login, words in (("ann2", "you asked for it already"), ("bill", "Bill Ing is not enrollment")):
            refused = desk.at(login, *sure)
            assert refused.code == 1 and words in refused.out
        confirmed = desk.at("eve", *sure)
        assert confirmed.code == 0 and done in confirmed.out and desk.waiting() == []
    assert "requested by Ann Lee, approved by Eve Roll" in desk.audit("members-merged")[0][1]
    whole(ws)
    assert replay(ws, tmp_path / "again").equal
