"""The parts of a night: each does what time has brought and says what it came to; a part breaks for itself alone.

Source: docs/operations.md, The night.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from model.health import Checked
from model.money.arrears import Stage
from model.nights import NightPart, Outcome
from model.trade.maintenance import EndReason
from pipeline.cash import bank_follows, credit, deposits, late, refunds, reverse, tolerance, unclaimed, unnamed
from pipeline.desk import night as desk
from pipeline.health import run as health
from pipeline.replay.night import night as replay
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.verify import run as verifying
from store import nights

_STAGES = {
    Stage.DUE: "payers past due",
    Stage.TOLD: "payers told",
    Stage.WARNED: "payers warned",
    Stage.SHORT: "payers short",
    Stage.LISTED: "payers listed to end",
    Stage.ENDED: "payers ended",
    Stage.PAID: "payers who paid",
    Stage.REINSTATED: "payers reinstated",
}
_BY = {EndReason.AGE: "by age", EndReason.COBRA: "by COBRA's length"}


@dataclass(frozen=True, slots=True)
class Tonight:
    """A day that the night does: `now` is an instant of that day, `whole` asks everything of `verify`."""

    ws: Workspace
    day: date
    now: datetime
    whole: bool = False

    def outcome(self, part: NightPart, counts: Mapping[str, int], told: tuple[str, ...] = ()) -> Outcome:
        """Return what a part came to; counts of nothing are left out."""
        return Outcome(part, self.day, tuple((what, count) for what, count in counts.items() if count), told=told)


def effect(night: Tonight) -> Outcome:
    """Tell what was known before and takes effect on the day: coverage needs no write for it."""
    zone = night.ws.zone()
    with night.ws.database.read() as conn:
        takes = nights.taking_effect(conn, night.day, clock.begins(night.day, zone))
    counts: dict[str, int] = {}
    for each in takes:
        why = f" {_BY[EndReason(each.reason)]}" if each.reason in _BY else ""
        counts[f"people whose coverage {each.what}{why}"] = each.people
    return night.outcome(NightPart.EFFECT, counts)


def documents(night: Tonight) -> Outcome:
    """Open and close what waits of partners' documents and files, and of people who are covered no more."""
    opened, closed = desk.look_at_papers(night.ws, night.now)
    return night.outcome(NightPart.DOCUMENTS, {"partners looked at": opened, "groups looked at": closed})


def agreements(night: Tonight) -> Outcome:
    """End what stands beyond agreements whose day has come."""
    return night.outcome(
        NightPart.AGREEMENTS, {"groups whose agreement ended": len(desk.end_agreements(night.ws, night.now))}
    )


def ages(night: Tonight) -> Outcome:
    """Tell of children who reach the age limit, and fix their ends."""
    return night.outcome(NightPart.AGES, {"groups with notices of age": len(desk.age_off(night.ws, night.now))})


def plans(night: Tonight) -> Outcome:
    """Move the members of plans that end, and ask about the others."""
    return night.outcome(NightPart.PLANS, {"groups whose plans end": len(desk.renew(night.ws, night.now))})


def pairs(night: Tonight) -> Outcome:
    """Post deposits that wait beside their remittances."""
    posted = deposits.look_again(night.ws, night.now)
    made = night.outcome(NightPart.PAIRS, {"deposits posted": len(posted)})
    return replace(made, cents=sum(each.amount_cents for each in posted))


def bank(night: Tonight) -> Outcome:
    """Do what follows from the bank's lines, and place what nobody named as its group has agreed."""
    followed = bank_follows.follow(night.ws, night.now)
    placed = unnamed.place_by_policy(night.ws, night.now)
    counts = {
        "lockbox credits split into their cheques": followed.split,
        "cheques posted": followed.placed,
        "returns taken": followed.returned,
        "refunds paid": followed.paid,
        "payments that name nothing posted": len(placed),
    }
    made = night.outcome(NightPart.BANK, counts)
    return replace(made, cents=sum(each.cents for each in placed))


def returns(night: Tonight) -> Outcome:
    """Take back payments that the bank's returns waited for."""
    done = reverse.look_again(night.ws, night.now)
    made = night.outcome(NightPart.RETURNS, {"payments taken back": len(done)})
    return replace(made, cents=sum(each.amount_cents for each in done))


def credits(night: Tonight) -> Outcome:
    """Let free credit pay open invoices and debit memos of its own account, and open what nobody asks for."""
    with night.ws.database.read() as conn:
        groups = credit.due(conn)
    paid = [credit.pay(night.ws, group, night.now) for group in groups]
    with night.ws.database.read() as conn:
        changed = unclaimed.due(conn, night.now)
    for group in changed:
        unclaimed.look_at(night.ws, group, night.now)
    counts = {"paid from credit": sum(count for count, _ in paid), "groups with unclaimed credit": len(changed)}
    return replace(night.outcome(NightPart.CREDIT, counts), cents=sum(cents for _, cents in paid))


def shorts(night: Tonight) -> Outcome:
    """Write off what paid invoices are short of, within what the groups' terms let go."""
    with night.ws.database.read() as conn:
        groups = tolerance.due(conn, night.now)
    gone = [tolerance.write_off(night.ws, group, night.now) for group in groups]
    made = night.outcome(NightPart.TOLERANCE, {"shorts written off": sum(count for count, _ in gone)})
    return replace(made, cents=sum(cents for _, cents in gone))


def refunds_out(night: Tonight) -> Outcome:
    """Make the check register of what was approved since the last one."""
    made = refunds.register(night.ws, night.now)
    return replace(night.outcome(NightPart.REFUNDS, {"refunds": made.refunds}), cents=made.amount_cents)


def delinquency(night: Tonight) -> Outcome:
    """Look at what is past due: tell late payers and their members, and list whose coverage is to end."""
    with night.ws.database.read() as conn:
        groups = late.due(conn, night.now)
    counts: Counter[str] = Counter()
    for group in groups:
        counts.update({_STAGES[stage]: count for stage, count in late.run(night.ws, group, night.now).items()})
    return night.outcome(NightPart.DELINQUENCY, counts)


def work(night: Tonight) -> Outcome:
    """Count open work."""
    view = desk.figures(night.ws, night.now)
    late = sum(row.past_due for row in view.rows)
    told = tuple(
        f"{row.past_due} past due: {row.kind}, {row.code}, the oldest {row.oldest} days"
        for row in view.rows
        if row.past_due
    )
    made = night.outcome(NightPart.WORK, {"open": view.total, "past due": late}, told)
    return replace(made, cents=sum(row.amount_cents for row in view.rows))


def verify(night: Tonight) -> Outcome:
    """Ask whether the books are whole."""
    answers = verifying.verify(night.ws, night.now, quick=not night.whole)
    wrong = [f"{each.name}: {each.count}" for each in answers if not each.holds]
    made = night.outcome(NightPart.VERIFY, {"questions": len(answers), "answered no": len(wrong)}, tuple(wrong))
    return replace(made, broke="rollbook verify says where" if wrong else "")


def replays(night: Tonight) -> Outcome:
    """Do the steps since the last equal replay again, and hold both stores against each other."""
    view = replay(night.ws)
    told = tuple(f"differs: {kind}" for kind in view.differs)
    if view.stopped:
        told = (*told, f"step {view.stopped.seq}: {view.stopped.what}")
    made = night.outcome(NightPart.REPLAY, {"steps done again": view.last - view.first}, told)
    return replace(
        made, broke="" if view.equal else "the journal and the store are not equal: rollbook replay says more"
    )


def costs(night: Tonight) -> Outcome:
    """Ask what costs money, and keep the figures of the night."""
    checked = health.health(night.ws, night.now)
    last = health.before(night.ws.settings.home, night.day).get("last night")
    health.keep(night.ws, night.day, checked)
    found = [each for each in checked if each.costs]
    told = tuple(f"{each.name}: {len(each.costs)}{_before(last, each)}, since {each.oldest}" for each in found)
    made = night.outcome(NightPart.HEALTH, {"checks": len(checked), "found something": len(found)}, told)
    return replace(made, cents=sum(each.cents for each in found))


def _before(last: health.Night | None, checked: Checked) -> str:
    before = last.figures.get(checked.name) if last else None
    return f" (before: {before[0]})" if before else ""


PARTS: dict[NightPart, Callable[[Tonight], Outcome]] = {
    NightPart.EFFECT: effect,
    NightPart.DOCUMENTS: documents,
    NightPart.AGREEMENTS: agreements,
    NightPart.AGES: ages,
    NightPart.PLANS: plans,
    NightPart.PAIRS: pairs,
    NightPart.BANK: bank,
    NightPart.RETURNS: returns,
    NightPart.CREDIT: credits,
    NightPart.TOLERANCE: shorts,
    NightPart.REFUNDS: refunds_out,
    NightPart.DELINQUENCY: delinquency,
    NightPart.WORK: work,
    NightPart.VERIFY: verify,
    NightPart.REPLAY: replays,
    NightPart.HEALTH: costs,
}
