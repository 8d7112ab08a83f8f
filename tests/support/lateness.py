"""Nights of late payers in a few words: what the night does about them, and who stands how."""

from __future__ import annotations

from datetime import date, timedelta

from model.money.arrears import Stage
from pipeline.cash import late
from pipeline.receive.deliver import deliver
from pipeline.runtime.workspace import Workspace
from sample_files import edi
from store.money import arrears
from store.people import places
from support.cashed import ACCOUNT, Till


def night(ws: Workspace, day: date) -> None:
    """Look at late payers as the night of a day does, and publish what is owed."""
    with ws.database.read() as conn:
        groups = late.due(conn, ws.now(day))
    for group in groups:
        late.run(ws, group, ws.now(day))
    deliver(ws, ws.now(day))


def nights(ws: Workspace, first: date, last: date) -> None:
    """Do it each night."""
    for at in range((last - first).days + 1):
        night(ws, first + timedelta(days=at))


def stages(ws: Workspace) -> dict[str, Stage]:
    """Return how each payer stands that ever was late, by account and, of a family, its subscriber's member ID."""
    with ws.database.read() as conn:
        found = {}
        for row in arrears.standing(conn):
            payer = row.arrears.payer
            who = places.subscriber(conn, payer.contract) if payer.contract else None
            found[f"{payer.account} {who.member_id if who else ''}".strip()] = row.arrears.stage
        return found


def by_family(till: Till, trace: str, day: date, **paid: int) -> None:
    """Receive an 820 whose lines each name a family, and its deposit."""
    *body, _ = edi.remittance_set([("11", ACCOUNT, 0, 0)], day, trace, total=sum(paid.values()))
    for number, (family, cents) in enumerate(paid.items(), 2):
        body += [f"ENT*{number}*2J*EI*990000005", "NM1*IL*1*SAMPLE", f"RMR*AZ*{family}**{edi.dollars(cents)}"]
    till.control += 1
    file = edi.interchange([[*body, f"SE*{len(body) + 1}*0001"]], day, till.control, kind="820")
    till.receive(file.encode(), f"{trace.lower()}.edi", day)
    till.deposit(trace, sum(paid.values()), day)
