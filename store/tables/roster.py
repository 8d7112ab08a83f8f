"""The roster: person, alias, contract, enrollee, what was told of it, place, coverage, cobra; in recorded time.

See docs/design.md, Nouns of the roster.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, LargeBinary, String, Table, UniqueConstraint

from store.tables.base import (
    STILL_KNOWN,
    beginnings_index,
    chars,
    ident,
    known,
    metadata,
    partial_index,
    ref,
    whole,
)

# --- the roster ------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    ident(),
    Column("member_id", String(20), nullable=False, unique=True),
    ref("tx_from", "tx"),
)

person_facts = Table(
    "person_facts",
    metadata,
    ident(),
    ref("person_id", "person", index=True),
    chars("last", 80),
    chars("first", 80),
    chars("middle", 40),
    chars("suffix", 20),
    Column("birth", Date, nullable=True),
    chars("gender", 1),
    *(
        chars(f"{kind}_{part}", size)
        for kind in ("home", "mail")
        for part, size in (("line1", 80), ("line2", 80), ("city", 40), ("state", 4), ("zip", 20), ("country", 4))
    ),
    chars("phone", 256),
    chars("email", 256),
    chars("confidentiality", 1),  # INS13: R or U; empty: never said
    whole("birth_sequence"),  # INS17; 0: never said
    *known(),
    partial_index("uq_person_facts_current", "person_id", unique=True, where=STILL_KNOWN),
    partial_index("ix_person_facts_birth", "birth", where=STILL_KNOWN),
)
beginnings_index("ix_person_facts_last", person_facts.c.last, where=STILL_KNOWN)
beginnings_index("ix_person_facts_first", person_facts.c.first, where=STILL_KNOWN)

person_ssn = Table(
    "person_ssn",
    metadata,
    ident(),
    ref("person_id", "person", index=True),
    chars("cipher"),
    chars("key_id", 20),
    chars("token", 32, index=True),
    chars("last4_token", 32, index=True),
    *known(),
    partial_index("uq_person_ssn_current", "person_id", unique=True, where=STILL_KNOWN),
)

# A member ID that a merge gave up: since then it is another person's, who answers to it.
person_alias = Table(
    "person_alias",
    metadata,
    ident(),
    Column("member_id", String(20), nullable=False),
    ref("person_id", "person", index=True),
    *known(),
    partial_index("uq_person_alias_current", "member_id", unique=True, where=STILL_KNOWN),
)

contract = Table(
    "contract",
    metadata,
    ident(),
    ref("group_id", "employer_group"),
    chars("number_cipher"),
    chars("key_id", 20),
    chars("number_token", 32),
    chars("masked", 80),
    ref("tx_from", "tx"),
    UniqueConstraint("group_id", "number_token"),
)

# Another number that a family answers to since a person said so (store.people.numbers).
contract_number = Table(
    "contract_number",
    metadata,
    ident(),
    ref("contract_id", "contract", index=True),
    ref("group_id", "employer_group"),
    chars("number_cipher"),
    chars("key_id", 20),
    chars("number_token", 32),
    chars("masked", 80),
    *known(),
    partial_index("uq_contract_number_current", "group_id", "number_token", unique=True, where=STILL_KNOWN),
)

enrollee = Table(
    "enrollee",
    metadata,
    ident(),
    ref("contract_id", "contract", index=True),
    ref("person_id", "person", index=True),
    chars("relationship", 4),
    *known(),
    partial_index("uq_enrollee_current", "contract_id", "person_id", unique=True, where=STILL_KNOWN),
)

assignment = Table(
    "assignment",
    metadata,
    ident(),
    ref("contract_id", "contract", index=True),
    chars("subgroup", 80),
    Column("begin_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    *known(),
    CheckConstraint("begin_date <= end_date", name="span"),
)

coverage = Table(
    "coverage",
    metadata,
    ident(),
    ref("enrollee_id", "enrollee", index=True),
    chars("line", 40),
    chars("plan", 80),
    chars("tier", 10),
    Column("begin_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    chars("end_reason", 20),
    *known(),
    CheckConstraint("begin_date <= end_date", name="span"),
)

cobra = Table(
    "cobra",
    metadata,
    ident(),
    ref("contract_id", "contract", index=True),
    whole("person_id"),  # the disabled person; 0 = an event of the family
    chars("event", 2),  # INS07; "" for a disability
    Column("begin_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    *known(),
    CheckConstraint("begin_date <= end_date", name="span"),
)

# What was told of an enrollee beside identity and coverage, whole: what may lie in clear, and the rest sealed.
member_facts = Table(
    "member_facts",
    metadata,
    ident(),
    ref("enrollee_id", "enrollee", index=True),
    chars("plain"),  # JSON; empty: nothing
    chars("cipher"),  # JSON, sealed; empty: nothing
    chars("key_id", 20),
    *known(),
    partial_index("uq_member_facts_current", "enrollee_id", unique=True, where=STILL_KNOWN),
)

# What the records of a family came to that said again what is stored of it (store.people.unchanged).
unchanged = Table(
    "unchanged",
    metadata,
    ident(),
    ref("contract_id", "contract"),
    chars("partner", 80),
    Column("key", String(32), nullable=False, unique=True),  # of the family's loops and how they are read
    chars("state"),  # of everything that is known of the family
    Column("since", Date, nullable=False),  # the days of receipt for which it holds: from this one
    Column("until", Date, nullable=False),  # to the one before this
    Column("answer", LargeBinary, nullable=False),  # sealed
    UniqueConstraint("contract_id", "partner"),
)
