"""Late payers end to end: notices leave, the list waits for two people, coverage ends and goes on as it was."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from model.approval import Approval
from model.asking import Verb
from model.documents.keys import DocumentKind
from model.documents.premium import Letters, PremiumNotice
from model.money.arrears import Payer, Stage
from model.money.out import Out
from model.timeline import AsOf, Month
from pipeline import inputs
from pipeline.cash.assign import assign
from pipeline.cash.planned import Wanted
from pipeline.desk import night as desk
from pipeline.desk import premium
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views import arrears as views
from pipeline.views.accounts import account_value
from pipeline.views.families import member_today
from store import agreements
from store.people import roster
from store.received import outbox
from support.cashed import ACCOUNT, OTHER, Till
from support.installation import GROUP, SAMPLES, TERMS, load_terms, run
from support.lateness import by_family, night, nights, stages
from support.people import TWO, deciding

FEBRUARY, DUE, END = Month(2027, 2), date(2027, 2, 1), date(2027, 3, 4)  # 31 days of grace
PREMIUM, FAMILY, SINGLE, FEE = 216_000, 162_000, 54_000, 2_500
AGREED = re.sub(
    r"(attestations\]\]\nbegin = \S+\nend = )\S+", r"\g<1>2027-12-31", TERMS.read_text(encoding="utf-8")
)
DIRECT = AGREED.replace('code = "100"', 'code = "100"\ndirect_bill = true')
assert DIRECT != AGREED


def spans(ws: Workspace) -> list[tuple[str, str, date, date]]:
    with ws.database.read() as conn:
        lines = roster.flat(roster.families(conn, GROUP))
    return sorted((line.member_id, line.line, line.span.begin, line.span.end) for line in lines)


def enrolled(ws: Workspace, terms: str = "") -> Till:
    """Two families, January paid and February billed, nothing of it paid."""
    till = Till(ws)
    till.open(terms or AGREED)
    till.bill(Month(2027, 1), date(2026, 12, 10))
    till.pay("JAN", date(2026, 12, 28), ("11", ACCOUNT, PREMIUM))
    till.bill(FEBRUARY, date(2027, 1, 10))
    return till


def approve(ws: Workspace, day: date, approval: Approval = TWO, member: str = "") -> views.NonpaymentView:
    made = inputs.approve_end(deciding(ws), ACCOUNT, member, ws.now(day), approval)
    assert made is not None
    return made


def placed(ws: Workspace, wanted: Wanted, day: date) -> None:
    looked = assign(deciding(ws), wanted, ws.now(day), TWO)
    assert assign(deciding(ws), wanted, ws.now(day), TWO, looked.digest).done, looked.problem


def back(ws: Workspace, day: date, member: str = "") -> views.NonpaymentView:
    made = inputs.reinstate(deciding(ws), ACCOUNT, member, ws.now(day), TWO)
    assert made is not None
    return made


def test_an_account_ends_after_notices_grace_and_two_people_and_goes_on_once_paid(
    ws: Workspace, tmp_path: Path
) -> None:
    till = enrolled(ws)
    whole, january = spans(ws), ws.now(date(2027, 1, 12))
    assert inputs.money_out(deciding(ws), Out(Verb.FEE, ACCOUNT, FEE), january, TWO).done  # no premium, and stated
    assert account_value(ws, ACCOUNT).paid_through == date(2027, 1, 31)
    nights(ws, DUE, date(2027, 2, 20))
    assert stages(ws) == {ACCOUNT: Stage.TOLD}
    assert approve(ws, date(2027, 2, 20)).problem.startswith("nobody was warned of the end yet")
    nights(ws, date(2027, 2, 21), END)
    assert stages(ws) == {ACCOUNT: Stage.WARNED}
    assert "not over" in approve(ws, END).problem
    night(ws, END + timedelta(days=1))
    assert stages(ws) == {ACCOUNT: Stage.LISTED}
    day = date(2027, 3, 6)
    till.bill(Month(2027, 3), day)
    asked = approve(ws, day, replace(TWO, requested_by="", approved_by=""))
    assert not asked.done and spans(ws) == whole  # one person is not enough
    ended = approve(ws, day)
    assert ended.done and ended.last == END and ended.people == 4 and ended.owed_cents == PREMIUM
    assert {end for *_, end in spans(ws)} == {END}
    assert {line.end_reason for line in _coverages(ws)} == {"nonpayment"}
    assert stages(ws) == {ACCOUNT: Stage.ENDED}
    night(ws, day)
    names = {path.name for path in (ws.settings.home / "outbox").rglob("*") if path.is_file()}
    told = [f"premium-{ACCOUNT}-reminder-2027-02-11.pdf", f"premium-{ACCOUNT}-warning-2027-02-21.pdf"]
    told += [f"letters-{ACCOUNT}-warning-2027-02-21.pdf", f"letters-{ACCOUNT}-ended-2027-03-06.pdf"]
    assert {*told, f"notice-{GROUP}-nonpayment-2027-03-06.csv"} <= names
    for notice in _notices(ws):
        assert (notice.cents, notice.beside, notice.owed) == (PREMIUM, FEE, PREMIUM + FEE)
        assert [(memo.number, memo.kind, memo.open) for memo in notice.memos] == [("D1001", "fee", FEE)]
    # nothing comes back before all is paid
    assert "still past due" in back(ws, day).problem
    ada = next(member for member, *_ in spans(ws)[::-1])  # E50002, who leaves by a file meanwhile
    left = _ended(till, date(2027, 2, 28))
    till.pay("LATE", left, ("11", ACCOUNT, 2 * PREMIUM + FEE))
    made = back(ws, left)
    assert made.done and made.people == 3 and made.others == (ada,)
    assert [each for each in spans(ws) if each[0] != ada] == [each for each in whole if each[0] != ada]
    assert {end for member, *_, end in spans(ws) if member == ada} == {date(2027, 2, 28)}
    assert stages(ws) == {ACCOUNT: Stage.REINSTATED}
    view = replay(ws, into=tmp_path / "again")
    assert view.equal, view.differs


def _notices(ws: Workspace) -> list[PremiumNotice]:
    with ws.database.read() as conn:
        found = [item.statement for item in outbox.of_kind(conn, DocumentKind.PREMIUM, ws.vault.fields)]
    assert [each.about for each in found if isinstance(each, PremiumNotice)] == ["reminder", "warning"]
    return [each for each in found if isinstance(each, PremiumNotice)]


def _coverages(ws: Workspace):
    with ws.database.read() as conn:
        families = roster.families(conn, GROUP)
    return [coverage for family in families for who in family.enrollees for coverage in who.coverages]


def _ended(till: Till, last: date) -> date:
    """Receive that E50002 left: an end of its own, before the one that nonpayment set; return the day."""
    day = date(2027, 3, 8)
    _changed(
        till, day, ("*021*29*", "*024*07*"), ("HD*021", "HD*024"), ("348*D8*20261201", f"349*D8*{last:%Y%m%d}")
    )
    return day


def _changed(till: Till, day: date, *changes: tuple[str, str]) -> None:
    """Receive E50002's record of the samples anew, changed."""
    data = (TERMS.parent.parent / "valid" / "01-add-family.edi").read_bytes().decode()
    head, tail = data[: data.index("INS*")], data[data.index("SE*") :]
    family = data[data.rindex("INS*") : data.index("SE*")]
    for old, new in changes:
        assert old in family, old
        family = family.replace(old, new)
    head = head.replace("QTY*ET*2~\nQTY*DT*2~\nQTY*TO*4~\n", "").replace("HMSMALL0001", "HMSMALL0002")
    text = (head + family + tail).replace("000000201", "000000777").replace("*201*X", "*777*X")
    text = (
        text.replace("20261123", f"{day:%Y%m%d}")
        .replace("261123", f"{day:%y%m%d}")
        .replace("GE*1*201", "GE*1*777")
    )
    sent = text[text.index("ST*") : text.index("SE*")].count("~") + 1
    text = text.replace("SE*58", f"SE*{sent}")
    till.receive(text.encode(), "changed.edi", day)


def test_nobody_is_paid_through_a_day_beyond_what_is_charged(ws: Workspace) -> None:
    """February was paid for E50002, who left in January: it is credited, by an invoice that is paid, too."""
    till = enrolled(ws)
    quigley, ada = spans(ws)[0][0], spans(ws)[-1][0]
    till.pay("FEB", date(2027, 2, 1), ("11", ACCOUNT, PREMIUM))
    left = _ended(till, date(2027, 1, 31))
    till.bill(Month(2027, 3), left)
    till.pay("MAR", left, ("11", ACCOUNT, FAMILY - SINGLE))
    assert account_value(ws, ACCOUNT).paid_through == date(2027, 3, 31)
    through = {who: member_today(ws, who, left).families[0].paid_through for who in (quigley, ada)}
    assert through == {quigley: date(2027, 3, 31), ada: date(2027, 1, 31)}


def test_a_family_s_money_pays_once_also_when_it_moves_to_another_account(ws: Workspace) -> None:
    """E50002 paid January on one account, and owes February on the other one: its money is not there twice."""
    till = Till(ws)
    till.open(DIRECT.replace('code = "200"', 'code = "200"\ndirect_bill = true'))
    till.bill(Month(2027, 1), date(2026, 12, 10))
    by_family(till, "JAN", date(2026, 12, 28), E50001=FAMILY, E50002=SINGLE)
    moved = (("*021*29*", "*001*XT*"), ("REF*DX*100", "REF*DX*200"), ("348*D8*20261201", "348*D8*20270201"))
    _changed(till, date(2027, 1, 5), *moved)
    till.bill(FEBRUARY, date(2027, 1, 10))
    ada = spans(ws)[-1][0]
    nights(ws, date(2027, 2, 1), date(2027, 2, 2))
    assert stages(ws) == {f"{ACCOUNT} {spans(ws)[0][0]}": Stage.DUE, f"{OTHER} {ada}": Stage.DUE}
    by_family(till, "FEB", date(2027, 2, 3), E50001=FAMILY, E50002=SINGLE)
    night(ws, date(2027, 2, 3))
    assert set(stages(ws).values()) == {Stage.PAID}


def test_where_nobody_is_covered_any_more_what_is_owed_is_asked_for_and_nothing_ends(ws: Workspace) -> None:
    """The group leaves at the end of February, which it did not pay: a notice, and no warning of an end."""
    till = enrolled(ws)
    load_terms(ws, AGREED.replace("begin = 2026-01-01\naddress", "begin = 2026-01-01\nend = 2027-02-28\naddress"))
    desk.end_agreements(ws, ws.now(date(2027, 3, 1)))
    assert {end for *_, end in spans(ws)} == {date(2027, 2, 28)}
    nights(ws, date(2027, 3, 1), date(2027, 3, 2))
    assert stages(ws) == {ACCOUNT: Stage.TOLD}
    night(ws, date(2027, 3, 31))
    assert stages(ws) == {ACCOUNT: Stage.TOLD}
    assert approve(ws, date(2027, 3, 31)).problem == "nobody is covered any more: there is nothing to end"
    written = [path.name for path in (ws.settings.home / "outbox").rglob("*") if "warning" in path.name]
    assert not written and next((ws.settings.home / "outbox").rglob(f"premium-{ACCOUNT}-owing-2027-03-01.pdf"))
    till.pay("LAST", date(2027, 4, 1), ("11", ACCOUNT, PREMIUM))
    night(ws, date(2027, 4, 1))
    assert stages(ws) == {ACCOUNT: Stage.PAID}


def test_a_family_that_pays_for_itself_ends_alone(ws: Workspace) -> None:
    """E50001 pays its own premium by a line that names it; E50002 does not, and it alone is late and ends."""
    till = Till(ws)
    till.open(DIRECT)
    till.bill(Month(2027, 1), date(2026, 12, 10))
    by_family(till, "JAN", date(2026, 12, 28), E50001=FAMILY, E50002=SINGLE)
    till.bill(FEBRUARY, date(2027, 1, 10))
    by_family(till, "FEB", date(2027, 1, 28), E50001=FAMILY)
    whole = spans(ws)
    quigley, ada = whole[0][0], whole[-1][0]
    shown = run("account", "show", ACCOUNT).out
    assert "Each family pays for itself" in shown and "no month yet" not in shown
    nights(ws, DUE, date(2027, 3, 5))
    assert stages(ws) == {f"{ACCOUNT} {ada}": Stage.LISTED}
    inputs.add_deposit(ws, "CHQ", "5550001111", SINGLE + 60_00, date(2027, 3, 5), ws.now(date(2027, 3, 5)))
    for cents in (60_00, SINGLE):
        placed(ws, Wanted(deposit=3, subscriber="E50001", amount=cents), date(2027, 3, 5))
        if cents == 60_00:
            problem = approve(ws, date(2027, 3, 5), member=ada).problem
            assert "could be the payer's: deposit 3 of $540.00" in problem, "what is left of it"
    assert member_today(ws, quigley, DUE).families[0].paid_through == date(2027, 2, 28)
    assert member_today(ws, ada, DUE).families[0].paid_through == date(2027, 1, 31)
    ended = approve(ws, date(2027, 3, 5), member=ada)
    assert ended.done and (ended.people, ended.last) == (1, END)
    assert {member for member, *_, end in spans(ws) if end == END} == {ada}
    assert [each for each in spans(ws) if each[0] != ada] == [each for each in whole if each[0] != ada]
    letters = [path.name for path in (ws.settings.home / "outbox").rglob("letters-*")]
    assert len(letters) == 2 and not list((ws.settings.home / "outbox").rglob("premium-*"))


def test_money_that_could_be_the_payers_keeps_everybody_covered(ws: Workspace) -> None:
    """A deposit of its company, one of nobody's that is what it owes but a trifle; a payment ends the list."""
    till = enrolled(ws)
    nights(ws, DUE, date(2027, 3, 4))
    till.deposit("LOST", 100_000, date(2027, 3, 5))
    night(ws, date(2027, 3, 5))
    assert stages(ws) == {ACCOUNT: Stage.WARNED}
    made = approve(ws, date(2027, 3, 5))
    assert "could be the payer's: deposit 2 of $1,000.00" in made.problem and not made.done
    value = views.listing(ws)
    assert value.payers[0].hold == "deposit 2 of $1,000.00" and value.owed_cents == PREMIUM
    assert views.listing(ws, asof=AsOf(known_on=None)).total == 1
    inputs.void_deposit(deciding(ws), 2, ws.now(date(2027, 3, 6)), TWO)
    inputs.add_deposit(ws, "CHQ", "5550001111", PREMIUM - 40_00, date(2027, 3, 6), ws.now(date(2027, 3, 6)))
    night(ws, date(2027, 3, 6))
    assert stages(ws) == {ACCOUNT: Stage.WARNED}
    inputs.add_deposit(ws, "SMALL", "5550001111", 700, date(2027, 3, 6), ws.now(date(2027, 3, 6)))
    inputs.void_deposit(deciding(ws), 3, ws.now(date(2027, 3, 7)), TWO)
    night(ws, date(2027, 3, 7))
    assert stages(ws) == {ACCOUNT: Stage.LISTED}  # of nobody, and not what it owes
    till.pay("LATE", date(2027, 3, 8), ("11", ACCOUNT, PREMIUM))
    assert approve(ws, date(2027, 3, 8)).problem == "nothing is past due any more"
    night(ws, date(2027, 3, 8))
    assert stages(ws) == {ACCOUNT: Stage.PAID} and account_value(ws, ACCOUNT).paid_through == date(2027, 2, 28)
    assert "Each family pays" not in run("account", "show", ACCOUNT).out


def test_under_cobra_a_payment_that_is_nearly_all_counts_until_told_and_letters_go_where_they_should(
    ws: Workspace,
) -> None:
    """E50002 pays $530 of $540: short, told, and late only when 30 days went by; no letter names anybody else."""
    till = Till(ws)
    till.open(DIRECT.replace("direct_bill = true", "cobra = true\npremium_percent = 100"))
    till.bill(Month(2027, 1), date(2026, 12, 10))
    by_family(till, "JAN", date(2026, 12, 28), E50001=FAMILY, E50002=SINGLE - 1_000)
    ada = spans(ws)[-1][0]
    nights(ws, date(2027, 1, 2), date(2027, 1, 4))
    assert stages(ws) == {} and member_today(ws, ada, DUE).families[0].paid_through == date(2027, 1, 31)
    unasked = inputs.tell_short(ws, ACCOUNT, ada, ws.now(date(2027, 1, 5)), "")
    assert unasked and not unasked.done, "its coverage may end by it: somebody known says why"
    at = deciding(ws)
    nobody = inputs.tell_short(at, ACCOUNT, ada, ws.now(date(2027, 1, 5)), " ")
    assert nobody and (nobody.done, nobody.problem) == (False, "it needs a reason")
    told = inputs.tell_short(at, ACCOUNT, ada, ws.now(date(2027, 1, 5)), "it lacks each month")
    assert told and told.done and (told.short_cents, told.pay_by) == (1_000, date(2027, 2, 4))
    again = inputs.tell_short(at, ACCOUNT, ada, ws.now(date(2027, 1, 6)), "again")
    assert again and not again.done
    nights(ws, date(2027, 1, 5), date(2027, 2, 4))
    assert stages(ws) == {f"{ACCOUNT} {ada}": Stage.SHORT}
    night(ws, date(2027, 2, 5))
    assert stages(ws) == {f"{ACCOUNT} {ada}": Stage.LISTED}
    assert member_today(ws, ada, DUE).families[0].paid_through is None, "told, and its days are over"
    inputs.add_deposit(ws, "MO", "5550001111", 900, date(2027, 2, 5), ws.now(date(2027, 2, 5)))
    night(ws, date(2027, 2, 5))  # of nobody, short by 10 %: placed, it would count as paid
    assert stages(ws) == {f"{ACCOUNT} {ada}": Stage.WARNED}
    inputs.void_deposit(deciding(ws), 2, ws.now(date(2027, 2, 6)), TWO)
    by_family(till, "REST", date(2027, 2, 6), E50002=1_000)
    assert approve(ws, date(2027, 2, 6), member=ada).problem == "nothing is past due any more"
    night(ws, date(2027, 2, 6))
    assert stages(ws) == {f"{ACCOUNT} {ada}": Stage.PAID}
    with ws.database.read() as conn:
        (item,) = outbox.of_kind(conn, DocumentKind.LETTERS, ws.vault.fields)
    assert isinstance(item.statement, Letters) and item.statement.about == "short"


def test_a_restricted_member_gets_a_letter_of_its_own(ws: Workspace) -> None:
    """The spouse of E50001 is restricted and has an address: a letter there; the family's names nobody else."""
    till = Till(ws)
    load_terms(ws, AGREED)
    data = (SAMPLES / "valid" / "01-add-family.edi").read_text()
    spouse = "INS*N*01*021*29*A~"
    assert spouse in data
    data = data.replace(spouse, "INS*N*01*021*29*A********R~").replace(
        "NM1*IL*1*QUIGLEY*HAZEL****34*901410002~",
        "NM1*IL*1*QUIGLEY*HAZEL****34*901410002~N3*9 SAFE HOUSE~N4*AVON*CT*06001~",
    )
    data = data.replace("SE*58", "SE*60")
    till.receive(data.encode(), "adds.edi", date(2026, 11, 23))
    till.bill(FEBRUARY, date(2027, 1, 10))
    run_until = date(2027, 2, 21)
    night(ws, run_until)
    names = sorted(path.name for path in (ws.settings.home / "outbox").rglob("letters-*"))
    assert names == [f"letters-{ACCOUNT}-warning-{run_until}.pdf"]
    with ws.database.read() as conn:
        terms = agreements.terms(conn, GROUP)
        assert terms is not None
        families = premium.covered(conn, terms, Payer(ACCOUNT), run_until)
    written = list(premium.letters_of(families, 0))
    assert [(each.name, each.address[0]) for each in written] == [
        ("IVAN QUIGLEY", "40101 CANAL WALK"),
        ("HAZEL QUIGLEY", "9 SAFE HOUSE"),
        ("ADA RUTHERFORD", "40102 FOUNDRY LANE"),
    ]
