"""The billing flow: each group's next month, on the day its terms name; a group that fails stops no other."""

from __future__ import annotations

from prefect import flow

from flows.base import VerbFailed, in_workspace, instant, known_groups, one_at_a_time, say, step, unfinished
from flows.deliver import deliver_all
from model.money import format_dollars
from model.timeline import Month
from pipeline import bill, due
from pipeline.workspace import Workspace

HEADS = ("group", "account", "invoice", "subscribers", "current", "retro", "total due", "months without a rate")


@step("choose")
async def choose_groups(
    month: str, group: str, environment: str, today: str | None, ahead: bool
) -> tuple[str, list[str]]:
    """Return the month and the groups to bill: those asked for, else those whose invoice day has come.

    Raises VerbFailed for a month after next month, unless it is asked for `ahead`.
    """

    def choose(ws: Workspace) -> tuple[str, list[str]]:
        asked = known_groups(ws, group)
        if month:
            early = None if ahead else due.too_far(ws, Month.parse(month), instant(ws, today))
            if early:
                raise VerbFailed(early.message)
            return str(Month.parse(month)), asked
        following, ready = due.to_bill(ws, instant(ws, today))
        return str(following), [one for one in ready if one in asked]

    return await in_workspace(environment, choose)


@step("bill", "bill-{group}")
async def bill_group(
    month: str, group: str, environment: str, today: str | None, ahead: bool
) -> list[tuple[object, ...]]:
    """Issue one group's invoices and return their figures."""

    def work(ws: Workspace) -> list[tuple[object, ...]]:
        (made,) = bill.bill(ws, Month.parse(month), instant(ws, today), group, ahead=ahead)
        rows: list[tuple[object, ...]] = [
            (group, one, "issued before", "", "", "", "", "") for one in made.already
        ]
        for one in made.issued:
            money = map(format_dollars, (one.current, one.retro, one.total_due))
            rows.append((group, one.account, one.number, one.subscribers, *money, len(made.findings)))
        return rows

    return await in_workspace(environment, work)


@flow(name="bill-month", persist_result=False, log_prints=False)
async def bill_month(
    month: str = "",
    group: str = "",
    environment: str = "production",
    today: str | None = None,
    ahead: bool = False,
) -> int:
    """Bill a month (YYYY-MM) of a group, or what is due today; return how many invoices there are now.

    A month after next month is billed only `ahead`.
    """
    month, groups = await choose_groups(month, group, environment, today, ahead)
    rows: list[tuple[object, ...]] = []
    failed: list[str] = []
    for one in groups:
        try:
            async with one_at_a_time([one]):
                rows += await bill_group(month, one, environment, today, ahead)
        except VerbFailed:
            failed.append(one)  # its task says why; the others go on
    if groups:
        await deliver_all(environment, today)
        await say(f"bill-{month}", f"Invoices for {month}", HEADS, rows, unfinished(failed))
    if failed:
        raise VerbFailed(unfinished(failed))
    return len(rows)
