"""What one partner is told of a story that partners live in an installation, in a form that can be compared.

Compared are the statements of all documents that it gets, and the value of each of its files. Equal means: after
what is counted for the whole house (member IDs, file ids, numbers of invoices and other documents, control numbers
of what we send) is renamed by the order in which the partner meets it. So it may learn how much the house did
between two of its own numbers, and nothing of what that was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.month.reconcile import reconcile
from pipeline.receive.claim import claim
from pipeline.receive.run import finish
from pipeline.roster import export
from pipeline.runtime.workspace import Workspace
from pipeline.views import agreed
from store.jsonvalue import dump
from store.money import invoices
from store.received import outbox
from support import values
from support.two_partners import file_820, file_834

FIRST = date(2027, 1, 4)
BEGIN = date(2027, 1, 1)
NOBODY, NO_INVOICE = "M900000000", "100999"  # a member ID and an invoice number that nobody has
Step = tuple[str, Any, Any]


@dataclass(frozen=True)
class Side:
    """A partner, and what is its own: a group or a part of one. `families`: how its subscriber numbers begin."""

    partner: str
    group: str
    account: str
    families: str = ""


@dataclass
class Story:
    """An installation in which two partners act, one step a day. `people`: whom their records are about."""

    ws: Workspace
    ours: Side
    theirs: Side
    people: Sequence[Mapping[str, Any]]
    day: date = FIRST
    control: dict[str, int] = field(default_factory=dict)
    month: dict[str, Month] = field(default_factory=dict)
    told: list[Any] = field(default_factory=list)
    sent: dict[str, tuple[date, list[dict[str, Any]], str, str]] = field(default_factory=dict)

    def act(self, who: Side, what: Step, nth: int) -> None:
        """Let one partner, or the plan for its group, do a step."""
        partner, group = who.partner, who.group
        self.day = FIRST + timedelta(days=nth)
        self.control[partner] = self.control.get(partner, 0) + 1
        kind, detail, more = what
        now = self.ws.now(self.day)
        if kind == "834":
            self.sent[partner] = (self.day, *self._enrollment(who, detail, more))
            self._enroll(partner)
        elif kind == "again":
            self._enroll(partner)
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
            sender = agreed.partner(self.ws, partner)
            export.export(self.ws, group, detail, sender, now, on=None, deliver=True)
        else:
            reconcile(self.ws, Month(2027, 1), group, now)

    def _enroll(self, partner: str) -> None:
        """Send the partner's last 834, under another control number the second time."""
        if partner in self.sent:
            day, specs, named, action = self.sent[partner]
            self._send(partner, file_834(partner, named, self.control[partner], day, specs, action))

    def _send(self, partner: str, data: bytes) -> None:
        file = claim(self.ws, [data], "f.edi", partner, "test", self.ws.now(self.day))
        finish(self.ws, file.id)
        if partner == self.ours.partner:
            value = values.file_value(self.ws, file.id)
            # the hash is of its own bytes, which name what it looks for; documents are compared as statements
            self.told.append({name: item for name, item in value.items() if name not in ("documents", "sha256")})

    def _enrollment(
        self, who: Side, records: list[dict[str, Any]], scope: str
    ) -> tuple[list[dict[str, Any]], str, str]:
        """Return the members of a set, the group it names and its BGN08."""
        specs = []
        for record in records:
            kept = {name: record[name] for name in record if name not in ("who", "covered", "id")}
            spec = {**self.people[record["who"]], **kept}
            if record["do"] == "024":
                spec |= {"to": date(2027, 1, 31)}
            elif record["covered"]:
                spec["lines"] = [("021", record["covered"], BEGIN)]
            if "id" in record:
                spec["id"] = self._meant(who, "own id" if record["id"] == "own" else "their id")
            specs.append(spec)
        other = self.theirs if who == self.ours else self.ours
        return specs, (other if scope == "other" else who).group, "RX" if scope == "full" else "2"

    def _meant(self, who: Side, text: str) -> str:
        """Say what a reference is: of the partner's own, or of the other's as far as there is any."""
        side = who if text.startswith("own") else self.theirs if who == self.ours else self.ours
        kind = text.split()[-1]
        if kind == "account":
            return side.account
        if kind == "id":
            found = (
                member for member in values.find_members(self.ws, name="SAMPLE") if member["group"] == side.group
            )
            mine = (member["member"] for member in found if member["subscriber"].startswith(side.families))
            return min(mine, default=NOBODY)
        if kind == "invoice":
            with self.ws.database.read() as conn:
                found = [
                    invoice
                    for invoice in invoices.listing(conn, group=side.group)
                    if invoice.account == side.account
                ]
            return min((invoice.number for invoice in found), default=NO_INVOICE)
        return text

    def heard(self) -> list[str]:
        """Return everything that ours was told, renamed."""
        with self.ws.database.read() as conn:
            ids = outbox.undelivered(conn, self.ours.partner)
            items = [outbox.item(conn, ident, self.ws.vault.fields) for ident in ids]
        documents = [{"kind": owed.kind, **json.loads(dump(owed.statement))} for owed in items]
        renamed = Renamed()
        heard = (renamed.value(value) for value in (*self.told, *documents))
        return [line for nth, value in enumerate(heard) for line in flat(value, str(nth))]


def flat(value: Any, path: str) -> Iterator[str]:
    """Yield a JSON value as lines, each with its path, so that a difference shows where it is."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from flat(item, f"{path}.{name}")
    elif isinstance(value, (list, tuple)):
        for nth, item in enumerate(value):
            yield from flat(item, f"{path}[{nth}]")
    else:
        yield f"{path} = {value}"


class Renamed:
    """Gives what is counted for the whole house names by the order in which they are met."""

    # Member IDs, file ids, numbers of invoices, references of full files.
    TEXT = re.compile(r"\b(?:M\d{9}|F\d{6}|[13]00\d{3}|ROSTER\d{6})\b")
    # ISA13 and GS06 of what we send, numbers of documents and of transactions, and row ids in statements, which no
    # document shows: the key, and what it lies under.
    COUNTED = frozenset(
        {
            ("envelope", "control"),
            ("line", "contract"),
            ("line", "person"),
            ("adjustments", "tx"),
            ("adjustments", "set"),
            *(("cobra", name) for name in ("id", "contract", "person")),
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
            return {name: self.value(item, name, under) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item, key, above) for item in value]
        if (above, key) in self.COUNTED:
            return self._name(key, str(value))
        return self.TEXT.sub(lambda hit: self._name(hit[0][0], hit[0]), value) if isinstance(value, str) else value

    def _name(self, kind: str, text: str) -> str:
        return self.names.setdefault((kind, text), f"<{kind} {len(self.names)}>")
