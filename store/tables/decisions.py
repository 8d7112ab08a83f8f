"""What people decided on what was received (docs/domain.md, Decisions)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint

from store.tables.base import Id, chars, metadata, ref, whole

decision = Table(
    "decision",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    ref("tx", "tx"),
    chars("kind", 12),  # model.enrollment.ruling.Kind
    Column("file_id", String(20), ForeignKey("file.id"), nullable=False),
    ref("set_id", "transaction_set"),
    whole("member_line"),  # 0 = the set as a whole
    whole("round"),  # of the set: dispositions of this round are what it came to
    chars("digest", 64),  # of the effect
    chars("requested_by", 80),
    chars("approved_by", 80),  # empty: one person was enough
    chars("ground", 80),  # of a late end, with its evidence
    chars("reason"),  # sealed
    chars("answer"),  # sealed: what exactly was decided
    UniqueConstraint("set_id", "round"),  # a question is decided once
)
