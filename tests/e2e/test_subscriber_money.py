"""Who gets the money of a subscriber, of a coupon and of a consolidated invoice: through a whole installation."""

from __future__ import annotations

from datetime import date

import pytest

from model.documents import keys
from model.money.ledger import LedgerAccount, ahead
from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.month.reconcile import reconcile
from pipeline.runtime.workspace import Workspace
from store.money import ledger
from store.received import outbox
from support import values
from support.installation import PARTNER, SAMPLES, load_terms, run, take_bytes

CEDAR, GROUP = "cedar-point", "CP5200"  # its transmission is the deposit
OFFICE, DRIVERS = "52000100", "52000200"
EMP = {OFFICE: 61_240, DRIVERS: 65_525}  # CHOICE EMP in 2027, cents a month
SSN = {"E1": "900-11-0001", "E2": "900-11-0002"}


def envelope(code: str, version: str, control: int, day: str, body: list[str]) -> bytes:
    who = f"ZZ*{'CEDARPOINT':15}*ZZ*{'NORTHWIND':15}"
    isa = f"ISA*00*{'':10}*00*{'':10}*{who}*{day[2:]}*0600*^*00501*{control:09d}*0*P*:"
    gs = f"GS*{code}*CEDARPOINT*NORTHWIND*{day}*0600*{control}*X*{version}"
    lines = [isa, gs, *body, f"SE*{len(body) + 1}*0001", f"GE*1*{control}", f"IEA*1*{control:09d}"]
    return "".join(f"{line}~\n" for line in lines).encode()


def enrolled(control: int, day: str, *members: list[str]) -> bytes:
    body = ["ST*834*0001*005010X220A1", f"BGN*00*R{control}*{day}*0600****2"]
    body += ["N1*P5*CEDAR POINT LOGISTICS*FI*990000005", "N1*IN*NORTHWIND HEALTH PLAN*FI*990000002"]
    body += [segment for member in members for segment in member]
    return envelope("BE", "005010X220A1", control, day, body)


def member(number: str, ins: str, place: str, *more: str) -> list[str]:
    ssn = SSN[number].replace("-", "")
    birth = f"198{number[1]}0101"
    head = [ins, f"REF*0F*{number}", f"REF*1L*CP5200{place}"]
    dates = [segment for segment in more if segment.startswith(("DTP*336", "DTP*303"))]
    rest = [segment for segment in more if segment not in dates]
    return [*head, *dates, f"NM1*IL*1*SAMPLE*{number}****34*{ssn}", f"DMG*D8*{birth}*F", *rest]


def paid(control: int, day: str, cents: int, *loops: list[str]) -> bytes:
    bpr = f"BPR*C*{cents / 100:.2f}*C*ACH*CCP*01*011000015*DA*990001*1990000005**01*011000028*DA*990002*{day}"
    body = ["ST*820*0001*005010X218", bpr, f"TRN*1*CP{control}*1990000005"]
    body += ["N1*PE*NORTHWIND HEALTH PLAN*FI*990000002", "N1*PR*CEDAR POINT LOGISTICS*FI*990000005"]
    body += [segment for loop in loops for segment in loop]
    return envelope("RA", "005010X218", control, day, body)


def person(place: int, number: str, cents: int, month: Month | None = None, *, by_ssn: bool = False) -> list[str]:
    """The 2000B loop of one subscriber's premium."""
    ssn = SSN[number].replace("-", "")
    ent = f"ENT*{place}*2J*34*{ssn}" if by_ssn else f"ENT*{place}*2J*EI*990000005"
    reference = "NO-POLICY-OF-OURS" if by_ssn else number
    rmr = [ent, "NM1*IL*1*SAMPLE", f"RMR*AZ*{reference}**{cents / 100:.2f}"]
    if month:
        rmr.append(f"DTM*582****RD8*{month.first:%Y%m%d}-{month.last:%Y%m%d}")
    return rmr


def company(*lines: tuple[str, str, int]) -> list[str]:
    """The 2000A loop of a payment by invoice number or account: qualifier, reference, cents."""
    said = [f"RMR*{qualifier}*{reference}*PI*{cents / 100:.2f}" for qualifier, reference, cents in lines]
    return ["ENT*1*2L*FI*990000005", *said]


def pay(ws: Workspace, data: bytes, day: date) -> dict:
    return take_bytes(ws, data, "paid.edi", day, CEDAR)


def issued(ws: Workspace, month: Month, day: date) -> dict:
    (billed,) = bill(ws, month, ws.now(day), GROUP)
    return {statement.account: statement for statement in billed.issued} | {"": billed.consolidated}


def opens(ws: Workspace) -> dict[str, int]:
    return {
        invoice["number"]: invoice["open_cents"]
        for invoice in values.invoice_list(ws, GROUP)
        if invoice["open_cents"]
    }


def prepare(ws: Workspace) -> None:
    """Two subscribers in the office from January on; E1 drives from February on. January is billed."""
    load_terms(ws)
    load_terms(ws, (SAMPLES / "groups" / "cedar-point.toml").read_text("utf-8"))
    choice = ("HD*021**HLT*CHOICE*EMP", "DTP*348*D8*20270101")
    new = [member(who, "INS*Y*18*021*29*A***FT", "100", "DTP*336*D8*20200101", *choice) for who in SSN]
    enroll(ws, enrolled(1, "20261201", *new), date(2026, 12, 1))
    issued(ws, Month(2027, 1), date(2026, 12, 10))
    drives = ("DTP*303*D8*20270201", "HD*001**HLT*CHOICE*EMP", "DTP*348*D8*20270201")
    moved = member("E1", "INS*Y*18*001*29*A***FT", "200", *drives)
    enroll(ws, enrolled(2, "20270105", moved), date(2027, 1, 5))


def enroll(ws: Workspace, data: bytes, day: date) -> None:
    value = take_bytes(ws, data, "members.edi", day, CEDAR)
    assert value["state"] == "APPLIED", value["all_findings"]


def test_a_subscribers_money_follows_the_bill(on_both: Workspace) -> None:
    ws = on_both
    prepare(ws)
    february = issued(ws, Month(2027, 2), date(2027, 1, 10))
    assert february[DRIVERS].current == EMP[DRIVERS] and february[OFFICE].current == EMP[OFFICE]
    amounts = (EMP[OFFICE], EMP[DRIVERS], EMP[DRIVERS])
    months = (Month(2027, 1), Month(2027, 2), Month(2027, 3))
    loops = [
        person(n, "E1", cents, month) for n, (cents, month) in enumerate(zip(amounts, months, strict=True), 1)
    ]
    value = pay(ws, paid(3, "20270112", sum(amounts), *loops), date(2027, 1, 12))
    assert value["state"] == "APPLIED", value["all_findings"]
    assert "PAYMENT-AHEAD" in [finding["code"] for finding in value["all_findings"]]
    assert opens(ws) == {"100001": EMP[OFFICE], "100002": EMP[OFFICE]}  # E2's January and February
    shown = values.account_value(ws, DRIVERS)
    assert (shown["kept"], shown["credit_cents"]) == ([{"month": "2027-03", "amount_cents": EMP[DRIVERS]}], 0)
    march = issued(ws, Month(2027, 3), date(2027, 2, 10))[DRIVERS]
    assert (march.prior_balance, march.payments, march.current, march.total_due) == (
        EMP[DRIVERS], 2 * EMP[DRIVERS], EMP[DRIVERS], 0
    )  # fmt: skip
    assert march.number not in opens(ws)
    with ws.database.read() as conn:
        assert ledger.balances(conn, "ahead:") == {ahead(DRIVERS, Month(2027, 3)): 0}
    april = issued(ws, Month(2027, 4), date(2027, 3, 10))[DRIVERS]
    assert (april.prior_balance, april.payments, april.total_due) == (0, 0, EMP[DRIVERS])


def test_an_account_shows_where_its_credit_came_from_and_went(ws: Workspace) -> None:
    """What is kept for March and what is free are entries that sum to what the ledger holds of either."""
    prepare(ws)
    issued(ws, Month(2027, 2), date(2027, 1, 10))
    loops = (company(("11", DRIVERS, EMP[DRIVERS] + 500)), person(1, "E1", EMP[DRIVERS] + 1000, Month(2027, 3)))
    value = pay(ws, paid(3, "20270112", 2 * EMP[DRIVERS] + 1500, *loops), date(2027, 1, 12))
    assert value["state"] == "APPLIED", value["all_findings"]
    march = issued(ws, Month(2027, 3), date(2027, 2, 10))[DRIVERS].number
    shown = run("account", "show", DRIVERS, "--json").json
    came, free = f"remittance 1 of cedar-point, trace CP3, file {value['file_id']}", f"credit of account {DRIVERS}"
    told = [(e["cause"], e["source"], e["month"], e["amount_cents"]) for e in shown["credit_entries"]]
    assert sorted(told) == sorted([
        ("ahead", came, "2027-03", EMP[DRIVERS] + 1000),
        ("unapplied", came, "", 500),
        ("credit", f"invoice {march}", "2027-03", -EMP[DRIVERS]),
        ("unapplied", free, "2027-03", -1000),
        ("unapplied", f"{free} for 2027-03", "", 1000),
    ])  # fmt: skip
    assert (shown["credit_cents"], shown["kept"]) == (1500, [])
    assert shown["credit_entries"][-1]["balance_cents"] == 1500
    sums = {month: sum(cents for *_, named, cents in told if named == month) for month in ("", "2027-03")}
    with ws.database.read() as conn:
        credits = ledger.credits(conn, DRIVERS)
    assert {LedgerAccount.read(name).month: -cents for name, cents in credits.items()} == sums
    text = run("account", "show", DRIVERS).out
    assert all(word in text for word in ("CP3", "2027-03", "$15.00", "-$655.25"))


@pytest.mark.parametrize("month", [Month(2027, 1), None], ids=["its month named", "no month named"])
def test_money_that_comes_after_a_move_goes_to_the_account_that_billed(ws: Workspace, month: Month | None) -> None:
    """E1 drives when January is paid at last. Seen before: it paid the drivers' bill, and January stayed open."""
    prepare(ws)
    issued(ws, Month(2027, 2), date(2027, 1, 10))
    late = paid(3, "20270205", EMP[OFFICE], person(1, "E1", EMP[OFFICE], month))
    value = pay(ws, late, date(2027, 2, 5))
    assert value["state"] == "APPLIED", value["all_findings"]
    assert opens(ws) == {"100001": EMP[OFFICE], "100002": EMP[OFFICE], "100003": EMP[DRIVERS]}


def test_an_ssn_finds_its_subscriber_and_stays_masked(ws: Workspace) -> None:
    prepare(ws)
    value = pay(ws, paid(3, "20270107", EMP[OFFICE], person(1, "E2", EMP[OFFICE], by_ssn=True)), date(2027, 1, 7))
    assert value["state"] == "APPLIED", value["all_findings"]
    assert opens(ws) == {"100001": EMP[OFFICE]}
    stranger = pay(ws, paid(4, "20270107", 100, person(1, "E2", 100)), date(2027, 1, 7))
    assert stranger["state"] == "APPLIED"
    told = str(value) + "".join(path.read_text("utf-8") for path in ws.outbox.rglob("*F000003*.csv"))
    assert "***-**-0002" in told and "900110002" not in told and "900-11-0002" not in told


def test_coupons_are_paid_as_they_ask(on_both: Workspace) -> None:
    """The consolidated total pays each account its total due; an account's total due pays what is older, too."""
    ws = on_both
    prepare(ws)
    february = issued(ws, Month(2027, 2), date(2027, 1, 10))
    cover = february[""]
    assert cover.to_pay == february[OFFICE].total_due + february[DRIVERS].total_due
    assert february[OFFICE].total_due == 3 * EMP[OFFICE]  # January is not paid yet
    other = pay(ws, paid(3, "20270111", 100, company(("IK", cover.number, 100))), date(2027, 1, 11))
    assert (other["state"], other["sets"][0]["state"]) == ("PENDED", "PENDED")
    assert "proposed, oldest first: $1.00 to invoice 100001" in str(other["all_findings"])
    value = pay(
        ws, paid(4, "20270112", cover.to_pay, company(("IK", cover.number, cover.to_pay))), date(2027, 1, 12)
    )
    assert value["state"] == "APPLIED", value["all_findings"]
    assert opens(ws) == {}
    with ws.database.read() as conn:
        assert not any(ledger.balances(conn, "unapplied:").values())


def test_money_that_lies_with_no_account_is_shown_where_it_belongs(on_both: Workspace) -> None:
    """By group where the lines say so, else beside the groups; a file with such money is not done (PARTIAL)."""
    ws = on_both
    prepare(ws)
    lines = company(("IK", "100001", EMP[OFFICE]), ("IK", "999999", 500), ("1L", GROUP, 700))
    value = pay(ws, paid(3, "20270107", EMP[OFFICE] + 1200, lines), date(2027, 1, 7))
    (taken,) = value["sets"]
    assert taken["remittance"], value["all_findings"]
    assert (value["state"], taken["state"], taken["remittance"]["state"]) == ("PARTIAL", "APPLIED", "POSTED")
    assert [line["disposition"] for line in taken["remittance"]["lines"]] == ["APPLIED", "PENDED", "PENDED"]
    moved = EMP[OFFICE] + 400  # $4.00 more than the office ever paid
    netted = company(("11", DRIVERS, moved), ("11", OFFICE, -moved))
    value = pay(ws, paid(4, "20270108", 0, netted), date(2027, 1, 8))
    assert (value["state"], value["sets"][0]["state"]) == ("PARTIAL", "APPLIED")
    assert [line["disposition"] for line in value["sets"][0]["remittance"]["lines"]] == ["APPLIED", "PENDED"]
    day = date(2027, 1, 8)
    for trace, who, cents in (
        ("U1", "1990000005", 1_999_00),
        ("U2", "1777777777", 100),
        ("U3", "1990000001", 100),
    ):
        add_deposit(ws, trace, who, cents, day, ws.now(day))
    reconciliation = reconcile(ws, Month(2027, 1), GROUP, ws.now(date(2027, 1, 31)))
    assert (
        reconciliation.suspense == 300
    )  # what names the group and not its account, less what an account had not paid
    assert [(payment.partner, payment.kind, payment.cents) for payment in reconciliation.unplaced] == [
        (CEDAR, "suspense", 500),
        (CEDAR, "deposit", 1_999_00),  # and none of $1.00 of a company nobody knows: nothing open asks for it
    ]
    with ws.database.read() as conn:
        (owed,) = outbox.starting(conn, keys.reconciliation(GROUP, "2027-01"), ws.vault.fields)
    assert {payment.partner for payment in owed.statement.unplaced} == {CEDAR}
    other = reconcile(ws, Month(2027, 1), "HM4100", ws.now(date(2027, 1, 31)))
    assert (other.suspense, [(payment.partner, payment.cents) for payment in other.unplaced]) == (
        0,
        [(PARTNER, 100)],
    )
