"""What a state machine over an installation is made of: how it begins, what is asked after each step, how it ends.

See support.verbs.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from support import road_home, road_terms, truths
from support.books_compared import differences
from support.people import TESTER, deciding, person
from support.postgres import TEMPLATE, Postgres
from support.reference_ledger import Books
from support.road_history import FIRST, Step, Teller
from support.road_records import Maker, added
from support.road_terms import GROUPS, TPA
from support.roads import place

SEEDS = st.integers(0, 2**16)
VARIANTS = (0, 5)  # of terms and profiles
COMPANY, UNNAMED = "1990000005", "1990000006"  # of all three partners; of the TPA's payments that name nothing
_MONEY = """
tolerance_cents = 700
tolerance_month_cents = 1000
return_fee_cents = 2500
unnamed_payment = "oldest-first"
"""


def _terms(variant: int) -> Iterator[str]:
    """Yield a variant's terms with what the cash desk can agree; the second group of variant 5 bills itself."""
    for text in road_terms.texts(variant):
        own = 'billing_mode = "self"\n' if variant and f'number = "{GROUPS[1]}"' in text else ""
        agreed = text.replace("[group.billing]\n", f"[group.billing]{_MONEY}{own}")
        yield agreed.replace(COMPANY, UNNAMED) if f'code = "{TPA}"' in text else agreed


class Installed(RuleBasedStateMachine):
    """An installation of three groups, three partners and a desk."""

    stamps: Path  # where installations lie that are copied
    server: Postgres | None = None  # where their stores are; None: in files of their own
    truths: tuple[truths.Truth, ...] = truths.ALL

    @initialize(variant=st.sampled_from(VARIANTS), seed=SEEDS)
    def install(self, variant: int, seed: int) -> None:
        """Copy an installation, and receive a first file."""
        self.folder = tempfile.mkdtemp(dir=place())
        self.ws: Workspace = open_workspace(self._installation(variant), TESTER)
        deciding(self.ws)
        self.teller = Teller(Random(seed), road_terms.profile(variant), Maker(Random(seed), FIRST))
        self.told = 0  # steps of the teller that were done
        self.knows = truths.known(self.ws)
        self.books = Books()
        self.teller.changes([added, added], 2)
        self._do_told()

    # --- how it is done --------------------------------------------------------------------------------

    def _installation(self, variant: int) -> Settings:
        """Copy the installation of a variant, which is made once."""
        stamp, template, self.copy = self.stamps / str(variant), f"stamp_{self.stamps.name}_{variant}", ""
        if not stamp.exists():
            if self.server:
                self.server.execute(f"CREATE DATABASE {template} TEMPLATE {TEMPLATE}")
            url = self.server.url(template) if self.server else ""
            road_home.make(stamp, _terms(variant), 1, url)
        home = shutil.copytree(stamp, Path(self.folder) / "var")
        if self.server:
            self.copy = self.server.clone(template)
        return road_home.settings_of(home, self.server.url(self.copy) if self.server else "")

    def _with(self, seed: int) -> None:
        self.teller.random = self.teller.make.random = Random(seed)

    def _now(self) -> Any:
        return self.ws.now(self.teller.day)

    def _as(self, name: str) -> Workspace:
        return replace(self.ws, actor=person(name))

    def _do_told(self) -> None:
        """Do what the teller has told since, step by step."""
        steps, self.told = self.teller.steps[self.told :], len(self.teller.steps)
        for step in steps:
            road_home.done(self.ws, step, [])
            self._ask(step)

    def _ask(self, step: Step | None = None, **about: Any) -> None:
        """Ask each invariant of what the store knew and what it knows."""
        before, self.knows = self.knows, truths.known(self.ws)
        for truth in self.truths:
            truth(self.ws, before, self.knows, truths.Done(step, **about))
        self.books.follow(self.ws)
        found = differences(self.ws, self.books)
        assert not found, found

    def teardown(self) -> None:
        """Ask what `verify` asks, and leave nothing behind."""
        if hasattr(self, "ws"):
            truths.whole(self.ws)
            self.ws.close()
            shutil.rmtree(self.folder)
            if self.server:
                self.server.drop(self.copy)
