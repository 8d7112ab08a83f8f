"""What people decided on what was received, whom records are about, what was taken back.

See docs/domain.md, Decisions; docs/domain.md, Undo.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint

from store.tables.base import Id, chars, ident, metadata, ref, whole

decision = Table(
    "decision",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    ref("tx", "tx"),
    chars("kind", 12),  # model.enrollment.ruling.Kind
    Column("file_id", String(20), ForeignKey("file.id"), nullable=True),  # NULL: an undo of what no file brought
    ref("set_id", "transaction_set", null=True),
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

# Whom records of a group are about that say this of their member; the last word stands. Tokens are of one key.
linked = Table(
    "linked",
    metadata,
    ident(),
    ref("tx", "tx"),  # of the decision
    ref("group_id", "employer_group"),
    chars("family_token", 32),  # of the subscriber number
    chars("person_token", 32),  # of first name and birth date
    chars("ssn_token", 32),  # empty: no SSN was sent
    ref("person_id", "person", null=True),  # NULL: nobody any more, the decision was taken back
    Index("ix_linked_family", "group_id", "family_token"),
)

# What a step did to a family, and by which step it was taken back (docs/domain.md, Undo).
undone = Table(
    "undone",
    metadata,
    ident(),
    ref("tx", "tx"),  # of the undo
    ref("of_tx", "tx"),  # whose effect on the family it took back
    ref("contract_id", "contract", index=True),
)
