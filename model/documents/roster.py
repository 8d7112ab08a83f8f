"""A group's roster as it goes to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from model.agreement.terms import Contact
from model.enrollment.roster import RosterLine


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One coverage on a roster for people: subscriber number and SSN masked."""

    line: RosterLine
    ssn: str  # masked
    subgroup_name: str
    plan_name: str
    paid: date | None = None  # the last day that is paid for the family; None: none is, or nobody may be told


@dataclass(frozen=True, slots=True)
class RosterStatement:
    """A group's roster for people, as CSV or XLSX."""

    form: str  # csv, xlsx
    number: int  # of the export, for its name
    carrier: str
    contact: Contact
    group: str
    group_name: str
    produced: datetime  # the plan's local time
    on: date | None  # only what covers that day; None: all that is known, past and future
    rows: tuple[RosterRow, ...] = ()  # of rosters of before: now they lie beside it
    known_on: date | None = None  # by what was known at the end of that day; None: when it was produced
