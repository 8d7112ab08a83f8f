"""How far a set reaches, in words: for the sender, and for who decides.

Source: docs/domain.md, Thresholds.
"""

from __future__ import annotations

from enrollment.thresholds import Exceeded, History
from model.enrollment.radius import Count, Reached, Scope
from model.money.cents import format_dollars

_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def too_much(each: Exceeded, *, money: bool) -> str:
    """Say what of a scope is more than agreed. `money`: the reader may know what it is billed."""
    place, by = _place(each.reached.scope), "by absence" if each.absent else "as sent"
    gone = each.reached.absent if each.absent else each.reached.ended
    worth = f"; {_worth(gone, each.reached.before)}" if money and each.reached.before.cents else ""
    if each.kind == "everybody":
        return f"Nobody would be left in {place}: {each.count} of {each.of} members would end by absence{worth}."
    if each.kind != "premium":
        return (
            f"{each.count:,} of {each.of:,} {each.kind} of {place} would end {by}, more than {each.most:,}{worth}."
        )
    if not money:
        return f"More of the premium of {place} would end by absence than is agreed to end unasked."
    most = format_dollars(each.most)
    return f"{_worth(gone, each.reached.before)} of {place} would end {by}, more than {most}."


def would(each: Reached, *, money: bool) -> str:
    """Say what a set would make of a scope."""
    parts = (
        ("added", each.added),
        ("ended as sent", each.ended),
        ("ended by absence", each.absent),
        ("moved in", each.came),
        ("moved out", each.left),
        ("changed", each.changed),
    )
    told = [f"{what}: {_counted(count)}" for what, count in parts if count.people or count.lines]
    worth = f"; {format_dollars(each.before.cents)} a month before, {format_dollars(each.after.cents)} after"
    return f"{_place(each.scope)}, before: {_counted(each.before)}; {'; '.join(told)}{worth if money else ''}."


def usual(group: str, known: History) -> str:
    """Say what a sender's last full files of a group named, and what this one does."""
    low, high, now = known.least, known.most, known.now
    days = "full files" if known.weekday is None else _DAYS[known.weekday]
    few, many = min(low.members, high.members), max(low.members, high.members)
    return (
        f"The last {known.files} {days} named {low.subscribers:,} to {high.subscribers:,} subscribers of {group} "
        f"({few:,} to {many:,} members); this one names {now.subscribers:,} ({now.members:,})."
    )


def out_of_line(group: str, known: History) -> str:
    """Say that a full file names far fewer, or far more, than a sender's last ones."""
    fewer = known.now.subscribers < known.least.subscribers
    return f"{usual(group, known)} That is far {'fewer' if fewer else 'more'} than usual."


def _place(scope: Scope) -> str:
    plan = f"plan {scope.plan}" if scope.plan else ""
    return ", ".join(filter(None, (f"{scope.group} {scope.subgroup}".strip(), plan)))


def _counted(count: Count) -> str:
    nouns = ((count.subscribers, "subscriber"), (count.dependents, "dependent"), (count.lines, "line"))
    return ", ".join(_many(number, noun) for number, noun in nouns)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _worth(gone: Count, before: Count) -> str:
    return f"{format_dollars(gone.cents)} of {format_dollars(before.cents)} a month"
