"""The worksheet of a self bill: what we compute, row by row, each with its key; and with what was reported.

Source: docs/domain.md, Self bill; docs/domain.md, Sheets that come back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from billing.payers import Payers
from billing.selfbill import total
from model.agreement.terms import Terms
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.statement import InvoiceStatement
from model.documents.worksheet import Worksheet, WorksheetRow
from model.money.cents import Cents
from model.money.selfbill import Part, Unit
from pipeline.runtime.workspace import Workspace
from store.engine import Connection
from store.people import roster
from store.received import outbox, statement_rows


@dataclass(frozen=True, slots=True)
class Bill:
    """A self bill: its invoice, the units of it, and who they are."""

    terms: Terms
    statement: InvoiceStatement
    units: Sequence[Unit]
    payers: Payers


def sheet(number: str) -> str:
    """Return what names an invoice's worksheet in the keys of its rows."""
    return f"W{number}"


def number_of(document: str) -> str:
    """Return the number of the invoice that a key's document names; "" where it is no worksheet."""
    return document[1:] if document[:1] == "W" else ""


def people(conn: Connection, group: str, units: Iterable[Unit], others: Collection[int] = ()) -> Payers:
    """Return the people of some units, and of other contracts (row ids)."""
    contracts = sorted({unit.contract for unit in units}.union(others) - {0})
    families = roster.billable(conn, group, contracts)
    return Payers(roster.flat(families), families)


def owe(
    ws: Workspace, conn: Connection, tx: int, bill: Bill, partners: Iterable[str], parts: Sequence[Part] = ()
) -> None:
    """Owe a bill's worksheet to its receivers; with `parts` what was reported, as a document of this step."""
    for partner in partners:
        again = (tx,) if parts else ()
        key = str(keys.worksheet(bill.statement.number, partner, *again))
        placed = ((0, 0, at, row) for at, row in enumerate(rows(ws, bill, partner, parts), 1))
        statement_rows.keep(conn, key, DocumentKind.WORKSHEET, placed, ws.vault.fields)
        sent = replace(head(bill, partner, parts), round=tx if parts else 0)
        outbox.put(conn, tx, key, partner, DocumentKind.WORKSHEET, sent, None, ws.vault.fields)


def head(bill: Bill, partner: str, parts: Sequence[Part] = ()) -> Worksheet:
    """Return a worksheet without its rows."""
    of, whole = bill.statement, total(parts)
    return Worksheet(
        number=of.number,
        partner=partner,
        round=0,
        carrier=of.carrier,
        contact=of.contact,
        remit_to=of.remit_to,
        group=of.group,
        group_name=of.group_name,
        subgroup_name=of.subgroup_name,
        account=of.account,
        month=of.month,
        produced=of.produced,
        due=of.due,
        people=sum(unit.count for unit in bill.units),
        cents=sum(unit.cents for unit in bill.units),
        plans=tuple(_plans(bill)),
        reported_people=whole.reported_count,
        reported=whole.reported,
    )


def _plans(bill: Bill) -> Iterator[tuple[str, str, int, Cents]]:
    sums: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in bill.units:
        sums[unit.plan, unit.tier].append(unit)
    order = {plan.code: place for place, plan in enumerate(bill.terms.plans)}
    for plan, tier in sorted(sums, key=lambda key: (order.get(key[0], len(order)), key)):
        units = sums[plan, tier]
        yield _name(bill, plan), tier, sum(unit.count for unit in units), sum(unit.cents for unit in units)


def rows(ws: Workspace, bill: Bill, partner: str, parts: Sequence[Part] = ()) -> Iterator[WorksheetRow]:
    """Yield a worksheet's rows in the order of their places; then what was reported of nobody in particular."""
    reported = {(part.plan, part.tier, part.contract, part.person): part for part in parts if not part.unknown}
    shown = set()
    for unit in bill.units:
        place = (unit.plan, unit.tier, unit.contract, unit.person)
        row = _row(bill, unit, ws.vault.row_keys.key(partner, sheet(bill.statement.number), unit.place))
        part = reported.get(place) if place not in shown else None
        shown.add(place)
        yield _with(row, part) if part else row
    for part in parts:
        if (part.plan, part.tier, part.contract, part.person) not in shown or part.unknown:
            yield _with(_other(bill, part), part)


def _row(bill: Bill, unit: Unit, key: str) -> WorksheetRow:
    payer = bill.payers.of(unit.contract)
    return WorksheetRow(
        key=key,
        plan=unit.plan,
        plan_name=_name(bill, unit.plan),
        tier=unit.tier,
        member=payer.member,
        subscriber=payer.masked,
        name=payer.name,
        covered=bill.payers.person(unit.person),
        people=unit.count,
        cents=unit.cents,
    )


def _other(bill: Bill, part: Part) -> WorksheetRow:
    payer = bill.payers.of(part.contract) if part.contract else None
    return WorksheetRow(
        key="",
        plan=part.plan,
        plan_name=_name(bill, part.plan),
        tier=part.tier,
        member=payer.member if payer else "",
        subscriber=payer.masked if payer else "",
        name=payer.name if payer else "",
        covered=bill.payers.person(part.person),
        people=part.computed_count,
        cents=part.computed,
    )


def _with(row: WorksheetRow, part: Part) -> WorksheetRow:
    """Return a row with what was reported of it and by what that differs."""
    return replace(
        row,
        reported_people=part.reported_count,
        reported=part.reported,
        people_off=None if part.reported_count is None else part.people,
        cents_off=None if part.reported is None else part.cents,
    )


def _name(bill: Bill, plan: str) -> str:
    known = bill.terms.plan(plan)
    return known.name if known else plan
