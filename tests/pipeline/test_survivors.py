"""A family whose coverage ends with its subscriber's death: what is owed to it is asked, and stays asked.

Source: docs/domain.md, Deaths.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from model.desk import Wanted
from pipeline.desk.night import look_at_people
from pipeline.runtime.workspace import Workspace
from pipeline.views import work
from support import desk
from support.installation import GROUP, load_terms

DIED, TOLD = date(2027, 1, 20), date(2027, 1, 25)  # the group attests then
FAMILY = [
    {"who": "ada", "lines": ["021 HLT GOLD ECH 2027-01-01"]},
    {"who": "cy", "lines": ["021 HLT GOLD - 2027-01-01"]},
]
DEATH: dict[str, Any] = {"who": "ada", "do": "024", "reason": "03", "death": DIED, "dates": {"357": DIED}}


def opened(ws: Workspace, day: date) -> list[str]:
    """Return what is open, by number."""
    page = work.work_list(ws, ws.now(day), Wanted())
    return [f"{item.number} {item.kind} {item.code} x{item.receipts}" for item in page.items]


def test_a_death_that_ends_the_family_asks_what_is_owed_to_it(ws: Workspace) -> None:
    load_terms(ws)
    desk.take(ws, 1, {"day": date(2026, 12, 2), "records": FAMILY})
    desk.take(ws, 2, {"day": TOLD, "records": [DEATH]})
    assert desk.spans(ws) == [
        "M000000001 medical GOLD ECH 2027-01-01 2027-01-20",
        "M000000002 medical GOLD 2027-01-01 2027-01-20",
    ]
    assert opened(ws, TOLD) == ["1 query SURVIVORS-ENDED x1"]
    desk.take(ws, 3, {"day": TOLD, "records": [DEATH], "ref": "AGAIN"})
    look_at_people(ws, GROUP, ws.now(date(2027, 2, 1)))
    assert opened(ws, TOLD) == ["1 query SURVIVORS-ENDED x1"], "whom nobody covers any more is asked about still"
