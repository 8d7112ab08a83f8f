"""Court orders: order record|lift|list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import codes, show
from cli.approval import Reason, Why
from cli.session import NOT_ALL, Failure, Session, command, parse_day
from model.approval import Approval

if TYPE_CHECKING:
    from pipeline.views.orders import OrderSavedView

order = typer.Typer(help="Court orders that a child be covered (QMCSO).", no_args_is_help=True)

Child = Annotated[str, typer.Argument(help="The child's member ID.")]
Group = Annotated[str, codes.option("--group", help="Where; left out: the only group in which it is a child.")]


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(order, name="order")


@order.command("record")
@command
def record_order(
    session: Session,
    member_id: Child,
    day: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="The day of the order.")],
    authority: Annotated[str, typer.Option(help="The court or agency that ordered it.")],
    group: Group = "",
    reason: Annotated[str, typer.Option("--reason", help="How we know of it; it is kept.")] = "",
) -> None:
    """Record that a court ordered that a child be covered: dropped alone, the child's coverage waits from now on.

    It takes the place of an order that was recorded before, and answers what asked for one (ORDER-ASKED).
    """
    from pipeline import inputs

    on = parse_day(day)
    assert on is not None, "a day was given"
    ws = session.workspace()
    _tell(session, member_id, inputs.record_order(ws, member_id, group, on, authority, session.now(), reason))


@order.command("lift")
@command
def lift_order(session: Session, member_id: Child, group: Group = "", reason: Reason = "") -> None:
    """Lift the court orders of a child: two people decide it. From then on the child dropped alone is dropped.

    The first one's --reason asks for it, another person confirms it by the same command at the own login. A file
    that tells the same order again does not order anew; one that names another authority does.
    """
    from pipeline import inputs

    ws = session.workspace()
    _tell(session, member_id, inputs.lift_order(ws, member_id, group, session.now(), Approval(reason=reason)))


@order.command("list")
@command
def list_orders(
    session: Session,
    group: Annotated[str, codes.option("--group", help="Only of this group.")] = "",
    lifted: Annotated[bool, typer.Option("--lifted", help="Those that were lifted, too.")] = False,
    why: Why = "",
) -> None:
    """List the children with a court order: by whom, of which day, and which were lifted."""
    from pipeline.views import orders

    found = orders.order_list(session.workspace(), group, lifted=lifted)
    session.look("order list", sorted({each.member for each in found}), group=group, why=why)
    columns = ("group", "family", "member", "authority", "of", "lifted")
    rows = [
        (
            each.group,
            each.family,
            each.member,
            each.authority,
            each.day or "as the file told it",
            each.lifted or "",
        )
        for each in found
    ]
    session.emit("order", found, lambda console: console.print(show.table("", columns, rows)))


def _tell(session: Session, member_id: str, made: OrderSavedView | None) -> None:
    if made is None:
        raise Failure(f"there is no member {member_id}")
    session.exit_code = session.exit_code if made.done else NOT_ALL

    def people(console: Console) -> None:
        stands = "stands" if made.ordered else "does not stand"
        where = f" in group {made.group}" if made.group else ""
        problem = f" Not changed: {made.problem}." if made.problem else ""
        console.print(f"{made.member}: a court order {stands}{where}.{problem}", markup=False)

    session.emit("order-saved", made, people)
