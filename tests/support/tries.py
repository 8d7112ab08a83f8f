"""How much Hypothesis tries: its profiles, and a number of tries that follows them.

quick   the same examples each time, so that no run is red or green by chance: `make test`
random  as many, others each time: `pytest --hypothesis-profile=random --hypothesis-seed=7`
deep    ten times as many, others each time: `make deep`

The environment's ROLLBOOK_HYPOTHESIS names one, too.

Hypothesis draws one value in twenty from constants: its own, and those in the source of the local modules that
are loaded. A worker of xdist has loaded what its tests so far asked for, so the same property would see other
values in each run. `quick` draws from Hypothesis's own constants only: there is no setting for it, and a backend
does not do (the engine takes its own provider for its first example and for others), so one function is replaced.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

VARIABLE = "ROLLBOOK_HYPOTHESIS"
_USUAL = 100  # tries of a profile that multiplies by one
_BY_THE_CLOCK = (HealthCheck.too_slow,)  # says something about the machine only
KEEP = """\
A find is kept as a case before it is mended, or the next run may not come upon it again:
  of an envelope (support.planted)    its text in tests/cases/x12/finds.yaml, under `planted`
  of any other property               its arguments as @example(...) above the test, with a word on what was wrong
Until then this machine tries it first (.hypothesis/)."""


_of_loaded_modules = providers._get_local_constants


def _local_constants() -> Constants:
    return Constants() if settings().derandomize else _of_loaded_modules()


def register() -> None:
    """Make the profiles known and load the one asked for. InvalidArgument: there is none of that name."""
    providers._get_local_constants = _local_constants
    usual = settings(parent=settings.get_profile("default"), deadline=None, suppress_health_check=_BY_THE_CLOCK)
    settings.register_profile("quick", usual, derandomize=True, database=None)
    settings.register_profile("random", usual, derandomize=False, database=None)
    settings.register_profile("deep", usual, derandomize=False, max_examples=10 * _USUAL)
    settings.load_profile(os.environ.get(VARIABLE) or "quick")


def is_deep() -> bool:
    """Say whether this is a campaign."""
    return settings.get_current_profile_name() == "deep"


def tries(examples: int, *allowed: HealthCheck, steps: int = 50) -> settings:
    """Return a property's settings: so many examples in `quick`, as many times more as the profile says.

    `allowed`: what Hypothesis would warn of, and is meant here. `steps`: the most that a state machine takes.
    """
    most = examples * settings().max_examples // _USUAL
    return settings(max_examples=most, stateful_step_count=steps, suppress_health_check=[*_BY_THE_CLOCK, *allowed])
