"""The house as the shape tests see it: every source file of ours, parsed and walked once."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file."""

    path: Path
    text: str
    tree: ast.Module
    nodes: list[ast.AST]  # of its tree

    @property
    def name(self) -> str:
        """The path below the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def package(self) -> str:
        """The top-level package or folder."""
        return self.name.split("/")[0]


def read(folder: str) -> list[Source]:
    """Read and parse every Python file below a folder."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    parsed = [(path, text := path.read_text("utf-8"), ast.parse(text)) for path in paths]
    return [Source(path, text, tree, list(ast.walk(tree))) for path, text, tree in parsed]


@pytest.fixture(scope="session")
def packages() -> list[str]:
    """The top-level packages that we ship."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return list(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


@pytest.fixture(scope="session")
def sources(packages: list[str]) -> list[Source]:
    """Every file of our packages."""
    found = [source for package in packages for source in read(package)]
    assert len(found) > len(packages), "the shape tests look at nothing"
    return found


@pytest.fixture(scope="session")
def written(sources: list[Source]) -> list[Source]:
    """Every file that a person wrote by hand: packages without migrations, sample generator, benchmarks."""
    ours = [s for s in sources if "/migrations/versions/" not in s.name]
    return [*ours, *read("sample_files"), *read("benchmarks")]


@pytest.fixture(scope="session")
def everywhere(written: list[Source]) -> list[Source]:
    """Those, and the tests."""
    return [*written, *read("tests")]


@pytest.fixture(scope="session")
def tracked(packages: list[str]) -> dict[str, str]:
    """Every text file that is committed, or would be: name -> text."""
    folders = [*packages, "sample_files", "tests", "docs", "benchmarks", "requirements", ".ci"]
    files = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]  # a file in a work tree
    files += [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    binary = (".pyc", ".png", ".pdf", ".edi", ".ttf", ".otf", ".xlsx", ".xlsm")
    chosen = (path for path in files if path.suffix not in binary and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in chosen}
