"""Late payers as people ask for them: who, since when, what an end would change. Cents; days inclusive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from model.money.arrears import OVER, Payer, Stage
from model.money.cents import Cents
from model.timeline import NOW, AsOf
from pipeline.runtime.workspace import Workspace
from pipeline.views.effects import EndedView, MonthEffectView, months
from pipeline.views.plain import of_fields
from store.engine import Connection
from store.money import accounts, arrears
from store.money.arrears import Standing
from store.people import aliases, places

if TYPE_CHECKING:
    from billing.terms_effect import MonthEffect
    from enrollment.ending import Ended


@dataclass(frozen=True, slots=True)
class ArrearsView:
    """How a payer stands: an account, or a family of it that pays for itself, by its subscriber's member ID.

    `month` (YYYY-MM) is the first that is not paid, `due` its due day, `grace_end` the last day of its grace;
    `since` is the day from which it stands so. `notices` counts those that went out, `warned` is the day of the
    last one; `end` the last covered day where it is known, `hold` which money could be the payer's.
    """

    account: str
    member: str
    group: str
    stage: str
    since: date
    owed_cents: Cents
    month: str
    due: date
    grace_end: date
    notices: int
    warned: date | None
    end: date | None
    hold: str


@dataclass(frozen=True, slots=True)
class DelinquencyView:
    """The payers that are late or whose coverage ended for it, by account; `known_on`: as known at its end."""

    known_on: date | None
    total: int
    owed_cents: Cents
    payers: tuple[ArrearsView, ...]


@dataclass(frozen=True, slots=True)
class DelinquencyShownView:
    """One payer: how it stands (the last of `history`), and how it stood ever since, the oldest first."""

    account: str
    member: str
    group: str
    history: tuple[ArrearsView, ...]


@dataclass(frozen=True, slots=True)
class NonpaymentView:
    """What an end for nonpayment, or going on after it, does to coverage and to billed months.

    `last` is the last covered day of the end. `ended` counts what ends, or comes back; `people` who it is about,
    `others` (member IDs) whose coverage was changed otherwise meanwhile and stays as it is. `problem`: why it was
    not done, in words.
    """

    account: str
    member: str
    group: str
    last: date | None
    owed_cents: Cents
    people: int
    others: tuple[str, ...]
    ended: tuple[EndedView, ...]
    months: tuple[MonthEffectView, ...]
    done: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ShortView:
    """A COBRA family that was told what lacks of its payment: how much, and by when it is to be paid."""

    account: str
    member: str
    short_cents: Cents
    pay_by: date | None
    done: bool = False
    problem: str = ""


def payer_of(conn: Connection, account: str, member: str = "") -> Payer | None:
    """Return the payer of an account's number and a subscriber's member ID; None: there is none."""
    known = accounts.find(conn, account)
    if known is None:
        return None
    if not member:
        return Payer(known.held_by)
    for contract in places.contracts_of(conn, known.group, member_id=member.upper()):
        found = places.subscriber(conn, contract)
        if found and found.member_id == aliases.resolve(conn, member.upper()):
            return Payer(known.held_by, contract)
    return None


def standing_of(conn: Connection, payer: Payer) -> Standing | None:
    """Return how a payer stands; None: it was never late."""
    return next((row for row in arrears.history(conn, payer) if row.until is None), None)


def ending(
    row: Standing,
    member: str,
    people: int,
    ended: Iterable[Ended],
    effects: Iterable[MonthEffect],
    others: Iterable[str] = (),
) -> NonpaymentView:
    """Return what an end for nonpayment, or going on after it, changes."""
    return NonpaymentView(
        account=row.arrears.payer.account,
        member=member,
        group=row.group,
        last=row.arrears.end,
        owed_cents=row.arrears.cents,
        people=people,
        others=tuple(others),
        ended=tuple(of_fields(EndedView, each) for each in ended),
        months=months(effects),
    )


def view(conn: Connection, row: Standing) -> ArrearsView:
    """Return how a payer stands, or stood."""
    one = row.arrears
    found = places.subscriber(conn, one.payer.contract) if one.payer.contract else None
    return ArrearsView(
        account=one.payer.account,
        member=found.member_id if found else "",
        group=row.group,
        stage=one.stage.value,
        since=one.since,
        owed_cents=one.cents,
        month=str(one.month),
        due=one.due,
        grace_end=one.grace_end,
        notices=one.told,
        warned=one.warned,
        end=one.end,
        hold=one.hold,
    )


def listing(ws: Workspace, group: str = "", asof: AsOf = NOW) -> DelinquencyView:
    """Return the payers that are late, of a group or ("") of all, as they stand or as was known on a day."""
    with ws.database.read() as conn:
        rows = arrears.standing(conn, groups=[group] if group else None, stages=set(Stage) - OVER, then=asof.then)
        payers = tuple(view(conn, row) for row in rows)
    return DelinquencyView(asof.known_on, len(payers), sum(each.owed_cents for each in payers), payers)


def shown(ws: Workspace, account: str, member: str = "", asof: AsOf = NOW) -> DelinquencyShownView | None:
    """Return one payer with its history; None: it was never late, or there is no such account or family."""
    with ws.database.read() as conn:
        payer = payer_of(conn, account, member)
        rows = arrears.history(conn, payer, asof.then) if payer else []
        if not rows:
            return None
        history = tuple(view(conn, row) for row in rows)
    return DelinquencyShownView(account, history[-1].member, history[-1].group, history)
