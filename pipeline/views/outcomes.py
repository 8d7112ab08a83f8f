"""What the commands that change or write something answer. Names in `_cents` are cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.agreement.terms import Terms
from model.money.cents import Cents
from pipeline.views.findings import FindingView

ROSTER_FORMS = ("csv", "xlsx", "834")


@dataclass(frozen=True, slots=True)
class WrittenView:
    """A file that was written."""

    file: str


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What was wrongly asked, or broke, in place of an answer; and the exit code."""

    error: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class DraftView:
    """Drafted terms, as TOML."""

    draft: str


@dataclass(frozen=True, slots=True)
class InitView:
    """An installation that is there now, and what was made for it: a new key file, records of keys (ids)."""

    home: str
    environment: str
    keys_made: bool
    keys_recorded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RestoredView:
    """What a restored store does not know."""

    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class PrunedView:
    """What went out of the store: of so many files, received before a day, and of what was delivered before it.

    `problem`: why nothing went, in words.
    """

    before: date
    files: int
    index: int  # entries of the member index
    unchanged: int  # lines of members that changed nothing
    statements: int  # of documents that are in the archive
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """One thing that happened with one partner; `documents` are paths within the folder `home`."""

    day: date
    partner: str
    what: str
    outcome: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoView:
    """What the demo made: the page that links everything, and its steps in order."""

    home: str
    outbox: str
    page: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class TermsView:
    """A group's terms as loaded last, and the TOML that they were loaded from."""

    group: str
    terms: Terms
    source: str


@dataclass(frozen=True, slots=True)
class DepositOutcomeView:
    """What became of a deposit of some cents, in words; `done` is false where nothing was done."""

    deposit: int
    amount_cents: Cents
    outcome: str
    done: bool = True
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VoidedView:
    """An invoice (its own charges in cents) that was voided; `problem`: why it was not."""

    invoice: str
    account: str
    total_cents: Cents
    done: bool
    problem: str = ""
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedView:
    """An invoice whose documents were written again."""

    invoice: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetriedView:
    """A document that was tried again, by its key; what its partner was owed and lies published now."""

    key: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnrestrictedView:
    """Whose restriction (INS13 = R) it is, and whether it still stands; `problem`: why nothing was done."""

    member: str
    restricted: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RosterExportView:
    """An exported roster: how many members and lines of coverage, where it was written, what would not arrive.

    `written` is false where no file was made; `documents` says where it lies once it is published.
    """

    group: str
    format: str
    partner: str
    members: int
    lines: int
    documents: tuple[str, ...]
    findings: tuple[FindingView, ...]
    written: bool
