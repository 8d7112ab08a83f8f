"""Money that no account has, and payers' standing rules, as they are asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from model.approval import NOBODY, Approval
from model.timeline import NOW, AsOf

if TYPE_CHECKING:
    from model.enrollment.ruling import Wish
    from pipeline.runtime.workspace import Workspace
    from pipeline.views.suspense import (
        PayerRuleView,
        RuleEndedView,
        SuspenseAsked,
        SuspenseListView,
        SuspenseShownView,
    )


def suspense_list(ws: Workspace, now: datetime, asked: SuspenseAsked, after: int = 0) -> SuspenseListView:
    """Return a page of the money that no account has, with what each may be for."""
    from pipeline.cash import suspense

    return suspense.listing(ws, now, asked, after)


def suspense_show(ws: Workspace, number: int, now: datetime) -> SuspenseShownView | None:
    """Return one item of money that no account has; None where the item is about none."""
    from pipeline.cash import suspense

    return suspense.show(ws, number, now)


def suspense_wish(ws: Workspace, number: int, now: datetime, to: str, said: Wish) -> Wish:
    """Return what is wished of an item by `--to`, for `decide_work`. Raises ValueError where it cannot be read."""
    from pipeline.cash import suspense

    return suspense.wish(ws, number, now, to, said)


def payer_rules(
    ws: Workspace, partner: str = "", asof: AsOf = NOW, *, ended: bool = False
) -> tuple[PayerRuleView, ...]:
    """Return the standing rules of a payer, or of all, as they are or were known."""
    from pipeline.cash import rules

    return rules.listing(ws, partner, asof, ended=ended)


def end_payer_rule(ws: Workspace, number: int, now: datetime, approval: Approval = NOBODY) -> RuleEndedView | None:
    """End a standing rule of a payer; two people decide it. None: there is none of this number."""
    from pipeline.cash import rules

    return rules.end(ws, number, now, approval)
