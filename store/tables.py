"""The schema: one SQLAlchemy Core metadata for SQLite and PostgreSQL (DESIGN.md 7 to 11, 14).

Spans are inclusive, open = 9999-12-31. Recorded time is tx_from/tx_to into tx; tx_to NULL = still known.
transfer, invoice, charge and audit are append-only; triggers hold it (store/migrations). Money is in cents.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")
STILL_KNOWN = text("tx_to IS NULL")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ANN401
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ANN401
        """Give the zone back that SQLite drops."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, null: bool = False, index: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=null, index=index)


def _known() -> tuple[Column[int], Column[int]]:
    return (_ref("tx_from", "tx"), _ref("tx_to", "tx", null=True))


def _text(name: str, size: int = 0, *, index: bool = False) -> Column[str]:
    return Column(name, String(size) if size else Text, nullable=False, server_default="", index=index)


def _number(name: str) -> Column[int]:
    return Column(name, Id, nullable=False, server_default="0")


# --- bookkeeping of the store itself ---------------------------------------------------------------------

counter = Table(
    "counter", metadata, Column("name", String(60), primary_key=True), Column("value", Id, nullable=False)
)

tx = Table(
    "tx",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    _text("actor", 80),
    _text("what", 80),
    Column("set_id", Id, nullable=True),  # no FK: a set row may be written by the same transaction later
)

audit = Table(
    "audit", metadata, _id(), _ref("tx", "tx"), _text("action", 60), _text("subject", 120), _text("detail")
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(120), primary_key=True),
    _text("holder", 80),
    Column("expires_at", UtcDateTime, nullable=False),
)

# --- agreements: ourselves, partners, group terms --------------------------------------------------------

agreement = Table(
    "agreement",
    metadata,
    _id(),
    _text("kind", 20),  # carrier, partner, terms
    _text("code", 80),  # "" for the carrier, partner code, group number
    _text("source"),  # the TOML as loaded, empty when made by a command
    _text("body"),  # JSON of model.terms.Carrier, Partner or Terms
    *_known(),
    Index(
        "uq_agreement_current", "kind", "code", unique=True, sqlite_where=STILL_KNOWN, postgresql_where=STILL_KNOWN
    ),
)

employer_group = Table(
    "employer_group",
    metadata,
    _id(),
    Column("number", String(80), nullable=False, unique=True),
    _number("version"),  # rises with each commit: fencing token
)

billing_account = Table(
    "billing_account",
    metadata,
    _id(),
    Column("number", String(80), nullable=False, unique=True),
    _ref("group_id", "employer_group"),
    _text("subgroup", 80),
)

# --- what was received -----------------------------------------------------------------------------------

file = Table(
    "file",
    metadata,
    Column("id", String(20), primary_key=True),  # opaque: F000001
    _text("sha256", 64, index=True),
    _text("name", 255),
    _text("partner", 80, index=True),
    _text("channel", 40),
    _number("size"),
    Column("received_at", UtcDateTime, nullable=False),
    _text("environment", 20),
    _text("kind", 20),  # 834, 820, 999, TA1, x12, unknown
    Column("state", String(20), nullable=True),  # NULL only while it is worked on
)

interchange = Table(
    "interchange",
    metadata,
    _id(),
    Column("file_id", String(20), ForeignKey("file.id"), nullable=False, index=True),
    _text("sender_qualifier", 2),
    _text("sender", 40),
    _text("receiver_qualifier", 2),
    _text("receiver", 40),
    _text("date", 12),
    _text("time", 12),
    _text("version", 12),
    _text("control", 40),
    Column("ack_requested", Boolean, nullable=False),
    _text("usage", 4),
    _text("delimiters", 8),  # element, component, repetition ("\\0" none), segment
    _text("verdict", 1),
    _text("code", 3),
    _number("start"),
    _number("end"),
    _number("segment"),
    Index("ix_interchange_identity", "sender_qualifier", "sender", "receiver_qualifier", "receiver", "control"),
)

functional_group = Table(
    "functional_group",
    metadata,
    _id(),
    _ref("interchange_id", "interchange", index=True),
    _text("code", 4),
    _text("sender", 40),
    _text("receiver", 40),
    _text("control", 40),
    _text("version", 40),
    _text("verdict", 1),
    _number("declared"),
    _number("received"),
    _number("accepted"),
    _number("segment"),
)

transaction_set = Table(
    "transaction_set",
    metadata,
    _id(),
    _ref("functional_group_id", "functional_group", index=True),
    Column("file_id", String(20), ForeignKey("file.id"), nullable=False, index=True),
    _text("partner", 80),
    _text("kind", 10),
    _text("control", 40),
    _text("version", 40),
    _text("verdict", 1),
    _text("purpose", 4),  # BGN01
    _text("reference", 80),  # BGN02, or TRN02 of an 820
    Column("set_date", Date, nullable=True),  # BGN03
    _text("set_time", 8),  # BGN04
    _text("action", 4),  # BGN08
    _text("body_hash", 64, index=True),
    Column("state", String(20), nullable=True),
    _text("reason"),  # why it is held, rejected, pended
    _number("start"),
    _number("end"),
    _number("segment"),
    _number("segments"),
)

set_group = Table(
    "set_group",
    metadata,
    Column("set_id", Id, ForeignKey("transaction_set.id"), primary_key=True),
    Column("group_id", Id, ForeignKey("employer_group.id"), primary_key=True),
    _number("version"),  # employer_group.version that this set's commit made; 0 = not applied
)

member_line = Table(  # the member index: tokens and byte ranges, no values (DESIGN.md 4)
    "member_line",
    metadata,
    Column("set_id", Id, ForeignKey("transaction_set.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    _text("family_token", 32),
    Column("is_subscriber", Boolean, nullable=False),
    _text("ssn_token", 32),
    _text("person_token", 32),
    _text("group_ref", 80),  # the group as sent, by the partner's profile
    _number("start"),
    _number("end"),
    _number("segment"),
)

disposition = Table(
    "disposition",
    metadata,
    _id(),
    _ref("set_id", "transaction_set", index=True),
    _number("number"),  # member line
    _text("group_number", 80),
    _text("subgroup", 80),
    _text("subscriber", 80),  # masked
    _text("member_id", 20, index=True),
    _text("relationship", 4),
    _text("line", 40),
    _text("plan", 80),
    _text("disposition", 12),
    _text("cause", 12),
    _text("action", 200),
    _ref("tx", "tx"),
)

finding = Table(
    "finding",
    metadata,
    _id(),
    Column("file_id", String(20), ForeignKey("file.id"), nullable=False, index=True),
    _ref("set_id", "transaction_set", null=True, index=True),
    _number("number"),  # member or remittance line, 0 = none
    _text("code", 60),
    _text("severity", 10),
    _text("interchange", 40),
    _text("functional_group", 40),
    _text("set_control", 40),
    _number("segment"),
    _text("segment_id", 10),
    _number("element"),
    _number("component"),
    Column("offset", Id, nullable=False, server_default="-1"),
    _text("loop", 20),
    _text("subject", 120),
    _text("message"),
    _text("fix"),
)

# --- the roster ------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    _id(),
    Column("member_id", String(20), nullable=False, unique=True),
    _ref("tx_from", "tx"),
)

person_facts = Table(
    "person_facts",
    metadata,
    _id(),
    _ref("person_id", "person", index=True),
    _text("last", 80),
    _text("first", 80),
    _text("middle", 40),
    _text("suffix", 20),
    Column("birth", Date, nullable=True),
    _text("gender", 1),
    *(
        _text(f"{kind}_{part}", size)
        for kind in ("home", "mail")
        for part, size in (("line1", 80), ("line2", 80), ("city", 40), ("state", 4), ("zip", 20), ("country", 4))
    ),
    _text("phone", 40),
    _text("email", 120),
    *_known(),
    Index(
        "uq_person_facts_current", "person_id", unique=True, sqlite_where=STILL_KNOWN, postgresql_where=STILL_KNOWN
    ),
)

person_ssn = Table(
    "person_ssn",
    metadata,
    _id(),
    _ref("person_id", "person", index=True),
    _text("cipher"),
    _text("key_id", 20),
    _text("token", 32, index=True),
    _text("last4_token", 32, index=True),
    *_known(),
    Index(
        "uq_person_ssn_current", "person_id", unique=True, sqlite_where=STILL_KNOWN, postgresql_where=STILL_KNOWN
    ),
)

contract = Table(
    "contract",
    metadata,
    _id(),
    _ref("group_id", "employer_group"),
    _text("number_cipher"),
    _text("key_id", 20),
    _text("number_token", 32),
    _text("masked", 80),
    _ref("tx_from", "tx"),
    UniqueConstraint("group_id", "number_token"),
)

enrollee = Table(
    "enrollee",
    metadata,
    _id(),
    _ref("contract_id", "contract", index=True),
    _ref("person_id", "person", index=True),
    _text("relationship", 4),
    *_known(),
    Index(
        "uq_enrollee_current",
        "contract_id",
        "person_id",
        unique=True,
        sqlite_where=STILL_KNOWN,
        postgresql_where=STILL_KNOWN,
    ),
)

assignment = Table(
    "assignment",
    metadata,
    _id(),
    _ref("contract_id", "contract", index=True),
    _text("subgroup", 80),
    Column("begin_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    *_known(),
    CheckConstraint("begin_date <= end_date", name="span"),
)

coverage = Table(
    "coverage",
    metadata,
    _id(),
    _ref("enrollee_id", "enrollee", index=True),
    _text("line", 40),
    _text("plan", 80),
    _text("tier", 10),
    Column("begin_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    *_known(),
    CheckConstraint("begin_date <= end_date", name="span"),
)

# --- money -----------------------------------------------------------------------------------------------

transfer = Table(
    "transfer",
    metadata,
    _id(),
    _text("debit", 120, index=True),
    _text("credit", 120, index=True),
    Column("cents", Id, nullable=False),
    Column("effective", Date, nullable=False),
    _ref("tx", "tx"),
    _text("cause", 40),
    _text("invoice", 20, index=True),
    _number("remittance_id"),
    _number("line"),
    _number("deposit_id"),
    _number("contract_id"),
    CheckConstraint("cents > 0", name="positive"),
    CheckConstraint("debit <> credit", name="two_accounts"),
)

invoice = Table(
    "invoice",
    metadata,
    _id(),
    Column("number", String(20), nullable=False, unique=True),
    Column("account", String(80), ForeignKey("billing_account.number"), nullable=False),
    Column("month", String(7), nullable=False),
    Column("issued", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("total", Id, nullable=False),  # own charges: current + retro + fees
    _text("statement"),  # sealed JSON of model.statement.InvoiceStatement
    _ref("tx", "tx"),
    UniqueConstraint("account", "month"),
)

charge = Table(
    "charge",
    metadata,
    _id(),
    _ref("invoice_id", "invoice", index=True),
    Column("account", String(80), ForeignKey("billing_account.number"), nullable=False),
    _ref("contract_id", "contract", index=True),
    _text("line", 40),
    _text("plan", 80),
    _text("tier", 10),
    Column("month", String(7), nullable=False),
    Column("cents", Id, nullable=False),
    _text("kind", 10),
    _text("reason", 200),
    _number("cause_tx"),
    _ref("tx", "tx"),
    Index("ix_charge_account_month", "account", "month"),
)

deposit = Table(
    "deposit",
    metadata,
    _id(),
    _text("trace", 80),
    _text("company", 40),
    Column("cents", Id, nullable=False),
    Column("date", Date, nullable=False),
    _number("remittance_id"),  # 0 = waits for its remittance
    _ref("tx", "tx"),
    UniqueConstraint("trace", "company", "cents", "date"),
)

remittance = Table(
    "remittance",
    metadata,
    _id(),
    Column("set_id", Id, ForeignKey("transaction_set.id"), nullable=False, unique=True),
    _text("partner", 80),
    _text("trace", 80, index=True),
    _text("company", 40),
    Column("cents", Id, nullable=False),
    Column("date", Date, nullable=True),
    _text("state", 20),  # WAITING, POSTED, SUSPENDED, NOTED (prenote, nothing to post)
    _text("reason"),
    _text("body"),  # sealed JSON of model.remittance.Remittance
    _number("receipt"),  # receipt number, 0 = none yet
    _ref("tx", "tx"),
)

# --- what goes out ---------------------------------------------------------------------------------------

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("key", String(160), nullable=False, unique=True),  # idempotency: what it is, never a clock
    _text("partner", 80, index=True),
    _text("kind", 20),  # ta1, 999, report, invoice, receipt, reconciliation
    _text("statement"),  # sealed JSON of a model.statement value
    Column("file_id", String(20), nullable=True, index=True),
    _text("names"),  # JSON: [[document name, sha256], ...] once rendered
    Column("delivered_at", UtcDateTime, nullable=True),
    _ref("tx", "tx"),
)
