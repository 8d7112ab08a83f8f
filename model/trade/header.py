"""What a set of an 834 is (BGN01, BGN08), and what it counts (QTY01): docs/domain.md, The header."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from model.trade.table import Row, Table


class Purpose(StrEnum):
    """Whether a set was sent before."""

    ORIGINAL = "original"
    RESUBMISSION = "resubmission"  # names the set it stands for
    COPY = "copy"  # applies nothing


ORIGINAL: Final = "00"
PURPOSES = Table(
    "BGN01",
    "834 header BGN01; X12 list 353",
    ("purpose",),
    (
        Row(ORIGINAL, "Original", Purpose.ORIGINAL),
        Row("15", "Resubmission", Purpose.RESUBMISSION),
        Row("22", "Information copy", Purpose.COPY),
    ),
)


class Action(StrEnum):
    """What is to be done with a set."""

    CHANGE = "change"
    VERIFY = "verify"  # compares, applies nothing
    REPLACE = "replace"  # a full file, by which absence is reported


CHANGE_SET: Final = "2"
REPLACE_SET: Final = "RX"
ACTIONS = Table(
    "BGN08",
    "834 header BGN08; X12 list 306",
    ("action",),
    (
        Row(CHANGE_SET, "Change", Action.CHANGE),
        Row("4", "Verify", Action.VERIFY),
        Row(REPLACE_SET, "Replace", Action.REPLACE),
    ),
)
FULL = frozenset(ACTIONS.having(Action.VERIFY, Action.REPLACE))  # a set that holds everybody

UNREADABLE: Final = -1  # in the place of a total that is no whole number
DEPENDENTS_TOTAL: Final = "DT"
EMPLOYEES_TOTAL: Final = "ET"
MEMBERS_TOTAL: Final = "TO"
QUANTITIES = Table(
    "QTY01",
    "834 header QTY01; X12 list 673",
    (),
    (
        Row(DEPENDENTS_TOTAL, "Dependents", None),
        Row(EMPLOYEES_TOTAL, "Employees", None),
        Row(MEMBERS_TOTAL, "Members", None),
    ),
)
