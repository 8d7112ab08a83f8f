"""One door: every statement of a partner's outbox becomes documents, with names that give nobody away."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

from model.documents.acknowledgment import Ack999Statement, AckEnvelope, Ta1Statement
from writers.render import render


def test_each_statement_goes_to_its_writer(make_invoice, report, receipt, reconciliation):
    names = [[d.name for d in render(s)] for s in (make_invoice(1), report, receipt, reconciliation)]
    assert names == [
        ["invoice-100012.pdf", "invoice-100012.csv", "invoice-100012.xlsx"],
        ["report-F000007.csv", "report-F000007.xlsx", "report-F000007.html", "report-F000007.pdf"],
        ["receipt-R000003.pdf", "receipt-R000003.csv"],
        [
            "reconciliation-G10020-2027-02-000001.pdf",
            "reconciliation-G10020-2027-02-000001-subscribers.csv",
            "reconciliation-G10020-2027-02-000001-accounts.csv",
            "reconciliation-G10020-2027-02-000001.xlsx",
            "reconciliation-G10020-2027-02-000001.html",
        ],
    ]


def test_acknowledgments_go_to_theirs():
    ours = AckEnvelope("ZZ", "NORTHWIND", "ZZ", "ACME", "NORTHWIND", "ACME", 7, datetime(2027, 2, 1, 9, 5), "P")
    ta1 = Ta1Statement(ours, "000000101", "270201", "0900", "A", "000")
    ack = Ack999Statement(ours, 7, "BE", "101", "005010X220A1", (), "R", 0, 0, 0, ("1",))
    assert [d.name for s in (ta1, ack) for d in render(s)] == ["ta1-000000007.edi", "999-000000007.edi"]


def test_the_same_statement_gives_the_same_documents(make_invoice, report, receipt, reconciliation):
    for statement in (make_invoice(2), report, receipt, reconciliation):
        first, again = ([(document.name, document.data) for document in render(statement)] for _ in range(2))
        assert first == again


def test_the_door_alone_loads_no_compiler():
    code = "import sys, writers.render, writers.money.invoice; print('typst' in sys.modules)"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert made.stdout == "False\n"
