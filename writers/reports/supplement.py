"""What was decided on lines of a file after its report: the report's columns, as CSV and HTML."""

from __future__ import annotations

from functools import partial

from model.documents import keys
from model.documents.report import Supplement
from model.documents.statement import Beside, Document, nothing
from writers.forms.spreadsheet import file_name
from writers.reports import report
from writers.words import DECISIONS, moment, word


def render(statement: Supplement, beside: Beside = nothing) -> tuple[Document, ...]:
    """Return `report-<file id>-decision-<number>` as `.csv` and `.html`; `beside` reads the rows.

    What no decision made is `report-<file id>-again-<set>-<round>`.
    """
    told, number = statement.report, statement.number
    key = keys.supplement(told.file, statement.set, statement.round)
    rows = partial(beside, str(key))
    by = (("Decision", str(number)),) if number else ()
    decided = (*by, (word(DECISIONS, statement.kind), moment(statement.decided)))
    head = report.Head("Supplement to the report on file", told.file, told, decided)
    which = f"decision-{number}" if number else f"again-{statement.set}-{statement.round}"
    name = file_name("report", f"{told.file}-{which}")
    return report.table(name, told, rows), report.page(name, head, rows)
