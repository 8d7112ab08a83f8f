"""The group rules that need no roster, asked of a file that was not sent yet.

See docs/design.md, Rules are functions.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from enrollment import resolve, sets
from enrollment.draft import foreseen
from enrollment.member import subject_of
from enrollment.states import set_state
from enrollment.work import Family, Work
from model.agreement.terms import Carrier, Grant, Partner, Terms, TermsFile
from model.enrollment.decision import Disposition, Objection, SetState
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.enrollment.sent import Sent
from model.finding import Finding
from model.timeline import Span
from model.x12 import Interchange, SetVerdict, TransactionSet
from parsers.x12 import judge as parse
from validators.base import Context, Subject
from validators.reading import read
from validators.registry import judge, judge_alone
from vault.keys import Key, Keyring
from vault.tokens import Tokens

_ALWAYS = Span(date.min)


@dataclass(frozen=True)
class Agreed:
    """What terms files hold together."""

    carrier: Carrier | None
    partners: tuple[Partner, ...]
    terms: Mapping[str, Terms]

    @classmethod
    def of(cls, files: Iterable[TermsFile]) -> Agreed:
        """Put files together; what stands in more than one is taken from the last."""
        files = tuple(files)
        carrier = next((file.carrier for file in reversed(files) if file.carrier), None)
        partners = {partner.code: partner for file in files for partner in file.partners}
        return cls(carrier, tuple(partners.values()), {f.terms.group: f.terms for f in files if f.terms})

    @cached_property
    def tokens(self) -> Tokens:
        """Tokens of a key that nobody keeps: nothing of a check can be looked up afterwards."""
        return Tokens.of(Keyring((Key("check", secrets.token_bytes(32)),)))

    def named(self, code: str) -> Partner:
        """Return the partner of a code, the only one, or (without any) one that may send for every group.

        With several and no code the first: an X12 file says itself who sends it.
        """
        chosen = next((partner for partner in self.partners if partner.code == code), None)
        if chosen or self.partners:
            return chosen or self.partners[0]
        return Partner("", "", grants=tuple(Grant(group, _ALWAYS) for group in self.terms))

    def sender(self, header: Interchange, code: str = "") -> Partner:
        """Return the partner that sends an interchange: as named, else by ISA05 and ISA06."""
        key = (header.sender_qualifier, header.sender)
        known = next((partner for partner in self.partners if key in partner.isa_ids), None)
        return known if known and not code else self.named(code)


def rules(
    chunks: Iterable[bytes],
    agreed: Agreed,
    partner: str,
    today: date,
    environment: str,
    twice: Mapping[int, Mapping[int, bool]],
) -> Iterator[Finding | Ruled]:
    """Yield what the rules say of each member of a file's 834 sets, and of what the sets ask for as a whole.

    After each set what would become of it, were the 999 to let it in.

    `today` stands for the day of receipt, `twice` is what Twice has found. Syntax findings are not repeated.
    """
    asking: _Set | None = None
    sender, usage, started = agreed.named(partner), "", TransactionSet("", "", "", 0, 0)
    for item in parse.judge(chunks):
        match item:
            case Interchange():
                sender, usage = agreed.sender(item, partner), item.usage
            case TransactionSet():
                started, asking = item, None
            case SetHeader():
                context = Context(item, sender, agreed.terms, today, agreed.tokens)
                asking = _Set(context, twice.get(started.segment, {}))
            case EnrollmentEvent() if asking:
                yield from asking.ask(item)
            case SetVerdict() if asking:
                yield from asking.close(started.segment, usage, environment)
                asking = None
            case _:
                pass


@dataclass(frozen=True, slots=True)
class Ruled:
    """What would become of a set (by its ST's ordinal) and of its members' lines, as far as the rules can know."""

    segment: int
    state: SetState
    kinds: frozenset[Disposition]


class _Set:
    """One 834 set under the rules."""

    def __init__(self, context: Context, twice: Mapping[int, bool]) -> None:
        self._context = context
        self._twice = twice
        self._sent = Sent()
        self._kinds: set[Disposition] = set()

    def ask(self, event: EnrollmentEvent) -> Iterator[Finding]:
        """Ask every rule that needs no roster about a member."""
        self._sent.take(event)
        event = resolve.with_plans(event, self._context.partner)
        subject, raised = member(event, self._context, shared=self._twice.get(hash(event.ssn)))
        self._kinds |= foreseen(subject, raised)
        yield from (each.finding for each in raised)

    def close(self, segment: int, usage: str, environment: str) -> Iterator[Finding | Ruled]:
        """Yield how far a set with this header goes, and what would become of it."""
        mode = sets.mode(
            self._context.header,
            self._sent,
            usage=usage,
            environment=environment,
            partner=self._context.partner,
        )
        yield from mode.findings
        if ends := sets.absence_ends(self._context.header, self._context.partner.profile, self._context.today):
            yield ends
        state = SetState.REJECTED if mode.kind is sets.Way.REJECT else set_state(self._kinds, mode.kind)[0]
        yield Ruled(segment, state, frozenset(self._kinds))


def member(
    event: EnrollmentEvent, context: Context, *, shared: bool | None, rows: Sequence[int] = ()
) -> tuple[Subject, list[Objection]]:
    """Return one member as read without a roster, and what the rules say of it; without terms, what needs none.

    `shared`: another person of the set has its SSN; True: only of its own family, the subscriber among them.
    `rows`: of a census, where that SSN stands.
    """
    if shared is not None:
        own = frozenset(context.tokens.ssn(event.ssn))
        alone, places = own if shared else frozenset[str](), dict.fromkeys(own, rows)
        context = replace(context, duplicate_ssns=own, subscribers_ssns=alone, ssn_rows=places)
    text = resolve.group_ref(event, context.header, context.partner)
    group = resolve.group_number(text, context.partner, context.terms, context.today)
    family = Family(Work(None, context.tokens), group, event.subscriber_number, None)
    terms = context.terms.get(group)
    subject = subject_of(read(event, terms), terms, family, context)
    return subject, judge(subject, context) if context.terms else judge_alone(subject, context)
