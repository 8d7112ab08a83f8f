"""Finding codes: what comes in an order, or at a time, in which it cannot stand by itself, and waits."""

from __future__ import annotations

from model.code_tables import Code, mentioning
from model.finding import Severity

CODES: dict[str, Code] = {
    "LATER-END": mentioning(
        "The record sends a later end than the one that stands; that one has passed, or was set by death, "
        "nonpayment, age or the length of COBRA, and coverage beyond it would be a reinstatement.",
        "Nothing to do if the earlier end is right; otherwise send a reinstatement ({INS03 = 025}), or wait for "
        "our decision.",
        Severity.PEND,
    ),
    "COVERAGE-DECLINED": mentioning(
        "The record declines coverage ({INS04} = 26, or {HD*032}) of somebody who is covered, or for whom it asks "
        "for coverage; nothing was added and nothing ended.",
        "To end coverage send {INS03 = 024} with the last covered day and its reason; to add it send another "
        "reason.",
        Severity.PEND,
    ),
}
