"""Money in cents (docs/design.md, The ledger): transfers, invoices, charges, deposits, remittances."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, Table, UniqueConstraint, text

from store.tables.base import Id, chars, ident, metadata, partial_index, ref, whole

_OPEN = text("remittance_id = 0 AND placed_tx = 0 AND void_tx = 0")
_STANDS = text("void_tx = 0")

# --- money -----------------------------------------------------------------------------------------------

transfer = Table(
    "transfer",
    metadata,
    ident(),
    chars("debit", 120),
    chars("credit", 120),
    Column("cents", Id, nullable=False),
    Column("effective", Date, nullable=False),
    ref("tx", "tx"),
    chars("cause", 40),
    chars("invoice", 20, index=True),
    whole("remittance_id", index=True),
    whole("line"),
    whole("deposit_id"),
    whole("contract_id"),
    chars("group_number", 80),  # money in suspense: the group that its line names, "" = none
    CheckConstraint("cents > 0", name="positive"),
    CheckConstraint("debit <> credit", name="two_accounts"),
    # A balance is summed from the index alone, and what moved since a transaction is a range of it.
    Index("ix_transfer_debit", "debit", "tx", "cents"),
    Index("ix_transfer_credit", "credit", "tx", "cents"),
)

credit = Table(  # what unapplied:<account> and ahead:<account>:<month> hold, kept by a trigger: never below zero
    "credit",
    metadata,
    Column("name", String(120), primary_key=True),  # the ledger account
    Column("cents", Id, nullable=False),
    CheckConstraint("cents >= 0", name="not_below_zero"),
)

invoice = Table(
    "invoice",
    metadata,
    ident(),
    Column("number", String(20), nullable=False, unique=True),
    Column("account", String(80), ForeignKey("billing_account.number"), nullable=False),
    Column("month", String(7), nullable=False),
    Column("issued", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("total", Id, nullable=False),  # own charges: current + retro + fees
    chars("statement"),  # sealed JSON of model.documents.statement.InvoiceStatement
    ref("tx", "tx"),
    whole("void_tx"),  # the transaction that voided it, 0 = it stands
    partial_index("uq_invoice_account_month", "account", "month", unique=True, where=_STANDS),
    partial_index("ix_invoice_void", "id", where=text("void_tx <> 0")),
)

consolidated = Table(
    "consolidated",
    metadata,
    ident(),
    Column("number", String(20), nullable=False),
    Column("account", String(80), ForeignKey("billing_account.number"), nullable=False),
    Column("invoice", String(20), ForeignKey("invoice.number"), nullable=False),
    Column("cents", Id, nullable=False),  # the total due that the bill printed, below zero for a credit
    ref("tx", "tx"),
    UniqueConstraint("number", "account"),
)

settled = Table(  # through which month a group's bills left nothing to post, by what was known when `tx` committed
    "settled",
    metadata,
    Column("group_id", Id, ForeignKey("employer_group.id"), primary_key=True),
    Column("month", String(7), nullable=False),
    ref("tx", "tx"),
)

unsettled = Table(  # the contracts of a group that this does not hold for
    "unsettled",
    metadata,
    Column("group_id", Id, ForeignKey("employer_group.id"), primary_key=True),
    Column("contract_id", Id, ForeignKey("contract.id"), primary_key=True),
)

charge = Table(
    "charge",
    metadata,
    ident(),
    ref("invoice_id", "invoice", index=True),
    Column("account", String(80), ForeignKey("billing_account.number"), nullable=False),
    ref("contract_id", "contract", index=True),
    chars("line", 40),
    chars("plan", 80),
    chars("tier", 10),
    Column("month", String(7), nullable=False),
    Column("cents", Id, nullable=False),
    chars("kind", 10),
    chars("reason", 200),
    whole("cause_tx"),
    whole("person_id"),  # the member billed where rates go by age; 0 = the family
    whole("days"),  # covered days of a month billed by days; 0 = the whole month
    ref("tx", "tx"),
    Index("ix_charge_account_month", "account", "month"),
)

deposit = Table(
    "deposit",
    metadata,
    ident(),
    chars("trace", 80),
    chars("company", 40),
    Column("cents", Id, nullable=False),
    Column("date", Date, nullable=False),
    whole("again"),  # 0 for the first of this trace, company and amount, then 1, 2 ...
    whole("remittance_id"),  # 0 = waits for its remittance
    whole("placed_tx"),  # the transaction that placed it without a remittance, 0 = none did
    whole("void_tx"),  # the transaction that voided it, 0 = it stands
    ref("tx", "tx"),
    UniqueConstraint("trace", "company", "cents", "again"),
    partial_index("ix_deposit_open", "trace", where=_OPEN),
)

remittance = Table(
    "remittance",
    metadata,
    ident(),
    Column("set_id", Id, ForeignKey("transaction_set.id"), nullable=False, unique=True),
    chars("partner", 80),
    chars("trace", 80, index=True),
    chars("company", 40),
    Column("cents", Id, nullable=False),
    Column("date", Date, nullable=True),
    chars("state", 20),  # WAITING, POSTED, SUSPENDED, NOTED (prenote, nothing to post), HELD, REPLACED, DROPPED
    chars("reason"),
    chars("body"),  # sealed JSON of model.money.remittance.Remittance
    whole("receipt"),  # receipt number, 0 = none yet
    ref("tx", "tx"),
)
