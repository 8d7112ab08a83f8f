"""Measures the product beside pyx12 and the floor of bytes.split, and prints the tables: `make bench`.

Every ratio is of two figures of one run, one machine and one generated file (docs/performance.md). Of the verdict
a figure is the best of some rounds, and the measurements take turns; of a receive pyx12 is measured before it and
after it, so that a slow moment of the machine hits everybody.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import banked
import books
import late
import receipts
import verdict
import views
from measured import Bench
from product import Product
from sizes import QUICK, Sizes
from table import Row, machine, render, warn_if_busy, write

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
ROWS: dict[str, Callable[[Product], list[Row]]] = {
    "speed": verdict.speed,
    "commands": verdict.commands,
    "memory": verdict.memory,
    "adds": receipts.adds,
    "duplicate": receipts.duplicate,
    "full": receipts.full,
    "changed-full": receipts.changed_full,
    "changes": receipts.changes,
    "files": receipts.files,
    "census": receipts.census,
    "replay": receipts.replay,
    "preview": receipts.preview,
    "views": views.views,
    "statements": views.statements,
    "desk": views.desk,
    "bill": books.bill,
    "remittance": books.remittance,
    "reconciliation": books.reconciliation,
    "bank": banked.bank,
    "late": late.late_payers,
}
LARGE = {"largest": receipts.largest}  # hours, and gigabytes of disk


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a look: small files, one round; ratios say little")
    parser.add_argument("--rounds", type=int, help="how often each verdict is measured; the best counts")
    parser.add_argument("--only", nargs="+", choices=[*ROWS, *LARGE], help="some rows of the table")
    parser.add_argument("--store", type=int, help="members of the large store, to see a row at another size")
    parser.add_argument("--large", action="store_true", help="the file of a million members, too")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    chosen = parser.parse_args()
    sizes = QUICK if chosen.quick else Sizes()
    sizes = replace(sizes, rounds=chosen.rounds or sizes.rounds, store=chosen.store or sizes.store)
    if chosen.write and (chosen.quick or chosen.store):
        parser.error("only full sizes are published")
    parts = ROWS | (LARGE if chosen.large or "largest" in (chosen.only or ()) else {})
    warn_if_busy()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped; no table"))  # what is below tidies up
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        product = Product(Bench(Path(folder), sizes), Path(folder))
        try:
            named = {name: part for name, part in parts.items() if not chosen.only or name in chosen.only}
            tables = {name: f"{machine()}\n\n{render(part(product))}" for name, part in named.items()}
        except subprocess.CalledProcessError as failed:
            sys.exit(f"{failed}\nNo table: a measurement whose result is wrong has no speed.")
        finally:
            product.close()
    print("\n\n".join(tables.values()))
    if chosen.write:
        for name, text in tables.items():
            write(PAGE, name, text)


if __name__ == "__main__":
    main()
