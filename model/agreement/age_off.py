"""Until when a child may be covered: what is agreed, and what the law of the group's situs adds.

Source: docs/domain.md, Age limits.
"""

from __future__ import annotations

from datetime import date

from model.agreement.terms import Terms
from model.timeline import Month, years_after
from model.trade.law import Counted, Key, applied


def last_covered(terms: Terms, subgroup: str, birth: date, on: date) -> date:
    """Return the last day on which a child of that birth date may be covered, by the terms and the law of a day.

    That is the end of the month of the birthday at the age agreed; where the law counts by it, the day before the
    policy's anniversary after the birthday, if that is later.
    """
    last = Month.of(years_after(birth, terms.switches_on(on, subgroup).child_age_limit)).last
    row = terms.law.binding(Key.CHILD_AGE, on).row
    if row is None or row.counted is not Counted.ANNIVERSARY:
        return last
    least = applied(row, birth, terms.span.begin)
    assert isinstance(least, date)
    return max(last, least)
