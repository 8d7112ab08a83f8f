"""The bank: a file that it sent is loaded once, each line once, and money enters the books once.

One step stores what a file tells and enters the money that nobody entered yet; what follows from its lines (a pair
that waited, cheques of a lockbox, refunds paid, returns) are steps of their own (pipeline.cash.bank_follows),
which the night takes up again.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from billing import bank as matching
from intake.channel import up_to
from model.codes import found
from model.finding import Where
from model.journal import Act, Input, InputKind, Purpose
from model.money.bank import BankFile, BankLine, LineSort, StoredBankFile, StoredLine
from model.money.cents import format_dollars
from model.money.ledger import Deposit
from parsers.bank import read as parse
from parsers.bank.read import MappingError
from pipeline.desk import bank_papers
from pipeline.runtime.clock import local_date, local_day
from pipeline.runtime.settings import LOCKBOX
from pipeline.runtime.workspace import Workspace
from pipeline.views.lockboxes import cash
from store import guards, journal, jsonvalue
from store.desk.items import Step
from store.engine import Connection
from store.money import bank, deposits
from store.money.bank import NewLine

_MEND = f"Correct {LOCKBOX} in the home folder, then load the file again."


@dataclass(frozen=True, slots=True)
class Came:
    """A bank's file that came: the hash of its bytes, its name, what was read of it, its lines by their keys."""

    sha256: str
    name: str
    read: BankFile
    lines: Sequence[NewLine]

    @property
    def guards(self) -> set[str]:
        """Return whom taking it keeps apart: the bank's lines, and whoever enters money under a trace of them."""
        credits = (each.line for each in self.lines if each.line.sort is LineSort.CREDIT)
        return {guards.BANK, *(guards.trace(line.trace) for line in credits if line.trace)}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a file: what was read, its row (None: it was there), the new lines, and how many were known."""

    read: BankFile
    file: StoredBankFile | None
    lines: tuple[StoredLine, ...] = ()
    known: int = 0


def load(ws: Workspace, data: bytes, name: str, mapping: str, now: datetime) -> Loaded:
    """Take a bank's file: archive it, read it, store its lines, enter what is new. Idempotent by line.

    `mapping` is a lockbox's as TOML; empty: the one of the home folder. Raises MappingError where it is wrong and
    the file is none that is read without it.
    """
    said = "" if parse.recognise(data) else mapping or ws.settings.lockbox
    parse.mapping(said) if said else None
    ws.database.ask()
    digest, _ = ws.vault.archive.put([data])
    key = ws.again.key if ws.again else secrets.token_hex(16)
    asked = Input(key, InputKind.BANK, now, {"name": name, "mapping": said}, digest)
    return take(ws, asked, now)


def take(ws: Workspace, asked: Input, now: datetime) -> Loaded:
    """Store what an archived file of the bank's tells (`asked` names it and its mapping)."""
    came = read(ws, asked.sha256, asked.body["name"], asked.body["mapping"], now)

    def work(conn: Connection) -> Loaded:
        if seen(conn, came):
            return Loaded(came.read, None, (), len(came.lines))
        return store(ws, conn, ws.step(conn, Purpose.LOAD_BANK, asked), came, now)

    return ws.database.change(lambda conn: came.guards, work)


def read(ws: Workspace, sha256: str, name: str, mapping: str, now: datetime) -> Came:
    """Read an archived file that came now. Raises MappingError where the mapping, as TOML or empty, is wrong."""
    by = parse.mapping(mapping) if mapping else None
    made = parse.read(up_to(ws.vault.archive.read(sha256), parse.MAX_BYTES), by)
    made = matching.dated(made, local_date(now, ws.zone()))
    return Came(sha256, name, made, bank.keyed(made.lines))


def seen(conn: Connection, came: Came) -> bool:
    """Say whether these very bytes were taken or refused before, and each line of them is known."""
    told = bank.file_of(conn, came.sha256, refused=came.read.refused)
    return told is not None and len(bank.known(conn, [each.key for each in came.lines])) == len(came.lines)


def store(ws: Workspace, conn: Connection, tx: int, came: Came, now: datetime) -> Loaded:
    """Store a file that came with those of its lines that are new, and enter their money, in a step."""
    before = bank.known(conn, [each.key for each in came.lines])
    fresh = [each for each in came.lines if each.key not in before]
    lines, entered = _entered(conn, tx, fresh)
    file = StoredBankFile(
        id=0,
        sha256=came.sha256,
        name=came.name,
        form=came.read.form or "",
        refused=came.read.refused,
        lines=len(lines),
        known=len(before),
        credits=_sum(fresh, LineSort.CREDIT),
        debits=_sum(fresh, LineSort.DEBIT, LineSort.PAID, LineSort.RETURN),
    )
    number = bank.add_file(conn, tx, file, jsonvalue.dump(replace(came.read, lines=())), ws.vault.fields)
    stored = bank.add_lines(conn, tx, number, lines, ws.vault.fields)
    told = f"{len(lines)} lines, {len(before)} known, {len(entered)} entered"
    journal.audit(conn, tx, Act.BANK_LOADED, f"bank file {number}", "refused whole" if file.refused else told)
    step = Step(tx, local_day(conn, now))
    bank_papers.loaded(conn, step, stored, entered)
    return Loaded(came.read, replace(file, id=number), tuple(stored), len(before))


def _sum(lines: Sequence[NewLine], *sorts: LineSort) -> int:
    return sum(each.line.cents for each in lines if each.line.sort in sorts)


def settle(ws: Workspace, now: datetime) -> int:
    """Enter or tie the credits that were near something and are not any more; return how many. Idempotent."""

    def names(conn: Connection) -> set[str]:
        waiting = bank.opened(conn, ws.vault.fields, LineSort.CREDIT)
        return {guards.BANK, *(guards.trace(each.line.trace) for each in waiting if each.line.trace)}

    def work(conn: Connection) -> int:
        waiting = bank.opened(conn, ws.vault.fields, LineSort.CREDIT)
        matches = list(matching.confirm([each.line for each in waiting], cash(conn))) if waiting else []
        clear = [(each, match) for each, match in zip(waiting, matches, strict=True) if not match.near]
        if not clear:
            return 0
        tx = ws.step(conn, Purpose.SETTLE_BANK, ws.asked(InputKind.NIGHTLY, now))
        added = enter(conn, tx, [match.line for _, match in clear if match.is_new])
        ids = iter(added)
        for each, match in clear:
            deposit = next(ids).id if match.is_new else match.deposit
            bank.tie(conn, each.id, deposit_id=deposit, remittance_id=match.remittance)
        step = Step(tx, local_day(conn, now))
        bank_papers.loaded(conn, step, bank.some(conn, [each.id for each, _ in clear], ws.vault.fields), added)
        return len(clear)

    return ws.database.change(names, work)


def enter(conn: Connection, tx: int, lines: Iterable[BankLine]) -> list[Deposit]:
    """Enter the deposits of lines that are new money, as unidentified."""
    new = [Deposit(0, line.trace, line.company, line.cents, line.day) for line in lines]
    return deposits.enter(conn, tx, new)


def _entered(conn: Connection, tx: int, fresh: Sequence[NewLine]) -> tuple[list[NewLine], list[Deposit]]:
    """Enter the credits that nobody entered yet, as unidentified money; return all lines, tied, and deposits."""
    credits = [each for each in fresh if each.line.sort is LineSort.CREDIT]
    found_ = list(matching.confirm([each.line for each in credits], cash(conn))) if credits else []
    added = enter(conn, tx, [match.line for match in found_ if match.is_new])
    fresh_ids = iter(added)
    tied = {
        each.key: replace(
            each, deposit=next(fresh_ids).id if match.is_new else match.deposit, remittance=match.remittance
        )
        for each, match in zip(credits, found_, strict=True)
    }
    return [tied.get(each.key, each) for each in fresh], added


def differ(one: int, other: int) -> str:
    """Say that two amounts (cents) differ."""
    return f"the amounts differ: {format_dollars(one)} and {format_dollars(other)}"


def unread(came: Came, error: MappingError) -> Came:
    """Return a file that nobody could read without its mapping, told by what is wrong with that."""
    told = found("BANK-UNREADABLE", Where(), f"{LOCKBOX} cannot be used: {error}.", fix=_MEND)
    return replace(came, read=replace(came.read, findings=(told,)))
