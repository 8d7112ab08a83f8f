"""The door: what the command line and the flows ask for that changes anything, each by a function of its own.

They go to no verb directly (an import contract), so that there is one place where an input is named, with who asks
and when. A verb is imported when it is asked for: a command loads nothing of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from model.approval import NOBODY, Approval
from pipeline.runtime.collector import expect_many

if TYPE_CHECKING:
    from model.agreement.terms import Partner
    from model.enrollment.decision import FileState
    from model.enrollment.rearrange import Rearrangement
    from model.enrollment.ruling import Wish
    from model.enrollment.undo import Undo
    from model.finding import Finding
    from model.money.cents import Cents
    from model.people import Actor, Operator
    from model.timeline import Month
    from pipeline.runtime.workspace import Settings, Workspace
    from pipeline.views import decided, outcomes, rearranged, received, undone
    from pipeline.views.effects import EndCoverageView, TermsLoadView
    from pipeline.views.months import BillView, ReconcileView
    from pipeline.views.operators import OperatorSavedView
    from pipeline.views.orders import OrderSavedView
    from pipeline.views.outcomes import DepositOutcomeView, RetriedView, UnrestrictedView, VoidedView
    from pipeline.views.partners import PartnerView
    from pipeline.views.previewed import PreviewView
    from pipeline.views.work import DeskView, WorkItemView, WorkShownView

Progress = Callable[[str], None]
Trouble = Callable[["Finding"], None]
SETTLE = 5.0  # seconds between a sweep's two looks: an entry that stayed the same has arrived


def _step(step: str) -> None:
    """Hear of a step and tell nobody."""


def _finding(finding: Finding) -> None:
    """Hear of a trouble and tell nobody: it stays known to the store, and the next sweep tells it."""


# --- files -------------------------------------------------------------------------------------------------


def receive(
    ws: Workspace,
    chunks: Iterable[bytes],
    name: str,
    partner: str,
    channel: str,
    now: datetime,
    progress: Progress = _step,
    trouble: Trouble = _finding,
) -> str:
    """Take one file to its terminal state and deliver its answers; return its file id (pipeline.receive.run)."""
    from pipeline.receive import run

    expect_many()
    return run.receive(ws, chunks, name, partner, channel, now, progress, trouble)


def receive_expected(
    ws: Workspace,
    chunks: Callable[[], Iterable[bytes]],
    name: str,
    partner: str,
    channel: str,
    now: datetime,
    digest: str,
    progress: Progress = _step,
    trouble: Trouble = _finding,
) -> tuple[str, PreviewView]:
    """Take a file as `receive` does if it still comes to the preview of a digest; return its id and that preview.

    Without an id nothing was received: it would come to what the preview shows. What changes while it is taken
    holds the sets that it changes. `chunks` gives the file's bytes, each time anew.
    """
    from model.enrollment.effect import is_named
    from pipeline.preview import run as previewing
    from pipeline.receive import run
    from pipeline.views.previewed import preview_view

    expect_many()
    preview = previewing.of_file(ws, chunks, name, partner, now)
    if not is_named(preview, digest):
        return "", preview_view(preview)
    made = run.receive(ws, chunks(), name, partner, channel, now, progress, trouble, preview.expect)
    return made, preview_view(preview)


def retry(ws: Workspace, file_id: str, now: datetime, trouble: Trouble = _finding) -> None:
    """Work again on a file that broke, however often it did, and deliver what is owed then."""
    from pipeline.receive import run

    expect_many()
    run.retry(ws, file_id, now, trouble)


def resume(ws: Workspace, now: datetime, partner: str, trouble: Trouble = _finding) -> list[str]:
    """Finish what stopped runs left, of any partner's files and `partner`'s deliveries; return the files' ids."""
    from pipeline.receive import run

    expect_many()
    return run.resume(ws, now, partner, trouble)


def sweep(
    ws: Workspace,
    now: datetime,
    partner: str | None = None,
    settle: float = SETTLE,
    progress: Progress = _step,
) -> tuple[received.SweptView, ...]:
    """Fetch from every channel, or one partner's, receive each file, deliver; `settle` is in seconds."""
    from pipeline.receive import sweep as sweeping

    expect_many()
    return sweeping.sweep(ws, now, partner, progress, settle=settle)


def fetch(
    ws: Workspace, now: datetime, partner: str | None = None, settle: float = SETTLE
) -> tuple[received.SweptView, ...]:
    """Claim what lies in the channels; the files are not worked on yet. `settle` is in seconds."""
    from pipeline.receive import sweep as sweeping

    return sweeping.fetch(ws, now, partner, settle=settle)


def judge(ws: Workspace, file_id: str) -> None:
    """Check a claimed file and owe its TA1 and 999: the first step of a receive run that is a flow's."""
    from pipeline.receive import judge as judging

    expect_many()
    judging.judge(ws, file_id)


def apply(ws: Workspace, file_id: str) -> None:
    """Apply each set of a judged file in its own transaction: the second step."""
    from pipeline.receive import run

    expect_many()
    run.apply(ws, file_id)


def answer(ws: Workspace, file_id: str) -> FileState:
    """Bring an applied file to its terminal state and owe its report: the last step. Return that state."""
    from pipeline.receive import answered

    expect_many()
    return answered.answer(ws, file_id)


def deliver(ws: Workspace, now: datetime, trouble: Trouble = _finding) -> list[str]:
    """Publish everything owed; return where each document lies. What a channel refuses stays owed."""
    from pipeline.receive import deliver as delivering

    return delivering.deliver(ws, now, trouble=trouble)


def deliver_answers(ws: Workspace, file_id: str, now: datetime, trouble: Trouble = _finding) -> list[str]:
    """Publish what the partner of a file is owed, as `deliver` does."""
    from pipeline.receive import run
    from pipeline.runtime import turns

    return run.deliver_to(ws, now, [turns.file(ws, file_id).partner], trouble)


def deliver_again(ws: Workspace, key: str, now: datetime, trouble: Trouble = _finding) -> RetriedView | None:
    """Try a document again that was held. None: nothing is owed under this key any more."""
    from pipeline.receive import deliver as delivering
    from pipeline.views.outcomes import RetriedView

    written = delivering.again(ws, key, now, trouble)
    return None if written is None else RetriedView(key, tuple(written))


# --- months ------------------------------------------------------------------------------------------------


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


def reconcile(ws: Workspace, month: Month, group: str, now: datetime) -> ReconcileView:
    """Reconcile a group's month and owe the document to those who get its bills."""
    from pipeline.month import reconcile as reconciling
    from pipeline.views import months

    expect_many()
    return months.reconciled(reconciling.reconcile(ws, month, group, now))


# --- money -------------------------------------------------------------------------------------------------


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


# --- open work ---------------------------------------------------------------------------------------------


def assign_work(ws: Workspace, number: int, owner: str, now: datetime) -> WorkItemView:
    """Give open work to an operator, or with an empty name to nobody. Raises ValueError with why not."""
    from pipeline.desk import hands

    return hands.assign(ws, number, owner, now)


def note_work(ws: Workspace, number: int, text: str, now: datetime) -> WorkItemView:
    """Write something down beside an item of open work. Raises ValueError with why not."""
    from pipeline.desk import hands

    return hands.note(ws, number, text, now)


def look_at_desk(ws: Workspace, now: datetime) -> DeskView:
    """Open what waits because time has passed, and close what does not any more; count what is open."""
    from pipeline.desk import night

    return night.look(ws, now)


def show_work(ws: Workspace, number: int, now: datetime) -> WorkShownView | None:
    """Show an item of open work, and what a decision would do: it is tried, and nothing is changed."""
    from pipeline.decisions import shown

    return shown.show(ws, number, now)


def decide_work(
    ws: Workspace, number: int, wish: Wish, now: datetime, reason: str = "", shown: str = ""
) -> decided.WorkDecisionView:
    """Decide an item of open work, or ask for it where two people do; without `shown` only look.

    `shown` is the digest of the effect that was shown. Raises ValueError where there is no such item.
    """
    from pipeline.decisions import work

    expect_many()
    return work.decide(ws, number, wish, now, reason, shown)


# --- rosters -----------------------------------------------------------------------------------------------


def end_coverage(ws: Workspace, group: str, now: datetime, approval: Approval = NOBODY) -> EndCoverageView | None:
    """End what stands beyond the end of a group's agreement; two people decide it. None: no terms are loaded."""
    from pipeline.roster import end_coverage as ending

    return ending.end_coverage(ws, group, now, approval)


def unrestrict(ws: Workspace, member: str, now: datetime, approval: Approval = NOBODY) -> UnrestrictedView | None:
    """Lift a member's restriction (INS13 = R); two people decide it. None: there is no such member."""
    from pipeline.roster import unrestrict as lifting

    return lifting.unrestrict(ws, member, now, approval)


def record_order(
    ws: Workspace, member: str, group: str, day: date, authority: str, now: datetime, reason: str
) -> OrderSavedView | None:
    """Record a court order of a child; one person decides it. None: there is no such member."""
    from pipeline.roster import orders

    return orders.record(ws, member, group, day, authority, now, reason)


def lift_order(
    ws: Workspace, member: str, group: str, now: datetime, approval: Approval = NOBODY
) -> OrderSavedView | None:
    """Lift the court orders of a child; two people decide it. None: there is no such member."""
    from pipeline.roster import orders

    return orders.lift(ws, member, group, now, approval)


def rearrange(
    ws: Workspace, asked: Rearrangement, now: datetime, approval: Approval = NOBODY, shown: str = ""
) -> rearranged.RearrangedView | None:
    """Merge two members, or split one: two people decide it. None: one is unknown. Without `shown` only look."""
    from pipeline.roster import merge

    return merge.rearrange(ws, asked, now, approval, shown)


def undo(
    ws: Workspace, asked: Undo, now: datetime, approval: Approval = NOBODY, shown: str = ""
) -> undone.UndoView:
    """Take back what a file, a decision or a step did; two people decide it. Without `shown` only look."""
    from pipeline.decisions import undo as undoing

    expect_many()
    return undoing.undo(ws, asked, now, approval, shown)


def export_roster(
    ws: Workspace, group: str, form: str, partner: Partner | None, now: datetime, *, on: date | None, deliver: bool
) -> outcomes.RosterExportView:
    """Owe a group's roster in a form (outcomes.ROSTER_FORMS), ours or with `deliver` the partner's; publish it.

    And what else that partner, or we ourselves, are owed.
    """
    from pipeline.receive import deliver as delivering
    from pipeline.roster import export
    from pipeline.views import files

    expect_many()
    exported = export.export(ws, group, form, partner, now, on=on, deliver=deliver)
    findings = list(exported.findings)
    to = partner.code if partner and deliver else ""
    delivering.deliver(ws, now, trouble=findings.append, only={to})
    return export.shown(exported, group, form, files.published(ws, exported.key), findings)


# --- what is agreed, and the installation --------------------------------------------------------------------


def load_terms(ws: Workspace, name: str, text: str, now: datetime, approval: Approval = NOBODY) -> TermsLoadView:
    """Load a terms file (TOML) of a name: nothing of it is stored where anything speaks against it."""
    from pipeline.setup import load_terms as loading
    from pipeline.views import effects

    loaded = loading.load_terms(ws, text, now, approval)
    return effects.terms_loaded(name, loaded.file if loaded.stored else None, loaded.effect, loaded.findings)


def add_partner(ws: Workspace, partner: Partner, now: datetime) -> PartnerView:
    """Add a partner, or change the one of this code. Raises model.naming.NotAName for codes that are none."""
    from pipeline.setup import agree
    from pipeline.views import partners

    return partners.partner_view(agree.add_partner(ws, partner, now))


def save_operator(ws: Workspace, operator: Operator, why: str, now: datetime) -> OperatorSavedView:
    """Add a person who works here, or make the one of this name as `operator` says."""
    from pipeline.setup import operators

    return operators.save(ws, operator, why, now)


def disable_operator(ws: Workspace, name: str, why: str, now: datetime) -> OperatorSavedView | None:
    """Let a person do nothing from `now` on. None: nobody has this name."""
    from pipeline.setup import operators

    return operators.disable(ws, name, why, now)


def init(settings: Settings, actor: Actor, now: datetime) -> outcomes.InitView:
    """Make the installation or bring it up to date. Raises InstallationError; then nothing was changed."""
    from pipeline.setup import installation

    return installation.init(settings, actor, now)


def go_on_restored(ws: Workspace, approval: Approval, now: datetime) -> outcomes.RestoredView:
    """Go on with a restored, older store: a finding for what it does not know. Raises ValueError with why not."""
    from pipeline.setup import restored
    from pipeline.views.findings import finding_values
    from pipeline.views.outcomes import RestoredView

    return RestoredView(finding_values(restored.go_on(ws, approval, now)))


def prune(ws: Workspace, older: int, approval: Approval, now: datetime) -> outcomes.PrunedView:
    """Take out of the store what is older than so many days and serves nobody. Raises ValueError with why not."""
    from pipeline.setup import prune as pruning

    return pruning.prune(ws, older, approval, now)
