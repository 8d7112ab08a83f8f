"""REF and DTP qualifiers: docs/domain.md, Identifiers; Days; Masking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from model.trade.table import Row, Table


@dataclass(frozen=True, slots=True)
class Names:
    """What a REF may name here. `subgroup` is the turn in which it is believed to, 0: never."""

    group: bool = False
    subgroup: int = 0
    member: bool = False  # it may hold our member ID
    plan: bool = False  # under HD (2300) it may hold the plan
    shown: bool = False  # it holds nothing about a person, and is not masked
    used: bool = False  # it says whom or what a record is about, whatever the profile; the others are kept
    health: bool = False  # it tells of a person's health


SUBSCRIBER_NUMBER: Final = "0F"
MASTER_POLICY: Final = "38"
GROUP_OR_POLICY: Final = "1L"
DEPARTMENT: Final = "DX"
PRIOR_NUMBER: Final = "Q4"
CROSS_REFERENCE: Final = "6O"
PLAN_NUMBER: Final = "18"
REFERENCES = Table(
    "REF01",
    "834 header, loops 2000 and 2300 REF, 820 header REF; X12 list 128",
    ("group_from", "subgroup_from", "member_id_from"),
    (
        Row(SUBSCRIBER_NUMBER, "Subscriber number", Names(used=True)),
        Row(MASTER_POLICY, "Master policy number", Names(group=True, shown=True)),
        Row(
            GROUP_OR_POLICY,
            "Group or policy number",
            Names(group=True, subgroup=1, member=True, plan=True, shown=True, used=True),
        ),
        Row("17", "Client reporting category", Names(subgroup=3, member=True, shown=True)),
        Row("23", "Client number", Names(subgroup=5, member=True)),
        Row("3H", "Case number", Names(member=True)),
        Row("4A", "Personal identification number", Names(member=True)),
        Row("CE", "Class of contract code", Names(plan=True)),
        Row(CROSS_REFERENCE, "Cross reference number", Names(member=True)),
        Row("ABB", "Personal ID number", Names(member=True)),
        Row("D3", "Pharmacy number", Names(member=True)),
        Row(DEPARTMENT, "Department or agency number", Names(subgroup=2, member=True, shown=True)),
        Row("F6", "Health insurance claim number", Names(member=True, health=True)),
        Row("P5", "Position code", Names(member=True)),
        Row(PRIOR_NUMBER, "Prior identifier number", Names(member=True, used=True)),
        Row("QQ", "Unit number", Names(member=True, shown=True)),
        Row("ZZ", "Mutually defined", Names(subgroup=4, member=True)),
        Row("14", "Master account number", Names(shown=True)),
        Row(PLAN_NUMBER, "Plan number", Names(shown=True)),
        Row("2F", "Consolidated invoice number", Names(shown=True)),
        Row("72", "Schedule reference number", Names(shown=True)),
        Row("LB", "Lockbox", Names(shown=True)),
    ),
)
_OF_SUBGROUPS = sorted((row.effect.subgroup, row.code) for row in REFERENCES.rows if row.effect.subgroup)
GROUP_PLACES = tuple(row.code for row in REFERENCES.rows if row.effect.group)
SUBGROUP_PLACES = tuple(code for _, code in _OF_SUBGROUPS)  # in the order in which they are believed
PLAN_PLACES = tuple(row.code for row in REFERENCES.rows if row.effect.plan)
HD04: Final = "HD04"  # where the guide has the plan
MEMBER_PLACES = tuple(row.code for row in REFERENCES.rows if row.effect.member)
SHOWN_REFERENCES = frozenset(row.code for row in REFERENCES.rows if row.effect.shown)


@dataclass(frozen=True, slots=True)
class Says:
    """What a day is to the system."""

    covered: bool = False  # coverage is or was: a draft of terms must offer its plans on it
    shown: bool = True  # it tells nothing of a person's health, and is not masked
    used: bool = False  # it says when what the record asks for holds; the others of a member are kept


FILE_EFFECTIVE: Final = "007"
SIGNATURE: Final = "300"
COBRA_EVENT_DAY: Final = "301"
MAINTENANCE_EFFECTIVE: Final = "303"
EMPLOYMENT_BEGIN: Final = "336"
COBRA_BEGIN: Final = "340"
COBRA_END: Final = "341"
BENEFIT_BEGIN: Final = "348"
BENEFIT_END: Final = "349"
ELIGIBILITY_BEGIN: Final = "356"
ELIGIBILITY_END: Final = "357"
DISABLED_FROM: Final = "360"
DISABLED_TO: Final = "361"
REHIRE: Final = "394"
PAID_TO: Final = "343"
PAID_FOR: Final = "582"
DAYS = Table(
    "DTP01",
    "834 header, loops 2000, 2200 and 2300 DTP, 820 loop 2300 DTM; X12 list 374",
    (),
    (
        Row(FILE_EFFECTIVE, "File effective", Says()),
        Row("090", "Report start", Says()),
        Row("091", "Report end", Says()),
        Row(MAINTENANCE_EFFECTIVE, "Maintenance effective", Says(covered=True, used=True)),
        Row("382", "Enrollment", Says()),
        Row("388", "Payment commencement", Says()),
        Row(SIGNATURE, "Enrollment signature", Says(used=True)),
        Row(COBRA_EVENT_DAY, "COBRA qualifying event", Says(shown=False)),
        Row(EMPLOYMENT_BEGIN, "Employment begin", Says()),
        Row("337", "Employment end", Says()),
        Row("338", "Medicare begin", Says(shown=False)),
        Row("339", "Medicare end", Says(shown=False)),
        Row(COBRA_BEGIN, "COBRA begin", Says(covered=True, used=True)),
        Row(COBRA_END, "COBRA end", Says(covered=True)),
        Row(ELIGIBILITY_BEGIN, "Eligibility begin", Says(covered=True, used=True)),
        Row(ELIGIBILITY_END, "Eligibility end", Says(covered=True, used=True)),
        Row("050", "Received", Says()),
        Row("286", "Retirement", Says()),
        Row("296", "Initial disability period return to work", Says(shown=False)),
        Row("297", "Initial disability period last day worked", Says(shown=False)),
        Row("350", "Education begin", Says()),
        Row("351", "Education end", Says()),
        Row("383", "Adjusted hire", Says()),
        Row("385", "Credited service begin", Says()),
        Row("386", "Credited service end", Says()),
        Row("393", "Plan participation suspension", Says()),
        Row(REHIRE, "Rehire", Says()),
        Row("473", "Medicaid begin", Says(shown=False)),
        Row("474", "Medicaid end", Says(shown=False)),
        Row(BENEFIT_BEGIN, "Benefit begin", Says(covered=True)),
        Row(BENEFIT_END, "Benefit end", Says(covered=True)),
        Row(PAID_TO, "Premium paid to", Says()),
        Row("543", "Last premium paid", Says()),
        Row("695", "Previous period", Says()),
        Row(DISABLED_FROM, "Initial disability period start", Says(shown=False)),
        Row(DISABLED_TO, "Initial disability period end", Says(shown=False)),
        Row(PAID_FOR, "Report period", Says()),
    ),
)
COVERED_DAYS = frozenset(row.code for row in DAYS.rows if row.effect.covered)
SHOWN_DAYS = frozenset(row.code for row in DAYS.rows if row.effect.shown)
