"""Stored statements of every version are read and rendered for ever."""

import json
from pathlib import Path
from typing import get_args

import pytest

from model.documents import registry
from model.documents.keys import DocumentKind
from model.documents.registry import UnknownVersionError
from model.documents.statement import Statement
from store import jsonvalue
from vault.fields import UNREADABLE
from writers.render import render

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "statements"
VERSIONS = [(kind, version) for kind, row in registry.KINDS.items() for version in range(1, row.version + 1)]


def stored(kind: str, version: int) -> str:
    """Return a kept statement as that version was stored; version 1 without a head, as before there were heads."""
    value = json.loads((CASES / f"{kind}-{version}.json").read_text("utf-8"))
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if version == 1 else f'{{"version":{version},"statement":{text}}}'


def printed(statement: Statement) -> list[tuple[str, bytes]]:
    """Return a statement's documents, each with its bytes."""
    return [(document.name, document.data) for document in render(statement)]


def test_one_statement_of_each_version_is_kept():
    assert {path.stem for path in CASES.iterdir()} == {f"{kind}-{version}" for kind, version in VERSIONS}


@pytest.mark.parametrize(("kind", "version"), VERSIONS)
def test_a_kept_statement_is_read_and_rendered(kind, version):
    statement = jsonvalue.load_statement(kind, stored(kind, version))
    assert registry.of(statement).key == kind
    documents = render(statement)
    assert documents and all(document.name and document.data for document in documents)
    again = jsonvalue.load_statement(kind, jsonvalue.dump_statement(statement))
    assert again == statement and printed(again) == printed(statement)


@pytest.mark.parametrize("kind", registry.KINDS)
def test_the_newest_kept_statement_is_what_is_stored_today(kind):
    """Whoever changes a statement's fields without a new version sees it here."""
    newest = stored(kind, registry.KINDS[kind].version)
    kept = json.loads(newest)
    today = json.loads(jsonvalue.dump_statement(jsonvalue.load_statement(kind, newest)))
    assert today == (kept if "statement" in kept else {"version": 1, "statement": kept})


@pytest.mark.parametrize("kind", ["invoice", "consolidated"])
def test_reasons_that_were_sentences_stay_as_they_were_written(kind):
    older, newer = (jsonvalue.load_statement(kind, stored(kind, version)) for version in (1, 2))
    assert older != newer and [document.name for document in render(older)] == [
        document.name for document in render(newer)
    ]
    if kind == "invoice":
        (_, table, _), (_, as_kinds, _) = render(older), render(newer)
        assert b"terminated 2027-01-15" in table.data
        assert table.data == as_kinds.data


@pytest.mark.parametrize("kind", ["receipt", "reconciliation", "report", "census"])
def test_what_was_said_in_sentences_is_printed_as_they_were(kind):
    older, newer = (jsonvalue.load_statement(kind, stored(kind, version)) for version in (1, 2))
    assert older != newer and printed(older) == printed(newer)


@pytest.mark.parametrize("text", ['{"version":99,"statement":{}}', '{"version":0,"statement":{}}'])
def test_a_version_that_is_not_known_cannot_be_read(text):
    with pytest.raises(UnknownVersionError):
        jsonvalue.load_statement("invoice", text)
    assert issubclass(UnknownVersionError, UNREADABLE)


def test_the_head_is_read_however_the_json_is_spaced():
    text = jsonvalue.dump_statement(jsonvalue.load_statement("invoice", stored("invoice", 2)))
    assert jsonvalue.load_statement(
        "invoice", json.dumps(json.loads(text), indent=1) + "\n"
    ) == jsonvalue.load_statement("invoice", text)


def test_every_statement_has_one_row():
    rows = registry.KINDS.values()
    assert {row.type for row in rows} == {*get_args(Statement)} and len(rows) == len(get_args(Statement))
    assert {row.key for row in rows} == {*DocumentKind}


def test_writers_and_templates_that_rows_name_are_there():
    writers = ROOT / "writers"
    templates = {row.template for row in registry.KINDS.values()} - {""}
    # Explanations and account statements are looks: nothing of them is owed.
    letters = {"base.typ", "explanation.typ", "account_statement.typ"}
    assert templates | letters == {path.name for path in (writers / "templates").glob("*.typ")}
    assert all((writers / f"{row.writer.replace('.', '/')}.py").is_file() for row in registry.KINDS.values())
