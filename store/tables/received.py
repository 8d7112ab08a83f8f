"""What was received, and what goes out: files, sets, the member index, findings, the outbox."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from store.tables.base import Id, UtcDateTime, chars, ident, metadata, partial_index, ref, whole

# --- what was received -----------------------------------------------------------------------------------

file = Table(
    "file",
    metadata,
    Column("id", String(20), primary_key=True),  # opaque: F000001
    chars("sha256", 64, index=True),
    chars("name", 255),
    chars("partner", 80, index=True),
    chars("channel", 40),
    whole("size"),
    Column("received_at", UtcDateTime, nullable=False),
    chars("environment", 20),
    chars("kind", 20),  # 834, 820, 999, TA1, x12, unknown
    Column("state", String(20), nullable=True),  # NULL only while it is worked on
    whole("attempts"),  # that began and did not end well; a kill counts
    chars("failure"),  # what the last of them ended by, in our words
    partial_index("ix_file_unfinished", "id", where=text("state IS NULL")),
)

interchange = Table(
    "interchange",
    metadata,
    ident(),
    Column("file_id", String(20), ForeignKey("file.id"), nullable=False, index=True),
    chars("sender_qualifier", 2),
    chars("sender", 40),
    chars("receiver_qualifier", 2),
    chars("receiver", 40),
    chars("date", 12),
    chars("time", 12),
    chars("version", 12),
    chars("control", 40),
    Column("ack_requested", Boolean, nullable=False),
    chars("usage", 4),
    chars("delimiters", 40),  # JSON: element, component, repetition (empty = none), segment
    chars("verdict", 1),
    chars("code", 3),
    Column("answerable", Boolean, nullable=False),  # False: it only answers us
    whole("start"),
    whole("end"),
    whole("segment"),
    Index("ix_interchange_identity", "sender_qualifier", "sender", "receiver_qualifier", "receiver", "control"),
)

functional_group = Table(
    "functional_group",
    metadata,
    ident(),
    ref("interchange_id", "interchange", index=True),
    chars("code", 4),
    chars("sender", 40),
    chars("receiver", 40),
    chars("control", 40),
    chars("version", 40),
    chars("date", 12),
    chars("time", 12),
    chars("verdict", 1),
    whole("declared"),
    whole("received"),
    whole("accepted"),
    whole("segment"),
)

transaction_set = Table(
    "transaction_set",
    metadata,
    ident(),
    ref("functional_group_id", "functional_group", index=True),
    Column("file_id", String(20), ForeignKey("file.id"), nullable=False, index=True),
    chars("partner", 80),
    chars("kind", 10),
    chars("control", 40),
    chars("version", 40),
    chars("verdict", 1),
    chars("purpose", 4),  # BGN01
    chars("reference", 80),  # BGN02, or TRN02 of an 820
    Column("set_date", Date, nullable=True),  # BGN03
    chars("set_time", 8),  # BGN04
    chars("action", 4),  # BGN08
    chars("body_hash", 64, index=True),
    Column("state", String(20), nullable=True),
    chars("reason"),  # why it is held, rejected, pended
    whole("start"),
    whole("end"),
    whole("segment"),
    whole("segments"),
    whole("rounds"),  # how often people decided on it or its lines (store.desk.decisions)
    whole("pruned"),  # how many of its lines' dispositions, each a NOOP, were taken out (store.received.pruning)
)

set_group = Table(
    "set_group",
    metadata,
    Column("set_id", Id, ForeignKey("transaction_set.id"), primary_key=True),
    Column("group_id", Id, ForeignKey("employer_group.id"), primary_key=True),
    whole("version"),  # employer_group.version that this set's commit made; 0 = not applied
    Index("ix_set_group_group_id", "group_id"),
)

# What full files do not name of those who belong into them (of_...), and what a month of it is billed.
omitted = Table(
    "omitted",
    metadata,
    Column("set_id", Id, ForeignKey("transaction_set.id"), primary_key=True),
    Column("group_id", Id, ForeignKey("employer_group.id"), primary_key=True),
    Column("subgroup", String(80), primary_key=True),
    whole("subscribers"),
    whole("dependents"),
    whole("lines"),
    whole("of_subscribers"),
    whole("of_dependents"),
    whole("of_lines"),
    whole("cents"),
)

member_line = Table(  # the member index: tokens and byte ranges, no values (docs/design.md, Four steps)
    "member_line",
    metadata,
    Column("set_id", Id, ForeignKey("transaction_set.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    chars("family_token", 32),
    Column("is_subscriber", Boolean, nullable=False),
    chars("ssn_token", 32),
    chars("person_token", 32),
    chars("group_ref", 80),  # the group as sent, by the partner's profile
    whole("start"),
    whole("end"),
    whole("segment"),
    Column("digest", LargeBinary, nullable=False),  # keyed, of what the loop says
    Index("ix_member_line_family", "set_id", "family_token", "number"),
)

# The rows of a census as they were read (store.received.census_rows), until its file is answered.
census_rows = Table(
    "census_rows",
    metadata,
    ident(),
    ref("set_id", "transaction_set"),
    whole("first"),  # how many rows come before those of this piece
    Column("rows", LargeBinary, nullable=False),  # compressed, sealed
    Index("ix_census_rows_set_id", "set_id", "first"),
)

disposition = Table(
    "disposition",
    metadata,
    ident(),
    ref("set_id", "transaction_set"),
    whole("round"),  # of decisions on the set; 0: as it was received
    whole("number"),  # member line
    whole("coverage"),  # HD loop within the member line, 0 = the member level
    chars("group_number", 80),
    chars("subgroup", 80),
    chars("subscriber", 80),  # masked
    chars("member_id", 20),
    chars("relationship", 4),
    chars("line", 40),
    chars("plan", 80),
    chars("disposition", 12),
    chars("cause", 12),
    chars("action"),  # model.enrollment.actions.Action.text
    ref("tx", "tx"),
    Index("ix_disposition_set", "set_id", "number", "disposition"),  # pages of a set, and its counts
)

finding = Table(
    "finding",
    metadata,
    ident(),
    Column("file_id", String(20), ForeignKey("file.id"), nullable=False),
    ref("set_id", "transaction_set", null=True),
    whole("number"),  # member or remittance line, 0 = none
    whole("coverage"),  # of the member, 0 = the member as a whole
    chars("code", 60),
    chars("severity", 10),
    chars("interchange", 40),
    chars("functional_group", 40),
    chars("set_control", 40),
    whole("segment"),
    chars("segment_id", 10),
    whole("element"),
    whole("component"),
    Column("offset", Id, nullable=False, server_default="-1"),
    chars("loop", 20),
    chars("subject", 120),
    chars("message"),
    chars("fix"),
    Index("ix_finding_file", "file_id", "set_id", "number", "severity"),  # pages of a file, and its counts
)

# Files claimed from a channel that may still lie there: removed at the source, then forgotten.
pickup = Table(
    "pickup",
    metadata,
    ident(),
    chars("partner", 80),
    chars("source", 64),  # hash of place, name, size and time of change
    Column("file_id", String(20), ForeignKey("file.id"), nullable=False),
    UniqueConstraint("partner", "source"),
)

# --- what goes out ---------------------------------------------------------------------------------------

outbox = Table(
    "outbox",
    metadata,
    ident(),
    Column("key", String(160), nullable=False, unique=True),  # idempotency: what it is, never a clock
    chars("partner", 80, index=True),
    chars("kind", 20),  # ta1, 999, report, invoice, receipt, reconciliation
    chars("statement"),  # sealed JSON of a model.documents.statement value
    Column("file_id", String(20), nullable=True, index=True),
    chars("names"),  # JSON: [[document name, sha256], ...] once rendered
    Column("delivered_at", UtcDateTime, nullable=True),
    ref("tx", "tx"),
    # An X12 document's own control numbers, by which partners acknowledge it; 0 = none.
    whole("interchange"),  # ISA13
    whole("functional_group"),  # GS06
    chars("answers", 40),  # the ISA13 that a TA1 answers, the GS06 of a 999; GS06 and ST02 of an 824
    chars("verdict", 4),  # and what it says: TA104, AK901, OTI01
    chars("failure", 200),  # why its documents could not be made, our words; empty once they are
    Column("held_at", UtcDateTime, nullable=True),  # since when they wait for a person; NULL: each delivery tries
    Index("ix_outbox_interchange", "interchange"),
    Index("ix_outbox_functional_group", "functional_group"),
    Index("ix_outbox_delivered_at", "delivered_at", "partner"),  # what is owed, without a look at the statements
)

# The rows of statements that grow (store.received.statement_rows): a file's until they are delivered; those of an
# invoice and a reconciliation stay.
statement_rows = Table(
    "statement_rows",
    metadata,
    ident(),
    Column("key", String(160), nullable=False),  # of the outbox, or one for all copies
    chars("kind", 20),
    whole("rank"),  # within the document
    Column("part", Id, nullable=False),  # the set's row id, 0 = the file as a whole
    whole("first"),  # number of its first row within the part, and of its last
    whole("last"),
    Column("rows", LargeBinary, nullable=False),  # compressed, sealed
    Index("ix_statement_rows_key", "key", "rank", "part", "first"),
)

# What partners said of our documents: each TA1, each set and each group of a 999 that came.
acknowledgment = Table(
    "acknowledgment",
    metadata,
    ident(),
    ref("interchange_id", "interchange", index=True),  # that brought it
    ref("outbox_id", "outbox", null=True, index=True),  # NULL: it answers nothing that we sent
    chars("kind", 4),  # TA1, 999
    chars("control", 40),  # TA101, or AK102
    chars("set_control", 40),  # AK202; empty for a TA1 and for the group as a whole
    chars("verdict", 4),  # TA104, IK501, AK901
    chars("codes", 40),  # TA105, IK502 ..., AK905 ...
    whole("segment"),
)
