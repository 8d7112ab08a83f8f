"""What an explanation is made of: read once, then folded without a look at the store or the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from model.enrollment.actions import Action
from model.enrollment.decision import FileState, SetState
from model.finding import Finding
from model.money.ledger import Charge
from model.timeline import Month
from store.behind import Behind
from store.desk.decisions import Stored
from store.money.charged import OnInvoice
from store.people.versions import Version


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stands: its file by id and hash, control numbers, member line, segment or row, bytes.

    The bytes are [start, end). `set` is the received set's row id. `other`: another sender's, whose names are not
    told; then only `received_at` is.
    """

    file: str
    partner: str
    sha256: str
    received_at: datetime
    set: int
    interchange: str
    functional_group: str
    control: str
    number: int
    segment: int
    start: int
    end: int
    is_row: bool
    other: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """What a record came to on one coverage (0: the member), in a round of decisions (0: as received)."""

    round: int
    member: str
    group: str
    subgroup: str
    coverage: int
    line: str
    plan: str
    disposition: str
    cause: str
    action: Action | None
    tx: int


@dataclass(frozen=True, slots=True)
class Record:
    """A record about somebody: where it stands, what became of it, what was said, who decided what.

    `keys` are what of it agreed with what is on file (in the order in which matching asks), `first`: by it the
    person became known. `hired` is the day of hire that it tells.
    """

    origin: Origin
    set_state: SetState | None
    file_state: FileState | None
    reason: str
    came: tuple[Came, ...]
    findings: tuple[Finding, ...]
    keys: tuple[str, ...] = ()
    first: bool = False
    hired: date | None = None
    decisions: tuple[Stored, ...] = ()

    @property
    def stands(self) -> tuple[Came, ...]:
        """Return what it came to last on each coverage."""
        last = {each.coverage: each.round for each in self.came}
        return tuple(each for each in self.came if each.round == last[each.coverage])

    @property
    def last_tx(self) -> int:
        """Return the transaction of what it came to last; 0: nothing was decided."""
        return max((each.tx for each in self.came), default=0)


@dataclass(frozen=True, slots=True)
class Waits:
    """An open piece of work: its number, code and what that means, the lines it is about, and its receipt."""

    number: int
    code: str
    meaning: str
    fix: str
    lines: frozenset[str]
    since: date
    due: date
    file: str
    set: int
    member: int
    beside: bool = False  # it is about the person, and no record waits


@dataclass(frozen=True, slots=True)
class Issued:
    """An invoice of an account: its month, its number, the transaction that made it, and when that was known."""

    account: str
    month: Month
    number: str
    tx: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the next bill would do for one contract, by a trial of the real one.

    `month` is the one that it bills; `left_out` the lines and months that have no price, with the code; `held` the
    accounts without an invoice for it.
    """

    month: Month
    charges: tuple[Charge, ...] = ()
    left_out: tuple[tuple[str, Month, str], ...] = ()
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """One contract that somebody stands in, with all that bears on who is covered and billed."""

    contract: int
    group: str
    group_name: str
    subscriber: str  # masked
    relationship: str
    is_subscriber: bool
    person: int
    versions: tuple[Version, ...]  # of all of its people, and its places
    waits: tuple[Waits, ...]
    charges: tuple[OnInvoice, ...]  # that stand or stood for the family, or for this person where billed by age
    ahead: Ahead
    issued: tuple[Issued, ...]  # of every account of the group
    waited_until: date | None = None  # the first day after the waiting period, where the hire is known
    terms: tuple[tuple[int, datetime], ...] = ()  # when each version of the group's terms came into force


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Everything that an explanation of a member is made of, as of a day; `behind` is by transaction.

    `number` was asked for, masked, where nobody is known by it.
    """

    member: str
    name: str
    aliases: tuple[str, ...]
    day: date
    now: datetime
    line: str  # asked for alone; "" all
    families: tuple[Family, ...]
    records: tuple[Record, ...]
    behind: Mapping[int, Behind]
    number: str = ""
    rules: int = 0  # how many rules look at a record
    partner: str = ""  # for whom it is told; "" for the plan's people
    waits: tuple[Waits, ...] = ()  # about whom nobody is known as yet

    @property
    def ours(self) -> frozenset[str]:
        """Return the member ID and its aliases, and "" of whom nobody is known."""
        return frozenset((self.member, *self.aliases)) if self.member else frozenset(("",))

    def came(self, record: Record) -> list[Came]:
        """Return what a record came to, of this member alone: of nobody known where that is all it says."""
        return [each for each in record.stands if each.member in self.ours or not each.member]

    def record_of(self, tx: int) -> Record | None:
        """Return the record by which a transaction did something for the member, None where there is none."""
        found = self.behind.get(tx)
        if found is None or not found.set:
            return None
        mine = [each for each in self.records if each.origin.set == found.set]
        own = [each for each in mine if any(came.tx == tx for came in each.came)]
        return next(iter(own or mine), None)
