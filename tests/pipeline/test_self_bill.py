"""A payer that bills itself, in the pipeline: what is billed, reported by person, void again; both databases."""

from __future__ import annotations

import csv
import io
from datetime import date

from model.approval import Approval
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.worksheet import Worksheet
from model.money.breaks import Break
from model.money.selfbill import Source
from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month import selfbill as decided
from pipeline.month.bill import bill
from pipeline.month.reconcile import reconcile
from pipeline.month.void import void
from pipeline.month.worksheet import sheet
from pipeline.receive.deliver import deliver
from pipeline.runtime.workspace import Workspace
from pipeline.views.selfbills import SelfBillView, self_bills
from sample_files import edi
from store.desk import items
from store.money import selfbill
from store.received import outbox
from support.installation import GROUP, PARTNER, SAMPLES, TERMS, load_terms, take, take_bytes
from support.people import ANN, BEN, deciding

JANUARY = Month(2027, 1)
ACCOUNT, OTHER = "41000100", "41000200"
DAY, LATER = date(2026, 12, 10), date(2026, 12, 28)
TWO = Approval(ANN, BEN, "the payroll file of January")


def agree(ws: Workspace, where: str) -> None:
    """Load terms under which the group, or its first subgroup, bills itself."""
    agreed, mine = TERMS.read_text("utf-8"), 'account = "41000100"\n'
    if where == "subgroup":
        agreed = agreed.replace(mine, f'{mine}billing_mode = "self"\n', 1)
    else:
        agreed = agreed.replace("[group.billing]\n", '[group.billing]\nbilling_mode = "self"\n', 1)
    load_terms(ws, agreed)


def shown(ws: Workspace, month: Month = JANUARY) -> SelfBillView:
    found = self_bills(ws, GROUP, month, ACCOUNT)
    assert found is not None
    return found.bills[0]


def waiting(ws: Workspace) -> list[tuple[str, int]]:
    with ws.database.read() as conn:
        listed = items.opened(conn, items.Scope((items.ItemKind.SELF_BILL,)))
    return [(item.waiting.subject, item.waiting.cents) for item in listed.values()]


def individually(paid: dict[str, str], day: date, trace: str) -> bytes:
    """Return an 820 of individuals: dollars by subscriber number and plan (`E50001 GOLD`)."""
    total = sum(float(dollars) for dollars in paid.values())
    head = edi.remittance_set([("11", ACCOUNT, 0, 0)], day, trace, total=round(total * 100))
    lines = head[: next(at for at, segment in enumerate(head) if segment.startswith("ENT"))]
    for number, (who, dollars) in enumerate(paid.items(), 1):
        subscriber, _, plan = who.partition(" ")
        lines += [f"ENT*{number}*2J*EI*{subscriber}", f"NM1*IL*1*SAMPLE*PAT****N*{subscriber}"]
        lines += [f"RMR*AZ*{subscriber}**{dollars}", f"REF*18*{plan}"]
        lines += ["DTM*582****RD8*20270101-20270131"]
    return edi.interchange([[*lines, f"SE*{len(lines) + 1}*0001"]], day, 901, kind="820").encode()


def test_a_subgroup_bills_itself_the_other_is_billed(on_both: Workspace) -> None:
    ws = on_both
    agree(ws, "subgroup")
    take(ws, SAMPLES / "demo" / "01-adds.edi", date(2026, 11, 20))
    (trial,) = bill(ws, JANUARY, ws.now(DAY), GROUP, trial=True)
    (billed,) = bill(ws, JANUARY, ws.now(DAY), GROUP)
    assert [(each.account, each.self_bill) for each in billed.issued] == [(ACCOUNT, True), (OTHER, False)]
    assert [each.self_bill for each in trial.issued] == [True, False]
    assert billed.consolidated is None, "what is not asked for is under no cover"
    with ws.database.read() as conn:
        sent = outbox.sent(conn, keys.worksheets(billed.issued[0].number))
        owed = [outbox.item(conn, each, ws.vault.fields) for each in outbox.undelivered(conn, PARTNER)]
    assert [partner for partner, _ in sent] == [PARTNER]
    (sheet,) = [item.statement for item in owed if isinstance(item.statement, Worksheet)]
    assert (sheet.cents, sheet.account) == (billed.issued[0].current, ACCOUNT)
    assert DocumentKind.INVOICE not in {item.key.partition(":")[0] for item in owed if ACCOUNT in item.key}


def test_counts_by_plan_are_no_headcount_of_the_account(ws: Workspace) -> None:
    """Two subscribers, one with dental: the 820 counts 2 and 1, which is 3 people of plans and nobody too many."""
    agree(ws, "subgroup")
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    bill(ws, JANUARY, ws.now(DAY), GROUP)
    add_deposit(ws, "HMSELF01", "1990000001", 204_000, LATER, ws.now(LATER))
    take(ws, SAMPLES / "selfbill" / "01-summary.edi", LATER)
    kinds = [row.kind for row in reconcile(ws, JANUARY, GROUP, ws.now(LATER)).rows]
    assert kinds and Break.HEADCOUNT not in kinds


def test_persons_are_reported_by_an_820_and_a_variance_is_accepted_by_two(on_both: Workspace) -> None:
    ws = on_both
    agree(ws, "group")
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    (january,) = bill(ws, JANUARY, ws.now(DAY), GROUP)[0].issued
    paid = {"E50001 GOLD": "1500", "E50001 DENTAL": "120", "E50002 GOLD": "450"}
    value = take_bytes(ws, individually(paid, LATER, "SB1"), "paid.edi", LATER)
    assert value["state"] == "PENDED", "no 820 is cash: nothing is reported before its deposit is there"
    assert not shown(ws).reported
    add_deposit(ws, "SB1", "1990000001", 207_000, LATER, ws.now(LATER))
    found = {(part.plan, part.name): (part.variance_people, part.variance_cents) for part in shown(ws).differing}
    assert found == {("DENTAL", "RUTHERFORD, ADA"): (-1, -4_000), ("GOLD", "RUTHERFORD, ADA"): (0, -5_000)}
    assert waiting(ws) == [(f"{ACCOUNT}/2027-01", 9_000)]
    with ws.database.read() as conn:
        (lines,) = selfbill.reported(conn, [ACCOUNT, OTHER], JANUARY).values()
    assert [(line.source, line.plan, line.count, line.cents) for line in lines] == [
        (Source.PAYMENT, "GOLD", 1, 150_000),
        (Source.PAYMENT, "DENTAL", 1, 12_000),
        (Source.PAYMENT, "GOLD", 1, 45_000),
    ]
    alone = decided.accept(deciding(ws), GROUP, ACCOUNT, JANUARY, ws.now(LATER), Approval(reason="it is right"))
    assert alone is not None and not alone.done and "another person confirms" in alone.problem
    both = decided.accept(deciding(ws), GROUP, ACCOUNT, JANUARY, ws.now(LATER), TWO)
    assert both is not None and both.done and waiting(ws) == []
    again = decided.accept(deciding(ws), GROUP, ACCOUNT, JANUARY, ws.now(LATER), TWO)
    assert again is not None and "accepted already" in again.problem
    assert shown(ws).open_cents == january.current - 207_000, "accepting moves no money"


def test_a_void_bill_compares_nothing_and_its_sheet_is_refused(on_both: Workspace) -> None:
    ws = on_both
    agree(ws, "subgroup")
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    (january,) = bill(ws, JANUARY, ws.now(DAY), GROUP)[0].issued
    deliver(ws, ws.now(DAY))
    (path,) = (ws.settings.home / "outbox" / PARTNER).glob("worksheet-*.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    rows[0]["People"], rows[0]["Amount"] = "1", "1.00"
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    assert take_bytes(ws, out.getvalue().encode(), "sheet.csv", DAY)["state"] == "APPLIED"
    assert waiting(ws)
    voided = void(deciding(ws), january.number, ws.now(LATER), TWO)
    assert voided is not None and voided.done, voided
    assert waiting(ws) == [] and shown(ws).invoice == ""
    value = take_bytes(ws, out.getvalue().replace("1.00", "2.00").encode(), "sheet.csv", LATER)
    assert (value["state"], [each["code"] for each in value["all_findings"]][-1]) == ("REJECTED", "SELFBILL-OLD")
    (once_more,) = bill(ws, JANUARY, ws.now(LATER), GROUP)[0].issued
    assert once_more.self_bill and waiting(ws), "what was reported is held against the new bill"


def test_a_sheet_of_somebody_else_s_is_refused(on_both: Workspace) -> None:
    """A sheet under a key that was signed for another partner names nothing here."""
    ws = on_both
    agree(ws, "subgroup")
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    bill(ws, JANUARY, ws.now(DAY), GROUP)
    key = ws.vault.row_keys.key("another", "W100001", 1)
    text = "Account,Month,Plan,Tier,Our People,Our Amount,People,Amount,Rollbook Row\n"
    text += f"{ACCOUNT},2027-01,GOLD,FAM,1,1500.00,1,1500.00,{key}\n"
    value = take_bytes(ws, text.encode(), "sheet.csv", DAY)
    assert value["state"] == "REJECTED" and value["all_findings"][-1]["code"] == "SELFBILL-KEY"


def test_a_sheet_of_two_accounts_is_refused_whole(ws: Workspace) -> None:
    agree(ws, "group")
    take(ws, SAMPLES / "demo" / "01-adds.edi", date(2026, 11, 20))
    made = bill(ws, JANUARY, ws.now(DAY), GROUP)[0].issued
    text = "Account,Month,Plan,Tier,Our People,Our Amount,People,Amount,Rollbook Row\n"
    for issued in made:
        key = ws.vault.row_keys.key(PARTNER, sheet(issued.number), 1)
        text += f"{issued.account},2027-01,GOLD,FAM,1,1500.00,1,1500.00,{key}\n"
    value = take_bytes(ws, text.encode(), "sheet.csv", DAY)
    codes = [each["code"] for each in value["all_findings"]]
    assert len(made) == 2 and value["state"] == "REJECTED" and "SELFBILL-MIXED" in codes
