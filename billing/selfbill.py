"""Self bill: what a payer reports for a month against what we compute, part by part. Money in cents.

Each measure (people, money) is laid out once: a unit that we compute belongs to the narrowest line that was
reported of it, and to none twice; so every sum over plans, levels or people is the same.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from model.money.cents import Cents
from model.money.ledger import Charge, ChargeKind
from model.money.selfbill import Part, Reported, Unit
from model.money.tiers import counted_as

# plan, tier, contract, person, unknown
Key = tuple[str, str, int, int, int]
_NO_KEY: Key = ("", "", 0, 0, 0)


def units(charges: Iterable[Charge]) -> tuple[Unit, ...]:
    """Return the units of a bill from its charges, numbered in the order in which they were posted."""
    found: dict[tuple[str, str, str, int, int], tuple[int, Cents]] = {}
    for charge in charges:
        key = (charge.line, charge.plan, charge.tier, charge.contract, charge.person)
        count, cents = found.get(key, (0, 0))
        found[key] = (count or int(charge.kind is ChargeKind.CURRENT), cents + charge.cents)
    return tuple(
        Unit(place, line, plan, tier, contract, person, count, cents)
        for place, ((line, plan, tier, contract, person), (count, cents)) in enumerate(found.items(), 1)
    )


def parts(computed: Iterable[Unit], reported: Sequence[Reported]) -> tuple[Part, ...]:
    """Return a month part by part; nothing where nothing was reported. In order of plan, level and person."""
    if not reported:
        return ()
    computed = list(computed)
    found: dict[Key, Part] = {}
    counted = _heads(computed, reported)
    for key, (heads, sent) in _laid_out(computed, reported, counted, lambda r: r.count).items():
        found[key] = replace(found.get(key, _part(key)), computed_count=heads, reported_count=sent)
    for key, (owed, sent) in _laid_out(computed, reported, lambda u: u.cents, lambda r: r.cents).items():
        found[key] = replace(found.get(key, _part(key)), computed=owed, reported=sent)
    return tuple(found[key] for key in sorted(found))


def _heads(computed: Iterable[Unit], reported: Iterable[Reported]) -> Callable[[Unit], int]:
    """Return how many a unit counts for: where counts name no plan, a subscriber of several plans is one."""
    if any(line.plan or line.contract for line in reported if line.count is not None):
        return lambda unit: unit.count
    first: dict[int, int] = {}
    for unit in computed:
        if unit.count:
            first.setdefault(unit.contract, unit.place)
    return lambda unit: int(first.get(unit.contract) == unit.place)


def _laid_out(
    computed: Iterable[Unit],
    reported: Iterable[Reported],
    ours: Callable[[Unit], int],
    theirs: Callable[[Reported], int | None],
) -> dict[Key, tuple[int, int | None]]:
    """Lay one measure out; of a measure that nobody reported nothing is."""
    said: dict[Key, int] = defaultdict(int)
    for line in reported:
        value = theirs(line)
        if value is not None:
            said[line.plan, line.tier, line.contract, line.person, line.unknown] += value
    if not said:
        return {}
    sums: dict[Key, int] = defaultdict(int)
    for unit in computed:
        sums[_widest(unit, said)] += ours(unit)
    return {key: (sums[key], said.get(key, 0)) for key in {*said, *sums} if key in said or sums[key]}


def _widest(unit: Unit, said: Iterable[Key]) -> Key:
    """Return the narrowest line that was reported of a unit; its own place where none is."""
    tiers = (unit.tier, counted_as(unit.tier), "")
    for contract, person in ((unit.contract, unit.person), (unit.contract, 0), (0, 0)):
        for tier in tiers:
            for plan in (unit.plan, ""):
                key = (plan, tier, contract, person, 0)
                if key in said:
                    return key
    return unit.plan, unit.tier, unit.contract, unit.person, 0


def _part(key: Key) -> Part:
    plan, tier, contract, person, unknown = key
    return Part(plan, tier, contract, person, unknown)


def total(of: Iterable[Part]) -> Part:
    """Return the sum of parts."""
    return _sum(_NO_KEY, list(of))


def by(of: Iterable[Part], key: Callable[[Part], Key]) -> tuple[Part, ...]:
    """Return parts summed by what `key` keeps of their place."""
    grouped: dict[Key, list[Part]] = defaultdict(list)
    for part in of:
        grouped[key(part)].append(part)
    return tuple(_sum(place, grouped[place]) for place in sorted(grouped))


def of_plan(part: Part) -> Key:
    """Keep the plan."""
    return part.plan, "", 0, 0, 0


def of_tier(part: Part) -> Key:
    """Keep plan and level."""
    return part.plan, part.tier, 0, 0, 0


def of_person(part: Part) -> Key:
    """Keep whom it is about."""
    return "", "", part.contract, part.person, part.unknown


def _sum(key: Key, some: Sequence[Part]) -> Part:
    counts = [part.reported_count for part in some if part.reported_count is not None]
    cents = [part.reported for part in some if part.reported is not None]
    return replace(
        _part(key),
        computed_count=sum(part.computed_count for part in some),
        computed=sum(part.computed for part in some),
        reported_count=sum(counts) if counts else None,
        reported=sum(cents) if cents else None,
    )


def digest(of: Iterable[Part]) -> str:
    """Return what names a variance: the same one has the same, whatever it is told beside."""
    differing = [(p.plan, p.tier, p.people, p.cents, p.unknown) for p in of if p.differs]
    return hashlib.sha256(json.dumps(differing).encode()).hexdigest()
