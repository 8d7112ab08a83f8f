"""What happens to real people in files that people type: nobody becomes somebody else, and nothing sent is lost.

A story knows who is meant by each record; the pipeline knows what is in it. Whatever a story tells (births and
twins, marriage and divorce in one set, slips in names, dates and numbers in full files, numbers given to somebody
else, moves and returns, COBRA, deaths), these hold after each set:

- two people are never one member, and nobody of a group is two members by a slip (identity);
- what was asked is in the roster, or waits or is refused and says why (nothing lost, nothing silent);
- in any order of the records, and over how many sets a family is told, the end is the same, or something waits.

Source: docs/domain.md, Matching people; Order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from model.enrollment.decision import Disposition
from support.members import TOKENS, member, partner, send
from support.roster_model import RosterModel
from support.tries import tries

FIRST = date(2028, 1, 5)  # in a span that the group attests
PLAN, TIER, BEGIN = "HLT MED1", "FAM", "2028-01-01"
STANDS = frozenset({Disposition.APPLIED, Disposition.NOOP})
SETTINGS = tries(80)
SENDER = partner(unknown_on_change="add")

FAMILIES = ("100001", "100002")
NAMES = ("ADA", "BEN", "CY", "DOT", "EVE", "FAY", "GUS", "HAL", "IDA", "JOE")
BIRTHS = {"18": "1980-03-04", "01": "1981-05-06", "19": "2015-07-08"}


@dataclass(slots=True)
class Someone:
    """A person of a story, as the person really is."""

    key: int
    family: str
    rel: str
    first: str
    birth: str
    ssn: str = ""

    def record(self, slip: str = "", **more: object) -> dict[str, object]:
        """Return a record about the person, with a slip in one of the three."""
        facts = {"first": self.first, "birth": self.birth, "ssn": self.ssn}
        if slip == "first":
            facts["first"] = self.first[0] + "Q" + self.first[1:]
        elif slip == "birth":
            facts["birth"] = self.birth[:5] + "11-30"
        elif slip == "ssn" and self.ssn:
            facts["ssn"] = self.ssn[:-1] + ("9" if self.ssn[-1] != "9" else "8")
        said = {"do": "030", "lines": [f"030 {PLAN} {TIER if self.rel == '18' else '-'} {BEGIN}"]}
        return {"family": self.family, "rel": self.rel, **facts, **said, **more}


@dataclass
class Town:
    """The people of a story, the roster, and who in it is who."""

    roster: RosterModel = field(default_factory=lambda: RosterModel(TOKENS))
    members: dict[int, int] = field(default_factory=dict)  # person of the roster -> who it is
    known: dict[int, int] = field(default_factory=dict)  # who -> person of the roster
    today: date = FIRST

    def receive(self, told: list[tuple[Someone, dict[str, object]]]) -> list[object]:
        """Decide a set; look whether anybody became somebody else."""
        events = [member(number, spec) for number, (_, spec) in enumerate(told, 1)]
        decisions, _ = send(self.roster, self.today, events, SENDER)
        self.today += timedelta(days=7)
        given_ids = self.roster.given
        for decision in decisions:
            if str(decision.cause) != "SENT":
                continue
            who, spec = told[decision.event.number - 1]
            person = given_ids.get(decision.person, decision.person)
            stands = any(line.disposition in STANDS and line.line for line in decision.lines)
            if stands and person > 0:
                assert self.members.setdefault(person, who.key) == who.key, "two people are one member"
                assert self.known.setdefault(who.key, person) == person, "one person is two members"
            self._answered(decision, spec)
        return list(decisions)

    def _answered(self, decision, spec) -> None:
        """Whatever was sent stands in the roster, or says why not."""
        assert decision.lines
        for line in decision.lines:
            if line.disposition is Disposition.APPLIED or not line.line:
                continue
            if line.disposition is Disposition.NOOP and str(line.action) == "no change":
                assert self.covers(decision, line), (spec, decision.lines)
            elif line.disposition is not Disposition.NOOP:
                assert decision.findings

    def covers(self, decision, line) -> bool:
        """Say whether the roster has what a line asks for on its first day."""
        person = self.roster.given.get(decision.person, decision.person)
        sent = line.coverage
        mine = {e.id for e in self.roster.enrollees.values() if e.person == person}
        begin = (sent and (sent.begin or sent.end)) or self.today
        return any(
            c.enrollee in mine and c.line == line.line and c.span.covers(begin)
            for c in self.roster.coverages.values()
        )


slips = st.sampled_from(["", "", "", "", "first", "birth", "ssn"])


@st.composite
def towns(draw):
    """Some families of one group, and what their employer's next files say of them."""
    keys = iter(range(100))
    people = []
    for family in FAMILIES:
        names = iter(draw(st.permutations(NAMES)))
        for rel in ["18", *draw(st.sampled_from([[], ["01"], ["01", "19"], ["19", "19"], ["01", "19", "19"]]))]:
            key = next(keys)
            born = BIRTHS[rel] if rel != "19" else draw(st.sampled_from([BIRTHS["19"], "2018-09-10"]))
            ssn = f"9001100{key:02}" if rel == "18" or draw(st.booleans()) else ""
            people.append(Someone(key, family, rel, next(names), born, ssn))
    return people


@SETTINGS
@given(towns(), st.data())
def test_a_slip_in_a_full_file_makes_nobody_another(people, data):
    """One slip in one of the three, in each file of a few; the employer sends everybody each time."""
    town = Town()
    town.receive([(who, who.record()) for who in people])
    for _ in range(3):
        told = [(who, who.record(data.draw(slips))) for who in people]
        town.receive(data.draw(st.permutations(told)))


@SETTINGS
@given(towns(), st.data())
def test_somebody_elses_ssn_joins_nobody(people, data):
    """A new hire, or a new child, comes with the SSN of somebody who is there."""
    town = Town()
    town.receive([(who, who.record()) for who in people])
    owner = data.draw(st.sampled_from([who for who in people if who.ssn]))
    family, rel = data.draw(st.sampled_from([("100009", "18"), ("100001", "19"), ("100002", "01")]))
    new = Someone(90, family, rel, "ZOE", "1990-12-13" if rel != "19" else "2020-12-13", owner.ssn)
    town.receive([(new, new.record(do="021"))])
    town.receive([(who, who.record()) for who in people])


@SETTINGS
@given(towns(), st.data())
def test_twins_are_two_and_a_renamed_baby_is_one(people, data):
    """Newborn twins come with or without names; the next file names them."""
    town = Town()
    town.receive([(who, who.record()) for who in people])
    twins = [
        Someone(80, "100001", "19", "KAI", "2028-01-03", ""),
        Someone(81, "100001", "19", "LEA", "2028-01-03", ""),
    ]
    told = {"do": "021", "reason": "02", "lines": [f"021 {PLAN} - 2028-01-03"]}
    some = data.draw(st.permutations(twins))
    town.receive([(who, who.record(**told)) for who in some])
    town.receive([(who, who.record(**told)) for who in data.draw(st.permutations([*some]))])


@SETTINGS
@given(towns(), st.data())
def test_an_employee_number_given_to_somebody_else_joins_nobody(people, data):
    """The first employee leaves; months later the number is another employee's."""
    town = Town()
    town.receive([(who, who.record()) for who in people])
    first = people[0]
    left = {"do": "024", "reason": "08", "lines": [], "eligible_to": str(town.today + timedelta(days=3))}
    town.receive([(first, first.record(**left))])
    town.today += timedelta(days=60)
    new = Someone(90, first.family, "18", "ZOE", "1990-12-13", data.draw(st.sampled_from(["", "900119999"])))
    begin = str(town.today.replace(day=1))
    town.receive([(new, new.record(do="021", reason="28", lines=[f"021 {PLAN} FAM {begin}"]))])


@SETTINGS
@given(towns(), st.data())
def test_who_moves_or_comes_back_is_the_same_or_waits(people, data):
    """Somebody who left comes back, under the own number or another."""
    town = Town()
    town.receive([(who, who.record()) for who in people])
    first = people[0]
    left = {"do": "024", "reason": "08", "lines": [], "eligible_to": str(town.today + timedelta(days=3))}
    town.receive([(first, first.record(**left))])
    town.today += timedelta(days=40)
    number = data.draw(st.sampled_from([first.family, "100077"]))
    back = {"family": number, "do": data.draw(st.sampled_from(["021", "025"])), "reason": "41"}
    lines = [f"{back['do']} {PLAN} FAM {town.today.replace(day=1)}"]
    slip = data.draw(slips.filter(lambda one: one != "ssn" or number == first.family))  # two SSNs are two people
    town.receive([(first, first.record(slip, **back, lines=lines))])


@SETTINGS
@given(towns(), st.data())
def test_divorce_and_marriage_in_one_set_in_any_order(people, data):
    """The old spouse's end and the new spouse's add come together; either order comes to the same."""
    first = people[0]
    old = Someone(70, first.family, "01", "OLA", "1982-02-03", "900117001")
    new = Someone(71, first.family, "01", "NAN", "1983-03-04", "")
    last = FIRST + timedelta(days=14)
    ends = old.record(do="024", reason="01", lines=[f"024 {PLAN} - - {last}"])
    adds = new.record(do="021", reason="32", lines=[f"021 {PLAN} - {last + timedelta(days=1)}"])
    others = [who for who in people if not (who.rel == "01" and who.family == first.family)]
    rosters = []
    for records in ([(old, ends), (new, adds)], [(new, adds), (old, ends)]):
        town = Town()
        town.receive([(who, who.record()) for who in [*others, old]])
        town.receive(records)
        rosters.append(town.roster.lines())
        assert any(" NAN " in text for text in rosters[-1]), "the new spouse is lost"
    assert rosters[0] == rosters[1]


@SETTINGS
@given(towns(), st.data())
def test_a_family_told_in_any_order_and_over_sets_is_the_same_or_waits(people, data):
    """All records of some families in one set, in another order, or cut into sets."""
    told = [(who, who.record()) for who in people]
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
