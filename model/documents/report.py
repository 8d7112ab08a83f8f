"""The business report: what became of one received file, line by line (docs/design.md, Documents)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from model.agreement.terms import Contact
from model.enrollment.actions import Action
from model.enrollment.decision import Disposition
from model.finding import Severity
from model.money.cents import Cents
from model.x12 import ShownSegment

LOOKED_AGAIN = "looked-again"  # the kind of a supplement that no decision made


class Urgency(IntEnum):
    """What a reader does about a row, most urgent first."""

    RESEND = 0
    WAIT = 1
    CHECK = 2
    NOTHING = 3


@dataclass(frozen=True, slots=True)
class Portion:
    """Where a part of a remittance line's money went."""

    cents: Cents
    credit: str  # the ledger account that it came to
    invoice: str  # that it pays, "" for none


@dataclass(frozen=True, slots=True)
class PaidLine:
    """What became of the money of one remittance line."""

    cents: Cents
    portions: tuple[Portion, ...]
    reason: str  # why nothing was posted, as its finding says it; "" where it was


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row of a business report: a member line, or a finding on the file (docs/domain.md, Masking).

    What a row says nothing of is left empty.
    """

    set: str = ""
    segment: int = 0
    group: str = ""
    subgroup: str = ""
    subscriber: str = ""  # masked
    member: str = ""  # member ID, or "" when none yet
    name: str = ""
    relationship: str = ""
    line: str = ""
    plan: str = ""
    disposition: str = ""
    cause: str = ""
    action: Action | None = None
    code: str = ""
    severity: str = ""
    where: str = ""
    message: str = ""
    fix: str = ""
    context: tuple[ShownSegment, ...] = ()  # the finding's segment between its neighbours, masked
    paid: PaidLine | None = None  # of a remittance line, in the place of an action

    @property
    def segment_text(self) -> str:
        """Return the finding's own segment, masked; empty where none can be shown."""
        return next((line.text for line in self.context if line.here), "")

    @property
    def urgency(self) -> Urgency:
        """Return what the reader does about it."""
        if self.disposition == Disposition.REJECTED or self.severity == Severity.ERROR:
            return Urgency.RESEND
        if self.disposition in (Disposition.PENDED, Disposition.HELD) or self.severity == Severity.PEND:
            return Urgency.WAIT
        return Urgency.CHECK if self.severity == Severity.WARNING else Urgency.NOTHING

    @property
    def rank(self) -> int:
        """Return its place in a report: the most urgent first, and of those what is wrong with the file itself.

        Rows of one rank stay in the order of the file.
        """
        return 2 * self.urgency + bool(self.subscriber)


@dataclass(frozen=True, slots=True)
class Omitted:
    """How many of those who belong into it (`of_`) a full file does not name, in one subgroup ("": in none).

    `lines` are those of them, and those that are missing of somebody who is named. `cents` are what a month of it
    is billed; None: not for this reader.
    """

    group: str
    subgroup: str
    subscribers: int
    dependents: int
    lines: int
    of_subscribers: int
    of_dependents: int
    of_lines: int
    cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class BusinessReport:
    """What became of one received file: the counts a reader wants first, and its rows.

    Rows lie beside a stored report (store.received.statement_rows); within it only where it is small, or of before
    they did.
    """

    carrier: str
    contact: Contact
    partner: str
    file: str  # file id
    file_name: str
    kind: str
    received: datetime
    state: str
    counts: tuple[tuple[str, int], ...]
    rows: tuple[ReportRow, ...] = ()
    omitted: tuple[Omitted, ...] = ()  # of its full files


@dataclass(frozen=True, slots=True)
class Supplement:
    """What became of lines of a file that people decided after its report: the same columns, for those alone.

    `report` has their counts, and the file's state as it is now; the rows lie beside the statement as a report's
    do, under a key of the set's place in its file, from 1, and the round of decisions on it.
    """

    report: BusinessReport
    number: int  # of the decision; 0: none, LOOKED_AGAIN
    kind: str  # model.enrollment.ruling.Kind, or LOOKED_AGAIN
    decided: datetime  # the plan's local time
    set: int
    round: int
