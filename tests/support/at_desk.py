"""People at one installation, each at the own login, on one day."""

from __future__ import annotations

import csv
import json
import re
from typing import Any

import pytest

from model.people import Role
from pipeline.runtime.workspace import Workspace
from support.installation import PARTNER, Ran, load_terms, run
from support.people import ANN, BEN, known

TODAY = ["--today", "2027-03-22"]


class Desk:
    """Two people at one installation: Ann and Ben, both of enrollment."""

    def __init__(self, ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ws, self.monkeypatch = ws, monkeypatch
        load_terms(ws)
        known(ws, "Sue Per", Role.SUPERVISOR)
        for name in (ANN, BEN):
            known(ws, name, Role.ENROLLMENT, Role.SUPERVISOR, by="Sue Per")
        known(ws, "Bill Ing", Role.BILLING, by="Sue Per")

    def at(self, login: str, *arguments: object) -> Ran:
        """Run a command as the person of a login."""
        self.monkeypatch.setattr("cli.session.login", lambda: login)
        return run(*arguments, *TODAY)

    def json(self, login: str, *arguments: object) -> Any:
        return json.loads(self.at(login, *arguments, "--json").out)

    def only_item(self, **wanted: str) -> int:
        """Return the number of the only open item, or of the only one of a kind."""
        page = self.json("ann", "work", "list", *(f"--{name}={value}" for name, value in wanted.items()))
        (item,) = page["items"]
        return int(item["number"])

    def supplements(self) -> list[dict[str, str]]:
        """Return the rows of every supplement that lies in the partner's outbox."""
        rows = []
        for path in sorted((self.ws.outbox / PARTNER).rglob("report-*-decision-*.csv")):
            rows += list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
        return rows


def digest(out: str) -> str:
    """Return the digest that a command showed."""
    found = re.search(r"The effect's digest: (\w+)", out)
    assert found is not None, out
    return found[1]
