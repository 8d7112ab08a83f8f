"""A layoff without benefits asks whether COBRA is due, and an end of coverage does not answer that.

Source: docs/domain.md, Member codes.
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

TOLD = date(2027, 1, 20)
ADA: dict[str, Any] = {"who": "ada", "lines": ["021 HLT GOLD EMP 2027-01-01"]}
LAID_OFF: dict[str, Any] = {"who": "ada", "do": "001", "reason": "40"}
ENDED: dict[str, Any] = {"who": "ada", "do": "024", "reason": "08", "lines": ["024 HLT GOLD EMP - 2027-01-31"]}


def opened(ws: Workspace) -> list[str]:
    """Return what is open, by number."""
    page = work.work_list(ws, ws.now(TOLD), Wanted())
    return [f"{item.number} {item.kind} {item.code} x{item.receipts}" for item in page.items]


def test_a_layoff_without_benefits_asks_of_cobra_until_somebody_looked(ws: Workspace) -> None:
    load_terms(ws)
    desk.take(ws, 1, {"day": date(2026, 12, 2), "records": [ADA]})
    desk.take(ws, 2, {"day": TOLD, "records": [LAID_OFF]})
    assert desk.spans(ws) == ["M000000001 medical GOLD EMP 2027-01-01 open"]
    assert opened(ws) == ["1 query LEAVE-COBRA x1"]
    desk.take(ws, 3, {"day": TOLD, "records": [ENDED]})
    look_at_people(ws, GROUP, ws.now(date(2027, 3, 1)))
    assert desk.spans(ws) == ["M000000001 medical GOLD EMP 2027-01-01 2027-01-31"]
    assert opened(ws) == ["1 query LEAVE-COBRA x1"], "an end of coverage does not answer it"
