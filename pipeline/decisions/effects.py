"""The effect of a decision while it is worked out: the same for who looks and for who decides.

See docs/design.md, Effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from enrollment import effects
from exchange import advice
from model.agreement.answers import NEVER
from model.documents.keys import DocumentKind
from model.enrollment.actions import UNCHANGED
from model.enrollment.decision import Cause, Decision, Disposition
from model.enrollment.effect import Effect, LineTold, Tally
from model.enrollment.roster import ChangeSet
from model.exchange import StoredSet
from model.finding import Severity
from pipeline.receive.opened import OpenSet
from pipeline.receive.unchanged import Again
from pipeline.setup.terms_beside import Months
from store import agreements
from store.engine import Connection
from store.received import envelopes


@dataclass(slots=True)
class Telling:
    """Hears what a decision comes to, part by part, and tells its effect."""

    conn: Connection
    whole: OpenSet
    today: date  # of the decision
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

    def effect(self) -> Effect:
        """Return the effect of all that was taken."""
        return self._tally.effect(owed(self.conn, self.whole.stored))


def owed(conn: Connection, stored: StoredSet) -> list[str]:
    """Say which documents a decision on a set owes, and to whom."""
    documents = [f"{DocumentKind.SUPPLEMENT} to {stored.partner}"]
    partner = agreements.partner(conn, stored.partner)
    advised = partner is not None and partner.answers.advice824 != NEVER and stored.kind in advice.KINDS
    if advised and envelopes.let_in(conn, stored.id):
        documents.append(f"{DocumentKind.ADVICE824} to {stored.partner}, as agreed")
    return documents


def _rows(again: Sequence[Again]) -> list[tuple[str, str, str]]:
    return [(row.member_id, row.line, row.plan) for _, _, rows in again for row in rows]


def _repeated(row: tuple[str, str, str]) -> LineTold:
    return LineTold(*row, Disposition.NOOP.value, Cause.SENT.value, UNCHANGED.text, ())
