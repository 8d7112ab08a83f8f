"""Which transaction caused a correction: the last that changed what a month's charge comes from.

Source: docs/domain.md, Corrections.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from model.enrollment.history import SpanVersion
from model.money.ledger import Charge, ChargeKind
from model.money.reasons import Why
from model.timeline import Month
from model.trade.member import SELF

# Reasons that lie in the terms; in neither terms nor spans of coverage; with brothers and sisters.
_BY_TERMS = frozenset({Why.RATE_CHANGED, Why.RATE_ARRIVED, Why.NOW_BY_AGE, Why.NOW_BY_TIER, Why.NO_LONGER})
_ELSEWHERE = frozenset({Why.BIRTH_ARRIVED, Why.PERCENT_CHANGED})
_OF_SIBLINGS = frozenset({Why.NOT_OLDEST, Why.OLDEST_AGAIN})


def with_causes(charges: Iterable[Charge], versions: Iterable[SpanVersion], terms_tx: int) -> tuple[Charge, ...]:
    """Return the charges with `cause_tx` of each correction; current charges as they are.

    `versions` are all recorded coverages and places of the contracts, those no longer known included; `terms_tx`
    is the transaction that loaded the terms in force, the cause of what only the terms explain. What a version
    says of other months does not count: an earlier termination is not the cause of an older month's correction.
    """
    of_contract: dict[int, list[SpanVersion]] = defaultdict(list)
    for version in versions:
        of_contract[version.contract].append(version)

    def cause(charge: Charge) -> int:
        if charge.kind is not ChargeKind.RETRO:
            return 0
        if charge.reason and charge.reason.why in _BY_TERMS:
            return terms_tx
        if charge.reason and charge.reason.why in _ELSEWHERE:
            return 0  # versions of spans do not know it
        return _last_change(charge, of_contract[charge.contract])

    return tuple(replace(charge, cause_tx=cause(charge)) for charge in charges)


def _last_change(charge: Charge, versions: Iterable[SpanVersion]) -> int:
    """Return the last transaction after which another coverage or place was known of a charge's month."""
    touching = [version for version in versions if _concerns(version, charge)]
    before: set[object] = set()
    last = 0
    for tx in sorted({tx for version in touching for tx in (version.opened, version.closed) if tx}):
        known = [
            version
            for version in touching
            if version.opened <= tx and (version.closed is None or version.closed > tx)
        ]
        after: set[object] = {_within(version, charge.month) for version in known}
        if after != before:
            before, last = after, tx
    return last


def _concerns(version: SpanVersion, charge: Charge) -> bool:
    """Say whether a version decides a charge: the subscriber's, the billed person's, or the family's place."""
    month, whose = charge.month, version.person == charge.person or version.relationship == SELF
    if charge.reason and charge.reason.why in _OF_SIBLINGS:
        whose = True  # an older brother or sister came or left
    mine = not version.line or (version.line == charge.line and whose)
    return mine and version.span.begin <= month.last and version.span.end >= month.first


def _within(version: SpanVersion, month: Month) -> tuple[object, ...]:
    """Return what a version says of a month and no more."""
    begin, end = max(version.span.begin, month.first), min(version.span.end, month.last)
    return version.person, version.line, version.what, begin, end
