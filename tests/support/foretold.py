"""The answers to a file twice: as the sender's check foretells them, and as the receiver writes them.

TA1s and 999s are documents of the same writers; control numbers and times, which only a receipt gives, are the
receiver's. Of 824s what they tell is compared: how a set is decided rests on the roster, which a check has not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from itertools import count, zip_longest
from typing import Any

from exchange import advice
from exchange.answers import Answer, AnsweredInterchange, answered
from model.documents.acknowledgment import Ack999Statement, Advice824Statement, AdviceError, Ta1Statement
from model.documents.check import CheckedFile, CheckedInterchange, CheckedSet
from model.documents.statement import Statement
from model.x12 import Verdict
from parsers.terms.text import load
from parsers.x12 import ackerrors
from parsers.x12 import judge as parse
from parsers.x12.conformance import data_element
from pipeline.check.census import is_census
from pipeline.check.parties import parties
from pipeline.check.rules import Agreed
from pipeline.check.run import Asked, Source, check
from pipeline.receive.claim import claim
from pipeline.receive.judge import judge
from pipeline.runtime.workspace import Workspace
from store.received import outbox
from support.answers import DAY
from support.installation import PARTNER, TERMS, load_terms
from writers.render import render

_number = count(1)


def _terms(options: tuple[str, ...]) -> str:
    """Return the samples' terms with these options; no interchange counts as received before."""
    text = TERMS.read_text("utf-8")
    table = "\n".join(["[partner.acknowledgments]", *options, ""])
    profile = "[partner.profile]\nduplicate_interchanges = false"
    return text.replace("[partner.profile]", f"{table}\n{profile}", 1)


@dataclass(frozen=True, slots=True)
class Sides:
    """An installation, and what a sender who has the same terms checks against."""

    ws: Workspace
    asked: Asked
    options: tuple[str, ...]

    @classmethod
    def of(cls, ws: Workspace, options: tuple[str, ...]) -> Sides:
        """Load the same terms on both sides, with these lines of [partner.acknowledgments]."""
        text = _terms(options)
        load_terms(ws, text)
        file, findings = load(text)
        assert file, findings
        return cls(ws, Asked(DAY, Agreed.of([file])), options)

    def documents(self, data: bytes, written: Sequence[Statement]) -> tuple[list[bytes], list[bytes]]:
        """Return the TA1s and 999s of the fold that a check makes, and those that the receiver wrote."""
        numbered = [
            _numbered(answer.statement, there)
            for answer, there in zip_longest(self._answers(data), written)
            if answer
        ]
        return [_document(statement) for statement in numbered], [_document(statement) for statement in written]

    def _answers(self, data: bytes) -> Iterator[Answer]:
        """Yield the answers of the fold that a check makes, with the errors that a receiver names in its 999s."""
        if is_census(lambda: [data]):
            return
        at, asked = datetime.combine(DAY, time()), self.asked
        items = answered(
            parse.judge(_chunks(data)),
            lambda header: parties(header, asked.agreed, asked.partner, at),
            partial(ackerrors.errors_of, lambda start, end: data[start:end]),
        )
        for item in items:
            if isinstance(item, AnsweredInterchange):
                yield from item.answers

    def shown(self, data: bytes, written: Sequence[Statement]) -> tuple[list[object], list[object]]:
        """Return what a check shows of the answers, and the same of those that the receiver wrote."""
        file = check(Source("sent.edi", lambda: _chunks(data)), self.asked)
        return [part for isa in file.interchanges for part in _foretold(isa)], [
            part for statement in written for part in _said(statement)
        ]

    def written(self, data: bytes) -> list[Statement]:
        """Return the answers that the receiver writes when it judges."""
        ws = self.ws
        file = claim(ws, [data], f"sent-{next(_number)}.edi", PARTNER, "test", ws.now(DAY))
        judge(ws, file.id)
        with ws.database.read() as conn:
            return [item.statement for item in outbox.of_file(conn, file.id, ws.vault.fields)]


def _chunks(data: bytes) -> Iterable[bytes]:
    return (data[at : at + 4096] for at in range(0, len(data), 4096))


def _foretold(isa: CheckedInterchange) -> Iterator[object]:
    """Yield the TA1 and the 999s that a check shows of an interchange."""
    if isa.answered:
        yield isa.control, isa.verdict, isa.code
    for gs in isa.groups:
        if gs.answered:
            sets = [(each.control, each.verdict, each.codes) for each in gs.sets if gs.named]
            yield gs.control, gs.verdict, gs.codes, (gs.declared, gs.received, gs.accepted), sets


def _said(statement: Statement) -> Iterator[object]:
    """Yield the same of an answer that was written."""
    if isinstance(statement, Ta1Statement):
        yield statement.control, statement.verdict, statement.code
    elif isinstance(statement, Ack999Statement):
        counts = (statement.declared, statement.received, statement.accepted)
        sets = [(each.control, each.verdict, each.codes) for each in statement.sets]
        yield statement.control, statement.verdict, statement.codes, counts, sets


@dataclass(frozen=True, slots=True)
class Advised:
    """A set by GS06, ST02 and ST01, and what an 824 tells of it."""

    control: tuple[str, str, str]
    errors: tuple[AdviceError, ...]


def advised(data: bytes, text: str) -> list[Advised]:
    """Return the sets that a check with these terms lets in, each with what it would tell of it in an 824."""
    file, findings = load(text)
    assert file, findings
    found = check(Source("sent.edi", lambda: _chunks(data)), Asked(DAY, Agreed.of([file])))
    return [
        Advised((gs.control, each.control, each.kind), _errors(found, each))
        for isa in found.interchanges
        for gs in isa.groups
        for each in gs.sets
        if each.kind in advice.KINDS and not gs.lost and each.verdict is not Verdict.REJECTED
    ]


def _errors(found: CheckedFile, each: CheckedSet) -> tuple[AdviceError, ...]:
    inside = range(each.segment, each.segment + each.segments)
    told = advice.told([finding for finding in found.findings if finding.where.segment in inside])
    return tuple(advice.errors(told, each.kind, each.version, each.segment, data_element))


def written_advice(ws: Workspace, file_id: str) -> list[Advised]:
    """Return the 824s that the receiver wrote to a file."""
    with ws.database.read() as conn:
        items = outbox.of_file(conn, file_id, ws.vault.fields)
    return [
        Advised((said.group, said.control, said.kind), said.errors)
        for item in items
        if isinstance(said := item.statement, Advice824Statement)
    ]


def _numbered(statement: Any, written: Any) -> Any:
    """Return a statement with the control numbers and the time that only a receipt gives."""
    if type(statement) is not type(written):
        return statement
    envelope = replace(statement.envelope, control=written.envelope.control, at=written.envelope.at)
    group = {"group_control": written.group_control} if hasattr(written, "group_control") else {}
    return replace(statement, envelope=envelope, **group)


def _document(statement: Statement) -> bytes:
    (document,) = render(statement)
    return document.data
