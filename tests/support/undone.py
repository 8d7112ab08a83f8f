"""Stories of undos: files, decisions and bills, what is taken back of them, and what comes of it, as texts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from model.approval import NOBODY
from model.enrollment.rearrange import Rearrangement
from model.enrollment.undo import Of, Undo
from model.timeline import Month
from pipeline import inputs
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Workspace
from pipeline.views.undone import UndoView
from sample_files import edi
from store import dump, steps
from store.received import files
from support import desk
from support.installation import GROUP, PARTNER, TERMS, load_terms
from support.people import TWO, deciding

COMPANY = f"1{edi.HARBOR.tax_id}"
_PLACED = ("coverage", "assignment", "cobra", "ended", "number")
_PEOPLE = (*_PLACED, "member", "told", "contract")


def roster(ws: Workspace) -> list[str]:
    """Return coverage, places, COBRA and who is known, and by what, as canonical lines."""
    with ws.database.read() as conn:
        return placed(dump.canonical(conn, ws.vault), people=True)


def placed(lines: list[str], *, people: bool) -> list[str]:
    """Return the lines of coverage, places and COBRA, `people`: and of who is known."""
    kinds = _PEOPLE if people else _PLACED
    return [line for line in lines if json.loads(line)["kind"] in kinds]


@dataclass
class Story:
    """A case as it goes on; `before` has the roster as it was before each file, from the first one on."""

    ws: Workspace
    sent: list[str] = field(default_factory=list)
    before: list[list[str]] = field(default_factory=list)
    decisions: int = 0
    paid: int = 0

    def file(self, spec: dict[str, Any]) -> str:
        """Receive a file; return its id."""
        self.before.append(roster(self.ws))
        self.sent.append(desk.take(self.ws, len(self.sent) + 1, spec))
        return self.sent[-1]

    def decide(self, spec: dict[str, Any]) -> None:
        """Look at a decision, and make it."""
        set_id = desk.set_of(self.ws, self.sent[spec["file"] - 1])
        looked = desk.decide(self.ws, set_id, spec)
        assert looked.effect is not None, looked.problem
        made = desk.decide(self.ws, set_id, spec, looked.effect.digest)
        assert made.done, made.problem

    def bill(self, spec: dict[str, Any]) -> list[str]:
        """Bill a month; return account, current premium and corrections in cents of each invoice."""
        results = bill(self.ws, Month.parse(spec["month"]), self.ws.now(spec["day"]), GROUP)
        return [f"{i.account} {i.current} {i.retro}" for result in results for i in result.issued]

    def pay(self, spec: dict[str, Any]) -> str:
        """Have an account's invoices paid: an 820 and its deposit; return the file's id."""
        day, cents, trace = spec["day"], spec["cents"], f"PAID{self.paid}"
        self.paid += 1
        body = edi.remittance_set([("11", spec["account"], cents, cents)], day, trace)
        data = edi.interchange([body], day, 700 + self.paid, kind="820").encode()
        self.sent.append(receive(self.ws, [data], "paid.edi", PARTNER, "test", self.ws.now(day)))
        self.before.append([])
        add_deposit(self.ws, trace, COMPANY, cents, day, self.ws.now(day))
        return self.sent[-1]

    def merge(self, spec: dict[str, Any]) -> None:
        """Make two members one."""
        asked, now, at = Rearrangement.merge(*spec["members"]), self.ws.now(spec["day"]), deciding(self.ws)
        looked = inputs.rearrange(at, asked, now)
        assert looked is not None and looked.effect is not None, looked
        made = inputs.rearrange(at, asked, now, TWO, looked.effect.digest)
        assert made is not None and made.done, made

    def void(self, spec: dict[str, Any]) -> None:
        """Void an invoice."""
        voided = inputs.void_invoice(deciding(self.ws), spec["invoice"], self.ws.now(spec["day"]), TWO)
        assert voided is not None and not voided.problem, voided

    def ends(self, spec: dict[str, Any]) -> None:
        """Have the group's agreement end, and what stands beyond that."""
        begin = "begin = 2026-01-01\naddress"
        text = TERMS.read_text("utf-8")
        assert begin in text
        load_terms(self.ws, text.replace(begin, begin.replace("\n", f"\nend = {spec['end']}\n")), spec["day"])
        ended = inputs.end_coverage(deciding(self.ws), GROUP, self.ws.now(spec["day"]), TWO)
        assert ended is not None and ended.done, ended

    def asked(self, spec: dict[str, Any]) -> Undo:
        """Return what a step asks."""
        of = next(each for each in Of if each.value in spec)
        if of is Of.CHANGE and not isinstance(spec["change"], int):  # the first step for it
            with self.ws.database.read() as conn:
                found = (each.seq for each in steps.after(conn, 0, 500) if each.what.startswith(spec["change"]))
                return Undo(of, str(next(found)))
        name = self.sent[spec["file"] - 1] if of is Of.FILE and isinstance(spec["file"], int) else str(spec[of])
        return Undo(of, name, tuple(spec.get("members", ())), spec.get("back_on"))

    def ask(self, asked: Undo, day: date, seen: str = "") -> UndoView:
        """Look, or do it by two people with what was seen."""
        at = deciding(self.ws)
        return inputs.undo(at, asked, self.ws.now(day), TWO if seen else NOBODY, seen)

    def undo(self, spec: dict[str, Any]) -> UndoView:
        """Look, do it as it was shown, and find it done once: nothing came of the look."""
        asked, day, was = self.asked(spec), spec["day"], roster(self.ws)
        looked = self.ask(asked, day)
        assert roster(self.ws) == was and not looked.done
        if looked.problem:
            return looked
        assert looked.effect is not None
        assert self.ask(asked, day, "0" * 12).stale and roster(self.ws) == was
        made = self.ask(asked, day, looked.effect.digest)
        assert made.done and made.effect == looked.effect, made
        again = self.ask(asked, day, looked.effect.digest)
        assert not again.done and "was taken back already, by decision " in again.problem, again.problem
        return made

    def state(self, number: int) -> str:
        """Return the state of a file by its number in the story."""
        with self.ws.database.read() as conn:
            return str(files.file(conn, self.sent[number - 1]).state)
