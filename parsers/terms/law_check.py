"""What is agreed held against the law: what lies beyond a bound that binds, and what nobody here has read.

All of it is a warning: what is agreed stays in force. Source: docs/domain.md, Law.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.agreement.situs import MOST_UNDER_COBRA
from model.agreement.terms import EnrollmentSwitches, Situs, Subgroup, SwitchOverride
from model.timeline import Dated
from model.trade.law import Key
from parsers.terms import dated_schema
from parsers.terms.schema import GroupTable, SubgroupTable
from parsers.terms.switch_tables import read, switches
from parsers.terms.toml_lines import Path

Problem = tuple[str, Path, str]
_KEYS = {
    "child_age_limit": (Key.CHILD_AGE, "medical"),
    "cobra_months": (Key.COBRA_EMPLOYMENT, ""),
    "event_days": (Key.SPECIAL_ENROLLMENT, ""),
    "newborn_days": (Key.NEWBORN, ""),
    "waiting_days": (Key.WAITING, ""),
}


def problems(group: GroupTable) -> Iterator[Problem]:
    """Yield a warning for each agreed number beyond what binds, and for what is not stated or not read."""
    at: Path = ("group", "law")
    wrong = [(name, i, text) for name in _DATED for i, text in dated_schema.problems(getattr(group.law, name))]
    if wrong:
        yield from (("TERMS-DATES", (*at, name, i), text) for name, i, text in wrong)
        return
    situs: Situs = read(Situs, group.law)
    yield from _unstated(at, situs, group.begin)
    agreed = switches(EnrollmentSwitches, group.rules)
    yield from _beyond(("group", "rules"), agreed, situs, [group.begin, *_changes(situs)], group)
    for i, override in enumerate(group.rules.overrides):
        differs = switches(SwitchOverride, override)
        yield from _beyond(("group", "rules", "overrides", i), differs, situs, [override.begin], group)
    for i, subgroup in enumerate(group.subgroups):
        if switches(Subgroup, subgroup)["cobra"]:
            yield from _percents(("group", "subgroups", i, _PERCENT), subgroup, situs, group.begin)


def most_under_cobra(group: GroupTable) -> int:
    """Return the highest percent that continued coverage may cost by any row that fits the group, read or not."""
    if any(text for name in _DATED for _, text in dated_schema.problems(getattr(group.law, name))):
        return MOST_UNDER_COBRA  # which is said of the dates themselves
    situs: Situs = read(Situs, group.law)
    found = (situs.binding(Key.COBRA_PREMIUM, day) for day in (group.begin, *_changes(situs)))
    rows = (row.value for binding in found for row in (binding.row, *binding.doubted) if row)
    return max([MOST_UNDER_COBRA, *rows])


def _percents(at: Path, subgroup: SubgroupTable, situs: Situs, begin: date) -> Iterator[Problem]:
    """Say where less is billed than is agreed, or what is billed may be too much; each text once."""
    said = switches(Subgroup, subgroup)
    if any(text for _, text in dated_schema.problems(getattr(subgroup, _PERCENT))):
        return  # which is said of the dates themselves
    agreed = said.get(_PERCENT, Dated(MOST_UNDER_COBRA))
    told = set()
    for day in sorted({begin, *_changes(situs), *(day for day, _ in agreed.changes)}):
        asked = situs.capped(agreed.on(day), day)
        words = asked.doubt or (
            f"{asked.agreed} % is agreed and {asked.billed} % billed" * (asked.billed < asked.agreed)
        )
        if words and words not in told:
            told.add(words)
            yield "TERMS-LAW", at, words


_PERCENT = "premium_percent"
_DATED = ("state", "funding", "employees")


def _changes(situs: Situs) -> list[date]:
    """Return the days on which anything of the situs changes."""
    return sorted({day for name in _DATED for day, _ in getattr(situs, name).changes})


def _unstated(at: Path, situs: Situs, begin: date) -> Iterator[Problem]:
    """Say that a state's rows are not looked at, where the state is named and nothing else."""
    day = max([begin, *_changes(situs)])
    missing = [name for name in situs.unstated(day) if name != "state"]
    if situs.state.on(day) and missing:
        message = (
            f"{' and '.join(missing)} of the group are not stated: not every row of {situs.state.on(day)}'s law"
        )
        yield "TERMS-LAW", at, f"{message} can be looked at"


def _beyond(
    at: Path, agreed: dict[str, int], situs: Situs, days: list[date], group: GroupTable
) -> Iterator[Problem]:
    """Hold agreed numbers against what binds on these days; each row speaks once."""
    lines = {line.code for line in group.lines}
    for name, (key, line) in _KEYS.items():
        value = agreed.get(name)
        if value is None or (line and line not in lines):
            continue
        told = set()
        for day in days:
            binding = situs.binding(key, day, line)
            for row in filter(None, (binding.row, *binding.doubted)):
                if row in told or row.allows(value):
                    continue
                told.add(row)
                doubt = "" if row.verified else ", which nobody here has read"
                message = f"{value} is agreed; {row.citation}{doubt} asks for {row.bound} {row.value} {row.unit}"
                yield "TERMS-LAW", (*at, name), message
