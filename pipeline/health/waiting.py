"""What waits and costs: money in suspense, papers without the other, people whom full files miss, late ends.

What waits for a person is open work already; here it counts by its money and its age (docs/domain.md, Open work).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from model.desk import Item, ItemKind
from model.health import About, Cost
from model.money.arrears import Stage
from pipeline.desk.night import MISSING
from pipeline.health.looking import Looking
from pipeline.runtime.clock import local_day
from store.checks import costs
from store.desk import items
from store.desk.items import Scope
from store.money import arrears
from writers.words import STAGES, word

OLD_CREDIT = 30  # days
OVERDUE = 31  # days after an invoice was due: the grace of list bills (docs/domain.md, Calendar)
MISSED = 3  # full files in a row that do not name somebody
_LEAVES = timedelta(days=1)
_GOES_ON = frozenset({Stage.DUE, Stage.TOLD, Stage.WARNED, Stage.LISTED})
_LATE_ENDS = ("RETRO-TERM",)


def old_credit(look: Looking) -> Iterator[Cost]:
    """Yield each account's free credit of more than 30 days."""
    yield from costs.old_credit(look.ask, look.today, OLD_CREDIT)


def credit_beside(look: Looking) -> Iterator[Cost]:
    """Yield each account with free credit beside an open invoice of its own."""
    yield from costs.credit_beside(look.ask)


def overdue(look: Looking) -> Iterator[Cost]:
    """Yield each invoice that is open longer than its grace."""
    yield from costs.overdue(look.ask, look.today, OVERDUE)


def past_grace(look: Looking) -> Iterator[Cost]:
    """Yield each payer whose grace is over and whose coverage goes on, and what its end waits for."""
    for row in arrears.standing(look.conn, groups=[look.group] if look.group else None, stages=_GOES_ON):
        one = row.arrears
        if one.grace_end < look.today:
            waits = f"; {one.hold}" if one.hold else ""
            what = f"unpaid since {one.month}, {word(STAGES, one.stage)}, the grace ended {one.grace_end}{waits}"
            account = one.payer.account
            yield Cost(About.ACCOUNT, account, what, one.grace_end, one.cents, row.group, account)


def suspense(look: Looking) -> Iterator[Cost]:
    """Yield money in suspense."""
    yield from _waiting(look, ItemKind.SUSPENSE)


def deposits(look: Looking) -> Iterator[Cost]:
    """Yield each deposit whose remittance has not come."""
    yield from _waiting(look, ItemKind.DEPOSIT)


def unposted(look: Looking) -> Iterator[Cost]:
    """Yield each remittance that is not posted: it waits for its deposit, or for a person."""
    yield from _waiting(look, ItemKind.REMITTANCE)


def omitted(look: Looking) -> Iterator[Cost]:
    """Yield whoever was missing in several full files one after the other and is covered and billed still."""
    yield from _waiting(look, ItemKind.OMITTED, lambda item: item.receipts >= MISSED)


def late_ends(look: Looking) -> Iterator[Cost]:
    """Yield each end in the past that waits for two people: covered and billed meanwhile."""
    yield from _waiting(look, ItemKind.MEMBER, lambda item: item.waiting.rule in _LATE_ENDS)


def unanswered(look: Looking) -> Iterator[Cost]:
    """Yield each document that its receiver refused, or has not acknowledged in time."""
    yield from _waiting(look, ItemKind.EXCHANGE, lambda item: item.waiting.rule != MISSING)


def missing_files(look: Looking) -> Iterator[Cost]:
    """Yield each file of a partner's that comes in a rhythm and has not come."""
    yield from _waiting(look, ItemKind.EXCHANGE, lambda item: item.waiting.rule == MISSING)


def undelivered(look: Looking) -> Iterator[Cost]:
    """Yield each document that is owed for more than a day: an invoice that nobody got is paid by nobody."""
    for late in costs.late_documents(look.ask, look.ask.now - _LEAVES):
        what = f"{late.kind} for {late.partner} has not left"
        yield Cost(About.DOCUMENT, late.key, what, local_day(look.conn, late.since), late.cents)


def _waiting(look: Looking, kind: ItemKind, wanted: Callable[[Item], bool] = lambda item: True) -> Iterator[Cost]:
    opened = items.opened(look.conn, Scope((kind,))).values()
    for item in opened:
        if wanted(item):
            waiting = item.waiting
            what = f"{waiting.label}: {waiting.rule}"
            yield Cost(About.ITEM, str(item.number), what, item.since, max(0, waiting.cents), waiting.group)
