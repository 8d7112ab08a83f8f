"""Questions that open what is sealed, or read the archive: they take minutes on a large installation.

What cannot be opened is a fault of its row and ends nothing. What is told holds no value of anybody.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from model.agreement.channel import FOLDER
from model.documents import keys
from model.documents.statement import InvoiceAdjustment, InvoiceLine, InvoiceStatement
from model.money import activity
from model.money.activity import Activity
from model.money.cents import format_dollars
from model.verification import Fault
from pipeline.runtime import channels, troubles
from pipeline.runtime import marks as high_water
from pipeline.runtime.workspace import Workspace
from store import agreements, counters
from store.checks import sealed
from store.people import told
from store.received import archived
from vault.archive import ArchiveError
from vault.fields import UNREADABLE, FieldCipher
from vault.tokens import Tokens


@dataclass(slots=True)
class Reading:
    """One question to an installation, and what it looked at."""

    ws: Workspace
    rows: int = 0
    note: str = ""  # what is no fault and should be known


def marks(asked: Reading) -> Iterator[Fault]:
    """No counter is below its mark beside the archive: the store is no older than what was published from it."""
    known = high_water.read(asked.ws.settings.home)
    with asked.ws.database.read() as conn:
        values = counters.values(conn)
    asked.rows += len(known or {})
    if known is None and values:
        yield Fault(high_water.path(asked.ws.settings.home).name, "it is missing: a restored store looks like any")
    for gap in high_water.gaps(known or {}, values):
        yield Fault(f"counter {gap.counter}", f"the store does not know what was published: {gap}")


def kept(asked: Reading) -> Iterator[Fault]:
    """The archive holds the first and the newest received file: it is not gone, and not an older one."""
    with asked.ws.database.read() as conn:
        ends = archived.ends(conn)
    for file_id, sha256 in ends.items():
        asked.rows += 1
        if not asked.ws.vault.archive.has(sha256):
            yield Fault(f"file {file_id}", f"{sha256} is not in the archive")


def invoices(asked: Reading) -> Iterator[Fault]:
    """Each invoice can be read, is what its row says, adds up, and begins where the account's last one ended."""
    database, last = asked.ws.database, dict[str, InvoiceStatement]()
    holders = sealed.holders(database)
    joined = {holder for number, holder in holders.items() if number != holder}  # books of several accounts
    for row in sealed.invoices(database):
        asked.rows += 1
        where = f"invoice {row.number}"
        try:
            statement = sealed.invoice_statement(row, asked.ws.vault.fields)
        except UNREADABLE as error:
            yield Fault(where, f"its statement cannot be read ({type(error).__name__})")
            continue
        printed = (statement.number, statement.account, statement.month, statement.produced, statement.due)
        if (*printed, statement.own) != (row.number, row.account, row.month, row.issued, row.due, row.total):
            yield Fault(where, "its statement says another number, account, month, day or total than its row")
        yield from (Fault(where, what) for what in _adds_up(asked.ws, statement))
        if row.void_tx:  # the next one begins where the one before it ended
            continue
        before = last.get(row.account)
        brought = statement.prior_balance - statement.unapplied
        if before and brought != before.total_due and row.account not in joined:
            told = f"it brings {format_dollars(brought)} forward, and invoice {before.number} ended with"
            yield Fault(where, f"{told} {format_dollars(before.total_due)}")
        last[row.account] = statement


def _adds_up(ws: Workspace, statement: InvoiceStatement) -> list[str]:
    """Say what of an invoice does not add up, or that the detail beside it cannot be read."""
    beside = sealed.rows_of(ws.database, str(keys.invoice(statement.number)), ws.vault.fields)
    try:
        return list(sums(statement, beside))
    except UNREADABLE as error:
        return [f"its detail cannot be read ({type(error).__name__})"]


def sums(one: InvoiceStatement, beside: Iterable[InvoiceLine | InvoiceAdjustment] = ()) -> Iterator[str]:
    """Say what of an invoice does not add up: details to the summary, and the summary to what is due.

    `beside` are the rows of its detail that lie beside it.
    """
    current = retro = adjusted = 0
    for row in chain(one.lines, one.adjustments, beside):
        if isinstance(row, InvoiceLine):
            current, retro = current + row.current, retro + row.retro
        else:
            adjusted += row.cents
    planned = sum(cents for _, _, cents in one.plans)
    moved = activity.sums(one.activity)
    due = one.prior_balance - one.payments - one.unapplied + one.itemized
    for name, summary, detail in (
        ("reversals", one.reversals, moved[Activity.REVERSAL]),
        ("refunds", one.refunds, moved[Activity.REFUND]),
        ("transfers", one.transfers, moved[Activity.TRANSFER]),
        ("write-offs", one.write_offs, -moved[Activity.WRITE_OFF]),
        ("fees", one.fees, moved[Activity.FEE]),
        ("current premium", one.current, current),
        ("current premium by plan", one.current, planned),
        ("corrections", one.retro, retro),
        ("list of adjustments", one.retro, adjusted),
        ("total due", one.total_due, due),
    ):
        if summary != detail:
            yield f"its {name}: {format_dollars(summary)} is printed, {format_dollars(detail)} is the sum"


def statements(asked: Reading) -> Iterator[Fault]:
    """Everything that is or was owed to a partner can still be read, and the rows of censuses not answered yet."""
    database = asked.ws.database
    yield from _opened(
        asked,
        sealed.statements(database),
        sealed.outbox_statement,
        lambda row: (f"outbox item {row.key}", "its statement"),
    )
    yield from _opened(
        asked,
        sealed.statement_pieces(database),
        sealed.piece,
        lambda row: (f"outbox item {row.key}", f"rows {row.first} and on of part {row.part}"),
    )
    yield from _opened(
        asked,
        sealed.census_pieces(database),
        partial(sealed.census_piece, database),
        lambda row: (f"set {row.set_id}", f"rows of a census from {row.first + 1} on"),
    )
    yield from _opened(
        asked,
        sealed.item_events(database),
        sealed.item_text,
        lambda row: (f"open work of row {row.item_id}", f"what was written in transaction {row.tx}"),
    )
    yield from _opened(
        asked,
        sealed.bank_lines(database),
        sealed.bank_text,
        lambda row: (f"bank line {row.id}", "the bank's text"),
    )
    yield from _opened(
        asked,
        sealed.bank_files(database),
        sealed.bank_findings,
        lambda row: (f"bank file {row.id}", "what was found in it"),
    )


def people(asked: Reading) -> Iterator[Fault]:
    """Each SSN and subscriber number can be read, and is found under the token of its own value.

    What was told of members, and what unchanged families come to, can be read, too.
    """
    for row in sealed.ssns(asked.ws.database):
        yield from _looked_up(asked, row, f"person {row.person_id}", "SSN", sealed.ssn, sealed.finds_ssn)
    open_number, finds = sealed.subscriber_number, sealed.finds_number
    for row in sealed.contracts(asked.ws.database):
        yield from _looked_up(asked, row, f"contract {row.id}", "subscriber number", open_number, finds)
    for row in sealed.later_numbers(asked.ws.database):
        where = f"contract {row.contract_id}"
        yield from _looked_up(asked, row, where, "later subscriber number", sealed.later_number, finds)
    facts = sealed.told(asked.ws.database)
    yield from _opened(
        asked, facts, told.opened, lambda row: (f"enrollee {row.enrollee_id}", "what was told of it")
    )
    answers = sealed.answers(asked.ws.database)
    yield from _opened(asked, answers, sealed.answer, lambda row: (f"contract {row.contract_id}", "its answer"))


def _opened(
    asked: Reading,
    rows: Iterable[Any],
    opened: Callable[[Any, FieldCipher], object],
    told: Callable[[Any], tuple[str, str]],
) -> Iterator[Fault]:
    """Open what rows keep sealed; `told` names a row, and what of it cannot be read."""
    for row in rows:
        asked.rows += 1
        try:
            opened(row, asked.ws.vault.fields)
        except UNREADABLE as error:
            where, what = told(row)
            yield Fault(where, f"{what} cannot be read ({type(error).__name__})")


def _looked_up(
    asked: Reading,
    row: object,
    where: str,
    what: str,
    opened: Callable[[Any, FieldCipher], str],
    finds: Callable[[Any, str, Tokens], bool],
) -> Iterator[Fault]:
    """Open what a row keeps sealed, and say whether its tokens find it."""
    asked.rows += 1
    try:
        value = opened(row, asked.ws.vault.fields)
    except UNREADABLE as error:
        yield Fault(where, f"the {what} cannot be read ({type(error).__name__})")
        return
    if not finds(row, value, asked.ws.vault.tokens):
        yield Fault(where, f"the {what} is another than the one that look-ups find")


def archive(asked: Reading) -> Iterator[Fault]:
    """Every received file and every document is in the archive, whole, with the bytes of its hash."""
    wanted: dict[str, list[str]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for file_id, sha256, size in sealed.files(asked.ws.database):
        wanted[sha256].append(f"file {file_id}")
        sizes[sha256] = size
    for _, name, sha256 in sealed.documents(asked.ws.database):
        wanted[sha256].append(f"document {name}")
    for row in sealed.bank_files(asked.ws.database):
        wanted[row.sha256].append(f"bank file {row.id}")
    for sha256 in sorted(wanted):
        asked.rows += 1
        what = _archived(asked.ws, sha256, sizes.get(sha256))
        if what:
            others = f" and {len(wanted[sha256]) - 1} more" if len(wanted[sha256]) > 1 else ""
            yield Fault(wanted[sha256][0] + others, what)
    orphans = sum(name not in wanted for name in asked.ws.vault.archive.names())
    if orphans:
        asked.note = f"{orphans} archived files belong to no row: left by stopped runs, or their rows are lost"


def published(asked: Reading) -> Iterator[Fault]:
    """What lies in a partner's outbox folder under a document's name is that document."""
    ws = asked.ws
    with ws.database.read() as conn:
        folders = {partner.code: partner.channel.kind == FOLDER.kind for partner in agreements.partners(conn)}
    elsewhere = 0
    for partner, name, sha256 in sealed.documents(ws.database):
        if not folders.get(partner, True):
            elsewhere += 1
            continue
        path = Path(channels.place(ws, partner, FOLDER, name))
        if path.is_file():  # whoever took it may have moved it
            asked.rows += 1
            if _hash_of(path) != sha256:
                yield Fault(f"document {name} of {partner or channels.OURS}", "other bytes lie in the outbox")
    if elsewhere:
        asked.note = f"{elsewhere} documents went by SFTP or S3 and were not looked at"


def _archived(ws: Workspace, sha256: str, size: int | None) -> str:
    """Read an archived file through; say what is wrong with it, or nothing."""
    digest, read = hashlib.sha256(), 0
    try:
        for chunk in ws.vault.archive.read(sha256):
            digest.update(chunk)
            read += len(chunk)
    except (ArchiveError, OSError) as error:
        return troubles.words(error) or type(error).__name__
    if digest.hexdigest() != sha256:
        return f"the archive holds other bytes under {sha256}"
    return f"it has {read} bytes, and {size} were received" if size not in (None, read) else ""


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
