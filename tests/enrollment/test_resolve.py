"""Which group and subgroup an event names, by the partner's profile."""

from dataclasses import replace
from datetime import date

import pytest

from enrollment import resolve
from model.agreement.grants import Grant, Reach
from model.timeline import Span
from support.members import HEADER, OTHER, TERMS, member, partner

TODAY = date(2027, 1, 15)
WHOLE, COBRA = Reach(whole=True), Reach(subgroups=frozenset({"CBR"}))
KNOWN = {"G100": TERMS, "G200": OTHER}


@pytest.mark.parametrize(
    ("profile", "references", "group", "subgroup"),
    [
        ({"group_from": "38", "subgroup_from": "DX"}, {"DX": "ACT"}, "G100", "ACT"),
        ({"group_from": "38", "subgroup_from": "only"}, {"DX": "ACT"}, "G100", ""),
        ({"group_from": "1L", "group_length": 4, "subgroup_from": "1L"}, {"1L": "G100001"}, "G100", "001"),
        ({"group_from": "1L", "subgroup_from": "17"}, {"1L": "GRANITE", "17": " 001 "}, "GRANITE", "001"),
        ({"group_from": "38", "subgroup_from": "1L"}, {"1L": "001"}, "G100", "001"),
        ({"group_from": "only", "subgroup_from": "DX"}, {}, "", ""),
        ({"group_from": "1L", "subgroup_from": "1L"}, {}, "", ""),
    ],
)
def test_what_was_sent(profile, references, group, subgroup):
    event = replace(member(1, {}), references=tuple(references.items()))
    sender = partner(**profile)
    assert resolve.group_ref(event, HEADER, sender) == group
    assert resolve.subgroup_ref(event, sender) == subgroup


@pytest.mark.parametrize(
    ("text", "profile", "number"),
    [
        ("G100", {}, "G100"),
        ("GRANITE", {}, "G100"),
        ("G200", {}, ""),  # known, not granted
        ("", {}, ""),
        ("", {"group_from": "only"}, "G100"),
    ],
)
def test_only_granted_groups_are_found(text, profile, number):
    assert resolve.group_number(text, partner(**profile), KNOWN, TODAY) == number


def test_a_grant_has_its_days():
    sender = replace(partner(), grants=(Grant("G100", Span(date(2027, 1, 1), date(2027, 1, 15))),))
    assert resolve.group_number("G100", sender, KNOWN, date(2027, 1, 15)) == "G100"
    assert resolve.group_number("G100", sender, KNOWN, date(2027, 1, 16)) == ""


def test_only_is_not_guessed_among_two():
    sender = partner(group_from="only")
    sender = replace(sender, grants=(*sender.grants, Grant("G200", Span(date(2020, 1, 1)))))
    assert resolve.group_number("", sender, KNOWN, TODAY) == ""
    assert resolve.subgroup("", partner(subgroup_from="only"), TERMS, WHOLE) is None
    single = replace(TERMS, subgroups=TERMS.subgroups[:1])
    assert resolve.subgroup("", partner(subgroup_from="only"), single, WHOLE) == TERMS.subgroups[0]


@pytest.mark.parametrize(
    ("text", "source", "reach", "code"),
    [
        ("001", "DX", WHOLE, "ACT"),
        ("001", "DX", COBRA, None),  # known, not granted: as one that does not exist
        ("XYZ", "DX", COBRA, None),
        ("CBR", "DX", COBRA, "CBR"),
        ("", "only", COBRA, "CBR"),  # the only one of theirs
        ("", "DX", COBRA, None),
    ],
)
def test_only_granted_subgroups_are_found(text, source, reach, code):
    found = resolve.subgroup(text, partner(subgroup_from=source), TERMS, reach)
    assert (found and found.code) == code
