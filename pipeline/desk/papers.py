"""What papers leave waiting: remittances, deposits and suspense, months without a price, documents of ours.

See docs/domain.md, Open work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from billing.charges import LeftOut
from billing.gaps import BEYOND
from exchange import outstanding
from model.codes import CODES
from model.desk import Closed, ItemKind, Waiting
from model.exchange import SentDocument
from model.finding import Finding
from model.money.cents import Cents
from model.money.ledger import Deposit, in_suspense
from model.money.remittance import PaymentState, StoredRemittance
from model.timeline import Month
from store.desk import items
from store.desk.answered import answered
from store.desk.items import Scope, Step
from store.engine import Connection
from store.money import cash, deposits, ledger, unplaced
from store.received import envelopes, exchanges, files

_PAPERS = (ItemKind.REMITTANCE, ItemKind.SUSPENSE)
_UNPRICED = (ItemKind.UNPRICED, ItemKind.BEYOND)
# Why a suspended remittance waits, the gravest first; the finding is its set's.
_SUSPENDED = (
    *("PAYMENT-DEBIT", "REMITTANCE-CURRENCY", "REMITTANCE-NEGATIVE", "REMITTANCE-AMOUNT"),
    *("REMITTANCE-UNBALANCED", "REMITTANCE-LINE-UNBALANCED", "ALLOCATION-UNBALANCED"),
)


# --- remittances and deposits ----------------------------------------------------------------------------


def of_traces(conn: Connection, step: Step, traces: Iterable[str]) -> None:
    """Say what waits of the papers of these trace numbers: remittances, their money in suspense, deposits."""
    for trace in sorted(set(traces)):
        opened = deposits.opened(conn, trace=trace)
        papers = {paper: _place(conn, paper) for paper in cash.of_trace(conn, trace)}
        waiting = [each for paper, place in papers.items() for each in _remittance(conn, paper, place, opened)]
        banked = deposits.of_trace(conn, trace)
        left = unplaced.unidentified(conn, [each.id for each in banked if each.placed])
        alone = [deposit_waits(each, left.get(each.id)) for each in banked if each.is_open or each.id in left]
        for kinds, subjects in (
            (_PAPERS, {each.subject for each in waiting} | set(_known(conn, papers.values()))),
            ((ItemKind.DEPOSIT,), {deposit_subject(each.id) for each in banked}),
        ):
            items.reconcile(conn, step, Scope(kinds, subjects), waiting if kinds is _PAPERS else alone)


def _place(conn: Connection, paper: StoredRemittance) -> str:
    """Return what names a remittance for good: its file, and its set's place within."""
    stored = files.stored_set(conn, paper.set)
    return f"{stored.file_id}/{envelopes.ordinal(conn, stored.id)}"


def _known(conn: Connection, remittances: Collection[str]) -> Iterator[str]:
    """Yield the subjects of some remittances under which anything is open: their own, and of their lines."""
    yield from remittances
    for beginning in remittances:
        yield from items.subjects(conn, ItemKind.SUSPENSE, f"{beginning}/")


def _remittance(
    conn: Connection, paper: StoredRemittance, place: str, opened: Sequence[Deposit]
) -> Iterator[Waiting]:
    """Yield what a remittance waits for, and what of it lies in suspense."""
    file_id = place.partition("/")[0]
    about = f"payment {paper.trace} of {paper.partner}"
    rule = "" if paper.receipt else _rule(conn, paper, file_id, opened)
    if rule:
        yield Waiting(
            ItemKind.REMITTANCE,
            place,
            rule,
            about,
            CODES[rule].severity,
            partner=paper.partner,
            file=file_id,
            set=paper.set,
            cents=paper.cents,
        )
    if paper.state is PaymentState.REPLACED:
        return
    for (line, group), cents in in_suspense(ledger.suspended(conn, paper.id)).items():
        yield Waiting(
            ItemKind.SUSPENSE,
            f"{place}/{line}",
            "PAYMENT-SUSPENDED",
            f"{about}, line {line}" if line else about,
            CODES["PAYMENT-SUSPENDED"].severity,
            group=group,
            partner=paper.partner,
            file=file_id,
            set=paper.set,
            member=line,
            cents=cents,
        )


def _rule(conn: Connection, paper: StoredRemittance, file_id: str, opened: Sequence[Deposit]) -> str:
    """Say by its code what a remittance without a receipt waits for; empty: for nothing."""
    if paper.state is PaymentState.HELD:
        return "PAYMENT-SAME"
    said = {finding.code for finding in files.whole_findings(conn, file_id, paper.set)}
    if paper.state is PaymentState.SUSPENDED:
        return next((code for code in _SUSPENDED if code in said), "")
    if paper.state is not PaymentState.WAITING:
        return ""
    if paper.trace and any(_differs(deposit, paper) for deposit in opened):
        return "DEPOSIT-DIFFERS"
    return "PAYMENT-COMPANY" if "PAYMENT-COMPANY" in said else "PAYMENT-WAITS"


def _differs(deposit: Deposit, paper: StoredRemittance) -> bool:
    return (deposit.company, deposit.cents) != (paper.company, paper.cents)


def deposit_subject(number: int) -> str:
    """Return what names a deposit as open work."""
    return f"deposit {number}"


def deposit_waits(deposit: Deposit, left: Cents | None = None) -> Waiting:
    """Return a deposit that waits as open work, or what is left of one that was assigned in part."""
    return Waiting(
        ItemKind.DEPOSIT,
        deposit_subject(deposit.id),
        "DEPOSIT-WAITS",
        f"deposit {deposit.id} of {deposit.received}, trace {deposit.trace}",
        CODES["DEPOSIT-WAITS"].severity,
        cents=deposit.cents if left is None else left,
    )


def assigned(conn: Connection, step: Step, paper: StoredRemittance, line: int, *, whole: bool) -> None:
    """Say that money in suspense, or a part of it, was assigned by a decision, and what waits of it now."""
    if whole:
        items.decided(conn, step.tx, paper.set, line, ItemKind.SUSPENSE)
    else:
        answered(conn, ItemKind.SUSPENSE, f"{_place(conn, paper)}/{line}")
    of_traces(conn, step, [paper.trace])


def deposit_assigned(conn: Connection, step: Step, deposit: Deposit, *, whole: bool) -> None:
    """Say the same of a deposit that nobody named."""
    if whole:
        items.done(conn, step.tx, ItemKind.DEPOSIT, deposit_subject(deposit.id), Closed.DECISION)
    else:
        answered(conn, ItemKind.DEPOSIT, deposit_subject(deposit.id))
    of_traces(conn, step, [deposit.trace])


def dropped(conn: Connection, step: Step, paper: StoredRemittance) -> None:
    """Say that a payment was given up by a decision, and what waits of the papers of its trace number now."""
    items.decided(conn, step.tx, paper.set, kind=ItemKind.REMITTANCE)
    of_traces(conn, step, [paper.trace])


# --- months ----------------------------------------------------------------------------------------------


def billed(
    conn: Connection,
    step: Step,
    group: str,
    month: Month,
    *,
    held: Mapping[str, Finding],
    left_out: Sequence[LeftOut],
    findings: Sequence[Finding],
    done: Collection[str],
) -> None:
    """Say what a group's bill of a month left waiting: accounts without an invoice, months without a price.

    `held` are accounts with what holds them, `done` those that have their invoice of this month.
    """
    waiting = [_held(group, account, month, finding) for account, finding in held.items()]
    waiting += _left(group, left_out, held)
    alone = sum(finding.code == "ACCOUNT-MISSING" for finding in findings)
    waiting += [_months(ItemKind.UNPRICED, group, group, "ACCOUNT-MISSING", _families(alone))] if alone else []
    there = items.opened(conn, Scope(_UNPRICED, group=group))
    for item in there.values():
        account, _, named = item.waiting.subject.partition("/")
        later = bool(named) and Month.parse(named) > month
        if later or (item.waiting.rule == "INVOICE-HELD" and account not in done):
            waiting.append(item.waiting)
    items.reconcile(conn, step, Scope(_UNPRICED, group=group), waiting)


def _held(group: str, account: str, month: Month, finding: Finding) -> Waiting:
    about = f"account {account}, {month}"
    return _months(ItemKind.UNPRICED, group, f"{account}/{month}", finding.code, about)


def _left(group: str, left_out: Iterable[LeftOut], held: Collection[str]) -> Iterator[Waiting]:
    """Yield what cannot be priced: beyond an agreement by account, all else by account and month, unless the
    account is held as a whole."""
    found: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for left in left_out:
        if left.gap.code == BEYOND:
            found[left.account, BEYOND, ""].add(left.unit.contract)
        elif left.account not in held:
            found[left.account, left.gap.code, str(left.unit.month)].add(left.unit.contract)
    for (account, code, month), families in sorted(found.items()):
        kind = ItemKind.BEYOND if code == BEYOND else ItemKind.UNPRICED
        about = ", ".join(part for part in (f"account {account}", month, _families(len(families))) if part)
        yield _months(kind, group, f"{account}/{month}" if month else account, code, about)


def _months(kind: ItemKind, group: str, subject: str, code: str, about: str) -> Waiting:
    return Waiting(kind, subject, code, about, CODES[code].severity, group=group)


def _families(count: int) -> str:
    return "1 family" if count == 1 else f"{count} families"


def within(conn: Connection, step: Step, group: str) -> None:
    """Close what stood beyond a group's agreement: nothing does any more."""
    items.reconcile(conn, step, Scope((ItemKind.BEYOND,), group=group), ())


# --- documents -------------------------------------------------------------------------------------------


def undelivered(conn: Connection, step: Step, partner: str, key: str, code: str) -> None:
    """Open the item of a document that could not be made or published. `key` is the outbox's."""
    waiting = Waiting(ItemKind.DOCUMENT, key, code, key, CODES[code].severity, partner=partner)
    items.reconcile(conn, step, Scope((ItemKind.DOCUMENT,), [key]), [waiting])


def delivered(conn: Connection, tx: int, key: str) -> None:
    """Close what waited of a document that was delivered."""
    items.done(conn, tx, ItemKind.DOCUMENT, key)


def acknowledged(conn: Connection, step: Step, now: datetime, documents: Collection[int]) -> None:
    """Say what partners' answers to some documents of ours (outbox rows) leave waiting: what was not taken, and
    what nobody has answered in time. The caller numbers what is opened."""
    sent = exchanges.documents(conn, documents)
    waiting = [each for document in sent for each in unanswered(document, now)]
    items.differ(conn, step, Scope((ItemKind.EXCHANGE,), {document.key for document in sent}), waiting)


def unanswered(document: SentDocument, now: datetime) -> Iterator[Waiting]:
    """Yield what is open about a document of ours that left."""
    for finding in outstanding.sent(document, now):
        if finding.code != "ACK-ERRORS":  # it was taken
            about = f"{document.key}, interchange {document.interchange:09d} of ours"
            partner = document.partner
            yield Waiting(ItemKind.EXCHANGE, document.key, finding.code, about, finding.severity, partner=partner)
