"""Terms are data: one frozen reading of a group's TOML for enrollment and billing alike.

All spans are inclusive; money is in cents.

See docs/design.md, Terms are data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from model.agreement.answers import USUAL, Answers
from model.agreement.billing import Billing
from model.agreement.channel import FOLDER, Channel
from model.agreement.columns import AS_KNOWN, CensusColumns
from model.agreement.enrollment import EnrollmentSwitches, SwitchOverride
from model.agreement.grants import PAY, READ, Action, Grant, Reach, reach
from model.agreement.profile import AS_USUAL, PartnerProfile
from model.agreement.situs import NOT_STATED, Percent, Situs
from model.agreement.switches import Switch
from model.money.cents import Cents
from model.money.ledger import BillingAccount
from model.timeline import OPEN, Dated, Span, years_after
from model.trade.law import Key, number


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or desk to ask."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Ourselves: the identities by which files address us, and what our documents show."""

    name: str
    isa_ids: tuple[tuple[str, str], ...]  # (ISA07 qualifier, ISA08) pairs that are ours
    gs_ids: tuple[str, ...]  # GS03 values that are ours; empty accepts any
    tax_id: str = ""
    address: tuple[str, ...] = ()
    remit_to: tuple[str, ...] = ()
    contact: Contact = Contact()
    time_zone: str = "America/New_York"


BANK = "bank"  # of a partner's kind: each of its files is a bank's, and nobody else's is
PARTNER_KINDS = ("employer", "broker", "tpa", "agency", BANK)


@dataclass(frozen=True, slots=True)
class Partner:
    """A trading partner: who sends files. The channel decides who it is; ISA06/GS02 must agree."""

    code: str  # our name for it: folder and command line
    name: str
    kind: str = "employer"  # one of PARTNER_KINDS
    isa_ids: tuple[tuple[str, str], ...] = ()  # (ISA05, ISA06) pairs it sends as
    gs_ids: tuple[str, ...] = ()  # GS02 values; empty accepts any
    contact: Contact = Contact()
    grants: tuple[Grant, ...] = ()
    profile: PartnerProfile = AS_USUAL
    channel: Channel = FOLDER
    census: CensusColumns = AS_KNOWN
    answers: Answers = USUAL
    companies: tuple[str, ...] = ()  # company identifiers it pays under (BPR10): its deposits, and nobody else's

    def reach(self, action: Action, group: str, day: date) -> Reach:
        """Return for how much of a group the partner may do an action (model.agreement.grants) on a day."""
        return reach(self.grants, action, group, day)

    def may(self, action: Action, group: str, day: date, subgroup: str = "") -> bool:
        """Say whether the partner may do this on a day for a subgroup, or ("") for any part of the group."""
        reached = self.reach(action, group, day)
        return reached.covers(subgroup) if subgroup else bool(reached)

    def sees_money(self, group: str, subgroup: str, day: date) -> bool:
        """Say whether it may be told what coverage costs: who pays for a subgroup ("" for none), or reads it."""
        return any(self.reach(action, group, day).covers(subgroup) for action in (PAY, READ))


# Percent; the second in a disability extension (docs/domain.md, COBRA premium)
MOST_EXTENDED = number(Key.COBRA_EXTENDED_PREMIUM)


@dataclass(frozen=True, slots=True)
class FormerAccount:
    """A billing account's earlier number, and the first day that the number after it bills."""

    number: str
    until: date  # exclusive: the first of the month that the next number bills


@dataclass(frozen=True, slots=True)
class Subgroup:
    """A division of a group with its own billing account."""

    code: str
    name: str
    account: str  # billing account number; its books hold those of the former ones
    span: Span
    sent_as: tuple[str, ...] = ()  # what senders write for it; its code is always understood
    contact: Contact = Contact()
    cobra: Annotated[bool, Switch("Its families go on under COBRA (INS05 = C) and no others")] = False
    # What it pays, and under COBRA 102 unless agreed (docs/domain.md, COBRA premium).
    premium_percent: Annotated[
        Dated[int],
        Switch(
            "What it pays, in percent of the plan's rate", least=1, most=200, left_out="102 under COBRA, else 100"
        ),
    ] = Dated(100)
    former: tuple[FormerAccount, ...] = ()  # the account's earlier numbers, oldest first
    extension_percent: Annotated[  # billing.cobra
        Dated[int],
        Switch("The same under COBRA in months of a disability extension", least=1, most=200, left_out="150"),
    ] = Dated(MOST_EXTENDED)

    billing_mode: Annotated[
        Dated[str],
        Switch("Whether it bills itself, as in [group.billing]", choices=("list", "self"), left_out="the group's"),
    ] = Dated("")
    direct_bill: Annotated[
        Dated[bool],
        Switch("Each of its families pays for itself, on the subgroup's account", left_out="true under COBRA"),
    ] = Dated(first=False)

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every number its account ever had, the one in use last."""
        return *(former.number for former in self.former), self.account


@dataclass(frozen=True, slots=True)
class Line:
    """A line of coverage: a benefit class, with the HD03 codes that mean it.

    Source: docs/domain.md, Lines of coverage.
    """

    code: str  # medical, dental, vision ...
    name: str
    sent_as: tuple[str, ...]  # HD03 codes


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan offered by the group in a span, by some or all subgroups."""

    code: str
    line: str
    name: str
    span: Span
    sent_as: tuple[str, ...] = ()  # HD04 texts that mean it; its code is always understood; "" = none sent
    tiers: tuple[str, ...] = ()  # allowed HD05 codes; empty = the plan has no tiers
    subgroups: tuple[str, ...] = ()  # empty = all

    def offered_to(self, subgroup: str) -> bool:
        """Say whether a subgroup, by its code, may have the plan (dates are not looked at)."""
        return not self.subgroups or subgroup in self.subgroups


@dataclass(frozen=True, slots=True)
class Renewal:
    """In which plan the members of a plan that ends go on, from its first day there."""

    plan: str  # that ends
    to: str
    begin: date  # the day after the old plan's last one
    subgroup: str = ""  # "": of all that have none of their own


SELF = "self"  # of billing_mode
OLDEST = 999  # the last age of an open band such as 64+


@dataclass(frozen=True, slots=True)
class Rate:
    """A monthly rate in cents for a plan and tier in a span; a subgroup's rate overrides the group's.

    With `ages` it is the rate of one member of those ages (first, last; both inclusive), and the tier is "".
    """

    plan: str
    tier: str  # "" for a plan without tiers
    cents: Cents
    span: Span
    subgroup: str = ""
    ages: tuple[int, int] | None = None

    @property
    def level(self) -> str:
        """Name what the rate is for: the tier, or the ages as `0-14`, `15` or `64+`."""
        if self.ages is None:
            return self.tier
        first, last = self.ages
        return f"{first}+" if last >= OLDEST else f"{first}-{last}" if first < last else f"{first}"


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything agreed with one group."""

    group: str
    name: str
    tax_id: str
    span: Span
    sent_as: tuple[str, ...]
    contact: Contact  # whom the group asks, at the plan; carrier's own where empty
    address: tuple[str, ...]
    subgroups: tuple[Subgroup, ...]
    lines: tuple[Line, ...]
    plans: tuple[Plan, ...]
    rates: tuple[Rate, ...]
    rules: EnrollmentSwitches
    billing: Billing
    overrides: tuple[SwitchOverride, ...] = ()  # the whole group's before a subgroup's own
    law: Situs = NOT_STATED
    renewals: tuple[Renewal, ...] = ()

    def switches_on(self, day: date, subgroup: str = "") -> EnrollmentSwitches:
        """Return the enrollment switches in force on a day, in a subgroup."""
        agreed = self.rules
        for owner in ("", subgroup) if subgroup else ("",):
            for override in self.overrides:
                if override.subgroup == owner and override.span.covers(day):
                    agreed = override.over(agreed)
        return agreed

    def switch_spans(self) -> Iterator[Span]:
        """Yield the spans by whose days the enrollment switches differ: overrides, and attestations."""
        yield from self.rules.attestations
        yield from (chosen.span for chosen in self.rules.open_enrollments)
        for override in self.overrides:
            yield override.span
            yield from override.over(self.rules).attestations

    def whom_to_ask(self, carrier: Carrier) -> Contact:
        """Return the contact that every document of this group shows (FAQ 40)."""
        return self.contact if self.contact.name else carrier.contact

    def subgroup(self, text: str) -> Subgroup | None:
        """Return the subgroup with this code, or that senders call so."""
        for subgroup in self.subgroups:
            if subgroup.code == text or text in subgroup.sent_as:
                return subgroup
        return None

    def cobra_subgroup(self, day: date) -> Subgroup | None:
        """Return the one COBRA subgroup open on a day; None when there is none, or more than one."""
        found = [s for s in self.subgroups if s.cobra and s.span.covers(day)]
        return found[0] if len(found) == 1 else None

    def line_of(self, hd03: str) -> Line | None:
        """Return the line of coverage that an HD03 code means here."""
        for line in self.lines:
            if hd03 in line.sent_as:
                return line
        return None

    def plan_of(self, line: str, text: str) -> Plan | None:
        """Return the plan of a line that HD04 means here (dates are not looked at)."""
        for plan in self.plans:
            if plan.line == line and (plan.code == text or text in plan.sent_as):
                return plan
        return None

    def plan(self, code: str) -> Plan | None:
        """Return the plan with this code."""
        for plan in self.plans:
            if plan.code == code:
                return plan
        return None

    def renewed(self, plan: str, subgroup: str, first: date) -> Plan | None:
        """Return in which plan members of a plan go on from a day; the subgroup's own renewal goes first."""
        for owner in (subgroup, ""):
            for renewal in self.renewals:
                if (renewal.plan, renewal.subgroup, renewal.begin) == (plan, owner, first):
                    return self.plan(renewal.to)
        return None

    def account(self, number: str) -> Subgroup | None:
        """Return the subgroup billed on this account number."""
        return next((s for s in self.subgroups if s.account == number), None)

    def billed(self, accounts: Iterable[BillingAccount]) -> tuple[Subgroup, ...]:
        """Return whom to bill, by account number: the subgroups, and what is known of accounts named no longer.

        `accounts` are all that the group ever had; one that another holds is not billed.
        """
        ours = {subgroup.account: subgroup for subgroup in self.subgroups}
        for account in accounts:
            if account.number not in ours and account.held_by == account.number:
                named = self.subgroup(account.subgroup)
                name = named.name if named else account.subgroup
                ours[account.number] = Subgroup(account.subgroup, name, account.number, self.span)
        return tuple(ours[number] for number in sorted(ours))

    def bills_itself(self, place: Subgroup, day: date) -> bool:
        """Say whether a subgroup bills itself for a month, by its first day."""
        return (place.billing_mode.on(day) or self.billing.billing_mode.on(day)) == SELF

    def percent(self, place: Subgroup, day: date, *, extended: bool = False) -> Percent:
        """Return the percent of the rate that a subgroup pays on a covered day; under COBRA as the law allows.

        `extended`: in a disability extension the ceiling is that of the extension, where one binds; an employer
        that federal COBRA leaves out has none.
        """
        agreed = place.premium_percent.on(day)
        if not place.cobra:
            return Percent(agreed, agreed)
        longer = self.law.binding(Key.COBRA_EXTENDED_PREMIUM, day).row if extended else None
        if longer:
            agreed = place.extension_percent.on(day)
            return Percent(min(agreed, longer.value), agreed)
        return self.law.capped(agreed, day)

    def rate(self, plan: str, tier: str, day: date, subgroup: str = "") -> Cents | None:
        """Return a tier's monthly rate in cents on a day; the subgroup's own before the group's; None if none."""
        for owner in (subgroup, "") if subgroup else ("",):
            for rate in self.rates:
                named = (rate.plan, rate.tier, rate.subgroup) == (plan, tier, owner) and rate.ages is None
                if named and rate.span.covers(day):
                    return rate.cents
        return None

    def by_age(self, plan: str, day: date, subgroup: str = "") -> bool:
        """Say whether a plan is rated by each member's age on a day; the subgroup's own rates decide first."""
        for owner in (subgroup, ""):
            now = [r for r in self.rates if (r.plan, r.subgroup) == (plan, owner) and r.span.covers(day)]
            if now:
                return any(rate.ages for rate in now)
        return False

    def rate_at(self, plan: str, age: int, day: date, subgroup: str = "") -> Cents | None:
        """Return the monthly rate in cents of a member of an age on a day; the subgroup's own comes first."""
        for owner in (subgroup, ""):
            for rate in self.rates:
                named = (rate.plan, rate.subgroup) == (plan, owner) and rate.span.covers(day)
                if named and rate.ages and rate.ages[0] <= age <= rate.ages[1]:
                    return rate.cents
        return None

    def rating_day(self, day: date) -> date:
        """Return the last issue or renewal date on or before a day: the terms' begin and its anniversaries."""
        renewal = years_after(self.span.begin, day.year - self.span.begin.year)
        return renewal if renewal <= day else years_after(self.span.begin, day.year - self.span.begin.year - 1)


@dataclass(frozen=True, slots=True)
class TermsFile:
    """What one TOML file holds: any of ourselves, partners and one group."""

    carrier: Carrier | None = None
    partners: tuple[Partner, ...] = ()
    terms: Terms | None = None


__all__ = [
    "OLDEST",
    "OPEN",
    "Billing",
    "Carrier",
    "Contact",
    "Dated",
    "EnrollmentSwitches",
    "FormerAccount",
    "Grant",
    "Line",
    "Partner",
    "PartnerProfile",
    "Plan",
    "Rate",
    "Renewal",
    "Situs",
    "Subgroup",
    "SwitchOverride",
    "Terms",
    "TermsFile",
]
