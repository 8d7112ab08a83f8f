"""Late payers: from the due day through notices and grace to the list of ends, and back by paying. Pure.

Nobody comes to the list before the warning has left and is as old as agreed, before the grace is over, while money
that could be the payer's is not placed, or where nobody is covered any more. Source: docs/domain.md, Delinquency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from model.money.arrears import OVER, Agreed, Arrears, EndAt, Owing, Payer, Seen, Stage
from model.money.ledger import Memo
from model.timeline import Month, day_before

_ANEW = OVER | {Stage.SHORT, Stage.ENDED}  # what is owed after these has notices of its own
SHORT_DAYS = 30  # to pay what lacks of a COBRA payment: 26 CFR 54.4980B-8 Q&A-5(d)


class Tells(Enum):
    """Which notice goes out."""

    NOBODY = 0
    PAYER = 1  # a reminder
    EVERYBODY = 2  # the warning, to the payer and to the members


@dataclass(frozen=True, slots=True)
class Night:
    """What a night makes of a payer: how it stands (None: it owes nothing and never did), and who is told."""

    stands: Arrears | None
    tells: Tells = Tells.NOBODY


def stands(
    payer: Payer, before: Arrears | None, owes: Owing | None, agreed: Agreed, seen: Seen, today: date
) -> Night:
    """Return how a payer stands on a day: `before` is how it stood, `owes` what is past due now."""
    if before and before.stage is Stage.ENDED and (owes is None or seen.gone):
        return Night(before)
    if owes is None:
        return Night(_paid(before, seen, today))
    if before and before.stage is Stage.SHORT and before.short and seen.short and owes.month > before.short:
        return Night(before)  # what lacks of an earlier month has its days first
    night = _late(_round(payer, before, owes, agreed, today), owes, agreed, seen, today)
    now = night.stands
    if now and before and now.stage is not before.stage:
        now = replace(now, since=today)
    return replace(night, stands=now)


def _late(now: Arrears, owes: Owing, agreed: Agreed, seen: Seen, today: date) -> Night:
    """Return how far a late payer is, and who is told."""
    last = len(agreed.notices)
    if now.warned and seen.reopened and seen.reopened > now.warned:
        now = replace(now, stage=Stage.TOLD, told=min(now.told, last - 1), warned=None, end=None)
    passed = sum(owes.due + timedelta(days=days) <= today for days in agreed.notices)
    passed = min(passed, last - 1) if seen.gone else passed  # there is nobody to warn of an end
    if passed > now.told:
        warns = passed == last
        stage = Stage.WARNED if warns else Stage.TOLD
        now = replace(now, stage=stage, told=passed, warned=today if warns else None, hold=seen.hold, end=None)
        return Night(now, Tells.EVERYBODY if warns else Tells.PAYER)
    if now.warned is None or seen.left is None:
        return Night(replace(now, hold=seen.hold))
    days = SHORT_DAYS if now.short else agreed.again if seen.reopened else agreed.notice
    allowed = max(now.grace_end, seen.left + timedelta(days=days))
    listed = today > allowed and not seen.hold and not seen.gone
    stage = Stage.LISTED if listed else Stage.WARNED
    return Night(replace(now, stage=stage, end=last_day(agreed.end, owes.month, allowed), hold=seen.hold))


def _paid(before: Arrears | None, seen: Seen, today: date) -> Arrears | None:
    """Return how a payer stands that owes nothing beyond a trifle any more."""
    if before is None or before.stage in OVER or (before.stage is Stage.SHORT and seen.short):
        return before
    return replace(before, stage=Stage.PAID, since=today, cents=0, end=None, hold="")


def _round(payer: Payer, before: Arrears | None, owes: Owing, agreed: Agreed, today: date) -> Arrears:
    """Return how a payer stands in what began with this month; another month begins anew, with own notices."""
    grace_end = owes.due + timedelta(days=agreed.grace)
    if before and before.stage is Stage.SHORT and before.short and owes.month <= before.short:
        # It was told what lacks, and had the days: that was the warning.
        now = replace(before, month=owes.month, due=owes.due, grace_end=grace_end, cents=owes.cents)
        return replace(now, stage=Stage.WARNED, told=len(agreed.notices))
    if before is None or before.stage in _ANEW or before.month != owes.month:
        return Arrears(payer, Stage.DUE, today, owes.month, owes.due, grace_end, owes.cents)
    return replace(before, cents=owes.cents)


def beside(memos: Iterable[Memo], today: date) -> tuple[Memo, ...]:
    """Return the debit memos that a notice names beside the premium: what is past due of them, the oldest first.

    They make nobody late: nothing but premium does.
    """
    late = (memo for memo in memos if memo.open > 0 and memo.due < today)
    return tuple(sorted(late, key=lambda memo: (memo.due, memo.number)))


def last_day(end: EndAt, month: Month, allowed: date) -> date:
    """Return the last covered day where coverage may end on a day, and `month` is the first that is not paid."""
    if end is EndAt.MONTH:
        return Month.of(allowed).last
    return day_before(month.first) if end is EndAt.PAID else allowed
