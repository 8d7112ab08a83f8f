"""The values of received files: the file, its sets, their members and payments, what we answered.

Figures that end in `_cents` are cents; instants are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from model.money.cents import Cents
from pipeline.views.findings import FindingView
from pipeline.views.plain import Counts


@dataclass(frozen=True, slots=True)
class FileHead:
    """One received file, as `file list` has it.

    `size` is in bytes; `state` is "" while it is not done; `attempts` are
    those that began and did not end well, `failure` what the last one ended by.
    """

    file_id: str
    sha256: str
    name: str
    partner: str
    channel: str
    kind: str
    state: str
    size: int
    received_at: datetime
    environment: str
    attempts: int
    failure: str


@dataclass(frozen=True, slots=True)
class Ta1View:
    """A TA1 of ours: the ISA13 that it answers, TA104, TA105."""

    kind: str
    control: str
    verdict: str
    code: str


@dataclass(frozen=True, slots=True)
class AnsweredSet:
    """What a 999 of ours says of one set: ST02, IK501, IK502 and what follows it."""

    control: str
    verdict: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ack999View:
    """A 999 of ours: the GS06 that it answers, AK901, AK905 and what follows it, and AK902 to AK904: sets."""

    kind: str
    control: str
    verdict: str
    codes: tuple[str, ...]
    declared: int
    received: int
    accepted: int
    sets: tuple[AnsweredSet, ...]


@dataclass(frozen=True, slots=True)
class Advice824View:
    """An 824 of ours: GS06 and ST02 of the set that it is about, OTI01, and the conditions (TED01)."""

    kind: str
    control: str
    set: str
    verdict: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of coverage of a member line, what was done with it, and when that was recorded."""

    line: str
    plan: str
    disposition: str
    action: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemberLineView:
    """One member line of a set, by `number`. `subscriber` is masked; `disposition` is the worst of its lines."""

    number: int
    subscriber: str
    member: str
    relationship: str
    group: str
    subgroup: str
    disposition: str
    cause: str
    lines: tuple[LineView, ...]
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class RemittanceLineView:
    """One line of an 820 (RMR), and where its money went. `paid_cents` in cents; `reference` is masked."""

    number: int
    qualifier: str
    reference: str
    paid_cents: Cents
    disposition: str
    action: str


@dataclass(frozen=True, slots=True)
class RemittanceView:
    """An 820 that was taken. `amount_cents` is BPR02; `receipt` is 0 while it is not posted."""

    state: str
    reason: str
    trace: str
    amount_cents: Cents
    receipt: int
    lines: tuple[RemittanceLineView, ...]


@dataclass(frozen=True, slots=True)
class SetView:
    """One set of a file: ST02, ST01, its guide, what became of it, its members.

    `members` are those of the page; `counts`: how many lines of all its members came to each disposition. Of them
    `pruned` changed nothing and are not kept any more. `decided_at` is when members were decided last, `fed_at`
    when a roster with that first left for a partner; null not yet.
    """

    control: str
    kind: str
    version: str
    state: str
    reason: str
    counts: Counts
    pruned: int
    decided_at: datetime | None
    fed_at: datetime | None
    members: tuple[MemberLineView, ...]
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class PaymentSetView(SetView):
    """A set that is an 820; `remittance` is null where it was not taken."""

    remittance: RemittanceView | None


@dataclass(frozen=True, slots=True)
class FileView(FileHead):
    """One received file with a page of what came of it: sets, and lines of members or payments, in file order.

    `next` says where the next page begins, "" after the last one. What is counted is counted of the whole file:
    `counts`, how many lines of members came to each disposition, `set_counts` sets by state ("" not decided),
    `finding_counts` findings by severity, `answer_count` answers. `waits`: the earlier file that it waits for, in
    words, while it is not done. `findings` are those of no set; `all_findings` are the most severe of all. `acks`:
    our answers to it, advice last where not all are shown; `documents`: where those answers were published.

    `accepted_at`: it was judged; `acknowledged_at`: the last TA1 or 999 left; `applied_at`: the last set was
    decided, null while one waits; `answered_at`: its report left. Null: not yet, or nothing of the kind is owed.
    """

    waits: str
    accepted_at: datetime | None
    acknowledged_at: datetime | None
    applied_at: datetime | None
    answered_at: datetime | None
    counts: Counts
    set_counts: Counts
    finding_counts: Counts
    answer_count: int
    next: str
    acks: tuple[Ta1View | Ack999View | Advice824View, ...]
    sets: tuple[SetView | PaymentSetView, ...]
    findings: tuple[FindingView, ...]
    all_findings: tuple[FindingView, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SweptView:
    """What a sweep took from one partner's channel; partner "" for what is no channel's.

    That are files that earlier runs had left, and what lies in folders of nobody.
    """

    partner: str
    channel: str
    files: tuple[FileView, ...]
    findings: tuple[FindingView, ...]
