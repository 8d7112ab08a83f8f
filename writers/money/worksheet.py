"""The worksheet of a self bill: what we compute per plan, level and person, with columns for the payer to fill in.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from collections.abc import Iterator

from model.documents import keys
from model.documents.statement import Beside, Document, nothing
from model.documents.worksheet import Worksheet, WorksheetRow
from model.enrollment.census import ROW_KEY
from model.money.cents import format_cents
from model.money.worksheet import ACCOUNT, AMOUNT, MEMBER, MONTH, PEOPLE, PLAN, TIER, WE_COMPUTE, WE_COUNT
from writers.forms import page, spreadsheet
from writers.forms.letterhead import letterhead
from writers.forms.spreadsheet import Cell, Column, csv_document, file_name
from writers.words import day, dollars, month, tier

_WHO = (
    Column(ACCOUNT, 12), Column(MONTH, 9), Column(PLAN, 11), Column("Plan Name", 22), Column(TIER, 8),
    Column("Coverage Level", 20), Column(MEMBER, 13), Column("Subscriber", 13), Column("Name", 24),
    Column("Covered Person", 24), Column(WE_COUNT, 9, "count"), Column(WE_COMPUTE, 13, "money"),
    Column(PEOPLE, 9, "count"), Column(AMOUNT, 13, "money"),
)  # fmt: skip
_OFF = (Column("People Off", 9, "count"), Column("Amount Off", 13, "money"))
_KEY = Column(ROW_KEY, 30)
_PLANS = (
    Column("Plan", 30),
    Column("Coverage level", 24),
    Column("People", 12, "count"),
    Column("Amount", 16, "money"),
)
_ALL = "The CSV and the workbook of this worksheet list all."


def render(statement: Worksheet, beside: Beside = nothing) -> tuple[Document, ...]:
    """Return `worksheet-<number>` as `.pdf`, `.csv` and `.xlsx`; one that goes out again has its round behind."""
    name = file_name("worksheet", statement.number, *([str(statement.round)] if statement.round else []))
    columns = (*_WHO, *(_OFF if statement.round else ()), _KEY)

    def rows() -> Iterator[tuple[Cell, ...]]:
        return (_cells(statement, row) for row in _rows(statement, beside))

    headings = [column.heading for column in columns]
    kinds = [column.kind for column in columns]
    return (
        Document.of(f"{name}.pdf", page.pdf("worksheet", _view(statement, beside))),
        csv_document(
            name, headings, lambda: ([_text(*pair) for pair in zip(row, kinds, strict=True)] for row in rows())
        ),
        _book(name, statement, columns, rows()),
    )


def _rows(statement: Worksheet, beside: Beside) -> Iterator[WorksheetRow]:
    yield from beside(str(keys.worksheet(statement.number, statement.partner, *_round(statement))))


def _round(statement: Worksheet) -> tuple[int, ...]:
    return (statement.round,) if statement.round else ()


def _cells(statement: Worksheet, row: WorksheetRow) -> tuple[Cell, ...]:
    who = (row.plan, row.plan_name, row.tier, tier(row.tier), row.member, row.subscriber, row.name, row.covered)
    sent: tuple[Cell, ...] = (row.reported_people, row.reported)
    if statement.round:
        sent = (*sent, row.people_off, row.cents_off)
    return statement.account, statement.month, *who, row.people, row.cents, *sent, row.key


def _text(cell: Cell, kind: str) -> str:
    if isinstance(cell, int):
        return format_cents(cell) if kind == "money" else str(cell)
    return cell or ""


def _book(
    name: str, statement: Worksheet, columns: tuple[Column, ...], rows: Iterator[tuple[Cell, ...]]
) -> Document:
    title = f"{statement.carrier}: worksheet {statement.number}"
    sheets = (
        spreadsheet.Sheet("Worksheet", columns, rows, frozen=1),
        spreadsheet.Sheet("Plans", _PLANS, [_plan(*plan) for plan in statement.plans], _total(statement)),
    )
    return spreadsheet.xlsx_document(name, title, _facts(statement), statement.produced, sheets)


def _plan(name: str, level: str, people: int, cents: int) -> tuple[Cell, ...]:
    return name, tier(level), people, cents


def _total(statement: Worksheet) -> tuple[Cell, ...]:
    return "Total", "", statement.people, statement.cents


def _facts(statement: Worksheet) -> list[tuple[str, str]]:
    return [
        ("Bill to", f"{statement.group_name}, {statement.subgroup_name}"),
        ("Account", statement.account),
        ("Month", month(statement.month)),
        ("Due", day(statement.due)),
        *([("Pay to", ", ".join(statement.remit_to))] if statement.remit_to else []),
    ]


def _view(statement: Worksheet, beside: Beside) -> dict[str, object]:
    made = statement.produced
    shown, count = [], 0
    for count, row in enumerate(_rows(statement, beside), 1):
        if count <= page.ON_PAGES:
            shown.append(_line(statement, row))
    return {
        **letterhead(statement, made),
        "number": statement.number,
        "month": month(statement.month),
        "facts": _facts(statement),
        "title": "What you reported" if statement.round else "Self bill worksheet",
        "what": _what(statement),
        "cents": dollars(statement.cents),
        "plans": [
            (name, tier(level), str(people), dollars(cents)) for name, level, people, cents in statement.plans
        ],
        "people": str(statement.people),
        "round": bool(statement.round),
        "sent": "" if statement.reported is None else dollars(statement.reported),
        "lines": shown,
        "more": page.more("rows", count, _ALL),
    }


def _what(statement: Worksheet) -> str:
    if statement.round:
        return (
            "What you reported differs from what we compute, where the columns say so. Send the worksheet again "
            "with the rows corrected, or the changes of your roster in an 834."
        )
    return (
        "You compute what you owe for this month. Fill in people and amount on the CSV or the workbook of this "
        "worksheet, row by row, and send it to us the way your other files come; or send an 820 with your "
        "payment. Leave the row keys as they are. For somebody who is missing add a row with plan and tier."
    )


def _line(statement: Worksheet, row: WorksheetRow) -> tuple[str, ...]:
    who = row.covered or row.name or ("not named" if row.member else "")
    shown = (row.plan_name or row.plan, tier(row.tier), who, row.member, str(row.people), dollars(row.cents))
    if not statement.round:
        return (*shown, "", "")
    return (*shown, _shown(row.reported_people), "" if row.reported is None else dollars(row.reported))


def _shown(people: int | None) -> str:
    return "" if people is None else str(people)
