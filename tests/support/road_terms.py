"""Terms for the histories of support.roads: three groups, three partners, every switch another in each variant."""

from __future__ import annotations

from random import Random

from support.two_partners import CARRIER

VARIANTS = 16  # one installation each, stamped for every history that takes it
TWO_KEYS = 4  # every so many variants have a ring of two keys
GROUPS = ("RD1000", "RD2000", "RD3000")  # the employer has the first two; the third is nobody's here
EMPLOYER, BROKER, TPA = "road-mills", "road-broker", "road-cobra"

_PARTNER = """
[[partner]]
code = "{code}"
name = "{name}"
kind = "{kind}"
isa_ids = ["ZZ:{isa}"]
gs_ids = ["{isa}"]
companies = ["1990000005"]
{grants}
[partner.profile]
{profile}
[partner.acknowledgments]
{answers}
"""
_GROUP = """
[group]
number = "{group}"
name = "Group {group}"
begin = 2026-01-01
sent_as = ["{group}X"]
{subgroups}
[[group.lines]]
code = "medical"
name = "Medical"
sent_as = ["HLT", "PPO"]

[[group.lines]]
code = "dental"
name = "Dental"
sent_as = ["DEN"]

[[group.lines]]
code = "vision"
name = "Vision"
sent_as = ["VIS"]

[[group.lines]]
code = "disability"
name = "Disability"
sent_as = ["STD"]
{plans}{rates}
[group.rules]
{rules}
[[group.rules.overrides]]
begin = 2026-01-01
subgroup = "300"
{overrides}
[group.billing]
first_month = "2027-01"
{billing}
"""
_SUBGROUPS = (
    ("100", "Salaried", ""),
    ("200", "Hourly", 'sent_as = ["HOURLY"]'),
    ("300", "New plant", ""),
    ("400", "Later", "begin = 2027-03-01"),
    ("900", "COBRA", "cobra = true"),
)
_TIERS = 'tiers = ["EMP", "ESP", "ECH", "FAM"]'
_PLANS = (
    ("GOLD", "medical", 'sent_as = ["Gold PPO"]\ntiers = ["EMP", "ESP", "ECH", "FAM", "CHD"]'),
    ("BRONZE", "medical", _TIERS),
    ("ROAD", "medical", f'{_TIERS}\nsubgroups = ["200", "900"]'),
    ("OLD", "medical", f"{_TIERS}\nend = 2026-12-31"),
    ("DENTAL", "dental", f'{_TIERS}\nsent_as = [""]'),
    ("VISION", "vision", 'tiers = ["EMP", "FAM"]'),
    ("STD60", "disability", 'subgroups = ["100", "200", "300", "400"]'),
)
_PRICES = {"GOLD": 500, "BRONZE": 400, "ROAD": 350, "OLD": 300, "DENTAL": 40, "VISION": 10}


def texts(variant: int) -> tuple[str, ...]:
    """Return the terms files of a variant, in the order in which they are loaded."""
    random = Random(variant)
    partners = (_employer(random), _broker(random), _tpa(random))
    groups = (_group(number, random) for number in GROUPS)
    return (CARRIER, *partners, *groups)


def profile(variant: int) -> dict[str, str]:
    """Return what of the employer's profile its files must follow: where group and subgroup ride."""
    chosen = _profile(Random(variant))
    return {key: chosen[key] for key in ("group_from", "subgroup_from")}


def _profile(random: Random) -> dict[str, str]:
    """Choose the employer's profile: the first that is drawn of a variant."""
    group_from = random.choice(('"38"', '"38"', '"1L"'))
    return {
        "group_from": group_from,
        "subgroup_from": random.choice(('"DX"', '"17"', '"ZZ"')),
        "member_id_from": random.choice(('"23"', '"23"', '""')),
        "audit_records": random.choice(('"compare"', '"compare"', '"hold"')),
        "unknown_on_change": random.choice(('"add"', '"pend"')),
        "plan_change": random.choice(('"replace"', '"replace"', '"pend"')),
        "same_day_end_is_void": random.choice(("true", "false")),
        "duplicate_interchanges": random.choice(("true", "true", "false")),
        "duplicate_days": random.choice(("0", "0", "20")),
        "numbers_in_sequence": random.choice(("true", "false")),
        "remittance_is_deposit": random.choice(("true", "false")),
    }


def _answers(random: Random) -> dict[str, str]:
    return {
        "ta1": random.choice(('"requested"', '"always"', '"on_error"', '"never"')),
        "ack999": random.choice(('"always"', '"always"', '"on_error"', '"never"')),
        "advice824": random.choice(('"never"', '"always"', '"on_error"')),
        "rejection": random.choice(('"set"', '"set"', '"group"')),
        "accept_with_errors": random.choice(("[]", '["12", "13", "I10"]', '["6", "3"]')),
    }


def _rules(random: Random) -> dict[str, str]:
    return {
        "retro_term_days": random.choice(("60", "30", "0", "400")),
        "child_age_limit": random.choice(("26", "23")),
        "waiting_days": random.choice(("0", "0", "0", "30")),
        "new_hire_days": random.choice(("31", "60")),
        "event_days": random.choice(("30", "10")),
        "newborn_days": random.choice(("61", "31")),
        "cobra_months": random.choice(("18", "12")),
        "cobra_from": random.choice(('"event"', '"loss"')),
        "attestations": random.choice(("[]", "[{ begin = 2026-12-01, end = 2027-02-28 }]")),
    }


def _employer(random: Random) -> str:
    profile = _profile(random)
    text = "".join(_grant(group) for group in GROUPS[:2])
    full = {"subgroups": '["100", "200", "300", "400"]'} if random.random() < 0.5 else {}
    more = f"\n[partner.profile.full_file]\n{_table(full)}" if full else ""
    return _partner(EMPLOYER, "employer", text, _table(profile) + more, _answers(random))


def _broker(random: Random) -> str:
    begin, some = random.choice(("2026-11-01", "2027-01-01")), random.choice(("", 'subgroups = ["200", "300"]'))
    profile = {"group_from": '"only"', "subgroup_from": '"DX"', "audit_records": '"compare"'}
    return _partner(BROKER, "broker", _grant(GROUPS[0], begin, some), _table(profile), _answers(random))


def _tpa(random: Random) -> str:
    grants = _grant(GROUPS[0], "2026-01-01", 'subgroups = ["900"]')
    profile = {"group_from": '"38"', "subgroup_from": '"DX"', "member_id_from": '"23"'}
    return _partner(TPA, "tpa", grants, _table(profile), _answers(random))


def _grant(group: str, begin: str = "2026-01-01", more: str = "") -> str:
    return f'\n[[partner.grants]]\ngroup = "{group}"\nbegin = {begin}\n{more}\n'


def _partner(code: str, kind: str, grants: str, profile: str, answers: dict[str, str]) -> str:
    isa, name = code.upper().replace("-", ""), code.title()
    return _PARTNER.format(
        code=code, name=name, kind=kind, isa=isa, grants=grants, profile=profile, answers=_table(answers)
    )


def _group(number: str, random: Random) -> str:
    subgroups = "".join(
        f'\n[[group.subgroups]]\ncode = "{code}"\nname = "{name}"\naccount = "{number}-{code}"\n{more}\n'
        for code, name, more in _SUBGROUPS
    )
    plans = "".join(
        f'\n[[group.plans]]\ncode = "{code}"\nline = "{line}"\nname = "{code.title()}"\n{more}\n'
        for code, line, more in _PLANS
    )
    rates = "".join(_rate(code, dollars) for code, dollars in _PRICES.items())
    rates += '\n[[group.rates]]\nplan = "STD60"\nbegin = 2026-01-01\nmonthly = "12.00"\n'
    billing = {
        "proration": random.choice(('"full-month"', '"wash"', '"daily"')),
        "unpriced": random.choice(('"hold"', '"bill-the-rest"')),
        "consolidated_payment": random.choice(('"suspense"', '"oldest-first"')),
    }
    overrides = {
        "waiting_days": random.choice(("30", "60")),
        "waiting_start": random.choice(('"exact"', '"first-of-month"')),
        "retro_term_days": "10",
    }
    return _GROUP.format(
        group=number,
        subgroups=subgroups,
        plans=plans,
        rates=rates,
        rules=_table(_rules(random)),
        overrides=_table(overrides),
        billing=_table(billing),
    )


def _rate(plan: str, dollars: int) -> str:
    tiers = {"EMP": 1, "FAM": 3} if plan == "VISION" else {"EMP": 1, "ESP": 2, "ECH": 2, "FAM": 3}
    tiers |= {"CHD": 1} if plan == "GOLD" else {}
    monthly = ", ".join(f'{tier} = "{dollars * times}.00"' for tier, times in tiers.items())
    end = "\nend = 2026-12-31" if plan == "OLD" else ""
    return f'\n[[group.rates]]\nplan = "{plan}"\nbegin = 2026-01-01{end}\nmonthly = {{ {monthly} }}\n'


def _table(values: dict[str, str]) -> str:
    return "".join(f"{key} = {value}\n" for key, value in values.items())
