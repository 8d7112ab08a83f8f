"""PLAN-OFFERED."""

from __future__ import annotations

from collections.abc import Iterator

from model.agreement.terms import Terms
from model.enrollment.decision import Objection
from model.trade.maintenance import Verb
from validators.base import Context, Subject, objection
from validators.reading import Reading
from validators.standing import asked


def plan_offered(subject: Subject, context: Context) -> Iterator[Objection]:
    """The line of coverage (HD03) and the plan (HD04) must be the group's, and offered on the first covered day.

    The group's terms say which codes mean which line and plan, from when to when each plan is offered, and to
    which subgroups. A termination needs a known line; the plan may be left out, but a plan that is named must be
    known.
    """
    terms = subject.terms
    if terms is None:
        return
    called = subject.event.called
    for line in asked(subject, Verb.OPEN, Verb.END):
        sent = line.coverage
        opens = line.verb is Verb.OPEN
        if line.line is None:
            message = (
                f"Group {terms.group} has no line of coverage for {called('HD03')} {sent.line_code or '(empty)'}."
            )
            yield objection("LINE-UNKNOWN", subject, sent, "line_code", message)
        elif line.plan is None and (sent.plan or opens):
            what = f"has no plan {sent.plan}" if sent.plan else f"needs a plan, and {called('HD04')} is empty"
            message = f"Line {line.line.code} of group {terms.group} {what}."
            yield objection("PLAN-UNKNOWN", subject, sent, "plan", message)
        elif opens and (message := _why_not_offered(subject, line, terms)):
            begins = f"Correct {called('DTP*348')}, or ask us from when the agreement with the group is to be."
            fix = begins if line.begin and not terms.span.covers(line.begin) else ""
            yield objection("PLAN-OFFERED", subject, sent, "begin", message, fix=fix)


def _why_not_offered(subject: Subject, one: Reading, terms: Terms) -> str:
    """Return why the plan may not be had from its begin, empty text when it may."""
    begin, plan, subgroup = one.begin, one.plan, subject.subgroup
    if begin is None or plan is None:
        return ""
    if not terms.span.covers(begin):
        return f"Group {terms.group} has no agreement with us on {begin}."
    if not plan.span.covers(begin):
        return f"Plan {plan.code} is not offered on {begin}."
    if subgroup and not plan.offered_to(subgroup.code):
        return f"Plan {plan.code} is not offered to subgroup {subgroup.code}."
    return ""
