"""End coverage that was not paid, and let it go on once it is: told first, done when two people decided it.

One transaction, with the guards of the group and its money: a payment beside it is seen, or sees it. The bill that
comes next corrects what was billed beyond the end, or what was not. Source: docs/domain.md, Delinquency.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from billing.delinquency import SHORT_DAYS
from enrollment import unpaid
from model.agreement.terms import Terms
from model.approval import NOBODY, Approval
from model.asking import Request, Verb
from model.desk import Closed, ItemKind
from model.documents.notice import NoticeOf, NoticeRow
from model.documents.premium import LetterOf
from model.enrollment.roster import ChangeSet, RosterLine
from model.journal import Act, InputKind, Purpose
from model.money.arrears import Arrears, Payer, Stage
from pipeline.cash import late
from pipeline.desk import asked, notices, papers, premium
from pipeline.runtime import approvals
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.setup import terms_beside as beside
from pipeline.views import arrears as views
from pipeline.views.arrears import NonpaymentView, ShortView
from store import agreements, guards, journal, jsonvalue, then
from store.desk import items
from store.desk.items import Step
from store.engine import Connection
from store.money import accounts, arrears
from store.people import commit, roster, undone

_NO_CHANGE = ChangeSet()


@dataclass(frozen=True, slots=True)
class _Planned:
    """What would be done: how it is shown, what it changes, the notice's rows; `problem` says why it is not."""

    view: NonpaymentView
    stands: Arrears | None = None
    changes: ChangeSet = _NO_CHANGE
    rows: tuple[NoticeRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Verb:
    """One of the two: what it plans, and what it leaves behind."""

    verb: Verb
    purpose: Purpose
    act: Act
    label: str
    stage: Stage
    notice: NoticeOf
    letter: LetterOf
    plan: Callable[[Connection, Terms, Payer, date], _Planned]


def approve(
    ws: Workspace, account: str, member: str, now: datetime, approval: Approval = NOBODY
) -> NonpaymentView | None:
    """End the coverage of an account on the list, or of a family of it (its subscriber's member ID), on its day.

    Nothing is changed where it is not on the list, or `approval` is not two people's. None: there is no such
    payer.
    """
    return _do(ws, _END, account, member, now, approval)


def reinstate(
    ws: Workspace, account: str, member: str, now: datetime, approval: Approval = NOBODY
) -> NonpaymentView | None:
    """Let coverage that ended for nonpayment go on as it was, once all is paid, but for who was termed separately.

    Nothing is changed where anything is open, or `approval` is not two people's. None: there is no such payer.
    """
    return _do(ws, _BACK, account, member, now, approval)


def _do(
    ws: Workspace, verb: _Verb, account: str, member: str, now: datetime, approval: Approval
) -> NonpaymentView | None:
    with ws.database.read() as conn:
        payer = views.payer_of(conn, account, member)
        row = views.standing_of(conn, payer) if payer else None
        if payer is None or row is None:
            return None
    group = row.group
    return ws.database.change(
        partial(guards.of_groups, numbers=[group]), lambda conn: _done(ws, conn, verb, group, payer, now, approval)
    )


def _done(
    ws: Workspace, conn: Connection, verb: _Verb, group: str, payer: Payer, now: datetime, approval: Approval
) -> NonpaymentView:
    terms, today = agreements.terms(conn, group), local_day(conn, now)
    assert terms is not None, "terms that were loaded stay"
    planned = verb.plan(conn, terms, payer, today)
    stands, view = planned.stands, planned.view
    if view.problem or stands is None:
        return view
    request = _request(verb, view)
    judged = asked.decided(ws, conn, now, approval, request)
    if judged.problem:
        return replace(view, problem=judged.problem)
    decision = judged.approval
    told = ws.asked(InputKind.DECISION, now, account=payer.account, member=view.member, approval=asdict(decision))
    tx = ws.step(conn, verb.purpose, told)
    asked.carried_out(conn, tx, request.subject)
    ids = agreements.group_ids(conn, [group])
    commit.apply(conn, tx, planned.changes, ids, ws.vault)
    agreements.bump_groups(conn, list(ids.values()))
    arrears.save(conn, tx, [replace(stands, stage=verb.stage, since=today, hold="")])
    items.done(conn, tx, ItemKind.NONPAYMENT, premium.named(conn, payer), Closed.DECISION)
    notices.owe(ws, conn, tx, terms, verb.notice, today, planned.rows)
    _write(ws, conn, tx, terms, stands, verb, today)
    journal.audit(conn, tx, verb.act, premium.named(conn, payer), f"{view.people} people; {decision.detail}")
    papers.within(conn, Step(tx, today), group)
    return replace(view, done=True)


def _write(
    ws: Workspace, conn: Connection, tx: int, terms: Terms, stands: Arrears, verb: _Verb, today: date
) -> None:
    end = stands.end or stands.grace_end
    premium.write(ws, conn, tx, premium.Paper(terms, stands, verb.letter, today, end, end), since=end)


def _request(verb: _Verb, view: NonpaymentView) -> Request:
    """Return what two people decide: money whichever way, and the people whose coverage changes."""
    args = view.account + (f" --member {view.member}" if view.member else "")
    return Request(
        verb.verb,
        args,
        f"{verb.label} of account {args.replace(' --member', ', family of')}",
        cents=max(view.owed_cents, sum(abs(month.change_cents) for month in view.months)),
        members=view.people,
        group=view.group,
        effect=jsonvalue.dump(view),
    )


# --- the end ---------------------------------------------------------------------------------------------


def _end(conn: Connection, terms: Terms, payer: Payer, today: date) -> _Planned:
    """Return what an end changes, worked out anew: who has paid meanwhile is not on the list any more."""
    look = late.of_payer(conn, terms, payer, today)
    row, member = views.standing_of(conn, payer), premium.member_of(conn, payer)
    assert row is not None, "the caller found it"
    stands = look.night.stands if look else None
    if look is None or stands is None or stands.stage is not Stage.LISTED or stands.end is None:
        return _Planned(replace(views.ending(row, member, 0, (), ()), problem=_why_not(look, row.arrears)))
    last, codes = stands.end, {place.code for place in terms.subgroups if place.account == payer.account}
    families = premium.covered(conn, terms, payer, last + timedelta(days=1))
    lines = roster.lines(conn, terms.group)
    kept = unpaid.kept(lines, codes, last, payer.contract)
    gone = [line for line in lines if line not in set(kept)]
    view = views.ending(
        replace(row, arrears=stands),
        member,
        len({line.person for line in gone}),
        unpaid.ended(lines, codes, last, payer.contract),
        beside.of_coverage(conn, terms, lines, kept).months,
    )
    rows = tuple(_row(line, last) for line in gone if line.span.begin <= last)
    return _Planned(view, stands, unpaid.changes(families, codes, last), rows)


def _why_not(look: late.Look | None, before: Arrears) -> str:
    stands = look.night.stands if look else None
    if look is None or stands is None or stands.stage in (Stage.PAID, Stage.REINSTATED):
        return "nothing is past due any more"
    if stands.stage is Stage.ENDED:
        return f"coverage ended on {before.end}"
    if look.seen.gone:
        return "nobody is covered any more: there is nothing to end"
    if stands.hold:
        return f"money that is not placed could be the payer's: {stands.hold}"
    if stands.warned is None:
        return "nobody was warned of the end yet: the night does on its day"
    if stands.end is None:
        return "the warning has not left yet"
    return f"the grace, or the days of the warning, are not over: it is listed after {stands.end}"


def _row(line: RosterLine, last: date) -> NoticeRow:
    return NoticeRow(line.subgroup, line.masked, line.member_id, line.line, line.plan, last)


# --- and back --------------------------------------------------------------------------------------------


def _back(conn: Connection, terms: Terms, payer: Payer, today: date) -> _Planned:
    """Return what going on changes: what nonpayment ended, as the step that ended it found it."""
    row, member = views.standing_of(conn, payer), premium.member_of(conn, payer)
    assert row is not None, "the caller found it"
    nothing = views.ending(row, member, 0, (), ())
    if row.arrears.stage is not Stage.ENDED:
        return _Planned(replace(nothing, problem="its coverage did not end for nonpayment"))
    look = late.of_payer(conn, terms, payer, today)
    if look and (owes := look.owes):
        return _Planned(replace(nothing, problem=f"{owes.cents / 100:,.2f} is still past due, since {owes.month}"))
    step = then.of_tx(conn, row.tx)
    ids = sorted(undone.touched(conn, [row.tx]))
    before, after = (undone.families(conn, terms.group, ids, at) for at in (step.before, step))
    back = unpaid.back(before, after, undone.families(conn, terms.group, ids))
    people = {who.person.id: who.person.member_id for family in before for who in family.enrollees}
    lines = roster.flat(roster.families(conn, terms.group))
    whole = [line for line in lines if line.contract not in set(ids)] + roster.flat(back.families)
    came = [line for line in whole if line not in set(lines)]
    last = row.arrears.end or today
    view = views.ending(
        row,
        member,
        len(back.people),
        unpaid.ended(came, {line.subgroup for line in came}, last),
        beside.of_coverage(conn, terms, lines, whole).months,
        sorted(people[each] for each in back.others),
    )
    problem = "" if back.changes else "nobody's coverage is as nonpayment left it: there is nothing to take back"
    rows = tuple(_row(line, line.span.end) for line in came)
    return _Planned(replace(view, problem=problem), row.arrears, back.changes, rows)


_END = _Verb(
    Verb.END_NONPAYMENT, Purpose.END_NONPAYMENT, Act.COVERAGE_ENDED, "end the coverage", Stage.ENDED,
    NoticeOf.NONPAYMENT, LetterOf.ENDED, _end,
)  # fmt: skip
_BACK = _Verb(
    Verb.REINSTATE, Purpose.REINSTATE, Act.COVERAGE_REINSTATED, "reinstate the coverage", Stage.REINSTATED,
    NoticeOf.REINSTATED, LetterOf.BACK, _back,
)  # fmt: skip


# --- what lacks of a COBRA payment -----------------------------------------------------------------------


def tell_short(ws: Workspace, account: str, member: str, now: datetime, reason: str) -> ShortView | None:
    """Tell a COBRA family what lacks of a payment that counts as whole; from then on it has 30 days to pay it.

    Who may ask for what two decide tells it, and why: its coverage may end by it. Nothing is written where nothing
    lacks, or it was told. None: there is no such family on the account.
    """
    with ws.database.read() as conn:
        payer = views.payer_of(conn, account, member)
        known = accounts.find(conn, account)
    if payer is None or known is None or not payer.contract:
        return None

    def work(conn: Connection) -> ShortView:
        terms, today = agreements.terms(conn, known.group), local_day(conn, now)
        look = late.of_payer(conn, terms, payer, today) if terms else None
        who = premium.member_of(conn, payer)
        short = [each for each in look.owed.asked if each.short] if look else []
        pay_by = today + timedelta(days=SHORT_DAYS)
        if look is None or terms is None or not short or look.owes:
            return ShortView(
                payer.account, who, 0, None, problem="no payment of the family is short and counts as whole"
            )
        before = look.before
        if before and before.stage is Stage.SHORT and before.short == short[-1].month:
            return ShortView(payer.account, who, before.cents, None, problem=f"it was told on {before.warned}")
        if problem := approvals.asking(conn, ws.actor, reason):
            return ShortView(payer.account, who, sum(each.short for each in short), None, problem=problem)
        cents, first = sum(each.short for each in short), short[0]
        grace_end = first.due + timedelta(days=look.agreed.grace)
        stands = Arrears(
            payer,
            Stage.SHORT,
            today,
            first.month,
            first.due,
            grace_end,
            cents,
            warned=today,
            short=short[-1].month,
        )
        body = {"account": account, "member": member, "reason": reason}
        tx = ws.step(conn, Purpose.TELL_SHORT, ws.asked(InputKind.COMMAND, now, **body))
        journal.audit(conn, tx, Act.SHORT_TOLD, f"account {account}, {who}", f"{ws.actor.text}: {reason}")
        arrears.save(conn, tx, [stands])
        items.done(conn, tx, ItemKind.NONPAYMENT, premium.named(conn, payer), Closed.DECISION)
        premium.write(ws, conn, tx, premium.Paper(terms, stands, LetterOf.SHORT, today, pay_by, pay_by))
        return ShortView(payer.account, who, cents, pay_by, done=True)

    return ws.database.change(partial(guards.of_groups, numbers=[known.group]), work)
