"""One story through every verb that writes: the first statement of each write raises its guards."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from model.agreement.terms import BANK, Partner
from model.approval import Approval
from model.asking import Verb
from model.desk import ItemKind, Wanted
from model.enrollment.rearrange import Rearrangement
from model.enrollment.ruling import Answer, Kind, Wish
from model.enrollment.undo import Of, Undo
from model.money.breaks import Reply
from model.money.out import Out
from model.money.returns import Advice, Return
from model.nights import NightPart
from model.timeline import Month
from pipeline import inputs
from pipeline.cash import assign, credit, deposits, late, planned, reverse, tolerance, unclaimed
from pipeline.decisions import reconciled
from pipeline.desk import nights
from pipeline.month.bill import bill
from pipeline.month.reconcile import reconcile
from pipeline.receive.claim import claim
from pipeline.receive.judge import judge
from pipeline.receive.run import receive, resume
from pipeline.receive.sweep import sweep
from pipeline.roster.end_coverage import end_coverage
from pipeline.roster.export import export
from pipeline.roster.unrestrict import unrestrict
from pipeline.runtime.marks import Gap
from pipeline.runtime.workspace import Workspace
from pipeline.setup import restored
from pipeline.setup.agree import add_partner
from pipeline.views.work import work_list
from sample_files import banking as bank_files
from sample_files import edi
from sample_files.banking import Entry
from store.desk import items
from store.desk.items import Scope
from store.engine import Database
from store.money import cash
from support import desk
from support.held import traced
from support.installation import GROUP, PARTNER, ROOT, SAMPLES, TERMS, install, load_terms
from support.people import ANN, BEN, TWO, deciding, person

DAY = date(2026, 12, 10)
A_WEEK = timedelta(days=7)
AGREED = TERMS.read_text("utf-8")
ENDS = AGREED.replace("begin = 2026-01-01\naddress", "begin = 2026-01-01\nend = 2027-01-31\naddress")
WAITS = (  # a line of nobody who is known, and a set of audit records
    {"day": DAY, "held": False, "records": [{"who": "dan", "do": "001"}]},
    {"day": DAY, "held": True, "records": [{"who": "ada", "do": "030", "lines": ["030 HLT GOLD EMP 2027-01-01"]}]},
)
HIRES = {"day": DAY, "records": [{"who": "dan", "lines": ["021 HLT GOLD EMP 2027-01-01"]}]}
HIRED = b"INS*Y*18*021*29*A***FT"  # INS08; INS13 = R restricts
LEASE = ("INSERT INTO lease", "UPDATE lease", "DELETE FROM lease", "SELECT lease")


def guarded_modules() -> set[str]:
    """Every module of the pipeline that calls Database.change; a replay writes another store alone."""
    found = set()
    for path in set((ROOT / "pipeline").rglob("*.py")) - set((ROOT / "pipeline" / "replay").rglob("*.py")):
        calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
        if any(isinstance(call.func, ast.Attribute) and call.func.attr == "change" for call in calls):
            found.add(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return found


def placed(ws: Workspace) -> None:
    """Money in suspense goes to an account: one person asks for it, another one confirms it."""
    now, wish = ws.now(DAY), Wish(Answer(Kind.LINK), account="41000100")
    waiting = work_list(ws, now, Wanted("suspense")).items
    looked = inputs.decide_work(ws, waiting[0].number, wish, now)
    assert looked.effect is not None, looked.problem
    asks = replace(ws, actor=person(ANN))
    assert inputs.decide_work(asks, waiting[0].number, wish, now, "so they say", looked.effect.digest).requested_by
    assert inputs.decide_work(ws, waiting[0].number, wish, now, "so it is", looked.effect.digest).done


def ruled(ws: Workspace) -> None:
    """Words of a payer become a rule, which ends."""
    body = edi.remittance_set([("CT", "ALL OF IT", 777, 777)], DAY, "T18")
    data = edi.interchange([body], DAY, 15, kind="820").encode()
    receive(ws, [data], "15.edi", PARTNER, "test", ws.now(DAY))
    deposits.add_deposit(ws, "T18", "1990000001", 777, DAY, ws.now(DAY))
    now = ws.now(DAY)
    held = next(each for each in work_list(ws, now, Wanted("suspense")).items if each.amount_cents == 777)
    with ws.database.read() as conn:
        paper = next(each for each in cash.remittances(conn) if each.trace == "T18")
    wanted = planned.Wanted(remittance=paper.id, line=1, account="41000100", always=True)
    looked = assign.assign(ws, wanted, now, TWO)
    assert held.number and assign.assign(ws, wanted, now, TWO, looked.digest).done, looked.problem
    ended = inputs.end_payer_rule(ws, 1, now, TWO)
    assert ended is not None and ended.done, ended


def banked(ws: Workspace) -> None:
    """The bank sends a statement and a lockbox's cheques; people say what two of its lines are."""
    entries = [
        Entry("115", 700, "B1", "", "LB7"),
        Entry("142", 900, "B2", "T8"),
        Entry("699", 5, "B3"),
        Entry("555", 4, "B4", "T5"),
    ]
    deposits.add_deposit(ws, "T8", "", 800, DAY, ws.now(DAY))
    inputs.load_bank(ws, bank_files.bai2(entries, DAY), "b.txt", "", ws.now(DAY))
    inputs.add_partner(ws, Partner("bank", "Bank", kind=BANK), ws.now(DAY))
    receive(ws, [bank_files.bai2([Entry("142", 10, "B6", "T6")], DAY)], "d.txt", "bank", "test", ws.now(DAY))
    cheques = bank_files.lockbox([("1", 700, "41000100", "")], DAY)
    made = inputs.load_bank(ws, cheques, "b.csv", bank_files.LOCKBOX_MAP, ws.now(DAY))
    assert (made.split, made.placed) == (1, 1)
    assert inputs.match_bank(ws, 3, "new", ws.now(DAY), TWO).done
    assert inputs.void_bank(ws, 4, ws.now(DAY), TWO).done


def moved_out(ws: Workspace) -> None:
    """A fee is raised, credit goes out, a register names it, the bank pays it; of what is short nothing is due."""
    refunds = Out(Verb.REFUND, "41000100", 60), Out(Verb.REFUND, "41000100", 40)
    for out in (*refunds, Out(Verb.FEE, "41000100", 2500)):
        assert inputs.money_out(ws, out, ws.now(DAY), TWO).done
    assert inputs.register_refunds(ws, ws.now(DAY)).number == 1
    assert inputs.pay_refund(ws, "C1001", DAY, ws.now(DAY), Approval(reason="the bank's file")).done
    cheque = bank_files.bai2([Entry("475", 40, "B5", "1002")], DAY)
    assert inputs.load_bank(ws, cheque, "c.txt", "", ws.now(DAY)).paid == 1
    assert tolerance.write_off(ws, GROUP, ws.now(DAY)) == (0, 0)


def credited(ws: Workspace) -> None:
    """Credit pays what is open by night, and what was done of the night is recorded."""
    credit.pay(ws, GROUP, ws.now(DAY))
    unclaimed.look_at(ws, GROUP, ws.now(DAY))
    nights.record(ws, DAY, [NightPart.EFFECT], ws.now(DAY))


def dropped(ws: Workspace) -> None:
    """A payment waits for money that will not come, and two people drop it; another one does not hold."""
    moved_out(ws)
    returned(ws)
    body = edi.remittance_set([("11", "41000100", 5000, 5000)], DAY, "T7")
    data = edi.interchange([body], DAY, 14, kind="820").encode()
    paid = desk.set_of(ws, receive(ws, [data], "14.edi", PARTNER, "test", ws.now(DAY)))
    decision = {"kind": "drop", "two": True, "day": DAY}
    looked = desk.decide(ws, paid, decision)
    assert looked.effect and desk.decide(ws, paid, decision, looked.effect.digest).done
    credited(ws)
    banked(ws)
    ruled(ws)


def returned(ws: Workspace) -> None:
    """The bank takes a payment back, and another one that has not come yet: that return waits for it."""
    advice = Advice("RT1", "NSF", DAY)
    assert inputs.reverse_payment(ws, "R1", advice, ws.now(DAY), TWO).done
    told = Return("T9", "1990000001", 7_000, "R01", DAY, "RT9")
    assert reverse.take_return(ws, told, ws.now(DAY)).waits
    deposits.add_deposit(ws, "T9", "1990000001", 7_000, DAY, ws.now(DAY))
    assert [back.payment for back in reverse.look_again(ws, ws.now(DAY))] == ["D3"]


def lifted_for_good(ws: Workspace) -> None:
    """A restriction is lifted; a court ordered that the child be covered, and orders it no more."""
    lifted = unrestrict(ws, "M000000001", ws.now(DAY), TWO)
    assert lifted is not None and not lifted.problem and not lifted.restricted
    ordered = inputs.record_order(ws, "M000000003", GROUP, DAY, "Family Court", ws.now(DAY), "their letter")
    assert ordered is not None and ordered.done, ordered
    no_more = inputs.lift_order(ws, "M000000003", GROUP, ws.now(DAY), TWO)
    assert no_more is not None and no_more.done, no_more


def undone(ws: Workspace, asked: Undo) -> int:
    """Something is taken back; return the number of the decision."""
    shown = inputs.undo(ws, asked, ws.now(DAY))
    assert shown.effect is not None, shown.problem
    made = inputs.undo(ws, asked, ws.now(DAY), TWO, shown.effect.digest)
    assert made.done, made.problem
    return made.number


def compared(ws: Workspace) -> None:
    """A month is reconciled, and what differs is accepted."""
    row = next(row for row in reconcile(ws, Month(2027, 1), GROUP, ws.now(DAY)).rows if row.subject)
    reconciled.record(ws, GROUP, [(row, Reply.ACCEPT, "so it is")], ws.now(DAY))
    self_billed(ws)


def self_billed(ws: Workspace) -> None:
    """A payer bills itself for a month: what it reports is to be corrected, then accepted; and all is void."""
    agreed = TERMS.read_text("utf-8")
    load_terms(ws, agreed.replace("[group.billing]\n", '[group.billing]\nbilling_mode = "self"\n', 1))
    (made,) = bill(ws, Month(2027, 2), ws.now(DAY), GROUP, ahead=True)[0].issued
    key = ws.vault.row_keys.key(PARTNER, f"W{made.number}", 1)
    text = "Account,Month,Plan,Tier,Our People,Our Amount,People,Amount,Rollbook Row\n"
    text += f"{made.account},2027-02,DENTAL,FAM,1,120.00,1,9.00,{key}\n"
    receive(ws, [text.encode()], "sheet.csv", PARTNER, "test", ws.now(DAY))
    month = Month(2027, 2)
    asked = inputs.ask_correction(ws, GROUP, made.account, month, ws.now(DAY), "look again")
    assert asked is not None and asked.done, asked
    accepted = inputs.accept_variance(ws, GROUP, made.account, month, ws.now(DAY), TWO)
    assert accepted is not None and accepted.done, accepted
    assert inputs.void_invoice(ws, made.number, ws.now(DAY), TWO) is not None
    load_terms(ws)


def looked_at_late(ws: Workspace) -> None:
    """Bill again, and look at who is late; nobody is on the list yet."""
    compared(ws)
    bill(ws, Month(2027, 1), ws.now(DAY), GROUP)
    assert late.run(ws, GROUP, ws.now(date(2027, 2, 1)))
    refused = inputs.approve_end(ws, "41000100", "", ws.now(date(2027, 2, 1)), TWO)
    assert refused is not None and refused.problem


def story(ws: Workspace) -> None:
    """Everything that an installation's days bring."""
    ws = deciding(ws)
    load_terms(ws)
    add_partner(ws, Partner("bayview", "Bayview"), ws.now(DAY))
    inbox = ws.settings.home / "inbox" / PARTNER
    for name in ("valid/01-add-family.edi", "broken/unbalanced-820/unbalanced.edi"):
        data = (SAMPLES / name).read_bytes()
        (inbox / name.rpartition("/")[2]).write_bytes(data.replace(HIRED, HIRED + b"*****R", 1))
    sweep(ws, ws.now(DAY), settle=0)
    assert inputs.assign_work(ws, 1, BEN, ws.now(DAY)).owner == BEN
    inputs.note_work(ws, 1, "asked the payer", ws.now(DAY))
    lifted_for_good(ws)
    bill(ws, Month(2027, 1), ws.now(DAY), GROUP)
    assert "EXCHANGE-UNDELIVERED" in [row.code for row in inputs.look_at_desk(ws, ws.now(DAY + A_WEEK)).rows]
    assert inputs.void_invoice(ws, "100001", ws.now(DAY), TWO) is not None
    for trace in ("T1", "T2"):
        deposits.add_deposit(ws, trace, "1990000001", 99_999, DAY, ws.now(DAY))
    deposits.match_deposit(ws, 1, 1, ws.now(DAY), TWO)
    placed(ws)
    dropped(ws)
    deposits.void_deposit(ws, 2, ws.now(DAY), Approval(reason="entered twice"))
    with ws.database.read() as conn:
        (request,) = items.opened(conn, Scope((ItemKind.REQUEST,))).values()
    assert inputs.decide_work(ws, request.number, Wish(Answer(Kind.DROP)), ws.now(DAY), "it was not").done
    deposits.void_deposit(ws, 2, ws.now(DAY), TWO)
    looked_at_late(ws)
    export(ws, GROUP, "csv", None, ws.now(DAY), on=None, deliver=False)
    for number, spec in enumerate(WAITS, 11):
        held = desk.set_of(ws, desk.take(ws, number, spec))
        decision = {"kind": "drop" if spec["held"] else "deny", "two": True, "day": DAY}
        looked = desk.decide(ws, held, decision)
        assert looked.effect and desk.decide(ws, held, decision, looked.effect.digest).done
    data = desk.data(13, HIRES).replace(b"****34*900000002", b"")  # the spouse works here, too
    hired = receive(ws, [data], "13.edi", PARTNER, "test", ws.now(DAY))
    again = undone(ws, Undo(Of.FILE, hired))
    undone(ws, Undo(Of.DECISION, str(again)))
    both = Rearrangement.merge("M000000002", desk.members_of(ws, hired)[0])
    for asked in (both, Rearrangement.split(both.members[0], back_to=both.members[1])):
        shown = inputs.rearrange(ws, asked, ws.now(DAY))
        assert shown is not None and shown.effect is not None, shown
        done = inputs.rearrange(ws, asked, ws.now(DAY), TWO, shown.effect.digest)
        assert done is not None and done.done
    load_terms(ws, AGREED.replace('code = "GOLD"\n', 'code = "GOLD"\nend = 2027-06-30\n'))
    inputs.look_at_desk(ws, ws.now(date(2027, 6, 1)))  # nothing says which plan follows
    inputs.look_at_desk(ws, ws.now(date(2060, 1, 1)))  # every child is at the age limit
    load_terms(ws, ENDS)
    inputs.look_at_desk(ws, ws.now(date(2027, 1, 31)))  # the agreement's last day
    load_terms(ws, ENDS.replace("end = 2027-01-31\naddress", "end = 2026-12-31\naddress"))
    ended = end_coverage(ws, GROUP, ws.now(DAY), TWO)
    assert ended is not None and ended.done
    inputs.prune(ws, 90, TWO, ws.now(DAY + timedelta(days=100)))
    install(ws.settings)
    older = replace(ws, behind=(Gap("roster", 1, 5),), warning="it is older")
    restored.go_on(older, TWO, ws.now(DAY))


def test_the_first_statement_of_a_write_raises_its_guards(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    first: list[str] = []
    callers: set[str] = set()
    fresh: list[bool] = [False]
    change = Database.change

    def begun(conn: Connection) -> None:
        fresh[0] = conn.get_execution_options().get("rollbook_mode") == "write"

    def executed(*args: Any) -> None:
        if fresh[0] and not args[2].startswith(("PRAGMA", "BEGIN")):
            first.append(args[2])
            fresh[0] = False

    def told(self: Database, *args: Any) -> Any:
        callers.add(sys._getframe(1).f_globals["__name__"])
        return change(self, *args)

    event.listen(ws.database.engine, "begin", begun)
    event.listen(ws.database.engine, "before_cursor_execute", executed)
    monkeypatch.setattr(Database, "change", told)
    story(ws)
    assert {statement for statement in first if not statement.startswith(("INSERT INTO guard", *LEASE))} == set()
    assert callers == guarded_modules(), "a verb that writes is missing in the story"


def test_numbers_are_taken_last(ws: Workspace) -> None:
    """Whoever else takes an ISA13 waits from there to the end: nothing but what carries the number comes after."""
    load_terms(ws)
    path = SAMPLES / "valid" / "07-two-interchanges.edi"
    file = claim(ws, [path.read_bytes()], path.name, PARTNER, "test", ws.now(DAY))
    sent = [statement.sql for statement in traced(ws, lambda own: judge(own, file.id))]
    numbered = next(place for place, sql in enumerate(sent) if sql.startswith("INSERT INTO counter"))
    assert numbered > 10
    after = [" ".join(sql.split()[:3]) for sql in sent[numbered:]]
    assert set(after[:-2]) == {"INSERT INTO counter", "INSERT INTO outbox"}
    assert after[-2:] == ["SELECT seq, hash,", "INSERT INTO step"]
    resume(ws, ws.now(DAY), PARTNER)
