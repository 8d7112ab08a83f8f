"""docs/schemas: made from the types, naming every command's answer; nothing of them is lost without a word."""

from __future__ import annotations

import ast
import json
import re
from copy import deepcopy
from typing import Any

import typer
from hypothesis import given
from hypothesis import strategies as st

from cli.main import app
from pipeline.views import schemas
from pipeline.views.answers import ANSWERS
from support.tries import tries

ROOT = schemas.ROOT
NAMES = {answer.name for answer in ANSWERS}


def commands(tree: Any, before: str = "") -> set[str]:
    """Return every command of a tree of Typer's, as one writes it."""
    found: set[str] = set()
    for name, command in tree.commands.items():
        path = f"{before}{name}"
        found |= commands(command, f"{path} ") if hasattr(command, "commands") else {path}
    return found


def test_committed_schemas_are_those_of_the_types() -> None:
    assert schemas.committed() == schemas.generated(), "make schemas"


def test_what_is_lost_stands_in_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert schemas.untold(schemas.committed(), schemas.generated(), changelog) == []


def test_every_command_names_the_schema_of_its_answer() -> None:
    told = {command.partition(" --")[0] for answer in ANSWERS for command in (*answer.one, *answer.many)}
    assert commands(typer.main.get_command(app)) == told


def test_what_commands_emit_has_a_schema() -> None:
    emitted: dict[str, ast.expr] = {
        f"{path.name}:{node.lineno}": node.args[0]
        for path in sorted((ROOT / "cli").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("emit", "emit_lines")
    }
    names = {where: getattr(name, "value", None) for where, name in emitted.items()}
    assert {where: name for where, name in names.items() if name not in NAMES} == {}
    assert {*names.values(), "check", "error"} == NAMES, (
        "every schema is an answer"
    )  # check and main write their own


# Shown as model.agreement declares them (DECISIONS.md, Views), as are the terms of a group.
SWITCHES = {"PartnerProfile", "FullFile", "Channel", "Answers", "DatedStr"}


def test_what_is_shown_are_values_of_the_views() -> None:
    """A definition has words where its type stands in pipeline.views."""
    made = {answer.name: schemas.schema(answer) for answer in ANSWERS if answer.name != "terms"}
    parts = {name: {"": schema, **schema.get("$defs", {})} for name, schema in made.items()}
    wordless = {(name, part) for name in parts for part, of in parts[name].items() if "description" not in of}
    assert wordless == {("partner", part) for part in SWITCHES}


NO_INSTANTS = {"check.not_looked_at", "check.not_looked_at[]"}
AS_DECLARED = {"terms"}  # the terms of a group, whose rates are as a terms file has them


def test_json_has_one_style() -> None:
    """Money is whole cents under `_cents`, an instant ISO 8601 under `at` or `_at`; names are of small letters."""
    found = {
        path: words
        for answer in ANSWERS
        if answer.name not in AS_DECLARED
        for path, words in schemas.paths(schemas.schema(answer)).items()
    }
    named = {path: re.sub(r"[][{}0-9]+$", "", path.rpartition(".")[2]) for path in found}
    instants = {path for path, name in named.items() if name == "at" or name.endswith("_at")} - NO_INSTANTS
    assert {path for path in instants if not found[path] <= {"string date-time", "null"}} == set()
    assert {path for path, words in found.items() if "string date-time" in words} == instants
    cents = {path for path, name in named.items() if "cents" in name}
    assert {path for path in cents if not named[path].endswith("_cents")} == set()
    assert {path for path in cents if not found[path] <= {"integer", "null", "object"}} == set()
    assert {
        name for path, name in named.items() if "." in path and not re.fullmatch(r"[a-z][a-z0-9_]*", name)
    } == set()


def test_whatever_a_view_says_is_money_is_named_in_cents() -> None:
    fields = [
        f"{path.name}:{node.lineno} {node.target.id}"
        for path in sorted((ROOT / "pipeline" / "views").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and any(isinstance(part, ast.Name) and part.id == "Cents" for part in ast.walk(node.annotation))
    ]
    assert len(fields) > 30
    assert [field for field in fields if not field.endswith("_cents")] == []


ACCOUNT = schemas.schema(next(answer for answer in ANSWERS if answer.name == "account"))


def test_a_field_may_be_added() -> None:
    more = deepcopy(ACCOUNT)
    more["properties"]["added"] = {"type": "string"}
    assert schemas.lost(ACCOUNT, more) == []


@tries(20)
@given(st.sampled_from(sorted(schemas.paths(ACCOUNT))), st.booleans())
def test_a_field_that_goes_or_changes_is_found_and_must_be_told(path: str, goes: bool) -> None:
    """Any path at any depth: taken away, or of another type."""
    *_, name = path.replace("[]", "").replace("{}", "").split(".")
    less = json.loads(json.dumps(ACCOUNT))
    holders = [part for part in (less, *less["$defs"].values()) if name in part["properties"]]
    for holder in holders:
        if goes:
            del holder["properties"][name]
        else:
            holder["properties"][name] = {"type": "null"}
    lost = schemas.lost(ACCOUNT, less)
    assert any(gone.startswith(path.split("[")[0].split("{")[0]) for gone in lost), lost
    before, after = {"account.json": json.dumps(ACCOUNT)}, {"account.json": json.dumps(less)}
    assert schemas.untold(before, after, "## Unreleased\n") == lost
    told = "## Unreleased\n" + "".join(f"- `{gone}` is no more.\n" for gone in lost)
    assert schemas.untold(before, after, told) == []
    assert schemas.untold(before, after, told.replace("Unreleased", "1.0")) == lost


def test_a_schema_that_goes_must_be_told() -> None:
    assert schemas.untold({"account.json": "{}"}, {}, "## Unreleased\n") == ["account.json"]
