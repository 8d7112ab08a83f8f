"""What an invoice says of money and people stays true, and accounts are settled after an agreement has ended."""

from __future__ import annotations

from datetime import date

from model.documents.statement import InvoiceStatement
from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import Billed, bill
from pipeline.month.reconcile import reconcile
from pipeline.runtime.workspace import Workspace
from pipeline.views import due
from support import values
from support.employer import change, remittance
from support.installation import GROUP, SAMPLES, TERMS, load_terms, take, take_bytes
from support.invoiced import whole
from writers.words import reason

A = "41000100"
PREMIUM = 216_000  # E50001: GOLD FAM 1500, DENTAL FAM 120; E50002: GOLD EMP 500, DENTAL EMP 40
AGREED = TERMS.read_text(encoding="utf-8")
ENDS = AGREED.replace("begin = 2026-01-01\naddress", "begin = 2026-01-01\nend = 2027-01-31\naddress")
QUIGLEY = ("NM1*IL*1*QUIGLEY*IVAN****34*901410001", "DMG*D8*19830412*M")
RUTHERFORD = ("NM1*IL*1*RUTHERFORD*ADA****34*901410004", "DMG*D8*19940330*F")


assert ENDS != AGREED


def enrolled(ws: Workspace) -> None:
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))


def billed(ws: Workspace, month: Month, day: date) -> Billed:
    (made,) = bill(ws, month, ws.now(day), GROUP)
    return made


def paid(ws: Workspace, control: str, day: date, cents: int) -> None:
    """Pay an amount for the account: the 820, and its deposit on the same day."""
    dollars, trace = f"{cents / 100:.2f}", f"T{control}"
    data = remittance(control, f"{day:%Y%m%d}", trace, dollars, f"RMR*11*{A}*PI*{dollars}")
    take_bytes(ws, data, "paid.edi", day)
    add_deposit(ws, trace, "1990000001", cents, day, ws.now(day))


def ended(ws: Workspace, control: str, day: date, last: str) -> None:
    """End both families on a last day."""
    loops = [
        ("INS*Y*18*024*08*A***TE", f"REF*0F*{number}", "REF*DX*100", f"DTP*357*D8*{last}", *person)
        for number, person in (("E50001", QUIGLEY), ("E50002", RUTHERFORD))
    ]
    value = take_bytes(
        ws, change(control, f"{day:%Y%m%d}", *(segment for loop in loops for segment in loop)), "e.edi", day
    )
    assert value["state"] == "APPLIED", value["all_findings"]


def shown(invoice: InvoiceStatement) -> tuple[int, int, int, int, int]:
    return invoice.prior_balance, invoice.payments, invoice.unapplied, invoice.current, invoice.total_due


def test_an_ended_group_is_settled_and_a_credit_is_shown_once(on_both: Workspace) -> None:
    ws = on_both
    enrolled(ws)
    billed(ws, Month(2027, 1), date(2026, 12, 10))
    paid(ws, "000000911", date(2026, 12, 28), PREMIUM)
    billed(ws, Month(2027, 2), date(2027, 1, 10))
    ended(ws, "000000912", date(2027, 1, 20), "20270131")
    load_terms(ws, ENDS)

    assert due.to_bill(ws, ws.now(date(2027, 2, 10))) == [(Month(2027, 3), GROUP)]
    (final,) = billed(ws, Month(2027, 3), date(2027, 2, 10)).issued  # February comes back
    assert (final.retro, shown(final)) == (-PREMIUM, (PREMIUM, 0, 0, 0, 0))
    assert billed(ws, Month(2027, 4), date(2027, 3, 10)).issued == ()  # settled

    paid(ws, "000000913", date(2027, 3, 15), 1000)  # they pay ten dollars more
    (credit,) = billed(ws, Month(2027, 5), date(2027, 4, 10)).issued
    assert shown(credit) == (0, 1000, 0, 0, -1000)
    assert billed(ws, Month(2027, 6), date(2027, 5, 10)).issued == ()  # said once
    assert values.account_value(ws, A)["credit_cents"] == 1000


def test_coverage_beyond_the_end_of_the_group_holds_the_invoice(ws: Workspace) -> None:
    enrolled(ws)
    billed(ws, Month(2027, 1), date(2026, 12, 10))
    load_terms(ws, ENDS)
    held = billed(ws, Month(2027, 2), date(2027, 1, 10))
    assert (held.issued, held.held) == ((), (A,))
    (outside,) = [finding for finding in held.findings if finding.code == "COVERED-OUTSIDE"]
    assert outside.subject == "2 families: E50001, E50002"
    assert "QUIGLEY" not in str(held.findings)
    ended(ws, "000000914", date(2027, 1, 20), "20270131")  # the event that ends coverage
    (final,) = billed(ws, Month(2027, 2), date(2027, 1, 21)).issued
    assert shown(final) == (PREMIUM, 0, 0, 0, PREMIUM)  # January is still owed


def test_an_invoice_says_which_payments_it_holds_by_the_invoices_they_lie_between(ws: Workspace) -> None:
    """A payment entered on the day of the invoice, after it, is not in it: no date parts the two."""
    enrolled(ws)
    day = date(2026, 12, 10)
    (first,) = billed(ws, Month(2027, 1), day).issued
    paid(ws, "000000915", day, PREMIUM)
    (second,) = billed(ws, Month(2027, 2), date(2027, 1, 10)).issued
    assert (first.payments_after, first.payments) == ("", 0)
    assert (second.payments_after, second.payments) == (first.number, PREMIUM)


def test_a_newcomer_whose_coverage_was_voided_whole_keeps_the_name(on_both: Workspace) -> None:
    """E50002 was billed for January and taken back (as if never covered): the store still knows who that was."""
    ws = on_both
    load_terms(ws)
    adds = (SAMPLES / "valid" / "01-add-family.edi").read_bytes().replace(b"348*D8*20261201", b"348*D8*20270101")
    assert take_bytes(ws, adds, "adds.edi", date(2026, 11, 23))["state"] == "APPLIED"
    assert billed(ws, Month(2027, 1), date(2026, 12, 10)).issued[0].current == PREMIUM
    void = ("HD*002**HLT*GOLD*EMP", "DTP*348*D8*20270101", "HD*002**DEN*DENTAL*EMP", "DTP*348*D8*20270101")
    member = ("INS*Y*18*001*28*A***FT", "REF*0F*E50002", "REF*DX*100", *RUTHERFORD, *void)
    value = take_bytes(ws, change("000000916", "20261220", *member), "void.edi", date(2026, 12, 20))
    assert value["state"] == "APPLIED", value["all_findings"]
    (february,) = billed(ws, Month(2027, 2), date(2027, 1, 10)).issued
    rows = {(row.name, row.subscriber, row.cents, reason(row.reason)) for row in whole(ws, february).adjustments}
    gone = "coverage removed"
    assert rows == {("RUTHERFORD, ADA", "E50002", -50_000, gone), ("RUTHERFORD, ADA", "E50002", -4_000, gone)}
    assert {line.name for line in whole(ws, february).lines} == {"QUIGLEY, IVAN", "RUTHERFORD, ADA"}
    assert all(row.member for row in whole(ws, february).adjustments)
    looked = reconcile(ws, Month(2027, 1), GROUP, ws.now(date(2027, 1, 11)))
    assert {row.name for row in looked.rows} == {"QUIGLEY, IVAN", "RUTHERFORD, ADA"}
