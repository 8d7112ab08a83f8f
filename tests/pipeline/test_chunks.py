"""What a set and a full file cost by their chunks and not by their members: statements, reads of the archive."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import event

from pipeline.receive import road
from pipeline.receive.answered import answer
from pipeline.receive.claim import claim
from pipeline.receive.judge import judge
from pipeline.receive.run import apply
from pipeline.roster import export
from pipeline.runtime.workspace import Workspace
from pipeline.views import agreed
from sample_files import edi
from store.received import files, member_lines
from support.installation import GROUP, PARTNER, load_terms
from vault.archive import Archive

DAY = date(2026, 11, 23)
HOME = ("1 MAIN ST", "HARTFORD", "CT", "06101")


def adds(families: int, control: int, of: int = 0) -> bytes:
    """Return an 834 of so many families of three, whom no other control number names.

    `of`: the control number of the file that added them; this one says them again in full.
    """
    first = (of or control) * 1_000
    cover = (edi.Coverage("HLT", "GOLD", "FAM", date(2026, 12, 1), maintenance="030" if of else "021"),)
    new = [
        edi.Family(
            f"E{ident:08d}",
            "100",
            people(ident),
            cover,
            date(2022, 3, 1),
            ("1 MAIN ST", "HARTFORD", "CT", "06101"),
        )
        for ident in range(first, first + families)
    ]
    loops = edi.members(new, "030", "XN") if of else edi.members(new)
    whole = edi.enrollment_set(loops, DAY, f"B{control}", action="RX" if of else "2")
    return edi.interchange([whole], DAY, control).encode()


def people(ident: int) -> tuple[edi.Person, ...]:
    """Return a subscriber, a spouse and a child."""
    return tuple(
        edi.Person(relation, f"SAMPLE{ident}", name, date(year, 3, 30), "F", f"9{ident:06d}{relation}")
        for relation, name, year in (("18", "ADA", 1984), ("01", "BEA", 1985), ("19", "CLEO", 2015))
    )


@pytest.fixture
def costs(on_both: Workspace, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count statements and reads of the archive."""
    counts: Counter[str] = Counter()
    event.listen(on_both.database.engine, "before_cursor_execute", lambda *args: counts.update(["statement"]))
    for name in ("read", "read_ranges"):
        real = getattr(Archive, name)

        def counting(self: Archive, *args: object, name: str = name, real=real):
            counts.update([name])
            return real(self, *args)

        monkeypatch.setattr(Archive, name, counting)
    return counts


def cost(ws: Workspace, costs: Counter[str], data: bytes) -> tuple[dict[str, int], int]:
    """Judge and apply a file; return what that cost, and how many members it has."""
    file = claim(ws, [data], "adds.edi", PARTNER, "test", ws.now(DAY))
    costs.clear()
    judge(ws, file.id)
    apply(ws, file.id)
    spent = dict(costs)
    answer(ws, file.id)
    with ws.database.read() as conn:
        (stored,) = files.sets_of(conn, file.id)
        members = {row.number for row in member_lines.dispositions(conn, stored.id)}
    assert stored.state == "APPLIED"
    return spent, len(members)


def test_twice_the_members_of_a_chunk_cost_no_statement_more(on_both: Workspace, costs: Counter[str]) -> None:
    load_terms(on_both)
    cost(on_both, costs, adds(5, 1))  # of a new group nobody's namesakes are asked
    small, few = cost(on_both, costs, adds(70, 2))
    large, more = cost(on_both, costs, adds(140, 3))
    assert (few, more) == (210, 420)
    assert large == small
    assert small["read"] == 1 and small["read_ranges"] <= 3, "the header, the chunk, and once from end to end"


def test_unchanged_families_cost_no_statement_and_are_not_read(on_both: Workspace, costs: Counter[str]) -> None:
    load_terms(on_both)
    cost(on_both, costs, adds(5, 1))  # whom no later full file names
    for nth in (101, 102, 103):  # a sender whose full files have a history
        cost(on_both, costs, adds(5, nth, 1))
    spent = []
    for families, control in ((70, 2), (140, 3)):
        for of, nth in ((0, 0), (control, 10), (control, 20)):
            last, _ = cost(on_both, costs, adds(families, control + nth, of))
        spent.append(last)
    assert spent[0] == spent[1]
    assert spent[0]["read_ranges"] <= 2, "the first bytes, and the header"


@pytest.mark.parametrize(("name", "limit"), [("FAMILIES_A_CHUNK", 17), ("BYTES_A_CHUNK", 8 << 10)])
def test_a_chunk_more_costs_the_same_again(
    on_both: Workspace, costs: Counter[str], monkeypatch: pytest.MonkeyPatch, name: str, limit: int
) -> None:
    load_terms(on_both)
    whole, _ = cost(on_both, costs, adds(51, 2))
    monkeypatch.setattr(road, name, limit)
    cut, _ = cost(on_both, costs, adds(51, 3))
    chunks = cut["read_ranges"] - whole["read_ranges"] + 1
    assert chunks > 2
    assert cut["statement"] <= whole["statement"] * chunks
    assert cut["read"] == whole["read"]


def exported(ws: Workspace, costs: Counter[str]) -> int:
    """Owe the roster as a full 834; return how many statements that took."""
    costs.clear()
    sent = export.export(ws, GROUP, "834", agreed.partner(ws, PARTNER), ws.now(DAY), on=None, deliver=False)
    spent = costs["statement"]
    assert sent.key and not sent.findings
    return spent


def test_a_full_file_costs_by_its_chunks(
    on_both: Workspace, costs: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_terms(on_both)
    cost(on_both, costs, adds(51, 2))
    few = exported(on_both, costs)
    cost(on_both, costs, adds(51, 3))
    whole = exported(on_both, costs)
    assert whole == few
    monkeypatch.setattr(export, "CONTRACTS_A_CHUNK", 34)
    assert whole < exported(on_both, costs) <= 3 * whole
