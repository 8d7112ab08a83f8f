"""The effect of a set or a decision while it is worked out: the same for who looks and for who carries it out.

See docs/design.md, Effects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from enrollment import effects
from model.enrollment.actions import UNCHANGED
from model.enrollment.decision import Cause, Decision, Disposition
from model.enrollment.effect import Effect, LineTold, Tally
from model.enrollment.roster import ChangeSet
from model.finding import Severity
from pipeline.receive.opened import OpenSet
from pipeline.receive.unchanged import Again
from pipeline.setup.terms_beside import Months
from store.engine import Connection


@dataclass(slots=True)
class Telling:
    """Hears what a set, or a decision on it, comes to, part by part, and tells its effect."""

    conn: Connection
    whole: OpenSet
    today: date  # of the decision, or of receipt
    waived: set[str] = field(default_factory=set)  # codes of questions that the decision answers
    _tally: Tally = field(default_factory=Tally)
    _months: Months = field(init=False)

    def __post_init__(self) -> None:
        self._months = Months(self.whole.terms, self.today)

    def take(self, decisions: Sequence[Decision], changes: ChangeSet, again: Sequence[Again] = ()) -> None:
        """Take over one part."""
        lines = [*effects.lines(decisions, changes.families), *map(_repeated, _rows(again))]
        months, lost = self._months.told(self.conn, changes.families)
        self._tally.add(*effects.spans(changes.families), lines, months, lost)
        said = (objection.finding for decision in decisions for objection in decision.objections)
        rulings = self.whole.context.rulings.values()
        answered = {code for ruling in rulings for code in ruling.waived}
        self.waived |= {finding.code for finding in said if finding.severity is Severity.INFO} & answered

    def effect(self, documents: Iterable[str] = ()) -> Effect:
        """Return the effect of all that was taken; these documents are owed for it."""
        return self._tally.effect(documents)


def _rows(again: Sequence[Again]) -> list[tuple[str, str, str]]:
    return [(row.member_id, row.line, row.plan) for _, _, rows in again for row in rows]


def _repeated(row: tuple[str, str, str]) -> LineTold:
    return LineTold(*row, Disposition.NOOP.value, Cause.SENT.value, UNCHANGED.text, ())
