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
    """SSNs under which two people stand in one set. Keeps some numbers for each SSN, no value.

    `found`, by the ordinal of the ST: of each, whether all of them are of one family, its subscriber among them.
    """

    found: dict[int, dict[int, bool]] = field(default_factory=dict)
    rows: dict[int, list[int]] = field(default_factory=dict)  # of a census: where each SSN stands
    _set: int = 0
    _first: dict[int, tuple[int, int]] = field(default_factory=dict)  # person and family
    _subscriber: dict[int, int] = field(default_factory=dict)
    _apart: set[int] = field(default_factory=set)  # of several families, or several subscribers
    _shared: set[int] = field(default_factory=set)

    def open(self, header: TransactionSet) -> None:
        """Begin a set."""
        self._set, self._first, self._subscriber = header.segment, {}, {}
        self._apart, self._shared = set(), set()

    def see(self, event: EnrollmentEvent) -> None:
        """Take a member."""
        if not event.ssn:
            return
        key, person = hash(event.ssn), hash((event.person.name.first.strip().upper(), event.person.birth))
        family = hash(event.subscriber_number)
        if event.is_row:
            self.rows.setdefault(key, []).append(event.segment)
        first, of = self._first.setdefault(key, (person, family))
        if of != family or (event.is_subscriber and self._subscriber.setdefault(key, person) != person):
            self._apart.add(key)
        if first != person:
            self._shared.add(key)
        if key in self._shared:
            at_home = key in self._subscriber and key not in self._apart
            self.found.setdefault(self._set, {})[key] = at_home
