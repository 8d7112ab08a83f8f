"""What somebody asked for and another person confirms, as it is shown. Names in `_cents` are cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model import asking
from model.asking import Kept, Verb
from model.money.cents import Cents
from pipeline.views.effects import EffectView, EndCoverageView
from store import jsonvalue


@dataclass(frozen=True, slots=True)
class AskedView:
    """A request: what, by whom, since which day, why, and what it moves.

    `command` confirms it; `shown` is the SHA-256 of the effect as it was shown, "" where it has none: of terms
    that are to be loaded, or of coverage that is to end.
    """

    verb: str
    label: str
    command: str
    by: str
    since: date
    reason: str
    amount_cents: Cents
    members: int
    shown: str
    terms: EffectView | None = None
    ending: EndCoverageView | None = None


def asked_view(kept: Kept, since: date) -> AskedView:
    """Return a request as it is shown."""
    request = kept.request
    terms = jsonvalue.load(EffectView, request.effect) if request.verb is Verb.LOAD_TERMS else None
    ending = jsonvalue.load(EndCoverageView, request.effect) if request.verb is Verb.END_COVERAGE else None
    return AskedView(
        verb=request.verb.value,
        label=request.label,
        command=asking.command(request.subject),
        by=kept.by,
        since=since,
        reason=kept.reason,
        amount_cents=request.cents,
        members=request.members,
        shown=kept.shown,
        terms=terms,
        ending=ending,
    )
