"""Statements owed, delivered and found again, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from model.agreement.terms import Contact
from model.documents import registry
from model.documents.acknowledgment import (
    Ack999Statement,
    AckEnvelope,
    AckError,
    AckSet,
    Advice824Statement,
    AdviceError,
    Ta1Statement,
)
from model.documents.notice import Notice, NoticeRow
from model.documents.premium import Letter, Letters, OpenMemo, OpenPremium, PremiumNotice
from model.documents.report import BusinessReport, ReportRow, Supplement
from model.documents.returned import Part, ReturnedPayment, ReturnedRow
from model.documents.roster import RosterRow, RosterStatement
from model.documents.statement import (
    ConsolidatedInvoice,
    Enrollment834Statement,
    InvoiceLine,
    InvoiceStatement,
    Receipt,
    ReceiptLine,
    Reconciliation,
    ReconciliationRow,
    Statement,
    VoidedInvoice,
)
from model.documents.worksheet import Worksheet
from model.enrollment.actions import Did, action
from model.enrollment.census import CensusReturn, ReturnedSheet, RowAction, RowAnswer
from model.enrollment.events import Demographics, Name
from model.enrollment.roster import RosterLine
from model.journal import Purpose
from model.money.activity import Activity, InvoiceActivity
from model.money.breaks import Break
from model.money.ledger import AccountKind
from model.money.notes import Remark, note
from model.money.reasons import Why, because
from model.money.refund import CheckRegister, Cheque
from model.timeline import Span
from store import journal, tables
from store.engine import Database
from store.received import outbox
from support.members import HEADER, member
from support.people import TESTER
from vault.box import Vault

AT = datetime(2027, 1, 4, 17, 0, tzinfo=UTC)
DAY = date(2027, 1, 4)
WHO = Contact("Pat Example", "555-0100", "pat@example.com")
ENVELOPE = AckEnvelope("ZZ", "NORTHWIND", "ZZ", "ACME", "NORTHWIND", "ACME", 1, AT, "P")
TO_CREDIT = ReceiptLine("A-1", "", AccountKind.UNAPPLIED, 500, note(Remark.REFERENCE, "IK A-1"))
RECEIPT = Receipt("R1", "Northwind", WHO, "acme", "Acme", "T1", DAY, 500, (TO_CREDIT,))
ADDED = (RowAction("medical", "MED1", action(Did.ADDED, DAY)),)
ASKS = note(Remark.INVOICE_ASKS, "100001", 5)
ROW = ReportRow(
    "0001", 7, "100200", "01", "***-**-1234", "M1", "Doe", "18", "medical", "MED1", "REJECTED", "SENT",
    action(Did.ADDED, DAY), "X", "error", "segment 7", "No.", "Fix.",
)  # fmt: skip
LINE = RosterLine(
    "100200", "01", 1, "12", "M1", "M1", 1, "18", Demographics(Name("Doe", "Pat"), DAY), "medical", "MED1", "EMP",
    Span(DAY), DAY,
)  # fmt: skip
INVOICE = InvoiceStatement(
    "100001", False, "Northwind", ("1 Quay",), (), WHO, "100200", "Acme", (), "01", "All", "A-1", "2027-02",
    DAY, DAY, DAY, DAY, "100000", 1, 51230, -500, 2500, 0, 0, 0, 0, 0, 99, 0, 53131,
    (("Medical", 1, 51230),),
    (
        InvoiceLine(
            "12", "M000000001", "Doe, Pat", "medical", "MED1", "Medical", "EMP", 51230, -500,
            (because(Why.RATE_CHANGED),),
        ),
    ),
    activity=(
        InvoiceActivity(Activity.WRITE_OFF, DAY, "100000", -99), InvoiceActivity(Activity.FEE, DAY, "D1001", 2500),
    ),
)  # fmt: skip
ERROR = AckError("HD", 12, "2300", "8", 4, 0, "1203", "7", "\0é")

REPORT = BusinessReport(
    "Northwind", WHO, "acme", "F000001", "a.834", "834", AT, "APPLIED", (("APPLIED", 3),), (ROW, ROW)
)
STATEMENTS: dict[str, Statement] = {
    "ta1": Ta1Statement(ENVELOPE, "000000001", "270104", "1200", "A", "000"),
    "999": Ack999Statement(
        ENVELOPE, 1, "BE", "1", "005010X220A1",
        (AckSet("834", "0001", "005010X220A1", "R", ("5",), (ERROR,)),),
        "R", 1, 1, 0, (),
    ),
    "824": Advice824Statement(
        ENVELOPE, 1, "Northwind", WHO, "Acme", "TP", "REF1", "20270104", "1200", "7", "0001", "834", "X",
        (AdviceError("024", "PLAN-OFFERED: not offered", "HD", 9, 4, 0, "1204"),),
    ),
    "report": REPORT,
    "supplement": Supplement(REPORT, 17, "approve", AT, 1, 2),
    "census": CensusReturn(
        "F000001", "CSV", AT,
        (ReturnedSheet("", (("Name",), ("Doe",)), 1, 1, (RowAnswer(2, "APPLIED", "", "", ADDED),)),),
    ),
    "invoice": INVOICE,
    "voided": VoidedInvoice(INVOICE, DAY),
    "worksheet": Worksheet(
        "100001", "acme", 0, "Northwind", WHO, (), "100200", "Acme", "All", "A-1", "2027-02", DAY, DAY, 1, 51230,
        (("Medical", "EMP", 1, 51230),),
    ),
    "consolidated": ConsolidatedInvoice(
        "300001", False, "Northwind", ("1 Quay",), (), WHO, "100200", "Acme", (), "2027-02", DAY, DAY, DAY, DAY,
        1, 51230, -500, 2500, 0, 0, 0, 0, 0, 99, 0, 53131, 53131, 0, (INVOICE,), (("Medical", 1, 51230),),
    ),
    "receipt": RECEIPT,
    "returned": ReturnedPayment(
        "Northwind", ("1 Quay",), ("PO Box 1",), WHO, "acme", "Acme", "T1", "500001", 51230, DAY, "R01", "RT1",
        DAY, DAY, DAY, (ReturnedRow(Part.INVOICE, "A-1", "100001", 51230, 51230, DAY),),
    ),
    "reconciliation": Reconciliation(
        "Northwind", WHO, "100200", "Acme", "2027-02", DAY, (), 0, ((Break.UNBILLED, 1),),
        rows=(ReconciliationRow("A-1", "01", "12", "M1", "Doe", 1, 1, None, Break.OK, ASKS),),
    ),
    "roster": RosterStatement(
        "csv", 1, "Northwind", WHO, "100200", "Acme", AT, None, (RosterRow(LINE, "***-**-1234", "All", "Medical"),)
    ),
    "834": Enrollment834Statement(
        ENVELOPE, 1, HEADER, (member(1, {"last": "Doe", "ssn": "900000001", "lines": ["030 HLT A"]}),)
    ),
    "refunds": CheckRegister(
        1, "Northwind", DAY, (Cheque("C1001", DAY, "100200", "A-1", "Acme", ("1 Main St",), 500),), 500
    ),
    "notice": Notice(
        "Northwind", WHO, "acme", "100200", "Acme", "agreement", DAY,
        (NoticeRow("01", "12", "M1", "medical", "A", DAY),),
    ),
    "premium": PremiumNotice(
        "Northwind", ("1 Quay",), ("1 Quay",), WHO, "acme", "100200", "Acme", (), "A-1", "All", "warning", 2, DAY,
        DAY, DAY, 51230, (OpenPremium("100001", "2027-02", DAY, 51230, 51230),),
        (OpenMemo("D1001", "fee", DAY, 2500, 2500),),
    ),
    "letters": Letters(
        "Northwind", ("1 Quay",), (), WHO, "100200", "Acme", "A-1", "warning", DAY, "2027-02", DAY, DAY, True,
        "letters:A-1:M1:2027-02-21:warning", (Letter("M1", "Pat Doe", ("1 Quay",), 51230),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", registry.KINDS)
def test_every_statement_comes_back_equal(database: Database, vault: Vault, kind: str) -> None:
    with database.write() as conn:
        tx = journal.open_tx(conn, AT, TESTER, Purpose.ANSWER)
        assert outbox.put(conn, tx, f"{kind}:1", "acme", kind, STATEMENTS[kind], "F000001", vault.fields)
        sealed = conn.scalar(select(tables.outbox.c.statement)) or ""
        assert "Doe" not in sealed and "acme" not in sealed.lower()
        (item_id,) = outbox.undelivered(conn, "acme")
        item = outbox.item(conn, item_id, vault.fields)
    assert item.statement == STATEMENTS[kind]
    assert (item.key, item.kind, item.partner, item.file_id, item.documents) == (
        f"{kind}:1",
        kind,
        "acme",
        "F000001",
        (),
    )


def test_a_key_is_owed_once_and_delivered_once(database: Database, vault: Vault) -> None:
    documents = (("receipt-R1.csv", "ab" * 32), ("receipt-R1.pdf", "cd" * 32))
    with database.write() as conn:
        tx = journal.open_tx(conn, AT, TESTER, Purpose.ANSWER)
        assert outbox.put(conn, tx, "receipt:1", "acme", "receipt", RECEIPT, None, vault.fields)
        assert not outbox.put(conn, tx, "receipt:1", "acme", "receipt", RECEIPT, None, vault.fields)
        assert outbox.put(conn, tx, "receipt:2", "acme", "receipt", RECEIPT, "F000001", vault.fields)
        assert (outbox.owing(conn), outbox.undelivered(conn, "other")) == (["acme"], [])
        first, second = (outbox.item(conn, ident, vault.fields) for ident in outbox.undelivered(conn, "acme"))
        assert first.key == "receipt:1"
        outbox.mark(conn, first.id, documents, AT)
        assert outbox.undelivered(conn, "acme") == [second.id]
        found = outbox.find(conn, "receipt:1", vault.fields)
        assert found is not None and (found.documents, found.delivered_at) == (documents, AT)
        assert outbox.of_file(conn, "F000001", vault.fields) == [second]
        assert outbox.find(conn, "receipt:3", vault.fields) is None


def test_a_statement_is_owed_under_its_own_kind(database: Database, vault: Vault) -> None:
    with database.write() as conn, pytest.raises(TypeError, match="Receipt is not a report"):
        outbox.put(conn, 1, "k", "acme", "report", RECEIPT, None, vault.fields)
