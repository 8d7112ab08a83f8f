"""Everything that one partner is told is the same with and without another partner's data in the store.

Two stories are lived: acme's alone, and the same with beta's steps between, who sends the same people, numbers and
SSNs for a group of its own. Compared are the statements of all documents that acme gets, and the value of each of
its files. Equal means: after what is counted for the whole house (member IDs, file ids, numbers of invoices and
other documents, control numbers of what we send) is renamed by the order in which acme meets it. So acme may learn
how much the house did between two of its own numbers, and nothing of what that was.

`make deep ARGS=tests/properties/test_non_interference.py` lives more of them.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.timeline import Month
from pipeline import agree as agreeing
from pipeline import exchanges, export, people
from pipeline.bill import bill
from pipeline.claim import claim
from pipeline.deposits import add_deposit
from pipeline.receive import finish
from pipeline.reconcile import reconcile
from pipeline.workspace import Settings, Workspace, open_workspace
from store import invoices, outbox
from store.jsonvalue import dump
from support.installation import install
from support.tries import tries
from support.two_partners import agree, file_820, file_834, group_terms, partner_terms

FIRST = date(2027, 1, 4)
OURS, THEIRS = ("acme", "GA"), ("beta", "GB")
NOBODY, NO_INVOICE = "M900000000", "100999"  # a member ID and an invoice number that nobody has
BEGIN = date(2027, 1, 1)
PEOPLE = [
    {"first": "ADA", "birth": "19800101", "ssn": "900110001"},
    {"first": "BEN", "birth": "19810101", "ssn": "900110002"},
    {"first": "CLEO", "birth": "20150101", "ssn": "900110003", "rel": "19"},
]

record = st.fixed_dictionaries(
    {
        "who": st.sampled_from([0, 0, 1, 1, 2]),
        "family": st.sampled_from(["E1", "E1", "E2", "900110001"]),
        "do": st.sampled_from(["021", "021", "021", "001", "030", "024"]),
        "covered": st.sampled_from(["FAM", "FAM", ""]),
    },
    optional={
        "first": st.sampled_from(["ZOE", "ADA"]),
        "birth": st.sampled_from(["19910101", "19800101"]),
        "ssn": st.sampled_from(["", "900110001", "900110002"]),
        "street": st.sampled_from(["1 ELM ST", "9 OAK ST"]),
        "phone": st.sampled_from(["5550100", "5550199"]),
        "restricted": st.sampled_from("RU"),
        "reason": st.sampled_from(["25", "43", "XT"]),
        "id": st.sampled_from(["own", "theirs", "theirs"]),
        "subgroup": st.sampled_from(["ACT", "COB", "XYZ", ""]),
    },
)
paid = st.tuples(
    st.sampled_from(
        [("11", "own account"), ("11", "their account"), ("IK", "own invoice"), ("IK", "their invoice")]
    )
    | st.sampled_from([("AZ", "own id"), ("AZ", "their id"), ("AZ", "E1"), ("AZ", "900110001"), ("1L", "E1")]),
    st.sampled_from(["500.00", "1200.00", "0.05"]),
)
step = st.one_of(
    st.tuples(
        st.just("834"), st.lists(record, min_size=1, max_size=3), st.sampled_from(["own", "own", "own", "other"])
    ),
    st.tuples(st.just("834"), st.lists(record, min_size=1, max_size=3), st.just("full")),
    st.tuples(st.just("820"), st.lists(paid, min_size=1, max_size=2), st.booleans()),
    st.tuples(st.just("bill"), st.just(()), st.just(0)),
    st.tuples(st.just("roster"), st.sampled_from(["csv", "834"]), st.just(0)),
    st.tuples(st.just("reconcile"), st.just(()), st.just(0)),
)
Step = tuple[str, Any, Any]
ELSEWHERE = {"who": 0, "family": "E9", "do": "021", "covered": "FAM", "first": "ZOE", "birth": "19910101"}
# What beta begins with: everybody, in families of the same numbers.
ENROLLED: Step = (
    "834",
    [
        {"who": 0, "family": "E1", "do": "021", "covered": "FAM", "street": "1 ELM ST", "phone": "5550100"},
        {"who": 2, "family": "E1", "do": "021", "covered": "FAM"},
        {"who": 1, "family": "E2", "do": "021", "covered": "FAM", "street": "1 ELM ST"},
    ],
    "own",
)


@dataclass
class Story:
    """An installation in which partners act, one step a day."""

    ws: Workspace
    day: date = FIRST
    control: dict[str, int] = field(default_factory=dict)
    month: dict[str, Month] = field(default_factory=dict)
    told: list[Any] = field(default_factory=list)

    def act(self, who: tuple[str, str], what: Step, nth: int) -> None:
        """Let one partner, or the plan for its group, do a step."""
        partner, group = who
        self.day = FIRST + timedelta(days=nth)
        self.control[partner] = self.control.get(partner, 0) + 1
        kind, detail, more = what
        now = self.ws.now(self.day)
        if kind == "834":
            self._send(partner, self._enrollment(who, detail, more))
        elif kind == "820":
            lines = [(code, self._meant(who, text), dollars) for (code, text), dollars in detail]
            trace = f"{partner}{self.control[partner]}"
            self._send(partner, file_820(partner, self.control[partner], self.day, trace, lines))
            cents = sum(round(float(dollars) * 100) for _, _, dollars in lines)
            if more:
                add_deposit(self.ws, trace, "1990000005", cents, self.day, now)
        elif kind == "bill":
            self.month[group] = month = self.month.get(group, Month(2026, 12)).plus(1)
            if month <= Month(2027, 2):
                bill(self.ws, month, now, group)
        elif kind == "roster":
            sender = agreeing.partner(self.ws, partner)
            export.export(self.ws, group, detail, sender, now, on=None, deliver=True)
        else:
            reconcile(self.ws, Month(2027, 1), group, now)

    def _send(self, partner: str, data: bytes) -> None:
        file = claim(self.ws, [data], "f.edi", partner, "test", self.ws.now(self.day))
        finish(self.ws, file.id)
        if partner == OURS[0]:
            value = exchanges.file_value(self.ws, file.id)
            # the hash is of acme's own bytes, which name what it looks for; documents are compared as statements
            self.told.append({name: one for name, one in value.items() if name not in ("documents", "sha256")})

    def _enrollment(self, who: tuple[str, str], records: list[dict[str, Any]], scope: str) -> bytes:
        partner, group = who
        specs = []
        for one in records:
            kept = {name: one[name] for name in one if name not in ("who", "covered", "id")}
            spec = PEOPLE[one["who"]] | kept
            if one["do"] == "024":
                spec |= {"to": date(2027, 1, 31)}
            elif one["covered"]:
                spec["lines"] = [("021", one["covered"], BEGIN)]
            if "id" in one:
                spec["id"] = self._meant(who, "own id" if one["id"] == "own" else "their id")
            specs.append(spec)
        other = THEIRS[1] if group == OURS[1] else OURS[1]
        named = other if scope == "other" else group
        return file_834(partner, named, self.control[partner], self.day, specs, "RX" if scope == "full" else "2")

    def _meant(self, who: tuple[str, str], text: str) -> str:
        """Say what a reference is: of the partner's own group, or of the other's as far as there is any."""
        group = who[1] if text.startswith("own") else THEIRS[1] if who == OURS else OURS[1]
        kind = text.split()[-1]
        if kind == "account":
            return f"{group}-A"
        if kind == "id":
            found = (one["member"] for one in people.find_members(self.ws, name="SAMPLE") if one["group"] == group)
            return min(found, default=NOBODY)
        if kind == "invoice":
            with self.ws.database.read() as conn:
                return min((one.number for one in invoices.listing(conn, group=group)), default=NO_INVOICE)
        return text

    def heard(self) -> list[str]:
        """Return everything that acme was told, renamed."""
        with self.ws.database.read() as conn:
            ids = outbox.undelivered(conn, OURS[0])
            items = [outbox.item(conn, one, self.ws.vault.fields) for one in ids]
        documents = [{"kind": one.kind, **json.loads(dump(one.statement))} for one in items]
        renamed = Renamed()
        heard = (renamed.value(one) for one in (*self.told, *documents))
        return [line for nth, one in enumerate(heard) for line in flat(one, str(nth))]


def flat(value: Any, path: str) -> Iterator[str]:
    """Yield a JSON value as lines, each with its path, so that a difference shows where it is."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from flat(one, f"{path}.{name}")
    elif isinstance(value, (list, tuple)):
        for nth, one in enumerate(value):
            yield from flat(one, f"{path}[{nth}]")
    else:
        yield f"{path} = {value}"


class Renamed:
    """Gives what is counted for the whole house names by the order in which they are met."""

    # Member IDs, file ids, numbers of invoices, references of full files.
    TEXT = re.compile(r"\b(?:M\d{9}|F\d{6}|[13]00\d{3}|ROSTER\d{6})\b")
    # ISA13 and GS06 of what we send, numbers of documents, and row ids in statements, which no document shows: the
    # key, and what it lies under.
    COUNTED = frozenset(
        {
            ("envelope", "control"),
            ("line", "contract"),
            ("line", "person"),
            *((kind, "group_control") for kind in ("999", "824", "834")),
            *((kind, "number") for kind in ("roster", "reconciliation", "receipt")),
        }
    )

    def __init__(self) -> None:
        self.names: dict[tuple[str, str], str] = {}

    def value(self, value: Any, key: str = "", above: str = "") -> Any:
        """Return a JSON value renamed."""
        if isinstance(value, dict):
            under = key or str(value.get("kind", ""))
            return {name: self.value(one, name, under) for name, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(one, key, above) for one in value]
        if (above, key) in self.COUNTED:
            return self._name(key, str(value))
        return self.TEXT.sub(lambda hit: self._name(hit[0][0], hit[0]), value) if isinstance(value, str) else value

    def _name(self, kind: str, text: str) -> str:
        return self.names.setdefault((kind, text), f"<{kind} {len(self.names)}>")


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Two installations, with beta and its group, and without."""
    made = {}
    for beside in (False, True):
        home = tmp_path_factory.mktemp("apart") / "var"
        install(Settings.read(home=home))
        ws = open_workspace(Settings.read(home=home), "tester")
        agree(ws, group_terms(OURS[1]), partner_terms(*OURS))
        if beside:
            agree(ws, group_terms(THEIRS[1]), partner_terms(*THEIRS))
        ws.close()
        made[beside] = home
    return made


def lived(homes: dict[bool, Path], home: Path, steps: list[tuple[bool, Step]], *, beside: bool) -> list[str]:
    """Live a story in a copy of an installation and return what acme heard. A step is (acme's own, what)."""
    shutil.copytree(homes[beside], home)
    ws = open_workspace(Settings.read(home=home), "tester")
    try:
        story = Story(ws)
        for nth, (own, what) in enumerate([(False, ENROLLED), *steps]):
            if own or beside:
                story.act(OURS if own else THEIRS, what, nth)
        return story.heard()
    finally:
        ws.close()


@tries(6)
@given(st.lists(st.tuples(st.booleans(), step), min_size=3, max_size=7))
@example([(True, ("834", [{**ELSEWHERE, "first": "ADA"}], "own"))]).via(
    "an SSN of another partner's group was found"
)
@example([(True, ("834", [ELSEWHERE], "own"))]).via("another name for it told that the SSN is known")
def test_a_partner_hears_the_same_with_and_without_another(homes, tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("story")
    try:
        alone = lived(homes, folder / "alone", steps, beside=False)
        beside = lived(homes, folder / "beside", steps, beside=True)
        assert [pair for pair in zip_longest(alone, beside) if len(set(pair)) > 1] == []
    finally:
        shutil.rmtree(folder)
