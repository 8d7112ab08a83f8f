"""One event decided against its family as it stands: rules, then each line, then what is known of the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from enrollment import continued, resolve, spans
from enrollment.draft import Draft, Forced, severities
from enrollment.eligibility import comes_later, end_eligibility, ended
from enrollment.families import member_id_of
from enrollment.implied import take_back
from enrollment.linked import Match, named
from enrollment.looked_up import looked_up
from enrollment.match import match
from enrollment.move import move
from enrollment.people import learn, nothing_new
from enrollment.proof import lift, proves
from enrollment.restore import restore
from enrollment.ruled import waived
from enrollment.told import keep
from enrollment.waiver import only_declines
from enrollment.work import Family
from model.agreement.terms import Subgroup, Terms
from model.enrollment.actions import Action, Did, action
from model.enrollment.decision import MEMBER, Disposition, Objection
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import Contract
from model.enrollment.ruling import Ruling
from model.finding import Severity
from model.quick import quick
from model.timeline import OPEN, day_after
from model.trade.maintenance import ENDED_BY, EndReason, Verb
from model.trade.references import MAINTENANCE_EFFECTIVE
from validators.base import Context, Subject, objection
from validators.continued import ends as continues_until
from validators.occasions import hire_among, open_since
from validators.reading import Ask, Ending, Informing, Opening, Reading, Record, Voiding
from validators.registry import judge
from validators.standing import asked, switches_of, to_void
from vault.ssn import mask_key

_NOBODY = Match()
_subject = quick(Subject)


def subject_of(
    record: Record, terms: Terms | None, family: Family, context: Context, problem: str = ""
) -> Subject:
    """Hold one record, read with `terms`, against the roster. `problem`: why the family itself is not clear.

    Where the family's number would change its dependents wait for the subscriber's record.
    """
    if family.renumbers and not record.event.is_subscriber:
        return held_against(record, terms, None, _NOBODY, context, sent=True)
    hit = match(record, family, context) if terms else _NOBODY
    hit = replace(hit, problem=problem) if problem else hit
    hit = named(record.event, hit, member_id_of(record.event, context), family, context) if terms else hit
    sent, refused = family.subscriber_sent, family.subscriber_refused
    hire = hire_among(family.records)
    held = held_against(record, terms, family.known(), hit, context, sent=sent, refused=refused, hire=hire)
    held = looked_up(held, family)
    if not (family.renumbers or (hit.problem and hit.proposed)):
        return held
    proposed = tuple(person.member_id for person in hit.proposed if person.member_id) if hit.problem else ()
    return replace(held, renumbers=family.renumbers, proposed=proposed)


def held_against(
    record: Record,
    terms: Terms | None,
    contract: Contract | None,
    hit: Match,
    context: Context,
    *,
    sent: bool,
    refused: bool = False,
    hire: Record | None = None,
) -> Subject:
    """Return a record held against its contract. `sent`, `refused`: the subscriber's own record, of this set.

    `hire`: that record, where it tells of a new hire.
    """
    event, amended = record.event, context.ruling(record.event.number).amend.subgroup
    subgroup_sent = amended or resolve.subgroup_ref(event, context.partner)
    return _subject(
        record,
        resolve.group_ref(event, context.header, context.partner),
        terms,
        subgroup_sent,
        _subgroup(record, subgroup_sent, terms, contract, context) if terms else None,
        contract,
        hit.enrollee,
        hit.person,
        contract.masked if contract else mask_key(event.subscriber_number),
        hit.problem,
        sent,
        refused,
        hire=None if event.is_subscriber else hire,
    )


def _subgroup(
    record: Record, sent: str, terms: Terms, contract: Contract | None, context: Context
) -> Subgroup | None:
    """Return the subgroup meant: the one sent, else the family's; under COBRA the group's only one for that."""
    reach = context.reach(terms.group)
    chosen = resolve.subgroup(sent, context.partner, terms, reach)
    if chosen is None and not sent and contract and contract.assignments:
        chosen = terms.subgroup(contract.assignments[-1].subgroup)
    if record.cobra and not record.only_ends and not (chosen and chosen.cobra):
        begins = [reading.begin for reading in record.readings if reading.begin]
        chosen = terms.cobra_subgroup(min(begins, default=context.today)) or chosen
    return chosen if chosen and reach.covers(chosen.code) else None


def decide_member(subject: Subject, family: Family, context: Context, forced: Forced) -> list[Draft]:
    """Decide one event and change the family accordingly; the first draft is the event's own.

    More drafts are of dependents whose coverage ends with their subscriber's (cause IMPLIED). `forced`: what the
    family as a whole has shown about lines of this event.
    """
    number, terms = subject.event.number, subject.terms
    ruling = context.ruling(number)
    limits = _limits(subject, family, context) if terms else None
    own = [*_plans_twice(subject), *_corrects(subject, ruling), *(comes_later(subject, limits) if limits else ())]
    raised = waived([*judge(subject, context), *own], ruling)
    raised += [objection for (event, _), objection in forced.items() if event == number]
    declines = only_declines(subject, context)
    raised = [each for each in raised if not declines or _is_refused(each)]
    draft = Draft(subject.event, subject, raised, ruling=ruling)
    if subject.enrollee:
        draft.name(subject.enrollee)
    worst = severities(raised)
    if MEMBER in worst or terms is None or limits is None:
        draft.block_all(worst)
        draft.refused |= family.contract is None and draft.only_refused
        return [draft]
    if nothing := declines or _nothing_to_end(subject):
        for line in [read for read in subject.lines if ruling.decides(read.number)] or (None,):
            if line and line.number in worst:
                draft.block(line, worst[line.number])
            else:
                draft.add(line, Disposition.NOOP, Action(nothing))
        return [draft]
    _renumber(draft, family)
    beside = _Beside(terms, family, context, worst, limits)
    for line in _in_order(subject):
        _decide_in_question(draft, line, beside)
    implied = []
    if ruling.decides(MEMBER):
        if not restore(draft, terms, family, beside.limits, context.newer):
            return [draft]
        implied = end_eligibility(draft, family, context, beside.limits)
        implied += take_back(draft, family) if "VOID-PENDS" in ruling.waived else []
        move(draft, family, context)
        lift(draft, family, context)
        if draft.enrollee and (subject.enrollee or subject.person):  # of whom it brings itself it teaches nothing
            learn(draft, family, context)
    implied += continued.bound(draft, family)
    implied += continued.keep_cobra(draft, family, context.today)
    keep(draft, family, context)
    if not draft.lines:
        draft.add(None, Disposition.NOOP, nothing_new(draft, family))
    draft.refused = family.contract is None and draft.only_refused
    return [draft, *implied]


def _nothing_to_end(subject: Subject) -> Did | None:
    return Did.UNKNOWN_ENDED if subject.enrollee is None and subject.record.only_ends else None


def _is_refused(one: Objection) -> bool:
    return one.coverage == MEMBER and one.finding.severity is Severity.ERROR


def _renumber(draft: Draft, family: Family) -> None:
    """Let the family answer to the number that its subscriber's record says, which a person allowed."""
    if draft.subject.renumbers:
        family.renumber()
        draft.add(None, Disposition.APPLIED, Action(Did.RENUMBERED))


def _decide_in_question(draft: Draft, one: Reading, beside: _Beside) -> None:
    """Decide or block a line, unless a person's decision leaves it alone or something newer has changed it."""
    if not draft.ruling.decides(one.number):
        return
    blocked = beside.worst.get(one.number)
    if one.ask is None or blocked is Severity.ERROR:
        draft.block(one, blocked or Severity.ERROR)
    elif stands := beside.context.newer.get((draft.person, one.line.code if one.line else "")):
        draft.add(one, Disposition.NOOP, action(Did.SUPERSEDED, stands))
    elif blocked:
        draft.block(one, blocked)
    else:
        _decide_line(draft, one, one.ask, beside)


def _corrects(subject: Subject, ruling: Ruling) -> list[Objection]:
    """Say of a correction that it is one, although a person lets it be read as a change."""
    code = "CORRECTION-PENDS"
    return [objection(code, subject, None, "maintenance")] if code in ruling.waived else []


def _in_order(subject: Subject) -> list[Reading]:
    """Return the lines in the order of their days, ends before what begins the day after."""

    def day(one: Reading) -> tuple[date, bool, int]:
        if one.verb is Verb.END:
            return day_after(one.end or OPEN), False, one.number
        begin = one.begin if one.verb is Verb.OPEN else None
        return begin or OPEN, True, one.number

    return sorted(subject.lines, key=day)


def _plans_twice(subject: Subject) -> list[Objection]:
    """Find HDs that open two plans of one line from the same day: which of them is meant cannot be told."""
    seen: dict[tuple[str, date | None], Reading] = {}
    twice: list[Reading] = []
    for line in asked(subject, Verb.OPEN):
        if line.line is None or line.plan is None:
            continue
        other = seen.setdefault((line.line.code, line.begin), line)
        if other.plan != line.plan:
            twice += [other, line]
    numbers = dict.fromkeys(line.number for line in twice)
    lines = {line.number: line for line in twice}
    return [objection("PLANS-TWICE", subject, lines[number].coverage, "hd") for number in numbers]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a line is decided beside: the group's terms, the family as it stands, and which lines are blocked."""

    terms: Terms
    family: Family
    context: Context
    worst: Mapping[int, Severity]
    limits: spans.Limits


def _decide_line(draft: Draft, one: Reading, ask: Ask, beside: _Beside) -> None:
    """Open or end one line that no rule objects to."""
    if isinstance(ask, Informing):
        draft.add(one, Disposition.NOOP, Action(Did.INFORMED))
        return
    before = beside.family.spans(draft.enrollee, ask.line.code)
    match ask:
        case Opening():
            outcome = _opened(draft, one, ask, before, beside)
        case Ending():
            outcome = _ended(draft, one, ask, before, beside)
        case Voiding():
            outcome = spans.voided(before, to_void(draft.subject, one))
    _take(draft, one, ask.line.code, outcome, before, beside.family)


def _ended(draft: Draft, one: Reading, ask: Ending, before: spans.Spans, beside: _Beside) -> spans.Outcome:
    """Work out an end; the subscriber's that names a level for dependents only may leave the line to them."""
    end, tier, subject = ask.end, one.coverage.tier, draft.subject
    if one.for_dependents and not subject.record.eligible_to:
        plans = [beside.terms.plan(s.plan) for s in before if s.span.covers(day_after(end))]
        held = any(plan and tier in plan.tiers for plan in plans)
        if held and (left := spans.left_to_dependents(before, end, tier, beside.limits)):
            return left
    plan = ask.plan.code if ask.plan else ""
    return ended(draft, before, plan, end, beside.limits, extend=bool(one.coverage.end), coverage=one.coverage)


def _opened(draft: Draft, one: Reading, ask: Opening, before: spans.Spans, beside: _Beside) -> spans.Outcome:
    """Work out an opening; a dependent's coverage ends no later than the subscriber's."""
    subject, event = draft.subject, draft.event
    others = [o for o in asked(subject, Verb.OPEN) if o is not one and o.line == one.line]
    end, reason = ask.end or _ended_below(subject, ask, beside.worst), ENDED_BY.get(event.reason, "")
    if end is None and (until := continues_until(subject, one, beside.context.today)):
        end, lasts = until
        reason = EndReason.COBRA if end == lasts.approved else reason
        continued.say(draft, lasts)
    wanted = spans.Wanted(
        enrollee=draft.enrollee,
        line=ask.line.code,
        plan=ask.plan.code,
        tier=one.coverage.tier if event.is_subscriber and ask.plan.tiers else "",
        begin=ask.begin,
        end=end,
        reason=reason,
        effective=event.date_of(MAINTENANCE_EFFECTIVE),
        more=frozenset(o.begin for o in others if o.begin),
    )
    outcome = _answered(draft, one, wanted, before, beside.limits)
    if event.is_subscriber:
        return outcome
    last = spans.last_of(_subscriber_spans(beside.family, ask.line.code), ask.begin)
    return spans.clip(outcome, before, last.span.end, last.end_reason) if last else outcome


def _answered(
    draft: Draft, one: Reading, wanted: spans.Wanted, before: spans.Spans, limits: spans.Limits
) -> spans.Outcome:
    """Open a line within the limits; what a person waived of them is told as decided, and reaches further."""
    waived, comes_back = set(draft.ruling.waived), one.reinstates
    while True:
        outcome = (spans.reinstated if comes_back else spans.opened)(before, wanted, limits)
        if outcome.code not in waived:
            return outcome
        waived.remove(outcome.code)
        draft.object_to(outcome.code, "hd", outcome.message, one.coverage)
        comes_back = comes_back or outcome.code == "COVERAGE-ENDED"
        limits = spans.without(limits, outcome.code)


def _limits(subject: Subject, family: Family, context: Context) -> spans.Limits:
    """Return what needs no person: an event of the family that was told in time reaches back to its own day."""
    assert subject.terms is not None
    place = subject.subgroup.code if subject.subgroup else ""
    limit = context.today - timedelta(days=switches_of(subject, context.today).retro_term_days)
    since = open_since(family.records, subject.terms, place, context)
    return spans.Limits(
        today=context.today,
        retro=min(limit, since or limit),
        replace_plan=context.partner.profile.plan_change == "replace",
        person=subject.record.cobra,
        proven=proves(subject.event),
    )


def _ended_below(subject: Subject, opening: Opening, worst: Mapping[int, Severity]) -> date | None:
    """Return the end that another HD of the record gives the same plan, so that both say one thing."""
    for other in asked(subject, Verb.END):
        fits = other.line == opening.line and other.plan in (None, opening.plan) and other.number not in worst
        if fits and other.end and other.end >= opening.begin:
            return other.end
    return None


def _subscriber_spans(family: Family, line: str) -> spans.Spans:
    subscriber = next((e for e in family.enrollees() if e.is_subscriber), None)
    return family.spans(subscriber.id, line) if subscriber else ()


def _take(
    draft: Draft, one: Reading, line: str, outcome: spans.Outcome, before: spans.Spans, family: Family
) -> None:
    """Give the family what an outcome made of a line, and note it."""
    subject, event = draft.subject, draft.event
    if outcome.code:
        severity = draft.object_to(outcome.code, "hd", outcome.message, one.coverage)
        if severity is Severity.PEND:
            draft.block(one, severity)
            return
    if outcome.spans == before:
        draft.add(one, Disposition.NOOP, outcome.action)
        return
    if not draft.enrollee:
        enrollee = family.enroll(_own_ssn(draft, family), subject.person)
        draft.name(enrollee)
    family.cover(draft.enrollee, line, outcome.spans)
    if subject.subgroup and event.is_subscriber:
        family.place(subject.subgroup.code, outcome.spans[0].span if outcome.spans else before[0].span)
    draft.add(one, Disposition.APPLIED, outcome.action)


def _own_ssn(draft: Draft, family: Family) -> EnrollmentEvent:
    """Return the event of somebody whom a person said to be new, without an SSN that is another person's.

    So with a dependent of whom a person said that the subscriber's SSN does not matter.
    """
    event, ruling = draft.event, draft.ruling
    asked = ruling.new_person or "SSN-OF-SUBSCRIBER" in ruling.waived
    if not asked or not family.people_of_ssn(family.work.tokens.ssn(event.ssn)):
        return event
    draft.object_to("IDENTITY-KEPT", "ssn")
    return replace(event, ssn="")
