"""Why money is proposed for something, in words (docs/domain.md, Suspense)."""

from __future__ import annotations

from collections.abc import Mapping

from model.money.cents import format_dollars
from model.money.proposed import Because, Slip, Why
from vault.ssn import mask_key

_WORDS: Mapping[Why, str] = {
    Why.NAMED: "what was written names it",
    Why.PERSON: "the person who is named is this subscriber",
    Why.COVER: "consolidated invoice {0} was named, it asks for {1}",
    Why.INVOICE_NEAR: "{0} was written for {1}: {2}",
    Why.ACCOUNT_NEAR: "{0} was written for {1}: {2}",
    Why.NAME: "the name that was sent is this subscriber's",
    Why.INVOICE_OPEN: "{1} is open on invoice {0}",
    Why.TOTAL_DUE: "{1} is due through {0}",
    Why.COVER_TOTAL: "consolidated invoice {0} asks for {1}",
    Why.SUM: "{0} open invoices add up to {1}",
    Why.MONTH_OF: "{0} was billed {2} for {1}",
    Why.MONTH: "{0} was named",
    Why.ONLY_ACCOUNT: "the payer has no other account",
    Why.OWN_ACCOUNT: "an account of the payer",
    Why.PAID: "{1} was paid on invoice {0}",
    Why.CREDIT: "account {0} has {1} of credit",
}
_SLIPS: Mapping[str, str] = {
    Slip.SAME: "the same number",
    Slip.ZEROS: "other zeros before it",
    Slip.SWAPPED: "two digits swapped",
    Slip.ONE_OFF: "one digit is another",
    Slip.ONE_MORE: "one digit too many",
    Slip.ONE_LESS: "one digit is missing",
}


def reason(because: Because) -> str:
    """Return a reason in words; a number is cents. What was written is masked where it may be an SSN."""
    words = [format_dollars(each) if isinstance(each, int) else mask_key(each) for each in because.about]
    if because.kind in (Why.INVOICE_NEAR, Why.ACCOUNT_NEAR):
        words[2] = _SLIPS[str(because.about[2])]
    return _WORDS[because.kind].format(*words)
