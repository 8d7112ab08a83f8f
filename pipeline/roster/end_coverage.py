"""End coverage that stands beyond its agreement: told first, and done when two people decided it.

One transaction, with the guards of the group and its accounts. The bill that comes next takes back what was billed
beyond the end, by the same event (docs/domain.md, The end of an agreement).
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from enrollment import ending
from model.agreement.terms import Terms
from model.approval import NOBODY, Approval
from model.asking import Request, Verb
from model.enrollment.roster import ChangeSet
from model.journal import Act, InputKind, Purpose
from pipeline.desk import asked, papers
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.setup import terms_beside as beside
from pipeline.views import effects
from pipeline.views.effects import EndCoverageView
from store import agreements, guards, journal, jsonvalue
from store.desk.items import Step
from store.engine import Connection
from store.people import commit, roster


def end_coverage(ws: Workspace, group: str, now: datetime, approval: Approval = NOBODY) -> EndCoverageView | None:
    """End what stands beyond the end of the group or of its subgroups, on the agreement's last day.

    Nothing is changed where there is nothing to end, or `approval` is not two people's. None: no terms are loaded.
    """
    with ws.database.read() as conn:
        terms = agreements.terms(conn, group)
        planned = _planned(conn, terms, now) if terms else None
        if planned is None or not planned.ended:
            return planned
        judged = asked.judge(ws, conn, approval, _request(planned))
    if judged.problem and not judged.asks:
        return replace(planned, problem=judged.problem)
    return ws.database.change(
        lambda conn: guards.of_groups(conn, [group]), lambda conn: _end(ws, conn, group, now, approval)
    )


def _end(ws: Workspace, conn: Connection, group: str, now: datetime, approval: Approval) -> EndCoverageView:
    terms = agreements.terms(conn, group)
    assert terms is not None, "terms that were loaded stay"
    planned = _planned(conn, terms, now)
    changes = ending.changes(roster.families(conn, group), terms)
    if not changes:
        return planned  # somebody else ended it meanwhile
    request = _request(planned)  # of what ends now
    judged = asked.decided(ws, conn, now, approval, request)
    if judged.problem:
        return replace(planned, problem=judged.problem)
    decision = judged.approval
    told = ws.asked(InputKind.DECISION, now, group=group, approval=asdict(decision))
    tx = ws.step(conn, Purpose.END_COVERAGE, told)
    asked.carried_out(conn, tx, request.subject)
    ids = agreements.group_ids(conn, [group])
    commit.apply(conn, tx, changes, ids, ws.vault)
    agreements.bump_groups(conn, list(ids.values()))
    journal.audit(conn, tx, Act.COVERAGE_ENDED, group, f"{_counts(changes)}; {decision.detail}")
    if not planned.beyond_plans:
        papers.within(conn, Step(tx, local_day(conn, now)), group)
    return replace(planned, done=True)


def _request(planned: EndCoverageView) -> Request:
    """Return what two people decide: money whichever way, and the members of the line with the most."""
    return Request(
        Verb.END_COVERAGE,
        planned.group,
        f"end coverage of group {planned.group} beyond its agreement",
        cents=sum(abs(month.change_cents) for month in planned.months),
        members=max(ended.subscribers + ended.dependents for ended in planned.ended),
        group=planned.group,
        effect=jsonvalue.dump(planned),
    )


def _planned(conn: Connection, terms: Terms, now: datetime) -> EndCoverageView:
    today = local_day(conn, now)
    lines = roster.lines(conn, terms.group)
    kept = ending.kept(lines, terms)
    return effects.ending(
        group=terms.group,
        ended=ending.ended(lines, terms),
        past=ending.past(lines, terms, today),
        beyond_plans=ending.beyond_plans(kept, terms),
        effects=beside.of_coverage(conn, terms, lines, kept).months,  # whose days are kept, keeps its price
    )


def _counts(changes: ChangeSet) -> str:
    return f"{len(changes.close)} coverages ended, {len(changes.void)} void"
