"""How roster, invoice and remittance agree for one subscriber's month, and money that is of no group.

Source: docs/domain.md, Reconciliation.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    HEADCOUNT = "headcount-variance"  # a remittance counts others than the roster has (SLN)
    UNKNOWN = "unknown"  # a remittance line of somebody who is not on the roster
    HELD = "unassigned"  # money without an account that can be this group's


APART = frozenset({Break.UNKNOWN, Break.HELD})  # rows of money without an account: told to whose it is alone


class Nowhere(StrEnum):
    """Why a partner's money is not known to be of a group."""

    SUSPENSE = "suspense"  # its remittance names no group
    DEPOSIT = "deposit"  # it waits for its remittance


class Reply(StrEnum):
    """What a row of a reconciliation's workbook may be answered with, as it is written there."""

    ACCEPT = "accept"  # the variance is right as it is
    ASSIGN = "assign"  # the money belongs where the row's next cell says
    ENROLLMENT = "ask enrollment"  # who is covered, and since when?
    TERMINATION = "ask whether terminated"


_OF_PERSON = (Reply.ACCEPT, Reply.ENROLLMENT, Reply.TERMINATION)
_OF_MONEY = (Reply.ASSIGN, Reply.ENROLLMENT, Reply.ACCEPT)
REPLIES: Mapping[Break, tuple[Reply, ...]] = {
    Break.UNPAID: _OF_PERSON,
    Break.UNBILLED: (Reply.ACCEPT, Reply.ENROLLMENT),
    Break.VARIANCE: _OF_PERSON,
    Break.MISSED: (Reply.ACCEPT, Reply.ENROLLMENT),
    Break.GHOST: _OF_PERSON,
    Break.OUTSIDE: (Reply.ENROLLMENT, Reply.TERMINATION),
    Break.UNPRICED: (Reply.ENROLLMENT,),
    Break.HEADCOUNT: (Reply.ACCEPT, Reply.ENROLLMENT),
    Break.UNKNOWN: _OF_MONEY,
    Break.HELD: (Reply.ASSIGN, Reply.ACCEPT),
}
"""Of what each kind of row may be answered with; of one that agrees, nothing."""
