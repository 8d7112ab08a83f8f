"""Who may import whom, and what our names must not collide with."""

import ast
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]

# The only packages that may import each of these libraries, even inside a function.
HOMES = {
    "prefect": {"flows"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "typer": {"cli"},
    "rich": {"cli"},
    "pyx12": {"parsers"},
    "asyncssh": {"intake"},
    "boto3": {"intake"},
    "typst": {"writers"},
    "cryptography": {"vault"},
}


def imported(source) -> set[str]:
    """Return the top-level names that a module imports anywhere in it."""
    names = {alias.name for node in source.nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in source.nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


def test_import_contracts_hold():
    tool = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_each_library_stays_in_its_home(sources):
    strays = {
        f"{source.name} imports {name}"
        for source in sources
        for name in imported(source) & HOMES.keys()
        if source.package not in HOMES[name]
    }
    assert strays == set()


def test_our_names_collide_with_nothing_installed(packages):
    owners = packages_distributions()
    others = {name: set(owners.get(name, [])) - {"rollbook"} for name in packages}
    assert {name: owner for name, owner in others.items() if owner} == {}
    assert set(packages) & sys.stdlib_module_names == set()


def test_no_flow_is_named_like_a_package(packages):
    """A flow file named like a package breaks every Prefect path entrypoint."""
    names = {path.stem for path in (ROOT / "flows").glob("*.py")} - {"__init__"}
    assert names & set(packages) == set()


def test_test_modules_have_names_of_their_own():
    """With import-mode=importlib and no __init__.py, a doubled name or a package would shadow another."""
    tests = sorted((ROOT / "tests").rglob("test_*.py"))
    names = [path.stem for path in tests]
    assert {name for name in names if names.count(name) > 1} == set()
    assert [str(path) for path in (ROOT / "tests").rglob("__init__.py")] == []


def test_an_actor_is_made_where_somebody_comes_in(sources):
    """The command line knows the process's user, a flow is a service; everything else is given an actor."""
    makers = {
        source.name
        for source in sources
        for node in source.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Actor"
    }
    assert makers == {"cli/session.py", "flows/base.py", "flows/ops.py"}


def test_the_whole_program_runs_in_a_test_s_process_by_the_keyboard_alone():
    """It narrows the process's umask, which support.keyboard puts back; what came after it in a worker failed."""
    callers = {
        path.relative_to(ROOT / "tests").as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        if "from cli.main import main\n" in path.read_text("utf-8")
    }
    own_process = {"support/kill.py", "e2e/test_real_user.py", "shape/test_startup.py"}
    assert callers - own_process == {"support/keyboard.py"}
