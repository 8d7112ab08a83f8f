"""One door to every writer: a finished statement in, its documents out."""

from __future__ import annotations

from typing import assert_never

from model.acknowledgment import Ack999Statement, Advice824Statement, Ta1Statement
from model.census import CensusReturn
from model.statement import (
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


def render(statement: Statement) -> tuple[Document, ...]:
    """Return the documents of a statement: the same statement always gives the same bytes.

    Names carry numbers and codes only. Each writer is imported when its first statement comes, so that an
    acknowledgment loads no PDF compiler.
    """
    match statement:
        case Ta1Statement() | Ack999Statement() | Advice824Statement():
            return (_acknowledgment(statement),)
        case BusinessReport():
            from writers import report

            return report.render(statement)
        case InvoiceStatement():
            from writers import invoice

            return invoice.render(statement)
        case ConsolidatedInvoice():
            from writers import consolidated

            return consolidated.render(statement)
        case Receipt():
            from writers import receipt

            return receipt.render(statement)
        case Reconciliation():
            from writers import reconciliation

            return reconciliation.render(statement)
        case RosterStatement():
            from writers import roster

            return (roster.render(statement),)
        case Enrollment834Statement():
            from writers import outbound834

            return (outbound834.render(statement),)
        case CensusReturn():
            from writers import census

            return (census.render(statement),)
    assert_never(statement)


def _acknowledgment(statement: Ta1Statement | Ack999Statement | Advice824Statement) -> Document:
    match statement:
        case Ta1Statement():
            from writers import ta1

            return ta1.render(statement)
        case Ack999Statement():
            from writers import ack999

            return ack999.render(statement)
        case Advice824Statement():
            from writers import advice824

            return advice824.render(statement)
    assert_never(statement)
