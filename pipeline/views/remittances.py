"""An 820 in the business report and on the command line: one row per remittance line, and where its money went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.documents.report import PaidLine, Portion, ReportRow
from model.enrollment.decision import Cause, Disposition
from model.exchange import StoredSet
from model.money.ledger import UNIDENTIFIED, AccountKind, LedgerAccount, Transfer, TransferCause, in_suspense
from model.money.remittance import PaymentState, RemittanceLine, StoredRemittance
from model.trade.payment import SSN
from pipeline.runtime.workspace import Workspace
from pipeline.views.plain import of_fields
from pipeline.views.received import PaymentSetView, RemittanceLineView, RemittanceView, SetView
from store.engine import Connection
from store.money import cash, ledger
from vault.ssn import mask_key, mask_said
from writers.words import paid


@dataclass(frozen=True, slots=True)
class Lines:
    """What became of a remittance's lines, by what was posted for each (0: for the payment as a whole)."""

    paper: StoredRemittance
    posted: Mapping[int, list[Transfer]]

    @classmethod
    def of(cls, paper: StoredRemittance, posted: Iterable[Transfer]) -> Lines:
        """Sort what was posted for a remittance by its lines."""
        of_line: dict[int, list[Transfer]] = defaultdict(list)
        for entry in posted:
            of_line[entry.line].append(entry)
        return cls(paper, of_line)

    def disposition(self, line: RemittanceLine) -> Disposition:
        """Return what became of a line, as of a member line. Its money may lie with that of the whole payment."""
        state = self.paper.state
        if state in (PaymentState.NOTED, PaymentState.REPLACED):
            return Disposition.REPORTED
        if state in (PaymentState.DROPPED, PaymentState.REVERSED):
            return Disposition.REJECTED
        if state is PaymentState.HELD:
            return Disposition.HELD
        entries = self.posted.get(line.number) or (self.posted.get(0, []) if line.paid else [])
        taken = state is PaymentState.POSTED and not in_suspense(entries)
        return Disposition.APPLIED if taken else Disposition.PENDED

    def paid(self, line: RemittanceLine) -> PaidLine:
        """Return where a line's money went and what of it lies in suspense; or why it is nowhere, or gone."""
        entries = self.posted.get(line.number, [])
        back = any(entry.cause is TransferCause.REVERSAL for entry in entries)
        portions = () if back else (*_went(entries), *_lies(entries))
        return PaidLine(line.paid, portions, "" if portions else self.paper.reason)


def _went(entries: Iterable[Transfer]) -> Iterator[Portion]:
    """Yield what went to an account, or was taken back from one (UNIDENTIFIED: of nobody)."""
    for entry in entries:
        debit, credit = LedgerAccount.read(entry.debit), LedgerAccount.read(entry.credit)
        if credit.kind.is_accounts:
            yield Portion(entry.cents, entry.credit, entry.invoice)
        elif debit.kind.is_accounts:
            yield Portion(entry.cents, UNIDENTIFIED, entry.invoice)


def _lies(entries: Sequence[Transfer]) -> Iterator[Portion]:
    """Yield what of a line lies in suspense now: below zero what it took back and no account gave."""
    sums = Counter[str]()
    for entry in entries:
        sums[entry.credit] += entry.cents
        sums[entry.debit] -= entry.cents
    for name, cents in sums.items():
        held = LedgerAccount.read(name)
        if cents and held.kind is AccountKind.SUSPENSE and held.owner:
            yield Portion(cents, name, "")


def rows(ws: Workspace, conn: Connection, stored: StoredSet) -> Iterator[tuple[int, ReportRow]]:
    """Yield a row per line of a stored remittance, with its number; nothing for a set that was not taken."""
    paper = cash.of_set(conn, stored.id)
    if paper is None:
        return
    lines = Lines.of(paper, ledger.of_remittance(conn, paper.id))
    for line in cash.remittance(conn, paper.id, ws.vault.fields).lines:
        yield (
            line.number,
            ReportRow(
                set=stored.control,
                segment=line.where.segment,
                subscriber=mask_said(line.person_id, ssn=line.person_qualifier == SSN),
                line=f"{line.qualifier} {mask_key(line.reference)}".strip(),
                disposition=lines.disposition(line),
                cause=Cause.SENT,
                where=line.where.text(),
                paid=lines.paid(line),
            ),
        )


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
        lines = Lines.of(paper, ledger.of_remittance(conn, paper.id, {0, *(line.number for line in shown)}))
        told = tuple(
            RemittanceLineView(
                number=line.number,
                qualifier=line.qualifier,
                reference=mask_key(line.reference),
                paid_cents=line.paid,
                disposition=lines.disposition(line),
                action=paid(lines.paid(line)),
            )
            for line in shown
        )
        taken = RemittanceView(paper.state, paper.reason, paper.trace, paper.cents, paper.receipt, told)
    return of_fields(PaymentSetView, value, remittance=taken), following
