"""Finished statements, invented, for every writer."""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from model.agreement.terms import Contact
from model.documents.report import BusinessReport, ReportRow
from model.documents.statement import (
    InvoiceAdjustment,
    InvoiceLine,
    InvoiceStatement,
    Receipt,
    ReceiptLine,
    Reconciliation,
    ReconciliationAccount,
    ReconciliationRow,
    Remaining,
    Unplaced,
)
from model.enrollment.actions import UNCHANGED, Did, action
from model.money.breaks import Break, Nowhere
from model.money.ledger import AccountKind, Aging
from model.money.notes import Note, Remark, note
from model.money.reasons import Why, because

GOLDEN = Path(__file__).parents[1] / "golden"
CONTACT = Contact("Employer Services", "(860) 555-0142", "billing@northwind.example.com")
CARRIER = "Northwind Health Plan"
FIRST = ("Ada", "Ben", "Chloé", "Dmitri", "Elena", "Farid", "Grace", "Hugo", "Inês", "Jonas", "Keiko", "Łucja")
LAST = ("Alvarez", "Brandt", "Chen", "Dubois", "Eriksen", "Fischer", "Garcia", "Hassan", "Ivanova", "Johansson")
ADDED, LEFT = because(Why.ADDED_FROM, "2027-01-01"), because(Why.TERMINATED, "2026-12-31")
TIERS = (
    ("EMP", 51230, 3850, 690),
    ("ESP", 102460, 7700, 1380),
    ("ECH", 94800, 8125, 1250),
    ("FAM", 140000, 11900, 1985),
)


def _lines(subscribers: int) -> tuple[InvoiceLine, ...]:
    lines = []
    for n in range(subscribers):
        tier, medical, dental, vision = TIERS[n % 4]
        who = (f"E{40101 + n}", f"M{n + 1:09d}", f"{LAST[n % 10]}, {FIRST[n % 12]}")
        added = n == 3
        retro = medical if added else 0
        legend = (ADDED,) if added else ()
        lines.append(InvoiceLine(*who, "medical", "MED1", "Choice PPO 1500", tier, medical, retro, legend))
        if n % 3:
            lines.append(InvoiceLine(*who, "dental", "DEN1", "Dental Plus", tier, dental, 0, ()))
        if n % 5 == 1:
            lines.append(InvoiceLine(*who, "vision", "VIS1", "Clear Vision", tier, vision, 0, ()))
    left = ("E40099", "M000000900", "Okafor, Samuel", "medical", "MED1", "Choice PPO 1500", "EMP")
    lines.append(InvoiceLine(*left, 0, -51230, (LEFT,)))
    return tuple(lines)


def _as(words: str) -> Note:
    return note(Remark.AS_WRITTEN, words)


@pytest.fixture
def make_invoice() -> Callable[..., InvoiceStatement]:
    """Return a maker of invoices with a number of subscribers; keyword arguments replace fields."""

    def make(subscribers: int = 14, **fields: object) -> InvoiceStatement:
        lines = _lines(subscribers)
        medical = [line.current for line in lines if line.line == "medical" and line.current]
        dental = [line.current for line in lines if line.line == "dental"]
        vision = [line.current for line in lines if line.line == "vision"]
        current = sum(line.current for line in lines)
        adjustments = (
            InvoiceAdjustment(
                "E40104", "Dubois, Dmitri", "2027-01", "medical", "MED1", "FAM", 140000,
                ADDED, "M000000004", "Choice PPO 1500",
            ),
            InvoiceAdjustment(
                "E40099", "Okafor, Samuel", "2027-01", "medical", "MED1", "EMP", -51230,
                LEFT, "M000000900", "Choice PPO 1500",
            ),
        )  # fmt: skip
        values: dict[str, Any] = {
            "number": "100012",
            "trial": False,
            "carrier": CARRIER,
            "carrier_address": ("200 Harbor Street, Suite 900", "Hartford, CT 06103"),
            "remit_to": (CARRIER, "Premium Billing", "PO Box 5550", "Hartford, CT 06102-5550"),
            "contact": CONTACT,
            "group": "G10020",
            "group_name": "Contoso Manufacturing, Inc.",
            "group_address": ("Attn: Benefits Department", "1 Foundry Road", "New Britain, CT 06051"),
            "subgroup": "001",
            "subgroup_name": "Plant and Warehouse",
            "account": "G10020-001",
            "month": "2027-02",
            "period_begin": date(2027, 2, 1),
            "period_end": date(2027, 2, 28),
            "produced": date(2027, 1, 10),
            "due": date(2027, 2, 1),
            "payments_after": "100009",
            "subscribers": subscribers,
            "current": current,
            "retro": 88770,
            "fees": 0,
            "prior_balance": 1248030,
            "payments": 1246000,
            "reversals": 0,
            "refunds": 0,
            "transfers": 0,
            "write_offs": 0,
            "unapplied": 2030,
            "total_due": current + 88770,
            "lines": lines,
            "adjustments": adjustments,
            "plans": (
                ("Choice PPO 1500", len(medical), sum(medical)),
                ("Dental Plus", len(dental), sum(dental)),
                ("Clear Vision", len(vision), sum(vision)),
            ),
        }
        made = InvoiceStatement(**(values | fields))
        moved = made.itemized - made.own
        return replace(made, total_due=made.total_due + moved) if "total_due" not in fields else made

    return make


@pytest.fixture
def report() -> BusinessReport:
    """Return the report of a partly applied enrollment file: every urgency, a line per disposition."""

    def row(segment: int, subscriber: str, member: str, name: str, relationship: str, *rest: Any) -> ReportRow:
        return ReportRow("0001", segment, "G10020", "001", subscriber, member, name, relationship, *rest)

    fine, joined = ("APPLIED", "SENT"), action(Did.ADDED, date(2027, 2, 1))
    rows = (
        row(9, "E40101", "M000000001", "Alvarez, Ada", "18", "medical", "MED1", *fine,
            joined, "", "", "", "", ""),
        row(9, "E40101", "M000000001", "Alvarez, Ada", "18", "dental", "DEN1", *fine,
            joined, "", "", "", "", ""),
        row(21, "E40102", "", "Brandt, Ben", "18", "medical", "MED9", "REJECTED", "SENT", None, "PLAN-NOT-OFFERED",
            "error", "segment 27 HD04 (loop 2300), set 0001",
            "Plan MED9 is not offered to subgroup 001 on 2027-02-01.",
            "Send one of the plans offered on that date: MED1, MED2."),
        row(33, "***-**-0117", "M000000031", "Chen, Chloé", "19", "", "", "PENDED", "SENT", None, "AGED-OFF",
            "pend", "segment 33 INS (loop 2000), set 0001",
            "This child is past the age limit of 26 and the file does not say that coverage may go on.",
            "Send INS10 = Y with proof of the disability, or end the coverage."),
        row(45, "E40104", "M000000004", "Dubois, Dmitri", "18", "medical", "MED1", *fine,
            action(Did.ENDED, date(2027, 1, 31)), "BOTH-ENDS", "warning", "segment 51 DTP03 (loop 2300), set 0001",
            "The file sends both an eligibility end and a coverage end. We used the coverage end.",
            "Send only one of the two."),
        row(57, "E40105", "M000000005", "=HYPERLINK(\"x\")", "01", "dental", "DEN1", "NOOP", "SENT",
            UNCHANGED, "", "", "", "", ""),
        ReportRow(code="SET-COUNT", severity="error", where="the file", fix="Send the whole file again.",
                  message="The last transaction set is cut off: its end is missing."),
    )  # fmt: skip
    return BusinessReport(
        carrier=CARRIER,
        contact=CONTACT,
        partner="contoso",
        file="F000007",
        file_name="contoso_834_20270201.edi",
        kind="834",
        received=datetime(2027, 2, 1, 14, 5, tzinfo=UTC),
        state="PARTIAL",
        counts=(("APPLIED", 3), ("NOOP", 1), ("PENDED", 1), ("REJECTED", 1)),
        rows=rows,
    )


@pytest.fixture
def receipt() -> Receipt:
    """Return the receipt of a payment that lands in four places."""
    part = _as("paid in part: $1,204.00 stays open")
    unknown = _as("account G10020-009 is not one of ours: please call us")
    return Receipt(
        number="R000003",
        carrier=CARRIER,
        contact=CONTACT,
        partner="contoso",
        payer="Contoso Manufacturing, Inc.",
        trace="CM20270129",
        received=date(2027, 1, 29),
        cents=2103050,
        lines=(
            ReceiptLine("G10020-001", "100012", AccountKind.RECEIVABLE, 1478780, None),
            ReceiptLine("G10020-002", "100013", AccountKind.RECEIVABLE, 602000, part),
            ReceiptLine("G10020-001", "", AccountKind.UNAPPLIED, 2270, _as("paid more than was billed")),
            ReceiptLine("", "", AccountKind.SUSPENSE, 20000, unknown),
        ),
        method="ACH",
        banked=date(2027, 1, 28),
        remaining=(
            Remaining("G10020-001", "100012", None, 0),
            Remaining("G10020-002", "100013", date(2027, 2, 1), 120400),
            Remaining("G10020-001", "", None, 0, 2270),
            Remaining("G10020-002", "", None, 120400),
        ),
    )


@pytest.fixture
def reconciliation() -> Reconciliation:
    """Return a reconciliation with one row of every kind."""
    a, b = ("G10020-001", "001"), ("G10020-002", "002")
    row, ended, plan = ReconciliationRow, _as("ended 2027-01-31"), _as("new plan")
    return Reconciliation(
        carrier=CARRIER,
        contact=CONTACT,
        group="G10020",
        group_name="Contoso Manufacturing, Inc.",
        month="2027-02",
        produced=date(2027, 2, 5),
        accounts=(
            ReconciliationAccount(*a, "100012", 1390010, 1478780, 1478780, 2270, 0, 1478780),
            ReconciliationAccount(*b, "100013", 722400, 722400, 602000, 0, 120400, 722400),
        ),
        rows=(
            row(*a, "E40101", "M000000001", "Alvarez, Ada", 51230, 51230, None, Break.OK, None),
            row(*a, "E40102", "M000000002", "Brandt, Ben", 110160, 110160, 110160, Break.OK, None),
            row(*a, "E40103", "M000000003", "Chen, Chloé", 102925, 102925, 0, Break.UNPAID, _as("not in R000003")),
            row(*b, "E40104", "M000000004", "Dubois, Dmitri", 0, 0, 140000, Break.UNBILLED, ended),
            row(*b, "E40105", "M000000005", "Eriksen, Elena", 55080, 51230, 51230, Break.VARIANCE, plan),
            row(*b, "E40106", "M000000006", "Fischer, Farid", 110160, 0, None, Break.MISSED, _as("late add")),
            row(*b, "E40107", "M000000007", "Garcia, Grace", 0, 94800, 94800, Break.GHOST, _as("left")),
        ),
        suspense=20000,
        number=1,
        breaks=(
            (Break.UNPAID, 1), (Break.UNBILLED, 1), (Break.VARIANCE, 1), (Break.MISSED, 1),
            (Break.GHOST, 1),
        ),
        total=ReconciliationAccount("", "", "", 2112410, 2201180, 2080780, 2270, 120400, 2201180),
        aging=(Aging(a[0], 0, 0, 0, 0, 0, 0), Aging(b[0], 0, 120400, 60200, 0, 3010, 183610)),
        aging_total=Aging("", 0, 120400, 60200, 0, 3010, 183610),
        unplaced=(Unplaced("contoso", Nowhere.SUSPENSE, 1500), Unplaced("contoso", Nowhere.DEPOSIT, 199900)),
    )  # fmt: skip


# --- reading what was written ------------------------------------------------------------------------------

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
_TOKEN = re.compile(rb"/(f\d+) [\d.]+ Tf|(ET)\s|(\()", re.S)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.S)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if len(code) == 3 else _NAMED.get(code, code)


def _closing(content: bytes, at: int) -> int:
    """Return where the text that begins after an opening parenthesis ends; balanced ones inside are text."""
    depth = 1
    while depth:
        step = 2 if content[at] == ord("\\") else 1
        depth += {ord("("): 1, ord(")"): -1}.get(content[at], 0)
        at += step
    return at - 1


class _Pdf:
    """As much of a PDF reader as typst's output needs: the text a viewer finds, a line per text run."""

    def __init__(self, data: bytes) -> None:
        self.objects = {int(m[1]): m[2] for m in _OBJECT.finditer(data)}

    def _stream(self, number: int) -> bytes:
        found = _STREAM.search(self.objects[number])
        assert found
        return zlib.decompress(found[1]) if b"FlateDecode" in self.objects[number] else found[1]

    def _letters(self, font: int) -> dict[int, str]:
        link = re.search(rb"/ToUnicode (\d+)", self.objects[font])
        assert link
        pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", self._stream(int(link[1])))
        return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}

    def pages(self) -> list[str]:
        return [self._page(body) for body in self.objects.values() if b"/Type/Page/" in body]

    def _page(self, body: bytes) -> str:
        links = {name: int(n) for name, n in re.findall(rb"/(Resources|Contents) (\d+) 0 R", body)}
        listed = re.findall(rb"/(f\d+) (\d+) 0 R", self.objects[links[b"Resources"]])
        fonts = {name: self._letters(int(number)) for name, number in listed}
        content, at = self._stream(links[b"Contents"]), 0
        text, letters = "", {}
        while token := _TOKEN.search(content, at):
            at = token.end()
            if token[1]:
                letters = fonts[token[1]]
            elif token[2]:
                text += "\n"
            else:
                end = _closing(content, at)
                codes = struct.iter_unpack(">H", _ESCAPE.sub(_unescape, content[at:end]))
                text, at = text + "".join(letters.get(code, "?") for (code,) in codes), end + 1
        return text


@pytest.fixture
def pdf_pages() -> Callable[[bytes], list[str]]:
    """Return a reader of the text on each page of a PDF of ours."""
    return lambda data: _Pdf(data).pages()


@pytest.fixture
def golden() -> Callable[[str, bytes], None]:
    """Return a check against tests/golden/<name>; ROLLBOOK_GOLDEN=write writes the files anew for review."""

    def check(name: str, data: bytes) -> None:
        path = GOLDEN / name
        if os.environ.get("ROLLBOOK_GOLDEN") == "write":
            path.write_bytes(data)
        assert data == path.read_bytes(), f"{name} differs; if that is meant: ROLLBOOK_GOLDEN=write"

    return check
