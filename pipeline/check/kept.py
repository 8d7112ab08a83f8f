"""What a check keeps while it reads: findings, so many of them, and SSNs that two people share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from model.documents.check import CheckedFile, CheckedInterchange, Outcome
from model.enrollment.events import EnrollmentEvent
from model.finding import Finding, Severity
from model.x12 import TransactionSet

MOST_LISTED = 5_000  # findings of one file: errors, and as many others


class Kept:
    """The findings of a file, so many of them listed, all counted."""

    def __init__(self) -> None:
        self.counts: Counter[Severity] = Counter()
        self._listed: list[Finding] = []
        self._room = {True: MOST_LISTED, False: MOST_LISTED}

    def add(self, findings: Iterable[Finding]) -> None:
        """Take findings; beyond what is listed they are counted."""
        for finding in findings:
            self.counts[finding.severity] += 1
            error = finding.severity is Severity.ERROR
            if self._room[error]:
                self._room[error] -= 1
                self._listed.append(finding)

    def result(
        self,
        name: str,
        kind: str,
        size: int,
        outcome: Outcome,
        interchanges: tuple[CheckedInterchange, ...] = (),
        rows: int = 0,
    ) -> CheckedFile:
        """Return the checked file with its findings in file order."""
        listed = tuple(sorted(self._listed, key=lambda one: (one.where.segment, one.where.element)))
        counts = tuple((kind, self.counts[kind]) for kind in Severity)
        left = sum(self.counts.values()) - len(listed)
        return CheckedFile(name, kind, size, outcome, interchanges, listed, counts, rows, left)


@dataclass(slots=True)
class Twice:
    """SSNs under which two people stand in one set. Keeps two numbers for each SSN, no value."""

    found: dict[int, set[int]] = field(default_factory=dict)  # by the ordinal of the ST
    _set: int = 0
    _people: dict[int, int] = field(default_factory=dict)

    def open(self, header: TransactionSet) -> None:
        """Begin a set."""
        self._set, self._people = header.segment, {}

    def see(self, event: EnrollmentEvent) -> None:
        """Take a member."""
        if event.ssn:
            key, person = hash(event.ssn), hash((event.person.name.first.strip().upper(), event.person.birth))
            if self._people.setdefault(key, person) != person:
                self.found.setdefault(self._set, set()).add(key)
