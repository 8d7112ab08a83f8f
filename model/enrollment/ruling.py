"""What a person decided on a member line that waits, and what each question may be answered by.

See docs/domain.md, Decisions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.enrollment.grounds import NO_CLAIM, Claim


class Kind(StrEnum):
    """What was decided. The values stand in the store; words for people are in writers.words."""

    APPROVE = "approve"
    DENY = "deny"
    AMEND = "amend"
    LINK = "link"
    RELEASE = "release"
    DROP = "drop"
    UNDO = "undo"  # of what was carried out: a file, another decision, a step


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is changed of a record before it is decided. Empty texts and None: that stays as sent."""

    end: date | None = None  # last covered day; 9999-12-31: open
    subgroup: str = ""  # our code
    plan: str = ""  # our code
    tier: str = ""  # HD05 code

    def __bool__(self) -> bool:
        return bool(self.end or self.subgroup or self.plan or self.tier)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's answer to what is open about one member line; without anything it is decided as any other.

    Errors are never waived. `only`: the coverages in question (model.enrollment.decision.MEMBER for the member);
    the record's others were decided otherwise and are left alone. Empty: the whole record.
    """

    waived: frozenset[str] = frozenset()  # codes of pending objections that are not raised any more
    link: str = ""  # the record is about the person with this member ID
    new_person: bool = False  # it is about nobody we know
    amend: Amendment = Amendment()
    only: frozenset[int] = frozenset()

    def decides(self, coverage: int) -> bool:
        """Say whether a coverage of the record (or MEMBER) is in question."""
        return not self.only or coverage in self.only


AS_SENT = Ruling()


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody asks to be done about a member line that waits."""

    kind: Kind  # APPROVE, DENY, AMEND or LINK
    claim: Claim = NO_CLAIM  # on what ground, of a possible rescission
    amend: Amendment = Amendment()  # of a denial: the end that is permitted instead
    keep: bool = False  # of a denial: coverage goes on as it is
    link: str = ""
    new_person: bool = False

    def ruling(self, codes: Collection[str], only: frozenset[int]) -> Ruling:
        """Return the ruling that answers questions by their codes about these coverages; none: the whole record.

        A denial that names a permitted end waives nothing: the end has to stand by itself.
        """
        waived = frozenset() if self.kind is Kind.DENY else approvable(codes)
        return Ruling(waived, self.link, self.new_person, self.amend, only)

    def problem(self, codes: Collection[str]) -> str:
        """Say why this is no answer to questions by their codes, in words; empty when it is one."""
        if self.kind in (Kind.RELEASE, Kind.DROP):
            return "that is done with a whole set that is held"
        if self.kind is Kind.LINK and bool(self.link) == self.new_person:
            return "say whose record it is: one member's, or a new person's"
        if self.kind is Kind.AMEND and not self.amend:
            return "say what is to be amended: end, subgroup, plan or level"
        if self.kind is Kind.DENY and needs_ground(codes) and self.keep == bool(self.amend.end):
            return "a denied end says one of both: that coverage goes on, or which end is permitted"
        return ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks to be done about an item of open work: an answer, and what else it takes to carry it out.

    Of a release the lines left out, and by member ID who is absent and stays covered; of money that no account has
    whose it is.
    """

    answer: Answer
    but: tuple[int | str, ...] = ()
    account: str = ""  # whose money it is
    invoice: str = ""  # by number, several with commas between
    subscriber: str = ""
    month: str = ""  # that it is for: 2027-02
    amount: int = 0  # cents of it that are meant, 0 = all
    always: bool = False  # whatever comes with the same words is the account's from now on
    partner: str = ""  # whose a deposit is

    @property
    def money(self) -> bool:
        """Say whether it says whose money something is."""
        return bool(self.account or self.invoice or self.subscriber)


@dataclass(frozen=True, slots=True)
class Question:
    """What may be done about records that wait for one reason."""

    approvable: bool  # approving carries out what was sent
    two: bool = False  # two people decide (docs/domain.md, Two people)
    ground: bool = False  # a possible rescission: the approval names its ground
    instead: str = ""  # what else ends the wait
    follows: bool = False  # it may stand by itself once others of the family come, and is looked at again then


_FIRST = "Decide first what it depends on, amend the record, or deny it."
_ONE = Question(approvable=True)
_AFTER = Question(approvable=False, instead=_FIRST, follows=True)
_LATE = Question(approvable=True, two=True)
_RESCISSION = Question(approvable=True, two=True, ground=True)

QUESTIONS: Mapping[str, Question] = {
    "RETRO-TERM": _RESCISSION,
    "SURVIVORS-WAIT": _RESCISSION,
    "VOID-PENDS": _RESCISSION,
    "CHANGE-RETRO": _LATE,
    "COVERAGE-ENDED": _LATE,
    "LATER-END": _LATE,
    "REINSTATE-CLEAR": _LATE,
    "LINES-NOT-NAMED": _ONE,
    "RESTRICTION-KEPT": _LATE,
    "WINDOW-OPEN": _ONE,
    "CORRECTION-PENDS": _ONE,
    "COBRA-EVENT": _ONE,
    "COBRA-LAW": _ONE,
    "COVERAGE-DECLINED": _ONE,
    "SPOUSE-ONCE": Question(approvable=True, follows=True),
    "CONTRACT-TWICE": _ONE,
    "LEAVE-ENDS": _ONE,
    "COBRA-MEANT": _ONE,
    "ORDER-KEPT": _LATE,
    "MEMBER-KNOWN": _ONE,
    "PLAN-CHANGE-PENDS": _ONE,
    "SUBGROUP-CHANGED": Question(approvable=True, follows=True),  # a dependent's, until the subscriber moves
    "FACTS-WAIT": _ONE,
    "ADD-RETRO": _LATE,
    "ENROLLMENT-CLOSED": _ONE,
    "PAST-AGE-LIMIT": _ONE,
    "SUBSCRIBER-AWAITED": _AFTER,
    "SUBSCRIBER-SELF": _ONE,
    "SSN-OF-SUBSCRIBER": _ONE,
    "NUMBER-CHANGED": _ONE,
    "MATCH-CLEAR": Question(approvable=False, instead="Say who it is: a member, or a new person."),
    "TIER-TOO-SMALL": _AFTER,
    "DEPENDENTS-LEFT": _AFTER,
    "SUBSCRIBER-NOT-COVERED": _AFTER,
    "COVERAGE-OVERLAP": Question(approvable=False, instead=_FIRST),
    "PLANS-TWICE": Question(approvable=False, instead=_FIRST),
    "LINE-WAITS": Question(
        approvable=False, instead="It is decided together with the other HD of its line.", follows=True
    ),
    "LINE-UNCLEAR": Question(approvable=False, instead=_FIRST),
}


WITH_OTHERS = frozenset({"LINE-WAITS"})  # no question of its own where the record has another one
FOLLOW = frozenset(code for code, question in QUESTIONS.items() if question.follows)


def foremost(codes: Collection[str]) -> str:
    """Return the code by which a record that waits for several is known: the one that must be answered first.

    That is what no approval answers, then what takes a ground, then two people; last what follows from others.
    """
    return min(codes, key=_rank)


def _rank(code: str) -> int:
    asked = QUESTIONS.get(code, _ONE)
    if not asked.approvable:
        return 5 if code in WITH_OTHERS else 4 if asked.follows else 0
    return 1 if asked.ground else 2 if asked.two else 3


def approvable(codes: Collection[str]) -> frozenset[str]:
    """Return those of these codes that an approval waives."""
    return frozenset(code for code in codes if code in QUESTIONS and QUESTIONS[code].approvable)


def needs_two(codes: Collection[str]) -> bool:
    """Say whether two people decide where these codes are waived."""
    return any(QUESTIONS[code].two for code in codes if code in QUESTIONS)


def needs_ground(codes: Collection[str]) -> bool:
    """Say whether an approval that waives these codes names its ground."""
    return any(QUESTIONS[code].ground for code in codes if code in QUESTIONS)
