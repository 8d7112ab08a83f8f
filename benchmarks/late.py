"""Row of late payers: a night's look at many accounts, of which one in fifty owes, beside billing all of them.

Accounts stand in groups of ACCOUNTS; each has one employee. SQLite.
"""

from __future__ import annotations

import re
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

from product import Product, Step
from receipts import seconds
from table import Row, at_most

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from model.journal import InputKind, Purpose  # noqa: E402
from model.money.ledger import Transfer, TransferCause, receivable  # noqa: E402
from model.timeline import Month  # noqa: E402
from pipeline import inputs  # noqa: E402
from pipeline.cash import late  # noqa: E402
from pipeline.receive.claim import claim  # noqa: E402
from pipeline.receive.run import resume  # noqa: E402
from pipeline.runtime.workspace import Settings, Workspace, open_workspace  # noqa: E402
from pipeline.setup.installation import init  # noqa: E402
from pipeline.setup.load_terms import load_terms  # noqa: E402
from sample_files import edi  # noqa: E402
from store.engine import Connection  # noqa: E402
from store.money import invoices, ledger  # noqa: E402
from support.people import TESTER  # noqa: E402

TERMS = ROOT / "sample_files" / "groups" / "harbor-mills.toml"
ACCOUNTS, OWING = 100, 50  # in a group; of so many one owes
AT = datetime(2026, 11, 23, 17, tzinfo=UTC)
MONTH, BILLED, NIGHT = Month(2027, 1), date(2026, 12, 10), date(2027, 1, 2)


def late_payers(product: Product) -> list[Row]:
    """Every account billed, most of them paid, and the night that looks at them the day after they were due."""
    groups = max(1, product.bench.sizes.accounts // ACCOUNTS)
    home = product.bench.folder / "late"
    settings = Settings(home, f"sqlite:///{home / 'rollbook.db'}", home / "keys.json")
    init(settings, TESTER, AT)
    ws = open_workspace(settings, TESTER)
    for group in range(1, groups + 1):
        _enroll(ws, group)
    begun = _now()
    made = inputs.bill(ws, MONTH, ws.now(BILLED))
    billed = _since(begun)
    ws.database.change(lambda conn: set(), lambda conn: _pay(ws, conn))
    begun = _now()
    with ws.database.read() as conn:
        due = late.due(conn, ws.now(NIGHT))
    told = sum(sum(late.run(ws, group, ws.now(NIGHT)).values()) for group in due)
    took = _since(begun)
    ws.close()
    count = len(made.invoices)
    if count != groups * ACCOUNTS or told != (count + OWING - 1) // OWING:
        raise SystemExit(f"{count} accounts billed, {told} of them late")
    ratio = at_most(took.cpu / billed.cpu, 0.2, "billing them")
    return [
        Row("billing accounts, SQLite", count, seconds(billed), 0, "1"),
        Row("a night's look at late payers", count, seconds(took), 0, *ratio),
    ]


def _enroll(ws: Workspace, group: int) -> None:
    """Agree with a group of so many subgroups, and enroll an employee in each."""
    text = TERMS.read_text(encoding="utf-8")
    for old, new in (("HM4100", "HM{}"), ("harbor-mills", "mills-{}"), ("HARBORMILLS", "MILLS{}")):
        text = text.replace(old, new.format(group))
    parts = re.split(r"(?=\[\[group\.subgroups\]\])", text)
    last = parts[-1]
    tail = last[re.search(r"\n\[\[group\.(?!subgroups)", last).start() :]  # type: ignore[union-attr]
    places = "".join(
        f'[[group.subgroups]]\ncode = "{101 + place}"\nname = "Place {place}"\n'
        f'account = "{group * 1000 + place}"\n'
        f"begin = 2026-01-01\n\n"
        for place in range(ACCOUNTS)
    )
    loaded = load_terms(ws, parts[0] + places + tail, AT)
    if not loaded.stored:
        raise SystemExit(str(loaded.findings[:3]))
    sender = edi.Sender(f"MILLS{group}", "MILLS", "990000001", f"HM{group}")
    cover = (edi.Coverage("HLT", "GOLD", "EMP", date(2027, 1, 1)),)
    families = [
        edi.Family(
            f"E{group * 1000 + place:08d}",
            str(101 + place),
            (edi.Person("18", f"SAMPLE{place}", "ADA", date(1984, 3, 30), "F", f"9{group * 1000 + place:08d}"),),
            cover,
            date(2022, 3, 1),
            ("1 MAIN ST", "HARTFORD", "CT", "06101"),
        )
        for place in range(ACCOUNTS)
    ]
    body = edi.enrollment_set(edi.members(families, sender=sender), AT.date(), "B1", sender=sender)
    data = edi.interchange([body], AT.date(), group, sender=sender).encode()
    claim(ws, [data], "adds.edi", f"mills-{group}", "bench", AT)
    resume(ws, AT, f"mills-{group}")


def _pay(ws: Workspace, conn: Connection) -> None:
    """Let all accounts pay their invoice but one of so many."""
    tx = ws.step(conn, Purpose.TAKE_REMITTANCE, ws.asked(InputKind.COMMAND, AT))
    paid = [each for at, each in enumerate(invoices.listing(conn, unpaid=True)) if at % OWING]
    entries = [
        Transfer("bank", receivable(each.account), each.open, BILLED, TransferCause.PAYMENT, invoice=each.number)
        for each in paid
    ]
    ledger.post(conn, tx, entries)


def _now() -> tuple[float, float]:
    return time.process_time(), time.perf_counter()


def _since(begun: tuple[float, float]) -> Step:
    return Step(time.process_time() - begun[0], time.perf_counter() - begun[1], 0)
