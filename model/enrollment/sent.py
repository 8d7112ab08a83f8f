"""What a set holds, counted while it is read: what its header's totals and its plans are held against.

Source: docs/domain.md, The header; Plans outside HD04.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.finding import Where
from model.trade.header import DEPENDENTS_TOTAL, EMPLOYEES_TOTAL, MEMBERS_TOTAL
from model.trade.maintenance import AUDIT
from model.trade.references import PLAN_PLACES

MOST_PLANS = 100  # of one HD04, that are told apart

# HD03, HD04, and the qualifier of a REF under HD.
_Key = tuple[str, str, str]


def is_own(event: EnrollmentEvent, text: str) -> bool:
    """Say whether a REF under HD repeats what the member says of itself, such as group, number or SSN."""
    return text.replace("-", "") == event.ssn or any(text == value for _, value in event.references)


@dataclass(slots=True)
class Sent:
    """The member records of one set: loops 2000, as many as were sent for whomever."""

    members: int = 0
    subscribers: int = 0
    audits: int = 0  # INS03 = 030
    plans: dict[_Key, set[str]] = field(default_factory=dict)  # what these REFs say
    first: dict[_Key, Where] = field(default_factory=dict)  # the HD of the first of them

    def take(self, event: EnrollmentEvent) -> None:
        """Count a member record."""
        self.members += 1
        self.subscribers += event.is_subscriber
        self.audits += event.maintenance == AUDIT
        for coverage in event.coverages:
            if coverage.references:
                self._take_references(event, coverage)

    @property
    def all_audit(self) -> bool:
        """Say whether it has members, and all of them are audit records."""
        return 0 < self.members == self.audits

    @property
    def totals(self) -> dict[str, int]:
        """Return how many records it holds, by QTY01."""
        return {
            DEPENDENTS_TOTAL: self.members - self.subscribers,
            EMPLOYEES_TOTAL: self.subscribers,
            MEMBERS_TOTAL: self.members,
        }

    def merged(self) -> Iterator[tuple[str, str, int, Where]]:
        """Yield where one HD04 goes with several values of a REF: HD03, the qualifier, how many, the first HD."""
        for key, values in self.plans.items():
            if len(values) > 1:
                yield key[0], key[2], len(values), self.first[key]

    def _take_references(self, event: EnrollmentEvent, coverage: CoverageEvent) -> None:
        """Take what REFs of loop 2300 say, but for what the member says of itself in the same words."""
        for qualifier, text in coverage.references:
            if qualifier in PLAN_PLACES and not is_own(event, text):
                key = (coverage.line_code, coverage.plan, qualifier)
                if key not in self.plans:
                    self.plans[key], self.first[key] = set(), event.where("hd", coverage)
                if len(self.plans[key]) < MOST_PLANS:
                    self.plans[key].add(text)
