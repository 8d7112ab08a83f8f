"""The roster as the store knows it on a day, and the changes a decision makes to it.

Identifiers are store row ids (int > 0). A row that a ChangeSet adds has a temporary id < 0, unique within
that ChangeSet; the store replaces it when it commits.

See docs/design.md, Nouns of the roster; docs/design.md, Two times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from model.enrollment.events import Demographics
from model.enrollment.facts import Facts
from model.timeline import Span, day_after, day_before
from model.trade.member import SELF


@dataclass(frozen=True, slots=True)
class Person:
    """A person with one member ID for life. The SSN is present only as its token (vault)."""

    id: int
    member_id: str  # empty until the store assigns one at commit
    demographics: Demographics
    ssn_tokens: tuple[str, ...] = ()  # under every live key; empty when no SSN is known


@dataclass(frozen=True, slots=True)
class Coverage:
    """A coverage span: enrollee x line x plan; the tier lies only on the subscriber's."""

    id: int
    enrollee: int
    line: str
    plan: str
    tier: str  # empty on dependents
    span: Span
    end_reason: str = ""  # model.trade.maintenance.EndReason; empty: open, or ended as any other


@dataclass(frozen=True, slots=True)
class Enrollee:
    """A person in a contract."""

    id: int
    contract: int
    person: Person
    relationship: str  # INS02
    coverages: tuple[Coverage, ...] = ()

    @property
    def is_subscriber(self) -> bool:
        """Say whether this is the contract's subscriber."""
        return self.relationship == SELF


@dataclass(frozen=True, slots=True)
class Assignment:
    """A contract's place in a subgroup for a span."""

    id: int
    contract: int
    subgroup: str
    span: Span


@dataclass(frozen=True, slots=True)
class CobraFact:
    """What decides how long a family's COBRA lasts and what it costs: an event, or somebody's disability.

    Never shown in a report to an employer or broker (docs/domain.md, Confidentiality).
    """

    id: int
    contract: int
    person: int  # the disabled person; 0 = an event of the family
    event: str  # INS07; "" for a disability
    span: Span  # from the event's day; of a disability, its first and last day
    recorded: date | None = None  # UTC day on which it was taken in; None before that


@dataclass(frozen=True, slots=True)
class Contract:
    """A subscriber in a group: the family that REF*0F names."""

    id: int
    group: str
    tokens: tuple[str, ...]  # HMAC of the subscriber number under every live key, and of each that it answers to
    masked: str  # the newest subscriber number as documents show it
    enrollees: tuple[Enrollee, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    cobra: tuple[CobraFact, ...] = ()


# What a record says of itself: group number, and tokens of one key of its subscriber number, of first name with
# birth date, and of the SSN ("": none was sent).
LinkKey = tuple[str, str, str, str]
# Group number, first name as it is compared, and birth date -> people, as a set found them.
Namesakes = Mapping[tuple[str, str, date], tuple[Person, ...]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the store knows of the families of one chunk of events, read in bulk before deciding."""

    # (group number, subscriber-number token) -> contract, for each live token of each contract
    contracts: Mapping[tuple[str, str], Contract] = field(default_factory=dict)
    # member ID -> the contracts (of granted groups) that the person is in
    by_member_id: Mapping[str, tuple[Contract, ...]] = field(default_factory=dict)
    # SSN token -> persons known under it in groups that the sender is granted, and in no other
    by_ssn: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    # who of a group has first name and birth date of somebody who is nobody in the family that a record names
    namesakes: Namesakes = field(default_factory=dict)
    # of these people (row ids) the contracts where the sender has no part: it does not change their facts
    elsewhere: Mapping[int, frozenset[int]] = field(default_factory=dict)
    # number token or member ID -> who stands in that family of another group, which the sender is granted whole;
    # only of families that records name as left (REF*Q4, REF*6O)
    left: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    # enrollee (row id) -> what was told of the member beside identity and coverage; only where it was read
    told: Mapping[int, Facts] = field(default_factory=dict)
    # what records say of themselves -> the member ID of whom a person said they are about
    linked: Mapping[LinkKey, str] = field(default_factory=dict)
    # member IDs as they were sent that merges gave up -> the ID that stays, by which everything else is keyed
    aliases: Mapping[str, str] = field(default_factory=dict)

    def current(self, member_id: str) -> str:
        """Return the member ID that stays for one that was sent."""
        return self.aliases.get(member_id, member_id)


# --- what a decision changes -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to add; the store gives the member ID, in file order."""

    id: int
    demographics: Demographics
    ssn: str = ""  # clear digits, encrypted by the store's caller at commit; never logged


@dataclass(frozen=True, slots=True)
class NewContract:
    """A contract to add."""

    id: int
    group: str
    subscriber_number: str  # clear; stored as ciphertext, token and mask


@dataclass(frozen=True, slots=True)
class NewNumber:
    """Another subscriber number that a stored contract answers to from now on, beside those that it had."""

    contract: int
    group: str
    subscriber_number: str  # clear; stored as ciphertext, token and mask


@dataclass(frozen=True, slots=True)
class NewEnrollee:
    """An enrollee to add: person and contract may be temporary ids."""

    id: int
    contract: int
    person: int
    relationship: str


@dataclass(frozen=True, slots=True)
class NewFacts:
    """A person's demographics from now on: the earlier ones are closed, not overwritten."""

    person: int
    demographics: Demographics
    ssn: str = ""  # empty: unchanged


@dataclass(frozen=True, slots=True)
class NewTold:
    """What is known of an enrollee beside identity and coverage from now on: all of it, in place of what was."""

    enrollee: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What was told of an enrollee is another's from now on, but where the same kind was told of that one."""

    enrollee: int  # row id
    to: int


# A family before and after; None: it is new.
Changed = tuple[Contract | None, Contract]
Opened = (
    NewPerson
    | NewContract
    | NewNumber
    | NewEnrollee
    | NewFacts
    | Assignment
    | Coverage
    | CobraFact
    | NewTold
    | CarriedOver
)


@dataclass(frozen=True, slots=True)
class Closed:
    """A row whose knowledge ends with this transaction (tx_to is set).

    `table` is `coverage`, `assignment`, `cobra` or `enrollee`.
    """

    table: str
    id: int


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Everything one chunk of events changes: rows to open, rows whose knowledge ends, rows that never were.

    Shortening a span closes the row and opens it again with its new end; a void only closes it. `families` are
    those it is about, each as it was and as it comes to be: by them an effect is told, they change nothing.
    """

    open: tuple[Opened, ...] = ()
    close: tuple[Closed, ...] = ()
    void: tuple[Closed, ...] = ()
    families: tuple[Changed, ...] = field(default=(), compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.open or self.close or self.void)


@dataclass(frozen=True, slots=True)
class ClearFamily:
    """A contract with what the store keeps sealed in clear: for outbound 834s only, never logged."""

    contract: Contract
    number: str  # subscriber number as it was sent
    ssns: Mapping[int, str]  # by person id; without those whose SSN is not known
    told: Mapping[int, Facts] = field(default_factory=dict)  # by enrollee id


@dataclass(frozen=True, slots=True)
class Whole:
    """A person with all that is known: the SSN in clear, never shown, and every family of any group."""

    person: Person
    ssn: str = field(repr=False)  # digits; empty: not known
    recorded: int  # the transaction that recorded the facts
    families: tuple[Contract, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One coverage with its people and place, flat, for reports, billing and exports."""

    group: str
    subgroup: str
    contract: int
    masked: str  # subscriber number as documents show it
    member_id: str
    subscriber_member_id: str
    person: int
    relationship: str
    demographics: Demographics
    line: str
    plan: str
    tier: str
    span: Span
    recorded: date | None = None
    cobra: tuple[CobraFact, ...] = ()  # of the family


def pieces(span: Span, places: Sequence[Assignment]) -> Iterator[tuple[str, Span]]:
    """Cut a span by the subgroups assigned in it (in order of begin); days without one come with ""."""
    begin = span.begin
    for place in places:
        if not place.span.overlaps(Span(begin, span.end)):
            continue
        if place.span.begin > begin:
            yield "", Span(begin, day_before(place.span.begin))
        end = min(place.span.end, span.end)
        yield place.subgroup, Span(max(begin, place.span.begin), end)
        if end == span.end:
            return
        begin = day_after(end)
    yield "", Span(begin, span.end)
