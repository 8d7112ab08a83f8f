"""What a change of terms or of coverage does, as it is shown. Names in `_cents` are cents; months are YYYY-MM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from model.money.cents import Cents
from pipeline.views.findings import FindingView, finding_values
from pipeline.views.plain import of_fields

if TYPE_CHECKING:  # open work is listed without what works effects out
    from billing.moves import Move
    from billing.terms_effect import Effect, MonthEffect, PriceLost
    from enrollment.ending import BeyondPlan, Ended
    from model.agreement.terms import Partner, TermsFile
    from model.finding import Finding


@dataclass(frozen=True, slots=True)
class MonthEffectView:
    """What a billed month of an account is still to be corrected by, in cents: before the change and after it."""

    account: str
    month: str
    subscribers: int
    before_cents: Cents
    after_cents: Cents
    change_cents: Cents


@dataclass(frozen=True, slots=True)
class PriceLostView:
    """A billed month of an account that would have no price: lines of coverage, what stands billed, in cents."""

    account: str
    month: str
    units: int
    posted_cents: Cents


@dataclass(frozen=True, slots=True)
class OpenInvoiceView:
    """What is open of an invoice, in cents."""

    number: str
    open_cents: Cents


@dataclass(frozen=True, slots=True)
class MoveView:
    """An account whose books move to another number, with its open invoices and its credit in cents."""

    from_: str
    to: str
    invoices: tuple[OpenInvoiceView, ...]
    credit_cents: Cents


@dataclass(frozen=True, slots=True)
class UncoveredView:
    """What is agreed no longer while `people` are covered by it; `past`: some on days that have been."""

    what: str
    people: int
    past: bool


@dataclass(frozen=True, slots=True)
class EffectView:
    """What loading terms changes: in words, in billed months, in whose books, and who is covered beyond them."""

    changes: tuple[str, ...]
    months: tuple[MonthEffectView, ...]
    unpriced: tuple[PriceLostView, ...]
    moves: tuple[MoveView, ...]
    uncovered: tuple[UncoveredView, ...]
    needs_two_people: bool


@dataclass(frozen=True, slots=True)
class LoadedPartnerView:
    """A partner that was loaded, and how many grants of groups it has in the file."""

    code: str
    name: str
    grants: int


@dataclass(frozen=True, slots=True)
class TermsLoadView:
    """What became of one terms file; `group` and `partners` are those that it loaded.

    `subgroups`, `plans` and `rates` count those of the group, 0 without one; `loaded_partners` says more of each.
    """

    file: str
    loaded: bool
    group: str
    partners: tuple[str, ...]
    effect: EffectView
    findings: tuple[FindingView, ...]
    group_name: str
    subgroups: int
    plans: int
    rates: int
    loaded_partners: tuple[LoadedPartnerView, ...]


def terms_loaded(name: str, file: TermsFile | None, effect: Effect, findings: Iterable[Finding]) -> TermsLoadView:
    """Return what became of a terms file; `file`: what it holds, None where nothing of it was stored."""
    group, partners = (file.terms, file.partners) if file else (None, ())
    return TermsLoadView(
        file=name,
        loaded=file is not None,
        group=group.group if group else "",
        partners=tuple(partner.code for partner in partners),
        effect=effect_view(effect),
        findings=finding_values(findings),
        group_name=group.name if group else "",
        subgroups=len(group.subgroups) if group else 0,
        plans=len(group.plans) if group else 0,
        rates=len(group.rates) if group else 0,
        loaded_partners=tuple(map(_partner, partners)),
    )


def _partner(partner: Partner) -> LoadedPartnerView:
    return LoadedPartnerView(partner.code, partner.name, len(partner.grants))


def effect_view(effect: Effect) -> EffectView:
    """Return what loading terms changes."""
    return EffectView(
        changes=tuple(effect.words),
        months=months(effect.months),
        unpriced=tuple(map(_price_lost, effect.unpriced)),
        moves=tuple(map(_move, effect.moves)),
        uncovered=tuple(of_fields(UncoveredView, loss) for loss in effect.uncovered),
        needs_two_people=bool(effect.decisions),
    )


def months(effects: Iterable[MonthEffect]) -> tuple[MonthEffectView, ...]:
    """Return what billed months are still to be corrected by."""
    return tuple(
        MonthEffectView(
            account=effect.account,
            month=str(effect.month),
            subscribers=effect.subscribers,
            before_cents=effect.before,
            after_cents=effect.after,
            change_cents=effect.change,
        )
        for effect in effects
    )


def _price_lost(lost: PriceLost) -> PriceLostView:
    return PriceLostView(lost.account, str(lost.month), lost.units, lost.posted)


def _move(move: Move) -> MoveView:
    invoices = tuple(OpenInvoiceView(invoice.number, invoice.open) for invoice in move.invoices)
    return MoveView(move.old, move.new, invoices, move.credit_cents)


# --- coverage ends -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EndedView:
    """What ends of one subgroup ("" where the family is in none) and line: people and coverages.

    `last` is its last covered day, inclusive; `void` counts coverages that would begin after it.
    """

    subgroup: str
    line: str
    last: date
    subscribers: int
    dependents: int
    coverages: int
    void: int


@dataclass(frozen=True, slots=True)
class BeyondPlanView:
    """Members who stay covered after the last day (inclusive) of their plan."""

    plan: str
    last: date
    people: int


@dataclass(frozen=True, slots=True)
class EndCoverageView:
    """What ends of a group's coverage; `past` counts who loses days that have been. Last days are inclusive.

    `problem`: why it was not done, in words.
    """

    group: str
    ended: tuple[EndedView, ...]
    past: int
    beyond_plans: tuple[BeyondPlanView, ...]
    done: bool = False
    problem: str = ""
    months: tuple[MonthEffectView, ...] = ()


def ending(
    group: str,
    ended: Iterable[Ended],
    past: int,
    beyond_plans: Iterable[BeyondPlan],
    effects: Iterable[MonthEffect],
) -> EndCoverageView:
    """Return what is to end of a group's coverage, and what that changes in the books."""
    return EndCoverageView(
        group=group,
        ended=tuple(of_fields(EndedView, each) for each in ended),
        past=past,
        beyond_plans=tuple(of_fields(BeyondPlanView, plan) for plan in beyond_plans),
        months=months(effects),
    )
