"""Rows of a receive: a file from its bytes to its answers, by steps, beside pyx12's bare validation."""

from __future__ import annotations

from collections.abc import Iterator

from measured import MIB
from product import DATABASES, RECEIVED, Product, Run, Step, Store
from table import Row, at_most

BUDGETS = {"judge": 0.05, "apply": 0.20, "answer": 0.02, "deliver": 0.06}  # of pyx12; apply: decide 12, write 8
PEAK = 256  # MiB
A_FILE = 0.030  # seconds of CPU that a file of ten members may take


def seconds(run: Run | Step) -> str:
    """Return what a run or a step took, as the table has it: CPU, and the clock's."""
    return f"{run.cpu:.2f} s CPU, {run.clock:.2f} s"


class Beside:
    """pyx12's validation of a kind of file, measured as often as it is asked for; the best of the run counts."""

    def __init__(self, product: Product, kind: str) -> None:
        self.product, self.kind = product, kind
        self.taken = product.beside.setdefault(kind, [])

    def take(self) -> None:
        """Measure once more; in a run of one round only once."""
        sizes = self.product.bench.sizes
        if not self.taken or sizes.rounds > 1:
            self.taken.append(self.product.bare(self.kind, sizes.bare).cpu)

    def a_member(self) -> float:
        """Return its seconds of CPU a member."""
        return min(self.taken) / self.product.bench.sizes.bare


def measured(store: Store, kind: str, count: int, beside: Beside) -> Run:
    """Receive a file with pyx12's validation before it and after it."""
    beside.take()
    run = store.receive(kind, count)
    beside.take()
    return run


def whole(name: str, count: int, run: Run, beside: Beside, allowed: float) -> Row:
    """Return the row of a whole receive."""
    ratio = run.cpu / count / beside.a_member()
    return Row(name, count, seconds(run), 0, *at_most(ratio, allowed, "pyx12"))


def by_step(name: str, count: int, run: Run, beside: Beside) -> Iterator[Row]:
    """Yield the rows of a receive's steps, each with its budget where it has one."""
    for step, took in run.steps.items():
        ratio = took.cpu / count / beside.a_member()
        allowed = BUDGETS.get(step)
        told = at_most(ratio, allowed, "pyx12") if allowed else (f"{ratio:.3g} x pyx12", "", True)
        yield Row(f"{name}: {step}", count, f"{took.cpu:.2f} s CPU, {took.clock:.2f} s", 0, *told)


def peak(name: str, count: int, run: Run) -> Row:
    """Return the row of a peak of memory."""
    size = run.peak / MIB
    return Row(f"{name}: peak", count, f"{size:.0f} MiB", 0, "", f"<= {PEAK} MiB", size <= PEAK)


def enrolled(product: Product, database: str, members: int) -> Store:
    """Return a store with so many members, added by one file."""
    store = product.store(database, f"members-{members}")
    store.receive("adds", members)
    return store


def adds(product: Product) -> list[Row]:
    """New members, into an empty store."""
    sizes, rows = product.bench.sizes, []
    for database in DATABASES:
        beside = Beside(product, "adds")
        for count in (sizes.less, sizes.store):
            name = f"adds, {database}"
            run = measured(product.store(database, f"members-{count}"), "adds", count, beside)
            rows += [whole(name, count, run, beside, 0.33), *by_step(name, count, run, beside)]
            rows.append(peak(name, count, run))
    return rows


def replay(product: Product) -> list[Row]:
    """Everything done again in another store, beside the receive that it repeats."""
    rows, sizes = [], product.bench.sizes
    for database in DATABASES:
        store = product.store(database, f"members-{sizes.less}")
        received = store.receive("adds", sizes.less)
        small = product.file("adds", sizes.small)
        run = store.verb("replay", store.home / "again", small)
        whole, compare = run.steps["replay"], run.steps["compare"]
        told = at_most(whole.cpu / received.cpu, 1.1, "receive")
        rows.append(Row(f"replay, {database} into SQLite", sizes.less, seconds(whole), 0, *told))
        part = f"{compare.cpu / received.cpu:.3g} x receive"
        rows.append(Row(f"replay, {database}: comparing the two", sizes.less, seconds(compare), 0, part))
    return rows


def preview(product: Product) -> list[Row]:
    """What a full file of which a part changed would come to, beside its judge and apply."""
    rows, count = [], product.bench.sizes.store
    for database in DATABASES:
        store = enrolled(product, database, count)
        path, small = product.file("changed-full", count), product.file("adds", product.bench.sizes.small)
        ahead = store.verb("preview", path, RECEIVED["changed-full"], small)
        steps = store.receive("changed-full", count).steps
        taken = steps["judge"].cpu + steps["apply"].cpu
        whole, bill = ahead.steps["preview"], ahead.steps["trial bill"]
        told = at_most(whole.cpu / taken, 1.2, "judge and apply")
        rows.append(Row(f"preview, {database}", count, seconds(whole), 0, *told))
        part = f"{2 * bill.cpu / taken:.3g} x judge and apply"
        rows.append(Row(f"preview, {database}: its two trial bills", count, seconds(bill), 0, part))
    return rows


def duplicate(product: Product) -> list[Row]:
    """The same set again, in another interchange: it costs its verdict, and no more."""
    rows, count = [], product.bench.sizes.store
    for database in DATABASES:
        run = enrolled(product, database, count).receive("again", count)
        told = at_most(run.cpu / run.steps["judge"].cpu, 1.1, "judge")
        rows.append(Row(f"duplicate, {database}", count, seconds(run), 0, *told))
    return rows


def full(product: Product) -> list[Row]:
    """A full file that repeats the last one."""
    count = product.bench.sizes.store
    first = [(name, enrolled(product, name, count).receive("full", count)) for name in DATABASES]
    rows = [Row(f"first full, {name}", count, seconds(run)) for name, run in first]
    return rows + _full(product, "next-full", "unchanged full", 0.1)


def changed_full(product: Product) -> list[Row]:
    """A full file with 2 % of the families changed."""
    return _full(product, "changed-full", "full, 2 % changed", 0.2)


def _full(product: Product, kind: str, what: str, allowed: float) -> list[Row]:
    rows, count = [], product.bench.sizes.store
    for database in DATABASES:
        beside, store = Beside(product, kind), enrolled(product, database, count)
        store.receive("full", count)  # the last one, which it is like
        run = measured(store, kind, count, beside)
        name = f"{what}, {database}"
        rows += [whole(name, count, run, beside, allowed), *by_step(name, count, run, beside)]
    return rows


def changes(product: Product) -> list[Row]:
    """The same changes on a large store and on a small one."""
    sizes, rows = product.bench.sizes, []
    for database in DATABASES:
        small, large = (
            enrolled(product, database, members).receive("changes", sizes.changes)
            for members in (sizes.least, sizes.store)
        )
        name = f"{sizes.changes:,} changes, {database}"
        rows.append(Row(f"{name}, store of {sizes.least:,}", sizes.changes, seconds(small), 0, "1"))
        told = at_most(large.cpu / small.cpu, 1.3, "small store")
        rows.append(Row(f"{name}, store of {sizes.store:,}", sizes.changes, seconds(large), 0, *told))
    return rows


def files(product: Product) -> list[Row]:
    """Small files one after the other, after start-up."""
    rows, count = [], product.bench.sizes.files
    for database in DATABASES:
        store, folder = product.store(database, "small"), product.file("small", count + 1)
        run = store.verb("several", folder, "2026-11-20")
        each = run.cpu / count
        told = (f"{each * 1000:.0f} ms a file", f"<= {A_FILE * 1000:.0f} ms", each <= A_FILE)
        rows.append(Row(f"files of ten members, {database}", count, seconds(run), 0, *told))
    return rows


def census(product: Product) -> list[Row]:
    """A spreadsheet, beside pyx12's validation of the same people's 834."""
    rows, count = [], product.bench.sizes.census
    for database in DATABASES:
        beside = Beside(product, "adds")
        run = measured(product.store(database, f"census-{count}"), "census", count, beside)
        name = f"census, {database}"
        rows += [whole(name, count, run, beside, 0.4), *by_step(name, count, run, beside)]
    return rows


def largest(product: Product) -> list[Row]:
    """The largest file: as much a member as a smaller one, in no more memory."""
    sizes, rows = product.bench.sizes, []
    for database in DATABASES:
        name = f"adds, {database}"
        less = enrolled(product, database, sizes.store).receive("adds", sizes.store)
        run = enrolled(product, database, sizes.largest).receive("adds", sizes.largest)
        told = at_most(
            run.cpu / sizes.largest / (less.cpu / sizes.store), 1.2, f"that of {sizes.store:,}, a member"
        )
        rows += [Row(name, sizes.largest, seconds(run), 0, *told), peak(name, sizes.largest, run)]
    return rows
