"""Finished statements as stored text: their version, and JSON of it.

    {"version":2,"statement":{...}}

A text without this head is version 1, of before versions were stored. Whatever the version, `load` gives the
current one, for the one writer that there is.

See docs/design.md, Documents.
"""

from __future__ import annotations

import json
import re

from model.documents import registry
from model.documents.keys import DocumentKind
from model.documents.statement import Statement
from store import jsonvalue

_HEAD = re.compile(r'\s*\{\s*"version"\s*:\s*(\d{1,6})\s*,\s*"statement"\s*:')


def dump(statement: Statement) -> str:
    """Return a statement as it is stored, with its kind's current version."""
    return f'{{"version":{registry.of(statement).version},"statement":{jsonvalue.dump(statement)}}}'


def load(kind: DocumentKind | str, text: str) -> Statement:
    """Read a stored statement of a kind, of whatever version.

    Raises registry.UnknownVersionError or pydantic.ValidationError (both ValueErrors) where it cannot be read,
    KeyError where there is no such kind.
    """
    row = registry.KINDS[kind]
    head = _HEAD.match(text)
    version, body = (int(head[1]), text[head.end() : text.rindex("}")]) if head else (1, text)
    if version != row.version:
        body = json.dumps(row.upcast(version, json.loads(body)))
    return jsonvalue.load(row.type, body)
