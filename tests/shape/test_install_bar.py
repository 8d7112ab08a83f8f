"""The bar of `make environment`: it fills while packages are fetched, and again while they are unpacked."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from types import ModuleType

import pytest

from support.installation import ROOT


@pytest.fixture
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "requirements" / "install.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_fills_twice(install: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "pip-23.dist-info").mkdir()
    pip, out = install.Pip(tmp_path), io.StringIO()
    bar = install.Bar(out)
    for number in range(50):
        pip.follow([f"Collecting package{number}\n", "  Downloading it\n"])
        pip.show(bar, 60)
    pip.follow(["Installing collected packages: package0, package1\n"])
    for number in range(50):
        (tmp_path / f"package{number}-1.dist-info").mkdir()
        pip.show(bar, 60)
    pip.show(bar, 60)
    shown = [line.split() for line in out.getvalue().splitlines()]
    assert [(words[0], " ".join(words[2:])) for words in shown] == [
        ("fetching", "1 of 60"),
        ("fetching", "26 of 60"),
        ("installing", "1 of 50"),
        ("installing", "26 of 50"),
        ("installing", "50 of 50"),
    ]
    assert shown[-1][1] == "[" + "#" * install.WIDTH + "]"
