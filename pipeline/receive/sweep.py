"""Sweep: look into every partner's channel, claim what has stopped changing, receive it.

Claiming is safe at every step: bytes go straight into the encrypted archive under a temporary name and get their
place once they are whole; the claim remembers the very entry, so that one which could not be removed at its source
is never taken twice. A dead channel or a bad entry is a finding, and the others go on.

See docs/design.md, The channel.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from difflib import get_close_matches

from intake import names
from intake.channel import ChannelError, Entry, Way
from intake.strays import Stray, strays
from model.agreement.channel import FOLDER
from model.agreement.terms import Partner
from model.codes import found
from model.finding import Finding, Where
from pipeline.receive import run
from pipeline.receive.claim import claim
from pipeline.receive.deliver import deliver
from pipeline.runtime import channels, leases
from pipeline.runtime.workspace import Workspace
from pipeline.views.files import known_file
from pipeline.views.findings import finding_values
from pipeline.views.received import SweptView
from store import agreements, guards
from store.received import pickups


def sweep(
    ws: Workspace,
    now: datetime,
    partner: str | None = None,
    progress: Callable[[str], None] = lambda step: None,
    *,
    settle: float,
) -> tuple[SweptView, ...]:
    """Fetch from every channel (or one partner's), take each file to its terminal state, deliver the answers."""
    progress("looking into the channels")
    visits = _visited(ws, now, partner, settle)
    turn = run.take_turns(ws, progress)  # with what was just claimed, and what earlier runs left
    kept = [*turn.findings, *_strays(ws, partner)]
    progress("delivering")
    deliver(ws, now, trouble=kept.append)
    claimed = {file_id for visit in visits for file_id in visit.files}
    left = tuple(known_file(ws, file_id) for file_id in turn.done if file_id not in claimed)
    swept = tuple(visit.swept() for visit in visits)
    return (*swept, SweptView("", "", left, finding_values(kept))) if left or kept else swept


def fetch(ws: Workspace, now: datetime, partner: str | None = None, *, settle: float) -> tuple[SweptView, ...]:
    """Claim what lies in the channels and return it by partner; the files are not worked on yet.

    An entry is taken when two looks, `settle` seconds apart, see the same size and time of change. A partner
    whose channel another sweep is busy with, on any machine, is left to that one: CHANNEL-BUSY. What lies where no
    channel looks is told last, of partner "": FILES-OF-NOBODY.
    """
    visits, lost = _visited(ws, now, partner, settle), _strays(ws, partner)
    swept = tuple(visit.swept() for visit in visits)
    return (*swept, SweptView("", "", (), finding_values(lost))) if lost else swept


def _visited(ws: Workspace, now: datetime, partner: str | None, settle: float) -> list[_Visit]:
    """Claim what lies in the channels, one visit for each partner; `settle` is in seconds."""
    with ws.database.read() as conn:
        known = [sender for sender in agreements.partners(conn) if partner in (None, sender.code)]
    with ExitStack() as stack:
        visits = [_Visit(ws, sender, stack) for sender in known]
        for visit in visits:
            visit.look()
        if any(visit.candidates for visit in visits):
            time.sleep(settle)
        for visit in visits:
            visit.take(now)
    return visits


class _Visit:
    """One partner's channel during one sweep."""

    def __init__(self, ws: Workspace, partner: Partner, stack: ExitStack) -> None:
        self.ws, self.partner = ws, partner
        self.candidates: Sequence[Entry] = ()
        self.files: list[str] = []  # ids of those claimed
        self._findings: list[Finding] = []
        self._way: Way | None = None
        self._hold = stack.enter_context(leases.alone(ws, f"sweep {partner.code}"))
        if self._hold is None:
            self._findings.append(channels.busy(partner.code))
            return
        try:
            self._way = stack.enter_context(channels.opened(ws, partner))
        except ChannelError as error:
            self._fail(error)

    def swept(self) -> SweptView:
        """Return what came of it, with the files as they stand now."""
        files = tuple(known_file(self.ws, file_id) for file_id in self.files)
        return SweptView(self.partner.code, self.partner.channel.kind, files, finding_values(self._findings))

    def look(self) -> None:
        """Look for the first time: finish what an earlier sweep took, and note the rest."""
        if self._way is None:
            return
        try:
            entries = self._way.entries()
        except ChannelError as error:
            self._fail(error)
            return
        self._findings += [_refused(self.partner.code, entry) for entry in entries if entry.refused]
        good = [entry for entry in entries if not entry.refused]
        self.candidates = self._without_left(self._way, good)

    def take(self, now: datetime) -> None:
        """Look again and claim what is still the same."""
        if self._way is None or self._hold is None or not self.candidates:
            return
        try:
            still = set(self._way.entries())
        except ChannelError as error:
            self._fail(error)
            return
        for entry in self.candidates:
            if entry not in still:
                self._findings.append(_growing(self.partner.code, entry))
            elif not self._claim(self._way, self._hold, entry, now):
                return

    def _claim(self, way: Way, hold: leases.Hold, entry: Entry, now: datetime) -> bool:
        """Claim one entry; False when the channel is of no more use."""
        source, shown = entry.source(way.inbox), names.shown(entry.name)
        try:
            kind = self.partner.channel.kind
            file = claim(self.ws, way.read(entry), shown, self.partner.code, kind, now, source, hold.fence)
        except leases.LeaseLost:
            self._findings.append(channels.busy(self.partner.code))
            return False
        except ChannelError as error:
            if error.code == "ENTRY-GROWING":
                self._findings.append(_growing(self.partner.code, entry))
                return True
            self._fail(error)
            return False
        self.files.append(file.id)
        self._remove(way, entry, file.id)
        return True

    def _without_left(self, way: Way, entries: Sequence[Entry]) -> list[Entry]:
        """Remove what an earlier sweep claimed and could not remove; return the others."""
        with self.ws.database.read() as conn:
            left = pickups.left(conn, self.partner.code)
        by_source = {entry.source(way.inbox): entry for entry in entries}
        for source in left.keys() - by_source.keys():
            self._forget(source)
        for source in left.keys() & by_source.keys():
            self._remove(way, by_source[source], left[source])
        return [entry for source, entry in by_source.items() if source not in left]

    def _remove(self, way: Way, entry: Entry, file_id: str) -> None:
        try:
            way.remove(entry, f"{file_id}.{names.kept(entry.name)}")
        except ChannelError as error:
            code, text = self.partner.code, f"{file_id} was received and still lies in the inbox: {error}"
            self._findings.append(found("SOURCE-NOT-REMOVED", Where(), text, subject=f"partner {code}"))
        else:
            self._forget(entry.source(way.inbox))

    def _forget(self, source: str) -> None:
        code = self.partner.code
        self.ws.database.change(lambda conn: {guards.inbox(code)}, lambda conn: pickups.forget(conn, code, source))

    def _fail(self, error: ChannelError) -> None:
        self._findings.append(channels.trouble(self.partner.code, error))


def _strays(ws: Workspace, partner: str | None) -> list[Finding]:
    """Return what lies in folders of nobody; nothing where one partner's channel was asked for."""
    if partner is not None:
        return []
    with ws.database.read() as conn:
        known = [sender.code for sender in agreements.partners(conn) if sender.channel.kind == FOLDER.kind]
    return [_stray(stray, known) for stray in strays(ws.settings.home / "inbox", known)]


def _stray(stray: Stray, known: Sequence[str]) -> Finding:
    place = f"inbox/{names.shown(stray.folder)}" if stray.folder else "inbox"
    more = stray.count - len(stray.files)
    shown = ", ".join([*stray.files, *([f"and {more} more"] if more else [])])
    near = get_close_matches(stray.folder.lower(), known, 1, 0.7)
    text = f"{stray.count} file(s) in {place}, which no partner's channel looks into: {shown}."
    fix = f"Move them into inbox/{near[0]}, if they are that partner's." if near else ""
    return found("FILES-OF-NOBODY", Where(), text, subject=f"{stray.label}, {stray.count} file(s)", fix=fix)


def _refused(partner: str, entry: Entry) -> Finding:
    text = f"{names.shown(entry.name)} is left where it lies: {entry.refused}."
    return found("ENTRY-REFUSED", Where(), text, subject=f"partner {partner}")


def _growing(partner: str, entry: Entry) -> Finding:
    text = f"{names.shown(entry.name)} is still being written, or gone again."
    return found("ENTRY-GROWING", Where(), text, subject=f"partner {partner}")
