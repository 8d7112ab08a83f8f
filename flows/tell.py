"""Tell: the demo's story, each step the flow that does it every day, at the day that the samples say.

Files are dropped into the partners' folders, as an SFTP server would, and swept. The figures are worked out in
tests/cases/demo/figures.yaml. On standard output one JSON value a line: {"doing": ..., "begun": 3, "of": 28} while
it works, and {"page": ..., "steps": [...]} at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from flows.base import ACTOR, in_workspace, invented, run
from flows.bill_month import bill_month
from flows.deliver import deliver_owed
from flows.receive import receive_file
from flows.reconcile_month import reconcile_month
from flows.sweep import fetch
from flows.words import Told, at_time
from intake.channel import Body
from intake.folder import publish, write
from model.agreement.terms import BANK, Partner
from model.desk import ItemKind, Wanted
from model.documents.chronicle import Happening
from model.enrollment.grounds import Claim
from model.enrollment.ruling import Answer, Kind, Wish
from model.money.cents import format_dollars
from model.people import Operator, Role
from model.timeline import Month
from pipeline import inputs
from pipeline.runtime import turns
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.views import files, happened, work
from pipeline.views.plain import plain

SAMPLES = Path(__file__).resolve().parent.parent / "sample_files"
GROUPS = {"HM4100": "harbor-mills", "CP5200": "cedar-point"}  # and the employer who sends for it
JANUARY, FEBRUARY, MARCH, APRIL = (Month(2027, number) for number in range(1, 5))
DEPOSIT = ("HM2027010001", "1990000001", 5_067_000)  # trace, company, cents

EMPLOYED, CHANGED, PAID, LATE = date(2026, 11, 20), date(2026, 12, 5), date(2026, 12, 28), date(2027, 3, 8)
BANKED = date(2027, 3, 11)
OURS = Partner("first-bank", "First Bank", kind=BANK)
SENT = {  # day -> partner's file -> what is in it
    EMPLOYED: {
        "harbor-mills/01-adds.edi": "834: 63 families, some with mistakes",
        "cedar-point/01-adds.edi": "834: 19 families in two subgroups",
    },
    CHANGED: {
        "harbor-mills/02-changes.edi": "834: a term, a move, a plan change, an add",
        "cedar-point/02-term.edi": "834: an employee leaves",
        "bayview-brokers/01-new-hires.xlsx": "census workbook: new hires, two rows that will not do",
    },
    PAID: {
        "harbor-mills/03-remittance.edi": "820: pays both accounts, one short",
        "cedar-point/03-remittance.edi": "820: pays one account too much and one too little",
    },
    date(2027, 1, 5): {
        "cedar-point/04-changes.edi": "834: a term that comes late, a move to another subgroup, a reinstatement",
    },
    date(2027, 1, 8): {"keystone-cobra/01-cobra.edi": "834: the family that left goes on under COBRA"},
    LATE: {
        "harbor-mills/04-late-end.edi": "834: an employee who left in December, told in March",
        "harbor-mills/05-hires.edi": "834: four hires, in records of which nobody can tell what they ask for",
    },
    BANKED: {
        "first-bank/lockbox.csv": "lockbox: a cheque for what each group's January is short of",
        "first-bank/statement.bai": "BAI2: the credit of these cheques, and a wire that names nobody",
    },
}
# What is done, one by one: the terms, each day and file, six bills, the deposit, two decisions, a reconciliation,
# the receipts.
ALL = 1 + len(SENT) + sum(map(len, SENT.values())) + 6 + 1 + 2 + 1 + 1
CLERK, LEAD = "Dana Quill", "Robin Vale"  # who ask and approve at the desk


@run("sweep-folders", at_time("sweep"))
async def sweep_folders(environment: str, today: str) -> Told[list[str]]:
    """Claim what was dropped and return the files' ids. The files are whole: no second look is waited for."""
    swept = await fetch(environment, "", today, 0.0)
    return Told("SWEPT", swept.words(), [file.id for file in await in_workspace(environment, turns.unfinished)])


def say(value: dict[str, object]) -> None:
    """Tell whoever started us."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


async def story(environment: str) -> tuple[Path, list[Happening]]:
    """Let it happen in order; return the page that lists everything produced, and what happened."""
    ws = open_workspace(Settings.read(environment), ACTOR)
    try:
        told = _Story(ws)
        told.load(date(2026, 11, 2))
        await told.receive(EMPLOYED)
        await told.receive(CHANGED)
        await told.bill(JANUARY, date(2026, 12, 10))
        told.deposit(PAID)
        for day in (day for day in SENT if PAID <= day < LATE):
            await told.receive(day)
        await told.bill(FEBRUARY, date(2027, 1, 10))
        await told.reconcile(JANUARY, date(2027, 1, 11))
        await told.bill(MARCH, date(2027, 2, 10), "HM4100")
        await told.receive(LATE)
        told.people(LATE)
        ended = Claim("administrative", no_contribution=True)
        told.decide(LATE, ItemKind.MEMBER, Wish(Answer(Kind.APPROVE, ended)), "HR wrote on 5 March")
        told.decide(LATE, ItemKind.SET, Wish(Answer(Kind.RELEASE), but=(2, 4)), "two of the four did not start")
        await told.bill(APRIL, date(2027, 3, 10), "HM4100")
        await told.receive(BANKED)
        await told.deliver(BANKED)
        assert told.begun == ALL, "the bar ends full"
        return happened.write_page(ws, "The demo's story", told.steps), told.steps
    finally:
        ws.close()


@dataclass(slots=True)
class _Story:
    """The steps as they happen."""

    ws: Workspace
    steps: list[Happening] = field(default_factory=list)
    begun: int = 0
    _seen: set[Path] = field(default_factory=set)

    def doing(self, what: str) -> None:
        """Tell what is being done, and how far that is."""
        self.begun += 1
        say({"doing": what, "begun": self.begun, "of": ALL})

    def add(self, day: date, partner: str, what: str, outcome: str, documents: list[Path]) -> None:
        names = tuple(document.relative_to(self.ws.settings.home).as_posix() for document in documents)
        self.steps.append(Happening(day, partner, what, outcome, names))

    def new(self) -> list[Path]:
        """Return the documents that lie in the outbox since the last step."""
        lie = {path for path in self.ws.outbox.rglob("*") if path.is_file()}
        fresh, self._seen = lie - self._seen, lie
        return sorted(fresh)

    def at(self, day: date) -> None:
        """Work as on a day from here on."""
        self.ws = replace(self.ws, today=day)

    def load(self, day: date) -> None:
        self.at(day)
        self.doing("loading the groups' terms")
        for employer in GROUPS.values():
            path = SAMPLES / "groups" / f"{employer}.toml"
            loaded = inputs.load_terms(self.ws, path.name, path.read_text(encoding="utf-8"), self.ws.now(day))
            assert loaded.loaded, "the samples' terms load"
            outcome = f"{loaded.subgroups} subgroups, {loaded.plans} plans"
            self.add(day, employer, f"terms of group {loaded.group}", outcome, [])
        inputs.add_partner(self.ws, OURS, self.ws.now(day))
        mapping = (SAMPLES / "demo" / OURS.code / "lockbox.toml").read_bytes()
        write(self.ws.settings.home, "lockbox.toml", [mapping])

    async def receive(self, day: date) -> None:
        self.doing(f"{day}: files in the partners' folders")
        for name in SENT[day]:
            partner, base = name.split("/")
            sample = SAMPLES / "demo" / (base if partner == "harbor-mills" else name)
            publish(self.ws.settings.home / "inbox" / partner, base, Body.of(sample.read_bytes()))
        for file_id in await sweep_folders(self.ws.environment, str(day)):
            self.doing(f"{day}: receiving {file_id}")
            await receive_file(file_id, self.ws.environment, str(day))
            value = files.known_file(self.ws, file_id)
            name = f"{value.partner}/{value.name}"
            self.add(day, value.partner, f"{file_id}, {SENT[day][name]}", happened.file(value), self.new())

    async def bill(self, month: Month, day: date, *groups: str) -> None:
        """Bill a month of some groups, or of all."""
        for group, employer in GROUPS.items():
            if groups and group not in groups:
                continue
            self.doing(f"{day}: billing {group} for {month}")
            await bill_month(str(month), group, self.ws.environment, str(day))
            written = self.new()
            for what, outcome, number in happened.bills(self.ws, group, month):
                mine = [path for path in written if f"-{number}." in path.name]
                self.add(day, employer, what, outcome, mine)

    def deposit(self, day: date) -> None:
        self.at(day)
        self.doing(f"{day}: entering the bank deposit")
        trace, company, cents = DEPOSIT
        value = inputs.add_deposit(self.ws, trace, company, cents, day, self.ws.now(day))
        self.add(day, "harbor-mills", f"bank deposit of {format_dollars(cents)}", value.outcome, [])

    async def deliver(self, day: date) -> None:
        """Have what is owed delivered, as it is every ten minutes: receipts of the bank's cheques."""
        self.doing(f"{day}: delivering receipts")
        await deliver_owed(self.ws.environment, str(day))
        written = self.new()
        for employer in GROUPS.values():
            mine = [path for path in written if path.parent.name == employer]
            self.add(day, employer, "receipt of a cheque", "delivered", mine)

    def people(self, day: date) -> None:
        """Have two people work at the desk."""
        self.at(day)
        for name, role in ((LEAD, Role.SUPERVISOR), (CLERK, Role.ENROLLMENT)):
            at = replace(self.ws, actor=invented(LEAD)) if name != LEAD else self.ws
            login = name.split()[0].lower()
            saved = inputs.save_operator(at, Operator(name, (login,), (role,)), "the demo", self.ws.now(day))
            assert saved.changed, saved.problem

    def decide(self, day: date, kind: ItemKind, wish: Wish, why: str) -> None:
        """Have an item of the day's files asked for by one person and confirmed by another."""
        self.at(day)
        self.doing(f"{day}: deciding what waits")
        now = self.ws.now(day)
        waiting = work.work_list(self.ws, now, Wanted(kind.value)).items
        item = max((each for each in waiting if each.since == day), key=lambda each: each.number)
        clerk, lead = (replace(self.ws, actor=invented(name)) for name in (CLERK, LEAD))
        looked = inputs.decide_work(clerk, item.number, wish, now)
        assert looked.effect is not None, looked.problem
        inputs.decide_work(clerk, item.number, wish, now, why, looked.effect.digest)
        done = inputs.decide_work(lead, item.number, wish, now, "seen the effect", looked.effect.digest)
        assert done.done, done.problem
        inputs.deliver(self.ws, now)
        what = f"item {item.number}, {item.code}: {CLERK} asks, {LEAD} confirms"
        self.add(day, item.partner, what, happened.decided(done), self.new())

    async def reconcile(self, month: Month, day: date) -> None:
        self.doing(f"{day}: reconciling roster, invoices and money")
        await reconcile_month(str(month), "", self.ws.environment, str(day))
        written = self.new()
        for group, employer in GROUPS.items():
            for what, outcome in happened.reconciled(self.ws, group, month):
                self.add(day, employer, what, outcome, [])
            mine = [path for path in written if group in path.name]
            self.add(day, employer, f"reconciliation of {month}", happened.breaks(self.ws, group, month), mine)


def main() -> None:
    """Tell the story in ROLLBOOK_HOME, against the server of PREFECT_API_URL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", default="production")
    page, happenings = asyncio.run(story(parser.parse_args().environment))
    say({"page": str(page), "steps": plain(happenings)})


if __name__ == "__main__":
    main()
