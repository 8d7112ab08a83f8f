"""Open work and rosters, as they are asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from model.approval import NOBODY, Approval
from model.timeline import NOW
from pipeline.runtime.collector import expect_many

if TYPE_CHECKING:
    from model.agreement.terms import Partner
    from model.enrollment.rearrange import Rearrangement
    from model.enrollment.ruling import Wish
    from model.enrollment.undo import Undo
    from model.timeline import AsOf
    from pipeline.runtime.workspace import Workspace
    from pipeline.views import decided, outcomes, rearranged, undone
    from pipeline.views.effects import EndCoverageView
    from pipeline.views.orders import OrderSavedView
    from pipeline.views.outcomes import UnrestrictedView
    from pipeline.views.work import DeskView, WorkItemView, WorkShownView


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
    ws: Workspace, group: str, form: str, partner: Partner | None, now: datetime, *, deliver: bool, day: AsOf = NOW
) -> outcomes.RosterExportView:
    """Owe a group's roster in a form (outcomes.ROSTER_FORMS), ours or with `deliver` the partner's; publish it.

    And what else that partner, or we ourselves, are owed. Raises pipeline.runtime.asof.NotKnownError where nothing
    was known of the group on the known-on day.
    """
    from pipeline.receive import deliver as delivering
    from pipeline.roster import export
    from pipeline.views import files

    expect_many()
    exported = export.export(ws, group, form, partner, now, deliver=deliver, on=day.on, known_on=day.known_on)
    findings = list(exported.findings)
    to = partner.code if partner and deliver else ""
    delivering.deliver(ws, now, trouble=findings.append, only={to})
    return export.shown(exported, group, form, files.published(ws, exported.key), findings)
