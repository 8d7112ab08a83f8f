"""One event decided against its family as it stands: rules, then each line, then what is known of the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from enrollment import resolve, spans
from enrollment.continued import keep_cobra
from enrollment.draft import Draft, Forced, place_of, severities
from enrollment.learn import learn, nothing_new
from enrollment.match import Match, match
from enrollment.move import move
from enrollment.restore import restore
from enrollment.work import Family
from model.agreement.terms import Subgroup, Terms
from model.codes import found
from model.enrollment.actions import Action, Did
from model.enrollment.decision import Cause, Disposition, LineDecision
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import Contract, Enrollee
from model.finding import Finding, Severity
from model.timeline import OPEN, day_after
from model.trade.maintenance import Verb
from model.trade.references import MAINTENANCE_EFFECTIVE
from validators.base import Context, LinePlan, Subject
from validators.places import rules_of
from validators.reading import (
    about,
    asked,
    begin_of,
    eligibility_end,
    end_of,
    holds_for_dependents,
    is_cobra,
    only_ends,
    reinstates,
    to_void,
    verb,
)
from validators.registry import judge
from vault.masking import mask_key


def subject_of(
    event: EnrollmentEvent, terms: Terms | None, family: Family, context: Context, problem: str = ""
) -> Subject:
    """Read one event against terms and roster. `problem`: why the family itself is not clear."""
    hit = match(event, family, context) if terms else Match()
    contract, sent = family.contract, resolve.subgroup_ref(event, context.partner)
    return Subject(
        event=event,
        group=resolve.group_ref(event, context.header, context.partner),
        terms=terms,
        subgroup_sent=sent,
        subgroup=_subgroup(event, sent, terms, contract, context) if terms else None,
        lines=tuple(_read(event, terms)),
        contract=replace(contract, enrollees=family.enrollees()) if contract else None,
        enrollee=hit.enrollee,
        person=hit.person,
        masked=contract.masked if contract else mask_key(event.subscriber_number),
        ambiguous=problem or hit.problem,
    )


def _subgroup(
    event: EnrollmentEvent, sent: str, terms: Terms, contract: Contract | None, context: Context
) -> Subgroup | None:
    """Return the subgroup meant: the one sent, else the family's; under COBRA the group's only one for that."""
    reach = context.reach(terms.group)
    chosen = resolve.subgroup(sent, context.partner, terms, reach)
    if chosen is None and not sent and contract and contract.assignments:
        chosen = terms.subgroup(contract.assignments[-1].subgroup)
    if is_cobra(event) and not only_ends(event) and not (chosen and chosen.cobra):
        begins = [day for coverage in event.coverages if (day := begin_of(event, coverage))]
        chosen = terms.cobra_subgroup(min(begins, default=context.today)) or chosen
    return chosen if chosen and reach.covers(chosen.code) else None


def _read(event: EnrollmentEvent, terms: Terms | None) -> list[LinePlan]:
    read = []
    for coverage in event.coverages:
        line = terms.line_of(coverage.line_code) if terms else None
        read.append(LinePlan(coverage, line, terms.plan_of(line.code, coverage.plan) if terms and line else None))
    return read


def decide_member(subject: Subject, family: Family, context: Context, forced: Forced) -> list[Draft]:
    """Decide one event and change the family accordingly; the first draft is the event's own.

    More drafts are of dependents whose coverage ends with their subscriber's (cause IMPLIED). `forced`: what the
    family as a whole has shown about lines of this event.
    """
    event = subject.event
    findings = [*judge(subject, context), *_plans_twice(subject)]
    draft = Draft(event, subject, findings)
    if subject.enrollee:
        _name(draft, subject.enrollee)
    findings += [finding for (number, _), finding in forced.items() if number == event.number]
    worst = severities(event, findings)
    if 0 in worst:
        draft.block_all(worst[0])
        return [draft]
    if subject.enrollee is None and only_ends(event):
        for line in subject.lines or (None,):
            if line and line.coverage.number in worst:
                draft.block(line, worst[line.coverage.number])
            else:
                draft.add(line, Disposition.NOOP, Action(Did.UNKNOWN_ENDED))
        return [draft]
    for line in _in_order(subject):
        number = line.coverage.number
        if number in worst:
            draft.block(line, worst[number])
        else:
            _decide_line(draft, line, family, context, worst)
    if not restore(draft, family, _limits(subject, context)):
        return [draft]
    implied = _end_eligibility(draft, family, context)
    move(draft, family, context)
    if draft.enrollee:
        learn(draft, family)
    keep_cobra(draft, family)
    if not draft.lines:
        draft.add(None, Disposition.NOOP, nothing_new(draft, family))
    only_refused = all(line.disposition is Disposition.REJECTED for line in draft.lines)
    draft.refused = family.contract is None and only_refused
    return [draft, *implied]


def _name(draft: Draft, enrollee: Enrollee) -> None:
    draft.enrollee = enrollee.id
    draft.person = enrollee.person.id
    draft.member_id = enrollee.person.member_id


def _in_order(subject: Subject) -> list[LinePlan]:
    """Return the lines in the order of their days, ends before what begins the day after."""

    def day(one: LinePlan) -> tuple[date, bool, int]:
        kind = verb(subject.event, one.coverage)
        if kind is Verb.END:
            return day_after(end_of(subject.event, one.coverage) or OPEN), False, one.coverage.number
        begin = begin_of(subject.event, one.coverage) if kind is Verb.OPEN else None
        return begin or OPEN, True, one.coverage.number

    return sorted(subject.lines, key=day)


def _plans_twice(subject: Subject) -> list[Finding]:
    """Find HDs that open two plans of one line from the same day: which of them is meant cannot be told."""
    event = subject.event
    seen: dict[tuple[str, date | None], LinePlan] = {}
    twice: list[LinePlan] = []
    for line in asked(subject, Verb.OPEN):
        if line.line is None or line.plan is None:
            continue
        key = (line.line.code, begin_of(event, line.coverage))
        other = seen.setdefault(key, line)
        if other.plan != line.plan:
            twice += [other, line]
    return [
        found("PLANS-TWICE", place_of(event, fromkey.coverage), subject=about(subject))
        for fromkey in dict.fromkeys(twice)
    ]


def _decide_line(
    draft: Draft, one: LinePlan, family: Family, context: Context, worst: Mapping[int, Severity]
) -> None:
    """Open or end one line that no rule objects to; `worst` are the HDs that are blocked."""
    kind = verb(draft.event, one.coverage)
    assert one.line is not None or kind is Verb.INFORMATION, "PLAN-OFFERED lets no unknown line through"
    if kind is Verb.INFORMATION:
        draft.add(one, Disposition.NOOP, Action(Did.INFORMED))
        return
    line = one.line.code if one.line else ""
    before = family.spans(draft.enrollee, line)
    if kind is Verb.END:
        end = end_of(draft.event, one.coverage)
        assert end is not None, "DATES-SANE lets no end without a day through"
        plan = one.plan.code if one.plan and one.coverage.plan else ""
        outcome = _left(draft.subject, one, end, before, context) or spans.ended(
            before, plan, end, context.today, extend=bool(one.coverage.end)
        )
    elif kind is Verb.VOID:
        outcome = spans.voided(before, to_void(draft.subject, one))
    else:
        end = end_of(draft.event, one.coverage) or _ended_below(draft.subject, one, worst)
        outcome = _opened(draft, one, end, before, family, context)
    _take(draft, one, outcome, before, family)


def _left(
    subject: Subject, one: LinePlan, end: date, before: spans.Spans, context: Context
) -> spans.Outcome | None:
    """Work out an end of the subscriber's that names a level for dependents only; None: it is any other end."""
    if not holds_for_dependents(subject.event, one.coverage) or eligibility_end(subject.event):
        return None
    assert subject.terms is not None
    plans = [subject.terms.plan(s.plan) for s in before if s.span.covers(day_after(end))]
    if not any(plan and one.coverage.tier in plan.tiers for plan in plans):
        return None
    return spans.left_to_dependents(before, end, one.coverage.tier, _limits(subject, context))


def _opened(
    draft: Draft, one: LinePlan, end: date | None, before: spans.Spans, family: Family, context: Context
) -> spans.Outcome:
    """Work out an opening; a dependent's coverage ends no later than the subscriber's."""
    subject, event = draft.subject, draft.event
    assert subject.terms is not None and one.line is not None and one.plan is not None
    begin = begin_of(event, one.coverage)
    assert begin is not None, "DATES-SANE lets no opening without a day through"
    others = [o for o in asked(subject, Verb.OPEN) if o is not one and o.line == one.line]
    wanted = spans.Wanted(
        enrollee=draft.enrollee,
        line=one.line.code,
        plan=one.plan.code,
        tier=one.coverage.tier if event.is_subscriber and one.plan.tiers else "",
        begin=begin,
        end=end,
        effective=event.date_of(MAINTENANCE_EFFECTIVE),
        more=frozenset(day for o in others if (day := begin_of(event, o.coverage))),
    )
    again = reinstates(event, one.coverage)
    outcome = (spans.reinstated if again else spans.opened)(before, wanted, _limits(subject, context))
    if event.is_subscriber:
        return outcome
    last = spans.covered_until(_subscriber_spans(family, one.line.code), begin)
    return spans.clip(outcome, before, last) if last else outcome


def _limits(subject: Subject, context: Context) -> spans.Limits:
    return spans.Limits(
        today=context.today,
        retro=context.today - timedelta(days=rules_of(subject, context.today).retro_term_days),
        replace_plan=context.partner.profile.plan_change == "replace",
    )


def _ended_below(subject: Subject, one: LinePlan, worst: Mapping[int, Severity]) -> date | None:
    """Return the end that another HD of the record gives the same plan, so that both say one thing."""
    begin = begin_of(subject.event, one.coverage)
    for other in asked(subject, Verb.END):
        end = end_of(subject.event, other.coverage)
        fits = other.line == one.line and other.plan in (None, one.plan) and other.coverage.number not in worst
        if fits and begin and end and end >= begin:
            return end
    return None


def _subscriber_spans(family: Family, line: str) -> spans.Spans:
    subscriber = next((e for e in family.enrollees() if e.is_subscriber), None)
    return family.spans(subscriber.id, line) if subscriber else ()


def _take(draft: Draft, one: LinePlan, outcome: spans.Outcome, before: spans.Spans, family: Family) -> None:
    """Give the family what an outcome made of a line, and note it."""
    subject, event = draft.subject, draft.event
    if outcome.code:
        place = place_of(event, one.coverage)
        finding = found(outcome.code, place, outcome.message, subject=about(subject))
        draft.findings.append(finding)
        if finding.severity is Severity.PEND:
            draft.block(one, Severity.PEND)
            return
    if outcome.spans == before:
        draft.add(one, Disposition.NOOP, outcome.action)
        return
    if not draft.enrollee:
        enrollee = family.enroll(event, subject.person)
        _name(draft, enrollee)
    assert one.line is not None
    family.cover(draft.enrollee, one.line.code, outcome.spans)
    if subject.subgroup and event.is_subscriber:
        family.place(subject.subgroup.code, outcome.spans[0].span if outcome.spans else before[0].span)
    draft.add(one, Disposition.APPLIED, outcome.action)


def _end_eligibility(draft: Draft, family: Family, context: Context) -> list[Draft]:
    """Let DTP*357 end every line of the person, and of a subscriber every line of the family.

    DTP*349 beats it on its own line. Lines without an HD of their own are noted on the member; each dependent
    whose coverage ends with the subscriber's gets a draft of its own. A line that the subscriber keeps, because
    its own HD waits for one, is left to everybody.

    Source: docs/domain.md, What a record asks.
    """
    last, event = eligibility_end(draft.event), draft.event
    if last is None or not draft.enrollee:
        return []
    decisions = [o for o in draft.lines if not o.coverage or verb(event, o.coverage) is not Verb.INFORMATION]
    own: dict[str, date | None] = {decision.line: None for decision in decisions}
    done = (decision for decision in decisions if decision.disposition in (Disposition.APPLIED, Disposition.NOOP))
    own |= {decision.line: decision.coverage.end for decision in done if decision.coverage}
    kept = {line for line in own if _covered_after(family, draft.enrollee, line, own[line] or last)}
    implied = []
    for enrollee in family.enrollees():
        mine = enrollee.id == draft.enrollee
        if not mine and not event.is_subscriber:
            continue
        target = draft if mine else _implied(draft, enrollee)
        for line in dict.fromkeys(c.line for c in enrollee.coverages):
            if line in (own if mine else kept):
                continue
            end = own.get(line) or last
            before = family.spans(enrollee.id, line)
            outcome = spans.ended(before, "", end, context.today, extend=False)
            if outcome.spans != before:
                family.cover(enrollee.id, line, outcome.spans)
                ended = LineDecision(None, line, before[-1].plan, Disposition.APPLIED, outcome.action)
                target.lines.append(ended)
        if not mine and target.lines:
            implied.append(target)
    return implied


def _covered_after(family: Family, enrollee: int, line: str, end: date) -> bool:
    return any(span.span.end > end for span in family.spans(enrollee, line))


def _implied(draft: Draft, enrollee: Enrollee) -> Draft:
    """Return an empty draft for a dependent who is touched by the subscriber's record only."""
    event = replace(
        draft.event,
        is_subscriber=False,
        relationship=enrollee.relationship,
        person=enrollee.person.demographics,
        ssn="",
        corrected_from=None,
        corrected_from_ssn="",
        coverages=(),
    )
    implied = Draft(event, draft.subject, cause=Cause.IMPLIED)
    _name(implied, enrollee)
    return implied
