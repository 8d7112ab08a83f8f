"""Watch: what each step leaves waiting becomes open work, and what waits no more is closed by that step.

See docs/domain.md, Open work; docs/design.md, Open work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from billing.prices import Prices
from model.agreement.terms import Terms
from model.codes import CODES
from model.desk import LINES, Item, ItemKind, Key, Waiting
from model.enrollment.actions import Action, Did
from model.enrollment.decision import MEMBER, Cause, Decision, Disposition, LineDecision, Objection
from model.enrollment.events import Demographics
from model.enrollment.ruling import WITH_OTHERS, foremost
from model.exchange import MemberLine, StoredSet
from model.finding import Finding, Severity
from model.money.cents import Cents
from model.trade.kept import Kept
from model.trade.maintenance import ACTIVE, BENEFITS_LEFT
from model.trade.member import AT_WORK, BENEFIT_STATUSES, Benefit
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.received import envelopes
from store.received.member_lines import DispositionRow
from vault.ssn import mask_key
from vault.tokens import Tokens

OMITTED, LINE_OMITTED = "ABSENT-FROM-FULL-FILE", "LINE-ABSENT-FROM-FULL-FILE"
SURVIVORS = "SURVIVORS-ENDED"  # a family's coverage ended by a death: is COBRA or more owed to it
OFFER = "COBRA-OFFER"  # a child's coverage ends by age: COBRA is to be offered to it
LEAVE = "LEAVE-COBRA"  # a leave or layoff without benefits: is COBRA to be offered
OWED = frozenset({SURVIVORS, LEAVE})  # what an end of coverage does not answer
ORDER = "ORDER-ASKED"  # another parent or responsible person is named: is there a court order
ASKED = OWED | {ORDER}  # beside what becomes of a record
AT_ONCE = 5_000  # items that are opened in one statement
_MEMBERS = (ItemKind.MEMBER, ItemKind.OMITTED, ItemKind.QUERY)
_MOVES = frozenset({Did.REMOVED_END, Did.MOVED_END})
_ENDS = frozenset({Did.ENDED, Did.ENDED_BEFORE, Did.CANCELLED, Did.VOIDED, Did.CUT, Did.MOVED_END})
_BACK = frozenset({Did.REINSTATED, Did.REINSTATED_UNTIL, Did.REINSTATED_LATER})

# Why something of a record waits, and which of its lines; none: the member.
_Question = tuple[Finding, list[LineDecision]]
# Of an unchanged family: a member line, the name that a report shows, and what becomes of its lines.
Again = tuple[MemberLine, str, Sequence[DispositionRow]]


# --- sets ------------------------------------------------------------------------------------------------


def held(conn: Connection, step: Step, stored: StoredSet, finding: Finding, groups: Collection[str] = ()) -> None:
    """Open the item of a set that is held by what a finding says."""
    place = f"{stored.file_id}/{envelopes.ordinal(conn, stored.id)}"
    waiting = Waiting(
        ItemKind.SET,
        place,
        finding.code,
        f"set {stored.control} of {stored.file_id}",
        finding.severity,
        group=next(iter(groups)) if len(groups) == 1 else "",
        partner=stored.partner,
        file=stored.file_id,
        set=stored.id,
    )
    items.reconcile(conn, step, Scope((ItemKind.SET,), [place]), [waiting])


# --- member lines ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Members:
    """What the member lines of one set that is applied leave waiting, chunk by chunk.

    A line that is decided otherwise, or waits for something else now, waits no more for what an earlier record of
    the same person and line waited for; one that is refused leaves that as it is. What the set itself leaves
    waiting is closed by none of its own records. Whether somebody is still employed is answered by an end.
    """

    conn: Connection
    step: Step
    stored: StoredSet
    tokens: Tokens
    prices: Mapping[str, Prices]
    open: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))  # by subject, of earlier sets
    mine: set[Key] = field(default_factory=set)  # what this set leaves waiting
    fresh: list[Waiting] = field(default_factory=list)  # not written yet, as the two that follow
    sent_again: list[tuple[Item, Waiting]] = field(default_factory=list)
    narrowed: list[Item] = field(default_factory=list)  # about fewer lines than before
    gone: list[int] = field(default_factory=list)  # row ids

    @classmethod
    def begin(
        cls, conn: Connection, step: Step, stored: StoredSet, tokens: Tokens, terms: Mapping[str, Terms]
    ) -> Members:
        """Load what is open of the members of these groups, once for the set."""
        watch = cls(conn, step, stored, tokens, {number: Prices(known) for number, known in terms.items()})
        for number in terms:
            for known in items.opened(conn, Scope(_MEMBERS, group=number)).values():
                if known.waiting.kind is not ItemKind.OMITTED or known.waiting.partner == stored.partner:
                    watch.open[known.waiting.whom].append(known)
        return watch

    def take(self, decisions: Iterable[Decision], again: Iterable[Again]) -> None:
        """Take a chunk: what was decided, and what is as it was."""
        for decision in decisions:
            waits = _waits(decision) if decision.objections else []
            if waits:
                self._open(decision, waits)
            if self.open and decision.cause is Cause.SENT:
                lines = {line.line for line in decision.lines if line.disposition is not Disposition.REJECTED}
                if lines:
                    ended, answers = _does(decision, _ENDS), _answers(decision)
                    self._decided(_subjects(decision, self.tokens), lines, ended=ended, answers=answers)
        for line, _, rows in again if self.open else ():
            for row in rows:
                people = (row.member_id, f"{line.family_token}:{line.person_token}")
                self._decided([f"{row.group_number}/{person}" for person in people], {row.line})
        self._write(AT_ONCE)

    def omitted(self, rule: str, place: tuple[str, str], member_id: str, label: str, cents: Cents) -> None:
        """Take somebody, told by a label, whom the set, a full file, does not name, or not with each line.

        `place`: group and subgroup; `cents`: what a month of what is not named is billed.
        """
        group, subgroup = place
        waiting = Waiting(
            ItemKind.OMITTED,
            f"{group}/{member_id}/{self.stored.partner}",  # another sender's full file may miss the same person
            rule,
            label,
            CODES[rule].severity,
            group=group,
            subgroup=subgroup,
            partner=self.stored.partner,
            file=self.stored.file_id,
            set=self.stored.id,
            cents=cents,
        )
        self._wait([f"{group}/{member_id}"], waiting)
        self._write(AT_ONCE)

    def end(self, *, full: bool) -> None:
        """Close the set: a full file that does not miss somebody any more says so. Number what was opened."""
        missed = (known for subject in self.open.values() for known in subject)
        self.gone += [known.id for known in missed if full and known.waiting.kind is ItemKind.OMITTED]
        self._write(0)
        if self.mine:
            items.number(self.conn, self.step.tx)

    def _open(self, decision: Decision, waits: Iterable[_Question]) -> None:
        subjects = _subjects(decision, self.tokens)
        for finding, lines in waits:
            waiting = Waiting(
                ItemKind.QUERY if finding.code in ASKED else ItemKind.MEMBER,
                subjects[0],
                finding.code,
                _label(decision),
                finding.severity,
                line=LINES.join(sorted({line.line for line in lines})),
                group=decision.group,
                subgroup=decision.subgroup,
                partner=self.stored.partner,
                file=self.stored.file_id,
                set=self.stored.id,
                member=decision.event.number,
                cents=sum(self._month(decision, line) for line in lines),
            )
            self._wait(subjects, waiting, {each.finding.code for each in decision.objections})

    def _wait(self, subjects: Sequence[str], waiting: Waiting, codes: Collection[str] = ()) -> None:
        """Open an item, or record a receipt of one that is open under any of these names of its subject.

        `codes`: all that is said of the record. It is the same question while it waits for the same thing, though
        by now something else must be answered first.
        """
        if waiting.key in self.mine:
            return
        self.mine.add(waiting.key)
        said = {waiting.rule, *codes}
        for subject in subjects:
            for known in self.open.get(subject, ()):
                there = known.waiting
                if (there.kind, there.line) == (waiting.kind, waiting.line) and there.rule in said:
                    self.sent_again.append((known, waiting))
                    self._forget(known)
                    return
        self.fresh.append(waiting)

    def _decided(
        self,
        subjects: Iterable[str],
        lines: Collection[str],
        *,
        ended: bool = False,
        answers: Collection[str] = (),
    ) -> None:
        """Close what waited of these lines, or of the person as a whole, in an earlier set.

        What waits of other lines too waits for those alone from now on; what waits still was taken by `_wait`.
        Which lines a full file lacks of somebody whom it names is known at its end alone. `answers`: the questions
        (rules) that the record answers in itself.
        """
        for known in [known for subject in subjects for known in self.open.get(subject, ())]:
            waiting = known.waiting
            by_end = waiting.kind is ItemKind.QUERY or waiting.rule == LINE_OMITTED
            closes = waiting.rule not in OWED and (ended or not by_end)
            left = waiting.lines - set(lines)
            if waiting.rule in answers or (closes and not left):
                self.gone.append(known.id)
                self._forget(known)
            elif closes and left != waiting.lines:
                self._narrow(known, LINES.join(sorted(left)))

    def _narrow(self, known: Item, line: str) -> None:
        """Let an item be about fewer lines; what a month of those costs is not known apart."""
        now = replace(known, waiting=replace(known.waiting, line=line, cents=0))
        there = self.open[known.waiting.whom]
        if now.waiting.key in self.mine or any(each.waiting.key == now.waiting.key for each in there):
            self.gone.append(known.id)  # the same is asked already
            self._forget(known)
        else:
            self.narrowed.append(now)
            there[there.index(known)] = now

    def _forget(self, known: Item) -> None:
        """Look no more at an item of an earlier set; with its last one its subject goes too."""
        subject = known.waiting.whom
        self.open[subject].remove(known)
        if not self.open[subject]:
            del self.open[subject]

    def _write(self, most: int) -> None:
        """Write what is more than so much; what is gone first, since it may wait anew."""
        if len(self.fresh) + len(self.sent_again) + len(self.narrowed) + len(self.gone) > most:
            items.close(self.conn, self.step.tx, self.gone, by=(self.stored.file_id, self.stored.id, 0))
            items.narrow(self.conn, self.narrowed)
            items.again(self.conn, self.step, self.sent_again)
            items.add(self.conn, self.step, self.fresh)
            self.fresh, self.sent_again, self.narrowed, self.gone = [], [], [], []

    def _month(self, decision: Decision, line: LineDecision) -> Cents:
        """Return what a month of a subscriber's line costs by tier, as sent; 0 where that does not say it."""
        sent, prices = line.coverage, self.prices.get(decision.group)
        if sent is None or prices is None or not decision.event.is_subscriber:
            return 0
        day = sent.begin or sent.end or self.step.today
        if prices.by_age(line.plan, decision.subgroup, day):
            return 0
        return prices.of_tier(line.plan, sent.tier, decision.subgroup, day, False).cents or 0


def _waits(decision: Decision) -> list[_Question]:
    """Return what keeps a decision's lines waiting: one question about the member, one about its lines.

    A person's answer is about all that waits of the record; each is named by what must be answered first. What a
    family is owed after a death waits for nobody's line, and is asked too.
    """
    said = decision.objections
    said = tuple(each for each in said if each.finding.severity is Severity.PEND or each.finding.code in ASKED)
    if not said:
        return []
    lines = {line.number: line for line in decision.lines if line.disposition is not Disposition.REJECTED}
    said = tuple(each for each in said if each.coverage in lines or (each.coverage == MEMBER and lines))
    asked = [(each.finding, _of_lines([each], lines)) for each in said if each.finding.code in ASKED]
    pending = [each for each in said if each.finding.code not in ASKED]
    if any(each.finding.code not in WITH_OTHERS for each in pending):  # the rest is decided with it
        pending = [each for each in pending if each.finding.code not in WITH_OTHERS]
    for of_member in (True, False):
        mine = [each for each in pending if (each.coverage == MEMBER) is of_member]
        if mine:
            code = foremost([each.finding.code for each in mine])
            finding = next(each.finding for each in mine if each.finding.code == code)
            asked.append((finding, _of_lines(mine, lines)))
    return asked


def _of_lines(said: Iterable[Objection], lines: Mapping[int, LineDecision]) -> list[LineDecision]:
    numbers = dict.fromkeys(each.coverage for each in said if each.coverage != MEMBER)
    return [lines[number] for number in numbers]


def _does(decision: Decision, wanted: Collection[Did]) -> bool:
    """Say whether anything of a decision was done to coverage that is of these kinds."""
    applied = (line.action for line in decision.lines if line.disposition is Disposition.APPLIED)
    kinds = (step.kind for action in applied for step in (action, *action.about) if isinstance(step, Action))
    return any(kind in wanted for kind in kinds)


def _answers(decision: Decision) -> list[str]:
    """Return which questions a record answers: COBRA after a leave, COBRA for a child whose end by age is moved.

    Such an end is moved by a person, or by a proof.
    """
    answered = ((LEAVE, _answers_leave(decision)), (OFFER, _does(decision, _MOVES)))
    return [rule for rule, does in answered if does]


def _answers_leave(decision: Decision) -> bool:
    """Say whether a subscriber's record answers whether COBRA is due after a leave or layoff.

    It does by COBRA, by an end, by coverage that comes back, and by saying that the employee is at work again; a
    sender that says INS08 = FT of everybody says so only where the code is another one than before.
    """
    event = decision.event
    if not event.is_subscriber or event.reason in BENEFITS_LEFT:
        return False
    applied = [line.action for line in decision.lines if line.disposition is Disposition.APPLIED]
    told = {kind for action in applied if action.kind is Did.TOLD for kind in action.about}
    at_work = event.employment in AT_WORK and Kept.EMPLOYMENT in told
    cobra = bool(applied) and BENEFIT_STATUSES.effects.get(event.benefit_status) is Benefit.COBRA
    return cobra or at_work or event.reason == ACTIVE or _does(decision, _ENDS | _BACK)


def _subjects(decision: Decision, tokens: Tokens) -> list[str]:
    """Return the names of whom a decision is about, the best one first: the member ID, else tokens.

    Somebody who was not known when the item was opened is by now.
    """
    event = decision.event
    if decision.cause is not Cause.SENT:
        return [f"{decision.group}/{decision.member_id}"]
    return list(_names(decision.group, decision.member_id, event.subscriber_number, event.person, tokens))


def _names(group: str, member_id: str, number: str, person: Demographics, tokens: Tokens) -> Iterator[str]:
    if member_id:
        yield f"{group}/{member_id}"
    birth = person.birth.isoformat() if person.birth else ""
    for family in tokens.family(number) or ("",):
        for who in tokens.person(person.name.first, birth):
            yield f"{group}/{family}:{who}"


def _label(decision: Decision) -> str:
    """Name whom a decision is about as documents do, masked."""
    event = decision.event
    who = f"member {decision.member_id}" if decision.member_id else "somebody not known yet"
    return f"{who}, {event.relationship} of {mask_key(event.subscriber_number)}"
