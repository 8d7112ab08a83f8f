"""PREMIUM-SENT."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.agreement.terms import Plan, Rate, Subgroup, Terms
from model.enrollment.decision import Objection
from model.finding import Severity
from model.money.cents import Cents, format_dollars
from model.timeline import OPEN, Month
from model.trade.maintenance import Verb
from model.trade.plausible import PREMIUM
from validators.base import Context, Subject
from validators.doubts import doubt
from validators.reading import Reading
from validators.standing import asked


def premium_sent(subject: Subject, context: Context) -> Iterator[Objection]:
    """A premium sent with a line (AMT*P3) is held beside what a month of it costs by the terms.

    By level it is the subscriber's, by age each member's; in the month of receipt, or the first one of coverage
    that lies ahead. Where they differ the likely cause is named: another level, other ages, the rate of other
    days. It is an information, and a warning where the sender's profile says that P3 is our premium.
    """
    terms, place = subject.terms, subject.subgroup
    if terms is None or place is None:
        return
    severity = Severity.WARNING if context.partner.profile.premium_is_ours else None
    for line in asked(subject, Verb.OPEN):
        sent, plan, begin = line.coverage.premium, line.plan, line.begin
        if sent is None or plan is None or begin is None:
            continue
        day = max(begin, Month.of(context.today).first)
        mine = _mine(subject, line, plan, terms, place, day)
        ours = {
            terms.percent(place, day, extended=longer).of(rate.cents)
            for rate in mine
            for longer in (False, place.cobra)
        }
        if not mine or sent in ours:
            continue
        monthly = format_dollars(terms.percent(place, day).of(mine[0].cents))
        message = f"The premium sent is {format_dollars(sent)}; by the terms a month of it costs {monthly}"
        message += f"{_cause(sent, mine[0], plan, terms, place, day)}."
        yield from doubt(PREMIUM, subject, context, "hd", message, coverage=line.coverage, severity=severity)


def until(subject: Subject, context: Context) -> date:
    """Return the first day of the next month, whose price may be another one."""
    priced = any(line.coverage.premium is not None for line in subject.lines)
    return Month.of(context.today).plus(1).first if priced else OPEN


def _mine(subject: Subject, line: Reading, plan: Plan, terms: Terms, place: Subgroup, day: date) -> list[Rate]:
    """Return the rate that prices a member's line on a day; none where nothing does, or the subscriber's does."""
    event = subject.event
    if terms.by_age(plan.code, day, place.code):
        birth = event.person.birth
        if birth is None:
            return []
        on = max(terms.rating_day(day), line.begin or day)
        age = max(0, on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)))
        fits = [r for r in terms.rates if r.ages and r.ages[0] <= age <= r.ages[1]]
    else:
        tier = line.coverage.tier if plan.tiers else ""
        fits = [r for r in terms.rates if r.ages is None and r.tier == tier] if event.is_subscriber else []
    held = [r for r in fits if r.plan == plan.code and r.span.covers(day) and r.subgroup in (place.code, "")]
    return sorted(held, key=lambda rate: rate.subgroup == "")[:1]  # the subgroup's own goes first


def _cause(sent: Cents, mine: Rate, plan: Plan, terms: Terms, place: Subgroup, day: date) -> str:
    """Name which other rate of the plan the amount is; empty text for none."""
    same = [rate for rate in terms.rates if rate.plan == plan.code and rate.subgroup in (place.code, "")]
    for rate in same:
        if rate.span.covers(day) and rate.level != mine.level and terms.percent(place, day).of(rate.cents) == sent:
            return f"; that is the rate of {'ages' if rate.ages else 'level'} {rate.level}"
    for rate in same:
        if rate.level != mine.level or rate is mine:
            continue
        if terms.percent(place, rate.span.begin).of(rate.cents) == sent:
            return f"; that is the rate from {rate.span.begin}"
    return ""
