"""Who a record that is not clear may be about is proposed to the person who decides."""

from __future__ import annotations

from datetime import date

from model.desk import Wanted
from pipeline.decisions import shown
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Workspace
from pipeline.views.work import work_list
from support import desk
from support.installation import PARTNER, load_terms

DAY = date(2026, 12, 5)


def test_a_near_match_is_proposed_with_the_command_that_links_it(ws: Workspace) -> None:
    load_terms(ws)
    covers = [{"who": "ada", "lines": ["021 HLT GOLD ECH 2027-01-01"]}]
    covers.append({"who": "cy", "lines": ["021 HLT GOLD - 2027-01-01"]})
    desk.take(ws, 1, {"day": date(2026, 12, 2), "records": covers})
    mistyped = desk.data(2, {"day": DAY, "records": covers[1:], "instead": [["20150602", "20150620"]]})
    blank = mistyped.replace(b"****34*900000004", b"")
    receive(ws, [blank], "2.edi", PARTNER, "test", ws.now(DAY))
    (item,) = work_list(ws, ws.now(DAY), Wanted()).items
    found = shown.show(ws, item.number, ws.now(DAY))
    assert found is not None and item.code == "MATCH-CLEAR"
    assert found.ways[0] == f"rollbook work link {item.number} --person M000000002"


def test_a_newcomer_with_name_and_birth_of_somebody_of_the_group_waits(ws: Workspace) -> None:
    """Without an SSN nothing says that she is the one who left; the two of one set are nobody's namesakes."""
    load_terms(ws)
    covers = [{"who": "ada", "lines": ["021 HLT GOLD EMP 2027-01-01"]}]
    first = desk.data(1, {"day": date(2026, 12, 2), "records": covers}).replace(b"****34*900000001", b"")
    receive(ws, [first], "1.edi", PARTNER, "test", ws.now(date(2026, 12, 2)))
    assert not work_list(ws, ws.now(DAY), Wanted()).items
    again = desk.data(2, {"day": DAY, "records": covers}).replace(b"****34*900000001", b"")
    again = again.replace(b"REF*0F*", b"REF*0F*7")
    receive(ws, [again], "2.edi", PARTNER, "test", ws.now(DAY))
    (item,) = work_list(ws, ws.now(DAY), Wanted()).items
    found = shown.show(ws, item.number, ws.now(DAY))
    assert found is not None and item.code == "MATCH-CLEAR"
    assert found.ways[0] == f"rollbook work link {item.number} --person M000000001"
