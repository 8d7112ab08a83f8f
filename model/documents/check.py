"""What a sender's check of its own files comes to: verdicts per level, findings, the file with masked data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.agreement.terms import Contact
from model.enrollment.decision import FileState
from model.finding import Finding, Severity
from model.x12 import Verdict

# Guides that arrive in practice and are not taken (docs/domain.md, Guides): named, so that a sender knows which
# one it sent.
OTHER_GUIDES = {
    "005010X306": "premium payments of an exchange",
    "005010X307": "enrollment in an exchange",
    "005010X307A1": "enrollment in an exchange",
    "005010X318": "enrollment with an exchange's issuer",
    "005010": "no implementation guide named",
    "004010": "no implementation guide named",
}

# A check has no store, so that it cannot foretell what only the books cause.
_NO_STORE = (
    "What we hold: who is covered, what was billed and paid, which files came before. What is rejected or waits "
    "because of it shows when the file is received."
)
_NO_TERMS = "The rules of the groups: no terms were given."


def counted(count: int, name: str) -> str:
    """Return a count with its noun: `1 member`, `1,204 members`."""
    return f"{count:,} {name}" + ("" if count == 1 else "s")


class Outcome(StrEnum):
    """What would become of a file if it were sent as it is."""

    ACCEPTED = "accepted"
    WAITING = "waiting"  # taken, but something waits for a person
    PARTIAL = "partial"  # some sets or members would be rejected
    REJECTED = "rejected"  # nothing would be taken
    UNREADABLE = "unreadable"
    REPORTED = "reported"  # decided and told, and nothing changed: a verification, a copy or a test

    @classmethod
    def of(cls, state: FileState, *, refused: bool) -> Outcome:
        """Return what the state that a file would end in means to its sender.

        `refused`: anything in it is an error.
        """
        settled = {FileState.REJECTED: cls.REJECTED, FileState.REPORTED: cls.REPORTED}
        settled |= dict.fromkeys((FileState.APPLIED, FileState.MATCHED), cls.ACCEPTED)
        return settled.get(state, cls.PARTIAL if refused else cls.WAITING)

    @property
    def clean(self) -> bool:
        """Say whether nothing would be rejected, and nothing wait for a person."""
        return self in (Outcome.ACCEPTED, Outcome.REPORTED)


@dataclass(frozen=True, slots=True)
class CheckedSet:
    """One transaction set and the IK5 it would get."""

    kind: str
    control: str
    version: str
    segment: int  # ordinal of the ST in the file
    segments: int
    members: int
    verdict: Verdict
    codes: tuple[str, ...]  # IK502 ...

    @property
    def content(self) -> str:
        """Say what the set holds, and of a guide that is not taken what it is for."""
        other = OTHER_GUIDES.get(self.version, "")
        named = f"{self.version}: {other}, not taken; " if other else ""
        held = counted(self.segments, "segment") + (f", {counted(self.members, 'member')}" if self.members else "")
        return named + held


@dataclass(frozen=True, slots=True)
class CheckedFunctionalGroup:
    """One functional group and the AK9 it would get. `sets` may be cut: `received` counts all."""

    code: str
    control: str
    version: str
    segment: int
    verdict: Verdict
    codes: tuple[str, ...]  # AK905 ...
    declared: int
    received: int
    accepted: int
    answered: bool  # by a 999: a rejected interchange and an acknowledgment get none
    lost: bool  # with its interchange, or by itself: what is right in its sets counts for nothing
    named: bool  # the 999 names its sets: not those of a group that is not taken for who it is from
    sets: tuple[CheckedSet, ...]


@dataclass(frozen=True, slots=True)
class CheckedInterchange:
    """One interchange and the TA1 it would get."""

    sender: str  # ISA05:ISA06
    receiver: str
    control: str
    usage: str
    segment: int
    verdict: Verdict
    code: str  # TA105
    answered: bool  # by a TA1
    groups: tuple[CheckedFunctionalGroup, ...]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A segment of the file, masked. `pieces` are (text, at fault); `findings` index the file's findings."""

    number: int
    name: str  # segment ID
    pieces: tuple[tuple[str, bool], ...]
    findings: tuple[int, ...]
    near: bool  # at most a few segments from a finding


@dataclass(frozen=True, slots=True)
class Fold:
    """Segments that are not shown, between those that are."""

    first: int
    segments: int


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One checked file."""

    name: str
    kind: str  # X12, CSV, XLSX, or empty: neither
    size: int  # bytes
    outcome: Outcome
    interchanges: tuple[CheckedInterchange, ...]
    findings: tuple[Finding, ...]  # in file order
    counts: tuple[tuple[Severity, int], ...]  # of all findings, listed or not
    rows: int = 0  # of a census
    left_out: int = 0  # findings beyond those listed
    lines: tuple[ShownLine | Fold, ...] = ()

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity there are."""
        return dict(self.counts).get(severity, 0)

    def sets(self) -> Iterator[CheckedSet]:
        """Yield the listed sets of all groups."""
        return (
            transaction_set
            for interchange in self.interchanges
            for group in interchange.groups
            for transaction_set in group.sets
        )


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All files of one run. `against`: the names of the groups whose rules were asked; empty: the guides alone.

    `unread`: of each file that could not be read, why, in words.
    """

    files: tuple[CheckedFile, ...]
    on: date
    against: tuple[str, ...]
    carrier: str
    contact: Contact
    unread: tuple[str, ...] = ()

    @property
    def unseen(self) -> tuple[str, ...]:
        """Say what was not looked at, in sentences: a clean check promises nothing about it."""
        return (_NO_STORE,) if self.against else (_NO_TERMS, _NO_STORE)

    @property
    def clean(self) -> bool:
        """Say whether nothing would be rejected, and nothing wait for a person."""
        return all(file.outcome.clean for file in self.files)
