"""The member index read in chunks of whole families."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from random import Random
from typing import Any

import pytest
from sqlalchemy import event

from model.exchange import MemberLine
from store.engine import Database
from store.received import member_lines


def drawn(random: Random, count: int) -> list[MemberLine]:
    """Return member lines whose families are scattered over the file; some have no number."""
    found, offset = [], 100
    for number in range(1, count + 1):
        size = random.choice([10, 500, 3_000])
        family = random.choice(["", *(f"f{place}" for place in range(count // 3))])
        found.append(
            MemberLine(number, family, random.random() < 0.4, "", "p", "G1", offset, offset + size, number * 5)
        )
        offset += size
    return found


def in_order(lines: Sequence[MemberLine]) -> list[list[MemberLine]]:
    """Return families by their first line; of each the subscribers, then the others, in file order."""
    first: dict[str, int] = {}
    for line in lines:
        first.setdefault(line.family_token or f"#{line.number}", line.number)

    def place(line: MemberLine) -> int:
        return first[line.family_token or f"#{line.number}"]

    ordered = sorted(lines, key=lambda line: (place(line), not line.is_subscriber, line.number))
    return [list(family) for _, family in groupby(ordered, place)]


@pytest.mark.parametrize(("families", "size"), [(1, 1 << 30), (3, 1 << 30), (1_000, 4_000), (4, 9_000)])
def test_chunks_are_whole_families_in_the_order_of_their_first_lines(
    database: Database, received_set: int, families: int, size: int
) -> None:
    lines = drawn(Random(families), 60)
    with database.write() as conn:
        member_lines.add(conn, received_set, lines)
        found = list(member_lines.chunks(conn, received_set, families, size))
    assert [line for chunk in found for line in chunk] == [line for family in in_order(lines) for line in family]
    for chunk in found:
        whole = in_order(chunk)
        assert len(whole) <= families
        assert sum(line.end - line.start for family in whole[:-1] for line in family) < size, "it was full before"
    full = [len(in_order(chunk)) == families or weight(chunk) >= size for chunk in found[:-1]]
    assert len(found) > 1 and all(full)


def weight(lines: Sequence[MemberLine]) -> int:
    """Return the bytes of member loops."""
    return sum(line.end - line.start for line in lines)


def test_a_set_without_members_has_no_chunk(database: Database, received_set: int) -> None:
    with database.read() as conn:
        assert list(member_lines.chunks(conn, received_set, 2, 1)) == []
        assert member_lines.first_start(conn, received_set) is None


def test_a_chunk_reads_no_line_of_other_families(database: Database, received_set: int) -> None:
    """SQLite shows how: each look at the index names a family or a number beside the set."""
    if database.engine.dialect.name != "sqlite":
        return
    statements: list[tuple[str, Any]] = []
    with database.write() as conn:
        member_lines.add(conn, received_set, drawn(Random(1), 30))
        event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2:4]))
        assert list(member_lines.chunks(conn, received_set, 5, 1 << 30))
        plans = [
            conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all() for text, values in [*statements]
        ]
    looks = [step[-1] for plan in plans for step in plan if " USING " in step[-1]]
    assert len(looks) > 10
    assert [look for look in looks if "AND" not in look] == []
