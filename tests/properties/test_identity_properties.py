"""Identity: nobody is joined without the three, and the order of a set's records decides nothing.

Families are made of few names, birth dates, SSNs and INS17, so that nearly everybody is nearly somebody else.

Source: docs/domain.md, Matching people.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from model.enrollment.decision import Decision, Disposition
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import Person
from support.members import TOKENS, members, send
from support.roster_model import RosterModel
from support.tries import tries
from validators.telling import is_placeholder, telling

FIRST, TODAY = date(2027, 1, 5), date(2027, 2, 1)
BIRTHS = ["2015-03-03", "2015-03-30"]
SSNS = ["", "", "900110002", "900110003"]
CHILD = {
    "rel": st.just("19"),
    "first": st.sampled_from(["BEN", "BILL", "BABY", "NEWBORN"]),
    "birth": st.sampled_from(BIRTHS),
    "ssn": st.sampled_from(SSNS),
    "seq": st.sampled_from([0, 0, 1, 2]),
    "lines": st.just(["021 HLT MED1 - 2027-01-01"]),
}
child = st.fixed_dictionaries(CHILD)
SPOUSE = {**CHILD, "rel": st.just("01"), "first": st.sampled_from(["CY", "CYN"]), "seq": st.just(0)}
spouse = st.fixed_dictionaries(SPOUSE)
ADA = {"first": "ADA", "birth": "1980-01-01", "ssn": "900110001", "lines": ["021 HLT MED1 FAM 2027-01-01"]}
DAN = {"family": "100002", "first": "DAN", "birth": "1981-01-01", "lines": ["021 HLT MED1 FAM 2027-01-01"]}
subscriber = st.fixed_dictionaries(
    {
        "first": st.sampled_from(["ADA", "ADA", "BEN"]),
        "birth": st.sampled_from(["1980-01-01", "1980-01-01", "2015-03-03"]),
        "ssn": st.sampled_from(["900110001", "900110001", "900110002", ""]),
        "lines": st.just(["021 HLT MED1 FAM 2027-01-01"]),
    }
)
of_second = st.builds(lambda record: {**record, "family": "100002"}, child)
sets = st.tuples(
    st.lists(subscriber, max_size=2), st.lists(st.one_of(child, child, child, spouse, of_second), max_size=5)
).map(lambda found: [record for part in found for record in part])


def known(dependents: list[dict[str, Any]]) -> RosterModel:
    """Return the roster that a first file leaves behind."""
    roster = RosterModel(TOKENS)
    send(roster, FIRST, members([ADA, DAN, *dependents]))
    return roster


def family_of(roster: RosterModel, person: int) -> set[str]:
    """Return the subscriber numbers of the families that a person is in."""
    mine = [e.contract for e in roster.enrollees.values() if e.person == person]
    return {roster.contracts[contract].subscriber_number for contract in mine}


def is_told(event: EnrollmentEvent, person: Person, inside: bool) -> bool:
    """Say whether a record tells enough of a person to be joined to."""
    told, facts = telling(event, person, TOKENS), person.demographics
    if not inside:
        return told.agree == 3
    named = is_placeholder(facts.name.first) and told.birth is True and told.ssn is not False
    return told.by_two or named


def applied(decision: Decision) -> bool:
    return any(line.disposition is Disposition.APPLIED for line in decision.lines)


@tries(150)
@given(st.lists(st.one_of(child, spouse, of_second), max_size=4), sets)
def test_nobody_is_joined_without_the_three(before: list[dict[str, Any]], sent: list[dict[str, Any]]) -> None:
    roster = known(before)
    people, families = dict(roster.people), {ident: family_of(roster, ident) for ident in roster.people}
    decisions, _ = send(roster, TODAY, members(sent))
    for decision in decisions:
        person = people.get(decision.person)
        if person is not None and applied(decision):
            inside = decision.event.subscriber_number in families[person.id]
            assert is_told(decision.event, person, inside)


def came(roster: RosterModel) -> list[str]:
    """Return the roster with who is whom: coverage, birth date, SSN and INS17, without row ids."""
    texts = []
    for coverage in roster.coverages.values():
        enrollee = roster.enrollees[coverage.enrollee]
        person = roster.people[enrollee.person]
        facts, number = person.demographics, roster.contracts[enrollee.contract].subscriber_number
        who = (
            number,
            enrollee.relationship,
            facts.name.first,
            facts.birth,
            person.ssn_tokens,
            facts.birth_sequence,
        )
        texts.append(f"{who} {person.ssn_tokens} {coverage.line} {coverage.span}")
    return sorted(texts)


TWINS = [
    {"rel": "19", "first": first, "birth": BIRTHS[0], "seq": nth, "lines": ["021 HLT MED1 - 2027-01-01"]}
    for nth, first in enumerate(("BABY", "BEN", "BILL"))
]


@tries(150)
@given(st.lists(st.one_of(child, spouse), max_size=4), sets, st.randoms(use_true_random=False))
@example([TWINS[0]], TWINS[1:], None).via("whoever came first was the newborn")
def test_the_order_of_records_decides_nothing(
    before: list[dict[str, Any]], sent: list[dict[str, Any]], chance: Any
) -> None:
    shuffled = list(reversed(sent))
    if chance is not None:
        chance.shuffle(shuffled)
    one, other = known(before), known(before)
    first, _ = send(one, TODAY, members(sent))
    second, _ = send(other, TODAY, members(shuffled))
    waits = any(line.disposition is Disposition.PENDED for d in (*first, *second) for line in d.lines)
    assert came(one) == came(other) or waits
