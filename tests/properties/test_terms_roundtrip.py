"""Any terms that the format can say are written so that they load back equal."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from model.agreement.answers import HARMLESS, Answers
from model.agreement.enrollment import OpenEnrollment
from model.agreement.grants import ACTIONS, FullFile, Grant
from model.agreement.terms import (
    OLDEST,
    Billing,
    Carrier,
    Contact,
    EnrollmentSwitches,
    FormerAccount,
    Line,
    Partner,
    PartnerProfile,
    Plan,
    Rate,
    Situs,
    Subgroup,
    SwitchOverride,
    Terms,
    TermsFile,
)
from model.timeline import OPEN, Dated, Month, Span
from parsers.terms.text import dump, load
from support.tries import tries

TIERS = ["EMP", "ESP", "ECH", "FAM"]
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CODES = st.from_regex(r"[A-Z0-9]([A-Z0-9._-]{0,6}[A-Z0-9])?", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
TUPLES = st.lists(TEXTS, max_size=2).map(tuple)
CONTACTS = st.builds(Contact, TEXTS, st.just(""), TEXTS) | st.just(Contact())
FIRSTS = st.lists(
    st.builds(date, st.integers(2020, 2030), st.integers(1, 12), st.just(1)), max_size=3, unique=True
)


@st.composite
def dated(draw, values):
    return Dated(draw(values), tuple((day, draw(values)) for day in sorted(draw(FIRSTS))))


# COBRA costs at most 102 %, in a disability extension 150 %; others have no such months
COBRA = st.one_of(
    st.tuples(st.just(False), dated(st.integers(1, 200)), st.just(Dated(150))),
    st.tuples(st.just(True), dated(st.integers(1, 102)), dated(st.integers(1, 150))),
)
WAITS = st.tuples(st.integers(0, 60), st.sampled_from(["exact", "first-of-month"]))
IDS = st.lists(
    st.tuples(st.sampled_from(["ZZ", "30"]), st.from_regex(r"[A-Z0-9]{1,15}", fullmatch=True)), min_size=1
)


@st.composite
def spans(draw):
    begin, end = sorted((draw(DAYS), draw(DAYS)))
    return Span(begin, draw(st.sampled_from([end, OPEN])))


def windows():
    limits = st.none() | st.integers(0, 100)
    return st.builds(OpenEnrollment, spans(), DAYS, limits, limits, limits, limits)


LAWS = st.builds(
    Situs,
    dated(st.sampled_from(["", "CT", "TX"])),
    st.just(Dated("")) | dated(st.sampled_from(["insured", "self-funded"])),
    st.just(Dated(0)) | dated(st.integers(1, 10**6)),
)


@st.composite
def terms(draw):
    span = draw(spans())
    names = draw(st.lists(CODES, min_size=1, max_size=3, unique=True))
    cobra = {n: draw(COBRA) for n in names}
    subgroups = tuple(
        Subgroup(
            n,
            draw(TEXTS),
            f"A-{n}",
            draw(spans()),
            (),
            draw(CONTACTS),
            *cobra[n][:2],
            extension_percent=cobra[n][2],
            former=tuple(FormerAccount(f"{i}-{n}", day) for i, day in enumerate(sorted(draw(FIRSTS)))),
        )
        for n in names
    )
    lines = (Line("medical", draw(TEXTS), ("HLT", "PPO")), Line("dental", "Dental", ("DEN",)))
    plans = tuple(
        Plan(
            code,
            draw(st.sampled_from(["medical", "dental"])),
            draw(TEXTS),
            draw(spans()),
            (f" {code}\x7f",),  # nobody else's
            tuple(draw(st.lists(st.sampled_from(TIERS), unique=True))),
            tuple(draw(st.lists(st.sampled_from(names), unique=True))),
        )
        for code in draw(st.lists(CODES, max_size=3, unique=True))
    )
    rates = tuple(
        Rate(plan.code, tier, draw(st.integers(0, 10**7)), span, owner)
        for plan in plans
        for owner in draw(st.lists(st.sampled_from(["", *(plan.subgroups or names)]), max_size=2, unique=True))
        for span in (Span(date(2027, 1, 1), date(2027, 6, 30)), Span(date(2027, 7, 1)))
        for tier in plan.tiers or ("",)
    )
    if plans:
        ends = sorted(draw(st.sets(st.integers(0, 90), max_size=4)))
        bands = zip([0, *(end + 1 for end in ends)], [*ends, OLDEST], strict=True)
        before = Span(date(2019, 1, 1), date(2020, 1, 1))
        rates += tuple(Rate(plans[0].code, "", 100 * ages[0], before, ages=ages) for ages in bands)
    waits = draw(WAITS)
    rules = EnrollmentSwitches(
        retro_term_days=draw(st.integers(0, 90)),
        retro_add_days=draw(st.integers(0, 90)),
        attestations=tuple(draw(st.lists(spans(), max_size=2))),
        open_enrollments=tuple(draw(st.lists(windows(), max_size=2))),
        child_age_limit=draw(st.integers(18, 30)),
        waiting_days=waits[0],
        waiting_start=waits[1],
        cobra_from=draw(st.sampled_from(["event", "loss"])),
    )
    owners = st.sampled_from(["", *names])
    override = st.builds(
        SwitchOverride, spans(), owners, st.none() | st.integers(0, 90), event_days=st.integers(0, 60)
    )
    overrides = tuple(draw(st.lists(override, max_size=2)))
    billing = Billing(
        draw(st.builds(Month, st.integers(2000, 2099), st.integers(1, 12))),
        proration=draw(dated(st.sampled_from(["full-month", "wash", "daily"]))),
        invoice_day=draw(dated(st.integers(1, 28))),
        grace_days=draw(dated(st.integers(0, 90))),
        return_fee_cents=draw(dated(st.integers(0, 5_000))),
        return_notice_days=draw(dated(st.integers(0, 30))),
        consolidated_payment=draw(st.sampled_from(["suspense", "oldest-first"])),
    )
    sent_as, address, contact = draw(TUPLES), draw(TUPLES), draw(CONTACTS)
    number, name = draw(CODES), draw(TEXTS)
    return Terms(
        number, name, "", span, sent_as, contact, address, subgroups, lines, plans, rates, rules, billing,
        overrides, draw(LAWS),
    )  # fmt: skip


NAMED = st.lists(CODES, max_size=2).map(tuple)
PROFILES = st.builds(
    PartnerProfile,
    st.sampled_from(["38", "1L", "only"]),
    st.integers(0, 50),
    st.sampled_from(["1L", "DX", "17", "ZZ", "23", "only"]),
    audit_records=st.sampled_from(["hold", "compare"]),
    duplicate_interchanges=st.booleans(),
    duplicate_days=st.integers(0, 3660),
    numbers_in_sequence=st.booleans(),
    full_file=st.just(FullFile())
    | st.builds(FullFile, NAMED, NAMED, NAMED, st.sampled_from([(), ("A",), ("C",), ("A", "C")])),
)
GRANTS = st.builds(
    Grant, CODES, spans(), NAMED, st.sampled_from([ACTIONS, ("enroll",), ("pay", "read"), ("read",)])
)
PARTNERS = st.builds(
    Partner,
    CODES,
    TEXTS,
    st.sampled_from(["employer", "tpa"]),
    IDS.map(tuple),
    TUPLES,
    CONTACTS,
    st.lists(GRANTS, max_size=2).map(tuple),
    PROFILES,
    answers=st.builds(
        Answers,
        st.sampled_from(["requested", "always", "on_error", "never"]),
        rejection=st.sampled_from(["set", "group"]),
        accept_with_errors=st.lists(st.sampled_from(HARMLESS), unique=True).map(tuple),
    ),
    companies=st.lists(CODES, max_size=2).map(tuple),
)
CARRIERS = st.builds(Carrier, TEXTS, IDS.map(tuple), TUPLES, TEXTS, TUPLES, TUPLES, CONTACTS)


def known_subgroups(file: TermsFile) -> TermsFile:
    """Let grants of the file's own group name subgroups that it has: others are refused."""
    if not file.terms:
        return file
    has = {subgroup.code for subgroup in file.terms.subgroups}
    partners = []
    for partner in file.partners:
        grants = [
            replace(grant, subgroups=tuple(code for code in grant.subgroups if code in has))
            if grant.group == file.terms.group
            else grant
            for grant in partner.grants
        ]
        partners.append(replace(partner, grants=tuple(grants)))
    return replace(file, partners=tuple(partners))


FILES = st.builds(
    TermsFile,
    st.none() | CARRIERS,
    st.lists(PARTNERS, max_size=2, unique_by=lambda partner: partner.code).map(tuple),
    st.none() | terms(),
).map(known_subgroups)


@tries(60)
@given(FILES)
def test_a_dump_loads_back_equal(file):
    loaded, findings = load(dump(file))
    assert loaded == file
    assert {finding.code for finding in findings} <= {"TERMS-NO-RATE", "TERMS-LAW"}
