"""Schemas over all their history: what any committed version had, the present one has, or CHANGELOG.md names it.

The present schemas are compared with the types beside (test_schemas.py); who changes a type and its schema at once
loses a field all the same. Git is asked twice, however long the history; a shallow clone has less of it.
"""

from __future__ import annotations

import io
import json
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from pipeline.views import schemas
from pipeline.views.schemas import Schema

FOLDER = "docs/schemas"
FIRST = {"$id": "bill", "type": "object", "properties": {"month": {"type": "string"}, "held": {"type": "integer"}}}
_NO_BLOB = "0" * 40


def git(root: Path, *arguments: str, said: str = "") -> bytes:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, input=said.encode(), capture_output=True, check=True).stdout


def versions(root: Path) -> dict[str, list[Schema]]:
    """Return every committed version of each schema, by the file's name. A blob that a clone lacks is left out."""
    names: dict[str, str] = {}
    log = git(root, "log", "--format=", "--raw", "--no-abbrev", "--no-renames", "--", FOLDER)
    for line in log.decode().splitlines():
        head, _, path = line.partition("\t")
        *_, before, after, _ = head.split()
        names |= {blob: Path(path).name for blob in (before, after) if blob != _NO_BLOB and path.endswith(".json")}
    found: dict[str, list[Schema]] = defaultdict(list)
    objects = io.BytesIO(git(root, "cat-file", "--batch", said="\n".join(names)))
    while head := objects.readline().decode().split():
        blob, kind, *size = head
        if kind == "blob":
            found[names[blob]].append(json.loads(objects.read(int(size[0]))))
            objects.readline()
    return found


def untold(ever: dict[str, list[Schema]], present: dict[str, str], changelog: str) -> set[str]:
    """Return what a schema had and has no more, or otherwise, and no line of the changelog names."""
    gone = {
        path
        for name, earlier in ever.items()
        for before in earlier
        for path in (schemas.lost(before, json.loads(present[name])) if name in present else [name])
    }
    return {path for path in gone if f"`{path}`" not in changelog}


def test_what_a_schema_ever_had_is_there_or_told() -> None:
    if not (schemas.ROOT / ".git").exists():
        pytest.skip("no .git here: the history of docs/schemas is asked where there is one")
    ever = versions(schemas.ROOT)
    assert ever, "the schemas are committed"
    assert untold(ever, schemas.committed(), (schemas.ROOT / "CHANGELOG.md").read_text("utf-8")) == set()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A history in which a field of a schema went, by hand and with its type."""
    root = tmp_path / "all"
    (root / FOLDER).mkdir(parents=True)
    git(root, "init", "--quiet")
    for key, value in (("user.name", "Pat Example"), ("user.email", "pat@example.com")):
        git(root, "config", key, value)
    less = {**FIRST, "properties": {"month": {"type": "string"}}}
    for message, schema in (("first", FIRST), ("less", less)):
        (root / FOLDER / "bill.json").write_text(json.dumps(schema), encoding="utf-8")
        git(root, "add", ".")
        git(root, "commit", "--quiet", "--message", message)
    return root


def test_a_field_that_went_with_its_type_must_be_told(repository: Path) -> None:
    present = {"bill.json": (repository / FOLDER / "bill.json").read_text("utf-8")}
    assert untold(versions(repository), present, "") == {"bill.held"}
    assert untold(versions(repository), present, "- `bill.held` is no more.") == set()
    assert untold(versions(repository), {}, "") == {"bill.json"}


def test_a_shallow_clone_asks_what_it_has(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), "shallow")
    found = versions(tmp_path / "shallow")
    assert [schema["properties"].keys() for schema in found["bill.json"]] == [{"month"}]
