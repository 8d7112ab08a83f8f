"""What a posted remittance asks beside its money: whether somebody is still employed, whether an amount is owed.

See docs/domain.md, Adjustments; docs/domain.md, Open work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from billing.book import Target
from model.codes import CODES
from model.desk import ItemKind, Waiting
from model.exchange import StoredSet
from model.money.remittance import Adjustment, Remittance, RemittanceLine
from model.trade.payment import Adjusts, of_line
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.people import places
from store.received import envelopes

_RULES = ("NO-LONGER-EMPLOYED", "AMOUNT-DISPUTED")

Meant = Callable[[RemittanceLine], Target]  # whose money a line is
GroupOf = Callable[[Target], str]


def queries(
    conn: Connection, step: Step, stored: StoredSet, remittance: Remittance, meant: Meant, group_of: GroupOf
) -> None:
    """Open what a posted remittance asks: of subscribers who are no longer employed (ADX02 = AX), of amounts that
    the payer disputes (20, IA, J3), of these one a payment and account.
    """
    place = f"{stored.file_id}/{envelopes.ordinal(conn, stored.id)}"
    targets = [(line, meant(line)) for line in remittance.lines]
    asked = [(line, target) for line, target in targets if _says(line, Adjusts.ASKS)]
    about = f"payment {remittance.trace} of {stored.partner}"
    waiting = [_employed(conn, stored, place, about, line, target, group_of(target)) for line, target in asked]
    disputed = [(line, target) for line, target in targets if _says(line, Adjusts.DISPUTES)]
    for account in dict.fromkeys(target.account for _, target in disputed):
        lines = [(line, target) for line, target in disputed if target.account == account]
        waiting.append(
            _disputed(stored, place, about, account, [line for line, _ in lines], group_of(lines[0][1]))
        )
    if waiting:
        items.reconcile(
            conn, step, Scope((ItemKind.QUERY,), {each.subject for each in waiting}, rules=_RULES), waiting
        )


def _says(line: RemittanceLine, does: Adjusts) -> bool:
    return any(of_line(adjustment.reason) is does for adjustment in line.adjustments)


def _employed(
    conn: Connection, stored: StoredSet, place: str, about: str, line: RemittanceLine, target: Target, group: str
) -> Waiting:
    who = places.subscriber(conn, target.contract)
    return Waiting(
        ItemKind.QUERY,
        f"{who.group}/{who.member_id}" if who else f"{place}/{line.number}",
        "NO-LONGER-EMPLOYED",
        f"subscriber {who.masked} (member {who.member_id})" if who else f"{about}, line {line.number}",
        CODES["NO-LONGER-EMPLOYED"].severity,
        group=who.group if who else group,
        partner=stored.partner,
        file=stored.file_id,
        set=stored.id,
        member=line.number,
    )


def _disputed(
    stored: StoredSet, place: str, about: str, account: str, lines: list[RemittanceLine], group: str
) -> Waiting:
    cents = sum(abs(adjustment.cents) for adjustment in _disputes(lines))
    numbers = ", ".join(str(line.number) for line in lines[:3]) + (" ..." if len(lines) > 3 else "")
    return Waiting(
        ItemKind.QUERY,
        f"{place}/{account or lines[0].number}",
        "AMOUNT-DISPUTED",
        f"account {account}, {about}, line {numbers}" if account else f"{about}, line {numbers}",
        CODES["AMOUNT-DISPUTED"].severity,
        group=group,
        partner=stored.partner,
        file=stored.file_id,
        set=stored.id,
        member=lines[0].number,
        cents=cents,
    )


def _disputes(lines: list[RemittanceLine]) -> Iterator[Adjustment]:
    for line in lines:
        yield from (each for each in line.adjustments if of_line(each.reason) is Adjusts.DISPUTES)
