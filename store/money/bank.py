"""The bank's files and their lines, and what each line is in the books. Cents.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, update

from model.money.bank import BankLine, Detail, LineSort, StoredBankFile, StoredLine
from model.money.ledger import Deposit
from model.money.remittance import PaymentState, StoredRemittance
from store import cells, chain, counters
from store.bulk import add, add_row, among
from store.money import cash, deposits
from store.tables import bank_file, bank_line, deposit, remittance, reversal
from store.tables.base import fit, fit_rows
from vault.fields import FieldCipher

_FREE = and_(
    *(bank_line.c[name] == 0 for name in ("deposit_id", "remittance_id", "refund_id", "returned", "void_tx"))
)
_COLUMNS = (
    *("id", "bank_file_id", "number", "record", "key", "occurrence", "reference", "kind", "code", "trace"),
    *("company", "account", "invoice", "batch", "cents", "date", "value_date", "text", "deposit_id"),
    *("remittance_id", "tx"),
)


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line that is to be stored, with what it confirmed or entered (ids, 0 = nothing)."""

    line: BankLine
    occurrence: int
    key: str
    deposit: int = 0
    remittance: int = 0


def keyed(lines: Iterable[BankLine]) -> list[NewLine]:
    """Return lines with what they are known by: equal ones of one file are told apart by their count."""
    seen: Counter[str] = Counter()
    made = []
    for line in lines:
        told = line.key
        digest = sha256(f"{told}|{seen[told]}".encode(errors="surrogatepass")).hexdigest()
        made.append(NewLine(line, seen[told], digest))
        seen[told] += 1
    return made


def known(conn: Connection, keys: Collection[str]) -> set[str]:
    """Return which of these lines are stored already."""
    return set(conn.scalars(select(bank_line.c.key).where(among(conn, bank_line.c.key, keys)))) if keys else set()


def file_of(conn: Connection, digest: str, *, refused: bool = False) -> StoredBankFile | None:
    """Return the file of these bytes that was taken, or refused; None: there is none."""
    return next(iter(_files(conn, bank_file.c.sha256 == digest, bank_file.c.refused == int(refused))), None)


def add_file(conn: Connection, tx: int, made: StoredBankFile, findings: str, cipher: FieldCipher) -> int:
    """Store a bank's file; its `id` is not looked at, and its number is returned. `findings`: as JSON, sealed."""
    number = counters.take(conn, "bank-file")
    row = {
        "id": number,
        "sha256": made.sha256,
        "name": made.name,
        "kind": made.form,
        "refused": int(made.refused),
        "lines": made.lines,
        "known": made.known,
        "credits": made.credits,
        "debits": made.debits,
        "findings": cipher.seal(findings, cells.bank_file(made.sha256)),
        "tx": tx,
    }
    return add_row(conn, bank_file, fit(bank_file, row))


def add_lines(
    conn: Connection, tx: int, file: int, lines: Sequence[NewLine], cipher: FieldCipher
) -> list[StoredLine]:
    """Store lines in bulk, numbered for people; return them."""
    if not lines:
        return []
    first = counters.take(conn, "bank-line", len(lines))
    rows = [
        (
            *(first + at, file, new.line.number, new.line.record, new.key, new.occurrence, new.line.reference),
            *(new.line.sort.value, new.line.code, new.line.trace, new.line.company, new.line.account),
            *(new.line.invoice, new.line.batch, new.line.cents, new.line.day, new.line.value_day),
            *(cipher.seal(new.line.text, cells.bank_line(new.key)), new.deposit, new.remittance, tx),
        )
        for at, new in enumerate(lines)
    ]
    add(conn, bank_line, _COLUMNS, fit_rows(bank_line, _COLUMNS, rows))
    return [
        StoredLine(first + at, file, new.line, new.occurrence, new.deposit, new.remittance)
        for at, new in enumerate(lines)
    ]


def files(conn: Connection) -> list[StoredBankFile]:
    """Return every file that the bank sent, oldest first."""
    return _files(conn)


def find(conn: Connection, line: int, cipher: FieldCipher) -> StoredLine | None:
    """Return a line, None when there is none of this number."""
    return next(iter(_lines(conn, cipher, bank_line.c.id == line)), None)


def listing(conn: Connection, cipher: FieldCipher, file: int = 0) -> list[StoredLine]:
    """Return the lines of a file, or all, oldest first."""
    return _lines(conn, cipher, *([bank_line.c.bank_file_id == file] if file else []))


def some(conn: Connection, ids: Collection[int], cipher: FieldCipher) -> list[StoredLine]:
    """Return lines by their numbers."""
    return _lines(conn, cipher, among(conn, bank_line.c.id, ids))


def opened(conn: Connection, cipher: FieldCipher, *sorts: LineSort) -> list[StoredLine]:
    """Return the lines of these sorts that nothing was made of yet, oldest first."""
    return _lines(conn, cipher, _FREE, bank_line.c.kind.in_([sort.value for sort in sorts]))


def splittable(conn: Connection, cipher: FieldCipher, codes: Collection[str]) -> list[StoredLine]:
    """Return the credits of these type codes whose deposit, entered by them, is open still."""
    whole = bank_line.c.deposit_id == deposit.c.id
    waits = (deposit.c.remittance_id == 0, deposit.c.placed_tx == 0, deposit.c.void_tx == 0)
    free = exists().where(whole, *waits).correlate(bank_line)
    credit = (bank_line.c.kind == LineSort.CREDIT.value, bank_line.c.code.in_(sorted(codes)))
    return _lines(conn, cipher, *credit, bank_line.c.void_tx == 0, free)


def of_deposits(conn: Connection, ids: Collection[int], cipher: FieldCipher) -> dict[int, StoredLine]:
    """Return the line that stands behind each of some deposits, by deposit."""
    stands = (among(conn, bank_line.c.deposit_id, ids), bank_line.c.void_tx == 0, bank_line.c.deposit_id != 0)
    return {line.deposit: line for line in _lines(conn, cipher, *stands)}


def of_remittance(conn: Connection, remittance_id: int, cipher: FieldCipher) -> StoredLine | None:
    """Return the line that confirms a payment which was posted without a deposit; None: none does."""
    stands = (bank_line.c.remittance_id == remittance_id, bank_line.c.void_tx == 0)
    return next(iter(_lines(conn, cipher, *stands)), None)


def details(conn: Connection, ids: Collection[int]) -> dict[int, list[Detail]]:
    """Return the cheques that took the place of some deposits, by deposit; one that was not split has none."""
    whole = bank_line.alias()
    mine = (bank_line.c.of_line == whole.c.id, among(conn, whole.c.deposit_id, ids))
    columns = (bank_line.c[name] for name in ("id", "trace", "cents", "deposit_id", "remittance_id"))
    query = select(*columns, whole.c.deposit_id.label("whole")).where(*mine).order_by(bank_line.c.id)
    found: dict[int, list[Detail]] = defaultdict(list)
    for row in conn.execute(query):
        payment = f"D{row.deposit_id}" if row.deposit_id else f"R{row.remittance_id}"
        found[row.whole].append(Detail(row.id, row.trace, payment, row.cents))
    return dict(found)


# --- what the books hold beside it -----------------------------------------------------------------------


def unconfirmed(conn: Connection) -> list[Deposit]:
    """Return the deposits that stand or were taken back, oldest first, behind which no line of the bank stands."""
    behind = exists().where(bank_line.c.deposit_id == deposit.c.id, bank_line.c.void_tx == 0).correlate(deposit)
    back = deposit.c.void_tx.in_(select(reversal.c.tx))
    return deposits.where(conn, or_(deposit.c.void_tx == 0, back), ~behind)


def posted(conn: Connection) -> list[StoredRemittance]:
    """Return the payments posted without a deposit, also taken back, behind which no line of the bank stands."""
    line = exists().where(bank_line.c.remittance_id == remittance.c.id, bank_line.c.void_tx == 0)
    money = exists().where(deposit.c.remittance_id == remittance.c.id)
    taken = remittance.c.state.in_((PaymentState.POSTED, PaymentState.SUSPENDED, PaymentState.REVERSED))
    alone = (remittance.c.receipt != 0, remittance.c.cents > 0, taken)
    return cash.where(conn, *alone, ~money.correlate(remittance), ~line.correlate(remittance))


# --- what becomes of a line ------------------------------------------------------------------------------


def tie(conn: Connection, line: int, **what: int) -> None:
    """Record what a line is: `deposit_id`, `of_line`, `refund_id`, `returned`. Raises LookupError: it is tied."""
    wanted = update(bank_line).where(bank_line.c.id == line, _FREE)
    if conn.execute(wanted.values(**what)).rowcount != 1:
        raise LookupError(f"line {line} of the bank is not open")


def detail(conn: Connection, line: int, credit: int, deposit_id: int, remittance_id: int) -> None:
    """Record the credit that a cheque is the detail of, and what it is. Raises LookupError: it is another's."""
    free = (bank_line.c.id == line, bank_line.c.of_line == 0, bank_line.c.void_tx == 0)
    wanted = update(bank_line).where(*free, bank_line.c.deposit_id.in_((0, deposit_id)))
    values = {"of_line": credit, "deposit_id": deposit_id, "remittance_id": remittance_id}
    if conn.execute(wanted.values(**values)).rowcount != 1:
        raise LookupError(f"line {line} of the bank is the detail of another credit")


def cheques(conn: Connection, cipher: FieldCipher) -> list[StoredLine]:
    """Return the cheques that are the detail of no credit yet, oldest first."""
    mine = (bank_line.c.kind == LineSort.CHEQUE.value, bank_line.c.of_line == 0, bank_line.c.void_tx == 0)
    return _lines(conn, cipher, *mine)


def naming(conn: Connection, cipher: FieldCipher) -> list[StoredLine]:
    """Return the cheques that name an account or an invoice, and whose deposit is open still."""
    waits = (deposit.c.remittance_id == 0, deposit.c.placed_tx == 0, deposit.c.void_tx == 0)
    named = or_(bank_line.c.account != "", bank_line.c.invoice != "")
    mine = (bank_line.c.kind == LineSort.CHEQUE.value, bank_line.c.deposit_id != 0, bank_line.c.void_tx == 0)
    return _lines(conn, cipher, *mine, named, *waits)


def retie(conn: Connection, line: int, old: int, new: int) -> None:
    """Let another deposit be a line's. Raises LookupError where the line has not the old one."""
    wanted = update(bank_line).where(bank_line.c.id == line, bank_line.c.deposit_id == old)
    if conn.execute(wanted.values(deposit_id=new)).rowcount != 1:
        raise LookupError(f"line {line} of the bank is not deposit {old}")


def void(conn: Connection, line: int, tx: int) -> None:
    """Record that a line is none of ours."""
    conn.execute(update(bank_line).where(bank_line.c.id == line, bank_line.c.void_tx == 0).values(void_tx=tx))
    chain.of(conn).close(bank_line, [line])


def _files(conn: Connection, *which: ColumnElement[bool]) -> list[StoredBankFile]:
    rows = conn.execute(select(bank_file).where(*which).order_by(bank_file.c.id))
    return [
        StoredBankFile(
            *(row.id, row.sha256, row.name, row.kind, bool(row.refused), row.lines, row.known, row.credits),
            row.debits,
        )
        for row in rows
    ]


def findings(conn: Connection, file: int, cipher: FieldCipher) -> str:
    """Return what was found in a file, as JSON."""
    row = conn.execute(select(bank_file.c.sha256, bank_file.c.findings).where(bank_file.c.id == file)).one()
    return cipher.open(row.findings, cells.bank_file(row.sha256)) if row.findings else ""


def _lines(conn: Connection, cipher: FieldCipher, *which: ColumnElement[bool]) -> list[StoredLine]:
    entered = select(bank_line, deposit.c.tx.label("entered")).outerjoin(
        deposit, deposit.c.id == bank_line.c.deposit_id
    )
    return [_line(row, cipher) for row in conn.execute(entered.where(*which).order_by(bank_line.c.id))]


def _line(row: Any, cipher: FieldCipher) -> StoredLine:  # noqa: ANN401  a row of bank_line
    return StoredLine(
        id=row.id,
        file=row.bank_file_id,
        line=BankLine(
            number=row.number,
            sort=LineSort(row.kind),
            code=row.code,
            cents=row.cents,
            day=row.date,
            reference=row.reference,
            trace=row.trace,
            company=row.company,
            account=row.account,
            invoice=row.invoice,
            batch=row.batch,
            text=cipher.open(row.text, cells.bank_line(row.key)) if row.text else "",
            value_day=row.value_date,
            record=row.record,
        ),
        occurrence=row.occurrence,
        deposit=row.deposit_id,
        remittance=row.remittance_id,
        credit=row.of_line,
        refund=row.refund_id,
        returned=bool(row.returned),
        void=row.void_tx,
        entered=(row.entered or 0) >= row.tx,
    )
