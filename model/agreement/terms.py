"""Terms are data: one frozen reading of a group's TOML for enrollment and billing alike.

All spans are inclusive; money is in cents.

See docs/design.md, Terms are data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from model.agreement.answers import USUAL, Answers
from model.agreement.channel import FOLDER, Channel
from model.agreement.dated import Dated
from model.agreement.grants import ALL_GRANTED, Action, FullFile, Grant, Reach, reach
from model.money.cents import Cents
from model.money.ledger import BillingAccount
from model.timeline import OPEN, Month, Span, years_after
from model.trade.references import MASTER_POLICY


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


@dataclass(frozen=True, slots=True)
class PartnerProfile:
    """How this sender uses the guide: each switch that is the partner's (docs/domain.md, Switches)."""

    # Which REF names the group: "38" (header), "1L" (member), or "only" (the partner's only granted group).
    group_from: str = MASTER_POLICY
    # How many leading characters of that REF are the group number; 0 = all of it.
    group_length: int = 0
    # Which member REF names the subgroup: "1L" (what follows group_length), "DX", "17", "ZZ", "23",
    # or "only" (the group's only subgroup).
    subgroup_from: str = "only"
    # Which member REF carries our member ID; empty = none.
    member_id_from: str = ""
    # Every INS03 = 030 under BGN08 = 2: "hold", or "compare" (apply each record's difference, imply nothing).
    audit_records: str = "hold"
    # INS*001 + HD*021 for a subscriber we do not know: "add" with a warning, or "pend".
    unknown_on_change: str = "add"
    # Add with another plan of the same line: "replace" (the old span ends the day before), or "pend".
    plan_change: str = "replace"
    # 349 = 348 means the coverage never was.
    same_day_end_is_void: bool = False
    # Some senders never change ISA13: compare it for duplicates or not.
    duplicate_interchanges: bool = True
    # The 820 transmission is itself the deposit; otherwise cash waits for the bank (docs/domain.md, Deposits).
    remittance_is_deposit: bool = False
    # For how many days after its receipt an ISA13 may not come again, for senders who start over; 0 = for ever.
    # Contents are compared without such a limit.
    duplicate_days: int = 0
    # ISA13 counts up by one for us alone, so that a missing one is told; false for senders who number otherwise.
    numbers_in_sequence: bool = True
    # What a full file (BGN08 = RX) holds: only who belongs there and is not in it is absent.
    full_file: FullFile = ALL_GRANTED


@dataclass(frozen=True, slots=True)
class Partner:
    """A trading partner: who sends files. The channel decides who it is; ISA06/GS02 must agree."""

    code: str  # our name for it: folder and command line
    name: str
    kind: str = "employer"  # employer, broker, tpa, agency
    isa_ids: tuple[tuple[str, str], ...] = ()  # (ISA05, ISA06) pairs it sends as
    gs_ids: tuple[str, ...] = ()  # GS02 values; empty accepts any
    contact: Contact = Contact()
    grants: tuple[Grant, ...] = ()
    profile: PartnerProfile = PartnerProfile()
    channel: Channel = FOLDER
    answers: Answers = USUAL
    companies: tuple[str, ...] = ()  # company identifiers it pays under (BPR10): its deposits, and nobody else's

    def reach(self, action: Action, group: str, day: date) -> Reach:
        """Return for how much of a group the partner may do an action (model.agreement.grants) on a day."""
        return reach(self.grants, action, group, day)

    def may(self, action: Action, group: str, day: date, subgroup: str = "") -> bool:
        """Say whether the partner may do this on a day for a subgroup, or ("") for any part of the group."""
        reached = self.reach(action, group, day)
        return reached.covers(subgroup) if subgroup else bool(reached)


# Percent; the second in a disability extension (docs/domain.md, COBRA premium)
MOST_UNDER_COBRA, MOST_EXTENDED = 102, 150


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
    cobra: bool = False  # its families go on under COBRA (INS05 = C) and no others
    # Of the plan's rate; 102 under COBRA unless agreed (docs/domain.md, COBRA premium)
    premium_percent: Dated[int] = Dated(100)
    former: tuple[FormerAccount, ...] = ()  # the account's earlier numbers, oldest first
    extension_percent: Dated[int] = Dated(MOST_EXTENDED)  # under COBRA, in a disability extension (billing.cobra)

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every number its account ever had, the one in use last."""
        return *(former.number for former in self.former), self.account

    def premium(self, rate: Cents, day: date, *, extended: bool = False) -> Cents:
        """Return what this subgroup pays for a monthly rate on a day, in cents, half a cent rounded up."""
        percent = self.extension_percent if extended and self.cobra else self.premium_percent
        return (rate * percent.on(day) + 50) // 100


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
class Rules:
    """The enrollment switches that are the group's (docs/domain.md, Switches)."""

    retro_term_days: int = 60
    # Spans of receipt dates for which the group attests: administrative lag, no contribution taken.
    attestations: tuple[Span, ...] = ()
    child_age_limit: int = 26
    # A new hire is covered no earlier than this many days after the hire (at most 90 in all) ...
    waiting_days: int = 0
    # ... "exact": on that day; "first-of-month": on the first of the month on or after it.
    waiting_start: str = "exact"
    # Days after the event in which enrollment may be asked for: hire; marriage, adoption, loss of coverage; birth.
    new_hire_days: int = 31
    event_days: int = 30
    newborn_days: int = 61
    # How long COBRA lasts after the end or cut of employment; other events have 36 months.
    cobra_months: int = 18
    # What COBRA's months are counted from: "event" (INS07, DTP*301), or "loss" of coverage.
    cobra_from: str = "event"

    def waited(self, hired: date) -> date:
        """Return the first day on which somebody hired on `hired` may be covered."""
        day = hired + timedelta(days=self.waiting_days)
        if self.waiting_start == "first-of-month" and day.day > 1:
            return Month.of(day).plus(1).first
        return day


@dataclass(frozen=True, slots=True)
class RuleOverride:
    """Switches that differ in a span, for one subgroup or ("") the whole group; None: as otherwise agreed."""

    span: Span
    subgroup: str = ""
    retro_term_days: int | None = None
    child_age_limit: int | None = None
    waiting_days: int | None = None
    waiting_start: str | None = None
    new_hire_days: int | None = None
    event_days: int | None = None
    newborn_days: int | None = None
    cobra_months: int | None = None
    cobra_from: str | None = None

    def over(self, rules: Rules) -> Rules:
        """Return rules with the switches that this one changes."""
        own = (f.name for f in fields(self) if f.name not in ("span", "subgroup"))
        return replace(rules, **{name: value for name in own if (value := getattr(self, name)) is not None})


@dataclass(frozen=True, slots=True)
class Billing:
    """The billing switches (docs/domain.md, Switches). A covered month takes what is in force on its first day."""

    first_month: Month  # the first month this system bills; nothing earlier is ever charged
    proration: Dated[str] = Dated("full-month")  # full-month, wash, daily
    # What becomes of an account's invoice when a plan lacks the rate of a tier or an age, or a member the birth
    # date: "hold" it, or "bill-the-rest". A plan without any rate always holds it.
    unpriced: Dated[str] = Dated("hold")
    invoice_day: Dated[int] = Dated(10)  # of the month before the covered month
    due_day: Dated[int] = Dated(1)  # of the covered month
    grace_days: Dated[int] = Dated(31)
    # What is paid under a consolidated invoice's number and is not its total: "suspense", until a person says for
    # whom it is, or "oldest-first" over the accounts it covers.
    consolidated_payment: str = "suspense"


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
    rules: Rules
    billing: Billing
    overrides: tuple[RuleOverride, ...] = ()  # the whole group's before a subgroup's own

    def rules_on(self, day: date, subgroup: str = "") -> Rules:
        """Return the enrollment switches in force on a day, in a subgroup."""
        rules = self.rules
        for owner in ("", subgroup) if subgroup else ("",):
            for override in self.overrides:
                if override.subgroup == owner and override.span.covers(day):
                    rules = override.over(rules)
        return rules

    def whom_to_ask(self, carrier: Carrier) -> Contact:
        """Return the contact that every document of this group shows (FAQ 40)."""
        return self.contact if self.contact.name else carrier.contact

    def subgroup(self, text: str) -> Subgroup | None:
        """Return the subgroup with this code, or that senders call so."""
        return next((s for s in self.subgroups if s.code == text or text in s.sent_as), None)

    def cobra_subgroup(self, day: date) -> Subgroup | None:
        """Return the one COBRA subgroup open on a day; None when there is none, or more than one."""
        found = [s for s in self.subgroups if s.cobra and s.span.covers(day)]
        return found[0] if len(found) == 1 else None

    def line_of(self, hd03: str) -> Line | None:
        """Return the line of coverage that an HD03 code means here."""
        return next((line for line in self.lines if hd03 in line.sent_as), None)

    def plan_of(self, line: str, text: str) -> Plan | None:
        """Return the plan of a line that HD04 means here (dates are not looked at)."""
        found = (p for p in self.plans if p.line == line and (p.code == text or text in p.sent_as))
        return next(found, None)

    def plan(self, code: str) -> Plan | None:
        """Return the plan with this code."""
        return next((p for p in self.plans if p.code == code), None)

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
    "FormerAccount",
    "Grant",
    "Line",
    "Partner",
    "PartnerProfile",
    "Plan",
    "Rate",
    "RuleOverride",
    "Rules",
    "Subgroup",
    "Terms",
    "TermsFile",
]
