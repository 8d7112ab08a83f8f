"""The third side of a reconciliation: what remittances say beside the money that was posted. Money in cents.

Lines of somebody who is not on the roster, headcounts that differ from it, and money without an account: each
once, and only where it can be the group's.

Source: docs/domain.md, Reconciliation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from model.documents.statement import ReconciliationRow
from model.money.breaks import Break
from model.money.cents import Cents
from model.money.notes import Remark, note
from model.timeline import Month

_DIGEST = 24  # hex digits


@dataclass(frozen=True, slots=True)
class Piece:
    """Money that no account has: of a remittance and its line (0: the payment as a whole), or of a deposit.

    `payment` is R7 or D12. `said` is what the line names, masked, "" for nothing; `person`: it names a subscriber.
    `partner` is whose it is, of a deposit those whose company it names, "" for nobody known. `group` is the
    one that it names, `groups` are those of which it can be.
    """

    payment: str
    line: int
    partner: str
    trace: str
    cents: Cents
    said: str = ""
    person: bool = False
    group: str = ""
    groups: frozenset[str] = frozenset()

    def can_be(self, group: str) -> bool:
        """Say whether it can be a group's."""
        return group in self.groups


@dataclass(frozen=True, slots=True)
class Counted:
    """How many subscribers a payment's lines count for an account's month (SLN04)."""

    payment: str
    account: str
    subscribers: int


def rows(
    group: str,
    pieces: Iterable[Piece],
    counted: Iterable[Counted],
    roster: Mapping[str, int],
    names: Mapping[str, str],
) -> Iterator[ReconciliationRow]:
    """Yield the rows of what remittances say beside the posted money.

    `roster` is how many subscribers each account has in the month; `names` the subgroup of each account.
    """
    for count in counted:
        there = roster.get(count.account, 0)
        if count.subscribers != there:
            yield _row(
                Break.HEADCOUNT,
                account=count.account,
                subgroup=names.get(count.account, ""),
                payment=count.payment,
                note=note(Remark.HEADCOUNT, str(count.subscribers), str(there)),
            )
    for piece in pieces:
        if piece.can_be(group):
            yield _of_piece(piece)


def _of_piece(piece: Piece) -> ReconciliationRow:
    others = len(piece.groups) - 1
    about = note(Remark.REFERENCE, piece.said or piece.trace)
    why = note(Remark.OTHER_GROUPS, about, str(others)) if others else about
    return _row(
        Break.UNKNOWN if piece.person else Break.HELD,
        subscriber=piece.said if piece.person else "",
        paid=piece.cents,
        payment=piece.payment,
        line=piece.line,
        partner=piece.partner,
        note=why,
    )


def _row(kind: Break, **more: object) -> ReconciliationRow:
    empty: dict[str, object] = {
        "account": "", "subgroup": "", "subscriber": "", "member": "", "name": "", "roster": 0, "billed": 0,
        "paid": None,
    }  # fmt: skip
    return ReconciliationRow(**{**empty, **more, "kind": kind})  # type: ignore[arg-type]


def known_as(group: str, month: Month, row: ReconciliationRow, accepted: Mapping[str, date]) -> ReconciliationRow:
    """Return a row that differs with its subject, and on which day it was accepted as it is.

    The subject is of what the row says, figures included: of another variance nothing was answered.
    """
    if row.kind is Break.OK:
        return row
    says = (row.account, row.member, row.subscriber, row.invoice, row.payment, row.line, row.kind.value)
    figures = (row.roster, row.billed, row.paid)
    digest = hashlib.sha256(json.dumps((*says, *figures)).encode()).hexdigest()[:_DIGEST]
    subject = f"{group}/{month}/{digest}"
    return replace(row, subject=subject, accepted=accepted.get(subject))
