"""Payments that the bank took back, through a whole installation."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

from python_calamine import CalamineWorkbook

from model.approval import Approval
from model.desk import ItemKind
from model.money.returns import Advice, Return
from model.timeline import Month
from pipeline.cash import credit, reverse
from pipeline.receive.deliver import deliver
from pipeline.replay.run import replay
from pipeline.roster.export import export
from pipeline.runtime.workspace import Workspace
from pipeline.views import account_statement, agreed
from pipeline.views.accounts import account_value
from pipeline.views.reversed import ReversedView
from store.desk import items
from store.desk.items import Scope
from store.money import reversals
from support.cashed import ACCOUNT, COMPANY, OTHER, Till
from support.installation import GROUP, PARTNER, TERMS
from support.people import TWO, deciding

DEC, JAN, BACK = date(2026, 12, 15), date(2027, 1, 12), date(2027, 1, 20)
FEE = TERMS.read_text("utf-8").replace("grace_days = 31", "grace_days = 31\nreturn_fee_cents = 2500", 1)


def nsf(
    ws: Workspace,
    payment: str,
    trace: str = "RT1",
    approval: Approval = TWO,
    code: str = "NSF",
    cents: int | None = None,
) -> ReversedView:
    """Two people say that the bank took a payment back."""
    return reverse.reverse(deciding(ws), payment, Advice(trace, code, BACK, cents), ws.now(BACK), approval)


def aged(ws: Workspace) -> dict[str, tuple[date, int]]:
    """Return of each open invoice and memo of the account when it was due, and how late it is in March."""
    later = ws.now(date(2027, 3, 1))
    stated = account_statement.of_account(ws, ACCOUNT, later, begin=None, on=None, known_on=None)
    assert stated is not None
    return {each.number: (each.due, each.late) for each in stated.items}


def waiting(ws: Workspace) -> dict[str, str]:
    """Return the returns that wait, with why."""
    with ws.database.read() as conn:
        opened = items.opened(conn, Scope((ItemKind.RETURN,))).values()
    return {each.waiting.subject: each.waiting.rule for each in opened}


def told(trace: str, cents: int, reference: str = "RT1", code: str = "R01", company: str = COMPANY) -> Return:
    return Return(trace, company, cents, code, BACK, reference)


def test_an_nsf_after_the_payment_closed_two_invoices_and_its_surplus_paid_a_third(on_both: Workspace) -> None:
    """The hard case: a receipt each, a bill, a night, and then the bank takes the payment back."""
    ws = on_both
    till = Till(ws)
    till.open(FEE)
    first = till.bill(Month(2027, 1), date(2026, 12, 10))
    asked, was_due = till.opens(), aged(ws)
    surplus = asked[first[ACCOUNT]] // 2
    parts = [("IK", first[account], asked[first[account]]) for account in first]
    till.pay("T1", DEC, *parts, ("11", ACCOUNT, surplus))
    assert not any(till.opens().values())
    second = till.bill(Month(2027, 2), date(2027, 1, 10))
    third = second[ACCOUNT]
    credit.pay(ws, GROUP, ws.now(JAN))
    before = till.opens()
    assert before[third] == asked[first[ACCOUNT]] - surplus
    looked = nsf(ws, "T1", approval=Approval(TWO.requested_by, "", "the bank's advice"))
    assert not looked.done and till.opens() == before
    made = nsf(ws, "T1")
    assert made.done and made.payment == "R1", made.problem
    assert till.opens() == {
        **asked,
        **before,
        **{first[a]: asked[first[a]] for a in first},
        third: before[third] + surplus,
    }
    assert till.balances().get("bank") is None and till.balances()["fee"] == -2500
    parts_said = {(part.part, part.account, part.number): part.amount_cents for part in made.parts}
    assert sum(cents for (part, _, _), cents in parts_said.items() if part != "fee") == made.amount_cents
    assert parts_said[("fee", ACCOUNT, "D1001")] == 2500
    again = nsf(ws, "T1")
    assert again.again and not again.done and "taken back before" in again.problem
    with ws.database.read() as conn:
        opened = reversals.reopened(conn, [ACCOUNT, OTHER])
    assert {each.number: each.cents for each in opened} == {
        **{first[account]: asked[first[account]] for account in first},
        third: surplus,
    }
    assert {each.until for each in opened} == {date(2027, 1, 30)}
    assert was_due.items() <= aged(ws).items(), "as late as if it had never been paid"


def test_what_the_bank_s_file_brings_is_done_once_or_waits(on_both: Workspace, tmp_path: Path) -> None:
    """A return before its payment, for another amount, of a return, twice, by two traces; and a replay of it."""
    ws = on_both
    till = Till(ws)
    till.open()
    first = till.bill(Month(2027, 1), date(2026, 12, 10))
    asked, now = till.opens(), ws.now(BACK)
    early = reverse.take_return(ws, told("T1", 30_000), now)
    assert early.waits and not early.done and waiting(ws) == {"return 1": "RETURN-UNKNOWN"}
    assert reverse.take_return(ws, told("T1", 30_000), now).again
    assert not reverse.look_again(ws, now)
    till.pay("T1", DEC, ("IK", first[ACCOUNT], 30_000))
    (found,) = reverse.look_again(ws, now)
    assert found.done and found.payment == "R1" and till.opens() == asked and not waiting(ws)
    once_more = reverse.take_return(ws, told("T1", 30_000), now)
    assert once_more.again and "taken back before, on 2027-01-20 by return RT1" in once_more.problem
    other = reverse.take_return(ws, told("T1", 30_000, "RT2"), now)
    assert other.waits and not other.done
    till.pay("T2", DEC, ("IK", first[ACCOUNT], 5_000))
    for reference, cents, code in (("RT3", 6_000, "R01"), ("RT4", 5_000, "R68")):
        assert reverse.take_return(ws, told("T2", cents, reference, code), now).waits
    assert reverse.take_return(ws, told("T2", 5_000, "RT5", company="1999999999"), now).waits
    assert waiting(ws) == {
        "return 2": "RETURN-AGAIN",
        "return 3": "RETURN-AMOUNT",
        "return 4": "RETURN-OF-RETURN",
        "return 5": "RETURN-UNKNOWN",
    }
    assert till.opens() == {**asked, first[ACCOUNT]: asked[first[ACCOUNT]] - 5_000}
    refused = nsf(ws, "T2", code="R68")
    assert not refused.done and "sent back" in refused.problem
    by_hand = nsf(ws, "R2", "RT3", cents=6_000)
    assert not by_hand.done and "came back of $50.00" in by_hand.problem
    assert nsf(ws, "R2", "RT3").done and "return 3" not in waiting(ws)
    for why, words in (("XYZ", "is no reason: NSF, STOP"), ("NSF", "1 to 80 characters and no blank")):
        wrong = nsf(ws, "T2", "RT 9", code=why)
        assert not wrong.done and words in wrong.problem
    assert replay(ws, tmp_path / "again").equal


def test_money_that_nobody_got_goes_back_as_it_came(ws: Workspace) -> None:
    """A deposit without a remittance; an 820 that does not add up; a line in suspense, placed later."""
    till = Till(ws)
    till.open()
    till.bill(Month(2027, 1), date(2026, 12, 10))
    asked = till.opens()
    alone = till.deposit("D-ALONE", 70_000, DEC)
    made = nsf(ws, f"D{alone}", "RT1")
    assert made.done and made.payment == f"D{alone}" and not till.unidentified()
    till.remit("D-ALONE", DEC, ("11", ACCOUNT, 70_000))
    assert till.opens() == asked and not till.unidentified()
    till.pay("SUSPENDED", DEC, ("11", "99999999", 4_000))
    assert till.balances()["suspense:harbor-mills"] == -4_000
    assert nsf(ws, "SUSPENDED", "RT2").done
    assert "suspense:harbor-mills" not in till.balances() and till.balances().get("bank") is None
    with ws.database.read() as conn:
        kinds = {each.waiting.kind for each in items.opened(conn, Scope(tuple(ItemKind))).values()}
    assert ItemKind.SUSPENSE not in kinds and ItemKind.DEPOSIT not in kinds
    assert nsf(ws, "SUSPENDED", "RT3").problem.startswith("it was taken back before")


def test_paid_again_after_it_came_back_is_as_paid_once(ws: Workspace) -> None:
    till = Till(ws)
    till.open()
    first = till.bill(Month(2027, 1), date(2026, 12, 10))
    parts = [("IK", first[account], till.opens()[first[account]]) for account in first]
    till.pay("T1", DEC, *parts, ("11", ACCOUNT, 5_000))
    once = till.balances()
    assert nsf(ws, "T1").done
    till.pay("T1B", BACK, *parts, ("11", ACCOUNT, 5_000))
    assert till.balances() == once and not any(till.opens().values())


def fed(ws: Workspace, day: date) -> tuple[set[str], set[str], set[str]]:
    """Send the roster out as of a day; return through when premium is paid by its CSV, its XLSX and its 834."""
    partner = agreed.partner(ws, PARTNER)
    for form in ("csv", "xlsx", "834"):
        assert export(ws, GROUP, form, partner, ws.now(day), on=None, deliver=True).key
    paths = {path.suffix: ws.settings.home / path for path in map(Path, deliver(ws, ws.now(day)))}
    rows = list(csv.DictReader(paths[".csv"].open(encoding="utf-8-sig")))
    head, *cells = CalamineWorkbook.from_path(str(paths[".xlsx"])).get_sheet_by_index(0).to_python()[3:]
    at = head.index("Paid through")
    told = re.findall(r"DTP\*343\*D8\*(\d{8})~", paths[".edi"].read_text("ascii"))
    return {row["Paid through"] for row in rows}, {str(row[at]) for row in cells}, set(told)


def test_what_is_paid_through_is_in_each_feed_and_goes_back_when_the_bank_takes_it_back(ws: Workspace) -> None:
    till = Till(ws)
    till.open()
    first = till.bill(Month(2027, 1), date(2026, 12, 10))
    assert fed(ws, DEC) == ({""}, {""}, set())
    till.pay("T1", DEC, *(("IK", first[account], till.opens()[first[account]]) for account in first))
    assert account_value(ws, ACCOUNT).paid_through == date(2027, 1, 31)
    assert fed(ws, JAN) == ({"2027-01-31"}, {"2027-01-31"}, {"20270131"})
    assert nsf(ws, "T1").done
    assert account_value(ws, ACCOUNT).paid_through is None
    assert fed(ws, BACK) == ({""}, {""}, set())


def test_a_return_that_may_be_of_two_payments_waits(ws: Workspace) -> None:
    """Two deposits of one trace and amount: nothing is taken back until people name the one."""
    till = Till(ws)
    till.open()
    first = till.deposit("TWICE", 5_000, DEC)
    till.deposit("TWICE", 5_000, JAN, again=True)
    back = reverse.take_return(ws, told("TWICE", 5_000), ws.now(BACK))
    assert back.waits and set(waiting(ws).values()) == {"RETURN-UNCLEAR"} and till.unidentified() == 10_000
    assert nsf(ws, f"D{first}", "RT1", code="R01").done
    assert waiting(ws) == {} and till.unidentified() == 5_000
