"""What the bank sends: read once, entered once, split into its cheques, and said by people what it is.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.approval import Approval
from model.asking import Verb
from model.desk import Wanted
from model.money.out import Out
from pipeline import inputs
from pipeline.cash import unnamed
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.views import banked, money
from pipeline.views.bank import BankLineView, BankLoadedView
from pipeline.views.work import work_list
from sample_files import banking as bank_files
from sample_files.banking import Entry, Returned
from store.money import ledger
from support.installation import SAMPLES, TERMS, load_terms, take
from support.people import ANN, TESTER, TWO, deciding, person
from support.story import tell
from support.tries import tries
from support.verified import whole

DAY = date(2027, 1, 14)
ALONE = Approval(reason="the bank's advice")


def load(ws: Workspace, data: bytes, mapping: str = "") -> BankLoadedView:
    return inputs.load_bank(ws, data, "bank.txt", mapping, ws.now(DAY))


def statement(ws: Workspace, *entries: Entry, day: date = DAY) -> BankLoadedView:
    return load(ws, bank_files.bai2(entries, day))


def lockbox(ws: Workspace, *cheques: tuple[str, int, str, str], batch: str = "1") -> BankLoadedView:
    return load(ws, bank_files.lockbox(cheques, DAY, batch), bank_files.LOCKBOX_MAP)


def enter(ws: Workspace, trace: str, cents: int, company: str = "", day: date = DAY) -> str:
    return inputs.add_deposit(ws, trace, company, cents, day, ws.now(DAY)).outcome


def balances(ws: Workspace) -> dict[str, int]:
    with ws.database.read() as conn:
        return {name: cents for name, cents in ledger.balances(conn, "").items() if cents}


def lines(ws: Workspace) -> dict[int, BankLineView]:
    return {line.line: line for line in banked.bank_list(ws, whole=True).lines}


def open_work(ws: Workspace) -> list[tuple[str, str]]:
    listed = work_list(ws, ws.now(DAY), Wanted()).items
    return sorted((item.kind, item.code) for item in listed if item.kind in ("bank", "deposit"))


def test_a_statement_with_a_wrong_total_is_refused_whole(ws: Workspace) -> None:
    data = bank_files.bai2([Entry("142", 5_000, "B1", "T1")], DAY)
    before = balances(ws)
    for broken in (data.replace(b"49,10000", b"49,10001"), data.replace(b"98,10000,1", b"98,10000,2"), data[:-4]):
        made = load(ws, broken)
        assert made.refused and {finding.severity for finding in made.findings} == {"error"}
        assert made.findings[0].where.text.startswith("record ")
        again = load(ws, broken)
        assert again.refused and again.file is None, "told again, and kept once"
    assert balances(ws) == before and lines(ws) == {}
    assert load(ws, b"no file of a bank").findings[0].code == "BANK-UNREADABLE"
    assert [each.refused for each in banked.bank_list(ws).files] == [True] * 4
    assert not load(ws, data).refused


def test_a_line_is_entered_once_and_finds_its_820(ws: Workspace) -> None:
    """The trace and the company stand in the text as TRN has them; the 820 came before, and is posted."""
    tell(ws)
    paid = "TRN*1*HM2027020001*1990000001"
    data = bank_files.bai2([Entry("142", 7_700, "B1", "", f"HARBOR MILLS {paid}")], DAY, wide=20)
    assert load(ws, data).states.pairs == (("UNMATCHED", 1),)
    assert balances(ws)["suspense:"] == -7_700
    assert load(ws, data).known == 1
    moved = bank_files.bai2([Entry("142", 7_700, "B1", "", paid), Entry("165", 1, "B2", "T2")], DAY)
    (other,) = load(ws, moved).open
    assert (other.trace, balances(ws)["suspense:"]) == ("T2", -7_701)
    assert [deposit.company for deposit in money.payment_list(ws).deposits[1:]] == ["1990000001", ""]
    whole(ws, DAY)


ORDERS = sorted(set(permutations(["by hand", "line", "line", "820"])))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_in_any_order_each_cent_is_entered_once(ws: Workspace, order: tuple[str, ...]) -> None:
    """A deposit by hand, the bank's line of it, the line again, the 820: in any order they are one payment."""
    load_terms(ws)
    trace, company, cents = "HM2027010001", "1990000001", 5_067_000
    do: dict[str, Callable[[], object]] = {
        "by hand": lambda: enter(ws, trace, cents, company, date(2027, 1, 13)),
        "line": lambda: statement(ws, Entry("142", cents, "B1", trace)),
        "820": lambda: take(ws, SAMPLES / "demo" / "03-remittance.edi", DAY),
    }
    for step in order:
        do[step]()
    assert balances(ws)["bank"] == cents
    (one,) = [each for each in money.payment_list(ws).deposits if not each.void]
    (line,) = lines(ws).values()
    assert line.deposit == one.id
    whole(ws, DAY)


def test_what_is_near_waits_for_two_people(ws: Workspace) -> None:
    """Near: the trace with another amount, or the amount with another trace; nothing enters until it is said."""
    enter(ws, "T1", 5_000)
    enter(ws, "T2", 6_000)
    made = statement(ws, Entry("142", 5_100, "B1", "T1"), Entry("142", 6_000, "B2", "T9"))
    assert [line.state for line in made.open] == ["NEAR", "NEAR"]
    assert "has its trace, but $50.00" in made.open[0].may_be[0]
    assert "has its amount, but the trace T2" in made.open[1].may_be[0]
    assert balances(ws)["bank"] == 11_000
    assert open_work(ws).count(("bank", "BANK-NEAR")) == 2
    ben = deciding(ws)
    ann = replace(ws, actor=person(ANN))
    refused = inputs.match_bank(ben, 1, "D1", ws.now(DAY), TWO)
    assert not refused.done and "the amounts differ" in refused.outcome
    assert "asks for it" in inputs.match_bank(ann, 2, "D2", ws.now(DAY), ALONE).outcome
    assert balances(ws)["bank"] == 11_000
    assert inputs.match_bank(ben, 2, "D2", ws.now(DAY), ALONE).outcome == "it confirms deposit 2"
    assert inputs.match_bank(ben, 1, "new", ws.now(DAY), TWO).done
    assert balances(ws)["bank"] == 16_100
    assert not inputs.match_bank(ben, 1, "new", ws.now(DAY), TWO).done, "it is said already"
    assert open_work(ws) == [("deposit", "DEPOSIT-WAITS")] * 3


def test_a_line_that_is_none_of_ours_is_voided(ws: Workspace, tmp_path: Path) -> None:
    data = [Entry("142", 5_000, "B1", "T1"), Entry("699", 1_250, "B2", "FEE"), Entry("475", 900, "B3", "1001")]
    statement(ws, *data)
    assert balances(ws)["bank"] == 5_000, "what went out is not in the books until somebody says why"
    assert open_work(ws) == [("bank", "BANK-DEBIT")] * 2 + [("deposit", "DEPOSIT-WAITS")]
    ben = deciding(ws)
    assert not inputs.void_bank(ben, 9, ws.now(DAY), TWO).done
    assert inputs.void_bank(ben, 1, ws.now(DAY), TWO).outcome == "voided; $50.00 is out of the books"
    assert inputs.void_bank(ben, 2, ws.now(DAY), TWO).done
    assert "was voided" in inputs.void_bank(ben, 2, ws.now(DAY), TWO).outcome
    assert balances(ws) == {}
    assert open_work(ws) == [("bank", "BANK-DEBIT")]
    assert load(ws, bank_files.bai2(data, DAY)).known == 3, "voided is known, too"
    assert balances(ws) == {}
    whole(ws, DAY)
    assert replay(ws, tmp_path / "again").equal


def test_cheques_are_the_detail_of_one_credit_and_pay_what_they_name(ws: Workspace, tmp_path: Path) -> None:
    tell(ws)
    before = balances(ws)
    enter(ws, "5003", 3_000)
    assert statement(ws, Entry("115", 150_000, "B7", "", "LOCKBOX LB7")).open[0].state == "UNMATCHED"
    cheques = [("5001", 100_000, "41000100", ""), ("5002", 50_000, "", "100003"), ("5003", 3_000, "", "")]
    made = lockbox(ws, *cheques)
    assert made.split == 0 and {line.state for line in made.open} == {"NEAR"}
    assert "line 1 is $1,500.00, the cheques are $1,530.00" in made.open[0].may_be[0]
    assert open_work(ws).count(("bank", "BANK-LOCKBOX")) == 3, "what does not add up waits"
    made = statement(ws, Entry("115", 153_000, "B8", "", "LOCKBOX LB7"))
    assert (made.split, made.placed) == (1, 2)
    after = balances(ws)
    assert after["bank"] - before["bank"] == 303_000, "of which one cheque had been entered by hand, once"
    assert after["suspense:"] == -(150_000 + 3_000)
    assert after["receivable:41000100"] - before["receivable:41000100"] == -150_000
    stands = {line.trace: line.is_ for line in lines(ws).values() if line.sort == "cheque"}
    assert stands["5001"].endswith("placed on accounts") and stands["5003"] == "deposit 2 of line 5, waits"
    receipts = [Path(path).name for path in inputs.deliver(ws, ws.now(DAY))]
    assert len([name for name in receipts if name.startswith("receipt") and name.endswith(".pdf")]) == 2
    assert lockbox(ws, *cheques).known == 3
    assert balances(ws) == after
    whole(ws, DAY)
    assert replay(ws, tmp_path / "again").equal


def test_a_batch_is_said_by_people_to_be_a_credit(ws: Workspace) -> None:
    """Two credits have its sum: neither is taken by itself."""
    statement(ws, Entry("115", 700, "B1", "A"), Entry("301", 700, "B2", "B"))
    made = lockbox(ws, ("1", 300, "NOBODY", ""), ("2", 400, "", "999999"))
    assert made.split == 0 and len(made.open[0].may_be) == 2
    ben = deciding(ws)
    assert "no credit" in inputs.match_bank(ben, 3, "L4", ws.now(DAY), TWO).outcome
    assert inputs.match_bank(ben, 3, "L2", ws.now(DAY), TWO).done
    assert balances(ws)["bank"] == 1_400
    assert [lines(ws)[number].credit for number in (3, 4)] == [2, 2]
    assert "is matched" in inputs.void_bank(ben, 2, ws.now(DAY), TWO).outcome


def test_a_return_takes_its_payment_back_once(ws: Workspace, tmp_path: Path) -> None:
    """By ACH's file, whose trace is filled up with zeros, and by the statement; a return of a return waits."""
    tell(ws)
    before = balances(ws)
    enter(ws, "12200023", 7_000, "1990000001")
    enter(ws, "CHK9", 800)
    data = bank_files.nacha([Returned("R01", 7_000, "12200023", "77"), Returned("R61", 5_000, "91", "78")], DAY)
    made = load(ws, data)
    assert (made.returned, made.states.pairs) == (1, (("MATCHED", 2),))
    assert statement(ws, Entry("555", 800, "B9", "CHK9", "RETURNED ITEM STOP")).returned == 1
    assert balances(ws) == before
    assert [code for kind, code in open_work(ws) if kind == "bank"] == []
    waiting = [(item.kind, item.code) for item in work_list(ws, ws.now(DAY), Wanted("return")).items]
    assert waiting == [("return", "RETURN-OF-RETURN")]
    assert load(ws, data).known == 2 and balances(ws) == before
    whole(ws, DAY)
    assert replay(ws, tmp_path / "again").equal


def test_money_of_ours_that_came_back_waits(ws: Workspace) -> None:
    made = load(ws, bank_files.nacha([Returned("R03", 700, "92", "79", "21")], DAY))
    assert [(line.sort, line.state) for line in made.open] == [("back", "UNMATCHED")]
    assert open_work(ws) == [("bank", "BANK-BACK")] and balances(ws) == {}


def agreed(ws: Workspace, policy: str) -> None:
    """Load the group's terms with what it says of payments that name nothing."""
    text = TERMS.read_text("utf-8").replace(
        "[group.billing]\n", f'[group.billing]\nunnamed_payment = "{policy}"\nunnamed_days = 3\n', 1
    )
    load_terms(ws, text)


def test_a_payment_that_names_nothing_goes_where_its_group_has_agreed(ws: Workspace, tmp_path: Path) -> None:
    """The company names the payer; after three days without an 820 it pays the group's oldest invoices."""
    tell(ws)
    before = balances(ws)
    paid = Entry("142", 2_725_100, "B1", "X1", "CO ID: 1990000001")
    statement(ws, paid, Entry("142", 500, "B2", "X2", "CO ID: 1888888888"))
    later = DAY + timedelta(days=3)
    agreed(ws, "suspense")
    assert inputs.run_night(ws, ws.now(later)) is not None
    assert balances(ws)["suspense:"] == -2_725_600, "nobody has agreed on anything"
    agreed(ws, "oldest-first")
    assert unnamed.place_by_policy(ws, ws.now(later - timedelta(days=1))) == []
    (placed,) = unnamed.place_by_policy(ws, ws.now(later))
    assert placed.cents == 2_725_100 and unnamed.place_by_policy(ws, ws.now(later)) == []
    after = balances(ws)
    owed = [name for name in before if name.startswith("receivable")]
    assert sum(after.get(name, 0) - before[name] for name in owed) == -2_725_100
    assert after["suspense:"] == -500
    assert lines(ws)[1].is_ == "deposit 2, placed on accounts"
    inputs.deliver(ws, ws.now(later))
    whole(ws, later)
    assert replay(ws, tmp_path / "again").equal


def test_a_cheque_that_names_what_is_not_there_waits(ws: Workspace) -> None:
    """An account that nobody knows, an invoice of another account, a void one: nothing is posted by itself."""
    tell(ws)
    statement(ws, Entry("115", 600, "B1", "", "LB7"))
    made = lockbox(ws, ("1", 100, "NOBODY", ""), ("2", 200, "41000200", "100003"), ("3", 300, "", "999999"))
    assert (made.split, made.placed) == (1, 0)
    assert balances(ws)["suspense:"] == -600
    assert {line.is_ for line in lines(ws).values() if line.sort == "cheque"} == {
        f"deposit {number} of line 1, waits" for number in (3, 4, 5)
    }


TRACES = st.sampled_from(["A", "B", "C"])
TRUE = st.lists(st.tuples(TRACES, st.sampled_from([700, 900])), min_size=1, max_size=3, unique_by=lambda p: p[0])


@tries(6)
@given(TRUE, st.lists(st.tuples(st.booleans(), st.integers(0, 2)), max_size=8), st.booleans())
def test_whatever_comes_how_often_each_cent_is_entered_once(
    stamped: Path, payments: list[tuple[str, int]], events: list[tuple[bool, int]], company: bool
) -> None:
    """Payments of equal amounts: told by hand or by the bank, in any order, as often as it may be."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(shutil.copytree(stamped, Path(folder) / "var"))
        settings = Settings(home, f"sqlite:///{home.resolve() / 'rollbook.db'}", home / "keys.json")
        ws = open_workspace(settings, TESTER)
        for by_hand, which in events:
            at = which % len(payments)
            trace, cents = payments[at]
            if by_hand:
                enter(ws, trace, cents, "1990000001" if company else "", DAY)
            else:
                statement(ws, Entry("142", cents, f"B{at}", trace))
        told = [Entry("142", cents, f"B{at}", trace) for at, (trace, cents) in enumerate(payments)]
        for _ in range(2):  # the bank tells all of it in the end
            statement(ws, *told)
        assert balances(ws).get("bank", 0) == sum(cents for _, cents in payments)
        assert [line.state for line in lines(ws).values() if line.state == "NEAR"] == []
        whole(ws, DAY)
        ws.close()


def test_money_for_an_account_that_is_closed_pays_what_it_owes(ws: Workspace) -> None:
    """Its agreement has ended: what is open is paid, the rest is its credit, nobody else gets any of it."""
    tell(ws)
    begin, text = "begin = 2026-01-01\n", TERMS.read_text("utf-8")
    load_terms(ws, text.replace(f"{begin}address", f"{begin}end = 2027-01-31\naddress"))
    owed = balances(ws)["receivable:41000100"]
    later = date(2027, 3, 2)
    credit = bank_files.bai2([Entry("115", owed + 700, "B1", "", "LB7")], later)
    inputs.load_bank(ws, credit, "bank.txt", "", ws.now(later))
    cheques = bank_files.lockbox([("1", owed + 700, "41000100", "")], later)
    made = inputs.load_bank(ws, cheques, "c.csv", bank_files.LOCKBOX_MAP, ws.now(later))
    assert (made.split, made.placed) == (1, 1)
    after = balances(ws)
    assert "receivable:41000100" not in after and after["unapplied:41000100"] == -700


def refunded(ws: Workspace, cents: int) -> str:
    """Approve a refund of credit that an account has; return its number."""
    out = Out(Verb.REFUND, "41000100", cents)
    return inputs.money_out(deciding(ws), out, ws.now(DAY), TWO).number


def test_a_cheque_that_the_bank_paid_is_its_refund(ws: Workspace, tmp_path: Path) -> None:
    """Of its number and amount; another amount waits for people, and one that came back is credit again."""
    tell(ws)
    owed = balances(ws)["receivable:41000100"]
    statement(ws, Entry("115", owed + 5_000, "B0", "", "LB7"))
    lockbox(ws, ("1", owed + 5_000, "41000100", ""))
    assert balances(ws)["unapplied:41000100"] == -5_000
    numbers = [refunded(ws, cents) for cents in (1_000, 2_000, 1_500)]
    cheque = numbers[0].removeprefix("C")
    made = statement(ws, Entry("475", 1_000, "B1", cheque), Entry("475", 2_100, "B2", numbers[1]))
    assert (made.paid, [line.state for line in made.open]) == (1, ["UNMATCHED"])
    assert made.documents == () and balances(ws)["refund"] == -3_500
    ben = deciding(ws)
    assert "another amount" in inputs.match_bank(ben, 4, numbers[1], ws.now(DAY), TWO).outcome
    assert "there is no refund" in inputs.match_bank(ben, 4, "C9999", ws.now(DAY), TWO).outcome
    back = load(ws, bank_files.nacha([Returned("R03", 1_500, "92", "79", "21")], DAY)).open[0].line
    assert inputs.match_bank(ben, back, numbers[2], ws.now(DAY), TWO).outcome == f"refund {numbers[2]} came back"
    after = balances(ws)
    assert (after["refund"], after["unapplied:41000100"]) == (-2_000, -2_000)
    assert lines(ws)[3].is_ == "a refund of ours, paid"
    whole(ws, DAY)
    assert replay(ws, tmp_path / "again").equal
