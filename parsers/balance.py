"""Whether a remittance adds up, told in the terms of what was sent: an 820's segments, or an allocation's rows.

Source: docs/domain.md, Balance; Allocations.
"""

from __future__ import annotations

from model.finding import ROW, Finding
from model.money.remittance import Remittance
from parsers.allocation import sheet
from parsers.x12 import remittance820


def balance(remittance: Remittance) -> list[Finding]:
    """Return why a remittance does not add up; any finding suspends it whole."""
    of_rows = remittance.where.segment_id == ROW
    return (sheet.balance if of_rows else remittance820.balance)(remittance)
