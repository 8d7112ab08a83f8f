"""The suspense desk: what no account has, why, and what each may be for, the best first. Nothing is changed.

Source: docs/domain.md, Suspense; docs/desk.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from billing.proposals import Proposal, Proposed
from model.codes import CODES
from model.desk import Item, ItemKind
from model.enrollment.ruling import Answer, Kind, Wish
from model.finding import Finding
from model.money.cents import Cents, format_dollars
from model.money.remittance import RemittanceLine
from model.timeline import Month
from pipeline.cash import held as lying
from pipeline.cash.held import Held
from pipeline.cash.planned import as_read
from pipeline.cash.proposing import Proposing
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.plain import Counts
from pipeline.views.suspense import (
    ProposalView,
    SuspenseAsked,
    SuspenseListView,
    SuspenseRowView,
    SuspenseShownView,
)
from store.desk import items
from store.engine import Connection
from store.money import cash
from store.received import files
from writers import proposing as words

PAGE = 50  # items that are shown at once
_QUICK = 2_000  # steps of the search for sums, of each item of a list
_SUSPENDED = re.compile(r"\S+ lies in suspense: (.*)", re.DOTALL)
_WHY = ("PAYMENT-SUSPENDED", "ADJUSTMENT-WAITS")


def listing(
    ws: Workspace, now: datetime, asked: SuspenseAsked, after: int = 0, most: int = PAGE
) -> SuspenseListView:
    """Return a page of what no account has, the oldest first, from the item after so many on."""
    with ws.database.read() as conn:
        today = local_day(conn, now)
        every = lying.everything(conn)
        desk = Proposing(ws, conn, today, every)
        wanted = sorted((each for each in every if _is_asked(desk, each, asked, today)), key=_age)
        shown = wanted[after : after + most]
        said = _said(conn, shown)
        rows = tuple(_row(desk, each, said, desk.proposed(each, _QUICK), today) for each in shown)
    suspense: dict[str, Cents] = {}
    for each in every:
        if each.partner:
            suspense[each.partner] = suspense.get(each.partner, 0) + each.cents
    following = after + most
    return SuspenseListView(
        items=rows,
        next=str(following) if following < len(wanted) else "",
        total=len(wanted),
        amount_cents=sum(each.cents for each in wanted),
        suspense_cents=Counts.of(suspense),
        unidentified_cents=sum(each.cents for each in every if not each.partner),
    )


def _is_asked(desk: Proposing, held: Held, asked: SuspenseAsked, today: date) -> bool:
    old = not asked.older or (held.since or today) <= today - timedelta(days=asked.older)
    own = not asked.partner or asked.partner in desk.payers(held)
    return old and own and asked.group in ("", held.group)


def _age(held: Held) -> tuple[date, int, int, int, int]:
    paper, deposit = held.paper.id if held.paper else 0, held.deposit.id if held.deposit else 0
    return held.since or date.max, held.item.number if held.item else 0, paper, held.line, deposit


def show(ws: Workspace, number: int, now: datetime) -> SuspenseShownView | None:
    """Return one item whole by the number of its open work, None where no money without an account has it."""
    with ws.database.read() as conn:
        found = find(conn, number)
        if found is None:
            return None
        held, item = found
        today = local_day(conn, now)
        desk = Proposing(ws, conn, today, [held])
        proposed = desk.proposed(held)
        line = desk.line(held)
        return SuspenseShownView(
            item=_row(desk, held, _said(conn, [held]), proposed, today),
            sent=tuple(_sent(held, line)),
            proposals=_views(proposed),
            searched=proposed.whole,
            requested=item.requested,
            requested_by=item.requested_by,
            members=tuple(sorted({each.goal.subscriber for each in proposed.proposals} - {""})),
        )


def find(conn: Connection, number: int) -> tuple[Held, Item] | None:
    """Return the money that an open item is about; None where it is about none."""
    item = items.find(conn, number)
    if item is None or item.closed_how or item.waiting.kind not in (ItemKind.SUSPENSE, ItemKind.DEPOSIT):
        return None
    if item.waiting.kind is ItemKind.DEPOSIT:
        held = lying.of_deposit(conn, int(item.waiting.subject.removeprefix("deposit ")))
    else:
        paper = cash.of_set(conn, item.waiting.set)
        mine = lying.of_line(conn, paper.id, item.waiting.member) if paper else []
        held = next((each for each in mine if each.group == item.waiting.group), None)
    return (replace(held, item=item), item) if held else None


# --- what is said of an item -----------------------------------------------------------------------------


def _said(conn: Connection, held: Iterable[Held]) -> dict[int, list[Finding]]:
    """Return what was said of money in suspense when its payment was posted, by set."""
    sets = {each.paper.set for each in held if each.paper}
    brought = {ident: files.stored_set(conn, ident).file_id for ident in sorted(sets)}
    return {
        ident: [each for each in files.whole_findings(conn, file_id, ident) if each.code in _WHY]
        for ident, file_id in brought.items()
    }


def _row(
    desk: Proposing, held: Held, said: dict[int, list[Finding]], proposed: Proposed, today: date
) -> SuspenseRowView:
    best = next(iter(_views(proposed)), None)
    return SuspenseRowView(
        number=held.item.number if held.item else 0,
        kind=(ItemKind.SUSPENSE if held.paper else ItemKind.DEPOSIT).value,
        since=held.since,
        age=(today - held.since).days if held.since else 0,
        amount_cents=held.cents,
        partner=held.partner,
        payer=", ".join(desk.payers(held)),
        group=held.group,
        trace=held.trace,
        remittance=held.paper.id if held.paper else 0,
        line=held.line,
        deposit=held.deposit.id if held.deposit else 0,
        why=_why(held, said),
        best=best,
    )


def _why(held: Held, said: dict[int, list[Finding]]) -> str:
    """Say why money lies there, in the words of when it came to."""
    if held.paper is None:
        return "nobody said whose it is"
    subject = f"payment line {held.line}" if held.line else "payment"
    mine = [each.message for each in said.get(held.paper.set, ()) if each.subject == subject]
    reasons = [found[1].rstrip(".") for message in mine if (found := _SUSPENDED.fullmatch(message))]
    return "; ".join(dict.fromkeys(reasons)) or CODES[_WHY[0]].meaning.rstrip(".")


def _sent(held: Held, line: RemittanceLine | None) -> Iterable[str]:
    """Yield what was sent, masked."""
    company = f", company {held.company}" if held.company else ""
    if held.deposit:
        yield f"deposit {held.deposit.id} of {held.deposit.received}, trace {held.trace}{company}"
        if held.cents != held.deposit.cents:
            yield f"{format_dollars(held.cents)} is left of {format_dollars(held.deposit.cents)}"
    if held.paper:
        what = f"payment {held.trace} of {held.partner}, {format_dollars(held.paper.cents)}{company}"
        yield f"{what}, remittance {held.paper.id}" + (f", line {held.line}" if held.line else "")
    if line:
        period = f", for {line.begin} to {line.end or line.begin}" if line.begin else ""
        billed = f", billed {format_dollars(line.billed)}" if line.billed is not None else ""
        yield f"{as_read(line)}{period}{billed}"


def _views(proposed: Proposed) -> tuple[ProposalView, ...]:
    return tuple(_view(number, each) for number, each in enumerate(proposed.proposals, 1))


def _view(number: int, proposal: Proposal) -> ProposalView:
    return ProposalView(
        number=number,
        place=proposal.place,
        tied=proposal.tied,
        to=proposal.goal.to,
        month=str(proposal.goal.month or ""),
        why=tuple(reason.kind.value for reason in proposal.reasons),
        reasons=tuple(map(words.reason, proposal.reasons)),
    )


# --- whose it is said to be ------------------------------------------------------------------------------


def wish(ws: Workspace, number: int, now: datetime, to: str, said: Wish) -> Wish:
    """Return what somebody wishes who says `--to`: `proposal:3` is what is proposed in that place now.

    `month:2027-02` is a month of `said.account`, or of the only account that its payer has. Raises ValueError with
    why it cannot be read.
    """
    kind, _, name = to.partition(":")
    name = name.strip()
    if not name or kind not in _KINDS:
        raise ValueError(f"--to is one of {', '.join(f'{each}:...' for each in _KINDS)}")
    if kind == "proposal":
        return _of_proposal(ws, number, now, name, said)
    if kind == "month":
        month = _month(name)
        return replace(said, account=said.account or _only_account(ws, number, now), month=month)
    month = _month(said.month) if said.month else ""
    if kind == "invoice":
        numbers = [each for text in name.split(",") if (each := text.strip())]
        return replace(said, account="", invoice=",".join(dict.fromkeys(numbers)), month=month)
    if kind == "subscriber":
        return replace(said, account="", subscriber=name.upper(), month=month)
    return replace(said, account=name, month=month)


_KINDS = ("invoice", "account", "subscriber", "month", "proposal")
LINK = Answer(Kind.LINK)


def _of_proposal(ws: Workspace, number: int, now: datetime, name: str, said: Wish) -> Wish:
    shown = show(ws, number, now)
    proposals: Sequence[ProposalView] = shown.proposals if shown else ()
    chosen = next((each for each in proposals if str(each.number) == name), None)
    if chosen is None:
        raise ValueError(f"there is no proposal {name} of item {number}: `rollbook suspense show {number}`")
    return wish(ws, number, now, chosen.to, replace(said, month=chosen.month))


def _only_account(ws: Workspace, number: int, now: datetime) -> str:
    with ws.database.read() as conn:
        found = find(conn, number)
        own = Proposing(ws, conn, local_day(conn, now), [found[0]]).own_accounts(found[0]) if found else []
    if len(own) != 1:
        raise ValueError("say of which account: --to month:2027-02 --account A")
    return own[0]


def _month(text: str) -> str:
    try:
        return str(Month.parse(text))
    except ValueError:
        raise ValueError(f"{text!r} is not a month: write YYYY-MM") from None
