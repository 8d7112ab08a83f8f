"""An effect is told by what people know: the same effect has the same digest, another one another."""

from datetime import date
from typing import Any

from enrollment import effects
from model.enrollment.effect import Effect, MonthTold, Tally, is_named
from model.enrollment.ruling import Ruling
from support.members import TOKENS, members, send
from support.roster_model import RosterModel

DAY, LATE = date(2027, 1, 15), date(2027, 6, 15)
FAMILY = [
    {"first": "ADA", "birth": date(1980, 1, 1), "lines": ["021 HLT MED1 FAM 2027-01-01"]},
    {"rel": "01", "first": "CY", "birth": date(1981, 1, 1), "lines": ["021 HLT MED1 - 2027-01-01"]},
    {"rel": "19", "first": "BEN", "birth": date(2015, 1, 1), "lines": ["021 HLT MED1 - 2027-01-01"]},
]
END = [{"do": "024", "first": "ADA", "birth": date(1980, 1, 1), "eligible_to": date(2027, 2, 28)}]


def effect_of(roster: RosterModel, today: date, specs: list, cents: int = 0, **more: Any) -> Effect:
    """Send a set; return what it did."""
    decisions, changes = send(roster, today, members(specs), **more)
    tally = Tally()
    months = [MonthTold("G100-ACT", "2027-03", cents)]
    told = effects.lines(decisions, changes.families)
    tally.add(*effects.spans(changes.families), told, months, [])
    return tally.effect(["supplement to acme"])


def test_new_people_are_told_by_family_and_order() -> None:
    effect = effect_of(RosterModel(TOKENS), DAY, FAMILY)
    assert [(span.who, span.line, span.what) for span in effect.new] == [
        ("", "", "ACT"),
        ("new G100 100001 01 2", "medical", "MED1"),
        ("new G100 100001 18 1", "medical", "MED1 FAM"),
        ("new G100 100001 19 3", "medical", "MED1"),
    ]
    assert not effect.gone and effect.counts == (("APPLIED", 3),) and len(effect.shown) == 12
    assert [line.who for line in effect.lines] == [span.who for span in effect.new[1:]]


def test_what_is_shortened_is_gone_and_new() -> None:
    roster = RosterModel(TOKENS)
    effect_of(roster, DAY, FAMILY)
    effect = effect_of(roster, LATE, END, rulings={1: Ruling(frozenset({"RETRO-TERM"}))})
    assert {span.end for span in effect.gone} == {"9999-12-31"}
    assert {span.end for span in effect.new} == {"2027-02-28"} and len(effect.new) == 3
    assert {code for line in effect.lines for code in line.codes} == {"RETRO-TERM info"}


def test_no_row_id_and_no_clock_is_in_a_digest() -> None:
    first, second = RosterModel(TOKENS), RosterModel(TOKENS)
    other = [{**spec, "family": "100002", "first": f"X{spec['first']}"} for spec in FAMILY]
    send(second, DAY, members(other))  # takes row ids
    assert effect_of(first, DAY, FAMILY).digest == effect_of(second, DAY, FAMILY).digest
    ruling = {1: Ruling(frozenset({"RETRO-TERM"}))}
    ended = effect_of(first, LATE, END, cents=-100, rulings=ruling)
    assert ended.months == (MonthTold("G100-ACT", "2027-03", -100),)
    other_day = date(2027, 6, 16)
    again = RosterModel(TOKENS)
    send(again, DAY, members(FAMILY))
    assert effect_of(again, other_day, END, cents=-100, rulings=ruling).digest == ended.digest


def test_other_money_is_another_effect() -> None:
    digests = {effect_of(RosterModel(TOKENS), DAY, FAMILY, cents=cents).digest for cents in (0, 1, 2)}
    assert len(digests) == 3


def test_an_effect_is_named_by_twelve_digits_at_least() -> None:
    effect = effect_of(RosterModel(TOKENS), DAY, FAMILY)
    assert is_named(effect, effect.shown) and is_named(effect, effect.digest.upper())
    assert not is_named(effect, effect.digest[:11]) and not is_named(effect, "0" * 12)
