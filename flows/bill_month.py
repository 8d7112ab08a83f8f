"""The billing flow: each group's next month, on the day its terms name; a group that fails stops no other."""

from __future__ import annotations

from flows.base import VerbFailed, in_workspace, instant, known_groups, one_at_a_time, run, say, step, unfinished
from flows.deliver import deliver_all
from model.money.cents import format_dollars
from model.timeline import Month
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from pipeline.views import due

HEADS = ("group", "account", "invoice", "subscribers", "current", "retro", "total due", "findings")


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
            (group, account, "issued before", "", "", "", "", "") for account in billed.already_billed
        ]
        codes = ", ".join(dict.fromkeys(finding.code for finding in billed.findings))
        rows += [(group, account, "held", "", "", "", "", codes) for account in billed.held]
        for invoice in billed.invoices:
            money = map(format_dollars, (invoice.current_cents, invoice.retro_cents, invoice.total_due_cents))
            rows.append((group, invoice.account, invoice.number, invoice.subscribers, *money, codes))
        return rows

    return await in_workspace(environment, work)


@run("bill-month")
async def bill_month(
    month: str = "",
    group: str = "",
    environment: str = "production",
    today: str | None = None,
    ahead: bool = False,
) -> int:
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
    return sum(map(len, rows.values()))
