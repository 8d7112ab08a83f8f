"""What do we answer: one fold of the judged stream and of what is agreed into verdicts, refusals and answers.

The receiver stores what comes out of it, the sender's check shows it: there is no second policy. Bounds on what
one file may make us keep are here too: a million empty sets are refused, not answered one by one.

An answer is a finished statement, still without control numbers: the answered identities turned round. In place of
what was left out, or cannot be repeated, stands what was agreed: our answer must be readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from exchange import agreed
from exchange.agreed import Parties
from model.codes import found
from model.documents.acknowledgment import Ack999Statement, AckEnvelope, AckSet, Ta1Statement
from model.finding import Finding, Where
from model.judged import Content, Judged
from model.x12 import (
    ACKNOWLEDGING,
    ACKNOWLEDGMENTS,
    AckError,
    FileVerdict,
    FunctionalGroup,
    FunctionalGroupVerdict,
    InboundAck,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
    TransactionSet,
    Verdict,
    repeatable,
)

# GE01 and AK902 count to 999,999. An exchange that sends a set for each family stays far below this.
MAX_SETS = 50_000
MAX_LISTED = 10_000  # findings of a file's sets in its report; a sender mends the first of them first
# Errors named in the 999s of one interchange: the sets after them have their IK5 alone, and the report the rest.
MAX_ERRORS = 50_000

QUALIFIERS = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})  # ISA05 and ISA07 (X12.5)
NOBODY = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class OpenedInterchange:
    """An interchange begins. `refusal`: why it is not taken, whatever its syntax."""

    header: Interchange
    refusal: Finding | None


@dataclass(frozen=True, slots=True)
class AnsweredSet:
    """A set with its verdict as agreed (IK5). `unlisted`: the findings, where the verdict lists them no more."""

    verdict: SetVerdict
    unlisted: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredFunctionalGroup:
    """A group with its verdict as agreed (AK9), and the verdicts of its sets (IK5), in file order."""

    verdict: FunctionalGroupVerdict
    sets: tuple[Verdict, ...]
    named: bool  # its 999 names its sets: not where it is not taken for who it is


@dataclass(frozen=True, slots=True)
class Answer:
    """A TA1 or 999 that is owed, still without control numbers. Places are byte offsets in the answered file."""

    interchange: int  # of the ISA
    start: int  # of what it answers: a TA1 the ISA, a 999 a GS
    statement: Ta1Statement | Ack999Statement


@dataclass(frozen=True, slots=True)
class AnsweredInterchange:
    """An interchange with its verdict (TA1) and all answers owed for it, in the order in which they are sent."""

    verdict: InterchangeVerdict
    refusal: Finding | None
    answerable: bool  # False: it only answers us, and nothing is owed for it
    answers: tuple[Answer, ...]


Answered = (
    OpenedInterchange
    | FunctionalGroup
    | TransactionSet
    | Content
    | AnsweredSet
    | AnsweredFunctionalGroup
    | AnsweredInterchange
    | FileVerdict
)
Errors = Callable[[SetVerdict], tuple[AckError, ...]]


def no_errors(header: Interchange) -> Errors:
    """Name no errors in the 999s: for whoever wants their verdicts alone."""
    return lambda verdict: ()


def answered(
    items: Iterable[Judged],
    parties_of: Callable[[Interchange], Parties],
    errors_of: Callable[[Interchange], Errors] = no_errors,
) -> Iterator[Answered]:
    """Pass on what the judge yields, each verdict as it is answered, and with an interchange's end its answers.

    `parties_of` says what was agreed between whom for an interchange, `errors_of` what names its sets' errors in a
    999. The interchange that holds the first set beyond MAX_SETS is refused (TA1 R 024), and so is every later one
    with a set in it; what is in it from there on does not come out, but for its groups. Sets whose findings are
    beyond MAX_LISTED keep the judge's verdict, and no agreement lets them pass.
    """
    fold = _Fold(parties_of, errors_of)
    steps: dict[type, Callable[..., Answered | None]] = {
        Interchange: fold.open_interchange,
        FunctionalGroup: fold.open_functional_group,
        TransactionSet: fold.open_set,
        InboundAck: fold.hear,
        SetVerdict: fold.close_set,
        FunctionalGroupVerdict: fold.close_functional_group,
        InterchangeVerdict: fold.close_interchange,
    }
    for item in items:
        step = steps.get(type(item))
        if step is None:  # members, most of all
            if fold.beyond is None:
                yield item  # type: ignore[misc]  # the steps have the others
        elif (decided := step(item)) is not None:
            yield decided


class _Fold:
    """What is open at each moment of the fold."""

    def __init__(
        self, parties_of: Callable[[Interchange], Parties], errors_of: Callable[[Interchange], Errors]
    ) -> None:
        self._parties_of, self._errors_of = parties_of, errors_of
        self._sets = self._listed = 0  # of the file so far: sets, and their findings
        self.beyond: Where | None = None  # where the open interchange holds a set too many

    def open_interchange(self, item: Interchange) -> OpenedInterchange:
        self._header, self._parties = item, self._parties_of(item)
        self._members = 0  # of the interchange, in what nothing rejected so far
        self._refusal = agreed.interchange_refusal(item, self._parties)
        self._errors, self._left = self._errors_of(item), MAX_ERRORS
        self._groups: list[
            tuple[FunctionalGroupVerdict, list[AckSet]]
        ] = []  # that may be answered, with the sets named
        self._heard, self.beyond = False, None
        return OpenedInterchange(item, self._refusal)

    def open_functional_group(self, item: FunctionalGroup) -> FunctionalGroup:
        self._group, self._of_group = item, 0  # members in sets that nothing rejected so far
        self._group_refusal = agreed.functional_group_refusal(item, self._parties)
        self._acknowledges = item.code == ACKNOWLEDGMENTS  # whatever kinds of sets stand in it
        self._kinds: set[str] = set()
        self._answers: list[AckSet] = []
        self._letters: list[Verdict] = []
        self._passed = 0  # sets that the judge did not reject, whatever the agreement makes of them
        return item

    def open_set(self, item: TransactionSet) -> TransactionSet | None:
        self._sets += 1
        self._kinds.add(item.kind)
        if self._sets > MAX_SETS and self.beyond is None:
            self.beyond = Where(
                self._header.control, self._group.control, item.control, item.segment, "ST", offset=item.start
            )
        return item if self.beyond is None else None

    def hear(self, item: InboundAck) -> InboundAck | None:
        if self.beyond:
            return None
        self._heard = True
        return item

    def close_set(self, item: SetVerdict) -> AnsweredSet | None:
        if self.beyond:
            self._of_group += item.members
            return None
        unlisted: tuple[Finding, ...] = ()
        before, self._listed = self._listed, self._listed + len(item.findings)
        if self._listed > MAX_LISTED:
            unlisted = item.findings
            more = (found("FINDINGS-MORE", unlisted[0].where),) if before <= MAX_LISTED else ()
            item = replace(item, findings=more)
        self._passed += item.verdict is not Verdict.REJECTED
        item = agreed.lenient(item, self._parties.partner.answers.accept_with_errors)
        self._letters.append(item.verdict)
        self._answers.append(self._said(item))
        if item.verdict is not Verdict.REJECTED:
            self._of_group += item.members
            return AnsweredSet(item, unlisted)
        lost = agreed.lost(item.members, agreed.place_of(self._header, self._group, item.set))
        item = replace(item, findings=(*item.findings, *lost))
        return AnsweredSet(item, (*unlisted, *lost) if unlisted else ())

    def _said(self, item: SetVerdict) -> AckSet:
        """Return the AK2 loop of a set: kept in place of verdicts, since there may be many."""
        errors = self._errors(item) if self._left > 0 else ()
        self._left -= len(errors)
        header = item.set
        return AckSet(header.kind, header.control, header.version, item.verdict.value, item.codes, errors)

    def close_functional_group(self, item: FunctionalGroupVerdict) -> AnsweredFunctionalGroup:
        whole = self._parties.partner.answers.rejection == "group"
        item = agreed.functional_group(item, self._letters, self._passed, whole=whole)
        refusal = self._group_refusal
        if refusal and item.verdict is not Verdict.REJECTED:
            item = agreed.refuse_functional_group(item, refusal)
        if item.verdict is Verdict.REJECTED:
            lost = agreed.lost(self._of_group, agreed.place_of(self._header, item.group))
            item = replace(item, findings=(*item.findings, *lost))
        else:
            self._members += self._of_group
        if self._acknowledges or (self._kinds and self._kinds <= ACKNOWLEDGING):
            self._heard = True
        else:
            self._groups.append((item, [] if refusal else self._answers))
        return AnsweredFunctionalGroup(item, tuple(self._letters), named=refusal is None)

    def close_interchange(self, item: InterchangeVerdict) -> AnsweredInterchange:
        if self.beyond:
            message = f"The file holds more than {MAX_SETS:,} transaction sets."
            item = agreed.refuse_interchange(item, found("SETS-TOO-MANY", self.beyond, message))
        if self._refusal:
            item = agreed.refuse_interchange(item, self._refusal)
        if item.verdict is Verdict.REJECTED and not self._parties.before:
            lost = agreed.lost(self._members, agreed.place_of(self._header))
            item = replace(item, findings=(*item.findings, *lost))
        self.beyond = None  # what follows is of the file
        answerable = agreed.answerable(heard=self._heard, groups=len(self._groups))
        if answerable and item.verdict is not Verdict.REJECTED:
            item = replace(item, findings=(*item.findings, *agreed.far_off(item.interchange, self._parties)))
        answers = tuple(self._owed(item)) if answerable else ()
        return AnsweredInterchange(item, self._refusal, answerable, answers)

    def _owed(self, item: InterchangeVerdict) -> Iterator[Answer]:
        """Yield the answers: the TA1 first, then a 999 for each group."""
        header, parties = item.interchange, self._parties
        wanted = parties.partner.answers
        if agreed.owes_ta1(wanted, item.verdict, requested=header.ack_requested):
            yield Answer(header.start, header.start, _ta1(parties, item))
        for group, sets in self._groups:
            if agreed.owes_999(wanted, item.verdict, group.verdict):
                statement = _ack999(parties, header, group, sets)
                yield Answer(header.start, group.group.start, statement)


def envelope(parties: Parties, interchange: Interchange, group: FunctionalGroup | None) -> AckEnvelope:
    """Turn the identities of what is answered round; the number comes when it is owed (0 until then)."""
    carrier, partner = parties.carrier, parties.partner
    our_ids, our_names = (carrier.isa_ids, carrier.gs_ids) if carrier else ((), ())
    own = _identity((interchange.receiver_qualifier, interchange.receiver), our_ids)
    theirs = _identity((interchange.sender_qualifier, interchange.sender), partner.isa_ids)
    return AckEnvelope(
        *own,
        *theirs,
        gs_sender=_application(group.receiver if group else "", (*our_names, own[1])),
        gs_receiver=_application(group.sender if group else "", (*partner.gs_ids, theirs[1])),
        control=0,
        at=parties.at,
        usage=interchange.usage if interchange.usage in ("P", "T") else "P",
    )


def _ta1(parties: Parties, verdict: InterchangeVerdict) -> Ta1Statement:
    """Return the TA1 to an interchange."""
    interchange = verdict.interchange
    return Ta1Statement(
        envelope=envelope(parties, interchange, None),
        control=interchange.control,
        date=interchange.date,
        time=interchange.time,
        verdict=verdict.verdict.value,
        code=verdict.code,
    )


def _ack999(
    parties: Parties, interchange: Interchange, verdict: FunctionalGroupVerdict, sets: Sequence[AckSet]
) -> Ack999Statement:
    """Return the 999 to a functional group, with these of its sets named."""
    group = verdict.group
    return Ack999Statement(
        envelope=envelope(parties, interchange, group),
        group_control=0,
        code=group.code,
        control=group.control,
        version=group.version,
        sets=tuple(sets),
        verdict=verdict.verdict.value,
        declared=verdict.declared,
        received=verdict.received,
        accepted=verdict.accepted,
        codes=verdict.codes,
    )


def _identity(sent: tuple[str, str], instead: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return a qualifier and identity for an ISA: as sent, else the first agreed."""
    known = (pair for pair in (sent, *instead) if pair[0] in QUALIFIERS and repeatable(pair[1], 1, 15))
    return next(known, ("ZZ", NOBODY))


def _application(sent: str, instead: Iterable[str]) -> str:
    """Return an identity for GS02 or GS03 (AN 2/15): as sent, else the first agreed, else that of the ISA."""
    return next((name for name in (sent, *instead) if repeatable(name, 2, 15)), NOBODY)
