"""What the store's own books are told: what a transaction is for, and the acts that the audit trail keeps.

The values stand in the store; words for people are in writers.words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class InputKind(StrEnum):
    """What kind of thing the store was given."""

    FILE = "file"
    TERMS = "terms"
    COMMAND = "command"
    DECISION = "decision"
    DEPOSIT = "deposit"
    BANK = "bank"  # a file that the bank sent
    NIGHTLY = "nightly"  # what nobody asked for, at its time
    DELIVERY = "delivery"  # what a channel answered


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that the store was given; each step names its own (docs/design.md, Inputs and steps).

    `received_at` (UTC) is what rules go by. `body` is what was asked, as JSON values: enough to do it again, and
    nothing that is not sealed before it is stored. A file's is in the archive, under `sha256`.
    """

    key: str  # a file's id; else chance, so that no two are one
    kind: InputKind
    received_at: datetime
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    sha256: str = ""


class Purpose(StrEnum):
    """What a transaction is for."""

    CLAIM = "claim"
    DELIVER = "deliver"
    UNDELIVERED = "undelivered"
    DELIVER_AGAIN = "deliver-again"
    RECORD_KEYS = "record-keys"
    RESUME = "resume"  # go on with a store that was put back
    ADD_PARTNER = "add-partner"
    LOAD_TERMS = "load-terms"
    JUDGE = "judge"
    ENROLL = "enroll"
    ANSWER = "answer"
    REQUEST_DECISION = "request-decision"
    DISMISS_WORK = "dismiss-work"
    ASK = "ask"  # for what another person confirms by the same command
    WITHDRAW = "withdraw"
    DECIDE = "decide"
    UNDO = "undo"  # what a file, a decision or a step did is taken back
    END_COVERAGE = "end-coverage"
    AGE_OFF = "age-off"  # children at the age limit are told of, and their ends fixed
    PUT_OFF = "put-off"  # ends by age whose notice left late, or not at all
    RENEW_PLANS = "renew-plans"  # members of plans that end go on in others, or are asked about
    END_AGREEMENT = "end-agreement"  # the day of an agreed end has come
    LIFT_RESTRICTION = "lift-restriction"
    RECORD_ORDER = "record-order"  # a court ordered that a child be covered
    LIFT_ORDER = "lift-order"
    MERGE_MEMBERS = "merge-members"
    SPLIT_MEMBER = "split-member"
    EXPORT_ROSTER = "export-roster"
    BILL = "bill"
    VOID_INVOICE = "void-invoice"
    RECONCILE = "reconcile"
    ANSWER_RECONCILED = "answer-reconciled"  # the answers of a reconciliation's workbook
    TAKE_REMITTANCE = "take-remittance"
    ENTER_DEPOSIT = "enter-deposit"
    FIND_DEPOSIT = "find-deposit"  # the two waited beside each other
    MATCH_DEPOSIT = "match-deposit"
    VOID_DEPOSIT = "void-deposit"
    PLACE_MONEY = "place-money"
    LOAD_BANK = "load-bank"  # a file of the bank's
    CLEAR_REFUND = "clear-refund"  # a cheque that the bank paid is a refund
    PASS_RETURN = "pass-return"  # of a line of the bank: it was taken as a return
    SETTLE_BANK = "settle-bank"  # lines that were near something, and are not any more
    SPLIT_DEPOSIT = "split-deposit"  # it makes way for the cheques of a lockbox
    PLACE_DEPOSIT = "place-deposit"  # on accounts, without a remittance
    MATCH_BANK = "match-bank"
    VOID_BANK = "void-bank"
    TAKE_SELF_BILL = "take-self-bill"  # what a payer that bills itself reported
    ACCEPT_VARIANCE = "accept-variance"
    ASK_CORRECTION = "ask-correction"  # of what was reported
    REVERSE_PAYMENT = "reverse-payment"  # people say that the bank took it back
    TAKE_RETURN = "take-return"  # the bank's file says so
    FIND_RETURN = "find-return"  # a return that waited has found its payment
    PRUNE = "prune"
    SAVE_OPERATOR = "save-operator"
    ASSIGN_WORK = "assign-work"
    NOTE_WORK = "note-work"
    LOOK_AT_DESK = "look-at-desk"  # what waits because time has passed
    DELINQUENCY = "delinquency"  # late payers are told, and listed
    TELL_SHORT = "tell-short"  # a COBRA family hears what lacks of its payment
    END_NONPAYMENT = "end-nonpayment"
    REINSTATE = "reinstate"  # coverage that ended for nonpayment goes on
    APPLY_CREDIT = "apply-credit"  # free credit pays open invoices of its account
    REFUND = "refund"
    PAY_REFUND = "pay-refund"  # the bank paid it
    RETURN_REFUND = "return-refund"
    REGISTER_REFUNDS = "register-refunds"  # they go out with a check register
    TRANSFER_CREDIT = "transfer-credit"
    WRITE_OFF = "write-off"
    RAISE_FEE = "raise-fee"
    TOLERATE = "tolerate"  # shorts within the tolerance are written off
    LOOK_AT_CREDIT = "look-at-credit"  # that nobody asks for
    NIGHT = "night"  # parts of a day's night ended well
    END_RULE = "end-rule"  # a payer's standing rule


class Act(StrEnum):
    """What a line of the audit trail tells."""

    KEYS_RECORDED = "keys-recorded"
    STORE_RESTORED = "store-restored"
    PRUNED = "pruned"  # subject: the file, or what was delivered; detail: how much, and who decided it
    PARTNER_SAVED = "partner-saved"
    TERMS_LOADED = "terms-loaded"
    ACCOUNT_MOVED = "account-moved"
    COVERAGE_ENDED = "coverage-ended"
    SHORT_TOLD = "short-told"  # subject: the account and the member; detail: who told what lacks, and why
    COVERAGE_REINSTATED = "coverage-reinstated"  # subject: the account; detail: how much, and who decided it
    RESTRICTION_LIFTED = "restriction-lifted"
    ORDER_RECORDED = "order-recorded"  # subject: the member ID; detail: the group, and who
    ORDER_LIFTED = "order-lifted"
    MEMBERS_MERGED = "members-merged"  # subject: the member ID that stays; detail: the alias, the effect, and who
    MEMBER_SPLIT = "member-split"  # subject: the member ID; detail: the new one, the effect, and who
    ROSTER_EXPORTED = "roster-exported"
    INVOICE_VOIDED = "invoice-voided"
    INVOICE_HELD = "invoice-held"  # subject: the account; detail: the month
    REMITTANCE_REPLACED = "remittance-replaced"
    REMITTANCE_DROPPED = "remittance-dropped"
    MONEY_PLACED = "money-placed"
    BANK_LOADED = "bank-loaded"  # subject: the file's number; detail: how many lines
    BANK_MATCHED = "bank-matched"  # subject: the line; detail: with what, and who
    BANK_VOIDED = "bank-voided"
    DEPOSIT_SPLIT = "deposit-split"  # subject: the deposit; detail: into which
    DEPOSIT_PLACED = "deposit-placed"
    VARIANCE_ACCEPTED = "variance-accepted"  # subject: account and month; detail: what differs, and who
    CORRECTION_ASKED = "correction-asked"
    RULE_MADE = "rule-made"  # subject: the payer's rule; detail: the account, and who
    RULE_ENDED = "rule-ended"
    DEPOSIT_ENTERED = "deposit-entered"
    DEPOSIT_MATCHED = "deposit-matched"
    DEPOSIT_VOIDED = "deposit-voided"
    PAYMENT_REVERSED = "payment-reversed"  # subject: R7 or D12; detail: the code, the return's trace, and who
    REFUNDED = "refunded"  # subject: the refund; detail: the account, and who decided it
    REFUND_PAID = "refund-paid"
    REFUND_RETURNED = "refund-returned"
    CREDIT_MOVED = "credit-moved"  # subject: the account; detail: the other one, the cents, and who
    WRITTEN_OFF = "written-off"  # subject: the invoice or debit memo; detail: the cents, and who
    FEE_RAISED = "fee-raised"  # subject: the debit memo; detail: the account, the cents, and who
    UNDONE = "undone"  # subject: what was taken back; detail: the decision's number, families, and who
    DECIDED = "decided"  # subject: the file; detail: the decision's number, kind, set and line, and who
    OPERATOR_SAVED = "operator-saved"  # subject: the name; detail: logins, roles, limits, why
