"""The cash desk, in cents: debit memos, the bank's files and lines, returns, refunds, and who is late.

See docs/design.md, The ledger; docs/domain.md, Debit memos.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table, UniqueConstraint

from store.tables.base import STILL_KNOWN, Id, chars, ident, known, metadata, partial_index, ref, whole


def _account(name: str = "account") -> Column[str]:
    return Column(name, String(80), ForeignKey("billing_account.number"), nullable=False)


memo = Table(  # what an account owes outside of its invoices; open items like them, by number
    "memo",
    metadata,
    ident(),
    Column("number", String(20), nullable=False, unique=True),
    _account(),
    chars("kind", 20),  # model.money.ledger.MemoKind
    Column("issued", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("cents", Id, nullable=False),
    chars("reason", 200),
    whole("remittance_id"),  # the payment that it comes from, 0 = none
    whole("deposit_id"),
    ref("tx", "tx"),
)

bank_file = Table(  # what the bank sent; its bytes are in the archive
    "bank_file",
    metadata,
    ident(),
    Column("sha256", String(64), nullable=False),
    chars("name", 255),
    chars("kind", 20),  # model.money.bank.BankForm
    whole("refused"),  # whole, for a fault in it
    whole("lines"),  # that were new
    whole("known"),  # that were there before
    Column("credits", Id, nullable=False),  # of the new ones
    Column("debits", Id, nullable=False),
    chars("findings"),  # sealed JSON of model.money.bank.BankFile without its lines
    ref("tx", "tx"),
    Index("ix_bank_file_sha256", "sha256"),
)

bank_line = Table(
    "bank_line",
    metadata,
    ident(),
    ref("bank_file_id", "bank_file", index=True),
    whole("number"),  # from 1 within the file
    whole("record"),  # where it stands in the file
    Column("key", String(64), nullable=False, unique=True),  # by what it is known again
    whole("occurrence"),  # which of equal ones of one file, from 0
    chars("reference", 120),  # the bank's own
    chars("kind", 20),  # model.money.bank.LineSort
    chars("code", 20),  # the bank's: BAI2 type code, NACHA return reason
    chars("trace", 80),
    chars("company", 40),
    chars("account", 80),  # the bank's; of a cheque the billing account
    chars("invoice", 40),  # of a cheque
    chars("batch", 80),  # of a cheque
    Column("cents", Id, nullable=False),  # above zero
    Column("date", Date, nullable=False),  # the bank's day
    Column("value_date", Date, nullable=True),
    chars("text"),  # sealed: what the bank wrote beside it
    whole("of_line"),  # the credit that a lockbox cheque is the detail of, 0 = none yet
    whole("deposit_id", index=True),  # that it became, or confirmed; 0 = none
    whole("remittance_id"),  # a payment that was posted without a deposit; 0 = none
    whole("refund_id"),  # that it paid out; 0 = none
    whole("returned"),  # the return that it tells of was taken
    whole("void_tx"),
    ref("tx", "tx"),
)

reversal = Table(  # a payment that the bank took back
    "reversal",
    metadata,
    ident(),
    whole("deposit_id"),
    whole("remittance_id"),
    chars("trace", 80),  # of the return
    chars("code", 20),  # NSF, STOP, R01 ...
    Column("date", Date, nullable=False),  # the bank's day
    Column("until", Date, nullable=False),  # through which its reopened invoices are made good by the notice
    Column("cents", Id, nullable=False),
    ref("tx", "tx"),
    UniqueConstraint("deposit_id", "remittance_id", "trace"),
)

bank_return = Table(  # a return that the bank's file brought and that waited: of no payment known then, or amiss
    "bank_return",
    metadata,
    ident(),
    chars("trace", 80),  # of the payment, as the bank has it
    chars("company", 40),
    Column("cents", Id, nullable=False),
    chars("code", 20),
    Column("date", Date, nullable=False),  # the bank's day
    chars("reference", 80),  # the return's own trace
    ref("tx", "tx"),
    UniqueConstraint("reference", "trace", "cents", "date"),
)

refund = Table(  # credit that goes out by cheque
    "refund",
    metadata,
    ident(),
    Column("number", String(20), nullable=False, unique=True),
    _account(),
    Column("cents", Id, nullable=False),
    Column("issued", Date, nullable=False),
    chars("reason", 200),
    whole("register"),  # the number of the check register that it went out with, 0 = none yet
    whole("paid_tx"),  # the bank paid it out
    whole("returned_tx"),  # it came back, or was stopped: the credit is open again
    ref("tx", "tx"),
)

payer_rule = Table(  # whose money a payer's words mean, as people decided it
    "payer_rule",
    metadata,
    ident(),
    chars("partner", 80),
    chars("token", 64),  # of what is written
    chars("said"),  # sealed: what is written, masked
    _account(),
    *known(),
    partial_index("uq_payer_rule_known", "partner", "token", unique=True, where=STILL_KNOWN),
)

delinquency = Table(  # how a late payer stands: an account, or a family of it that pays for itself
    "delinquency",
    metadata,
    ident(),
    _account(),
    whole("contract_id"),  # 0 = the account as a whole
    chars("stage", 20),  # model.money.arrears.Stage
    Column("since", Date, nullable=False),  # the day from which it stands so
    Column("month", String(7), nullable=False),  # the first that is not paid
    Column("due", Date, nullable=False),
    Column("grace_end", Date, nullable=False),  # the last day of the grace
    Column("cents", Id, nullable=False),  # past due
    whole("told"),  # notices that went out for this month
    Column("warned", Date, nullable=True),  # the day of the last one
    Column("end_date", Date, nullable=True),  # the last covered day
    chars("hold", 200),  # which money could be the payer's
    chars("short_month", 7),  # through which month a COBRA family was told what lacks
    *known(),
    partial_index("uq_delinquency_known", "account", "contract_id", unique=True, where=STILL_KNOWN),
)

self_bill = Table(  # what a payer that bills itself reported for a month
    "self_bill",
    metadata,
    ident(),
    _account(),
    Column("month", String(7), nullable=False),
    chars("source", 20),  # model.money.selfbill.Source
    chars("plan", 80),  # empty: of all plans; so with the others
    chars("tier", 10),
    whole("contract_id"),
    whole("person_id"),
    whole("unknown"),  # numbers somebody whom the bill does not have
    Column("people", Id, nullable=True),  # NULL: not said
    Column("cents", Id, nullable=True),
    whole("line"),  # row of the sheet, or line of the remittance
    chars("digest", 64),  # the variance that people decided about
    Column("set_id", Id, ForeignKey("transaction_set.id"), nullable=True),  # that brought it
    ref("tx", "tx"),
    Index("ix_self_bill_account", "account", "month"),
)
