"""What texts for senders mention: an element or a segment in a file, and what a census has in its place.

A text writes a mention in braces: `Send the first covered day in {DTP*348}.` Only our own texts are read so, never
what a sender wrote. In a file a mention stands for itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from model.trade.maintenance import ADD, AUDIT, CHANGE, DELETE, INFORMATION, MAINTENANCE, REINSTATE, TERMINATE
from model.trade.member import BENEFIT_STATUSES, COBRA, RELATIONSHIPS, SELF
from model.trade.references import (
    BENEFIT_BEGIN,
    BENEFIT_END,
    ELIGIBILITY_END,
    GROUP_OR_POLICY,
    SUBSCRIBER_NUMBER,
)

_NOTE = "a note to us"  # of what a census has no column
IN_CENSUS: Mapping[str, str] = {
    **{f"INS03 = {code}": f"Action = {MAINTENANCE.words[code]}" for code in (ADD, CHANGE, TERMINATE, REINSTATE)},
    f"INS03 = {AUDIT}": "an empty Action",
    f"INS02 = {SELF}": RELATIONSHIPS.offered[SELF],
    f"HD*{TERMINATE}": f"a row with Action = {MAINTENANCE.words[TERMINATE]}",
    f"HD*{DELETE}": "a note to us",
    f"REF*{SUBSCRIBER_NUMBER}": "Employee ID",
    f"REF*{GROUP_OR_POLICY}": "Group Number",
    f"DTP*{BENEFIT_BEGIN}": "Coverage Start",
    f"DTP*{BENEFIT_END}": "Coverage End",
    f"DTP*{ELIGIBILITY_END}": "Coverage End",
    "DMG02": "the column Birth Date",
    f"HD*{REINSTATE}": f"a row with Action = {MAINTENANCE.words[REINSTATE]}",
    f"HD*{INFORMATION}": "Waive as the plan",
    "an HD": "an entry",
    "HD": "entry",
    " (dependents_follow)": "",
    "set": "file",
    "the companion guide": "your agreement",
    "your profile": "your agreement",
    "where your profile says": "in Subgroup",
    "state (N402) and ZIP code (N403)": "State and ZIP",
    "INS*001*25 with NM1*70": _NOTE,
    "DTP*300": _NOTE,
    "DTP*303": _NOTE,
    "INS12": _NOTE,
    "INS10 = Y": "Eligibility Qualifier = Disabled",
    "INS05 = C": f"Status = {BENEFIT_STATUSES.offered[COBRA]}",
    "INS05 = C or S": f"Status = {BENEFIT_STATUSES.offered[COBRA]}",
    "INS01": "Relationship",
    "INS02": "Relationship",
    "INS03": "Action",
    "INS04": "Reason",
    "INS05": "Status",
    "INS07": "COBRA Event",
    "HD01": "Action",
    "HD03": "the benefit",
    "HD04": "Plan",
    "HD05": "Coverage Level",
}


class _Itself(dict[str, str]):
    """A table in which a mention stands for itself."""

    def __missing__(self, mention: str) -> str:
        return mention


def in_file(text: str) -> str:
    """Return a text of ours as the sender of an X12 file reads it."""
    return text.format_map(_Itself())


def in_census(text: str) -> str:
    """Return a text of ours as the sender of a census reads it. KeyError: it mentions what a census has not."""
    return text.format_map(IN_CENSUS)
