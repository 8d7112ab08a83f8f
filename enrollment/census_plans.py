"""What a census calls a plan or a level, in the words of the group's terms."""

from __future__ import annotations

import re
from datetime import date

from model.agreement.terms import Line, Plan, Terms
from model.enrollment.census import Election
from model.trade.coverage import EVERYBODY, LEVELS, sent_as
from model.trade.member import SPOUSES

_NEITHER = re.compile(r"[^a-z0-9]+")
_LONGEST_SHOWN = 30  # a longer text is hardly a plan's name, and could be anything


def covers(tier: str, relationship: str) -> bool:
    """Say whether a level (HD05) includes a dependent of this relationship; without a level, all are."""
    whom = LEVELS.effects.get(tier, EVERYBODY)
    return bool(whom.spouses if relationship in SPOUSES else whom.others)


def planned(one: Election, terms: Terms | None, today: date) -> tuple[str, str, str]:
    """Return line code (HD03) and plan code that an election means, and what is wrong where it means none.

    A line without a plan means the only plan that is offered on it. Without terms (a group that we do not know,
    or that the sender may not know of) the words stay as they are.
    """
    if terms is None:
        return one.line, one.plan, ""
    line = _line(one.line, terms)
    if one.line and line is None:
        return one.line, one.plan, f"Group {terms.group} has no {one.line} coverage."
    day = one.begin or today
    plans = [plan for plan in terms.plans if line is None or plan.line == line.code]
    offered = [plan for plan in plans if plan.span.covers(day)] or plans
    fits = [plan for plan in plans if _means(plan, one.plan)] if one.plan else offered
    if len(fits) == 1:
        of = next(line for line in terms.lines if line.code == fits[0].line)
        return of.sent_as[0] if of.sent_as else of.code, fits[0].code, ""
    shown = one.plan if len(one.plan) <= _LONGEST_SHOWN else "as written"
    names = ", ".join(plan.code for plan in offered)
    what = f"Plan {shown} is not one plan" if one.plan else "A plan must be named; it is one"
    return one.line, one.plan, f"{what} of group {terms.group}: {names}."


def line_of(word: str, terms: Terms | None) -> str:
    """Return the line code (HD03) that a word means; the word itself where it means none."""
    line = _line(word, terms) if terms else None
    return (line.sent_as[0] if line.sent_as else line.code) if line else word


def offers(word: str, terms: Terms) -> bool:
    """Say whether a group has the line that a heading names."""
    return _line(word, terms) is not None


def _line(word: str, terms: Terms) -> Line | None:
    if not word:
        return None
    sent = (line for line in terms.lines if word.upper() in line.sent_as)
    named = (line for line in terms.lines if word in (line.code.lower(), line.name.lower()))
    coded = (line for line in terms.lines if set(line.sent_as) & set(sent_as(word)))
    return next(named, None) or next(sent, None) or next(coded, None)


def _means(plan: Plan, text: str) -> bool:
    wanted = _plain(text)
    return wanted in {_plain(word) for word in (plan.code, plan.name, *plan.sent_as) if word}


def _plain(text: str) -> str:
    return _NEITHER.sub(" ", text.lower()).strip()
