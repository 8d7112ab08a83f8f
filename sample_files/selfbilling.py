"""What a payer that bills itself sends, invented: an 820 with headcounts by plan, and a worksheet."""

from __future__ import annotations

import csv
import io
from datetime import date

from edi import interchange, remittance_set

DAY, TRACE, ACCOUNT, MONTH = date(2026, 12, 28), "HMSELF01", "41000100", "2027-01"
# Plan, dollars in cents, an employee alone, families: of 01-add-family.edi, but for one family's dental.
PLANS = (("GOLD", 200_000, 1, 1), ("DENTAL", 4_000, 1, 0))
HEADINGS = ("Account", "Month", "Plan", "Tier", "Our People", "Our Amount", "People", "Amount", "Rollbook Row")
ROWS = (("GOLD", "FAM", "1500.00"), ("GOLD", "EMP", "500.00"), ("DENTAL", "EMP", "40.00"))
KEY = "W100001.{}.0123456789abcdef0123"  # an installation signs its own


def summary() -> str:
    """Return an 820 that pays by plan, with its headcounts (SLN)."""
    total = sum(cents for _, cents, _, _ in PLANS)
    made = remittance_set([("11", ACCOUNT, total, total)], DAY, TRACE)
    lines = made[: next(at for at, segment in enumerate(made) if segment.startswith("RMR"))]
    for plan, cents, alone, families in PLANS:
        lines += [
            f"RMR*11*{ACCOUNT}*PI*{cents // 100}",
            f"REF*18*{plan}",
            "DTM*582****RD8*20270101-20270131",
            "IT1*1",
        ]
        counts = [(heads, basis) for heads, basis in ((alone, "IE"), (families, "10")) if heads]
        lines += [f"SLN*{number}**O*{heads}*{basis}" for number, (heads, basis) in enumerate(counts, 1)]
    return interchange([[*lines, f"SE*{len(lines) + 1}*0001"]], DAY, 820, kind="820")


def worksheet() -> bytes:
    """Return a worksheet, filled in, of another installation: its keys are not ones that we gave."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for place, (plan, tier, dollars) in enumerate(ROWS, 1):
        writer.writerow((ACCOUNT, MONTH, plan, tier, 1, dollars, 1, dollars, KEY.format(place)))
    return out.getvalue().encode("utf-8-sig")


def files() -> dict[str, bytes]:
    """Return the samples of selfbill/."""
    return {"01-summary.edi": summary().encode("ascii"), "02-worksheet-of-another.csv": worksheet()}
