"""A census spreadsheet as read: one value per member row, before anything is looked up or decided.

Rows and columns count from 1 as a spreadsheet shows them. A file is recognised by its content, never by its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from model.enrollment.actions import Action
from model.enrollment.events import Demographics
from model.finding import Finding, Where
from model.trade.member import SELF

# (field, column) pairs: where each value of a row stands.
Columns = tuple[tuple[str, int], ...]

# Headings of what we add to a sheet that goes back: nobody has to read them where it comes again.
ADDED = ("Rollbook Status", "Rollbook Message", "Rollbook: How to fix it", "Rollbook Row")
ROW_KEY = ADDED[-1]  # the heading of the rows' keys (vault.rowkeys)


class Lost(StrEnum):
    """Why it is not known what a masked cell of a row that comes back stood for."""

    NO_KEY = f'the row has no key of ours (column "{ROW_KEY}")'
    NOT_OURS = f'the row\'s key (column "{ROW_KEY}") is not one that we gave you'
    ANOTHERS = f'the row\'s key (column "{ROW_KEY}") is that of another row'
    GONE = "what you sent first is not kept any more"
    UNSEEN = "unseen"  # a check looks nothing up: a receipt may know


@dataclass(frozen=True, slots=True)
class Election:
    """What a row says of one line of coverage. Empty text and None: not said."""

    line: str  # medical, dental ...; empty where the columns name none
    plan: str  # as written
    tier: str  # HD05 code
    begin: date | None
    end: date | None  # last covered day
    waived: bool
    columns: Columns = ()


@dataclass(frozen=True, slots=True)
class CensusRow:
    """One person's row. `number` counts the member rows of the file from 1, `place` everything that it shows."""

    number: int
    place: int  # of the row among all sheets and their rows; a sheet has a place before its first row
    sheet: str  # empty in a CSV
    row: int
    relationship: str  # INS02 code; empty: the sheet has no such column
    action: str  # INS03 code; empty: not said
    reason: str  # INS04 code
    cobra_event: str  # INS07 code
    family: str  # the sheet's own key of a household
    subscriber_number: str
    member_number: str
    group: str
    subgroup: str
    ssn: str  # nine digits, or empty
    person: Demographics
    status: str  # FT, PT, or C for COBRA
    student: bool
    handicapped: bool
    hire: date | None
    begin: date | None  # first and last covered day, as the columns without a line's name say
    end: date | None
    elections: tuple[Election, ...]
    columns: Columns
    findings: tuple[Finding, ...]
    hidden: Lost | None = None  # of a masked SSN, why it is not known
    unchanged: str = ""  # the key of a row that came back as we sent it
    whose: str = ""  # of somebody beside the employee, as the headings call them: "dep 2"; else empty

    @property
    def is_employee(self) -> bool:
        """Say whether the row is the subscriber's."""
        return self.relationship in ("", SELF)

    def where(self, name: str = "") -> Where:
        """Return the cell of a field; the row when it has none."""
        return Where(segment=self.row, segment_id="row", element=dict(self.columns).get(name, 0), loop=self.sheet)


@dataclass(frozen=True, slots=True)
class HousedRow:
    """A row in its family: the number it is known by (REF*0F), and its employee's row when the file has one."""

    row: CensusRow
    number: str  # empty: nothing to know it by
    head: CensusRow | None


@dataclass(frozen=True, slots=True)
class CensusSheet:
    """One sheet as sent, cell texts only, with what we made of its columns."""

    name: str
    cells: Sequence[Sequence[str]]
    header: int = 0  # row of the (last) header; 0: not a sheet of members
    fields: tuple[str, ...] = ()  # our field of each column, empty where we do not read it
    own: int = 0  # columns before those that we had added; 0: we added none
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row and column, last row and column, from 0


class Asks(StrEnum):
    """What a column looks like that is not read, by its heading."""

    PERSON = "a person"
    DATE = "a date"
    STATUS = "a status"
    COVERAGE = "what somebody has of a line of coverage"
    NOTHING = ""  # none of these
    ASIDE = "aside"  # known, and nothing that enrollment goes by


@dataclass(frozen=True, slots=True)
class Unread:
    """A column with values that is not read: where its heading stands, and the heading as the sheet has it."""

    where: Where
    heading: str
    asks: Asks
    line: str = ""  # code of the line of coverage that the heading names


@dataclass(frozen=True, slots=True)
class CensusFile:
    """A whole file: its sheets, its member rows, and what is wrong with it as a file (then there are no rows)."""

    kind: str  # CSV or XLSX
    sheets: tuple[CensusSheet, ...]
    rows: tuple[CensusRow, ...]
    findings: tuple[Finding, ...]
    body_hash: str = ""
    unread: tuple[Unread, ...] = ()
    from_1904: bool = False  # how the workbook counts days


@dataclass(frozen=True, slots=True)
class RowAction:
    """What was done with one line of coverage of a row, or (line "") with its member."""

    line: str
    plan: str
    action: Action


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of one row, for the sender: disposition, what is wrong, what to do, what was done."""

    row: int
    disposition: str
    message: str
    fix: str
    done: tuple[RowAction, ...] = ()
    people: tuple[RowAnswer, ...] = ()  # where several people stand in the row: to each what is said of it alone
    key: str = ""  # signed, by which the row is known when it comes back
    faults: tuple[tuple[int, str], ...] = ()  # columns (from 1) that findings are about, with their severity


@dataclass(frozen=True, slots=True)
class ReturnedSheet:
    """One sheet on its way back. Its rows lie beside the statement; within it only those of before."""

    name: str
    cells: tuple[tuple[str, ...], ...]
    header: int  # row of the headings; 0: not a sheet of members
    width: int  # columns before those that we add
    answers: tuple[RowAnswer, ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row and column, last row and column, from 0


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """What lies beside the statement at a row's place: first the sender's cells, SSNs masked, then our answer.

    Before the rows of a sheet, at row 0, the sheet itself.
    """

    row: int
    cells: tuple[str, ...] = ()
    answer: RowAnswer | None = None
    sheet: ReturnedSheet | None = None
    whose: tuple[str, ...] = ()  # of a row with several people: whose columns they are, the employee's first ("")


@dataclass(frozen=True, slots=True)
class CensusReturn:
    """The sender's own spreadsheet, with status, message and fix per row."""

    file: str  # file id
    form: str  # CSV or XLSX, as it came
    produced: datetime  # the plan's local time of receipt
    sheets: tuple[ReturnedSheet, ...]
