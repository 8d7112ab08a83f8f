"""Money that no account has, as the suspense desk shows it: what it may be for, and payers' rules. Cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from model.money.cents import Cents
from pipeline.views.plain import Counts


@dataclass(frozen=True, slots=True)
class SuspenseAsked:
    """Which items are asked for: `older` days or more, of lines that name a group, of a partner; 0 and "": all."""

    older: int = 0
    group: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class ProposalView:
    """What money may be for. `number` is that of `proposal:K`; `place` is the same for what is as likely (`tied`).

    `to` and `month` (YYYY-MM, "" none) are those of `suspense assign --to ... --month ...`; `why` are the reasons'
    kinds, `reasons` their words, the weightiest first.
    """

    number: int
    place: int
    tied: bool
    to: str
    month: str
    why: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuspenseRowView:
    """One item of money that no account has: `number` as `work list` has it, `kind` suspense or deposit.

    `amount_cents` is below zero for a take-back. `partner` is "" for a deposit, `payer` who may have sent it.
    `remittance` with its `line` (0: the payment as a whole), or `deposit`, are the papers, 0 where there is none.
    `age` is in days since `since`; `why` says why it lies there, `best` is the likeliest proposal, null for none.
    """

    number: int
    kind: str
    since: date | None
    age: int
    amount_cents: Cents
    partner: str
    payer: str
    group: str
    trace: str
    remittance: int
    line: int
    deposit: int
    why: str
    best: ProposalView | None


@dataclass(frozen=True, slots=True)
class SuspenseListView:
    """A page of what no account has, the oldest first; `next` begins the page after, "" ends it.

    `total` items and `amount_cents` are all that was asked for. `suspense_cents` by partner and
    `unidentified_cents` are what the ledger has in all, whatever was asked for.
    """

    items: tuple[SuspenseRowView, ...]
    next: str
    total: int
    amount_cents: Cents
    suspense_cents: Counts
    unidentified_cents: Cents


@dataclass(frozen=True, slots=True)
class SuspenseShownView:
    """One item whole: what was sent (masked), why it lies there, and every proposal, the best first.

    `searched`: every sum of open invoices was tried. `requested` is what somebody asked for, whom another person
    confirms.
    """

    item: SuspenseRowView
    sent: tuple[str, ...]
    proposals: tuple[ProposalView, ...]
    searched: bool
    requested: str
    requested_by: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PayerRuleView:
    """A payer's standing rule: money that comes with `said` (masked) belongs to `account`.

    `made_at` and `ended_at` are instants; `ended_at` is null while it stands.
    """

    number: int
    partner: str
    said: str
    account: str
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RuleEndedView:
    """What became of the end of a rule; `problem` says why it stands, "" where it ended."""

    rule: PayerRuleView
    done: bool
    problem: str = ""
