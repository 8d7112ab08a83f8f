"""Kinds decide, words are for people: with the texts of writers.words replaced by keys, only documents change."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from model.exchange import OutboxItem
from model.timeline import Month
from model.trade import coverage, header, maintenance, member, payment, references
from model.trade.table import Table
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.month.reconcile import reconcile
from pipeline.roster import export
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.setup.load_terms import load_terms as load_text
from store import tables
from store.jsonvalue import dump
from store.received import outbox, statement_rows
from support.employer import change, remittance
from support.installation import GROUP, SAMPLES, TERMS, load_terms, take, take_bytes
from support.people import TESTER, TWO, deciding
from writers import words
from writers.render import render

# Another ciphertext each time; and the clock, and the hashes of documents.
SEALED = {"statement", "body", "cipher", "number_cipher", "key_id", "rows", "recorded_at", "args"}
CHANCE = {"input", "step"}  # keys by chance, and hashes over them and over what is sealed
QUIGLEY = ("NM1*IL*1*QUIGLEY*IVAN****34*901410001", "DMG*D8*19830412*M")
A = "41000100"
TRADE = (coverage, header, maintenance, member, payment, references)


@dataclass(frozen=True)
class Left:
    """What a story leaves: rows by table, statements as JSON by key, documents by name."""

    rows: dict[str, list[dict[str, Any]]]
    statements: dict[str, Any]
    documents: dict[str, bytes]


def story(ws: Workspace) -> None:
    """Families join, by file and census; one leaves late, rates change, too much money comes, some for nobody."""
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    take(ws, SAMPLES / "valid" / "02-term-dependent.edi", date(2026, 11, 24))
    for name in ("01-by-id.csv", "04-mistakes.csv"):
        take(ws, SAMPLES / "census" / name, date(2026, 12, 1))
    bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)
    lines = (f"RMR*11*{A}*PI*2200.00", "RMR*IK*999999*PI*50.00")
    take_bytes(ws, remittance("000000951", "20261228", "T1", "2250.00", *lines), "p.edi", date(2026, 12, 28))
    add_deposit(ws, "T1", "1990000001", 225_000, date(2026, 12, 28), ws.now(date(2026, 12, 28)))
    left = ("INS*Y*18*024*08*A***TE", "REF*0F*E50001", "REF*DX*100", "DTP*357*D8*20261231", *QUIGLEY)
    take_bytes(ws, change("000000952", "20270105", *left), "left.edi", date(2027, 1, 5))
    dearer = TERMS.read_text(encoding="utf-8").replace('{ EMP = "500.00"', '{ EMP = "510.00"')
    load_text(deciding(ws), dearer, ws.now(date(2027, 1, 6)), TWO)
    bill(ws, Month(2027, 2), ws.now(date(2027, 1, 10)), GROUP)
    back = ("INS*Y*18*025*AI*A***FT", "REF*0F*E50001", "REF*DX*100", "DTP*356*D8*20270101", *QUIGLEY)
    back += ("HD*025**HLT*GOLD*EMP", "DTP*348*D8*20270101")
    take_bytes(ws, change("000000953", "20270115", *back), "back.edi", date(2027, 1, 15))
    bill(ws, Month(2027, 3), ws.now(date(2027, 2, 10)), GROUP)
    reconcile(ws, Month(2027, 1), GROUP, ws.now(date(2027, 2, 11)))
    export.export(ws, GROUP, "csv", None, ws.now(date(2027, 2, 12)), on=None, deliver=False)


def left(ws: Workspace) -> Left:
    with ws.database.read() as conn:
        rows = {
            table.name: [
                {name: value for name, value in row.items() if name not in SEALED}
                for row in conn.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in tables.metadata.sorted_tables
            if table.name not in CHANCE
        }
        kinds = dict.fromkeys(row["file_id"] for row in rows["outbox"])
        keys = [row["key"] for row in rows["outbox"]]
        items = [item for key in keys if (item := outbox.find(conn, key, ws.vault.fields))]
    assert len(kinds) > 1
    rows["outbox"] = [{name: row[name] for name in row if name not in ("names",)} for row in rows["outbox"]]
    return Left(
        rows,
        {item.key: json.loads(dump(item.statement)) for item in items},
        {name: data for item in items for name, data in documents(ws, item)},
    )


def documents(ws: Workspace, item: OutboxItem) -> Iterator[tuple[str, bytes]]:
    """Yield what was delivered, of what is still owed what would be; each with its bytes."""
    if item.documents:
        yield from ((name, b"".join(ws.vault.archive.read(sha256))) for name, sha256 in item.documents)
    elif item.statement:
        beside = partial(statement_rows.read, ws.database, ws.vault.fields)
        yield from ((document.name, document.data) for document in render(item.statement, beside))


def replaced(patch: pytest.MonkeyPatch) -> None:
    """Put its key in place of every text of writers.words, and of every meaning in the trade's tables."""
    for table in (value for module in TRADE for value in vars(module).values() if isinstance(value, Table)):
        for code in table.words:
            patch.setitem(cast(dict[str, str], table.words), code, f"{table.element}.{code}")
    for name, value in list(vars(words).items()):
        if isinstance(value, Mapping) and name.isupper():
            for key in value:
                patch.setitem(value, key, f"{name}.{key}")
        elif isinstance(value, str) and name.isupper():
            patch.setattr(words, name, name)


def fragments() -> set[str]:
    """Return what the texts of writers.words say between their arguments, where it is more than one word."""
    tables = [value for name, value in vars(words).items() if name.isupper()]
    texts = [
        text
        for table in tables
        for text in (table.values() if isinstance(table, Mapping) else [table])
        if isinstance(text, str)
    ]
    parts = {part.strip(" ,:;()") for text in texts for part in re.split(r"\{.*?\}", text)}
    return {part for part in parts if " " in part}


def without_findings(value: Any) -> Any:
    """Return a value as JSON has it without what findings say: they are texts, stored as told."""
    if isinstance(value, list):
        return [without_findings(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: without_findings(item) for name, item in value.items() if name not in ("message", "fix")}


def prose(found: Left) -> set[str]:
    """Return which words a story left in rows and statements. Terms are a file, in the words of who wrote them."""
    rows = [row for table, many in found.rows.items() if table != "agreement" for row in many]
    stored = json.dumps(without_findings([rows, [*found.statements.values()]]), default=str)
    return {part for part in fragments() if part in stored}


def told(stamped: Path, folder: Path) -> Iterator[Left]:
    home = Path(shutil.copytree(stamped, folder))
    settings = Settings(home, f"sqlite:///{home.resolve() / 'rollbook.db'}", home / "keys.json")
    ws = open_workspace(settings, TESTER)
    story(ws)
    yield left(ws)
    ws.close()


def test_words_decide_nothing(stamped: Path, tmp_path: Path) -> None:
    (spoken,) = told(stamped, tmp_path / "words")
    with pytest.MonkeyPatch.context() as patch:
        replaced(patch)
        (keyed,) = told(stamped, tmp_path / "keys")
    assert prose(spoken) == set()
    assert keyed.rows == spoken.rows
    assert len({row["reason"].split(" ")[0] for row in spoken.rows["charge"] if row["reason"]}) > 2
    assert [*keyed.statements] == [*spoken.statements]
    for key, statement in spoken.statements.items():
        assert keyed.statements[key] == statement, key
    assert [*keyed.documents] == [*spoken.documents]
    changed = {name.split("-")[0] for name, data in spoken.documents.items() if keyed.documents[name] != data}
    assert changed >= {"census", "invoice", "receipt", "report", "reconciliation", "roster"}
