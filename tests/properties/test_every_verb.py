"""Whatever is sent, decided, billed and put right, in whatever order: what is true stays true (support.truths)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from support.tries import tries
from support.verbs import Verbs


def test_what_is_true_stays_true_whatever_is_done(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One state machine over all verbs; each step is followed by every invariant."""
    folder: Path = tmp_path_factory.mktemp("verbs")
    machine = type("Verbs", (Verbs,), {"stamps": folder})
    run_state_machine_as_test(machine, settings=tries(3, steps=10))
