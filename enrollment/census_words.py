"""Findings of the rules in the words of a spreadsheet: the rules speak of 834 segments, a census has columns."""

from __future__ import annotations

import re
from dataclasses import replace

from model.finding import Finding

# Longer ones first: each is what a rule says, and what a census sender reads instead.
_WORDS = {
    "INS03 = 021": "Action = Add",
    "INS03 = 001": "Action = Change",
    "INS03 = 024": "Action = Terminate",
    "INS03 = 025": "Action = Reinstate",
    "INS03 = 030": "an empty Action",
    "INS02 = 18": "Employee",
    "HD01 = 021": "Action = Add",
    "HD*021": "a row with Action = Add",
    "HD*024": "a row with Action = Terminate",
    "HD*002": "a note to us",
    "INS*024": "Action = Terminate",
    "REF*0F": "Employee ID",
    "REF*1L": "Group Number",
    "REF*38": "Group Number",
    "REF*DX": "Subgroup",
    "DTP*348": "Coverage Start",
    "DTP*349": "Coverage End",
    "DTP*357": "Coverage End",
    "DTP*336": "Hire Date",
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
