"""Row of the bank: a large statement matched against many open invoices, beside reading both."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

from product import Product, Step
from receipts import seconds
from table import Row, at_most

from billing.bank import Cash, Invoices, confirm
from model.money.ledger import PREMIUM, Deposit, receivable
from parsers.bank.read import read
from store.engine import Database
from store.money import accounts, ledger
from store.tables import billing_account, employer_group, input, invoice, transfer, tx

_DAY, _AN_ACCOUNT = date(2027, 1, 14), 10  # invoices


def bank(product: Product) -> list[Row]:
    """The bank's lines, of which a tenth were entered by hand and a third name an invoice."""
    sizes = product.bench.sizes
    lines, invoices = sizes.bank_lines, sizes.open_invoices
    database = Database.open(f"sqlite:///{_store(product.bench.folder / 'bank.db', invoices)}")
    statement = _statement(lines, invoices)
    entered = [Deposit(at, f"T{at}", "", _cents(at), _DAY) for at in range(1, lines, 10)]

    begun = _now()
    made = read(statement)
    with database.read() as conn:
        numbers = [account.number for account in accounts.every(conn)]
        owed = ledger.invoice_open(conn, numbers)
    both = _since(begun)
    begun = _now()
    matched = list(confirm(made.lines, Cash(entered)))
    index = Invoices(owed)
    near = [tuple(index.proposals(match.line)) for match in matched if match.is_new]
    took = _since(begun)
    database.close()
    named = sum(1 for proposals in near if proposals)
    if len(matched) != lines or sum(1 for match in matched if match.deposit) != len(entered) or not named:
        raise SystemExit(f"{len(matched)} lines matched, {named} of them near an invoice")
    told = at_most(took.cpu / both.cpu, 2, "reading both")
    return [
        Row(f"reading a statement and {invoices:,} open invoices, SQLite", lines, seconds(both), 0, "1"),
        Row("matching the one against the others", lines, seconds(took), 0, *told),
    ]


def _cents(at: int) -> int:
    return 10_000 + at * 7


def _now() -> tuple[float, float]:
    return time.process_time(), time.perf_counter()


def _since(begun: tuple[float, float]) -> Step:
    return Step(time.process_time() - begun[0], time.perf_counter() - begun[1], 0)


def _statement(lines: int, invoices: int) -> bytes:
    """Write a BAI2 statement of so many ACH credits."""
    details = [
        f"16,142,{_cents(at)},0,B{at},T{at},PREMIUM {100_000 + at % invoices if at % 3 == 0 else ''} PAYER {at}"
        for at in range(1, lines + 1)
    ]
    total = sum(_cents(at) for at in range(1, lines + 1))
    account = ["03,4000123456,USD,,,,/", *details, f"49,{total},{lines + 2}/"]
    group = ["02,999000111,122000230,1,270114,2359,USD,2/", *account, f"98,{total},1,{lines + 4}/"]
    whole = ["01,122000230,999000111,270114,0600,1,,,2/", *group, f"99,{total},1,{lines + 6}/"]
    return "\n".join(whole).encode()


def _store(path: Path, invoices: int) -> Path:
    """Make a store with so many open invoices, by rows alone: what they bill is not asked."""
    database = Database.open(f"sqlite:///{path}")
    database.upgrade()
    at = datetime(2027, 1, 10, tzinfo=UTC)
    owners = [f"A{number:06d}" for number in range(-(-invoices // _AN_ACCOUNT))]
    issued = [(100_000 + number, owners[number // _AN_ACCOUNT], _cents(number)) for number in range(invoices)]
    with database.migrating() as conn:
        conn.execute(input.insert().values(id=1, key="bench", kind="command", received_at=at))
        conn.execute(tx.insert().values(id=1, at=at, recorded_at=at, actor="bench", what="bill", input_id=1))
        conn.execute(employer_group.insert().values(id=1, number="G"))
        held = [{"number": owner, "group_id": 1, "held_by": owner} for owner in owners]
        conn.execute(billing_account.insert(), held)
        conn.execute(
            invoice.insert(),
            [
                {"number": str(number), "account": owner, "month": f"{2000 + at % 900:04d}-01", "issued": _DAY}
                | {"due": _DAY, "total": cents, "tx": 1}
                for at, (number, owner, cents) in enumerate(issued)
            ],
        )
        conn.execute(
            transfer.insert(),
            [
                {"debit": receivable(owner), "credit": PREMIUM, "cents": cents, "effective": _DAY, "tx": 1}
                | {"cause": "premium", "invoice": str(number)}
                for number, owner, cents in issued
            ],
        )
    database.close()
    return path
