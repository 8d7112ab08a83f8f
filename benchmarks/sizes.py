"""How much each measurement gets: members, rows, lines. The only place that says so."""

from __future__ import annotations

from dataclasses import dataclass

TRACE, PREMIUM = "BENCH2027010001", 50_000  # of a list bill's payment: its trace, and the cents of each line


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of a run."""

    # of the verdict alone
    main: int = 50_000
    sample: int = 5_000  # pyx12's share: the first members of the same file
    command: int = 20_000
    small: int = 50
    few: int = 10_000  # for memory
    many: int = 1_000_000
    rounds: int = 3
    # of the product
    bare: int = 10_000  # pyx12's bare validation beside a receive: at most so many members, scaled
    store: int = 100_000  # members, or employees alone, of the large store
    less: int = 10_000  # of the one that it is compared with
    least: int = 1_000  # and of the least one
    changes: int = 1_000  # members changed at once
    waits: int = 20_000  # members of the families of whom each subscriber's end waits: about 10,000 items
    files: int = 500  # small ones, of ten members
    census: int = 50_000  # rows
    lines: int = 50_000  # of one 820; at most `store`
    bank_lines: int = 50_000
    open_invoices: int = 100_000
    accounts: int = 10_000  # of late payers
    largest: int = 1_000_000  # members of the file that only --large takes


QUICK = Sizes(
    main=1_000, sample=100, command=200, few=200, many=1_000, rounds=1,
    bare=200, store=600, less=200, least=200, changes=40, waits=60, files=6, census=200, lines=200, bank_lines=300,
    open_invoices=600, accounts=200, largest=1_200,
)  # fmt: skip
