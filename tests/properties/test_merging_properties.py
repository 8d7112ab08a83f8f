"""Merge and split back: nothing is lost by a merge, and a split gives back what was; a refusal has its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, count

from hypothesis import event, given
from hypothesis import strategies as st

from enrollment import merging
from enrollment.merging import Before
from model.enrollment.confidential import is_restricted
from model.enrollment.events import Demographics, Name
from model.enrollment.roster import ChangeSet, Contract, Coverage, Enrollee, NewEnrollee, NewFacts, Person, Whole
from model.timeline import OPEN, Span

FIRST = date(2027, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(12)]
STAYS, GONE, OTHER = (f"M{number:09d}" for number in (1, 2, 3))
Row = tuple[int, str, str, frozenset[tuple[str, Span]]]  # family, member ID, relationship, coverage

facts = st.builds(
    Demographics,
    name=st.builds(Name, last=st.sampled_from(["", "DOE"]), first=st.sampled_from(["", "ANN", "ANNE"])),
    birth=st.sampled_from([None, FIRST, DAYS[1]]),
    phone=st.sampled_from(["", "5550100", "5550101"]),
    confidentiality=st.sampled_from(["", "U", "R"]),
)


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    days = sorted(draw(st.sets(st.sampled_from(DAYS), max_size=3)))
    ends = [after - timedelta(days=1) for after in days[1:]]
    found = [Span(begin, min(begin + timedelta(days=1), end)) for begin, end in zip(days, ends, strict=False)]
    return [*found, Span(days[-1], draw(st.sampled_from([OPEN, days[-1]])))] if days else []


@st.composite
def rosters(draw: st.DrawFn) -> tuple[list[Contract], dict[str, Whole]]:
    """Families of two groups in which two people stand, and a third one."""
    people = {ident: Person(number, ident, draw(facts)) for number, ident in enumerate((STAYS, GONE, OTHER), 1)}
    ids, families = count(1), []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        enrollees = []
        for person in people.values():
            if draw(st.booleans()):
                own = next(ids)
                covered = [(line, span) for line in ("dental", "medical") for span in draw(spans())]
                held = tuple(Coverage(next(ids), own, line, "GOLD", "", span) for line, span in covered)
                relationship = draw(st.sampled_from(["18", "19", "19"]))
                enrollees.append(Enrollee(own, number, person, relationship, held))
        families.append(Contract(number, f"G{number % 2}", (), f"E{number}", tuple(enrollees)))
    ssns = draw(
        st.sampled_from(
            [("", ""), ("900112222", ""), ("", "900112222"), ("900112222",) * 2, ("900112222", "900113333")]
        )
    )
    known = {
        ident: whole(families, person, ssn, draw(st.integers(1, 9)))
        for (ident, person), ssn in zip(people.items(), (*ssns, ""), strict=True)
    }
    return families, known


def whole(families: Iterable[Contract], person: Person, ssn: str, recorded: int) -> Whole:
    mine = tuple(family for family in families if any(e.person.id == person.id for e in family.enrollees))
    return Whole(person, ssn, recorded, mine)


def rows(families: Iterable[Contract]) -> set[Row]:
    return {
        (family.id, e.person.member_id, e.relationship, frozenset((c.line, c.span) for c in e.coverages))
        for family in families
        for e in family.enrollees
    }


def applied(families: Sequence[Contract], changes: ChangeSet, people: Iterable[Person]) -> list[Contract]:
    """Return the families after a change set: rows that are closed go, rows that are opened come."""
    known, told = (
        {person.id: person for person in people},
        {o.person: o for o in changes.open if isinstance(o, NewFacts)},
    )
    known |= {ident: replace(known[ident], demographics=new.demographics) for ident, new in told.items()}
    gone = {(row.table, row.id) for row in changes.close}
    ids = count(1_000)
    found = []
    for family in families:
        joined = [e for e in family.enrollees if ("enrollee", e.id) not in gone]
        for new in (o for o in changes.open if isinstance(o, NewEnrollee) and o.contract == family.id):
            joined.append(Enrollee(new.id, family.id, known[new.person], new.relationship))
        enrollees = []
        for e in joined:
            stay = [c for c in e.coverages if ("coverage", c.id) not in gone]
            come = [
                replace(o, id=next(ids)) for o in changes.open if isinstance(o, Coverage) and o.enrollee == e.id
            ]
            own = e.id if e.id > 0 else next(ids)
            held = tuple(replace(c, enrollee=own) for c in (*stay, *come))
            enrollees.append(replace(e, id=own, person=known[e.person.id], coverages=held))
        found.append(replace(family, enrollees=tuple(enrollees)))
    return found


def covered(enrollee: Enrollee) -> set[tuple[str, date]]:
    return {(each.line, day) for each in enrollee.coverages for day in (*DAYS, OPEN) if each.span.covers(day)}


def clash(families: Iterable[Contract], known: dict[str, Whole]) -> bool:
    """Say by days alone whether two people cannot be one."""
    if known[STAYS].ssn and known[GONE].ssn and known[STAYS].ssn != known[GONE].ssn:
        return True
    mine = [(family, e) for family in families for e in family.enrollees if e.person.member_id in (STAYS, GONE)]
    for (family, first), (other, second) in combinations(mine, 2):
        days = [covered(first), covered(second)]
        overlap = bool(days[0] & days[1])
        if family is other and (overlap or first.relationship != second.relationship):
            return True
        twice = family.group == other.group and first.is_subscriber and second.is_subscriber
        if twice and family is not other and overlap:
            return True
    return False


@given(rosters())
def test_a_merge_loses_nothing_and_a_split_gives_it_back(story: tuple[list[Contract], dict[str, Whole]]) -> None:
    families, known = story
    stays, gone = known[STAYS], known[GONE]
    assert merging.older(gone, stays) == (stays, gone)
    made = merging.merge(stays, gone)
    event("refused" if made.problem else "merged")
    assert bool(made.problem) == clash(families, known)
    if made.problem:
        assert not made.changes
        return
    people = [each.person for each in known.values()]
    after = applied(families, made.changes, people)
    mine = {after.id: after for _, after in made.changes.families}
    assert rows(mine.values()) == rows(family for family in after if family.id in mine), (
        "what is told is what is done"
    )
    assert all(member != GONE for _, member, *_ in rows(after))
    spans_before, spans_after = (
        sorted(
            (f.id, e.person.id == 3, c.line, c.span.begin, c.span.end)
            for f in some
            for e in f.enrollees
            for c in e.coverages
        )
        for some in (families, after)
    )
    assert spans_before == spans_after
    new = next((o for o in made.changes.open if isinstance(o, NewFacts)), None)
    person = replace(stays.person, demographics=new.demographics) if new else stays.person
    was, other, now = stays.person.demographics, gone.person.demographics, person.demographics
    for before, second, then in ((was.birth, other.birth, now.birth), (was.phone, other.phone, now.phone)):
        assert then in (before, second) and (then or not (before or second)), "none is blanked"
    assert is_restricted(now) == (is_restricted(was) or is_restricted(other))
    merged = whole(after, person, stays.ssn or gone.ssn, 10)
    back = merging.unmerge(merged, Before(gone, stays, merged, frozenset({1}), {}, {}))
    assert not back.problem
    again = applied(after, back.changes, [person, *people[1:]])
    assert rows(again) == rows(families)
    known_again = {e.person.member_id: e.person.demographics for f in again for e in f.enrollees}
    assert all(known_again[e.person.member_id] == e.person.demographics for f in families for e in f.enrollees)
    assert (stays.person.id in back.forget_ssns) == (bool(gone.ssn) and not stays.ssn)
