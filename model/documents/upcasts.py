"""From one version of a stored statement to the next: pure, and for ever (docs/design.md, Documents).

An upcast takes the statement's JSON value as an older release stored it and returns it as the next version has it.
What an older version did not keep is not invented.
"""

from __future__ import annotations

from typing import Any

from model.enrollment.actions import Did
from model.money.ledger import AccountKind
from model.money.notes import Remark
from model.money.reasons import Why

Value = dict[str, Any]  # a statement as JSON has it

_NOTHING_MOVED = dict.fromkeys(("reversals", "refunds", "transfers", "write_offs"), 0)


def invoice_2(invoice: Value) -> Value:
    """Version 1 held the reasons of corrections as sentences; they stay as they were written."""
    lines = [line | {"legend": [_written(line["legend"])] if line["legend"] else []} for line in invoice["lines"]]
    rows = [row | {"reason": _written(row["reason"]) if row["reason"] else None} for row in invoice["adjustments"]]
    return invoice | {"lines": lines, "adjustments": rows}


def invoice_3(invoice: Value) -> Value:
    """Until version 2 nothing but payments moved on an account between its invoices, and there were no fees."""
    return invoice | _NOTHING_MOVED | {"activity": []}


def voided_2(page: Value) -> Value:
    """The invoice within is one of version 3."""
    return page | {"invoice": invoice_3(page["invoice"])}


def consolidated_3(cover: Value) -> Value:
    """The bills under a cover are invoices of version 3."""
    return cover | _NOTHING_MOVED | {"bills": [invoice_3(bill) for bill in cover["bills"]]}


def consolidated_2(cover: Value) -> Value:
    """The bills under a cover are invoices."""
    return cover | {"bills": [invoice_2(bill) for bill in cover["bills"]]}


def receipt_2(receipt: Value) -> Value:
    """Version 1 said in words where money went, and why."""
    return receipt | {"lines": [line | _place(line["what"]) | _noted(line) for line in receipt["lines"]]}


def receipt_3(receipt: Value) -> Value:
    """Version 2 did not keep how the money came, nor what was left to pay after it."""
    return receipt | {"method": "", "banked": None, "remaining": []}


def notice_2(notice: Value) -> Value:
    """Of version 1 there was one a day."""
    return notice | {"number": 1}


def premium_2(notice: Value) -> Value:
    """Version 1 did not name debit memos."""
    return notice | {"memos": []}


def reconciliation_2(reconciliation: Value) -> Value:
    """Version 1 held its notes as sentences; they stay as they were written."""
    return reconciliation | {"rows": [row | _noted(row) for row in reconciliation["rows"]]}


def reconciliation_3(reconciliation: Value) -> Value:
    """Until version 2 nothing was ever written off."""
    total, none = reconciliation["total"], {"written_off": 0}
    accounts = [account | none for account in reconciliation["accounts"]]
    return reconciliation | {"accounts": accounts, "total": total and total | none}


def reconciliation_4(reconciliation: Value) -> Value:
    """Until version 3 no row was answered, and none was of a payment."""
    more: Value = {"payment": "", "line": 0, "partner": "", "key": "", "subject": "", "accepted": None}
    return reconciliation | {"rows": [row | more for row in reconciliation["rows"]]}


def report_2(report: Value) -> Value:
    """Version 1 said in words what was done; they stay as they were written."""
    return report | {"rows": [row | {"action": _acted(row["action"]), "paid": None} for row in report["rows"]]}


def census_2(census: Value) -> Value:
    """Version 1 said what was done at the end of a row's message, where it stays."""
    sheets = [
        sheet | {"answers": [answer | {"done": []} for answer in sheet["answers"]]} for sheet in census["sheets"]
    ]
    return census | {"sheets": sheets}


def _acted(words: str) -> Value | None:
    return {"kind": Did.AS_WRITTEN.value, "about": [words]} if words else None


def _place(what: str) -> Value:
    """Return where money went: `invoice 100001`, `credit on account`, `credit for 2027-02`, `suspense`."""
    first, _, month = what.partition(" for ")
    if month:
        return {"what": AccountKind.AHEAD.value, "month": month}
    kinds = {"invoice": AccountKind.RECEIVABLE, "credit": AccountKind.UNAPPLIED}
    return {"what": kinds.get(first.split(" ")[0], AccountKind.SUSPENSE).value}


def _noted(line: Value) -> Value:
    """Return a line's note as it was written, None for none."""
    written = {"kind": Remark.AS_WRITTEN.value, "about": [line["note"]]}
    return {"note": written if line["note"] else None}


def _written(sentence: str) -> Value:
    return {"why": Why.AS_WRITTEN.value, "arguments": [sentence]}


def roster834_2(roster: Value) -> Value:
    """Version 2 names the key under which its members lie; of version 1 all lie within."""
    return roster | {"key": ""}


def report_3(report: Value) -> Value:
    """Version 2 did not count whom full files omit."""
    return report | {"omitted": []}


def supplement_2(supplement: Value) -> Value:
    """The report within is one of version 3."""
    return supplement | {"report": report_3(supplement["report"])}


def roster834_3(roster: Value) -> Value:
    """Version 2 did not place its totals, nor have REFs under HD, SSNs that are none or other facts."""
    more: Value = {"no_ssn": [], "told": [], "unkept": []}
    members = [
        member | more | {"coverages": [line | {"references": []} for line in member["coverages"]]}
        for member in roster["members"]
    ]
    return roster | {"header": roster["header"] | {"quantity_segments": []}, "members": members}
