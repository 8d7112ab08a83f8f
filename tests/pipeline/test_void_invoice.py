"""An invoice is voided: entries turned round, month free, receivers told; and when it cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from model.approval import Approval
from model.timeline import Month
from pipeline import inputs
from pipeline.month.bill import bill
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from sample_files import edi
from store.money import invoices, ledger
from support.cashed import ACCOUNT, Till
from support.installation import GROUP
from support.people import ANN, BEN, TWO, deciding
from support.story import tell
from support.verified import whole

DAY = date(2027, 1, 12)
FEBRUARY = Month(2027, 2)


def standing(ws: Workspace, month: Month = FEBRUARY) -> dict[str, str]:
    """Return the invoices of a month that stand, by account."""
    with ws.database.read() as conn:
        return {each.account: each.number for each in invoices.listing(conn, group=GROUP, month=month)}


def balances(ws: Workspace) -> dict[str, int]:
    with ws.database.read() as conn:
        return {name: cents for name, cents in ledger.balances(conn, "").items() if cents}


def test_an_invoice_is_voided_and_its_month_billed_again(ws: Workspace, tmp_path: Path) -> None:
    tell(ws)
    desk = deciding(ws)
    before, numbers = balances(ws), standing(ws)
    for number in numbers.values():
        value = inputs.void_invoice(desk, number, ws.now(DAY), TWO)
        assert value is not None and value.done and not value.problem
    assert standing(ws) == {}
    assert balances(ws) != before
    (billed,) = bill(ws, FEBRUARY, ws.now(DAY), GROUP)
    assert {statement.account for statement in billed.issued} == set(numbers)
    assert not set(standing(ws).values()) & set(numbers.values()), "a number stays, and is nobody else's"
    assert balances(ws) == before
    written = inputs.deliver(ws, ws.now(DAY))
    assert {f"invoice-{number}-void.pdf" for number in numbers.values()} <= {Path(path).name for path in written}
    whole(ws, DAY)
    assert replay(ws, tmp_path / "again").equal


def test_the_next_invoice_begins_where_the_one_before_ended(ws: Workspace) -> None:
    tell(ws)
    desk = deciding(ws)
    account, number = next(iter(standing(ws).items()))
    with ws.database.read() as conn:
        first = invoices.find(conn, number, ws.vault.fields)
    inputs.void_invoice(desk, number, ws.now(DAY), TWO)
    bill(ws, FEBRUARY, ws.now(DAY), GROUP)
    with ws.database.read() as conn:
        second = invoices.find(conn, standing(ws)[account], ws.vault.fields)
    assert first is not None and second is not None
    same = ("prior_balance", "payments", "payments_after", "unapplied", "current", "retro", "total_due")
    assert [getattr(first, name) for name in same] == [getattr(second, name) for name in same]


def refused(ws: Workspace, number: str, decision: Approval = TWO) -> str:
    before = balances(ws)
    value = inputs.void_invoice(ws, number, ws.now(DAY), decision)
    assert value is not None and not value.done and balances(ws) == before
    return value.problem


def test_who_may_not_and_what_cannot_be_voided(ws: Workspace) -> None:
    tell(ws)
    desk = deciding(ws)
    january, number = next(iter(standing(ws, Month(2027, 1)).values())), next(iter(standing(ws).values()))
    assert "came after it" in refused(desk, january)
    assert refused(desk, number, Approval(BEN, BEN, "alone"))
    assert refused(desk, number, Approval(ANN, BEN, ""))
    assert refused(ws, number), "a service decides nothing"
    assert inputs.void_invoice(desk, "999999", ws.now(DAY), TWO) is None
    done = inputs.void_invoice(desk, number, ws.now(DAY), TWO)
    assert done is not None and done.done
    assert "voided before" in refused(desk, number)


def test_what_was_paid_on_it_keeps_it(ws: Workspace) -> None:
    tell(ws)
    desk = deciding(ws)
    with ws.database.read() as conn:
        paid = next(each for each in invoices.listing(conn, group=GROUP) if each.month == Month(2027, 1))
    later = standing(ws)[paid.account]
    inputs.void_invoice(desk, later, ws.now(DAY), TWO)
    assert "was posted on it since" in refused(desk, paid.number)


def test_two_keyboards_void_one_invoice_once(ws: Workspace) -> None:
    tell(ws)
    desk = deciding(ws)
    number = next(iter(standing(ws).values()))
    first = inputs.void_invoice(desk, number, ws.now(DAY), TWO)
    second = inputs.void_invoice(replace(desk), number, ws.now(DAY), TWO)
    assert first is not None and second is not None and first.done and not second.done


def test_credit_that_the_invoice_gave_and_nobody_used_goes_back(ws: Workspace) -> None:
    """Money kept for the month was more than its invoice asked for: what was over became credit by the bill."""
    till = Till(ws)
    till.open()
    day = date(2026, 12, 20)
    body = edi.remittance_set([("11", ACCOUNT, 90_000_00, 0)], day, "AHEAD")
    rmr = next(at for at, segment in enumerate(body) if segment.startswith("RMR*"))
    kept = [body[rmr].replace("*PI*", "*PA*"), "DTM*582****RD8*20270101-20270131", f"SE*{len(body) + 1}*0001"]
    file = edi.interchange([[*body[:rmr], *kept]], day, 900, kind="820")
    till.receive(file.encode(), "ahead.edi", day)
    till.deposit("AHEAD", 90_000_00, day)
    before = balances(ws)
    assert before[f"ahead:{ACCOUNT}:2027-01"] == -90_000_00
    number = till.bill(Month(2027, 1), day)[ACCOUNT]
    assert f"unapplied:{ACCOUNT}" in balances(ws)
    done = inputs.void_invoice(deciding(ws), number, ws.now(DAY), TWO)
    assert done is not None and done.done, done and done.problem
    assert balances(ws)[f"ahead:{ACCOUNT}:2027-01"] == -90_000_00 and f"unapplied:{ACCOUNT}" not in balances(ws)
