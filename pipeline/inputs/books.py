"""Months and money, as they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from model.approval import NOBODY, Approval
from model.timeline import NOW
from pipeline.runtime.collector import expect_many

if TYPE_CHECKING:
    from pathlib import Path

    from model.money.cents import Cents
    from model.money.returns import Advice
    from model.timeline import AsOf, Month
    from pipeline.runtime.workspace import Workspace
    from pipeline.views.arrears import NonpaymentView, ShortView
    from pipeline.views.months import BillView, ReconcileView
    from pipeline.views.outcomes import DepositOutcomeView, VoidedView
    from pipeline.views.reversed import ReversedView
    from pipeline.views.selfbills import SelfBillDecidedView


def bill(
    ws: Workspace,
    month: Month,
    now: datetime,
    group: str | None = None,
    *,
    trial: bool = False,
    ahead: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> BillView:
    """Bill a group's month, or every group's; `progress` hears of each group done.

    A trial stores nothing: its documents, owed to nobody, are written into the home's trial folder. Others are
    published when somebody delivers.
    """
    from pipeline.month import bill as billing

    expect_many()
    results = billing.bill(ws, month, now, group, trial=trial, ahead=ahead, progress=progress)
    return billing.shown(month, results, billing.write_trials(ws, results) if trial else (), trial=trial)


def void_invoice(ws: Workspace, number: str, now: datetime, approval: Approval = NOBODY) -> VoidedView | None:
    """Void an account's latest, unpaid invoice; two people decide it. None: there is no such invoice."""
    from pipeline.month import void

    return void.void(ws, number, now, approval)


def accept_variance(
    ws: Workspace, group: str, account: str, month: Month, now: datetime, decision: Approval = NOBODY
) -> SelfBillDecidedView | None:
    """Accept the variance of a self bill as explained; two people where money differs. None: there is no bill."""
    from pipeline.month import selfbill

    return selfbill.accept(ws, group, account, month, now, decision)


def ask_correction(
    ws: Workspace, group: str, account: str, month: Month, now: datetime, reason: str
) -> SelfBillDecidedView | None:
    """Ask a payer that bills itself to correct what it reported. None: there is no such bill."""
    from pipeline.month import selfbill

    return selfbill.ask_correction(ws, group, account, month, now, reason)


def reconcile(
    ws: Workspace, month: Month, group: str, now: datetime, asof: AsOf = NOW, out: Path | None = None
) -> ReconcileView:
    """Reconcile a group's month and owe the document to those who get its bills; as of another day to ourselves.

    `out`: a folder for our own copy, which has all money without an account that can be the group's.

    Raises pipeline.runtime.asof.NotKnownError where nothing was known of the group on the known-on day.
    """
    from pipeline.month import reconcile as reconciling
    from pipeline.views import months

    expect_many()
    made = reconciling.reconcile(ws, month, group, now, asof)
    written = reconciling.write_ours(made, out) if out else ()
    return months.reconciled(made, map(str, written))


def add_deposit(
    ws: Workspace, trace: str, company: str, cents: Cents, received: date, now: datetime, *, again: bool = False
) -> DepositOutcomeView:
    """Enter a bank deposit (cents > 0) and post the remittance that waits for it; `received` is the bank's day."""
    from pipeline.cash import deposits

    return deposits.add_deposit(ws, trace, company, cents, received, now, again=again)


def match_deposit(
    ws: Workspace, deposit: int, remittance: int, now: datetime, decision: Approval = NOBODY
) -> DepositOutcomeView:
    """Say whose money an open deposit is."""
    from pipeline.cash import deposits

    return deposits.match_deposit(ws, deposit, remittance, now, decision)


def void_deposit(ws: Workspace, deposit: int, now: datetime, decision: Approval = NOBODY) -> DepositOutcomeView:
    """Take back a deposit that was entered wrongly and is matched to nothing; two people decide it."""
    from pipeline.cash import deposits

    return deposits.void_deposit(ws, deposit, now, decision)


def reverse_payment(
    ws: Workspace, payment: str, advice: Advice, now: datetime, decision: Approval = NOBODY
) -> ReversedView:
    """Take back a payment that the bank took back; two people decide it. Raises LookupError: no such payment."""
    from pipeline.cash import reverse

    return reverse.reverse(ws, payment, advice, now, decision)


def approve_end(
    ws: Workspace, account: str, member: str, now: datetime, approval: Approval = NOBODY
) -> NonpaymentView | None:
    """End what nobody paid, of an account or a family of it; two people decide it. None: no such late payer."""
    from pipeline.roster import nonpayment

    return nonpayment.approve(ws, account, member, now, approval)


def reinstate(
    ws: Workspace, account: str, member: str, now: datetime, approval: Approval = NOBODY
) -> NonpaymentView | None:
    """Let coverage that ended for nonpayment go on; two people decide it. None: no such late payer."""
    from pipeline.roster import nonpayment

    return nonpayment.reinstate(ws, account, member, now, approval)


def tell_short(ws: Workspace, account: str, member: str, now: datetime, reason: str) -> ShortView | None:
    """Tell a COBRA family what lacks of its payment, and why it is told. None: there is no such family."""
    from pipeline.roster import nonpayment

    return nonpayment.tell_short(ws, account, member, now, reason)
