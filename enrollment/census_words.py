"""Findings of the rules in the words of a spreadsheet: the rules speak of 834 segments, a census has columns."""

from __future__ import annotations

import re
from dataclasses import replace

from model.finding import Finding
from model.trade.maintenance import ADD, AUDIT, CHANGE, DELETE, MAINTENANCE, REINSTATE, TERMINATE
from model.trade.member import RELATIONSHIPS, SELF
from model.trade.references import (
    BENEFIT_BEGIN,
    BENEFIT_END,
    DEPARTMENT,
    ELIGIBILITY_END,
    EMPLOYMENT_BEGIN,
    GROUP_OR_POLICY,
    MASTER_POLICY,
    SUBSCRIBER_NUMBER,
)

# Longer ones first: each is what a rule says, and what a census sender reads instead.
_WORDS = {
    **{f"INS03 = {code}": f"Action = {MAINTENANCE.words[code]}" for code in (ADD, CHANGE, TERMINATE, REINSTATE)},
    f"INS03 = {AUDIT}": "an empty Action",
    f"INS02 = {SELF}": RELATIONSHIPS.offered[SELF],
    f"HD01 = {ADD}": f"Action = {MAINTENANCE.words[ADD]}",
    f"HD*{ADD}": f"a row with Action = {MAINTENANCE.words[ADD]}",
    f"HD*{TERMINATE}": f"a row with Action = {MAINTENANCE.words[TERMINATE]}",
    f"HD*{DELETE}": "a note to us",
    f"INS*{TERMINATE}": f"Action = {MAINTENANCE.words[TERMINATE]}",
    f"REF*{SUBSCRIBER_NUMBER}": "Employee ID",
    f"REF*{GROUP_OR_POLICY}": "Group Number",
    f"REF*{MASTER_POLICY}": "Group Number",
    f"REF*{DEPARTMENT}": "Subgroup",
    f"DTP*{BENEFIT_BEGIN}": "Coverage Start",
    f"DTP*{BENEFIT_END}": "Coverage End",
    f"DTP*{ELIGIBILITY_END}": "Coverage End",
    f"DTP*{EMPLOYMENT_BEGIN}": "Hire Date",
    "DMG02": "Birth Date",
    "NM109": "SSN",
    "INS01": "Relationship",
    "INS02": "Relationship",
    "INS03": "Action",
    "INS04": "Reason",
    "INS05": "Status",
    "INS07": "COBRA Event",
    "INS08": "Status",
    "HD01": "Action",
    "HD03": "the benefit",
    "HD04": "Plan",
    "HD05": "Coverage Level",
}
_ANY = re.compile("|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True)))


def reworded(finding: Finding) -> Finding:
    """Return the finding with columns in the place of segments and elements."""
    message, fix = (_ANY.sub(lambda hit: _WORDS[hit[0]], text) for text in (finding.message, finding.fix))
    return replace(finding, message=message, fix=fix)
