"""Backtest: the steps of some days done again twice, by the terms of then and by proposed ones, and compared.

Both stores begin as the store was before those days, and go by this release's code, so that what differs is the
terms' doing. In the second the proposed terms are loaded first, and later ones of the same group and partners not.
Nobody is asked again: what people decided is carried out where there is still something to decide.

See docs/design.md, Replay; docs/design.md, Trials.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from enrollment.flips import flips
from model.agreement.terms import TermsFile
from model.enrollment.actions import Action
from model.enrollment.standing import Flip, StandingLine
from model.journal import Input, Purpose
from parsers.terms import text as reading
from pipeline.preview import bills
from pipeline.replay import run
from pipeline.replay.verbs import AGAIN, Done
from pipeline.runtime import clock
from pipeline.runtime.collector import expect_many
from pipeline.runtime.settings import InstallationError
from pipeline.runtime.workspace import Workspace
from pipeline.setup import load_terms
from pipeline.views.backtested import BacktestView, FlippedLineView, FlipView, MonthFlipView
from pipeline.views.previewed import invoice_views
from store import steps
from store.engine import Connection, StoreError
from store.money import accounts, charged
from store.received import standing
from store.steps import Step
from vault import disk
from writers.words import action

SHOWN = 50  # lines that are named
_PAGE = 500  # steps that are read at once
# What tells nobody anything new of rosters and money: it is not done again.
_LEFT_OUT = frozenset(
    {
        *(Purpose.DELIVER, Purpose.UNDELIVERED, Purpose.DELIVER_AGAIN, Purpose.EXPORT_ROSTER, Purpose.RECONCILE),
        *(Purpose.ASK, Purpose.WITHDRAW, Purpose.REQUEST_DECISION, Purpose.DISMISS_WORK, Purpose.PRUNE),
    }
)

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _World:
    """A store that goes on from the same beginning, and what could not be done again in it."""

    ws: Workspace
    proposed: bool
    not_done: Counter[str] = field(default_factory=Counter)  # by purpose


def backtest(
    ws: Workspace,
    text: str,
    days: int,
    now: datetime,
    folder: Path,
    checkpoint: Path | None = None,
    progress: Progress = lambda done, of: None,
) -> BacktestView:
    """Do the steps of the last `days` again by the terms of then and by those of `text`, in an empty folder.

    `checkpoint`: an earlier replay that ends before those days. Raises InstallationError where there is none to
    begin from, and ValueError with what speaks against the terms.
    """
    expect_many()
    terms, findings = reading.load(text)
    if terms is None:
        raise ValueError("; ".join(finding.message for finding in findings))
    first = clock.local_date(now, ws.zone()) - timedelta(days=days)
    begin = clock.begins(first, ws.zone())
    with ws.database.read() as conn:
        until, (head, _) = steps.before(conn, begin), steps.head(conn)
    if not until:
        raise ValueError(f"nothing was recorded before {first}: there is nothing to begin from")
    _replayed(ws, folder / "begin", checkpoint, until, head, progress)
    with (
        run.opened(ws, folder / "was", folder / "begin") as was,
        run.opened(ws, folder / "would", folder / "begin") as would,
    ):
        loaded = load_terms.load_terms(replace(would, trial=True), text, begin)
        if not loaded.stored:
            raise ValueError("; ".join(finding.message for finding in loaded.findings))
        worlds = (_World(was, proposed=False), _World(would, proposed=True))
        own = _named(terms)
        releases = set[str]()
        for step in _after(ws, until, head):
            if (step.release, step.lock) != (steps.release(), steps.lock()):
                releases.add(f"{step.release}, libraries {step.lock}")
            if _purpose(step) not in _LEFT_OUT:
                with ws.database.read() as conn:
                    asked = run.asked_of(ws, steps.input_of(conn, step.input_id))
                for world in worlds:
                    _do(world, step, asked, own)
            progress(step.seq, head)
        return _compared(worlds, first, begin, (until, head), now, tuple(sorted(releases)))


def place(ws: Workspace) -> AbstractContextManager[Path]:
    """Give a folder for a backtest's stores, gone at its end: they hold people's data."""
    return disk.scratch(ws.settings.home, "backtest")


def _replayed(
    ws: Workspace, into: Path, checkpoint: Path | None, until: int, head: int, progress: Progress
) -> None:
    """Bring a new store to where the days begin."""
    with run.opened(ws, into, checkpoint) as other:
        with other.database.read() as conn:
            at, _ = steps.head(conn)
        if at > until:
            raise InstallationError(f"the checkpoint ends at step {at}, and those days begin after step {until}")
        for step in _after(ws, at, until):
            if stopped := run.again(ws, other, step):
                raise InstallationError(f"step {stopped.seq} ({stopped.what}) cannot be done again: {stopped.why}")
            progress(step.seq, head)


def _after(ws: Workspace, seq: int, until: int) -> Iterator[Step]:
    while seq < until:
        with ws.database.read() as conn:
            some = [step for step in steps.after(conn, seq, _PAGE) if step.seq <= until]
        yield from some
        seq = some[-1].seq if some else until


def _named(file: TermsFile | None) -> set[str]:
    """Return what a terms file speaks of: the group, partners."""
    if file is None:
        return set()
    group = {f"group {file.terms.group}"} if file.terms else set()
    return group | {f"partner {partner.code}" for partner in file.partners}


def _do(world: _World, step: Step, asked: Input, own: set[str]) -> None:
    """Do a step again in a world, as far as there is anything to do."""
    purpose = _purpose(step)
    if world.proposed and purpose is Purpose.LOAD_TERMS and own & _named(reading.load(asked.body["text"])[0]):
        world.not_done[f"{purpose}, as the proposed terms stand in their place"] += 1
        return
    there = replace(run.as_recorded(world.ws, step, asked), trial=True)
    world.ws.database.given = () if world.proposed else step.numbers
    try:
        AGAIN[purpose](Done(there, step, asked))
    except (LookupError, ValueError, StoreError):  # what it was about is not there, or is otherwise
        world.not_done[purpose.value] += 1
    finally:
        world.ws.database.given = ()


def _purpose(step: Step) -> Purpose:
    return Purpose(step.what.split()[0])


# --- compared ----------------------------------------------------------------------------------------------


def _compared(
    worlds: tuple[_World, _World],
    first: date,
    begin: datetime,
    reach: tuple[int, int],
    now: datetime,
    releases: tuple[str, ...],
) -> BacktestView:
    was, would = (world.ws for world in worlds)
    with was.database.read() as ours, would.database.read() as theirs:
        counted = _Counted()
        found = flips(counted.each(standing.lines(ours, begin)), standing.lines(theirs, begin))
        rows, shown = _flipped(ours, theirs, found)
        months = _months(ours, theirs)
    groups = {row.group for row in rows if row.group} | {month.group for month in months}
    then = bills.made(would, groups, now, {})
    invoices_then, _ = bills.compared(bills.made(was, groups, now, then.months), then)
    return BacktestView(
        since=first,
        first=reach[0],
        last=reach[1],
        lines=counted.lines,
        flipped=sum(row.lines for row in rows),
        flips=rows,
        shown=shown,
        months=months,
        invoices=invoice_views(invoices_then),
        not_done=tuple(f"{count} x {what}" for what, count in sorted(worlds[1].not_done.items())),
        releases=releases,
    )


@dataclass(slots=True)
class _Counted:
    lines: int = 0

    def each(self, lines: Iterator[StandingLine]) -> Iterator[StandingLine]:
        for line in lines:
            self.lines += 1
            yield line


def _flipped(
    ours: Connection, theirs: Connection, found: Iterator[Flip]
) -> tuple[tuple[FlipView, ...], tuple[FlippedLineView, ...]]:
    """Count flips by group, what they were and would be, and cause; name the first."""
    lines: Counter[tuple[str, str, str, str]] = Counter()
    members: dict[tuple[str, str, str, str], set[object]] = defaultdict(set)
    shown: list[FlippedLineView] = []
    for flip in found:
        one, cause = flip.either, _cause(ours, theirs, flip)
        key = (one.group, _disposition(flip.was), _disposition(flip.would), cause)
        lines[key] += 1
        members[key].add(flip.place[:3])
        if len(shown) < SHOWN:
            shown.append(_named_line(flip, cause))
    rows = [FlipView(*key, count, len(members[key])) for key, count in sorted(lines.items())]
    return tuple(rows), tuple(shown)


def _named_line(flip: Flip, cause: str) -> FlippedLineView:
    file_id, place, number, _, line, _ = flip.place
    return FlippedLineView(
        file_id=file_id,
        set=place,
        member_line=number,
        member=flip.either.member_id,
        line=line,
        was=_disposition(flip.was),
        would=_disposition(flip.would),
        was_done=_done(flip.was),
        would_do=_done(flip.would),
        cause=cause,
    )


def _disposition(line: StandingLine | None) -> str:
    return line.disposition if line else ""


def _done(line: StandingLine | None) -> str:
    return action(Action.read(line.action)) if line else ""


def _cause(ours: Connection, theirs: Connection, flip: Flip) -> str:
    """Return the codes that were said there and not here, and here and not there; "" where none was."""
    number = flip.place[2]
    before = standing.codes(ours, flip.was.set_id, number) if flip.was else set()
    after = standing.codes(theirs, flip.would.set_id, number) if flip.would else set()
    return ", ".join([f"no {code}" for code in sorted(before - after)] + sorted(after - before))


def _months(ours: Connection, theirs: Connection) -> tuple[MonthFlipView, ...]:
    """Return the months of accounts that are charged otherwise."""
    was, would = charged.sums(ours), charged.sums(theirs)
    keys = sorted(key for key in was.keys() | would.keys() if was.get(key, 0) != would.get(key, 0))
    found = []
    for account, month in keys:
        owner = accounts.find(ours, account) or accounts.find(theirs, account)
        group = owner.group if owner else ""
        sums = was.get((account, month), 0), would.get((account, month), 0)
        found.append(MonthFlipView(group, account, str(month), *sums))
    return tuple(found)
