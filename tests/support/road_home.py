"""An installation in which a history of support.roads is lived, and the canonical text of what it comes to."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from model.documents import keys
from model.documents.statement import BusinessReport, ConsolidatedInvoice, InvoiceStatement, Reconciliation
from model.enrollment.census import CensusReturn, ReturnedRow, ReturnedSheet
from pipeline import inputs
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from store import agreements, dump
from store.engine import Connection
from store.jsonvalue import dump as json_of
from store.received import files, member_lines, outbox, statement_rows
from store.received.outbox import OutboxItem
from support.installation import install, load_terms
from support.invoiced import whole
from support.people import TESTER, TWO, deciding
from support.road_history import Step
from vault.keys import Key, Keyring, save_keyring

# Ids of rows and of transactions within statements, which no document shows: the key, and what it lies under.
_ROW_IDS = frozenset(
    {
        ("line", "contract"),
        ("line", "person"),
        ("adjustments", "tx"),
        ("adjustments", "set"),
        *(("cobra", name) for name in ("id", "contract", "person")),
    }
)
_PICTURES = frozenset({".pdf", ".html", ".xlsx"})
_MONEY = ("invoice-", "consolidated-", "receipt-", "reconciliation-", "roster-")  # their CSV names transactions


def lived(terms: Iterable[str], keys: int, steps: Iterable[Step], stamp: Path) -> list[str]:
    """Live a history in a copy of an installation with these terms and so many keys; return the canonical text.

    `stamp` is where that installation is kept; it is made when it is not there.
    """
    if not stamp.exists():
        make(stamp, terms, keys)
    with tempfile.TemporaryDirectory(dir=stamp.parent) as folder:
        home = shutil.copytree(stamp, Path(folder) / "var")
        ws = open_workspace(settings_of(home), TESTER)
        try:
            return list(_text(ws, steps))
        finally:
            ws.close()


def settings_of(home: Path, url: str = "") -> Settings:
    return Settings(home, url or f"sqlite:///{home.resolve() / 'rollbook.db'}", home / "keys.json")


def make(home: Path, terms: Iterable[str], keys: int, url: str = "") -> None:
    """Make the installation, its store in a database of its own unless a URL is given; always the same keys."""
    home.mkdir(parents=True)
    ring = Keyring(tuple(Key(f"k{nth}", bytes([nth]) * 32) for nth in range(keys, 0, -1)))
    save_keyring(ring, home / "keys.json")
    settings = settings_of(home, url)
    install(settings)
    ws = open_workspace(settings, TESTER)
    for text in terms:
        load_terms(ws, text)
    ws.close()


def _text(ws: Workspace, steps: Iterable[Step]) -> Iterator[str]:
    published: set[Path] = set()
    for nth, step in enumerate(steps, 1):
        yield f"== {nth} {step.kind} {step.day} {step.partner} {step.name}".rstrip()
        owed: list[str] = []
        yield from done(ws, step, owed)
        yield from owed
        yield from _published(ws, published)
    yield "== store"
    with ws.database.read() as conn:
        yield from dump.canonical(conn, ws.vault)


def done(ws: Workspace, step: Step, owed: list[str]) -> list[str]:
    """Do a step; return what it told. `owed` gets what was owed by it before that is delivered."""
    now = ws.now(step.day)
    troubles: list[str] = []

    def delivering(doing: str) -> None:
        owed.extend(_owed(ws) if doing == "delivering" else ())

    def trouble(finding: Any) -> None:
        troubles.append(f"trouble {finding.code} {finding.subject} {finding.message}")

    if step.kind == "file":
        file_id = inputs.receive(
            ws, [step.data], step.name, step.partner, "test", now, progress=delivering, trouble=trouble
        )
        return [*_received(ws, file_id), *troubles]
    _ask(ws, step)
    owed.extend(_owed(ws) if step.kind != "export" else ())  # that door delivers itself
    inputs.deliver(ws, now, trouble)
    return troubles


def _ask(ws: Workspace, step: Step) -> None:
    """Do what the plan does itself. What the door answers is a view; what came of it is owed, or in the store."""
    now, group = ws.now(step.day), step.name
    match step.kind:
        case "bill":
            inputs.bill(ws, step.month, now, group, ahead=True)
        case "deposit":
            inputs.add_deposit(ws, step.trace, step.partner, step.cents, step.day, now)
        case "reconcile":
            inputs.reconcile(ws, step.month, group, now)
        case "export":
            with ws.database.read() as conn:
                receiver = agreements.partner(conn, step.partner)
            inputs.export_roster(ws, group, "834", receiver, now, deliver=True)
        case "end":
            inputs.end_coverage(deciding(ws), group, now, TWO)
        case "unrestrict":
            inputs.unrestrict(deciding(ws), step.name, now, TWO)
        case _:
            raise ValueError(step.kind)


def _received(ws: Workspace, file_id: str) -> Iterator[str]:
    """Yield what became of a file, its sets and its members, and everything that was found."""
    with ws.database.read() as conn:
        file = files.file(conn, file_id)
        yield f"file {file.id} {file.kind} {file.state} {file.partner} {file.size} {file.failure}".rstrip()
        sets = files.sets_of(conn, file_id)
        places = {
            stored.id: f"{stored.functional_group}/{stored.control}#{nth}" for nth, stored in enumerate(sets)
        }
        raised: dict[str, list[str]] = {}
        for set_id, number, objection in files.objections_of(conn, file_id):
            found = {"number": number, "coverage": objection.coverage, **_finding(objection.finding)}
            raised.setdefault(places.get(set_id or 0, ""), []).append(_line(found))
        yield from (f"finding - {line}" for line in raised.get("", ()))
        for stored in sets:
            place = places[stored.id]
            yield f"set {place} {stored.kind} {stored.verdict} {stored.state} {stored.reason}".rstrip()
            yield from _groups(conn, stored.id)
            for row in member_lines.dispositions(conn, stored.id):
                yield f"line {place} {_line(asdict(row) | {'action': str(row.action)})}"
            yield from (f"finding {place} {line}" for line in _by_member(raised.get(place, ())))


def _by_member(lines: Iterable[str]) -> list[str]:
    """Sort a set's findings by their members; those of a member keep the order in which a report shows them."""
    return sorted(lines, key=lambda line: json.loads(line)["number"])


def _groups(conn: Connection, set_id: int) -> Iterator[str]:
    named = {
        ident: number for number, ident in agreements.group_ids(conn, list(agreements.all_terms(conn))).items()
    }
    for group_id, version in files.set_groups(conn, set_id).items():
        yield f"group {named[group_id]} version {version}"


def _finding(finding: Any) -> dict[str, Any]:
    return asdict(finding) | {"severity": finding.severity.value, "shown": finding.where.text()}


def _owed(ws: Workspace) -> Iterator[str]:
    """Yield the statements that are owed and not delivered yet, partner by partner in the order owed."""
    with ws.database.read() as conn:
        for partner in outbox.owing(conn):
            for ident in outbox.undelivered(conn, partner):
                item = outbox.item(conn, ident, ws.vault.fields)
                head = f"owed {item.key} {item.partner} {item.kind} {item.file_id or ''}".rstrip()
                yield f"{head} {_statement(ws, item)}"
                yield from (f"row {item.key} {row}" for row in report_rows(ws, item))


def _statement(ws: Workspace, item: OutboxItem) -> str:
    """Return a statement as canonical JSON; a report without its rows, others with theirs."""
    statement = item.statement
    if isinstance(statement, BusinessReport):
        statement = replace(statement, rows=())
    elif isinstance(statement, CensusReturn):
        rows = list(statement_rows.read(ws.database, ws.vault.fields, item.key))
        statement = replace(statement, sheets=tuple(_sheets(rows)))
    elif isinstance(statement, InvoiceStatement):
        statement = whole(ws, statement)
    elif isinstance(statement, Reconciliation):
        key = str(keys.reconciled(statement.number))
        statement = replace(statement, rows=tuple(statement_rows.read(ws.database, ws.vault.fields, key)))
    elif isinstance(statement, ConsolidatedInvoice):
        statement = replace(statement, bills=tuple(whole(ws, bill) for bill in statement.bills))
    return _line(_without_ids(json.loads(json_of(statement))))


def _sheets(rows: list[ReturnedRow]) -> Iterator[ReturnedSheet]:
    """Yield a census's sheets with their rows within, as they were stored before they lay beside the statement."""
    begins = [place for place, row in enumerate(rows) if row.sheet]
    for begin, end in pairwise([*begins, len(rows)]):
        first, *inside = rows[begin:end]
        cells = tuple(row.cells for row in inside if not row.answer)
        width = len(cells[first.sheet.header - 1]) if first.sheet.header else 0
        answers = tuple(row.answer for row in inside if row.answer)
        yield replace(first.sheet, cells=cells, width=width, answers=answers)


def report_rows(ws: Workspace, item: OutboxItem) -> list[str]:
    """Return the rows of a business report, of others none, whatever form they are stored in.

    They are sorted: their order is that of the CSV's lines.
    """
    if not isinstance(item.statement, BusinessReport):
        return []
    lines = []
    for row in statement_rows.read(ws.database, ws.vault.fields, item.key):
        shown = {name: value for name, value in asdict(row).items() if value is not None}
        lines.append(_line(shown | {"action": str(row.action or "")}))
    return sorted(lines)


def _without_ids(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        under = key or str(value.get("kind", ""))
        return {name: _without_ids(item, name) for name, item in value.items() if (under, name) not in _ROW_IDS}
    return [_without_ids(item, key) for item in value] if isinstance(value, list) else value


def _published(ws: Workspace, before: set[Path]) -> Iterator[str]:
    """Yield the documents that were published since: their names, and the lines of those that are compared."""
    for path in sorted(set(ws.outbox.rglob("*.*")) - before):
        before.add(path)
        name = path.relative_to(ws.outbox).as_posix()
        yield f"document {name}"
        if path.suffix not in _PICTURES and not path.name.startswith(_MONEY):
            yield from (f"  {line}" for line in path.read_bytes().decode("utf-8", "backslashreplace").split("\n"))


def _line(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
