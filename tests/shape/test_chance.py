"""`make test` leaves nothing to chance: the same examples each time, and no verdict that goes by the clock."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers

from support import tries

_TESTS = Path(__file__).resolve().parents[1]


def test_properties_try_as_much_as_the_profile_says() -> None:
    own = [
        str(path.relative_to(_TESTS))
        for path in sorted(_TESTS.rglob("*.py"))
        if re.search(r"\bsettings\(|import .*\bsettings\b", path.read_text("utf-8"))
        and "hypothesis" in path.read_text("utf-8")
        and path.name not in ("tries.py", Path(__file__).name)
    ]
    assert own == [], "settings of its own: take support.tries.tries(examples), which follows quick and deep"


def test_quick_is_the_usual_profile_and_tries_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(tries.VARIABLE, raising=False)
    before = settings.get_current_profile_name()
    try:
        tries.register()
        quick = tries.tries(40)
        assert (quick.derandomize, quick.deadline, quick.database, quick.max_examples) == (True, None, None, 40)
        assert HealthCheck.too_slow in quick.suppress_health_check
        settings.load_profile("deep")
        deep = tries.tries(40)
        assert (deep.derandomize, deep.deadline, deep.max_examples) == (False, None, 400)
        assert deep.database is not None
    finally:
        settings.load_profile(before)


_WORD = "ΔΕΖΗΘ"  # no constant of ours or of Hypothesis is of these letters only


def _examples() -> list[str]:
    examples: list[str] = []

    @seed(1)
    @tries.tries(300)
    @given(st.text(_WORD))
    def keep(text: str) -> None:
        examples.append(text)

    keep()
    return examples


def test_quick_tries_the_same_whatever_modules_are_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker has loaded what its tests so far asked for; Hypothesis draws from the constants of such modules."""
    before = settings.get_current_profile_name()
    monkeypatch.setattr(providers, "CONSTANTS_CACHE", LRUCache(64))  # does not tell profiles apart
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "loaded_late.py").write_text(f"WORD = {_WORD!r}")
    try:
        settings.load_profile("quick")
        alone = _examples()
        monkeypatch.setitem(sys.modules, "loaded_late", importlib.import_module("loaded_late"))
        assert _examples() == alone
        settings.load_profile("random")
        assert _WORD in _examples(), "the other profiles draw from them"
    finally:
        settings.load_profile(before)
