"""`make test` leaves nothing to chance: the same examples each time, and no verdict that goes by the clock."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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
