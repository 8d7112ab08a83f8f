"""Lives that a file tells: who is covered on which day afterwards, or waits and says why.

Births and twins, marriage and divorce, numbers given again, moves and returns, COBRA, deaths, court orders. Each
story knows the days on which each of its people is covered (support.town).

Source: docs/domain.md, Matching people; Order; Windows; Transfers; COBRA; Deaths; Court orders.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from model.timeline import OPEN
from support.members import HEADER
from support.town import BEGIN, DAY, FIRST, LINE, PLAN, SENDER, Someone, Spans, Told, Town, until
from support.tries import tries

SETTINGS = tries(50)
ADA = Someone(1, "100001", "18", "ADA", "1980-03-04", "900110001")
CY = Someone(2, "100001", "01", "CY", "1981-05-06", "900110002")
BEN = Someone(3, "100001", "19", "BEN", "2015-07-08", "900110003")
DOT = Someone(4, "100001", "19", "DOT", "2018-09-10")
GUS = Someone(5, "100002", "18", "GUS", "1975-02-03", "900110005")
FAMILY = (ADA, CY, BEN, DOT)
BORN = date(2028, 1, 3)
slips = st.sampled_from(["", "", "", "first", "birth", "ssn"])


def stays(who: Someone, spans: Spans) -> dict[tuple[int, str], Spans]:
    return {(who.key, LINE): spans}


def weekly(town: Town, *people: Someone, tier: str = "FAM", sure: bool = True) -> list[Told]:
    """Tell the same again of people who are covered: nothing comes of it."""
    told = []
    for who in people:
        (plan, begin, _), *_ = town.spans(who)[-1:]
        level = tier if who.rel == "18" else "-"
        told.append(Told(who, who.record(lines=[f"030 HLT {plan} {level} {begin}"]), sure=sure))
    return told


# --- births ----------------------------------------------------------------------------------------------


@SETTINGS
@given(st.data())
def test_newborns_are_covered_from_their_birth_each_once(data: st.DataObject) -> None:
    """One or two are born, with names or without, with the family's level in the same set, before or later."""
    town = Town()
    parents = data.draw(st.sampled_from([(ADA,), (ADA, CY)]))
    small = "EMP" if len(parents) == 1 else "ESP"
    town.receive(
        [
            Told(
                who,
                who.record(lines=[f"030 HLT {PLAN} {small if who is ADA else '-'} {BEGIN}"]),
                stays(who, WHOLE),
            )
            for who in parents
        ]
    )
    named = data.draw(st.booleans())
    parted = data.draw(st.booleans())  # by INS17
    twins = [
        Someone(80 + nth, "100001", "19", first if named else "BABY", str(BORN))
        for nth, first in enumerate(data.draw(st.sampled_from([("KAI",), ("KAI", "LEA")])), 1)
    ]
    seq = {who.key: who.key - 80 if parted and len(twins) > 1 else 0 for who in twins}
    born = [who.added(BORN, reason="02", seq=seq[who.key]) for who in twins]
    clear = named or parted or len(twins) == 1
    level = Told(ADA, ADA.record(do="001", effective=BORN, lines=[f"001 HLT {PLAN} FAM {BORN}"]), sure=True)
    when = data.draw(st.sampled_from(["before", "same", "later"]))
    if when == "before":
        town.receive([level])
    if when == "same":
        born.append(level)
    sure = clear and when != "later"
    town.receive([replace(each, sure=sure) for each in data.draw(st.permutations(born))])
    if when == "later":
        town.receive([level])
    names = {81: "KAI", 82: "LEA"}
    again = []
    for who in twins:
        knew = bool(town.spans(who))
        real = replace(who, first=names[who.key])
        spec = real.record(seq=seq[who.key], lines=[f"030 HLT {PLAN} - {BORN}"])
        again.append(Told(who, spec, {} if knew else stays(who, ((PLAN, BORN, OPEN),)), sure=True))
    town.receive(data.draw(st.permutations([*again, *weekly_at(parents, "FAM")])))
    assert all(town.spans(who) == ((PLAN, BORN, OPEN),) for who in twins)


WHOLE: Spans = ((PLAN, BEGIN, OPEN),)


def weekly_at(people: tuple[Someone, ...], tier: str) -> list[Told]:
    return [
        Told(who, who.record(lines=[f"030 HLT {PLAN} {tier if who is ADA else '-'} {BEGIN}"]), sure=True)
        for who in people
    ]


# --- marriage and divorce --------------------------------------------------------------------------------


@SETTINGS
@given(st.data())
def test_one_spouse_ends_and_another_begins_in_one_set(data: st.DataObject) -> None:
    """Whatever the order, over one set or two, with a slip in either record or none."""
    town = Town()
    town.begin(FAMILY)
    new = Someone(71, "100001", "01", data.draw(st.sampled_from(["NAN", "CY"])), "1983-03-04", "")
    last = FIRST + data.draw(st.sampled_from([-2, 10, 26])) * DAY
    slip = data.draw(slips)
    whole = data.draw(st.booleans())
    ends = replace(CY.left(last, WHOLE, whole, reason="01"), sure=not slip)
    ends = replace(ends, spec={**ends.spec, **_three(CY.record(slip))})
    clear = not slip and new.first == "NAN"  # by the same first name she may be the old one
    adds = replace(new.added(last + DAY, reason="32", effective=last + DAY), sure=clear)
    child = Told(DOT, DOT.record(), sure=True)
    if data.draw(st.booleans()):
        town.receive([ends])
        town.receive([adds])
    else:
        town.receive(data.draw(st.permutations([ends, adds, child])))


def _three(record: dict[str, object]) -> dict[str, object]:
    return {name: record[name] for name in ("first", "birth", "ssn")}


# --- slips in full files ---------------------------------------------------------------------------------


@SETTINGS
@given(st.data())
def test_a_slip_in_a_full_file_changes_nobodys_days(data: st.DataObject) -> None:
    """In one of the three, or in the first day of coverage: nobody is added, and no day is lost or won unasked."""
    town = Town()
    town.begin((*FAMILY, GUS))
    for _ in range(2):
        told = []
        for who in (*FAMILY, GUS):
            slip = data.draw(slips)
            begin = data.draw(st.sampled_from([BEGIN, BEGIN, BEGIN, date(2028, 1, 2), date(2028, 10, 1)]))
            tier = "FAM" if who.rel == "18" else "-"
            spec = who.record(slip, lines=[f"030 HLT {PLAN} {tier} {begin}"])
            told.append(Told(who, spec, sure=not slip and begin == BEGIN))
        town.receive(data.draw(st.permutations(told)))


# --- numbers given again ---------------------------------------------------------------------------------


@SETTINGS
@given(st.data())
def test_an_employee_number_given_again_joins_no_families(data: st.DataObject) -> None:
    """An employee leaves with the family, the number is another's; the other one has a child of like name."""
    town = Town()
    town.begin((*FAMILY, GUS))
    last = town.today + 3 * DAY
    ends = {(who.key, LINE): until(WHOLE, last) for who in FAMILY}
    town.receive([replace(ADA.left(last, WHOLE, whole=True, reason="08"), then=ends, sure=True)])
    town.today += timedelta(days=data.draw(st.sampled_from([30, 90])))
    begin = town.today.replace(day=1)
    first = data.draw(st.sampled_from(["ZOE", "ADA"]))
    new = Someone(90, "100001", "18", first, "1990-12-13", data.draw(st.sampled_from(["", "900119999"])))
    child = Someone(
        91,
        "100001",
        "19",
        data.draw(st.sampled_from(["BEN", "MIA"])),
        data.draw(st.sampled_from(["2015-07-08", "2019-01-01"])),
    )
    told = [new.added(begin, reason="28"), child.added(begin)]
    decided = town.receive(told[: data.draw(st.integers(1, 2))])
    again = [each for each in told if not town.spans(each.who)]
    if again:
        town.receive(again)
    assert decided
    town.receive(weekly(town, GUS))


# --- moves and returns -----------------------------------------------------------------------------------


@SETTINGS
@given(st.data())
def test_a_family_that_moves_between_subgroups_is_covered_all_the_while(data: st.DataObject) -> None:
    """Places follow each other without a gap, and nobody's days change; a full file names the last one."""
    town = Town()
    town.begin(FAMILY[:3])
    places = [("ACT", BEGIN)]
    days = sorted(data.draw(st.sets(st.sampled_from(MOVES), min_size=1, max_size=3)))
    for day in days:
        to = data.draw(st.sampled_from([code for code in ("ACT", "COB", "NEW") if code != places[-1][0]]))
        town.today = day - 3 * DAY
        reason = data.draw(st.sampled_from(["XT", ""]))
        lines = [f"001 HLT {PLAN} FAM {BEGIN}"] if data.draw(st.booleans()) else []
        spec = ADA.record(do="001", reason=reason, effective=day, subgroup=to, lines=lines)
        town.receive([Told(ADA, spec, sure=True)])
        places.append((to, day))
        assert [tuple(text.split()[1:3]) for text in town.places()] == [
            (code, str(first)) for code, first in places
        ]
    full = [replace(each, spec={**each.spec, "subgroup": places[-1][0]}) for each in weekly(town, *FAMILY[:3])]
    town.receive(data.draw(st.permutations(full)))


MOVES = [date(2028, 2, 1), date(2028, 3, 1), date(2028, 4, 1), date(2028, 5, 1)]


@SETTINGS
@given(st.data())
def test_who_comes_back_is_covered_again_with_the_gap_or_without(data: st.DataObject) -> None:
    """An employee and the family left; they come back by a reinstatement or as an add, with a slip or without."""
    town = Town()
    town.begin(FAMILY[:3])
    last = town.today + 3 * DAY
    ends = {(who.key, LINE): until(WHOLE, last) for who in FAMILY[:3]}
    town.receive([replace(ADA.left(last, WHOLE, whole=True, reason="08"), then=ends, sure=True)])
    town.today += timedelta(days=data.draw(st.sampled_from([0, 20, 40])))
    first = data.draw(st.sampled_from([last + DAY, last + 12 * DAY, town.today + 10 * DAY]))
    do = data.draw(st.sampled_from(["021", "025", "030"]))
    told = []
    for who in FAMILY[:3]:
        back = who.record(data.draw(slips), do=do, lines=[f"{do} HLT {PLAN} {_level(who)} {first}"])
        back["reason"] = data.draw(st.sampled_from(["", "41"]))
        told.append(Told(who, back, stays(who, _rejoined(last, first))))
    town.receive(data.draw(st.permutations(told)))


def _level(who: Someone) -> str:
    return "FAM" if who.rel == "18" else "-"


def _rejoined(last: date, first: date) -> Spans:
    """Return the days of somebody who left and came back."""
    if first <= last + DAY:
        return WHOLE
    return ((PLAN, BEGIN, last), (PLAN, first, OPEN))


BOTH = replace(SENDER, grants=(*SENDER.grants, replace(SENDER.grants[0], group="G200")))


@SETTINGS
@given(st.data())
def test_a_family_that_moves_to_another_group_keeps_its_members(data: st.DataObject) -> None:
    """The end in one group and the adds in the other come in either order; nobody is lost or made twice."""
    town = Town(sender=BOTH)
    town.begin(FAMILY[:3])
    last = date(2028, 2, 29)
    town.today = date(2028, 2, 20)
    number = data.draw(st.sampled_from(["100001", "200001"]))
    slip = data.draw(slips.filter(lambda one: one != "ssn"))  # by another SSN it is another person
    gone = {(who.key, LINE): ((PLAN, BEGIN, last),) for who in FAMILY[:3]}
    ends = replace(ADA.left(last, WHOLE, whole=True, reason="08"), then=gone, sure=True)
    adds = []
    for who in FAMILY[:3]:
        said = who.record(slip if who is CY else "", family=number, do="021")
        said["lines"] = [f"021 HLT {PLAN} {_level(who)} {last + DAY}"]
        come = {(who.key, f"{LINE} G200"): ((PLAN, last + DAY, OPEN),)}
        adds.append(Told(who, said, come, sure=not (slip and who is CY)))
    there = replace(HEADER, master_policy="G200")
    if data.draw(st.booleans()):
        town.receive([ends])
    town.receive(data.draw(st.permutations(adds)), header=there)
    if town.spans(ADA) == WHOLE:
        town.receive([ends])


# --- COBRA -----------------------------------------------------------------------------------------------


@SETTINGS
@given(st.data())
def test_cobra_before_or_after_the_employers_end_leaves_no_gap(data: st.DataObject) -> None:
    """From the day after the loss to the month that the event allows; the employer's word may come later."""
    town = Town()
    home = FAMILY[:3]
    town.begin(home)
    loss = date(2028, 2, 29)
    event, years = data.draw(st.sampled_from([("1", 1.5), ("2", 1.5), ("4", 3), ("5", 3)]))
    day = data.draw(st.sampled_from([None, date(2028, 2, 15)]))
    last = (date(2029, 8, 31) if years == 1.5 else date(2031, 2, 28)) - (14 if years == 3 else 17) * DAY * bool(
        day
    )
    town.today = data.draw(st.sampled_from([date(2028, 2, 25), date(2028, 3, 20)]))
    gone = {(who.key, LINE): ((PLAN, BEGIN, loss),) for who in home}
    ends = replace(ADA.left(loss, WHOLE, whole=True, reason="08"), then=gone, sure=True)
    more: dict[str, Any] = {"status": "C", "event": event, "event_day": day, "reason": "09", "do": "021"}
    under = []
    for who in home:
        said = who.record(**more, lines=[f"021 HLT {PLAN} {_level(who)} {loss + DAY}"])
        said |= {"subgroup": "CBR"} if who is ADA else {"refs": {"DX": "CBR"}}
        under.append(Told(who, said, stays(who, ((PLAN, BEGIN, last),)), sure=True))
    if data.draw(st.booleans()):
        town.receive([ends])
        town.receive(data.draw(st.permutations(under)))
    else:
        town.receive(data.draw(st.permutations(under)))
        town.receive([replace(ends, then={}, sure=False)])
    assert all(town.spans(who) == ((PLAN, BEGIN, last),) for who in home)


@SETTINGS
@given(st.data())
def test_a_former_spouse_or_a_grown_child_goes_on_with_the_same_identity(data: st.DataObject) -> None:
    """Under a number of the own: with all three the same it is one member, with less it waits."""
    town = Town()
    town.begin(FAMILY[:3])
    who, event, reason = data.draw(st.sampled_from([(CY, "5", "01"), (BEN, "7", "")]))
    loss = date(2028, 2, 29)
    town.today = date(2028, 2, 20)
    ends = replace(who.left(loss, WHOLE, reason=reason), sure=True)
    slip = data.draw(slips.filter(lambda one: one != "ssn"))
    named = data.draw(st.sampled_from([{}, {"Q4": "100001"}, {"6O": "100001"}]))
    own = replace(who, family="300001", rel="18")
    said = own.record(slip, do="021", status="C", event=event, subgroup="CBR")
    said |= {"refs": named, "lines": [f"021 HLT {PLAN} EMP {loss + DAY}"]}
    last = date(2031, 2, 28)
    goes_on = replace(own, key=who.key)
    if data.draw(st.booleans()):
        town.receive([ends])
        town.today = date(2028, 3, 10)
        town.receive([Told(goes_on, said, stays(who, ((PLAN, BEGIN, last),)), sure=not slip)])
    else:
        town.receive([Told(goes_on, said, {(who.key, LINE): WHOLE})])  # covered through the family still
    town.receive(weekly(town, ADA))


# --- deaths ----------------------------------------------------------------------------------------------


@SETTINGS
@given(st.data())
def test_a_death_ends_the_dead_persons_days_and_nobody_elses_late(data: st.DataObject) -> None:
    """Told on a day of the group's attestation or not, soon or late; the family's end waits where it is late."""
    town = Town()
    town.begin(FAMILY[:3])
    who = data.draw(st.sampled_from(FAMILY[:3]))
    died = date(2028, 2, 10)
    town.today = data.draw(
        st.sampled_from([date(2028, 2, 10), date(2028, 3, 20), date(2028, 6, 20), date(2029, 1, 20)])
    )
    days_late = (town.today - died).days
    attested = town.today.year == 2028
    how = data.draw(st.sampled_from(["357", "349", "alone", "undated"]))
    last = died + data.draw(st.sampled_from([0, 19])) * DAY
    said = who.record(do="024", reason="03", death=died, lines=[])
    late = last < town.today and (days_late > 60 or not attested)
    in_time = not (last < town.today and ((town.today - last).days > 60 or not attested))
    then = {}
    if how in ("357", "349"):
        said |= {"eligible_to": last} if how == "357" else {"lines": [f"024 HLT - - - {last}"]}
        then = stays(who, until(WHOLE, last))
        if who is ADA and how == "357":
            then |= {place: until(WHOLE, last) for w in FAMILY[1:3] for place in stays(w, ())}
    elif how == "undated":
        said = {name: value for name, value in said.items() if name != "death"} | {"eligible_to": last}
        then = stays(who, until(WHOLE, last))
        if who is ADA:
            then |= {place: until(WHOLE, last) for w in FAMILY[1:3] for place in stays(w, ())}
    town.receive([Told(who, said, then)])
    own_stands = town.spans(who) == until(WHOLE, last)
    if how == "alone":
        assert town.spans(who) == WHOLE, "a date of death alone ends nothing"
    elif how == "undated":
        assert own_stands == in_time
    elif how == "357" or who is not ADA:
        assert own_stands, "the dead person's own lines end on whatever day it is told"
    if who is ADA:
        for other in FAMILY[1:3]:
            ended = town.spans(other) == until(WHOLE, last)
            assert ended == (in_time and how in ("357", "undated")), (late, how)


# --- court orders ----------------------------------------------------------------------------------------


@SETTINGS
@given(st.data())
def test_a_court_ordered_child_alone_is_dropped_by_no_segment(data: st.DataObject) -> None:
    """Whatever asks for it, it waits, until the employee's eligibility ends."""
    town = Town()
    town.begin(FAMILY[:2])
    order: dict[str, Any] = {"told": ["court-order 0 NM1*E1*1*COURT"]}
    town.receive([replace(BEN.added(BEGIN, **order), sure=True), DOT.added(BEGIN)])
    last = town.today + data.draw(st.sampled_from([-5, 0, 20])) * DAY
    line = data.draw(st.sampled_from(DROPS)).format(last=last, begin=BEGIN)
    said = BEN.record(do=data.draw(st.sampled_from(["024", "001", "021", "030"])), lines=[line] if line else [])
    said["reason"] = data.draw(st.sampled_from(["", "14", "22", "08"]))
    if not line or data.draw(st.booleans()):
        said["eligible_to"] = last
    parent: dict[str, Any] = {"do": "001", "lines": [f"024 HLT - - - {last}"]}
    alone = data.draw(st.booleans())
    told = [Told(BEN, said)] if alone else [Told(BEN, said), Told(ADA, ADA.record(**parent))]
    others = {place: until(WHOLE, last) for who in (CY, DOT) for place in stays(who, ())}
    decided = town.receive([replace(each, then=others) if each.who is ADA else each for each in told])
    assert town.spans(BEN) == WHOLE and town.spans(ADA) == WHOLE
    assert decided
    town.today += 7 * DAY
    end = town.today + 10 * DAY
    family = {
        place: until(town.covered()[place], end)
        for who in FAMILY
        for place in stays(who, ())
        if place in town.covered()
    }
    town.receive([replace(ADA.left(end, WHOLE, whole=True, reason="08"), then=family, sure=True)])


DROPS = ["", "024 HLT - - - {last}", "024 HLT MED1 - - {last}", "002 HLT MED1 - {begin}",
         "001 HLT MED1 - - {last}", "001 HLT MED1 - {begin} {last}", "030 HLT MED1 - {begin} {last}"]  # fmt: skip
