"""Where records stand, and what became of them: files, sets and lines, each read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from model.enrollment.actions import Action
from model.enrollment.events import EnrollmentEvent
from model.enrollment.history import MemberHistory
from model.enrollment.roster import Person
from model.exchange import CENSUS, MemberLine, ReceivedFile, StoredSet
from pipeline.explain.facts import Came, Origin, Record
from pipeline.reread.sets import members
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.desk import decisions
from store.desk.decisions import Stored
from store.engine import Connection
from store.received import files, member_lines, pages, sent
from validators.reading import hired_on
from validators.telling import telling
from vault.tokens import Tokens


@dataclass(slots=True)
class Origins:
    """Reads records of one store; `viewer` is the partner for whom, "" for the plan's people."""

    ws: Workspace
    conn: Connection
    viewer: str = ""
    _files: dict[str, ReceivedFile] = field(default_factory=dict)
    _sets: dict[int, StoredSet] = field(default_factory=dict)
    _made: dict[int, list[Stored]] = field(default_factory=dict)

    def received_set(self, set_id: int) -> StoredSet:
        """Return a received set."""
        if set_id not in self._sets:
            self._sets[set_id] = files.stored_set(self.conn, set_id)
        return self._sets[set_id]

    def file(self, file_id: str) -> ReceivedFile:
        """Return a received file."""
        if file_id not in self._files:
            self._files[file_id] = files.file(self.conn, file_id)
        return self._files[file_id]

    def origin(self, set_id: int, line: MemberLine) -> Origin:
        """Return where a member line stands."""
        stored = self.received_set(set_id)
        file = self.file(stored.file_id)
        return Origin(
            file=file.id,
            partner=file.partner,
            sha256=file.sha256,
            received_at=file.received_at,
            set=set_id,
            interchange=stored.interchange,
            functional_group=stored.functional_group,
            control=stored.control,
            number=line.number,
            segment=line.segment,
            start=line.start,
            end=line.end,
            is_row=stored.kind == CENSUS,
            other=self.is_others(file),
        )

    def is_others(self, file: ReceivedFile) -> bool:
        """Say whether a file is another sender's than the one for whom it is told."""
        return bool(self.viewer) and file.partner != self.viewer

    def record(self, set_id: int, number: int) -> Record | None:
        """Return a record with everything that it came to, None where the index has no such line."""
        lines = member_lines.chosen(self.conn, set_id, [number])
        if not lines:
            return None
        stored = self.received_set(set_id)
        origin = self.origin(set_id, lines[0])
        told = pages.line_findings(self.conn, stored.file_id, set_id, (number, number)).get(number, [])
        if set_id not in self._made:
            self._made[set_id] = decisions.of_set(self.conn, set_id, self.ws.vault.fields)
        return Record(
            origin=origin,
            set_state=stored.state,
            file_state=self.file(stored.file_id).state,
            reason=stored.reason,
            came=tuple(
                Came(*row[:9], Action.read(row[9]), row[10]) for row in sent.rounds(self.conn, set_id, number)
            ),
            findings=() if origin.other else tuple(told),
            decisions=tuple(each for each in self._made[set_id] if each.member_line in (0, number)),
        )

    def names(self, record: Record, people: set[str]) -> bool:
        """Say whether a record names somebody, by the tokens of first name and birth date."""
        lines = member_lines.chosen(self.conn, record.origin.set, [record.origin.number])
        return any(line.person_token in people for line in lines)

    def event(self, record: Record) -> EnrollmentEvent | None:
        """Read a record again from the archive; None for a row of a census, whose cells are not kept."""
        if record.origin.is_row:
            return None
        stored = self.received_set(record.origin.set)
        lines = member_lines.chosen(self.conn, stored.id, [record.origin.number])
        archive = self.ws.vault.archive
        return next(members(archive, self.file(stored.file_id).sha256, stored, lines), None)


def with_keys(
    origins: Origins, records: Iterable[Record], known: MemberHistory, person: Person, family: Iterable[str]
) -> list[Record]:
    """Return records that came to something of a person with what of each agrees with what is on file.

    `family` are the tokens of the family's subscriber numbers. By docs/domain.md, Matching people: our member ID,
    the number of the family, then of first name, birth date and SSN those that agree.
    """
    first = min((version.opened.tx for version in known.facts), default=0)
    ours = {known.member_id, *known.aliases}
    tokens, found = set(family), []
    for record in records:
        about = any(came.member in ours for came in record.came)
        event = origins.event(record) if about else None
        met = any(came.tx == first for came in record.came)
        if event is None:
            found.append(replace(record, first=about and met))
            continue
        partner = agreements.partner_judged(origins.conn, record.origin.partner, record.origin.file)
        source = partner.profile.member_id_from if partner else ""
        by_id = bool(source) and event.reference(source) in ours
        keys = _keys(origins.ws.vault.tokens, event, person, tokens, by_id=by_id)
        found.append(replace(record, keys=keys, first=about and met, hired=hired_on(event)))
    return found


def _keys(
    tokens: Tokens, event: EnrollmentEvent, person: Person, family: set[str], *, by_id: bool
) -> tuple[str, ...]:
    told = telling(event, person, tokens)
    agrees = (
        ("member-id", by_id),
        ("family", not family.isdisjoint(tokens.family(event.subscriber_number))),
        ("first-name", told.first is True),
        ("birth-date", told.birth is True),
        ("ssn", told.ssn is True),
    )
    return tuple(name for name, holds in agrees if holds)
