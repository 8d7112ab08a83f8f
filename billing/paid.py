"""Through which month somebody is paid: an account, a subscriber, a family that pays for itself. Cents.

It is worked out from what was billed and what came in, and kept nowhere: the ledger as of a day says it.

Source: docs/domain.md, Paid through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from model.money.arrears import Allowed, Asked, Came, Owing, Share
from model.money.cents import Cents
from model.timeline import Month

EXACT = Allowed(0, 0)
NEARLY = Allowed(10, 50_00)  # of a COBRA payment: 26 CFR 54.4980B-8 Q&A-5(d)


def behind(asked: Iterable[Asked], trifle: Allowed) -> Asked | None:
    """Return the first month with which, and with those before, more than a trifle is open; None: no month."""
    billed = open_ = 0
    for each in _in_order(asked):
        if each.open > 0:
            billed, open_ = billed + each.billed, open_ + each.open
            if open_ > trifle.of(billed):
                return each
    return None


def through(asked: Collection[Asked], trifle: Allowed) -> Month | None:
    """Return the last billed month up to which no more than a trifle is open; None: not even the first one."""
    first = behind(asked, trifle)
    months = (each.month for each in asked if first is None or each.month < first.month)
    return max(months, default=None)


def owing(asked: Collection[Asked], trifle: Allowed, today: date) -> Owing | None:
    """Return what is past due on a day, which the due day itself is not; None: nothing beyond a trifle."""
    late = [each for each in asked if each.open > 0 and each.due < today]
    first = behind(late, trifle)
    if first is None:
        return None
    return Owing(first.month, first.due, sum(each.open for each in late), tuple(_in_order(late)))


def of_subscriber(
    shares: Iterable[Share], accounts: Mapping[str, Month | None], own: Mapping[str, Cents], trifle: Allowed
) -> Month | None:
    """Return through which month a subscriber is paid: the invoice is, or lines that name the family paid it.

    `accounts`: through which month each account is paid; `own`: what came on it for the family. A month in which
    nothing was charged for it is none.
    """
    charged: dict[str, Cents] = defaultdict(int)
    last: Month | None = None
    for share in sorted(shares, key=lambda share: (share.month, share.account)):
        charged[share.account] += share.cents
        paid = accounts.get(share.account)
        lacks = charged[share.account] - own.get(share.account, 0)
        if (paid is None or paid < share.month) and lacks > trifle.of(charged[share.account]):
            return last
        last = share.month
    return last


# --- families that pay for themselves --------------------------------------------------------------------


def of_family(
    shares: Iterable[Share], came: Collection[Came], *, cobra: bool, told: Month | None = None
) -> tuple[Asked, ...]:
    """Return what a family was asked month by month and what of it is open; its money pays the oldest month.

    Under COBRA a payment that leaves a month short by the lesser of $50 and 10 % pays it; what lacks is `short`,
    and open through the month of which the family was `told` and had its days for it. What lacks is paid by a
    payment that is no greater, and by what is left over.
    """
    asked = [_asked(share) for share in sorted(shares, key=lambda share: (share.month, share.invoice))]
    credit = -sum(share.open for share in asked if share.open < 0)
    asked = [replace(share, open=max(0, share.open)) for share in asked]
    left = credit
    for cents in _payments(came):
        left = _paid(asked, left + cents, nearly=cobra)
    _fill(asked, left)
    return tuple(
        replace(each, open=each.open + each.short, short=0) if told and each.month <= told else each
        for each in asked
    )


def _asked(share: Share) -> Asked:
    return Asked(share.month, share.due, max(0, share.cents), share.cents, share.invoice)


def _payments(came: Collection[Came]) -> list[Cents]:
    """Return what each payment brought, by day; what was taken back by another one is of the newest ones."""
    brought = [each.cents for each in sorted(came, key=lambda each: each.day) if each.cents > 0]
    back = -sum(each.cents for each in came if each.cents < 0)
    while back and brought:
        back, brought[-1] = max(0, back - brought[-1]), max(0, brought[-1] - back)
        if not brought[-1]:
            brought.pop()
    return brought


def _paid(asked: list[Asked], cents: Cents, *, nearly: bool) -> Cents:
    """Let one payment pay the oldest months; return what is left of it."""
    lacking = sum(each.short for each in asked)
    if 0 < cents <= lacking:
        return _fill(asked, cents)
    for at, each in enumerate(asked):
        used = min(cents, each.open)
        rest, cents = each.open - used, cents - used
        counts = nearly and used and 0 < rest <= NEARLY.of(each.billed)
        asked[at] = replace(each, open=0 if counts else rest, short=each.short + (rest if counts else 0))
    return cents


def _fill(asked: list[Asked], cents: Cents) -> Cents:
    """Pay what lacks of months that count as paid, then what is open, the oldest first; return what is left."""
    for at, each in enumerate(asked):
        used = min(cents, each.short)
        asked[at], cents = replace(each, short=each.short - used), cents - used
    for at, each in enumerate(asked):
        used = min(cents, each.open)
        asked[at], cents = replace(each, open=each.open - used), cents - used
    return cents


def unnamed(families: Mapping[int, Sequence[Asked]], cents: Cents) -> dict[int, tuple[Asked, ...]]:
    """Let money that names no family of an account pay every family's months, as far as it is enough for all.

    Of a month for which it is not enough nobody can say whose it is: it pays nobody.
    """
    lacks: dict[Month, Cents] = defaultdict(int)
    for asked in families.values():
        for each in asked:
            lacks[each.month] += each.open
    enough: Month | None = None
    for month in sorted(lacks):
        cents -= lacks[month]
        if cents < 0:
            break
        enough = month
    if enough is None:
        return {family: tuple(asked) for family, asked in families.items()}
    return {
        family: tuple(replace(each, open=0) if each.month <= enough else each for each in asked)
        for family, asked in families.items()
    }


def _in_order(asked: Iterable[Asked]) -> list[Asked]:
    return sorted(asked, key=lambda each: (each.month, each.due, each.invoice))
