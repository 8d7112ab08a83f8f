"""One door to every writer: a finished statement in, its documents out."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb
from typing import assert_never

from model.documents.acknowledgment import Ack999Statement, Advice824Statement, Ta1Statement
from model.documents.statement import (
    BusinessReport,
    ConsolidatedInvoice,
    Document,
    Enrollment834Statement,
    InvoiceStatement,
    Receipt,
    Reconciliation,
    RosterStatement,
    Statement,
)
from model.enrollment.census import CensusReturn

# What a value can cause in a writer: something is there that it did not expect, is missing, or cannot be typeset
# (the PDF compiler's errors are RuntimeErrors). All else is no fault of one document: disk, memory, an import.
_OF_A_VALUE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class RenderError(Exception):
    """A statement that could not be made into documents: which error, and where. The text holds no value."""


def render(statement: Statement) -> tuple[Document, ...]:
    """Return the documents of a statement: the same statement always gives the same bytes.

    Names carry numbers and codes only. Raises RenderError where the statement's own values are too much for the
    writer.
    """
    try:
        return _rendered(statement)
    except _OF_A_VALUE as error:
        raise RenderError(
            f"{type(error).__name__} at {_place(error)}"
        ) from None  # its text may hold a person's data


def _place(error: Exception) -> str:
    """Return the last line of ours that an error came through: `invoice.py line 120`."""
    here = Path(__file__).parent
    ours = [frame for frame in extract_tb(error.__traceback__) if here in Path(frame.filename).parents]
    return f"{Path(ours[-1].filename).name} line {ours[-1].lineno}"


def _rendered(statement: Statement) -> tuple[Document, ...]:
    """Let the statement's writer make it. Each is imported when its first statement comes, so that an
    acknowledgment loads no PDF compiler."""
    match statement:
        case Ta1Statement() | Ack999Statement() | Advice824Statement():
            return (_acknowledgment(statement),)
        case BusinessReport():
            from writers.reports import report

            return report.render(statement)
        case InvoiceStatement():
            from writers.money import invoice

            return invoice.render(statement)
        case ConsolidatedInvoice():
            from writers.money import consolidated

            return consolidated.render(statement)
        case Receipt():
            from writers.money import receipt

            return receipt.render(statement)
        case Reconciliation():
            from writers.money import reconciliation

            return reconciliation.render(statement)
        case RosterStatement():
            from writers.rosters import roster

            return (roster.render(statement),)
        case Enrollment834Statement():
            from writers.rosters import outbound834

            return (outbound834.render(statement),)
        case CensusReturn():
            from writers.reports import census

            return (census.render(statement),)
    assert_never(statement)


def _acknowledgment(statement: Ta1Statement | Ack999Statement | Advice824Statement) -> Document:
    match statement:
        case Ta1Statement():
            from writers.acknowledgments import ta1

            return ta1.render(statement)
        case Ack999Statement():
            from writers.acknowledgments import ack999

            return ack999.render(statement)
        case Advice824Statement():
            from writers.acknowledgments import advice824

            return advice824.render(statement)
    assert_never(statement)
