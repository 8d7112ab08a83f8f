"""An item of open work whole, with what ends it and what carrying it out would do. Nothing is changed.

See docs/desk.md.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from model import asking
from model.desk import Item, ItemKind
from model.enrollment.ruling import QUESTIONS, Answer, Kind
from model.money.arrears import COBRA_SHORT
from pipeline.decisions import requested
from pipeline.desk import show as whole
from pipeline.desk.watch import LEAVE, ORDER
from pipeline.runtime.workspace import Workspace
from pipeline.views.decided import effect_view
from pipeline.views.work import WorkShownView
from store.desk import items

# What only says that somebody should look: a person who has looked closes it, and nothing else comes of that.
LOOKED_AT = (ItemKind.OMITTED, ItemKind.QUERY, ItemKind.EXCHANGE, ItemKind.RETURN)

MONEY = (ItemKind.SUSPENSE, ItemKind.DEPOSIT)  # what no account has

# How what is no record is ended (docs/desk.md).
WAYS = {
    ItemKind.REMITTANCE: "`rollbook deposit match` with its deposit, or the corrected 820",
    ItemKind.DEPOSIT: "`rollbook suspense assign`, or `rollbook deposit match` with its 820, or `deposit void`",
    ItemKind.BANK: "`rollbook bank match` with what it is, or `rollbook bank void`",
    ItemKind.SELF_BILL: "`rollbook selfbill show`, then `selfbill accept` or `selfbill correct`, or an 834",
    ItemKind.UNPRICED: "`rollbook terms load` with what the price lacks, then `rollbook bill`",
    ItemKind.BEYOND: "`rollbook group end-coverage`, an 834 that ends it, or terms that go on",
    ItemKind.NONPAYMENT: "`rollbook delinquency show` says how it came; its code says by what it is decided",
    ItemKind.CREDIT: "`rollbook account refund`, or `account transfer` to another account of its payer",
    ItemKind.DOCUMENT: "`rollbook exchange retry`, once what `exchange show` says of it is mended",
}


def show(ws: Workspace, number: int, now: datetime) -> WorkShownView | None:
    """Return an item whole, with what ends it and what carrying it out would do; None: there is none."""
    shown = whole.show(ws, number, now)
    if shown is None or shown.item.closed:
        return shown
    with ws.database.read() as conn:
        known = items.find(conn, number)
        assert known is not None, "an item stays"
        asked = requested.standing(ws, conn, known)
        confirm = (requested.command(number, asked.wish, asked.shown),) if asked else ()
        shown = replace(shown, ways=(*confirm, *ways(known)))
        if known.waiting.kind is not ItemKind.MEMBER:
            return shown
        from pipeline.decisions import member  # what decides is slow to load, and no other kind needs it

        waiting = known.waiting
        planned = member.effect(ws, conn, waiting.set, waiting.member, Answer(Kind.APPROVE), now)
    links = tuple(f"rollbook work link {number} --person {ident}" for ident in planned.proposed)
    effect = effect_view(planned.effect) if planned.effect else None
    return replace(shown, ways=(*links, *shown.ways), effect=effect, lacks=planned.problem)


def ways(known: Item) -> tuple[str, ...]:
    """Return the commands that end an item."""
    kind, number = known.waiting.kind, known.number
    work = "rollbook work"
    match kind:
        case ItemKind.MEMBER:
            asked = QUESTIONS.get(known.waiting.rule)
            approve = [f"{work} approve {number}"] if asked is None or asked.approvable else []
            link = (
                [f"{work} link {number} --person M or --new-person"] if known.waiting.rule == "MATCH-CLEAR" else []
            )
            return (*approve, *link, f"{work} deny {number}", f"{work} amend {number}")
        case ItemKind.SET:
            return f"{work} release {number}", f"{work} drop {number}"
        case ItemKind.REQUEST:
            return asking.command(known.waiting.subject), f"{work} drop {number}"
        case ItemKind.REMITTANCE:
            return WAYS[kind].replace("`", ""), f"{work} drop {number}"
        case ItemKind.SUSPENSE:
            return f"rollbook suspense show {number}", f"rollbook suspense assign {number} --to WHOSE"
        case ItemKind.DEPOSIT:
            desk = (f"rollbook suspense show {number}", f"rollbook suspense assign {number} --to WHOSE")
            return (*desk, "rollbook deposit match with its 820, or rollbook deposit void")
        case ItemKind.QUERY if known.waiting.rule == LEAVE:
            return f"{work} amend {number} --end D", f"{work} drop {number}"
        case ItemKind.QUERY if known.waiting.rule == ORDER:
            member = known.waiting.subject.rpartition("/")[2]
            record = (
                f"rollbook order record {member} --group {known.waiting.group} --date D --authority A --reason R"
            )
            return record, f"{work} drop {number}"
        case ItemKind.NONPAYMENT:
            account, _, member = known.waiting.subject.partition(" ")
            payer = account + (f" --member {member}" if member else "")
            does = "short" if known.waiting.rule == COBRA_SHORT else "approve"
            return f"rollbook delinquency {does} {payer} --reason R", f"rollbook delinquency show {payer}"
        case _:
            return (f"{work} drop {number}",) if kind in LOOKED_AT else (WAYS[kind].replace("`", ""),)
