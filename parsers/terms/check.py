"""What a terms file says that cannot be: dangling references, duplicates, overlaps, dates in the wrong order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import TypeVar

from model.agreement.switches import declared
from model.agreement.terms import (
    MOST_EXTENDED,
    Billing,
    EnrollmentSwitches,
    Subgroup,
    SwitchOverride,
)
from model.timeline import OPEN, Span, day_after
from model.trade.law import Key, number
from parsers.terms import channel_schema, dated_schema, law_check
from parsers.terms.schema import (
    Dated,
    FileTable,
    GrantTable,
    GroupTable,
    MaybeDated,
    PlanTable,
    RateTable,
    SubgroupTable,
)
from parsers.terms.switch_tables import read, switches
from parsers.terms.toml_lines import Path

# (finding code, where in the file, what is wrong)
Problem = tuple[str, Path, str]
_DAYS_BEFORE_FIRST = number(Key.WAITING) - 30  # a month's first comes at most 30 days later: 90 in all
_Name = TypeVar("_Name", str, tuple[str, str])


def problems(file: FileTable) -> Iterator[Problem]:
    """Yield everything that is wrong with a file whose types are right, in the order of its tables."""
    yield from _twice("partner", ((("partner", i, "code"), p.code) for i, p in enumerate(file.partner)))
    for i, partner in enumerate(file.partner):
        yield from _dates(("partner", i, "grants"), partner.grants)
        if file.group:
            yield from _granted(("partner", i, "grants"), partner.grants, file.group)
        wrong = channel_schema.problem(partner.channel)
        if wrong:
            yield "TERMS-WRONG-VALUE", ("partner", i, "channel", wrong[0]), wrong[1]
    if file.group:
        yield from _group(file.group)


def _granted(path: Path, grants: list[GrantTable], group: GroupTable) -> Iterator[Problem]:
    """Check that the group of the same file has the subgroups that are granted."""
    known = [subgroup.code for subgroup in group.subgroups]
    mine = ((i, grant) for i, grant in enumerate(grants) if grant.group == group.number)
    named = (((*path, i, "subgroups"), code) for i, grant in mine for code in grant.subgroups)
    yield from _known("subgroup", named, known)


def _group(group: GroupTable) -> Iterator[Problem]:
    """Check one group's tables against each other."""
    yield from _dates(("group",), [group])
    yield from _subgroups(group)
    yield from _lines(group)
    yield from _plans(group)
    yield from _rates(group)
    yield from _renewals(group)
    yield from _rules(group)
    yield from law_check.problems(group)
    for known in declared(Billing):
        if known.dated:
            yield from _switch(("group", "billing", known.name), getattr(group.billing, known.name))


def _switch(path: Path, entries: object) -> Iterator[Problem]:
    """Check the dates of a switch."""
    for i, message in dated_schema.problems(entries):
        yield "TERMS-DATES", (*path, i), message


def _rules(group: GroupTable) -> Iterator[Problem]:
    """Check the switches, and what each override makes of the group's."""
    at: Path = ("group", "rules")
    rules = read(EnrollmentSwitches, group.rules)
    yield from _dates((*at, "attestations"), group.rules.attestations)
    yield from _dates((*at, "open_enrollments"), group.rules.open_enrollments)
    yield from _dates((*at, "overrides"), group.rules.overrides)
    yield from _waiting((*at, "waiting_days"), rules.waiting_days, rules.waiting_start)
    subgroups = [subgroup.code for subgroup in group.subgroups]
    for i, override in enumerate(group.rules.overrides):
        if override.subgroup:
            yield from _known("subgroup", [((*at, "overrides", i, "subgroup"), override.subgroup)], subgroups)
        differs = switches(SwitchOverride, override)
        if "waiting_days" in differs or "waiting_start" in differs:
            otherwise = replace(rules, **differs)
            yield from _waiting((*at, "overrides", i), otherwise.waiting_days, otherwise.waiting_start)


def _waiting(path: Path, days: int, start: str) -> Iterator[Problem]:
    """Refuse a waiting period that may last more than 90 days in all (45 CFR 147.116)."""
    if start == "first-of-month" and days > _DAYS_BEFORE_FIRST:
        message = f"the first of the month after {days} days may come more than 90 days after the hire"
        yield "TERMS-WAITING", path, message


def _subgroups(group: GroupTable) -> Iterator[Problem]:
    at: Path = ("group", "subgroups")
    subgroups = group.subgroups
    most = law_check.most_under_cobra(group)
    yield from _dates(at, subgroups, group.begin)
    named = (((*at, i), name) for i, s in enumerate(subgroups) for name in dict.fromkeys((s.code, *s.sent_as)))
    yield from _twice("subgroup", named)
    for i, subgroup in enumerate(subgroups):
        yield from _switch((*at, i, "account"), subgroup.account)
        yield from _percents((*at, i), subgroup, most)
    numbers = (((*at, i, "account"), number) for i, s in enumerate(subgroups) for number in _numbers(s))
    yield from _twice("billing account", numbers)


def _percents(at: Path, subgroup: SubgroupTable, most: int) -> Iterator[Problem]:
    """Check a subgroup's percents: COBRA costs at most 102 %, in a disability extension 150 %.

    `most`: what a state's continuation may cost the group, where that is more.

    Source: docs/domain.md, COBRA premium.
    """
    said = switches(Subgroup, subgroup)
    for name, limit in (
        ("premium_percent", most if said["cobra"] else 0),
        ("extension_percent", MOST_EXTENDED),
        ("direct_bill", 0),
    ):
        entries = getattr(subgroup, name)
        yield from _switch((*at, name), entries)
        values = [entry.value for entry in entries] if isinstance(entries, list) else [entries or 0]
        if limit and max(values) > limit:
            yield "TERMS-WRONG-VALUE", (*at, name), f"{max(values)} % is more than COBRA may cost here: {limit} %"
    if "extension_percent" in said and not said["cobra"]:
        message = "only a subgroup for COBRA (cobra = true) has months of a disability extension"
        yield "TERMS-WRONG-VALUE", (*at, "extension_percent"), message


def _numbers(subgroup: SubgroupTable) -> list[str]:
    """Return a subgroup's billing account, with its earlier numbers."""
    account = subgroup.account
    return [account] if isinstance(account, str) else [entry.number for entry in account]


def _lines(group: GroupTable) -> Iterator[Problem]:
    at: Path = ("group", "lines")
    yield from _twice("line of coverage", (((*at, i, "code"), line.code) for i, line in enumerate(group.lines)))
    sent = (((*at, i, "sent_as"), code) for i, line in enumerate(group.lines) for code in line.sent_as)
    yield from _twice("HD03 code", sent)


def _plans(group: GroupTable) -> Iterator[Problem]:
    at: Path = ("group", "plans")
    yield from _dates(at, group.plans, group.begin)
    yield from _twice("plan", (((*at, i, "code"), plan.code) for i, plan in enumerate(group.plans)))
    names = [
        ((*at, i, "sent_as"), (plan.line, name))
        for i, plan in enumerate(group.plans)
        for name in dict.fromkeys((plan.code, *plan.sent_as))
    ]
    for path, (line, name) in _repeated(names):
        yield "TERMS-DUPLICATE", path, f'"{name}" (HD04) means two plans of the line "{line}"'
    lines = [line.code for line in group.lines]
    subgroups = [subgroup.code for subgroup in group.subgroups]
    for i, plan in enumerate(group.plans):
        yield from _known("line of coverage", [((*at, i, "line"), plan.line)], lines)
        yield from _known("subgroup", (((*at, i, "subgroups"), code) for code in plan.subgroups), subgroups)
        yield from _twice("tier", (((*at, i, "tiers"), tier) for tier in plan.tiers))
        yield from _rateless((*at, i), plan, group)


def _rateless(path: Path, plan: PlanTable, group: GroupTable) -> Iterator[Problem]:
    """Warn of tiers that have no rate, neither the group's nor one of each subgroup's: they cannot be billed."""
    offered = {*plan.subgroups} or {subgroup.code for subgroup in group.subgroups}
    missing = []
    for tier in (*plan.tiers,) or ("",):
        rated = (rate for rate in group.rates if rate.plan == plan.code)
        owners = {rate.subgroup for rate in rated if rate.by_age or tier in rate.monthly}
        if "" not in owners and not offered <= owners:
            missing.append(tier)
    if missing:
        tiers = f" for {', '.join(missing)}" if plan.tiers else ""
        yield "TERMS-NO-RATE", path, f'plan "{plan.code}" has no rate{tiers}'


def _rates(group: GroupTable) -> Iterator[Problem]:
    at: Path = ("group", "rates")
    yield from _dates(at, group.rates)
    plans = {plan.code: plan for plan in reversed(group.plans)}  # of two with one code, the first
    subgroups = [subgroup.code for subgroup in group.subgroups]
    for i, rate in enumerate(group.rates):
        yield from _known("plan", [((*at, i, "plan"), rate.plan)], list(plans))
        if rate.subgroup:
            yield from _known("subgroup", [((*at, i, "subgroup"), rate.subgroup)], subgroups)
        if rate.plan in plans:
            yield from _rate_of((*at, i), rate, plans[rate.plan])
    for (i, rate), (j, other) in combinations(enumerate(group.rates), 2):
        both = [tier for tier in rate.monthly if tier in other.monthly]
        same = (rate.plan, rate.subgroup) == (other.plan, other.subgroup)
        if same and (both or rate.by_age or other.by_age) and _span(rate).overlaps(_span(other)):
            tiers = f", tier {both[0]}" if both and both[0] else ""
            message = f'overlaps rate {i + 1}: plan "{rate.plan}"{tiers} would have two rates on one day'
            yield "TERMS-OVERLAP", (*at, j), message


def _rate_of(path: Path, rate: RateTable, plan: PlanTable) -> Iterator[Problem]:
    """Check a rate against its plan."""
    if rate.subgroup and plan.subgroups and rate.subgroup not in plan.subgroups:
        message = f'plan "{plan.code}" is not offered to subgroup "{rate.subgroup}"'
        yield "TERMS-UNKNOWN-REFERENCE", (*path, "subgroup"), message
    for tier in rate.monthly:
        if not tier and plan.tiers:
            message = f'plan "{plan.code}" has tiers: write monthly = {{ {plan.tiers[0]} = "..." }}'
            yield "TERMS-UNKNOWN-REFERENCE", (*path, "monthly"), message
        elif tier and tier not in plan.tiers:
            message = f'plan "{plan.code}" has no tier "{tier}"'
            yield "TERMS-UNKNOWN-REFERENCE", (*path, "monthly", tier), message


def _renewals(group: GroupTable) -> Iterator[Problem]:
    """Check that a renewal follows a plan that ends the day before, by one of its line, once a subgroup."""
    at: Path = ("group", "renewals")
    plans = {plan.code: plan for plan in group.plans}
    subgroups = [subgroup.code for subgroup in group.subgroups]
    for i, renewal in enumerate(group.renewals):
        yield from _known("plan", (((*at, i, key), getattr(renewal, key)) for key in ("plan", "to")), list(plans))
        if renewal.subgroup:
            yield from _known("subgroup", [((*at, i, "subgroup"), renewal.subgroup)], subgroups)
        old, new = plans.get(renewal.plan), plans.get(renewal.to)
        if old and (old.end is None or day_after(old.end) != renewal.begin):
            yield "TERMS-DATES", (*at, i, "begin"), f'plan "{old.code}" does not end on the day before'
        if old and new and old.line != new.line:
            message = f'plan "{new.code}" is of line "{new.line}", not "{old.line}"'
            yield "TERMS-UNKNOWN-REFERENCE", (*at, i, "to"), message
    named = (((*at, i), f"{renewal.plan} {renewal.subgroup}") for i, renewal in enumerate(group.renewals))
    yield from _twice("renewal of", named)


def _span(rate: Dated) -> Span:
    return Span(rate.begin, rate.end or OPEN)


def _dates(at: Path, tables: Sequence[Dated | MaybeDated], begin: date | None = None) -> Iterator[Problem]:
    """Check that each table ends on or after its own (or the given) begin."""
    for i, table in enumerate(tables):
        first = table.begin or begin
        if table.end and first and table.end < first:
            path: Path = at if isinstance(table, GroupTable) else (*at, i)
            message = f"ends on {table.end}, before it begins on {first}"
            yield "TERMS-DATES", (*path, "end"), message


def _repeated(items: Iterable[tuple[Path, _Name]]) -> Iterator[tuple[Path, _Name]]:
    """Yield each item whose name an earlier one has."""
    seen: set[_Name] = set()
    for path, value in items:
        if value in seen:
            yield path, value
        seen.add(value)


def _twice(what: str, items: Iterable[tuple[Path, str]]) -> Iterator[Problem]:
    """Check that no two items have the same name."""
    for path, name in _repeated(items):
        yield "TERMS-DUPLICATE", path, f'{what} "{name}" stands here for the second time'


def _known(what: str, items: Iterable[tuple[Path, str]], known: Sequence[str]) -> Iterator[Problem]:
    """Check that each item names one that the file defines."""
    for path, name in items:
        if name not in known:
            choices = ", ".join(f'"{code}"' for code in known) or "none"
            yield "TERMS-UNKNOWN-REFERENCE", path, f'{what} "{name}" is not defined here (defined: {choices})'
