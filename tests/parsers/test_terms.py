"""Terms files: what is good loads into the values it says; each mistake is found at its line."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from model.agreement.answers import Answers
from model.agreement.grants import FullFile, Grant
from model.agreement.terms import PartnerProfile, Plan
from model.finding import Severity
from model.timeline import OPEN, Month, Span
from parsers.terms.text import dump, load

CASES = Path(__file__).parents[1] / "cases" / "terms"
GOOD = (CASES / "good.toml").read_text()
BAD = yaml.safe_load((CASES / "bad.yaml").read_text())


def test_the_good_file_says_what_it_says():
    file, findings = load(GOOD)
    assert findings == ()
    carrier, (partner,), terms = file.carrier, file.partners, file.terms
    assert carrier.isa_ids == (("ZZ", "NORTHWIND"), ("30", "900000001"))
    assert (carrier.contact.phone, carrier.remit_to[1]) == ("860-555-0100", "PO Box 555")
    assert partner.contact.name == "HR"
    assert partner.profile == PartnerProfile(
        "1L",
        6,
        "1L",
        "23",
        "compare",
        "pend",
        plan_change="pend",
        same_day_end_is_void=True,
        duplicate_interchanges=False,
        remittance_is_deposit=True,
        duplicate_days=400,
        numbers_in_sequence=False,
        full_file=FullFile((), ("900",), (), ("C",)),
    )  # every switch away from its default
    assert partner.answers == Answers("on_error", "never", "always", "group", ("6", "I10"))
    assert partner.grants == (
        Grant("100200", Span(date(2027, 1, 1), date(2027, 12, 31))),
        Grant("100201", Span(date(2027, 1, 1), OPEN), ("900",), ("enroll", "read")),
    )
    assert terms.span == terms.subgroups[0].span == Span(date(2027, 1, 1), OPEN)
    assert terms.subgroup("PLANT").account == "100200-0001"
    assert terms.subgroups[0].contact.name == "Plant office"
    assert terms.account("100200-0002").span == Span(date(2027, 2, 1), date(2027, 12, 31))
    assert terms.plan_of("medical", "") is terms.plan("MED1")
    assert terms.plan("LIFE1") == Plan(
        "LIFE1", "life", "Life One", Span(date(2027, 2, 1), date(2027, 12, 31)), subgroups=("0002",)
    )
    assert terms.rate("MED1", "FAM", date(2027, 12, 31)) == 140000
    assert terms.rate("MED1", "FAM", date(2027, 12, 31), "0002") == 139000
    assert terms.rate("MED1", "FAM", date(2028, 1, 1)) is None
    assert terms.rate("LIFE1", "", date(2027, 2, 1)) == 1200
    assert [terms.rate_at("LIFE3", age, date(2027, 1, 1), "0001") for age in (0, 20, 21, 64, 101)] == [
        650, 650, 1400, 3000, 3000,
    ]  # fmt: skip
    assert terms.rules.retro_term_days == 30
    assert terms.rules.attestations == (Span(date(2027, 1, 1), date(2027, 3, 31)),)
    assert terms.billing.first_month == Month(2027, 1)


def test_a_subgroup_has_its_own_switches_and_premium():
    terms = load(GOOD)[0].terms
    plant, office = terms.subgroups
    assert (plant.cobra, office.cobra) == (False, True)
    day = date(2027, 1, 1)
    assert terms.percent(plant, day).of(33333) == 33333
    assert [terms.percent(office, day).of(cents) for cents in (50000, 33325, 25)] == [
        51000,
        33992,
        26,
    ]  # of 25.5 cents
    assert terms.cobra_subgroup(date(2027, 2, 1)) is office
    assert terms.cobra_subgroup(date(2027, 1, 31)) is None
    hired = date(2027, 1, 2)
    assert terms.switches_on(hired).waited(hired) == date(2027, 4, 1)  # 2027-03-03, then the first
    assert terms.switches_on(hired, "0002").waited(hired) == date(2027, 4, 2)
    assert terms.switches_on(date(2027, 1, 30)).waited(date(2026, 12, 31)) == date(2027, 3, 1)
    assert terms.switches_on(date(2027, 6, 30), "0002").event_days == 45
    assert terms.switches_on(date(2027, 7, 1), "0002").event_days == 60
    assert terms.switches_on(date(2028, 1, 1), "0002").waiting_start == "first-of-month"


def test_a_dump_loads_back_equal():
    file, _ = load(GOOD)
    assert load(dump(file)) == (file, ())


def test_the_dump_of_a_dump_is_the_same_text():
    text = dump(load(GOOD)[0])
    assert dump(load(text)[0]) == text


@pytest.mark.parametrize("case", BAD, ids=[case["name"] for case in BAD])
def test_each_mistake_is_found_at_its_line(case):
    assert case["take"] in GOOD
    text = GOOD.replace(case["take"], case["put"], 1)
    lines = text.split("\n")
    file, findings = load(text)
    assert [[finding.code, lines[finding.where.segment - 1]] for finding in findings] == case["expect"]
    assert (file is not None) == case.get("loads", False)
    for finding in findings:
        assert finding.where.segment_id == "line"
        assert f"line {finding.where.segment}" in finding.message
        assert finding.fix
    if findings:
        assert case["says"] in findings[0].message


def test_a_misspelt_key_is_answered_with_the_right_one():
    _, (finding,) = load(GOOD.replace("retro_term_days", "retro_term_day"))
    assert '"retro_term_days"' in finding.fix


def test_parts_of_a_file_load_alone():
    file, findings = load('[carrier]\nname = "N"\nisa_ids = ["ZZ:N"]\n')
    assert (file.carrier.name, file.partners, file.terms, findings) == ("N", (), None, ())
    assert load("")[0] is not None


@pytest.mark.parametrize("text", ["[" * 5000, "a = " + "[" * 5000, "\x00", "=", "group = 1", "partner = {}"])
def test_no_text_raises(text):
    file, findings = load(text)
    assert file is None
    assert {finding.severity for finding in findings} == {Severity.ERROR}


def test_lines_are_right_after_values_that_go_on_over_lines():
    text = (
        '[carrier]\nname = """N [[x]]\n[y] = 3\n"""\nisa_ids = [\n  "ZZ:N", # a ] here\n  "[[",\n]\ntaxid = "1"\n'
    )
    _, findings = load(text)
    assert [(finding.code, finding.where.segment) for finding in findings] == [
        ("TERMS-WRONG-VALUE", 5),
        ("TERMS-UNKNOWN-KEY", 9),
    ]


@pytest.mark.parametrize(
    ("employees", "percent", "codes", "words"),
    [
        (
            15,
            110,
            ["TERMS-LAW"],
            "110 % is agreed and 102 % billed: nobody here has read cobra_premium_percent of CA",
        ),
        (15, 102, [], ""),
        (15, 111, ["TERMS-WRONG-VALUE"], "111 % is more than COBRA may cost here: 110 %"),
        (40, 110, ["TERMS-WRONG-VALUE"], "110 % is more than COBRA may cost here: 102 %"),
    ],
)
def test_a_state_s_percent_may_be_agreed_and_what_nobody_has_read_is_said(employees, percent, codes, words):
    law = f'law = {{ state = "CA", funding = "insured", employees = {employees} }}\nbilling = {{'
    text = GOOD.replace("billing = {", law).replace("cobra = true", f"cobra = true\npremium_percent = {percent}")
    file, findings = load(text.replace("cobra_months = 30", "cobra_months = 36"))
    assert [finding.code for finding in findings] == codes
    assert (file is None) == ("TERMS-WRONG-VALUE" in codes)
    assert not words or findings[0].message.startswith(words) or words in findings[0].message
