"""The shape of a terms TOML file, strictly: unknown keys and wrong types are errors.

Money is dollars in quotes ("512.30"), dates are TOML dates and inclusive, an `end` left out means open, a
`begin` left out (subgroups, plans) means the group's. pydantic stands here, where untyped text becomes typed.

See docs/design.md, Terms are data.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, model_validator

from model import naming
from model.agreement.answers import Answers
from model.agreement.grants import ACTIONS, Action, FullFile
from model.agreement.terms import Billing, EnrollmentSwitches, PartnerProfile, Situs, Subgroup, SwitchOverride
from model.trade.coverage import LEVELS
from parsers.terms.channel_schema import ChannelTable
from parsers.terms.dated_schema import FORM, LIST, PLAIN, SOME, Number, Value
from parsers.terms.forms import ages, by_tier, heading, isa_id, money, zone
from parsers.terms.switch_tables import Table, switched

Code = Annotated[str, AfterValidator(naming.code)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
IsaId = Annotated[str, AfterValidator(isa_id)]
Heading = Annotated[str, AfterValidator(heading)]
Company = Annotated[str, StringConstraints(pattern=r"^\S(.{0,38}\S)?$")]  # BPR10, without blanks around it
Money = Annotated[int, BeforeValidator(money)]
if TYPE_CHECKING:  # a checker wants literals; they are made of the trade's table
    Tier = str
else:
    Tier = Literal[LEVELS.codes]  # these and no others are tiers


class Dated(Table):
    """A table in force from begin to end, both inclusive."""

    begin: date = Field(description="The first day")
    end: date | None = Field(default=None, description="The last day; left out: open")


class MaybeDated(Table):
    """A table whose begin, left out, is the group's."""

    begin: date | None = Field(default=None, description="The first day; left out: the group's")
    end: date | None = Field(default=None, description="The last day; left out: open")


class ContactTable(Table):
    """[carrier.contact], [partner.contact], [group.contact], [group.subgroups.contact]: whom to ask."""

    name: str = Field(default="", description="A person or desk")
    phone: str = Field(default="", description="Telephone")
    email: str = Field(default="", description="E-mail")


_CONTACT = Field(default=ContactTable(), description="Whom to ask")


class CarrierTable(Table):
    """[carrier]: ourselves, as files address us and documents show us."""

    name: Name = Field(description="What documents call us")
    isa_ids: list[IsaId] = Field(min_length=1, description="Ours as `qualifier:identifier` (ISA07, ISA08)")
    gs_ids: list[Name] = Field(default=[], description="Ours as application codes (GS03); empty accepts any")
    tax_id: str = Field(default="", description="Printed on invoices")
    address: list[str] = Field(default=[], description="Its lines, printed on invoices")
    remit_to: list[str] = Field(default=[], description="Where payments go, printed on invoices")
    contact: ContactTable = _CONTACT
    time_zone: Annotated[str, AfterValidator(zone)] = Field(
        default="America/New_York", description="What a day is: an IANA time zone"
    )


class GrantTable(Dated):
    """[[partner.grants]]: what a partner may do for a group, or for some of its subgroups."""

    group: Code = Field(description="The group's number")
    subgroups: list[Code] = Field(default=[], description="Some of its subgroups; left out: the whole group")
    actions: list[Action] = Field(
        default=list(ACTIONS), min_length=1, description="What it may do ([partners.md](partners.md))"
    )


@switched(FullFile)
class FullFileTable(Table):
    """[partner.profile.full_file]: what a full file holds; what is left out is all that is granted."""


@switched(PartnerProfile)
class _ProfileSwitches(Table):
    """The switches of a profile."""


class ProfileTable(_ProfileSwitches):
    """[partner.profile]: how this sender uses the guide: which REF names group and subgroup, what bare records
    mean.
    """

    full_file: FullFileTable = Field(default=FullFileTable(), description="What a full file (BGN08 = RX) holds")


@switched(Answers)
class AcknowledgmentsTable(Table):
    """[partner.acknowledgments]: what the partner is answered ([acknowledgments.md](acknowledgments.md))."""


class CensusTable(Table):
    """[partner.census]: what the headings of its spreadsheets mean (`rollbook census map FILE` proposes it)."""

    columns: dict[Name, Heading] = Field(
        default={}, description='Its headings, each with ours that it means: `"Clock No" = "Employee ID"`'
    )
    ignore: list[Name] = Field(
        default=[], description="Headings of columns that are not read, and not asked about"
    )


class PartnerTable(Table):
    """[[partner]]: who sends files."""

    code: Code = Field(description="Our name for it: its folder, and on the command line")
    name: Name = Field(description="What documents call it")
    kind: Literal["employer", "broker", "tpa", "agency", "bank"] = Field(
        default="employer",
        description="What it is; of a `bank` only [its own files](operations.md#what-the-bank-sends) are taken",
    )
    isa_ids: list[IsaId] = Field(default=[], description="What it sends as, `qualifier:identifier` (ISA05, ISA06)")
    gs_ids: list[Name] = Field(default=[], description="Its application codes (GS02); empty accepts any")
    companies: list[Company] = Field(default=[], description="Company identifiers it pays under (BPR10)")
    contact: ContactTable = _CONTACT
    grants: list[GrantTable] = Field(default=[], description="What it may do, for whom")
    profile: ProfileTable = Field(default=ProfileTable(), description="How it uses the guide")
    channel: ChannelTable = Field(default=ChannelTable(), description="Where its files come from")
    census: CensusTable = Field(default=CensusTable(), description="What its spreadsheets' headings mean")
    acknowledgments: AcknowledgmentsTable = Field(
        default=AcknowledgmentsTable(), description="What it is answered"
    )


_Account = Annotated[Annotated[Code, PLAIN] | Annotated[list[Number[Code]], SOME, LIST], FORM]


@switched(Subgroup)
class SubgroupTable(MaybeDated):
    """[[group.subgroups]]: a division with its own billing account."""

    code: Code = Field(description="Its code, always understood in a file")
    name: Name = Field(description="What documents call it")
    account: _Account = Field(
        description="Its billing account; another number: [above](#an-account-gets-another-number)"
    )
    sent_as: list[str] = Field(default=[], description="What else senders write for it")
    contact: ContactTable = _CONTACT


class LineTable(Table):
    """[[group.lines]]: lines of coverage, with the HD03 codes that mean them."""

    code: Code = Field(description="medical, dental, vision ...")
    name: Name = Field(description="What documents call it")
    sent_as: list[Name] = Field(description="HD03 codes that mean it")


class PlanTable(MaybeDated):
    """[[group.plans]]: plans offered, with the HD04 texts that mean them and the tiers (HD05) they have."""

    code: Code = Field(description="Its code, always understood in HD04")
    line: str = Field(description="The code of its line of coverage")
    name: Name = Field(description="What documents call it")
    sent_as: list[str] = Field(default=[], description='What else HD04 says for it; `""`: nothing is sent')
    tiers: list[Tier] = Field(default=[], description="HD05 codes that are allowed; empty: it has no tiers")
    subgroups: list[str] = Field(default=[], description="To whom it is offered; empty: to all")


class RateTable(Dated):
    """[[group.rates]]: what a plan costs a month, by tier or by age; a subgroup's own before the group's."""

    plan: str = Field(description="The plan's code")
    subgroup: str = Field(default="", description="Whose own rate it is; empty: the group's")
    monthly: Annotated[dict[str, Money], BeforeValidator(by_tier)] = Field(
        default={}, description='Dollars by tier: `{ EMP = "512.30" }`, or `"12.00"` without tiers'
    )
    by_age: Annotated[dict[str, Money], AfterValidator(ages)] = Field(
        default={}, description='Dollars of each member by age: `{ 0-20 = "6.50", "21+" = "14.00" }`'
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> RateTable:
        """Check that there are rates, and of one kind."""
        if bool(self.monthly) == bool(self.by_age):
            raise ValueError('write either monthly = { EMP = "512.30" } or by_age = { 0-20 = "..", 21+ = ".." }')
        return self


class RenewalTable(Table):
    """[[group.renewals]]: in which plan the members of a plan that ends go on; the others wait for a person."""

    begin: date = Field(description="The first day in the new plan, the day after the old one's last")
    plan: str = Field(description="The code of the plan that ends")
    to: str = Field(description="The code of the plan that follows, of the same line")
    subgroup: str = Field(default="", description="For whom; empty: for all that have none of their own")


class AttestationTable(Dated):
    """[[group.rules.attestations]]: days of receipt for which the group attests that ends come late, unpaid."""


_WINDOW = "For sets received in it; left out: as otherwise agreed"


class OpenEnrollmentTable(Dated):
    """[[group.rules.open_enrollments]]: days of request on which everybody may choose."""

    effective: date = Field(description="The first day of what was chosen")
    absent_ends_percent: int | None = Field(default=None, ge=0, le=100, description=_WINDOW)
    absent_ends_least: int | None = Field(default=None, ge=0, le=100_000, description=_WINDOW)
    sent_ends_percent: int | None = Field(default=None, ge=0, le=100, description=_WINDOW)
    sent_ends_least: int | None = Field(default=None, ge=0, le=100_000, description=_WINDOW)


@switched(SwitchOverride)
class OverrideTable(Dated):
    """[[group.rules.overrides]]: switches that differ in a span, for one subgroup or the whole group."""

    subgroup: str = Field(default="", description="For whom; empty: the whole group")


@switched(EnrollmentSwitches)
class _RuleSwitches(Table):
    """The switches of rules."""


class RulesTable(_RuleSwitches):
    """[group.rules]: when people may come and go."""

    attestations: list[AttestationTable] = Field(default=[], description="Days of receipt that the group attests")
    open_enrollments: list[OpenEnrollmentTable] = Field(default=[], description="When everybody may choose")
    overrides: list[OverrideTable] = Field(default=[], description="What differs in a span")


@switched(Billing)
class BillingTable(Table):
    """[group.billing]: how months are billed."""


@switched(Situs)
class LawTable(Table):
    """[group.law]: under whose law the group stands (`rollbook law` prints what binds)."""


class GroupTable(Dated):
    """[group]: everything agreed with one group."""

    number: Code = Field(description="Its number")
    name: Name = Field(description="What documents call it")
    tax_id: str = Field(default="", description="Its tax number")
    sent_as: list[Name] = Field(default=[], description="What else senders write for it")
    address: list[str] = Field(default=[], description="Its lines, printed on invoices")
    contact: ContactTable = Field(
        default=ContactTable(), description="Whom it asks at the plan; empty: the carrier's"
    )
    subgroups: list[SubgroupTable] = Field(min_length=1, description="Its divisions")
    lines: list[LineTable] = Field(default=[], description="Its lines of coverage")
    plans: list[PlanTable] = Field(default=[], description="Plans offered")
    rates: list[RateTable] = Field(default=[], description="What they cost")
    renewals: list[RenewalTable] = Field(default=[], description="What follows plans that end")
    rules: RulesTable = Field(default=RulesTable(), description="When people may come and go")
    billing: BillingTable = Field(description="How months are billed")
    law: LawTable = Field(default=LawTable(), description="Under whose law it stands")


class FileTable(Table):
    """A whole file: any of ourselves, partners and one group."""

    carrier: CarrierTable | None = None
    partner: list[PartnerTable] = Field(default=[])
    group: GroupTable | None = None


def words(table: type[BaseModel]) -> str:
    """Return what a table of the file says, for people."""
    text = " ".join((table.__doc__ or "").split())
    said = text.partition("]: ")[2]
    return said[0].upper() + said[1:]


TABLES: tuple[type[BaseModel], ...] = (
    FileTable,
    CarrierTable,
    ContactTable,
    PartnerTable,
    GrantTable,
    FullFileTable,
    ProfileTable,
    CensusTable,
    AcknowledgmentsTable,
    ChannelTable,
    GroupTable,
    SubgroupTable,
    LineTable,
    PlanTable,
    RateTable,
    RenewalTable,
    RulesTable,
    AttestationTable,
    OverrideTable,
    BillingTable,
    LawTable,
    Value,
    Number,
)
