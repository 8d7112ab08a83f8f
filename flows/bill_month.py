"""The billing flow: each group's next month, on the day its terms name; a group that fails stops no other."""

from __future__ import annotations

from collections.abc import Sequence

from flows.base import VerbFailed, in_workspace, instant, known_groups, one_at_a_time, run, say, step, unfinished
from flows.deliver import deliver_all
from flows.words import INVOICE_HELD, NOTHING, Told, at_time, counted, happened, log
from model.money.cents import format_dollars
from model.timeline import Month
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from pipeline.views import due

HEADS = ("group", "account", "invoice", "subscribers", "current", "retro", "total due", "findings")
_HELD, _BEFORE = "held", "issued before"  # in the place of an invoice's number
Rows = Sequence[tuple[object, ...]]


@step("choose")
async def choose_groups(
    month: str, group: str, environment: str, today: str | None, ahead: bool
) -> list[tuple[str, str]]:
    """Return month and group of each bill to make: those asked for, else what is due today.

    Raises VerbFailed for a month after next month, unless it is asked for `ahead`.
    """

    def choose(ws: Workspace) -> list[tuple[str, str]]:
        asked = known_groups(ws, group)
        if not month:
            return [
                (str(covered), number)
                for covered, number in due.to_bill(ws, instant(ws, today))
                if number in asked
            ]
        early = None if ahead else due.too_far(ws, Month.parse(month), instant(ws, today))
        if early:
            raise VerbFailed(early.message)
        return [(str(Month.parse(month)), number) for number in asked]

    return await in_workspace(environment, choose)


@step("bill", "bill-{group}")
async def bill_group(
    month: str, group: str, environment: str, today: str | None, ahead: bool
) -> list[tuple[object, ...]]:
    """Issue one group's invoices and return their figures, and which accounts have none."""

    def work(ws: Workspace) -> list[tuple[object, ...]]:
        billed = inputs.bill(ws, Month.parse(month), instant(ws, today), group, ahead=ahead)
        rows: list[tuple[object, ...]] = [
            (group, account, _BEFORE, "", "", "", "", "") for account in billed.already_billed
        ]
        codes = ", ".join(dict.fromkeys(finding.code for finding in billed.findings))
        rows += [(group, account, _HELD, "", "", "", "", codes) for account in billed.held]
        for invoice in billed.invoices:
            money = map(format_dollars, (invoice.current_cents, invoice.retro_cents, invoice.total_due_cents))
            rows.append((group, invoice.account, invoice.number, invoice.subscribers, *money, codes))
        return rows

    rows = await in_workspace(environment, work)
    log(f"{month} of group {group}: {_said(rows)}")
    for account in _held(rows):
        happened(INVOICE_HELD, "account", account, {"month": month, "group": group})
    return rows


def _held(rows: Rows) -> list[str]:
    return [str(account) for _, account, number, *_ in rows if number == _HELD]


def _said(rows: Rows) -> str:
    """Return how many accounts have an invoice now, have none, or had one before."""
    held, before = len(_held(rows)), sum(row[2] == _BEFORE for row in rows)
    counts = {"issued": len(rows) - held - before, "held": held, "issued before": before}
    return counted(counts) or "nobody is to be billed"


@run("bill-month", at_time("bill"))
async def bill_month(
    month: str = "",
    group: str = "",
    environment: str = "production",
    today: str | None = None,
    ahead: bool = False,
) -> Told[int]:
    """Bill a month (YYYY-MM) of a group, or what is due today; return how many accounts were billed or are held.

    A month after next month is billed only `ahead`.
    """
    chosen = await choose_groups(month, group, environment, today, ahead)
    rows: dict[str, list[tuple[object, ...]]] = {covered: [] for covered, _ in chosen}
    failed: list[str] = []
    for covered, number in chosen:
        try:
            async with one_at_a_time([number]):
                rows[covered] += await bill_group(covered, number, environment, today, ahead)
        except VerbFailed:
            failed.append(number)  # its task says why; the others go on
    if chosen:
        await deliver_all(environment, today)
    for covered, accounts in rows.items():
        await say(f"bill-{covered}", f"Invoices for {covered}", HEADS, accounts, unfinished(failed))
    if failed:
        raise VerbFailed(unfinished(failed))
    done = [row for accounts in rows.values() for row in accounts]
    word = NOTHING if not done else "HELD" if _held(done) else "BILLED"
    return Told(word, _said(done), len(done))
