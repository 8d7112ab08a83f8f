"""Rows of a spreadsheet that we sent back marked, as they first came: by each one's key, from the archive.

See docs/domain.md, Sheets that come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from model.agreement.terms import Partner
from model.enrollment.census import CensusRow, Lost
from model.enrollment.decision import SetState
from model.exchange import StoredSet
from parsers.census import marked
from parsers.census.marked import SentRow
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.received import files, member_lines

_MOST_FILES = 20  # that one sheet's rows may be of, those among them that came back themselves


@dataclass(frozen=True, slots=True)
class Originals:
    """The rows of one partner's earlier spreadsheets. A file is read when its first row is asked for."""

    ws: Workspace
    conn: Connection
    partner: Partner
    _read: dict[str, Mapping[int, SentRow]] = field(default_factory=dict)

    def row(self, key: str) -> SentRow | Lost:
        """Return the row of a key; why there is none, where it is not ours or the file is not kept."""
        if not key:
            return Lost.NO_KEY
        opened = self.ws.vault.row_keys.opened(self.partner.code, key)
        if opened is None:
            return Lost.NOT_OURS
        file_id, place = opened
        if file_id not in self._read and len(self._read) < _MOST_FILES:
            self._read[file_id] = {}
            self._read[file_id] = self._rows(file_id)
        return self._read.get(file_id, {}).get(place, Lost.GONE)

    def _rows(self, file_id: str) -> Mapping[int, SentRow]:
        """Read a file again. A sheet that came back itself leads on to the file before it, which is older."""
        file = files.find_file(self.conn, file_id)
        judged = agreements.partner_judged(self.conn, self.partner.code, file_id) if file else None
        if file is None or judged is None or not self.ws.vault.archive.has(file.sha256):
            return {}
        data = b"".join(self.ws.vault.archive.read(file.sha256))
        return dict(marked.sent_rows(data, judged.census, self.row))

    def held(self, rows: Sequence[CensusRow]) -> StoredSet | None:
        """Return the held set of which these rows are all there is, unchanged: it is waited for already."""
        keys = {self.ws.vault.row_keys.opened(self.partner.code, row.unchanged) for row in rows}
        named = {opened[0] if opened else "" for opened in keys}
        if len(named) != 1 or not (file_id := named.pop()):
            return None
        sets = files.sets_of(self.conn, file_id)
        waiting = [stored for stored in sets if stored.state == SetState.HELD]
        same = (stored for stored in waiting if len(member_lines.lines(self.conn, stored.id)) == len(rows))
        return next(same, None)
