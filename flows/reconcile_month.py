"""The reconciliation flow: roster, invoices and money of a month held against each other, group by group."""

from __future__ import annotations

from collections.abc import Sequence

from flows.base import VerbFailed, in_workspace, instant, known_groups, run, say, step, unfinished
from flows.deliver import deliver_all
from flows.words import NOTHING, Told, at_time, counted, log
from model.money.cents import format_dollars
from model.timeline import Month
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from pipeline.views import due

HEADS = ("group", "account", "roster says", "billed", "paid", "credit", "open", "breaks in the group")
_NONE = "none"


@step("choose")
async def choose_groups(month: str, group: str, environment: str, today: str | None) -> tuple[str, list[str]]:
    """Return the month and the groups: those asked for, else all that were billed for the month that has ended."""

    def choose(ws: Workspace) -> tuple[str, list[str]]:
        wanted = Month.parse(month) if month else due.just_ended(ws, instant(ws, today))
        return str(wanted), known_groups(ws, group) if group else due.billed_groups(ws, wanted)

    return await in_workspace(environment, choose)


@step("reconcile", "reconcile-{group}", retries=0)
async def reconcile_group(month: str, group: str, environment: str, today: str | None) -> list[tuple[object, ...]]:
    """Reconcile one group's month and return its figures. Not retried: each time owes its document anew."""

    def work(ws: Workspace) -> list[tuple[object, ...]]:
        made = inputs.reconcile(ws, Month.parse(month), group, instant(ws, today))
        breaks = ", ".join(f"{count} {kind}" for kind, count in made.breaks.pairs) or _NONE
        return [
            (
                group,
                account.account,
                *map(
                    format_dollars,
                    (
                        account.roster_cents,
                        account.billed_cents,
                        account.paid_cents,
                        account.unapplied_cents,
                        account.open_cents,
                    ),
                ),
                breaks,
            )
            for account in made.accounts
        ]

    rows = await in_workspace(environment, work)
    log(f"{month} of group {group}: {_said(rows)}")
    return rows


def _said(rows: Sequence[tuple[object, ...]]) -> str:
    """Return how many groups and accounts were reconciled, and in how many groups something breaks."""
    groups = {row[0]: row[-1] for row in rows}
    counts = {"group(s)": len(groups), "account(s)": len(rows)}
    return counted(counts | {"group(s) with breaks": sum(breaks != _NONE for breaks in groups.values())})


@run("reconcile-month", at_time("reconcile"))
async def reconcile_month(
    month: str = "", group: str = "", environment: str = "production", today: str | None = None
) -> Told[int]:
    """Reconcile a month (YYYY-MM; else the one that has ended) of a group, or of all; return how many groups."""
    month, groups = await choose_groups(month, group, environment, today)
    rows: list[tuple[object, ...]] = []
    failed: list[str] = []
    for number in groups:
        try:
            rows += await reconcile_group(month, number, environment, today)
        except VerbFailed:
            failed.append(number)  # its task says why; the others go on
    if groups:
        await deliver_all(environment, today)
        await say(f"reconcile-{month}", f"Reconciliation of {month}", HEADS, rows, unfinished(failed))
    if failed:
        raise VerbFailed(unfinished(failed))
    said = _said(rows) or "nobody was billed"
    return Told("RECONCILED" if groups else NOTHING, f"{month}: {said}", len(groups))
