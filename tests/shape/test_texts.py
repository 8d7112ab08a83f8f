"""What every source says of itself, and what no committed file may hold."""

import ast
import re

PUBLIC = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
LEFTOVERS = re.compile("TO" + r"DO|FIX" + "ME|NotImplemented" + "Error")
# Addresses that a committed file may hold: loopback, invented ones, XML's names, the font's licence.
KNOWN_HOSTS = (
    r"127\\?\.0\\?\.0\\?\.1|localhost|\{|\(|[\w.:@-]*example\.com|schemas\.openxmlformats\.org|www\.w3\.org"
)
ADDRESSES = re.compile(rf"https?://(?!{KNOWN_HOSTS})\w|(?<!no-emit-)index-url|find-links")
LICENCE = "writers/fonts/OFL.txt"  # not ours to change
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|home|Users|work|opt)/\w")


def public(node: ast.AST, prefix: str = ""):
    """Yield the public functions and classes of a module, and the public methods of its public classes."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, PUBLIC) and not child.name.startswith("_"):
            yield f"{prefix}{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{child.name}.")


def test_everything_public_has_a_docstring(written):
    silent = [source.name for source in written if not ast.get_docstring(source.tree)]
    silent += [
        f"{source.name} {name}"
        for source in written
        for name, node in public(source.tree)
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_nothing_is_left_unfinished(sources):
    found = {
        f"{source.name}:{number}"
        for source in sources
        for number, line in enumerate(source.text.splitlines(), 1)
        if LEFTOVERS.search(line)
    }
    assert found == set()


def test_no_error_is_swallowed(sources):
    """`except:` catches everything, and `except X: pass` hides it; contextlib.suppress says so aloud."""
    swallowed = [
        f"{source.name}:{node.lineno}"
        for source in sources
        for node in source.nodes
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or all(isinstance(child, ast.Pass) for child in node.body))
    ]
    assert swallowed == []


def test_no_file_names_a_registry_or_a_machine(tracked):
    held = {
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in tracked.items()
        if name not in ("tests/shape/test_texts.py", LICENCE)
        for number, line in enumerate(text.splitlines(), 1)
        if ADDRESSES.search(line) or MACHINE_PATHS.search(line)
    }
    assert held == set()


def test_lock_files_hold_no_address(tracked):
    for name in ("requirements/run.txt", "requirements/dev.txt"):
        assert "--hash=sha256:" in tracked[name]
        assert "://" not in tracked[name]
        assert " @ " not in tracked[name]
