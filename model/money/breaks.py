"""How roster, invoice and remittance agree for one subscriber's month, and money that is of no group.

Source: docs/domain.md, Reconciliation.
"""

from __future__ import annotations

from enum import StrEnum


class Break(StrEnum):
    """The result of a reconciliation's row; all but OK differ. The value stands in stored statements."""

    OK = "ok"
    UNPAID = "billed-unpaid"
    UNBILLED = "paid-unbilled"
    VARIANCE = "rate-variance"
    MISSED = "roster-unbilled"
    GHOST = "billed-not-on-roster"
    OUTSIDE = "outside-agreement"  # coverage beyond what is agreed for group, subgroup or plan
    UNPRICED = "not-priced"


class Nowhere(StrEnum):
    """Why a partner's money is not known to be of a group."""

    SUSPENSE = "suspense"  # its remittance names no group
    DEPOSIT = "deposit"  # it waits for its remittance
