"""Roles, limits, and who may change them: the cases, and what holds of every person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from model import rights
from model.approval import Approval, problem_of, problem_of_one
from model.money.cents import parse_cents
from model.people import Actor, Kind, Limits, Matter, Need, Operator, Role, is_same_person, may, may_ask
from support.tries import tries

CASES = Path(__file__).parents[1] / "cases" / "people"


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in yaml.safe_load((CASES / name).read_text("utf-8"))]


def person(line: str) -> Operator:
    """Read a person of a case."""
    name, logins, roles, *limits = (part.strip(" ") for part in f"{line} ".split("|"))
    cents, members = limits[0].split() if limits else ("-", "-")
    return Operator(
        name.removeprefix("off "),
        tuple(logins.split()),
        tuple(Role(role) for role in roles.split()),
        Limits(None if cents == "-" else parse_cents(cents), None if members == "-" else int(members)),
        enabled=not name.startswith("off "),
    )


@pytest.mark.parametrize("case", cases("rights.yaml"))
def test_who_may_change_whom(case: dict[str, Any]) -> None:
    known = [person(line) for line in case["people"]]
    problem = rights.problem_of_change(case.get("who", ""), person(case["change"]), known)
    assert (case["says"] in problem) if "says" in case else problem == ""


@pytest.mark.parametrize("case", cases("decides.yaml"))
def test_who_may_decide(case: dict[str, Any]) -> None:
    need = Need(Matter(case["matter"]), case.get("cents", 0), case.get("members", 0))
    problem = may(person(case["person"]), need)
    assert (case["says"] in problem) if "says" in case else problem == ""


@pytest.mark.parametrize("case", cases("two.yaml"))
def test_whether_two_people_decided(case: dict[str, Any]) -> None:
    known = [person(line) for line in case["people"]]
    need = Need(Matter(case.get("matter", "money")), case.get("cents", 0), case.get("members", 0))
    given = Approval(case.get("asks", ""), case.get("allows", ""), case.get("why", "the bank's letter"))
    ask = problem_of_one if case.get("alone") else problem_of
    problem = ask(given.by(case["who"]), need, case["who"], known)
    assert (case["says"] in problem) if "says" in case else problem == ""


def test_who_may_ask() -> None:
    assert [may_ask(person(f"ann | a | {role}")) == "" for role in Role] == [True, True, True, False]
    assert may_ask(person("off ann | a | supervisor")) == "ann is disabled"


AMOUNTS = st.one_of(st.none(), st.integers(0, 10**6))
PEOPLE = st.builds(
    Operator,
    st.sampled_from(("ann", "ben")),
    st.sets(st.sampled_from("abcd"), max_size=3).map(lambda found: tuple(sorted(found))),
    st.sets(st.sampled_from(Role)).map(lambda found: tuple(role for role in Role if role in found)),
    st.builds(Limits, AMOUNTS, AMOUNTS),
    st.booleans(),
)
NEEDS = st.builds(Need, st.sampled_from(Matter), st.integers(0, 10**6), st.integers(0, 10**6))


@given(PEOPLE, PEOPLE, NEEDS)
def test_whoever_may_more_than_before_was_given_rights(before: Operator, after: Operator, need: Need) -> None:
    if may(before, need) and not may(after, need):
        assert rights.raises(before, after)


@given(PEOPLE, NEEDS)
def test_a_limit_only_tightens(one: Operator, need: Need) -> None:
    free = Operator(one.name, one.logins, one.roles, Limits(), one.enabled)
    if not may(one, need):
        assert not may(free, need)
    assert rights.raises(one, free) == (one.limits != Limits())


@st.composite
def rooms(draw: st.DrawFn) -> tuple[Operator, ...]:
    """Some people; each login is one person's."""
    logins = draw(st.permutations(["a", "b", "c", "d", "ann", "ben"]))
    people = [replace(draw(PEOPLE), name=name) for name in ("Ann", "Ben", "Cy")]
    return tuple(replace(each, logins=tuple(logins[2 * at : 2 * at + 2])) for at, each in enumerate(people))


NAMES = st.sampled_from(("Ann", "ben", " CY ", "a", "b", "c", "d", "ann", "eve", "partner acme", ""))


@given(rooms(), NAMES, NAMES, st.sampled_from(("Ann", "Ben", "Cy", "")), NEEDS)
@tries(400)
def test_whatever_passes_was_decided_by_two_people(
    known: tuple[Operator, ...], asks: str, allows: str, who: str, need: Need
) -> None:
    given_names = Approval(asks, allows, "why")
    if problem_of(given_names.by(who), need, who, known):
        return
    approver = rights.named(known, who)
    assert approver is not None and may(approver, need) == "", "at the keyboard, enabled, with the role and limits"
    assert is_same_person(allows or who, who) or allows in approver.logins
    others = [each for each in known if each is not approver]
    asked = rights.named(known, asks) or next(each for each in known if asks.strip() in each.logins)
    assert asked in others and may_ask(asked) == ""


@pytest.mark.parametrize(
    ("actor", "text"),
    [
        (Actor(Kind.PERSON, "mira", "cli", "mira"), "mira"),
        (Actor(Kind.SERVICE, "backup", "cli", "backup"), "service backup"),
        (Actor(Kind.PARTNER, "acme", "portal"), "partner acme"),
        (Actor(Kind.SERVICE, "a\nb\x1b[31m  c", "cli"), "service a b [31m c"),
        (Actor(Kind.SERVICE, "x" * 200, "cli"), "service " + "x" * 72),
    ],
)
def test_an_actor_is_one_line(actor: Actor, text: str) -> None:
    assert actor.text == text
    assert (actor.person == actor.id) == (actor.kind is Kind.PERSON)


def test_one_person_has_many_spellings() -> None:
    assert is_same_person("Ann  Lee", " ann lee ")
    assert not is_same_person("Ann Lee", "Ann Li")
    assert rights.named([person("Ann Lee | a | billing")], "ANN LEE") == person("Ann Lee | a | billing")
    assert rights.cleaned(Operator(" Ann  Lee ", ("b", "a", "b"), (Role.SUPERVISOR, Role.BILLING))) == Operator(
        "Ann Lee", ("a", "b"), (Role.BILLING, Role.SUPERVISOR)
    )
