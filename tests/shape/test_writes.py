"""Every write of the pipeline goes through Database.change, which raises its guards first.

See docs/design.md, Guards.
"""

from __future__ import annotations

import ast

from store.chain import LINKED

# Writes that change no business rows, and why each needs no guard.
WITHOUT = {
    "pipeline/runtime/leases.py": "a lease is the lock itself, in real time, and goes when its holder dies",
}
ABOVE_STORE = {"pipeline", "cli", "flows"}


def calls(source, names: set[str]) -> list[str]:
    """Return the methods of a database that a module calls, of these names."""
    found = []
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            owner = node.func.value
            if "database" in (getattr(owner, "attr", ""), getattr(owner, "id", "")):
                found.append(node.func.attr)
    return found


def test_every_write_holds_its_guards_or_says_why_not(sources):
    bare = {
        source.name for source in sources if source.package in ABOVE_STORE and calls(source, {"write", "retry"})
    }
    assert bare == set(WITHOUT)


def test_writes_are_found_at_all(sources):
    """The look is worth something only where it sees the writes."""
    guarded = {source.name for source in sources if calls(source, {"change"})}
    assert guarded >= {
        f"pipeline/{folder}/{name}.py"
        for folder, names in {
            "cash": ["pay"],
            "month": ["bill"],
            "receive": ["answered", "claim", "deliver", "enroll", "judge"],
            "setup": ["agree"],
        }.items()
        for name in names
    }


def test_rows_of_the_chain_are_added_where_it_notes_them(sources):
    """Of the tables that store.chain links no row is inserted but by store.bulk."""
    past = []
    for source in sources:
        for node in source.nodes:
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "insert" and node.args:
                table = getattr(node.args[0], "attr", "") or getattr(node.args[0], "id", "")
                past += [f"{source.name} {table}"] if table in {*LINKED, "input"} else []
    assert past == []
