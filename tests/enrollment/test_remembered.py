"""Whom a person said that a record is about answers for records that say the same, and for no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from enrollment.decide import decide
from support.members import TOKENS, context, members, said, send
from support.roster_model import RosterModel
from vault.keys import Key, Keyring
from vault.tokens import Tokens

DAY = date(2027, 1, 15)
ADA = {"first": "ADA", "birth": "1980-01-01", "lines": ["021 HLT MED1 FAM 2027-01-01"]}
CY = {
    "rel": "19",
    "first": "CY",
    "birth": "2015-06-02",
    "ssn": "900000004",
    "lines": ["021 HLT MED1 - 2027-01-01"],
}
ZOE = CY | {"first": "ZOE", "birth": "2016-07-03"}
NEWER = Tokens.of(Keyring((Key("k2", b"2" * 32), Key("k1", b"1" * 32))))  # the key of TOKENS is the older one


def decided(
    record: dict[str, Any], tokens: Tokens = TOKENS, family: Any = (), said_of: Any = ZOE
) -> tuple[str, str]:
    """Decide a record where Zoe's was said to be about Cy; return what was decided, and whom it is about."""
    roster = RosterModel(TOKENS)
    send(roster, date(2027, 1, 5), members(family or (ADA, CY)))
    (zoe,) = TOKENS.of_record("100001", str(said_of.get("ssn", "")), str(said_of["first"]), date(2016, 7, 3))
    asked = replace(context(DAY, roster), tokens=tokens)
    asked = replace(asked, snapshot=replace(roster.snapshot(), linked={("G100", *zoe): "M000000002"}))
    (one_record,), _ = decide(members([record]), asked)
    return said(one_record)[0], one_record.member_id


@pytest.mark.parametrize("tokens", [TOKENS, NEWER], ids=["its key", "a newer key"])
def test_a_record_that_says_the_same_is_that_persons(tokens: Tokens) -> None:
    assert decided(ZOE, tokens) == ("medical NOOP no change", "M000000002")
    assert decided(ZOE | {"first": " zoe"}, tokens) == ("medical NOOP no change", "M000000002")


@pytest.mark.parametrize(
    "other",
    [
        {"first": "ZOA"},
        {"birth": "2016-07-04"},
        {"do": "001", "reason": "25", "old": {"first": "CY", "birth": "2015-06-02"}},
    ],
    ids=["first name", "birth date", "an identity correction"],
)
def test_a_record_that_says_otherwise_is_decided_without_it(other: dict[str, Any]) -> None:
    known = RosterModel(TOKENS)
    send(known, date(2027, 1, 5), members([ADA, CY]))
    (without,), _ = decide(members([ZOE | other]), context(DAY, known))
    assert decided(ZOE | other) == (said(without)[0], without.member_id)


def test_another_ssn_asks_nothing_of_what_is_remembered() -> None:
    assert decided(ZOE | {"ssn": "900000009"}) == ("medical APPLIED added from 2027-01-01", "")


def test_a_member_id_that_was_sent_and_is_clear_says_more() -> None:
    """Kim, too, is called Zoe on file; the birth date that differs is kept."""
    kim = CY | {"first": "ZOE", "birth": "2016-01-01", "ssn": "900000007"}
    by_number = ZOE | {"refs": {"23": "M000000003"}}
    blank = {name: value for name, value in by_number.items() if name != "ssn"}
    assert decided(blank, family=(ADA, CY, kim), said_of=blank) == ("medical NOOP no change", "M000000003")
    assert decided(ZOE, family=(ADA, CY, kim)) == ("medical NOOP no change", "M000000002")
    assert decided(by_number) == ("medical NOOP no change", "M000000002")
