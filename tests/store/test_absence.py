"""How a large set is held against the roster: what it names is a list that is read once."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import event, text

from model.enrollment.decision import Disposition
from store import bulk, tables
from store.people.absence import Due, missing

MANY = 5_000  # member lines
_CAME = ("set_id", "round", "number", "coverage", "group_number", "subgroup", "subscriber", "member_id")
_WAS = ("relationship", "line", "plan", "disposition", "cause", "action", "tx")


def test_a_list_is_held_in_memory_however_long_postgresql_expects_it_to_be(roll, received_set):
    """With true statistics of a long list it would be read again for each span of the roster, for hours."""
    if roll.database.engine.dialect.name != "postgresql":
        return
    roll.apply(roll.family("S1"))
    asked: list[tuple[str, object]] = []
    with roll.database.write() as conn:
        tx = roll.tx(conn, received_set)
        rows = [
            (
                received_set,
                0,
                n,
                1,
                "GRP1",
                "EAST",
                "S",
                f"M{n:08d}",
                "18",
                "medical",
                "P",
                Disposition.NOOP,
                "",
                "",
                tx,
            )
            for n in range(MANY)
        ]
        bulk.add(conn, tables.disposition, (*_CAME, *_WAS), rows)
        conn.execute(text("ANALYZE disposition"))
        conn.execute(text("SET LOCAL work_mem = '64kB'"))
        event.listen(roll.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2:4]))
        found = list(missing(conn, received_set, Due(roll.groups["GRP1"], date(2027, 1, 5))))
        statement, given = next((query, values) for query, values in asked if query.startswith("SELECT"))
        plan = "\n".join(row[0] for row in conn.exec_driver_sql(f"EXPLAIN {statement}", given))
    assert [(span.line, span.named) for span in found] == [("medical", False)]
    assert "(hashed SubPlan" in plan
    assert not re.findall(r"(?<!hashed )SubPlan \d+\)", plan), plan
