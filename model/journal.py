"""What the store's own books are told: what a transaction is for, and the acts that the audit trail keeps.

The values stand in the store; words for people are in writers.words.
"""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What a transaction is for."""

    RECORD_KEYS = "record-keys"
    RESUME = "resume"  # go on with a store that was put back
    ADD_PARTNER = "add-partner"
    LOAD_TERMS = "load-terms"
    JUDGE = "judge"
    ENROLL = "enroll"
    ANSWER = "answer"
    END_COVERAGE = "end-coverage"
    LIFT_RESTRICTION = "lift-restriction"
    EXPORT_ROSTER = "export-roster"
    BILL = "bill"
    RECONCILE = "reconcile"
    TAKE_REMITTANCE = "take-remittance"
    ENTER_DEPOSIT = "enter-deposit"
    MATCH_DEPOSIT = "match-deposit"
    VOID_DEPOSIT = "void-deposit"
    PRUNE = "prune"
    SAVE_OPERATOR = "save-operator"


class Act(StrEnum):
    """What a line of the audit trail tells."""

    KEYS_RECORDED = "keys-recorded"
    STORE_RESTORED = "store-restored"
    PRUNED = "pruned"  # subject: the file, or what was delivered; detail: how much, and who decided it
    PARTNER_SAVED = "partner-saved"
    TERMS_LOADED = "terms-loaded"
    ACCOUNT_MOVED = "account-moved"
    COVERAGE_ENDED = "coverage-ended"
    RESTRICTION_LIFTED = "restriction-lifted"
    ROSTER_EXPORTED = "roster-exported"
    INVOICE_HELD = "invoice-held"  # subject: the account; detail: the month
    REMITTANCE_REPLACED = "remittance-replaced"
    DEPOSIT_ENTERED = "deposit-entered"
    DEPOSIT_MATCHED = "deposit-matched"
    DEPOSIT_VOIDED = "deposit-voided"
    OPERATOR_SAVED = "operator-saved"  # subject: the name; detail: logins, roles, limits, why
