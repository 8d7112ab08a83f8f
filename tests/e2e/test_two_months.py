"""Two months in sequence: a termination after the bill comes back as a credit on the next one, once."""

from __future__ import annotations

from datetime import date

from model.timeline import Month
from pipeline import books
from pipeline.bill import bill
from pipeline.workspace import Workspace
from support.installation import GROUP, SAMPLES, load_terms, take, take_bytes

# E10001 is billed GOLD EMP 500 + DENTAL EMP 40 + VISION EMP 10 a month (tests/cases/demo/figures.yaml).
PREMIUM = 55_000
JANUARY_TOTAL = 2_725_000  # account 41000100, worked out by hand there


def late_term(control: str, day: str) -> bytes:
    """An 834 that ends E10001's whole coverage on 2026-12-31."""
    segments = [
        "ISA*00*          *00*          *ZZ*HARBORMILLS    *ZZ*NORTHWIND      "
        f"*{day[2:]}*0600*^*00501*{control}*0*P*:",
        f"GS*BE*HARBORMILLS*NORTHWIND*{day}*0600*{int(control)}*X*005010X220A1",
        "ST*834*0001*005010X220A1",
        f"BGN*00*HM{day}T*{day}*0600****2",
        "REF*38*HM4100",
        "N1*P5*HARBOR MILLS MANUFACTURING*FI*990000001",
        "N1*IN*NORTHWIND HEALTH PLAN*FI*990000002",
        "INS*Y*18*024*08*A***TE",
        "REF*0F*E10001",
        "REF*DX*100",
        "DTP*357*D8*20261231",
        *name_and_birth(),
        "SE*",
        f"GE*1*{int(control)}",
        f"IEA*1*{control}",
    ]
    start, end = 2, segments.index("SE*")
    segments[end] = f"SE*{end - start + 1}*0001"
    return "".join(f"{segment}~\n" for segment in segments).encode()


def name_and_birth() -> list[str]:
    """E10001's NM1 and DMG as the adds carried them."""
    segments = (SAMPLES / "demo" / "01-adds.edi").read_text().replace("\n", "").split("~")
    start = segments.index("REF*0F*E10001")
    loop = segments[start : start + 12]
    return [next(one for one in loop if one.startswith(kind)) for kind in ("NM1*IL", "DMG")]


def test_a_late_termination_is_credited_once(on_both: Workspace) -> None:
    ws = on_both
    load_terms(ws)
    for name, day in (("01-adds.edi", date(2026, 11, 20)), ("02-changes.edi", date(2026, 12, 5))):
        take(ws, SAMPLES / "demo" / name, day)
    january = bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)[0].issued[0]
    assert (january.account, january.total_due) == ("41000100", JANUARY_TOTAL)

    value = take_bytes(ws, late_term("000000905", "20270105"), "late.edi", date(2027, 1, 5))
    assert value["state"] == "APPLIED", value["all_findings"]

    february = bill(ws, Month(2027, 2), ws.now(date(2027, 1, 10)), GROUP)[0].issued[0]
    assert february.retro == -PREMIUM
    assert february.current == JANUARY_TOTAL - PREMIUM
    assert february.prior_balance == JANUARY_TOTAL
    assert february.total_due == JANUARY_TOTAL + february.current + february.retro
    assert {one.month for one in february.adjustments} == {"2027-01"}
    assert all("2026-12-31" in one.reason for one in february.adjustments)
    (sent,) = {one.file for one in february.adjustments}  # the file that ended it, by its transaction
    assert sent == value["file_id"]
    assert all(one.tx and one.reference == f"tx {one.tx}, file {sent}" for one in february.adjustments)

    march = bill(ws, Month(2027, 3), ws.now(date(2027, 2, 10)), GROUP)[0].issued[0]
    assert march.retro == 0
    assert march.prior_balance == february.total_due
    account = books.account_value(ws, "41000100")
    assert account["owed_cents"] == march.total_due
    assert account["owed_cents"] == sum(one["open"] for one in account["invoices"])
