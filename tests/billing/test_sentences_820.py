"""Each sentence of the 820, from the file's text to the ledger (docs/domain.md, The 820): tests/cases/billing."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pyx12

from billing.cash import allocate
from billing.funds import Money
from billing.ready import Action, Companies, ready
from model.agreement.terms import Partner, PartnerProfile
from model.money.ledger import BANK, UNIDENTIFIED, Deposit
from model.money.notes import Remark, note
from model.money.remittance import Remittance
from model.trade.payment import ADJUSTMENTS, LINE_ACTIONS
from model.x12 import SetVerdict
from parsers.x12.judge import judge
from parsers.x12.remittance820 import balance
from support.books import book, cents, show
from writers import words

CASES = "sentences_820.yaml"
DAY = date(2027, 1, 4)
BANKED = "ACH*CCP*01*011000015*DA*990001*1999999999**01*011000028*DA*990002*20270104"
HEAD = "ISA*00*          *00*          *ZZ*ACME           *ZZ*EXAMPLEHLTH    *270104*0600*^*00501*000000007*0*P*:~"
GROUP = "GS*RA*ACME*EXAMPLEHLTH*20270104*0600*7*X*005010X218~"
TAIL = "GE*1*7~IEA*1*000000007~"


def written(case):
    """Return the file of a case: its segments in a set of their own, behind a usual header unless it has one."""
    lines = [line.strip() for line in case["text"].split("\n") if line.strip()]
    if not any(line.startswith("BPR") for line in lines):
        bpr, more = f"BPR*{case.get('bpr', 'C*0*C')}", f"*{BANKED}"
        parties = ["N1*PE*EXAMPLE HEALTH*FI*060000001", "N1*PR*NORTHWIND TRADERS*FI*999999999"]
        own = [line for line in lines if line.split("*")[0] in ("CUR", "REF", "DTM")]
        before = lines.index(next(line for line in lines if line.startswith("ENT")))
        lines = [bpr + more, "TRN*1*55501*1999999999", *[x for x in own if lines.index(x) < before], *parties,
                 *lines[before:]]  # fmt: skip
    body = ["ST*820*0001*005010X218", *lines]
    return (HEAD + GROUP + "".join(f"{line}~" for line in [*body, f"SE*{len(body) + 1}*0001"]) + TAIL).encode()


def read(case):
    """Return the remittance of a case and the set's verdict."""
    items = list(judge([written(case)]))
    verdict = next(item for item in items if isinstance(item, SetVerdict))
    return next((item for item in items if isinstance(item, Remittance)), None), verdict


def deposits(case, paid):
    """Return the deposits of a case: `here` is the payment's own, else `trace company dollars`."""
    for number, row in enumerate(case.get("deposits", ["here"]), 1):
        if row == "here":
            yield Deposit(number, paid.trace, paid.company, paid.cents, DAY)
        else:
            trace, company, dollars = row.split()
            yield Deposit(number, trace, company, cents(float(dollars)), DAY)


def test_sentence(case):
    for word in case.get("each", [""]):
        _test({**case, "text": case["text"].replace("EACH", word)})


def _test(case):
    paid, verdict = read(case)
    assert verdict.verdict.value == case.get("syntax", "A"), verdict.findings
    if case.get("syntax") == "R":
        return
    unread = balance(paid)
    assert [finding.code for finding in unread] == case.get("balance", [])
    profile = PartnerProfile(remittance_is_deposit=case.get("transmission_is_deposit", False))
    acme = Partner("acme", "Acme", profile=profile, companies=("1999999999",))
    result = ready(paid, deposits(case, paid), acme, Companies.of([acme]), unread)
    assert result.action == case.get("action", "post"), result.reason
    assert result.here == case.get("here", result.action is Action.POST)
    for name in ("headcount", "charges", "references"):
        if name in case:
            assert [kept(name, line) for line in paid.lines] == case[name]
    if result.here:
        posted(case, paid, result)


def kept(name, line):
    """Return what a line keeps of its counts, charges or references, as the cases say it."""
    if name == "charges":
        return [f"{charge.reason} {charge.cents}" for charge in line.charges]
    return [" ".join(map(str, pair)) for pair in getattr(line, name)]


def posted(case, paid, result):
    """Hold what is posted against the case: entries, what the payer reads on the receipt, and findings."""
    home = UNIDENTIFIED if result.deposit else BANK
    suspend = note(Remark.AS_WRITTEN, result.reason) if result.action is Action.SUSPEND else None
    made = allocate(paid, book(case), Money("acme", DAY, remittance=3, home=home), suspend=suspend)
    entries = [
        " ".join("money" if word == home else word for word in show(entry).split()) for entry in made.transfers
    ]
    assert entries == case.get("expect", [])
    assert [finding.code for finding in made.findings] == case.get("findings", [])
    assert sum(line.cents for line in made.lines) == paid.cents, "each cent of BPR02 lands exactly once"
    if "notes" in case:
        assert [words.note(line.note) for line in made.lines] == case["notes"]
    if "says" in case:
        assert [finding.message for finding in made.findings] == case["says"]


def in_guide(element: str) -> dict[str, set[str]]:
    """Return the codes of an element by loop in the guide."""
    guide = ElementTree.parse(Path(pyx12.__file__).parent / "map" / "820.5010.X218.v2.xml")
    codes = defaultdict(set)
    for loop in guide.iter("loop"):
        for segment in loop.findall("segment"):
            for each in segment.iter("element"):
                if each.get("xid") == element:
                    codes[loop.get("xid")] |= {code.text for code in each.iter("code")}
    return codes


def test_each_reason_stands_at_the_levels_where_the_guide_has_it():
    guide = in_guide("ADX02")
    of_lines, of_payments = guide["2320A"] | guide["2320B"], guide["2200A"] | guide["2200B"]
    assert {row.code for row in ADJUSTMENTS.rows if row.effect.line} == of_lines
    assert {row.code for row in ADJUSTMENTS.rows if row.effect.payment} == of_payments
    assert set(LINE_ACTIONS.codes) == in_guide("RMR03")["2300A"]
