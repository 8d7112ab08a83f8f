"""Rows of the views: whole commands on a large store, beside the bare start of the same command."""

from __future__ import annotations

import os
import resource
import subprocess
import time

from measured import BIN
from product import DATABASES, Product, Store
from receipts import enrolled
from table import Row, at_most

DAY = "2027-01-05"
VIEWS = (
    ("file", "show", "F000001"),
    ("file", "list"),
    ("member", "find", "--name", "Abernathy, Dorian"),
    ("member", "show", "M000000001"),
    ("group", "show", "HM4100"),
    ("invoice", "list"),
)


def views(product: Product) -> list[Row]:
    """Each view of a store with many members and a billed month."""
    rows, count, bare = [], product.bench.sizes.store, {}
    for database in DATABASES:
        store = enrolled(product, database, count)
        store.verb("bill", "2027-01", "2026-12-10")
        for words in VIEWS:
            if words not in bare:
                rounds = range(product.bench.sizes.rounds)
                bare[words] = min(_spent(store, *words[:2], "--help")[0] for _ in rounds)
            cpu, clock = _spent(store, *words, "--today", DAY)
            told = at_most(cpu / bare[words], 3, "bare start")
            rows.append(
                Row(f"`{' '.join(words[:2])}`, {database}", count, f"{cpu:.2f} s CPU, {clock:.2f} s", 0, *told)
            )
    return rows


STATEMENTS = (("account", "statement", "41000100"), ("forecast", "HM4100"))


def statements(product: Product) -> list[Row]:
    """An account's statement, and the next invoices of its group by a trial of the bill, beside the bare start."""
    rows, sizes = [], product.bench.sizes
    for database in DATABASES:
        store = enrolled(product, database, sizes.least)
        store.verb("bill", "2027-01", "2026-12-10")
        for words in STATEMENTS:
            bare = min(_spent(store, *words[:-1], "--help")[0] for _ in range(sizes.rounds))
            cpu, clock = _spent(store, *words, "--today", DAY)
            told = at_most(cpu / bare, 3, "bare start")
            name = f"`{' '.join(words[:-1])}`, {database}"
            rows.append(Row(name, sizes.least, f"{cpu:.2f} s CPU, {clock:.2f} s", 0, *told))
    return rows


def desk(product: Product) -> list[Row]:
    """Open work of a large store: what is listed and shown where ten thousand items wait."""
    rows, sizes = [], product.bench.sizes
    for database in DATABASES:
        store = enrolled(product, database, sizes.store)
        store.receive("late", sizes.waits)
        for words in (("work", "list"), ("work", "show", "1")):
            bare = min(_spent(store, *words[:2], "--help")[0] for _ in range(sizes.rounds))
            cpu, clock = _spent(store, *words, "--today", "2027-03-16")
            told = at_most(cpu / bare, 3, "bare start")
            name = f"`{' '.join(words[:2])}`, {database}"
            rows.append(Row(name, sizes.store, f"{cpu:.2f} s CPU, {clock:.2f} s", 0, *told))
    return rows


def _spent(store: Store, *words: str) -> tuple[float, float]:
    """Run a command; return its seconds of CPU and of the clock. CalledProcessError: it went wrong."""
    store.product.bench.say(f"{store.database}: rollbook {' '.join(words)}")
    settings = {"ROLLBOOK_HOME": str(store.home), "ROLLBOOK_DATABASE_URL": store.url, "COLUMNS": "200"}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [str(BIN / "rollbook"), *words], check=True, stdout=subprocess.DEVNULL, env={**os.environ, **settings}
    )
    clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock
