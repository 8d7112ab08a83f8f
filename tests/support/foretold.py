"""The answers to a file twice: as the sender's check foretells them, and as the receiver writes them.

Both are documents of the same writers; control numbers and times, which only a receipt gives, are the receiver's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count, zip_longest
from typing import Any

from model.documents.statement import Statement
from parsers.terms.text import load
from pipeline.check.rules import Agreed
from pipeline.check.run import Asked, Source, foretold
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

    def documents(self, data: bytes) -> tuple[list[bytes], list[bytes]]:
        """Return the answers that the check foretells, and those that the receiver writes when it judges."""
        source = Source("sent.edi", lambda: (data[at : at + 4096] for at in range(0, len(data), 4096)))
        written = self._written(data)
        numbered = [
            _numbered(answer.statement, there)
            for answer, there in zip_longest(foretold(source, self.asked), written)
            if answer
        ]
        return [_document(statement) for statement in numbered], [_document(statement) for statement in written]

    def _written(self, data: bytes) -> list[Statement]:
        ws = self.ws
        file = claim(ws, [data], f"sent-{next(_number)}.edi", PARTNER, "test", ws.now(DAY))
        judge(ws, file.id)
        with ws.database.read() as conn:
            return [item.statement for item in outbox.of_file(conn, file.id, ws.vault.fields)]


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
