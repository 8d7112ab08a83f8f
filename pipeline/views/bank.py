"""The bank's files and lines as the billing desk asks for them. Names in `_cents` are cents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from billing.bank import Cash, Invoices
from model.money.bank import BankFile, Detail, LineSort, LineState, StoredBankFile, StoredLine, split_into
from model.money.cents import Cents
from model.money.ledger import Deposit
from pipeline.runtime.workspace import Workspace
from pipeline.views.findings import FindingView, finding_values
from pipeline.views.lockboxes import cash
from pipeline.views.plain import PAGE, Counts, of_fields
from store import jsonvalue
from store.engine import Connection
from store.money import accounts, bank, deposits, ledger
from vault.ssn import mask_key


@dataclass(frozen=True, slots=True)
class BankLineView:
    """A line of the bank. `state`: MATCHED, NEAR (`may_be` says what it may be), UNMATCHED or VOID.

    `sort`: credit, debit, paid, return, back, dishonored or cheque; `is_`: what it is, in words. `day` is the
    bank's, `record` the place in the file. `deposit`, `remittance` and `credit` (a line) are 0 where it has none.
    `text`: what the bank wrote beside it, which may name people; of one line that is shown alone.
    """

    line: int
    file: int
    record: int
    sort: str
    code: str
    day: date
    amount_cents: Cents
    trace: str
    company: str
    account: str
    invoice: str
    batch: str
    reference: str
    state: str
    is_: str
    may_be: tuple[str, ...]
    deposit: int
    remittance: int
    credit: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class BankFileView:
    """A file of the bank's: `lines` were new, `known` were loaded before; sums of what came and went, in cents."""

    file: int
    name: str
    form: str
    refused: bool
    lines: int
    known: int
    credits_cents: Cents
    debits_cents: Cents


@dataclass(frozen=True, slots=True)
class BankLoadedView:
    """What came of loading a file: how many lines stand how, the lines that wait (the first), what was found.

    `file` is null where all of it was there before. `posted`, `split` and `placed`: what followed at once.
    """

    file: BankFileView | None
    form: str
    refused: bool
    known: int
    states: Counts
    open: tuple[BankLineView, ...]
    findings: tuple[FindingView, ...]
    posted: int
    split: int
    placed: int
    returned: int
    paid: int
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BankListView:
    """The bank's files, and the lines that wait (or all), at most so many; `total` of them there are."""

    files: tuple[BankFileView, ...]
    lines: tuple[BankLineView, ...]
    total: int


@dataclass(frozen=True, slots=True)
class BankOutcomeView:
    """What became of a line of the bank, in words; `done` is false where nothing was done."""

    line: int
    amount_cents: Cents
    outcome: str
    done: bool = True
    documents: tuple[str, ...] = ()


@dataclass(slots=True)
class Around:
    """What lines are shown against: deposits by number, what a credit or a cheque may be; read once."""

    banked: Mapping[int, Deposit]
    cash: Cash = field(default_factory=Cash)
    invoices: Invoices = field(default_factory=lambda: Invoices(()))
    batches: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    split: Mapping[int, Sequence[Detail]] = field(default_factory=dict)  # what credits became, by deposit

    @classmethod
    def of(cls, conn: Connection, batches: Mapping[int, tuple[str, ...]]) -> Around:
        """Read what there is."""
        every = deposits.listing(conn)
        open_ = ledger.invoice_open(conn, [account.number for account in accounts.every(conn)])
        split = bank.details(conn, [each.id for each in every if each.void])
        return cls({each.id: each for each in every}, cash(conn), Invoices(open_), batches, split)


def listing(
    ws: Workspace, conn: Connection, around: Around, *, whole: bool = False, file: int = 0
) -> BankListView:
    """Return the files, and the lines that are not matched; `whole`: all of them."""
    lines = [line_view(each, around) for each in bank.listing(conn, ws.vault.fields, file)]
    waiting = [line for line in lines if whole or line.state in (LineState.NEAR, LineState.UNMATCHED)]
    files_ = [file_view(each) for each in bank.files(conn) if file in (0, each.id)]
    return BankListView(tuple(files_), tuple(waiting[:PAGE]), len(waiting))


def file_view(stored: StoredBankFile) -> BankFileView:
    """Return a file as it is shown."""
    return of_fields(
        BankFileView,
        stored,
        file=stored.id,
        credits_cents=stored.credits,
        debits_cents=stored.debits,
    )


def line_view(stored: StoredLine, around: Around) -> BankLineView:
    """Return a line as it is shown: how it stands, what it is, and what it may be."""
    line, deposit = stored.line, around.banked.get(stored.deposit)
    may_be = tuple(_may_be(stored, deposit, around))
    return BankLineView(
        line=stored.id,
        file=stored.file,
        record=line.record,
        sort=line.sort,
        code=line.code,
        day=line.day,
        amount_cents=line.cents,
        trace=line.trace,
        company=line.company,
        account=mask_key(line.account) if line.sort is not LineSort.CHEQUE else line.account,
        invoice=line.invoice,
        batch=line.batch,
        reference=line.reference,
        state=state(stored, deposit, may_be),
        is_=_is(stored, deposit, around),
        may_be=may_be,
        deposit=stored.deposit,
        remittance=stored.remittance or (deposit.remittance if deposit else 0),
        credit=stored.credit,
    )


def state(stored: StoredLine, deposit: Deposit | None, may_be: Iterable[str]) -> LineState:
    """Say how a line stands: money that it entered is matched once somebody knows whose it is."""
    if stored.void:
        return LineState.VOID
    waits = deposit is not None and deposit.is_open and stored.entered
    waits = waits or stored.is_open or (stored.line.sort is LineSort.CHEQUE and not stored.credit)
    if not waits:
        return LineState.MATCHED
    return LineState.NEAR if may_be else LineState.UNMATCHED


def _is(stored: StoredLine, deposit: Deposit | None, around: Around) -> str:
    """Say what a line is in the books."""
    if stored.void:
        return "none of ours"
    if stored.returned:
        return "a return: rollbook work list has what waits of it"
    if stored.refund:
        return "a refund of ours, paid"
    if stored.remittance:
        return f"confirms remittance {stored.remittance}, which its sender's word had posted"
    if deposit is None:
        return "nothing yet"
    of = f" of line {stored.credit}" if stored.credit else ""
    if gone := around.cash.back.get(f"D{deposit.id}"):
        return f"deposit {deposit.id}{of}, which the bank took back on {gone}"
    if deposit.void:
        cheques = [each.told for each in around.split.get(deposit.id, ())]
        return f"a lockbox's, {split_into(cheques)}" if cheques else f"deposit {deposit.id}, voided"
    if deposit.remittance:
        return f"deposit {deposit.id}{of}, matched to remittance {deposit.remittance}"
    if deposit.placed:
        return f"deposit {deposit.id}{of}, placed on accounts"
    return f"deposit {deposit.id}{of}, waits" if stored.entered or of else f"confirms deposit {deposit.id}"


def _may_be(stored: StoredLine, deposit: Deposit | None, around: Around) -> Iterable[str]:
    """Yield what a line that waits may be."""
    if stored.id in around.batches:
        yield from around.batches[stored.id]
    elif stored.line.sort is LineSort.CREDIT and stored.is_open:
        yield from around.cash.near(stored.line)
    elif deposit is not None and deposit.is_open and stored.entered:
        yield from around.invoices.proposals(stored.line)


def found_in(made: BankFile) -> tuple[FindingView, ...]:
    """Return what was found in a file, as it is shown."""
    return finding_values(made.findings)


def findings_of(ws: Workspace, conn: Connection, file: int) -> tuple[FindingView, ...]:
    """Return what was found in a file that was loaded."""
    text = bank.findings(conn, file, ws.vault.fields)
    return found_in(jsonvalue.load(BankFile, text)) if text else ()
