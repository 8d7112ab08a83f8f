"""What a subscriber's death does to the family: it ends late only by a person's word.

Source: docs/domain.md, Deaths.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from enrollment.draft import Draft
from model.enrollment.roster import Coverage
from model.finding import Severity
from validators.base import Context
from validators.dates.retro_term import died, is_late


def stay(draft: Draft, spans: Sequence[Coverage], end: date, context: Context) -> bool:
    """Say whether a dependent's coverage, which a subscriber's death would end late, waits for a person.

    Asked once of the family: the record's own lines end, and the question stands at the member.
    """
    subject, today = draft.subject, context.today
    if not died(subject, end, today) or not is_late(subject, spans, end, today):
        return False
    if not any(each.finding.code == "SURVIVORS-WAIT" for each in draft.objections):
        message = f"The subscriber has died; coverage of the family would end on {end}, {(today - end).days} days "
        message += "before receipt. It stays covered until a person decides."
        if draft.object_to("SURVIVORS-WAIT", "dtp:357", message) is Severity.PEND:
            draft.block(None, Severity.PEND)
            draft.survivors = True
    return draft.survivors


def tell_of_end(draft: Draft, implied: Sequence[Draft], last: date, today: date) -> None:
    """Say of a family that ends with its subscriber's death that it may be owed COBRA or more."""
    if implied and died(draft.subject, last, today):
        draft.object_to("SURVIVORS-ENDED", "dtp:357")
