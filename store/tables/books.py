"""The store's own books: counters, transactions, audit, leases; our people; agreements."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from store.tables.base import (
    STILL_KNOWN,
    Id,
    UtcDateTime,
    chars,
    ident,
    known,
    metadata,
    partial_index,
    ref,
    whole,
)

# --- bookkeeping of the store itself ---------------------------------------------------------------------

counter = Table(
    "counter", metadata, Column("name", String(60), primary_key=True), Column("value", Id, nullable=False)
)

# The keys that this store is sealed under: by their proofs (vault.keys) a lost or foreign ring is known.
key_ring = Table(
    "key_ring",
    metadata,
    Column("key_id", String(20), primary_key=True),
    Column("proof", String(64), nullable=False),
)

# What the store was given: a file, terms, a command, what a channel answered (docs/design.md, Inputs and steps).
input = Table(
    "input",
    metadata,
    ident(),
    Column("key", String(40), nullable=False, unique=True),  # a file's id, else chance
    chars("kind", 20),
    chars("actor", 80),
    Column("received_at", UtcDateTime, nullable=False),
    chars("body"),  # sealed JSON of what was asked; empty for a file
    chars("sha256", 64),  # of the archived bytes; empty for all else
    chars("settings", 16),  # digest of the settings under which it was asked
)

tx = Table(
    "tx",
    metadata,
    ident(),
    Column("at", UtcDateTime, nullable=False),  # received: what the rules go by
    Column("recorded_at", UtcDateTime, nullable=False),  # since when it is known
    chars("actor", 80),
    chars("what", 80),
    Column("set_id", Id, nullable=True),  # no FK: a set row may be written by the same transaction later
    ref("input_id", "input", index=True),
    chars("args"),  # JSON: which part of its input it is; ids, codes and counts
)

# The journal's chain: each committed transaction that opened a tx, in the order of the commits.
step = Table(
    "step",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("tx", Id, ForeignKey("tx.id"), nullable=False, unique=True),
    chars("release", 40),  # of the code
    chars("lock", 16),  # digest of the libraries' versions
    chars("terms", 64),  # digest of all agreements in force when it committed
    chars("numbers"),  # JSON: blocks of numbers that were reserved outside of it
    chars("key_id", 20),  # of the key that the two below are made under
    chars("digest", 64),  # of the rows that it wrote (store.chain)
    chars("hash", 64),  # of the step before, this one and its digest
)

audit = Table(
    "audit", metadata, ident(), ref("tx", "tx"), chars("action", 60), chars("subject", 120), chars("detail")
)

guard = Table(  # what store.guards names: the first statement of each write raises the version
    "guard", metadata, Column("name", String(120), primary_key=True), Column("version", Id, nullable=False)
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(120), primary_key=True),
    chars("holder", 80),
    Column("expires_at", UtcDateTime, nullable=False),
)

# --- agreements: ourselves, partners, group terms --------------------------------------------------------

agreement = Table(
    "agreement",
    metadata,
    ident(),
    chars("kind", 20),  # carrier, partner, terms
    chars("code", 80),  # "" for the carrier, partner code, group number
    chars("source"),  # the TOML as loaded, empty when made by a command
    chars("body"),  # JSON of model.agreement.terms.Carrier, Partner or Terms
    *known(),
    partial_index("uq_agreement_current", "kind", "code", unique=True, where=STILL_KNOWN),
)

operator = Table(  # a person who works here; nobody is deleted
    "operator",
    metadata,
    ident(),
    chars("name", 80),  # as names are compared (model.people.folded)
    chars("body"),  # JSON of model.people.Operator
    *known(),
    partial_index("uq_operator_current", "name", unique=True, where=STILL_KNOWN),
)

employer_group = Table(
    "employer_group",
    metadata,
    ident(),
    Column("number", String(80), nullable=False, unique=True),
    whole("version"),  # rises with each commit: fencing token
)

billing_account = Table(
    "billing_account",
    metadata,
    ident(),
    Column("number", String(80), nullable=False, unique=True),
    ref("group_id", "employer_group"),
    chars("subgroup", 80),
    Column("held_by", String(80), nullable=False),  # whose books its are: its own, or where it moved
)
