"""Properties of deciding: whatever is sent, the roster stays one, and saying it twice adds nothing.

A roster is built by a few sets, then a last one is decided. The in-memory store refuses overlapping spans, so each
application checks that too.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from enrollment.decide import decide
from model.enrollment.decision import MEMBER, Disposition
from model.finding import BLOCKING, Severity
from model.timeline import OPEN, day_after
from support.members import TOKENS, context, member, partner, send
from support.roster_model import RosterModel
from support.tries import tries

TODAY = date(2028, 3, 15)  # in a span that the group attests: late ends up to 60 days back apply
DAYS = [date(2027, 11, 1), date(2027, 12, 31), date(2028, 1, 1), date(2028, 1, 31), date(2028, 2, 1)]
DAYS += [date(2028, 2, 29), date(2028, 3, 1), date(2028, 3, 31), date(2028, 4, 1), date(2028, 5, 31)]
SETTINGS = tries(60)

day = st.sampled_from(list(map(str, DAYS)))
maybe_day = st.one_of(st.just("-"), day)
product = st.sampled_from(["HLT MED1", "HLT MED1", "PPO MED2", "DEN -", "VIS VIS1"])
opening = st.builds(
    "{} {} {} {} {}".format,
    st.sampled_from(["021", "021", "001", "030"]),
    product,
    st.sampled_from(["FAM", "FAM", "FAM", "EMP"]),
    day,
    st.sampled_from(["-", "-", "-", "open", *map(str, DAYS[-4:])]),
)
whole = st.sampled_from(["-", "-", "-", "CHD"])
ending = st.builds("024 {} {} - {}".format, st.one_of(product, st.just("HLT -")), whole, day)
odd = st.builds(
    "{} {} {} {} {}".format,
    st.sampled_from(["021", "001", "024", "025", "032", "002"]),
    st.sampled_from(["HLT MED9", "HLT -", "LTD X", "HLT MED1"]),
    st.sampled_from(["ECH", "CHD", "XXX", "-"]),
    maybe_day,
    maybe_day,
)
PEOPLE = [
    {"rel": "18", "first": "ADA", "birth": "1980-01-01", "ssn": "900110001"},
    {"rel": "01", "first": "CY", "birth": "1981-01-01", "ssn": "900110002"},
    {"rel": "19", "first": "BEN", "birth": "2015-01-01", "seq": 1},
    {"rel": "19", "first": "BILL", "birth": "2015-01-01", "ssn": "900110003", "seq": 2},  # twins
    {"rel": "18", "first": "CY", "birth": "1981-01-01", "ssn": "900110002", "family": "100002"},
    {"rel": "19", "first": "BEN", "birth": "2015-01-01", "family": "100002"},
    {"rel": "19", "first": "DOT", "birth": "1999-01-01", "family": "100002"},
]
SECOND = 4  # CY again, as a subscriber
FAMILIES = [  # how it began
    {**PEOPLE[0], "lines": ["021 HLT MED1 FAM 2027-11-01", "021 DEN - - 2027-11-01"]},
    {**PEOPLE[1], "lines": ["021 HLT MED1 - 2027-11-01"]},
    {**PEOPLE[2], "lines": ["021 HLT MED1 - 2028-01-01", "021 DEN - - 2028-01-01"]},
    {**PEOPLE[4], "lines": ["021 VIS VIS1 FAM 2028-01-01 2028-05-31"]},
]
always = {
    "phone": st.sampled_from(["5550100", "5550101", ""]),
    "address": st.sampled_from([{"line1": "1 Elm St", "city": "Salem", "zip": "01970"}, {"city": "Lynn"}, {}]),
    "restricted": st.sampled_from(["", "", "R", "U"]),
    "subgroup": st.sampled_from(["ACT"] * 6 + ["COB", "COB", "CBR", "NEW", "XYZ"]),
    "hired": day,
    "event": st.sampled_from(["1", "5", "8"]),
    "effective": day,
}
comes = st.fixed_dictionaries(
    {
        "do": st.sampled_from(["021", "021", "001", "030", "025"]),
        "lines": st.lists(st.one_of(opening, opening, opening, ending), min_size=1, max_size=3),
    },
    optional={
        **always,
        "reason": st.sampled_from(["XT", "02", "28", "32", "41"]),
        "status": st.sampled_from("AAC"),
    },
)
leaves = st.one_of(
    st.fixed_dictionaries({"do": st.just("024"), "eligible_to": day}, optional=always),
    st.fixed_dictionaries(
        {"do": st.just("024"), "lines": st.lists(ending, min_size=1, max_size=3)}, optional=always
    ),
)
strange = st.fixed_dictionaries(
    {"do": st.sampled_from(["021", "001", "024", "025"])},
    optional={
        **always,
        "eligible_to": day,
        "eligible": day,
        "reason": st.sampled_from(["03", "25", "41", "XT"]),
        "death": day,
        "lines": st.lists(st.one_of(opening, ending, odd), max_size=4),
    },
)
about = st.one_of(comes, comes, comes, leaves, leaves, strange)


def one_set():
    """A set in which each person has one record at most."""
    chosen = st.lists(st.sampled_from(range(len(PEOPLE))), unique=True)
    return chosen.flatmap(lambda who: st.tuples(*[about.map(lambda a, i=i: record(i, a)) for i in who]))


REACH = ("phone", "address", "restricted")


def record(who, what):
    """A record of one person. CY is in two families: only one of them says where to reach her."""
    kept = {name: value for name, value in what.items() if who != SECOND or name not in REACH}
    return {**PEOPLE[who], **kept}


profiles = st.fixed_dictionaries(
    {},
    optional={
        "plan_change": st.sampled_from(["replace", "pend"]),
        "dependents_follow": st.sampled_from(["wait", "follow"]),
        "same_day_end_is_void": st.booleans(),
        "unknown_on_change": st.sampled_from(["add", "pend"]),
    },
)


def received(specs):
    return [member(number, spec) for number, spec in enumerate(specs, 1)]


def story(sets, sender):
    """Return the roster after some sets, received a month apart up to today."""
    roster = RosterModel(TOKENS)
    send(roster, DAYS[0], received(FAMILIES), sender)
    for months, specs in enumerate(reversed(sets), 1):
        send(roster, TODAY - timedelta(days=30 * months), received(specs), sender)
    return roster


def outcome(decisions):
    """Return what was decided on each person, without the numbers of a file."""
    return sorted(
        (
            decision.event.subscriber_number,
            decision.event.relationship,
            decision.event.person.name.first,
            str(decision.cause),
            tuple((line.line, str(line.disposition), line.action) for line in decision.lines),
            tuple(sorted(finding.code for finding in decision.findings)),
        )
        for decision in decisions
    )


HIDDEN = {"do": "001", "restricted": "R", "phone": "5550100"}


def of_ben(*lines):
    return (record(2, {"do": "021", "lines": list(lines)}),)


BACK = "021 HLT MED1 FAM 2027-11-01 -"


@SETTINGS
@given(st.lists(one_set(), max_size=3), one_set(), profiles)
@example(
    [of_ben("021 HLT MED1 FAM 2028-01-01 -", "021 PPO MED2 FAM 2027-12-31 -", "024 HLT - - - 2027-11-01")],
    of_ben(BACK, BACK, "024 PPO MED2 - - 2027-11-01"),
    {},
).via("the end of the old plan was applied while the new one waited")
@example(
    [of_ben("021 HLT MED1 FAM 2027-12-31 -", "021 PPO MED2 FAM 2028-03-31 -")],
    of_ben(BACK, BACK, "024 PPO MED2 - - 2027-11-01"),
    {},
).via("the plan that superseded another one was ended")
def test_the_same_events_again_change_nothing(before, last, profile):
    sender = partner(**profile)
    roster = story(before, sender)
    send(roster, TODAY, received(last), sender)
    lines, facts, places = roster.lines(), roster.facts(), roster.places()
    again, changes = send(roster, TODAY, received(last), sender)
    assert not changes
    assert all(line.disposition is not Disposition.APPLIED for decision in again for line in decision.lines)
    assert (roster.lines(), roster.facts(), roster.places()) == (lines, facts, places)


@SETTINGS
@given(st.lists(one_set(), max_size=2), one_set(), profiles, st.randoms(use_true_random=False))
def test_the_order_of_members_in_the_file_does_not_matter(before, last, profile, chance):
    sender = partner(**profile)
    one, other = story(before, sender), story(before, sender)
    shuffled = list(last)
    chance.shuffle(shuffled)
    first, _ = send(one, TODAY, received(last), sender)
    second, _ = send(other, TODAY, received(shuffled), sender)
    assert one.lines() == other.lines()
    assert one.places() == other.places()
    assert outcome(first) == outcome(second)


@SETTINGS
@given(st.lists(one_set(), max_size=2), one_set(), profiles)
@example([(record(0, HIDDEN),)], (record(0, {**HIDDEN, "restricted": "U"}),), {}).via("INS13 = U lifted INS13 = R")
def test_no_stored_value_is_blanked(before, last, profile):
    sender = partner(**profile)
    roster = story(before, sender)
    known = roster.facts()
    send(roster, TODAY, received(last), sender)
    now = roster.facts()
    for ident, (facts, ssn) in known.items():
        later, later_ssn = now[ident]
        assert later_ssn or not ssn
        for name in ("name", "birth", "gender", "address", "phone", "email", "confidentiality"):
            assert getattr(later, name) or not getattr(facts, name)
        assert facts.confidentiality != "R" or later.confidentiality == "R", "no record lifts INS13 = R"


@SETTINGS
@given(st.lists(one_set(), max_size=2), one_set(), profiles)
def test_whoever_is_rejected_or_waits_changes_nothing(before, last, profile):
    """What is left of a set when every record that was refused whole is taken out decides just the same."""
    sender = partner(**profile)
    one, other = story(before, sender), story(before, sender)
    decisions, _ = send(one, TODAY, received(last), sender)
    refused = (Disposition.REJECTED, Disposition.PENDED)
    out = {d.event.number for d in decisions if all(line.disposition in refused for line in d.lines)}
    send(other, TODAY, [e for e in received(last) if e.number not in out], sender)
    assert one.lines() == other.lines()
    assert one.places() == other.places()


@SETTINGS
@given(st.lists(one_set(), max_size=2), one_set())
@example([], (record(0, {"do": "026", "lines": ["777 HLT MED1 EMP 2028-03-01"]}),)).via("an error line waited")
@example([], (record(1, {"do": "021", "family": "100009", "lines": ["021 HLT MED9 - 2028-03-01"]}),)).via(
    "an unknown plan waited for the subscriber"
)
def test_every_refusal_has_a_reason_and_every_event_a_decision(before, last):
    roster = story(before, partner())
    events = received(last)
    decisions, _ = decide(events, context(TODAY, roster))
    sent = [decision for decision in decisions if str(decision.cause) == "SENT"]
    assert [decision.event for decision in sent] == events
    for decision in decisions:
        assert decision.lines
        for line in decision.lines:
            assert blocked(line) in allowed(decision.objections, line.number)


# The member's data wait, or the family after a death; that holds up nothing else.
OF_THE_DATA = {"FACTS-WAIT", "RESTRICTION-KEPT", "SURVIVORS-WAIT"}


def blocked(line):
    """Say whether a line is refused or waits, by the severity that does it."""
    return {Disposition.REJECTED: Severity.ERROR, Disposition.PENDED: Severity.PEND}.get(line.disposition)


def allowed(objections, number):
    """Return what may have become of a line: an error on it or on its member rejects, else a question waits.

    Source: docs/domain.md, Dispositions.
    """
    said = [each.finding for each in objections if each.coverage in (number, MEMBER)]
    of_lines = {finding.severity for finding in said if finding.code not in OF_THE_DATA}
    worst = next((severity for severity in BLOCKING if severity in of_lines), None)
    of_data = any(finding.code in OF_THE_DATA for finding in said if finding.severity is Severity.PEND)
    return {worst, Severity.PEND} if of_data and number == MEMBER and worst is None else {worst}


@SETTINGS
@given(st.lists(one_set(), max_size=2), one_set())
def test_the_events_of_families_decided_apart_come_to_the_same(before, last):
    """Where the caller cuts chunks does not matter, as long as families stay whole."""
    one, other = story(before, partner()), story(before, partner())
    send(one, TODAY, received(last))
    events = received(last)
    for family in dict.fromkeys(event.subscriber_number for event in events):
        send(other, TODAY, [replace(e) for e in events if e.subscriber_number == family])
    assert one.lines() == other.lines()
    assert one.places() == other.places()


def in_force(roster):
    """Return the first day of each stretch without a gap that has begun, with its enrollee and line."""
    spans = sorted(roster.coverages.values(), key=lambda one: (one.enrollee, one.line, one.span.begin))
    ends = {(span.enrollee, span.line, day_after(span.span.end)) for span in spans if span.span.end < TODAY}
    begins = [(span.enrollee, span.line, span.span.begin) for span in spans if span.span.begin <= TODAY]
    return [begin for begin in begins if begin not in ends]


REFUSED_SUCCESSOR = {
    "do": "021",
    "reason": "03",
    "eligible_to": "2028-01-01",
    "lines": ["021 HLT MED9 ECH 2027-11-01 -", "024 HLT MED1 - - 2027-11-01"],
}


@SETTINGS
@given(st.lists(one_set(), max_size=2), one_set(), profiles)
@example([], (record(2, {"do": "021", "reason": "03", "eligible_to": "2027-11-01"}),), {}).via(
    "357 before it began"
)
@example([], (record(0, REFUSED_SUCCESSOR),), {}).via("the plan that was to go on is refused")
def test_nothing_in_force_is_taken_back_as_if_it_never_was(before, last, profile):
    """Whatever segments a set has: the first day of coverage that has begun stays covered.

    Source: docs/domain.md, Voids.
    """
    sender = partner(**profile)
    roster = story(before, sender)
    known = in_force(roster)
    send(roster, TODAY, received(last), sender)
    for enrollee, line, first in known:
        mine = [c for c in roster.coverages.values() if (c.enrollee, c.line) == (enrollee, line)]
        assert any(coverage.span.covers(first) for coverage in mine)


def unplaced(event):
    """The same member loop, of which nobody knows where in the file it stands."""
    coverages = tuple(replace(coverage, spots=()) for coverage in event.coverages)
    return replace(event, coverages=coverages, segment=0, start=0, end=0, spots=())


def identified(decisions):
    """Return each disposition and objection with its identity, without positions."""
    return [
        (
            [
                (decision.identity(line), line.line, line.plan, line.disposition, line.action)
                for line in decision.lines
            ],
            [(decision.identity(raised), raised.finding.severity) for raised in decision.objections],
        )
        for decision in decisions
    ]


@SETTINGS
@given(st.lists(one_set(), max_size=2), one_set(), profiles)
def test_the_same_set_read_again_has_the_same_identities(before, last, profile):
    """Wherever the records stand in the file: a position decides nothing and names nothing."""
    sender = partner(**profile)
    seen = context(TODAY, story(before, sender), sender)
    decisions, changes = decide(received(last), seen)
    again, same = decide([unplaced(event) for event in received(last)], seen)
    assert identified(again) == identified(decisions)
    assert same == changes
    for decision in decisions:
        places = [decision.identity(line) for line in decision.lines if line.coverage]
        assert len(places) == len(set(places)), "each coverage has its own"
        numbers = {0, *(coverage.number for coverage in decision.event.coverages)}
        assert {raised.coverage for raised in decision.objections} <= numbers


@SETTINGS
@given(st.lists(one_set(), max_size=2), one_set(), one_set(), st.randoms(use_true_random=False))
def test_the_order_of_several_records_of_a_person_loses_nothing(before, some, more, chance):
    """In another order the same records end in the same roster, or a question is asked of one of them.

    Source: docs/domain.md, Order.
    """
    one, other, last = story(before, partner()), story(before, partner()), [*some, *more]
    shuffled = list(last)
    chance.shuffle(shuffled)
    decisions = [d for roster, specs in ((one, last), (other, shuffled)) for d in _sent(roster, specs)]
    waits = any(line.disposition is Disposition.PENDED for d in decisions for line in d.lines)
    assert waits or (one.lines() == other.lines() and one.places() == other.places())


def _sent(roster, specs):
    return send(roster, TODAY, received(specs))[0]


OPENS = ("021", "025", "030")


@SETTINGS
@given(st.lists(one_set(), max_size=2), one_set(), profiles)
def test_what_was_asked_for_and_is_called_done_is_there(before, last, profile):
    """An add that is applied, or that is said to change nothing, covers its first day in its plan, or is told of.

    Where several HDs of the set are about one line of a person, the last of them may say otherwise.
    """
    sender = partner(**profile)
    roster = story(before, sender)
    decisions, _ = send(roster, TODAY, received(last), sender)
    given_ids = roster.given
    about = Counter(
        (given_ids.get(d.person, d.person), line.line) for d in decisions for line in d.lines if line.line
    )
    for decision in decisions:
        person = given_ids.get(decision.person, decision.person)
        for line in decision.lines:
            sent, stands = line.coverage, line.disposition in (Disposition.APPLIED, Disposition.NOOP)
            opens = sent and sent.maintenance in OPENS and decision.event.maintenance in (*OPENS, "001")
            told = [o for o in decision.objections if o.coverage == line.number]
            if not (stands and opens and sent.begin and person) or told or about[person, line.line] > 1:
                continue
            mine = {e.id for e in roster.enrollees.values() if e.person == person}
            there = [c for c in roster.coverages.values() if c.enrollee in mine and c.line == line.line]
            assert any(c.span.covers(sent.begin) and c.plan == line.plan for c in there), (sent, there)
            if sent.end and sent.end < OPEN:
                assert not any(c.span.covers(day_after(sent.end)) and c.plan == line.plan for c in there)
