"""From one version of a stored statement to the next: pure, and for ever (docs/design.md, Documents).

An upcast takes the statement's JSON value as an older release stored it and returns it as the next version has it.
What an older version did not keep is not invented.
"""

from __future__ import annotations

from typing import Any

from model.money.reasons import Why

Value = dict[str, Any]  # a statement as JSON has it


def invoice_2(invoice: Value) -> Value:
    """Version 1 held the reasons of corrections as sentences; they stay as they were written."""
    lines = [line | {"legend": [_written(line["legend"])] if line["legend"] else []} for line in invoice["lines"]]
    rows = [row | {"reason": _written(row["reason"]) if row["reason"] else None} for row in invoice["adjustments"]]
    return invoice | {"lines": lines, "adjustments": rows}


def consolidated_2(cover: Value) -> Value:
    """The bills under a cover are invoices."""
    return cover | {"bills": [invoice_2(bill) for bill in cover["bills"]]}


def _written(sentence: str) -> Value:
    return {"why": Why.AS_WRITTEN.value, "arguments": [sentence]}
