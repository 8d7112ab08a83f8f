"""Late payers end to end: notices leave, the list waits for two people, coverage ends and goes on as it was."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from model.approval import Approval
from model.money.arrears import Stage
from model.timeline import AsOf, Month
from pipeline import inputs
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views import arrears as views
from pipeline.views.accounts import account_value
from pipeline.views.families import member_today
from sample_files import edi
from store.people import roster
from support.cashed import ACCOUNT, Till
from support.installation import GROUP, TERMS
from support.lateness import night, nights, stages
from support.people import TWO, deciding

FEBRUARY, DUE, END = Month(2027, 2), date(2027, 2, 1), date(2027, 3, 4)  # 31 days of grace
PREMIUM, FAMILY, SINGLE = 216_000, 162_000, 54_000
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


def by_family(till: Till, trace: str, day: date, **paid: int) -> None:
    """Receive an 820 whose lines each name a family, and its deposit."""
    *body, _ = edi.remittance_set([("11", ACCOUNT, 0, 0)], day, trace, total=sum(paid.values()))
    for number, (family, cents) in enumerate(paid.items(), 2):
        body += [f"ENT*{number}*2J*EI*990000005", "NM1*IL*1*SAMPLE", f"RMR*AZ*{family}**{edi.dollars(cents)}"]
    till.control += 1
    file = edi.interchange([[*body, f"SE*{len(body) + 1}*0001"]], day, till.control, kind="820")
    till.receive(file.encode(), f"{trace.lower()}.edi", day)
    till.deposit(trace, sum(paid.values()), day)


def approve(ws: Workspace, day: date, approval: Approval = TWO, member: str = "") -> views.NonpaymentView:
    made = inputs.approve_end(deciding(ws), ACCOUNT, member, ws.now(day), approval)
    assert made is not None
    return made


def back(ws: Workspace, day: date, member: str = "") -> views.NonpaymentView:
    made = inputs.reinstate(deciding(ws), ACCOUNT, member, ws.now(day), TWO)
    assert made is not None
    return made


def test_an_account_ends_after_notices_grace_and_two_people_and_goes_on_once_paid(
    ws: Workspace, tmp_path: Path
) -> None:
    till = enrolled(ws)
    whole = spans(ws)
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
    # nothing comes back before all is paid
    assert "still past due" in back(ws, day).problem
    ada = next(member for member, *_ in spans(ws)[::-1])  # E50002, who leaves by a file meanwhile
    left = _ended(till, date(2027, 2, 28))
    till.pay("LATE", left, ("11", ACCOUNT, 2 * PREMIUM))
    made = back(ws, left)
    assert made.done and made.people == 3 and made.others == (ada,)
    assert [each for each in spans(ws) if each[0] != ada] == [each for each in whole if each[0] != ada]
    assert {end for member, *_, end in spans(ws) if member == ada} == {date(2027, 2, 28)}
    assert stages(ws) == {ACCOUNT: Stage.REINSTATED}
    view = replay(ws, into=tmp_path / "again")
    assert view.equal, view.differs


def _coverages(ws: Workspace):
    with ws.database.read() as conn:
        families = roster.families(conn, GROUP)
    return [coverage for family in families for who in family.enrollees for coverage in who.coverages]


def _ended(till: Till, last: date) -> date:
    """Receive that E50002 left: an end of its own, before the one that nonpayment set; return the day."""
    day = date(2027, 3, 8)
    data = (TERMS.parent.parent / "valid" / "01-add-family.edi").read_bytes().decode()
    head, tail = data[: data.index("INS*")], data[data.index("SE*") :]
    family = data[data.rindex("INS*") : data.index("SE*")].replace("*021*29*", "*024*07*")
    family = family.replace("HD*021", "HD*024").replace("348*D8*20261201", f"349*D8*{last:%Y%m%d}")
    head = head.replace("QTY*ET*2~\nQTY*DT*2~\nQTY*TO*4~\n", "").replace("HMSMALL0001", "HMSMALL0002")
    text = (head + family + tail).replace("000000201", "000000777").replace("*201*X", "*777*X")
    text = (
        text.replace("20261123", f"{day:%Y%m%d}")
        .replace("261123", f"{day:%y%m%d}")
        .replace("GE*1*201", "GE*1*777")
    )
    sent = text[text.index("ST*") : text.index("SE*")].count("~") + 1
    text = text.replace("SE*58", f"SE*{sent}")
    till.receive(text.encode(), "left.edi", day)
    return day


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
    nights(ws, DUE, date(2027, 3, 5))
    assert stages(ws) == {f"{ACCOUNT} {ada}": Stage.LISTED}
    assert member_today(ws, quigley, DUE).families[0].paid_through == date(2027, 2, 28)
    assert member_today(ws, ada, DUE).families[0].paid_through == date(2027, 1, 31)
    ended = approve(ws, date(2027, 3, 5), member=ada)
    assert ended.done and (ended.people, ended.last) == (1, END)
    assert {member for member, *_, end in spans(ws) if end == END} == {ada}
    assert [each for each in spans(ws) if each[0] != ada] == [each for each in whole if each[0] != ada]
    letters = [path.name for path in (ws.settings.home / "outbox").rglob("letters-*")]
    assert len(letters) == 2 and not list((ws.settings.home / "outbox").rglob("premium-*"))


def test_money_that_could_be_the_payers_keeps_everybody_covered(ws: Workspace) -> None:
    """A deposit of its company, then one of nobody's that is what it owes; a payment beside the list ends it."""
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
    inputs.add_deposit(ws, "CHQ", "5550001111", PREMIUM, date(2027, 3, 6), ws.now(date(2027, 3, 6)))
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
