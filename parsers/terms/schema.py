"""The shape of a terms TOML file, strictly: unknown keys and wrong types are errors.

Money is dollars in quotes ("512.30"), dates are TOML dates and inclusive, an `end` left out means open, a
`begin` left out (subgroups, plans) means the group's. pydantic stands here, where untyped text becomes typed.

See docs/design.md, Terms are data.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from model import naming
from model.agreement.grants import ACTIONS, Action
from model.agreement.terms import OLDEST
from model.money.cents import parse_cents
from model.timeline import Month
from model.trade.coverage import LEVELS
from model.trade.member import ACTIVE, COBRA
from model.trade.references import GROUP_PLACES, MASTER_POLICY, MEMBER_PLACES, SUBGROUP_PLACES
from parsers.terms.channel_schema import ChannelTable
from parsers.terms.dated_schema import FORM, LIST, PLAIN, SOME, Number, Value


def _isa_id(text: str) -> str:
    """Check an interchange identity: qualifier, colon, identifier (ISA05:ISA06)."""
    if not re.fullmatch(r"[A-Z0-9]{2}:\S(.{0,13}\S)?", text):
        raise ValueError('write qualifier and identifier as in "ZZ:ACME" (ISA05:ISA06, at most 15 characters)')
    return text


def _month(text: str) -> str:
    """Check a month."""
    try:
        Month.parse(text)
    except ValueError:
        raise ValueError('write a month as in "2027-01"') from None
    return text


def _zone(text: str) -> str:
    """Check an IANA time zone."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{text}" is no time zone; write one such as "America/New_York"') from None
    return text


def _money(value: object) -> int:
    """Read dollars in quotes as cents: text keeps the cents exact, a TOML float does not."""
    if not isinstance(value, str):
        raise ValueError('write money in quotes, such as "512.30"')
    cents = parse_cents(value)
    if cents < 0:
        raise ValueError("a rate is zero or more")
    return cents


def _by_tier(value: object) -> object:
    """Let a plan without tiers say its one rate without a table."""
    return value if isinstance(value, dict) else {"": value}


def band(text: str) -> tuple[int, int]:
    """Return the first and last age of `0-14`, `15` or `64+`. Raises ValueError for anything else."""
    match = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3})|(\+))?", text)
    if not match:
        raise ValueError(f'"{text}" is no age: write 0-14, 15 or 64+')
    return int(match[1]), OLDEST if match[3] else int(match[2] or match[1])


def _ages(rates: dict[str, int]) -> dict[str, int]:
    """Check that ages have one rate each, from birth on."""
    ages = sorted(band(text) for text in rates)
    due = 0
    for first, last in ages:
        if first != due or last < first:
            raise ValueError(f"each age has one rate, from 0 on without a gap: look at {due}")
        due = last + 1
    if ages and due <= OLDEST:
        raise ValueError(f'the last band is open: write "{ages[-1][0]}+"')
    return rates


Code = Annotated[str, AfterValidator(naming.code)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
IsaId = Annotated[str, AfterValidator(_isa_id)]
Company = Annotated[str, StringConstraints(pattern=r"^\S(.{0,38}\S)?$")]  # BPR10, without blanks around it
Money = Annotated[int, BeforeValidator(_money)]
if TYPE_CHECKING:  # a checker wants literals; they are made of the trade's tables
    Tier = str
    MemberRef = str
    GroupRef = str
    SubgroupRef = str
    Status = str
else:
    Tier = Literal[LEVELS.codes]  # these and no others are tiers
    # Member REF qualifiers of loop 2000 that may carry something of ours.
    MemberRef = Literal[("", *MEMBER_PLACES)]
    GroupRef = Literal[(*GROUP_PLACES, "only")]
    SubgroupRef = Literal[(*SUBGROUP_PLACES, "only")]
    Status = Literal[(ACTIVE, COBRA)]


class Table(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Dated(Table):
    """A table in force from begin to end, both inclusive."""

    begin: date
    end: date | None = None


class MaybeDated(Table):
    """A table whose begin, left out, is the group's."""

    begin: date | None = None
    end: date | None = None


class ContactTable(Table):
    """[*.contact]: whom to ask."""

    name: str = ""
    phone: str = ""
    email: str = ""


class CarrierTable(Table):
    """[carrier]: ourselves, as files address us and documents show us."""

    name: Name
    isa_ids: list[IsaId] = Field(min_length=1)
    gs_ids: list[Name] = []
    tax_id: str = ""
    address: list[str] = []
    remit_to: list[str] = []
    contact: ContactTable = ContactTable()
    time_zone: Annotated[str, AfterValidator(_zone)] = "America/New_York"


class GrantTable(Dated):
    """[[partner.grants]]: what a partner may do for a group, or for some of its subgroups."""

    group: Code
    subgroups: list[Code] = []  # left out: the whole group
    actions: list[Action] = Field(default=list(ACTIONS), min_length=1)


class FullFileTable(Table):
    """[partner.profile.full_file]: what a full file holds; what is left out is all that is granted."""

    groups: list[Code] = []
    subgroups: list[Code] = []
    lines: list[Code] = []
    statuses: list[Status] = []


class ProfileTable(Table):
    """The fields of model.agreement.terms.PartnerProfile, and its defaults."""

    group_from: GroupRef = MASTER_POLICY
    group_length: int = Field(default=0, ge=0, le=50)
    subgroup_from: SubgroupRef = "only"
    member_id_from: MemberRef = ""
    audit_records: Literal["hold", "compare"] = "hold"
    unknown_on_change: Literal["add", "pend"] = "add"
    plan_change: Literal["replace", "pend"] = "replace"
    same_day_end_is_void: bool = False
    duplicate_interchanges: bool = True
    duplicate_days: int = Field(default=0, ge=0, le=3660)
    numbers_in_sequence: bool = True
    remittance_is_deposit: bool = False
    full_file: FullFileTable = FullFileTable()


class AcknowledgmentsTable(Table):
    """[partner.acknowledgments]: the fields of model.agreement.answers.Answers, and its defaults."""

    ta1: Literal["requested", "always", "on_error", "never"] = "requested"
    ack999: Literal["always", "on_error", "never"] = "always"
    advice824: Literal["always", "on_error", "never"] = "never"
    rejection: Literal["set", "group"] = "set"
    accept_with_errors: list[Literal["3", "6", "12", "13", "I10"]] = []


class PartnerTable(Table):
    """[[partner]]: who sends files."""

    code: Code
    name: Name
    kind: Literal["employer", "broker", "tpa", "agency"] = "employer"
    isa_ids: list[IsaId] = []
    gs_ids: list[Name] = []
    companies: list[Company] = []
    contact: ContactTable = ContactTable()
    grants: list[GrantTable] = []
    profile: ProfileTable = ProfileTable()
    channel: ChannelTable = ChannelTable()
    acknowledgments: AcknowledgmentsTable = AcknowledgmentsTable()


_Percent = Annotated[int, Field(ge=1, le=200)]
_Percents = Annotated[Annotated[_Percent, PLAIN] | Annotated[list[Value[_Percent]], SOME, LIST], FORM]
_Account = Annotated[Annotated[Code, PLAIN] | Annotated[list[Number[Code]], SOME, LIST], FORM]


class SubgroupTable(MaybeDated):
    """[[group.subgroups]]: a division with its own billing account."""

    code: Code
    name: Name
    account: _Account
    sent_as: list[str] = []
    contact: ContactTable = ContactTable()
    cobra: bool = False
    premium_percent: _Percents | None = None  # left out: 102 under COBRA, else 100
    extension_percent: _Percents | None = None  # left out: 150; for months of a disability extension


class LineTable(Table):
    """[[group.lines]]: a line of coverage and the HD03 codes that mean it."""

    code: Code
    name: Name
    sent_as: list[Name]


class PlanTable(MaybeDated):
    """[[group.plans]]: a plan offered, with the HD04 texts that mean it and the tiers (HD05) it has."""

    code: Code
    line: str
    name: Name
    sent_as: list[str] = []
    tiers: list[Tier] = []
    subgroups: list[str] = []


class RateTable(Dated):
    """[[group.rates]]: what a plan costs a month, by tier or by age; a subgroup's own before the group's."""

    plan: str
    subgroup: str = ""
    monthly: Annotated[dict[str, Money], BeforeValidator(_by_tier)] = {}
    by_age: Annotated[dict[str, Money], AfterValidator(_ages)] = {}

    @model_validator(mode="after")
    def _one_of_two(self) -> RateTable:
        """Check that there are rates, and of one kind."""
        if bool(self.monthly) == bool(self.by_age):
            raise ValueError('write either monthly = { EMP = "512.30" } or by_age = { 0-20 = "..", 21+ = ".." }')
        return self


_Days = Annotated[int, Field(ge=0, le=366)]
_DayOfMonth = Annotated[int, Field(ge=1, le=28)]
_WaitingDays = Annotated[int, Field(ge=0, le=90)]
_WaitingStart = Literal["exact", "first-of-month"]
_RetroDays = Annotated[int, Field(ge=0, le=3660)]
_Age = Annotated[int, Field(ge=18, le=99)]
_CobraFrom = Literal["event", "loss"]
_CobraMonths = Annotated[int, Field(ge=1, le=36)]


class OverrideTable(Dated):
    """[[group.rules.overrides]]: switches that differ in a span, for one subgroup or the whole group."""

    subgroup: str = ""
    retro_term_days: _RetroDays | None = None
    child_age_limit: _Age | None = None
    waiting_days: _WaitingDays | None = None
    waiting_start: _WaitingStart | None = None
    new_hire_days: _Days | None = None
    event_days: _Days | None = None
    newborn_days: _Days | None = None
    cobra_months: _CobraMonths | None = None
    cobra_from: _CobraFrom | None = None


class RulesTable(Table):
    """[group.rules]: the group's enrollment switches (docs/domain.md, Switches)."""

    retro_term_days: _RetroDays = 60
    child_age_limit: _Age = 26
    waiting_days: _WaitingDays = 0
    waiting_start: _WaitingStart = "exact"
    new_hire_days: _Days = 31
    event_days: _Days = 30
    newborn_days: _Days = 61
    cobra_months: _CobraMonths = 18
    cobra_from: _CobraFrom = "event"
    attestations: list[Dated] = []
    overrides: list[OverrideTable] = []


_Proration = Literal["full-month", "wash", "daily"]
_Prorations = Annotated[Annotated[_Proration, PLAIN] | Annotated[list[Value[_Proration]], SOME, LIST], FORM]
_Rest = Literal["hold", "bill-the-rest"]
_Unpriced = Annotated[Annotated[_Rest, PLAIN] | Annotated[list[Value[_Rest]], SOME, LIST], FORM]
_DaysOfMonth = Annotated[Annotated[_DayOfMonth, PLAIN] | Annotated[list[Value[_DayOfMonth]], SOME, LIST], FORM]
_Grace = Annotated[Annotated[_Days, PLAIN] | Annotated[list[Value[_Days]], SOME, LIST], FORM]


class BillingTable(Table):
    """[group.billing]: the billing switches (docs/domain.md, Switches)."""

    first_month: Annotated[str, AfterValidator(_month)]
    proration: _Prorations = "full-month"
    unpriced: _Unpriced = "hold"
    invoice_day: _DaysOfMonth = 10
    due_day: _DaysOfMonth = 1
    grace_days: _Grace = 31
    consolidated_payment: Literal["suspense", "oldest-first"] = "suspense"


class GroupTable(Dated):
    """[group]: everything agreed with one group."""

    number: Code
    name: Name
    tax_id: str = ""
    sent_as: list[Name] = []
    address: list[str] = []
    contact: ContactTable = ContactTable()
    subgroups: list[SubgroupTable] = Field(min_length=1)
    lines: list[LineTable] = []
    plans: list[PlanTable] = []
    rates: list[RateTable] = []
    rules: RulesTable = RulesTable()
    billing: BillingTable


class FileTable(Table):
    """A whole file: any of ourselves, partners and one group."""

    carrier: CarrierTable | None = None
    partner: list[PartnerTable] = []
    group: GroupTable | None = None


TABLES: tuple[type[BaseModel], ...] = (
    FileTable,
    CarrierTable,
    ContactTable,
    PartnerTable,
    GrantTable,
    FullFileTable,
    ProfileTable,
    AcknowledgmentsTable,
    ChannelTable,
    GroupTable,
    SubgroupTable,
    LineTable,
    PlanTable,
    RateTable,
    RulesTable,
    OverrideTable,
    BillingTable,
    Value,
    Number,
)
