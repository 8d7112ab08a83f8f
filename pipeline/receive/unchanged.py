"""Families of an 834 that say again what they said: what came of it then is written without reading them.

A family is known by the digests of its member loops under the conditions of the set: partner, terms, grants,
header, separators, and the code that reads and decides. What it came to is kept where nothing was said of any
record and nothing changed (`Decision.until`), and holds as long as the store knows the same of the family
(store.people.unchanged).

See docs/design.md, Unchanged families.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import enrollment
import model
import parsers
import validators
from model.agreement.grants import Reach
from model.enrollment.actions import UNCHANGED
from model.enrollment.decision import Cause, Decision, Disposition
from model.enrollment.events import SetHeader
from model.enrollment.roster import Snapshot
from model.exchange import MemberLine, StoredSet
from pipeline.answer.report import shown
from store import agreements
from store.engine import Connection
from store.people import unchanged
from store.people.unchanged import Answer
from store.received import member_lines
from store.received.member_lines import DispositionRow, disposition_row
from vault.box import Vault

_cells = attrgetter(*DispositionRow.__slots__[1:-3])  # all but its number, and what became of it

# A member line of an unchanged family: its name as a report shows it, and what becomes of its lines.
Again = tuple[MemberLine, str, list[DispositionRow]]


@dataclass(slots=True)
class Chunk:
    """The lines of a chunk: of families that are known, and all others."""

    others: Sequence[MemberLine]
    known: dict[str, Answer] = field(default_factory=dict)  # by family token
    lines: dict[str, Sequence[MemberLine]] = field(default_factory=dict)  # of those
    keys: dict[str, str] = field(default_factory=dict)  # family token -> token of what it says, of the others

    def meets(self, snapshot: Snapshot) -> bool:
        """Say whether the others may change a family that is known: then it is to be read, too."""
        known = {answer.contract for answer in self.known.values()}
        return any(contract.id in known for contract in snapshot.contracts.values())


@dataclass(frozen=True, slots=True)
class Reader:
    """Recognises the unchanged families of one set."""

    conn: Connection
    vault: Vault
    partner: str
    today: date
    conditions: bytes
    doubtful: Collection[str]  # SSN tokens under which the set sends more than one person

    def recognise(self, lines: Sequence[MemberLine]) -> Chunk:
        """Take from a chunk the families of which is known what they come to."""
        families = {token: list(family) for token, family in groupby(lines, attrgetter("family_token")) if token}
        ssns = Counter(ssn for family in families.values() for ssn in {line.ssn_token for line in family})
        keys = {
            token: self.vault.tokens.loops(self.conditions, [line.digest for line in family])
            for token, family in families.items()
            if all(self._is_own(line, ssns) for line in family)
        }
        found = unchanged.of(self.conn, keys.values(), self.today, self.vault.fields)
        known = {token: found[key] for token, key in keys.items() if key in found}
        return Chunk(
            others=[line for line in lines if line.family_token not in known],
            known=known,
            lines={token: families[token] for token in known},
            keys={token: key for token, key in keys.items() if token not in known},
        )

    def _is_own(self, line: MemberLine, ssns: Mapping[str, int]) -> bool:
        """Say whether a line can be known, and shares its SSN with nobody else of the chunk."""
        alone = not line.ssn_token or (ssns[line.ssn_token] == 1 and line.ssn_token not in self.doubtful)
        return bool(line.digest) and alone

    def keep(self, chunk: Chunk, decisions: Sequence[Decision], snapshot: Snapshot) -> None:
        """Keep what families came to of which every record was silent and changes nothing.

        Before anything of the chunk is written: a state is of what was decided on. `decisions` are all those on
        the chunk's other lines.
        """
        by_line = {decision.event.number: decision for decision in decisions}
        silent: dict[str, tuple[int, list[Decision]]] = {}
        for token, lines in groupby(chunk.others, attrgetter("family_token")):
            family = [by_line[line.number] for line in lines] if token in chunk.keys else []
            if family and all(decision.until for decision in family):
                contract = snapshot.contracts.get((family[0].group, token))
                silent |= {token: (contract.id, family)} if contract else {}
        states = unchanged.states(self.conn, [contract for contract, _ in silent.values()]) if silent else {}
        answers = [
            Answer(contract, chunk.keys[token], states[contract], self.today, _until(family), _body(family))
            for token, (contract, family) in silent.items()
            if unchanged.is_alone(states[contract])
        ]
        unchanged.keep(self.conn, self.partner, answers, self.vault.fields)


def again(chunk: Chunk, disposition: Disposition) -> Iterator[Again]:
    """Yield what becomes of the families of a chunk that are known, line by line."""
    for token, answer in chunk.known.items():
        for line, (name, rows) in zip(chunk.lines[token], json.loads(answer.body), strict=True):
            ended = (disposition.value, Cause.SENT.value, UNCHANGED)
            yield line, name, [disposition_row(*(line.number, *cells, *ended)) for cells in rows]


def _until(family: Sequence[Decision]) -> date:
    return min(decision.until for decision in family if decision.until)


def _body(family: Sequence[Decision]) -> bytes:
    came = member_lines.recorded(family, member_lines.disposition_rows(0, 0, family))
    told = [(shown(decision.event.person.name), [_cells(row) for row in rows]) for decision, rows in came]
    return json.dumps(told, separators=(",", ":")).encode()


def conditions(
    conn: Connection, stored: StoredSet, header: SetHeader, groups: Collection[str], granted: Mapping[int, Reach]
) -> bytes:
    """Return the digest of everything by which a set's member loops are read and decided, but for its day.

    `groups` are those whose terms are known, `granted` how much of each of them, by row id, on that day. Of the
    header only REF*38 counts (a test holds that nothing else of it decides); BGN and DTP are others in each file.
    """
    parts = (
        _code(),
        stored.version,
        stored.delimiters,
        header.master_policy,
        agreements.loaded(conn, stored.partner, groups),
        sorted((row_id, reach.whole, sorted(reach.subgroups)) for row_id, reach in granted.items()),
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()


@cache
def _code() -> str:
    """Return the digest of the code that reads and decides: another release may decide otherwise."""
    digest = hashlib.blake2b(digest_size=16)
    for package in (enrollment, model, parsers, validators):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
