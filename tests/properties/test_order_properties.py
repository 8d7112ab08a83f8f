"""No order of records loses an add: what a set asks for stands in each order, or waits and says why.

Changes that do not contradict each other are drawn for one family and told in any order: of one set, or cut into
two. The story knows what stands in the end (support.town).

Source: docs/domain.md, Order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from model.timeline import OPEN
from support.town import BEGIN, DAY, LINE, PLAN, Place, Someone, Spans, Told, Town, until
from support.tries import tries

ADA = Someone(1, "100001", "18", "ADA", "1980-03-04", "900110001")
CY = Someone(2, "100001", "01", "CY", "1981-05-06", "900110002")
BEN = Someone(3, "100001", "19", "BEN", "2015-07-08", "900110003")
NAN = Someone(4, "100001", "01", "NAN", "1983-01-02", "900110004")
KAI = Someone(5, "100001", "19", "KAI", "2028-01-20")
DOT = Someone(6, "100001", "19", "DOT", "2018-09-10", "900110006")
GUS = Someone(7, "100002", "18", "GUS", "1975-02-03", "900110007")
WHOLE: Spans = ((PLAN, BEGIN, OPEN),)
DENTAL = "dental"
TURN = date(2028, 2, 1)  # the day of everything that changes
TODAY = date(2028, 1, 25)


@tries(40)
@given(st.data())
def test_no_order_of_records_loses_an_add(data: st.DataObject) -> None:
    town = Town()
    dental = data.draw(st.booleans())
    first = [_in(who, dental) for who in (ADA, CY, BEN)]
    town.receive([*first, Told(GUS, GUS.record(), {(GUS.key, LINE): WHOLE}, sure=True)])
    town.today = TODAY
    told = list(_changes(data, dental))
    if not told:
        return
    mixed = data.draw(st.permutations(told))
    cut = data.draw(st.integers(0, len(mixed) - 1))
    if not cut:
        town.receive(mixed)
        return
    for part in (mixed[:cut], mixed[cut:], mixed):  # again: what waited for others of the family comes in
        town.today = TODAY
        town.receive([replace(each, sure=False) for each in part])
    now = town.covered()
    missing = [place for each in told for place, spans in each.then.items() if now.get(place, ()) != spans]
    assert not missing, missing


def _in(who: Someone, dental: bool) -> Told:
    """Tell that somebody is covered from the beginning."""
    said = who.record(lines=[f"030 HLT {PLAN} {'FAM' if who is ADA else '-'} {BEGIN}"])
    then: dict[Place, Spans] = {(who.key, LINE): WHOLE}
    if dental:
        said["lines"].append(f"030 DEN - - {BEGIN}")
        then[who.key, DENTAL] = (("DEN1", BEGIN, OPEN),)
    return Told(who, said, then, sure=True)


def _changes(data: st.DataObject, dental: bool) -> Iterator[Told]:
    """Draw another plan, dental or its end for who stays; a divorce; a new spouse, a newborn, another child."""
    plan, change = data.draw(st.sampled_from(["", "MED2"])), data.draw(st.sampled_from(["", "turn"]))
    divorce = data.draw(st.booleans())
    for who in (ADA, BEN) if divorce else (ADA, CY, BEN):
        then: dict[Place, Spans] = {}
        asked = []
        if plan:
            asked.append(f"021 HLT {plan} {'FAM' if who is ADA else '-'} {TURN}")
            then[who.key, LINE] = ((PLAN, BEGIN, TURN - DAY), (plan, TURN, OPEN))
        if change:
            asked.append(f"024 DEN - - - {TURN - DAY}" if dental else f"021 DEN - - {TURN}")
            then[who.key, DENTAL] = (("DEN1", BEGIN, TURN - DAY),) if dental else (("DEN1", TURN, OPEN),)
        if asked:
            yield Told(who, who.record(do="001", lines=data.draw(st.permutations(asked))), then, sure=True)
    if divorce:
        said = CY.record(do="024", reason="01", lines=[], eligible_to=TURN - DAY)
        ended: dict[Place, Spans] = {(CY.key, LINE): until(WHOLE, TURN - DAY)}
        if dental:
            ended[CY.key, DENTAL] = (("DEN1", BEGIN, TURN - DAY),)
        yield Told(CY, said, ended, sure=True)
    after = dental != bool(change)  # whether the family has dental from then on
    for who, reason in ((NAN, "32"), (DOT, "05")):
        if (divorce or who is not NAN) and data.draw(st.booleans()):
            asked = [f"021 HLT {plan or PLAN} - {TURN}"] + ([f"021 DEN - - {TURN}"] if after else [])
            come: dict[Place, Spans] = {(who.key, LINE): ((plan or PLAN, TURN, OPEN),)}
            if after:
                come[who.key, DENTAL] = (("DEN1", TURN, OPEN),)
            lines = data.draw(st.permutations(asked))
            yield Told(who, who.record(do="021", reason=reason, effective=TURN, lines=lines), come, sure=True)
    if not plan and data.draw(st.booleans()):
        yield replace(KAI.added(date(2028, 1, 20), reason="02"), sure=True)
