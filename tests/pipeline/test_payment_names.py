"""A payment by its names: trace and receipt number, R7, D12; what means several is listed."""

from __future__ import annotations

from datetime import date

from pipeline.cash import named
from pipeline.explain import ask
from pipeline.explain.ask import Asked
from pipeline.runtime.workspace import Workspace
from store.money import cash
from support.cashed import ACCOUNT, Till

DAY = date(2026, 12, 15)


def test_each_name_means_its_payment(ws: Workspace) -> None:
    till = Till(ws)
    till.open()
    till.pay("T1", DAY, ("11", ACCOUNT, 5_000))
    alone = till.deposit("T2", 700, DAY)
    till.remit("T3", DAY, ("11", ACCOUNT, 900))
    till.pay("R1", DAY, ("11", ACCOUNT, 100))  # a trace number may look like a remittance's name
    with ws.database.read() as conn:
        receipt = next(paper.receipt for paper in cash.remittances(conn) if paper.trace == "T1")
        first = named.one(conn, "T1")
        assert not isinstance(first, str) and (first.label, first.cents, first.trace) == ("R1", 5_000, "T1")
        assert first.deposit is not None and first.deposit.remittance == 1
        for name in (f"{receipt}", " T1 ", "d1", "D1"):
            assert named.one(conn, name) == first
        banked = named.one(conn, "T2")
        assert not isinstance(banked, str)
        assert (banked.label, banked.remittance) == (f"D{alone}", None)
        assert named.one(conn, f"D{alone}") == banked
        waiting = named.one(conn, "T3")
        assert not isinstance(waiting, str) and waiting.deposit is None and waiting.label == "R2"
        assert named.one(conn, "r2") == waiting
        several = named.one(conn, "R1")
        assert isinstance(several, str)
        assert "names 2 payments; say which: R1 of harbor-mills with D1: trace T1, $50.00; R3 of" in several
        for name in ("T9", "R9", "D9", "999999", ""):
            nobody = named.one(conn, name)
            assert isinstance(nobody, str) and f"there is no payment {name}" in nobody
        assert named.of_papers(conn, 0, alone) == banked and named.of_papers(conn, 9, 0) is None
    asked = Asked(DAY, ws.now(DAY))
    one, other = ask.payment(ws, f"{receipt}", asked), ask.payment(ws, "D1", asked)
    assert one and other and one.explanation.answer == other.explanation.answer
