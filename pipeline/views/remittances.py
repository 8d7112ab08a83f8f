"""An 820 in the business report and on the command line: one row per remittance line, and where its money went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from model.documents.report import PaidLine, Portion, ReportRow
from model.enrollment.decision import Cause, Disposition
from model.exchange import StoredSet
from model.money.ledger import Transfer, TransferCause, in_suspense
from model.money.remittance import PaymentState, RemittanceLine
from model.trade.payment import SSN
from pipeline.runtime.workspace import Workspace
from pipeline.views.plain import of_fields
from pipeline.views.received import PaymentSetView, RemittanceLineView, RemittanceView, SetView
from store.engine import Connection
from store.money import cash, ledger
from vault.ssn import mask_key, mask_said
from writers.words import paid


def rows(ws: Workspace, conn: Connection, stored: StoredSet) -> Iterator[tuple[int, ReportRow]]:
    """Yield a row per line of a stored remittance, with its number; nothing for a set that was not taken."""
    paper = cash.of_set(conn, stored.id)
    if paper is None:
        return
    remittance = cash.remittance(conn, paper.id, ws.vault.fields)
    posted = _by_line(ledger.of_remittance(conn, paper.id))
    for line in remittance.lines:
        entries = posted[line.number]
        yield (
            line.number,
            ReportRow(
                set=stored.control,
                segment=line.where.segment,
                subscriber=mask_said(line.person_id, ssn=line.person_qualifier == SSN),
                line=f"{line.qualifier} {mask_key(line.reference)}".strip(),
                disposition=disposition(paper.state, entries),
                cause=Cause.SENT,
                where=line.where.text(),
                paid=paid_line(line, paper.reason, entries),
            ),
        )


def _by_line(posted: Iterable[Transfer]) -> Mapping[int, list[Transfer]]:
    """Return what was posted for each line; nothing for one that nothing was posted for."""
    of_line: dict[int, list[Transfer]] = defaultdict(list)
    for entry in posted:
        of_line[entry.line].append(entry)
    return of_line


def disposition(state: PaymentState, entries: list[Transfer]) -> Disposition:
    """Return what became of a line, as of a member line."""
    if state in (PaymentState.NOTED, PaymentState.REPLACED):
        return Disposition.REPORTED
    if state in (PaymentState.DROPPED, PaymentState.REVERSED):
        return Disposition.REJECTED
    if state is PaymentState.HELD:
        return Disposition.HELD
    taken = state is PaymentState.POSTED and not in_suspense(entries)
    return Disposition.APPLIED if taken else Disposition.PENDED


def paid_line(line: RemittanceLine, reason: str, entries: list[Transfer]) -> PaidLine:
    """Return where a line's money went; `reason` is why where it went nowhere, or is not there any more."""
    back = any(entry.cause is TransferCause.REVERSAL for entry in entries)
    portions = () if back else tuple(Portion(entry.cents, entry.credit, entry.invoice) for entry in entries)
    return PaidLine(line.paid, portions, "" if portions else reason)


def payment(
    ws: Workspace, conn: Connection, stored: StoredSet, value: SetView, first: int, most: int
) -> tuple[PaymentSetView, int | None]:
    """Return a set that is an 820 with its remittance, and the number of the first line that is not shown.

    The remittance's state and reason, and from its line `first` on `most` lines with where their money went.
    """
    paper = cash.of_set(conn, stored.id)
    taken, following = None, None
    if paper is not None:
        remittance = cash.remittance(conn, paper.id, ws.vault.fields)
        rest = [line for line in remittance.lines if line.number >= first]
        shown, following = rest[:most], rest[most].number if len(rest) > most else None
        posted = _by_line(ledger.of_remittance(conn, paper.id, {line.number for line in shown}))
        lines = []
        for line in shown:
            entries = posted[line.number]
            lines.append(
                RemittanceLineView(
                    number=line.number,
                    qualifier=line.qualifier,
                    reference=mask_key(line.reference),
                    paid_cents=line.paid,
                    disposition=disposition(paper.state, entries),
                    action=paid(paid_line(line, paper.reason, entries)),
                )
            )
        taken = RemittanceView(paper.state, paper.reason, paper.trace, paper.cents, paper.receipt, tuple(lines))
    return of_fields(PaymentSetView, value, remittance=taken), following
