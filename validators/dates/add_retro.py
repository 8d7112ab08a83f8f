"""ADD-RETRO."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from model.enrollment.decision import Objection
from model.timeline import OPEN, day_after
from model.trade.maintenance import CHOSEN, Verb
from validators.base import Context, Subject, objection
from validators.dates.enrollment_closed import chosen_in_time
from validators.occasions import asked_on, explained
from validators.reading import Reading
from validators.standing import asked, covered_on, next_turn, switches_of


def add_retro(subject: Subject, context: Context) -> Iterator[Objection]:
    """Coverage that no event explains may begin 60 days before receipt, unless agreed otherwise; else it waits.

    An event (reason 02, 05, 07, 28 with a hire date, 32) has its window instead, and a new hire's covers the
    dependents who come with it. Exempt are what was chosen in an agreed open enrollment (reason 29), COBRA,
    reinstatements, coverage that is there already, and the first set that a group sends, which brings coverage of
    old. Two people may approve what comes later.
    """
    for line, begin in _unexplained(subject, context):
        days = switches_of(subject, context.today).retro_add_days
        if (context.today - begin).days > days:
            message = f"Coverage would begin on {begin}, {(context.today - begin).days} days before receipt; "
            message += f"the limit is {days} days."
            yield objection("ADD-RETRO", subject, line.coverage, "begin", message)


def until(subject: Subject, context: Context) -> date:
    """Return the first day on which coverage that is new would begin too long ago, or that other switches hold."""
    begins = [begin for _, begin in _unexplained(subject, context)]
    if not begins:
        return _with_the_hire(subject, context)
    limit = timedelta(days=switches_of(subject, context.today).retro_add_days)
    late = (day_after(begin + limit) for begin in begins if begin + limit >= context.today)
    return min([next_turn(subject, context), _with_the_hire(subject, context), *late])


def _with_the_hire(subject: Subject, context: Context) -> date:
    """Return the day after the window of a hire that covers a dependent; OPEN: none does, or by a signature."""
    hire = subject.hire
    if (
        subject.terms is None
        or hire is None
        or asked_on(subject.event, asked_on(hire.event, context.today)) != context.today
    ):
        return OPEN
    begins = (line.begin for line in asked(subject, Verb.OPEN) if line.begin)
    whys = (explained(subject, context, begin) for begin in begins)
    return min((day_after(why.last) for why in whys if why), default=OPEN)


def _unexplained(subject: Subject, context: Context) -> Iterator[tuple[Reading, date]]:
    """Yield the coverages that are new and have no event, each with its first day before receipt."""
    terms, event, today = subject.terms, subject.event, context.today
    if terms is None or subject.record.cobra or terms.group in context.new_groups:
        return
    for line in asked(subject, Verb.OPEN):
        begin = line.begin
        if begin is None or begin >= today or line.reinstates or covered_on(subject, line, begin):
            continue
        chosen = event.reason in CHOSEN and chosen_in_time(subject, begin, today)
        if not chosen and not explained(subject, context, begin):
            yield line, begin
