"""What happens to real people in files that people type: nobody becomes somebody else, and nothing sent is lost.

Two families whose people have few names between them. What is held beside each set: support.town.

Source: docs/domain.md, Matching people; Order.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from model.enrollment.decision import Disposition
from model.timeline import OPEN
from support.town import BEGIN, LINE, PLAN, Someone, Told, Town, until
from support.tries import tries

SETTINGS = tries(25)
WHOLE = ((PLAN, BEGIN, OPEN),)
FAMILIES = ("100001", "100002")
NAMES = ("ADA", "BEN", "CY", "DOT", "EVE", "FAY", "GUS", "HAL", "IDA", "JOE")
BIRTHS = {"18": "1980-03-04", "01": "1981-05-06", "19": "2015-07-08"}

slips = st.sampled_from(["", "", "", "", "first", "birth", "ssn"])


@st.composite
def towns(draw):
    """Some families of one group: few names, so that people of both are nearly each other."""
    keys = iter(range(100))
    people = []
    for family in FAMILIES:
        names = iter(draw(st.permutations(NAMES[:6])))
        for rel in ["18", *draw(st.sampled_from([[], ["01"], ["01", "19"], ["19", "19"], ["01", "19", "19"]]))]:
            key = next(keys)
            born = BIRTHS[rel] if rel != "19" else draw(st.sampled_from([BIRTHS["19"], "2018-09-10"]))
            ssn = f"9001100{key:02}" if rel == "18" or draw(st.booleans()) else ""
            people.append(Someone(key, family, rel, next(names), born, ssn))
    return people


def gone(people, family, last):
    """Return what a family's end leaves of its coverage."""
    return {(who.key, LINE): until(WHOLE, last) for who in people if who.family == family}


@SETTINGS
@given(towns(), st.data())
def test_a_slip_in_a_full_file_makes_nobody_another(people, data):
    """One slip in one of the three, in each file of a few; the employer sends everybody each time."""
    town = Town()
    town.begin(people)
    for _ in range(2):
        told = [Told(who, who.record(slip), sure=not slip) for who in people for slip in [data.draw(slips)]]
        town.receive(data.draw(st.permutations(told)))


@SETTINGS
@given(towns(), st.data())
def test_somebody_elses_ssn_joins_nobody(people, data):
    """A new hire, or a new child, comes with the SSN of somebody who is there."""
    town = Town()
    town.begin(people)
    owner = data.draw(st.sampled_from([who for who in people if who.ssn]))
    family, rel = data.draw(st.sampled_from([("100009", "18"), ("100001", "19"), ("100002", "01")]))
    new = Someone(90, family, rel, "ZOE", "1990-12-13" if rel != "19" else "2020-12-13", owner.ssn)
    town.receive([new.added(BEGIN)])
    town.receive([Told(who, who.record(), sure=True) for who in people])


@SETTINGS
@given(towns(), st.data())
def test_who_moves_or_comes_back_is_the_same_or_waits(people, data):
    """Somebody who left comes back, under the own number or another."""
    town = Town()
    town.begin(people)
    first, last = people[0], town.today + timedelta(days=3)
    left = first.left(last, WHOLE, whole=True, reason="08")
    town.receive([Told(first, left.spec, gone(people, first.family, last), sure=True)])
    town.today += timedelta(days=40)
    number, begin = data.draw(st.sampled_from([first.family, "100077"])), town.today.replace(day=1)
    back = {"family": number, "do": data.draw(st.sampled_from(["021", "025"])), "reason": "41"}
    lines = [f"{back['do']} HLT {PLAN} FAM {begin}"]
    slip = data.draw(slips.filter(lambda one: one != "ssn" or number == first.family))  # two SSNs are two people
    again = {(first.key, LINE): (*until(WHOLE, last), (PLAN, begin, OPEN))}
    town.receive([Told(first, first.record(slip, **back, lines=lines), again)])


@SETTINGS
@given(towns(), st.data())
def test_a_family_told_in_any_order_and_over_sets_is_the_same_or_waits(people, data):
    """All records of some families in one set, in another order, or cut into sets."""
    told = [Told(who, who.record(), {(who.key, LINE): WHOLE}) for who in people]
    whole, other = Town(), Town()
    whole.receive(told)
    mixed = data.draw(st.permutations(told))
    cut = data.draw(st.integers(0, len(mixed)))
    waited = []
    for part in (mixed[:cut], mixed[cut:]):
        waited += [
            d for d in other.receive(list(part)) if d.disposition in (Disposition.PENDED, Disposition.REJECTED)
        ]
    missing = set(whole.roster.lines()) - set(other.roster.lines())
    assert not set(other.roster.lines()) - set(whole.roster.lines())
    assert len(missing) <= len(waited), "a line is neither there nor waiting"
