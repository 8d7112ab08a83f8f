"""Rows of the books: a month billed, a list bill paid by one 820, a month reconciled."""

from __future__ import annotations

from measured import MIB
from product import DATABASES, Product, Run, Store
from receipts import PEAK, seconds
from sizes import PREMIUM, TRACE
from table import Row, at_most

MONTH, BILLED, PAID, RECONCILED = "2027-01", "2026-12-10", "2026-12-28", "2027-01-05"


def billed(product: Product, database: str, subscribers: int) -> tuple[Store, Run]:
    """Return a store of so many employees alone whose month is billed, and the bill. SystemExit: no invoice."""
    store = product.store(database, f"singles-{subscribers}")
    store.receive("singles", subscribers)
    run = store.verb("bill", MONTH, BILLED)
    if not run.came_to["invoices"]:
        raise SystemExit(f"singles-{subscribers} on {database}: nothing was billed")
    return store, run


def bill(product: Product) -> list[Row]:
    """A month's bill of a large group and of a smaller one; what it costs to render is shown apart."""
    sizes, rows = product.bench.sizes, []
    for database in DATABASES:
        name = f"bill, {database}"
        _, less = billed(product, database, sizes.less)
        store, run = billed(product, database, sizes.store)
        rows.append(Row(name, sizes.less, seconds(less), 0, "1"))
        ratio = run.cpu / sizes.store / (less.cpu / sizes.less)
        rows.append(Row(name, sizes.store, seconds(run), 0, *at_most(ratio, 1.2, "smaller, each")))
        size = run.peak / MIB
        rows.append(Row(f"{name}: peak", sizes.store, f"{size:.0f} MiB", 0, "", f"<= {PEAK} MiB", size <= PEAK))
        rendered = store.verb("deliver", BILLED)
        rows.append(
            Row(f"{name}: its documents", sizes.store, f"{seconds(rendered)}, {rendered.peak / MIB:.0f} MiB")
        )
    return rows


def remittance(product: Product) -> list[Row]:
    """One 820 with a line a subscriber, posted beside its own verdict; what else is done is shown apart."""
    rows, lines = [], min(product.bench.sizes.lines, product.bench.sizes.store)
    for database in DATABASES:
        store, _ = billed(product, database, product.bench.sizes.store)
        store.verb("deposit", TRACE, lines * PREMIUM, PAID)
        run = store.receive("remittance", lines)
        if run.came_to["state"] != "APPLIED":
            raise SystemExit(f"remittance of {lines} lines on {database}: {run.came_to['state']}")
        name, steps = f"820, {database}", run.steps
        ratio = steps["apply"].cpu / steps["judge"].cpu
        rows.append(Row(name, lines, seconds(steps["apply"]), 0, *at_most(ratio, 3, "judge")))
        rows += [Row(f"{name}: {step}", lines, seconds(took)) for step, took in steps.items() if step != "apply"]
    return rows


def reconciliation(product: Product) -> list[Row]:
    """A month reconciled, beside its bill."""
    rows, count = [], product.bench.sizes.store
    for database in DATABASES:
        store, invoiced = billed(product, database, count)
        run = store.verb("reconcile", MONTH, RECONCILED)
        told = at_most(run.cpu / invoiced.cpu, 0.3, "bill")
        rows.append(Row(f"reconciliation, {database}", count, seconds(run), 0, *told))
    return rows
