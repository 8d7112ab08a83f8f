"""What became of a change that was asked for at the door (pipeline.inputs). Money in cents, all days inclusive."""

from __future__ import annotations

from dataclasses import dataclass

from billing.terms_effect import Effect, MonthEffect
from enrollment.ending import BeyondPlan, Ended
from model.agreement.terms import TermsFile
from model.documents.statement import ConsolidatedInvoice, InvoiceStatement
from model.exchange import ReceivedFile
from model.finding import Finding
from model.money.cents import Cents

ROSTER_FORMS = ("csv", "xlsx", "834")


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found with one partner: the files that it claimed, and what kept others away.

    Without a partner: the files that earlier runs had left and that are done now, and what keeps others.
    """

    partner: str
    channel: str  # folder, sftp, s3
    files: tuple[ReceivedFile, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Billed:
    """What billing one group's month came to."""

    group: str
    issued: tuple[InvoiceStatement, ...]
    already: tuple[str, ...]  # accounts that had their invoice before
    findings: tuple[Finding, ...]
    held: tuple[str, ...] = ()  # accounts without an invoice, since a month of theirs cannot be priced
    consolidated: ConsolidatedInvoice | None = None  # where something was issued and the group has several bills


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of what was asked for a deposit, in words; `done` is false where it was refused."""

    deposit: int
    cents: Cents
    outcome: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a terms file: what it holds, whether it was stored, what speaks against it, its effect."""

    file: TermsFile | None  # None: it cannot be read
    stored: bool
    findings: tuple[Finding, ...]
    effect: Effect


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends of a group's coverage, and what that changes in the books; done or not."""

    group: str
    ended: tuple[Ended, ...]
    past: int  # members who lose coverage on days that have been
    months: tuple[MonthEffect, ...]
    beyond_plans: tuple[BeyondPlan, ...]  # who stays, after the plan's end
    done: bool = False
    problem: str = ""  # why it was not done, in words


@dataclass(frozen=True, slots=True)
class Unrestricting:
    """Whose restriction it is, and whether it still stands."""

    member: str
    restricted: bool
    problem: str = ""  # why nothing was done, in words


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to; `key` finds the document in the outbox, empty when there is none."""

    key: str
    partner: str  # whose form an 834 has, or who gets the document
    members: int
    lines: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Installed:
    """What `init` found to do."""

    keys_made: bool  # a new key file: the caller must say so, since losing it loses the archive
    keys_recorded: tuple[str, ...]  # ids of keys that the store did not know before
