"""A worksheet that came back, as it is read: the headings are ours, the rows the payer's. Money in cents.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.finding import Finding, Where
from model.money.cents import Cents

# Headings of the worksheet: what the payer fills in, and what says whom a row is about.
ACCOUNT, MONTH, PLAN, TIER, MEMBER = "Account", "Month", "Plan", "Tier", "Member ID"
WE_COUNT, WE_COMPUTE = "Our People", "Our Amount"
PEOPLE, AMOUNT = "People", "Amount"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row. None: not filled in."""

    number: int  # row of the sheet, from 1
    key: str  # "" of a row that was added
    plan: str
    tier: str
    people: int | None
    cents: Cents | None
    sheet: str = ""
    columns: tuple[tuple[str, int], ...] = ()  # heading and its column, from 1
    member: str = ""  # member ID, as it stands there

    def where(self, heading: str = "") -> Where:
        """Return the position of a cell, or of the row."""
        return Where(
            segment=self.number, segment_id="row", element=dict(self.columns).get(heading, 0), loop=self.sheet
        )


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A whole worksheet: its rows, and what is wrong with it."""

    kind: str  # CSV or XLSX
    rows: tuple[SheetRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    body_hash: str = ""
