"""Open work: what waits for a person, and what happened to it (model.desk)."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, String, Table, text

from store.tables.base import Id, chars, ident, metadata, partial_index, ref, whole

OPEN = text("closed_tx IS NULL")

item = Table(
    "item",
    metadata,
    ident(),
    Column("number", Id, nullable=True, unique=True),  # NULL only until the step that opens it ends
    Column("kind", String(20), nullable=False),
    Column("subject", String(160), nullable=False),  # a key without anybody's data
    Column("rule", String(60), nullable=False),  # finding code
    chars("line", 400),  # lines of coverage, empty: the whole subject
    chars("label", 160),  # masked
    chars("group_number", 80),
    chars("subgroup", 80),
    chars("partner", 80),
    chars("file_id", 20),  # of the latest receipt, with its set and member line; no FK: what is pruned may go
    whole("set_id"),
    whole("member"),
    chars("severity", 10),
    whole("cents"),  # a month, or the amount
    Column("since", Date, nullable=False),  # the plan's days
    Column("due", Date, nullable=False),
    whole("receipts"),
    chars("owner", 80),
    chars("requested", 20),  # the decision that somebody asked for, which another person confirms; empty: none
    chars("requested_by", 80),
    ref("opened_tx", "tx"),
    ref("closed_tx", "tx", null=True),
    chars("closed_how", 12),
    partial_index("uq_item_open", "kind", "subject", "rule", "line", unique=True, where=OPEN),
    partial_index("ix_item_due", "due", "number", where=OPEN),  # pages of open work
    partial_index("ix_item_unnumbered", "opened_tx", where=text("number IS NULL")),
    partial_index("ix_item_group", "group_number", "kind", where=OPEN),
    Index("ix_item_subject", "subject"),  # what waited before of the same person or paper
)

item_event = Table(
    "item_event",
    metadata,
    ident(),
    ref("item_id", "item", index=True),
    ref("tx", "tx"),
    chars("what", 12),
    chars("actor", 80),
    chars("text"),  # sealed
    chars("file_id", 20),
    whole("set_id"),
    whole("member"),
)
