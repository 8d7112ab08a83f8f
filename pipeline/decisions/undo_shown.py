"""How an undo is shown: what it does in words, what it does to billed months and whether they are paid.

Source: docs/domain.md, Undo.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from enrollment.undoing import Kind as Back
from enrollment.undoing import Undoing
from model.documents import keys
from model.enrollment.effect import Effect
from pipeline.views.decided import effect_view
from pipeline.views.plain import of_fields
from pipeline.views.rearranged import RosterSentView
from pipeline.views.undone import FactBackView, MonthBilledView, UndoView
from store.engine import Connection
from store.money import invoices
from store.received import outbox

_NOTES: Mapping[Back, tuple[str, str]] = {
    Back.VOIDED: (
        "1 line of coverage has begun and is void, as if it never was.",
        "{} lines of coverage have begun and are void, as if they never were.",
    ),
    Back.CANCELLED: (
        "1 line of coverage is cancelled before it begins.",
        "{} lines of coverage are cancelled before they begin.",
    ),
    Back.BACK: ("1 line of coverage comes back without a gap.", "{} lines of coverage come back without a gap."),
    Back.BACK_LATER: (
        "1 line of coverage comes back after a gap, which is not billed.",
        "{} lines of coverage come back after a gap, which is not billed.",
    ),
    Back.ENDS: ("1 line of coverage ends as before.", "{} lines of coverage end as before."),
    Back.CHANGES: ("1 line goes back to its plan and level.", "{} lines go back to their plan and level."),
    Back.PLACE: ("1 family goes back to its subgroup.", "{} families go back to their subgroups."),
    Back.COBRA: (
        "1 family's COBRA is known as before.",
        "{} families' COBRA is known as before.",
    ),
}


def view(conn: Connection, effect: Effect, told: Undoing, groups: Collection[str]) -> UndoView:
    """Return what is taken back of families of these groups; the caller says of what and of whom."""
    sent = {
        RosterSentView(group, key.parts[1], partner): None
        for group in groups
        for partner, key in outbox.sent(conn, keys.rosters(group))
    }
    return UndoView(
        what="",
        members=(),
        effect=effect_view(effect),
        facts=tuple(of_fields(FactBackView, each) for each in told.facts),
        notes=tuple(_notes(told.kinds)),
        billed=tuple(_billed(conn, effect)),
        sent=tuple(sent),
    )


def _notes(kinds: Mapping[Back, int]) -> Iterator[str]:
    for kind, (single, several) in _NOTES.items():
        if count := kinds.get(kind, 0):
            yield single if count == 1 else several.format(count)


def _billed(conn: Connection, effect: Effect) -> Iterator[MonthBilledView]:
    """Yield of each month that the next invoices correct its own invoice, and whether that is paid."""
    accounts = sorted({month.account for month in effect.months})
    issued = invoices.listing(conn, accounts=accounts) if accounts else []
    by_month = {(each.account, str(each.month)): each for each in issued}
    for month in effect.months:
        if made := by_month.get((month.account, month.month)):
            sums = (month.cents, made.number, made.total, made.open, made.open <= 0)
            yield MonthBilledView(month.account, month.month, *sums)
