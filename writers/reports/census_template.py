"""Our own census template: headings that the reader knows, text columns that keep their zeros, lists to choose."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime

from model.agreement.terms import Terms
from model.documents.statement import Document
from model.trade.coverage import LEVELS
from model.trade.maintenance import MAINTENANCE, REASONS
from model.trade.member import COBRA_EVENTS, GENDERS, RELATIONSHIPS, STATUS_CHOICES

_ROWS = 2_000  # that get formats and lists


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, a word to whoever fills it in, its width, and what may be chosen."""

    heading: str
    hint: str
    width: int = 14
    choices: tuple[str, ...] = ()


_LEVELS = (*LEVELS.choices, "Waiver")
_PERSON = (
    Column("Employee ID", "The employee's number, repeated on each row of the family.", 13),
    Column("Relationship", "To the employee. The employee's row comes first.", 16, RELATIONSHIPS.choices),
    Column("Last Name", "As on the ID card.", 18),
    Column("First Name", "As on the ID card.", 16),
    Column("Middle Name", "May be empty.", 12),
    Column("Suffix", "May be empty.", 8),
    Column("SSN", "Nine digits. The column is text, so that zeros stay.", 13),
    Column("Birth Date", "YYYY-MM-DD or MM/DD/YYYY.", 12),
    Column("Gender", "M, F or U.", 8, GENDERS.choices),
    Column("Address 1", "Street and number.", 24),
    Column("Address 2", "May be empty.", 12),
    Column("City", "", 16),
    Column("State", "Two letters.", 7),
    Column("ZIP", "Five digits. The column is text, so that zeros stay.", 8),
    Column("Phone", "May be empty.", 14),
    Column("Email", "May be empty.", 26),
    Column("Hire Date", "Of the employee.", 12),
    Column("Status", "Of the employee.", 11, STATUS_CHOICES),
)
_ACTION = Column(
    "Action",
    "Empty: compare with what you have. Terminate needs Coverage End.",
    11,
    MAINTENANCE.choices,
)
_WHY = (
    Column(
        "Reason",
        "Why now: it decides which enrollment window is open.",
        16,
        REASONS.choices,
    ),
    Column(
        "COBRA Event",
        "With status COBRA: what ended the coverage before.",
        16,
        COBRA_EVENTS.choices,
    ),
)
_DAYS = (
    Column("Coverage Start", "First covered day.", 14),
    Column("Coverage End", "Last covered day; empty while coverage goes on.", 14),
)
_LINES = ("Medical", "Dental", "Vision")


def columns(terms: Terms | None = None) -> tuple[Column, ...]:
    """Return the template's columns; with a group's terms, its number, subgroups and plans to choose from."""
    group = Column("Group Number", "As in your agreement.", 14, (terms.group,) if terms else ())
    codes = tuple(subgroup.code for subgroup in terms.subgroups) if terms else ()
    place = Column("Subgroup", "The division that is billed for the family.", 11, codes)
    return (*_PERSON, group, place, _ACTION, *_WHY, *_lines(terms), *_DAYS)


def _lines(terms: Terms | None) -> list[Column]:
    found: list[Column] = []
    offered = [(line.name, line.code) for line in terms.lines] if terms else [(name, "") for name in _LINES]
    for name, code in offered:
        plans = tuple(plan.code for plan in terms.plans if plan.line == code) if terms else ()
        hint = "The employee's plan, or Waive. Dependents take it from the employee's row."
        found.append(Column(f"{name} Plan", hint, 14, (*plans, "Waive") if plans else ()))
        found.append(Column(f"{name} Tier", "The employee's coverage level.", 20, _LEVELS))
    return found


def render(form: str, terms: Terms | None = None) -> Document:
    """Return the empty template as `census-template.csv` or `.xlsx` (`form`)."""
    made = columns(terms)
    if form == "csv":
        line = ",".join(column.heading for column in made) + "\r\n"
        return Document.of("census-template.csv", line.encode("utf-8-sig"))
    return Document.of("census-template.xlsx", _workbook(made))


def _workbook(made: tuple[Column, ...]) -> bytes:
    import xlsxwriter  # only where a workbook is made

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties(
        {"title": "Census template", "created": datetime(2026, 1, 1, tzinfo=UTC)}
    )  # same bytes each time
    head = book.add_format(
        {"bold": True, "font_name": "Arial", "font_size": 10, "font_color": "#FFFFFF", "bg_color": "#0E4A5B"}
    )
    text = book.add_format({"num_format": "@", "font_name": "Arial", "font_size": 10})
    page = book.add_worksheet("Members")
    for number, column in enumerate(made):
        page.set_column(number, number, column.width, text)
        page.write_string(0, number, column.heading, head)
        if column.hint or column.choices:
            page.data_validation(1, number, _ROWS, number, _validation(column))
    page.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _validation(column: Column) -> dict[str, object]:
    """Return what a spreadsheet shows at a cell; a choice outside the list is let through with a warning."""
    shown: dict[str, object] = {"input_title": column.heading[:32], "input_message": column.hint or " "}
    if not column.choices or len(",".join(column.choices)) > 250:  # Excel takes no longer list
        return shown | {"validate": "any"}
    return shown | {"validate": "list", "source": list(column.choices), "error_type": "warning"}
