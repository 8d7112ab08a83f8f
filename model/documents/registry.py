"""The kinds of statements, a row each: what is stored, in which version, and who renders it.

A statement's version is that of its stored form. Whoever changes a statement's fields so that an older one cannot
be read as it is raises the version, adds an upcast (model.documents.upcasts), and keeps a statement of the version
before in `tests/cases/statements`: what is owed and what was issued must be printed for ever. There is one writer
a kind, of the current version.

See docs/design.md, Documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from model.documents import upcasts
from model.documents.acknowledgment import Ack999Statement, Advice824Statement, Ta1Statement
from model.documents.keys import DocumentKind
from model.documents.notice import Notice, NoticeRow
from model.documents.premium import Letter, Letters, PremiumNotice
from model.documents.report import BusinessReport, ReportRow, Supplement
from model.documents.returned import ReturnedPayment
from model.documents.roster import RosterRow, RosterStatement
from model.documents.statement import (
    ConsolidatedInvoice,
    Enrollment834Statement,
    InvoiceAdjustment,
    InvoiceLine,
    InvoiceStatement,
    Receipt,
    Reconciliation,
    ReconciliationRow,
    Statement,
    VoidedInvoice,
)
from model.documents.worksheet import Worksheet, WorksheetRow
from model.enrollment.census import CensusReturn, ReturnedRow
from model.enrollment.events import EnrollmentEvent
from model.money.refund import CheckRegister

Upcast = Callable[[dict[str, Any]], dict[str, Any]]


class UnknownVersionError(ValueError):
    """A statement of a version that this release does not know: a newer one stored it."""


@dataclass(frozen=True, slots=True)
class StatementKind:
    """One kind: its key, its type, the writer's module under `writers`, and the template where it has a page.

    The n-th upcast leads from version n to n + 1; the current version follows from their number.
    """

    key: DocumentKind
    type: type[Statement]
    writer: str
    template: str = ""
    rows: Any = None  # the type of what grows with a file or an account and lies beside the statement
    upcasts: tuple[Upcast, ...] = ()
    spent: bool = False  # once its documents are delivered nobody reads it again: it may be pruned

    @property
    def version(self) -> int:
        """Return the current version: the one that is stored from now on, and rendered."""
        return len(self.upcasts) + 1

    def upcast(self, version: int, value: dict[str, Any]) -> dict[str, Any]:
        """Return a stored statement's JSON value in the current version. Raises UnknownVersionError."""
        if not 1 <= version <= self.version:
            raise UnknownVersionError(f"version {version} of a {self.key}: this release knows {self.version}")
        for step in self.upcasts[version - 1 :]:
            value = step(value)
        return value


def _by_key(rows: Iterable[StatementKind]) -> Mapping[str, StatementKind]:
    return {row.key.value: row for row in rows}


_DETAIL = InvoiceLine | InvoiceAdjustment
_INVOICE, _COVER = (upcasts.invoice_2, upcasts.invoice_3), (upcasts.consolidated_2, upcasts.consolidated_3)
_REPORT, _CENSUS = (upcasts.report_2, upcasts.report_3), (upcasts.census_2,)
_RECEIPT = (upcasts.receipt_2, upcasts.receipt_3)
_RECONCILIATION = (upcasts.reconciliation_2, upcasts.reconciliation_3, upcasts.reconciliation_4)
_ROSTER834 = (upcasts.roster834_2, upcasts.roster834_3)

KINDS = _by_key(
    (
        StatementKind(DocumentKind.TA1, Ta1Statement, "acknowledgments.ta1"),
        StatementKind(DocumentKind.ACK999, Ack999Statement, "acknowledgments.ack999"),
        StatementKind(DocumentKind.ADVICE824, Advice824Statement, "acknowledgments.advice824"),
        StatementKind(
            DocumentKind.REPORT, BusinessReport, "reports.report", "report.typ", ReportRow, _REPORT, spent=True
        ),
        StatementKind(
            DocumentKind.SUPPLEMENT,
            Supplement,
            "reports.supplement",
            rows=ReportRow,
            upcasts=(upcasts.supplement_2,),
            spent=True,
        ),
        StatementKind(DocumentKind.CENSUS, CensusReturn, "reports.census", "", ReturnedRow, _CENSUS, spent=True),
        StatementKind(
            DocumentKind.INVOICE,
            InvoiceStatement,
            "money.invoice",
            "invoice.typ",
            _DETAIL,
            _INVOICE,
        ),
        StatementKind(
            DocumentKind.VOIDED,
            VoidedInvoice,
            "money.voided",
            "invoice.typ",
            _DETAIL,
            (upcasts.voided_2,),
        ),
        StatementKind(
            DocumentKind.WORKSHEET, Worksheet, "money.worksheet", "worksheet.typ", WorksheetRow, spent=True
        ),
        StatementKind(
            DocumentKind.CONSOLIDATED,
            ConsolidatedInvoice,
            "money.consolidated",
            "consolidated.typ",
            _DETAIL,
            _COVER,
        ),
        StatementKind(DocumentKind.RECEIPT, Receipt, "money.receipt", "receipt.typ", upcasts=_RECEIPT),
        StatementKind(DocumentKind.RETURNED, ReturnedPayment, "money.returned", "returned.typ"),
        StatementKind(
            DocumentKind.RECONCILIATION,
            Reconciliation,
            "money.reconciliation",
            "reconciliation.typ",
            ReconciliationRow,
            _RECONCILIATION,
        ),
        StatementKind(DocumentKind.ROSTER, RosterStatement, "rosters.roster", rows=RosterRow, spent=True),
        StatementKind(
            DocumentKind.ROSTER834,
            Enrollment834Statement,
            "rosters.outbound834",
            rows=EnrollmentEvent,
            upcasts=_ROSTER834,
            spent=True,
        ),
        StatementKind(DocumentKind.REFUNDS, CheckRegister, "money.refunds"),
        StatementKind(
            DocumentKind.NOTICE, Notice, "rosters.notice", rows=NoticeRow, upcasts=(upcasts.notice_2,), spent=True
        ),
        StatementKind(
            DocumentKind.PREMIUM, PremiumNotice, "money.premium", "premium.typ", upcasts=(upcasts.premium_2,)
        ),
        StatementKind(DocumentKind.LETTERS, Letters, "money.letters", "letters.typ", rows=Letter, spent=True),
    )
)
_OF_TYPE = {row.type: row for row in KINDS.values()}


def of(statement: Statement) -> StatementKind:
    """Return the kind of a statement."""
    return _OF_TYPE[type(statement)]
