"""Late payers: the night looks at what is past due, tells the payers and the members, and lists whom to end.

One step a group, with the guards of its money, and none where all stands as it did. The end itself is two people's
(pipeline.roster.nonpayment). Source: docs/domain.md, Delinquency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from billing import delinquency, paid
from billing.delinquency import SHORT_DAYS, Night, Tells
from model.agreement.terms import Terms
from model.codes import CODES
from model.desk import ItemKind, Waiting
from model.documents.keys import DocumentKey, DocumentKind
from model.documents.premium import LetterOf
from model.journal import InputKind, Purpose
from model.money.arrears import COBRA_SHORT, OVER, Agreed, Arrears, Owing, Payer, Seen, Stage
from model.money.cents import format_dollars
from model.money.ledger import IssuedInvoice
from model.timeline import NOW, Month
from pipeline.cash import unplaced
from pipeline.desk import premium
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views import paid as books
from pipeline.views.paid import Owed, Place
from store import agreements, guards
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.money import arrears, invoices
from store.money import paid as money
from store.money.arrears import Standing
from store.people import reached
from store.received import outbox

RULE = "PREMIUM-UNPAID"
_PAPERS = (DocumentKind.PREMIUM, DocumentKind.LETTERS)


@dataclass(frozen=True, slots=True)
class Look:
    """What a day makes of one payer: what it owes, what is agreed, how it stood, and how it stands."""

    owed: Owed
    owes: Owing | None
    agreed: Agreed
    seen: Seen
    before: Arrears | None
    night: Night


def due(conn: Connection, now: datetime) -> list[str]:
    """Return the groups of which a payer stands otherwise today than it did, or is short as it was not."""
    today = local_day(conn, now)
    looks = of_groups(conn, agreements.all_terms(conn).values(), today)
    changed = {look.owed.terms.group for look in looks if look.night.stands != look.before}
    return sorted(changed | _differ(conn, Scope((ItemKind.NONPAYMENT,)), looks, today))


def of_groups(conn: Connection, groups: Iterable[Terms], today: date) -> list[Look]:
    """Return what a day makes of each payer of some groups that is late, was, or is short, by account.

    All of them are read at once, so that a night costs few statements however many groups it looks at.
    """
    places = books.places(conn, groups)
    rows = arrears.standing(conn, groups={place.terms.group for place in places.values()})
    before = {row.arrears.payer: row.arrears for row in rows}
    left = _left(conn, [row for row in rows if row.arrears.stage not in OVER])
    told = _told(before, left, today)
    payers = {each.payer: each for each in books.owed(conn, places, _issued(conn, places), NOW, told)}
    for payer in before.keys() - payers.keys():
        payers[payer] = Owed(payer, places[payer.account].terms)
    owing = {payer: (each, *_owes(each, today)) for payer, each in payers.items()}
    behind = {payer: owes for payer, (_, owes, _) in owing.items() if owes}
    held = unplaced.holds(conn, places, behind, today)
    again = money.reopened(conn, {each.invoice for owes in behind.values() for each in owes.open})
    gone = _gone(conn, places, behind, before, today)
    found = []
    for payer, (each, owes, agreed) in owing.items():
        opened = [again[asked.invoice] for asked in owes.open if asked.invoice in again] if owes else []
        lacks = sum(asked.short for asked in each.asked)
        seen = Seen(left.get(payer), max(opened, default=None), held.get(payer, ""), lacks, payer in gone)
        night = delinquency.stands(payer, before.get(payer), owes, agreed, seen, today)
        if night.stands is not None or owes or seen.short:
            found.append(Look(each, owes, agreed, seen, before.get(payer), night))
    return sorted(found, key=lambda look: (look.owed.payer.account, look.owed.payer.contract))


def of_payer(conn: Connection, terms: Terms, payer: Payer, today: date) -> Look | None:
    """Return what a day makes of one payer of a group; None: it is not late, never was, and lacks nothing."""
    return next((look for look in of_groups(conn, [terms], today) if look.owed.payer == payer), None)


def _issued(conn: Connection, places: Mapping[str, Place]) -> list[IssuedInvoice]:
    """Return the invoices that matter: what is open, and of accounts whose families pay for themselves all."""
    direct = {number for number, place in places.items() if place.direct}
    whole = invoices.listing(conn, accounts=direct) if direct else []
    rest = invoices.listing(conn, accounts=places, unpaid=True)
    return [each for each in whole if each.account in direct] + [
        each for each in rest if each.account not in direct
    ]


def _owes(owed: Owed, today: date) -> tuple[Owing | None, Agreed]:
    """Return what a payer is past due with, and what is agreed about the month that began it."""
    late = [each.month for each in owed.asked if each.open and each.due < today]
    agreed = books.agreed(owed.terms, min(late, default=Month.of(today)).first, cobra=owed.cobra)
    return paid.owing(owed.asked, paid.EXACT if owed.cobra else agreed.trifle, today), agreed


def _gone(
    conn: Connection,
    places: Mapping[str, Place],
    behind: Iterable[Payer],
    before: Mapping[Payer, Arrears],
    today: date,
) -> set[Payer]:
    """Return those of whom nobody is covered after today, nor beyond the end that was approved."""
    of = {payer: places[payer.account] for payer in behind}
    until: dict[tuple[str, str, int], date] = {}
    found = reached.covered_until(conn, {place.terms.group for place in of.values()}, today)
    for (group, subgroup, family), last in found.items():
        for who in (0, family):
            until[group, subgroup, who] = max(last, until.get((group, subgroup, who), last))
    gone: set[Payer] = set()
    for payer, place in of.items():
        stood = before.get(payer)
        beyond = stood.end if stood and stood.stage is Stage.ENDED else None
        last = until.get((place.terms.group, place.subgroup.code, payer.contract), today)
        if last <= max(today, beyond or today):
            gone.add(payer)
    return gone


def _left(conn: Connection, rows: Iterable[Standing]) -> dict[Payer, date]:
    """Return on which day the last copy of its warning left, of each payer of whom every copy has."""
    txs = arrears.warned_by(conn, rows)
    copies = outbox.copies(conn, set(txs.values()), _PAPERS) if txs else {}
    found: dict[Payer, date] = {}
    for payer, tx in txs.items():
        left = _of_payer(conn, payer, copies.get(tx, []))
        gone = [at for at in left if at]
        if gone and len(gone) == len(left):
            found[payer] = local_day(conn, max(gone))
    return found


def _of_payer(
    conn: Connection, payer: Payer, copies: Sequence[tuple[DocumentKey, datetime | None]]
) -> list[datetime | None]:
    """Return when what a night wrote left, as far as it is a payer's; all where its name is another by now."""
    own = [(key, at) for key, at in copies if key.parts[0] == payer.account] or list(copies)
    if payer.contract and len({at for _, at in own}) > 1:  # one name is asked of the store only where it decides
        who = premium.member_of(conn, payer)
        own = [(key, at) for key, at in own if key.parts[1] == who] or own
    return [at for _, at in own]


def _told(before: Mapping[Payer, Arrears], left: Mapping[Payer, date], today: date) -> dict[int, Month]:
    """Return through which month COBRA families were told what lacks, whose days to pay it are over."""
    days = timedelta(days=SHORT_DAYS)
    return {
        payer.contract: each.short
        for payer, each in before.items()
        if each.short and (each.stage is not Stage.SHORT or (payer in left and today > left[payer] + days))
    }


def run(ws: Workspace, group: str, now: datetime) -> dict[Stage, int]:
    """Let each payer of a group stand as it does today; return how many came to which stage; {}: nothing new."""

    def work(conn: Connection) -> dict[Stage, int]:
        terms, today = agreements.terms(conn, group), local_day(conn, now)
        looks = of_groups(conn, [terms], today) if terms else []
        changed = [look for look in looks if look.night.stands != look.before]
        scope = Scope((ItemKind.NONPAYMENT,), group=group)
        if terms is None or not (changed or _differ(conn, scope, looks, today)):
            return {}
        tx = ws.step(conn, Purpose.DELINQUENCY, ws.asked(InputKind.NIGHTLY, now), group=group)
        arrears.save(conn, tx, [look.night.stands for look in changed if look.night.stands])
        for look in changed:
            tell(ws, conn, tx, terms, look, today)
        waits = [*waiting(conn, group, looks), *shorts(conn, looks, today)]
        items.reconcile(conn, Step(tx, today), scope, waits)
        counts: dict[Stage, int] = defaultdict(int)
        for look in changed:
            if look.night.stands and (look.before is None or look.before.stage is not look.night.stands.stage):
                counts[look.night.stands.stage] += 1
        return dict(counts)

    return ws.database.change(partial(guards.of_groups, numbers=[group]), work)


def tell(ws: Workspace, conn: Connection, tx: int, terms: Terms, look: Look, today: date) -> None:
    """Owe the notices of this day."""
    stands, owes = look.night.stands, look.owes
    if stands is None or owes is None or look.night.tells is Tells.NOBODY:
        return
    warns, gone = look.night.tells is Tells.EVERYBODY, look.seen.gone
    days = look.agreed.again if look.seen.reopened else look.agreed.notice
    pay_by = max(stands.grace_end, today + timedelta(days=days)) if warns or gone else stands.grace_end
    end = delinquency.last_day(look.agreed.end, stands.month, pay_by)
    about = LetterOf.WARNING if warns else LetterOf.OWING if gone else LetterOf.REMINDER
    paper = premium.Paper(terms, stands, about, today, pay_by, end, owes.open)
    if not stands.payer.contract:
        premium.notify(ws, conn, tx, paper)
    if warns or stands.payer.contract:
        premium.write(ws, conn, tx, paper)


def waiting(conn: Connection, group: str, looks: Iterable[Look]) -> list[Waiting]:
    """Return the list of ends that wait for two people: an item for each account and family past its grace."""
    found = []
    for look in looks:
        stands = look.night.stands
        if stands and stands.stage is Stage.LISTED:
            who = premium.named(conn, stands.payer)
            people = premium.people(conn, group, stands.payer, stands.end or stands.grace_end)
            label = f"{who}: {people} people, unpaid since {stands.month}, covered to {stands.end}"
            found.append(
                Waiting(
                    ItemKind.NONPAYMENT, who, RULE, label, CODES[RULE].severity, group=group, cents=stands.cents
                )
            )
    return found


def shorts(conn: Connection, looks: Iterable[Look], today: date) -> list[Waiting]:
    """Return the families whose COBRA payment is short and counts as paid past the due day, and who were not told.

    Of whom anything else is late that is told first (docs/domain.md, Delinquency).
    """
    found = []
    for look in looks:
        stands, lacking = look.night.stands, [each for each in look.owed.asked if each.short and each.due < today]
        told = stands.short if stands and stands.stage is Stage.SHORT else None
        if not lacking or look.owes or (told and lacking[-1].month <= told):
            continue
        who, cents = premium.named(conn, look.owed.payer), sum(each.short for each in lacking)
        label = f"{who}: {format_dollars(cents)} lacks of {lacking[0].month}, and counts as paid until it is told"
        group = look.owed.terms.group
        found.append(
            Waiting(
                ItemKind.NONPAYMENT, who, COBRA_SHORT, label, CODES[COBRA_SHORT].severity, group=group, cents=cents
            )
        )
    return found


def _differ(conn: Connection, scope: Scope, looks: Iterable[Look], today: date) -> set[str]:
    """Return the groups of which other families are short than open work has."""
    there = {(each.group, each.subject, each.cents) for each in _open_shorts(conn, scope)}
    now = {(each.group, each.subject, each.cents) for each in shorts(conn, looks, today)}
    return {group for group, _, _ in there ^ now}


def _open_shorts(conn: Connection, scope: Scope) -> list[Waiting]:
    return [known.waiting for known in items.opened(conn, scope).values() if known.waiting.rule == COBRA_SHORT]
