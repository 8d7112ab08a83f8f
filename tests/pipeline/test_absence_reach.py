"""Ends by absence are only ever within the file's scope, and never of somebody exempt (docs/domain.md, Absence).

Every combination of what decides it is an employee of one group; one full file names half of them.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import NamedTuple

from pipeline.receive.run import receive
from pipeline.runtime.workspace import Workspace
from sample_files import edi
from store.people import roster
from support import values
from support.installation import GROUP, PARTNER, TERMS, load_terms

DAY, FULL = date(2026, 12, 2), date(2026, 12, 14)
BEGUN, LATER, STORED, LAST = date(2026, 12, 1), date(2027, 2, 1), date(2027, 6, 30), date(2026, 12, 31)
SCOPE = '[partner.profile.full_file]\nsubgroups = ["100"]\nlines = ["medical"]\n\n[group]\nnumber'


class Case(NamedTuple):
    """What decides whether somebody's line ends: each alone keeps it."""

    named: bool
    elsewhere: bool  # in a subgroup that the file does not hold
    dental: bool  # a line that it does not hold
    later: bool
    stored: bool  # its end is agreed
    waits: bool  # a record of the member


CASES = [Case(*each) for each in product((False, True), repeat=6)]


def _family(ident: int, case: Case, do: str) -> edi.Family:
    line, plan = ("DEN", "DENTAL") if case.dental else ("HLT", "GOLD")
    begin, end = LATER if case.later else BEGUN, STORED if case.stored and do == "021" else None
    person = edi.Person("18", f"SAMPLE{ident}", "ADA", date(1984, 3, 30), "F", f"9{ident:08d}")
    home = ("1 MAIN ST", "HARTFORD", "CT", "06101")
    cover = edi.Coverage(line, plan, "EMP", begin, end, do)
    place = "200" if case.elsewhere else "100"
    return edi.Family(f"E{ident:08d}", place, (person,), (cover,), date(2022, 3, 1), home)


def _send(ws: Workspace, number: int, day: date, chosen: list[int], do: str, action: str) -> str:
    families = [_family(ident, CASES[ident], do) for ident in chosen]
    loops = edi.members(families, {"026": "001"}.get(do, do), "29" if do == "021" else "XN")
    body = edi.enrollment_set(loops, day, f"B{number}", action=action)
    file_id = receive(
        ws, [edi.interchange([body], day, number).encode()], f"{number}.edi", PARTNER, "t", ws.now(day)
    )
    state: str = values.file_value(ws, file_id)["state"]
    return state


def test_nothing_ends_outside_the_scope_and_of_nobody_who_is_exempt(on_both: Workspace) -> None:
    ws, everybody = on_both, range(len(CASES))
    terms = TERMS.read_text("utf-8").replace("[partner.profile]\n", '[partner.profile]\nabsence = "end"\n', 1)
    terms = terms.replace("[group.rules]\n", "[group.rules]\nabsent_ends_percent = 100\n", 1)
    load_terms(ws, terms.replace("[group]\nnumber", SCOPE, 1))
    assert _send(ws, 1, DAY, list(everybody), "021", "2") == "APPLIED"
    assert _send(ws, 2, DAY, [ident for ident in everybody if CASES[ident].waits], "026", "2") == "PENDED"
    assert _send(ws, 3, FULL, [ident for ident in everybody if CASES[ident].named], "030", "RX") == "APPLIED"
    with ws.database.read() as conn:
        families = roster.families(conn, GROUP)
    ends = [family.enrollees[0].coverages[0].span.end for family in families]
    assert len(ends) == len(CASES)
    ended = [case for case, end in zip(CASES, ends, strict=True) if end == LAST]
    assert ended == [Case(False, False, False, False, False, False)]
    stays = [end for case, end in zip(CASES, ends, strict=True) if case.stored]
    assert set(stays) == {STORED}, "an end that is agreed stays"
