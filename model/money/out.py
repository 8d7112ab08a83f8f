"""What two people may do with an account's money by a command, as it is asked for (docs/domain.md, Two people)."""

from __future__ import annotations

from dataclasses import dataclass

from model.asking import Request, Verb
from model.money.cents import Cents, format_cents, format_dollars

_LABELS = {
    Verb.REFUND: "refund {cents} of account {account}",
    Verb.TRANSFER: "transfer {cents} from account {account} to {other}",
    Verb.WRITE_OFF: "write {cents} of {invoice} off, account {account}",
    Verb.FEE: "fee of {cents} on account {account}",
}


@dataclass(frozen=True, slots=True)
class Out:
    """A refund, transfer, write-off or fee: of which account, how much (cents > 0), and where to or of what.

    `other` is the account that a transfer goes to, `invoice` the invoice or debit memo that is written off.
    """

    verb: Verb
    account: str
    cents: Cents
    other: str = ""
    invoice: str = ""

    def request(self, group: str) -> Request:
        """Return what is asked for, as another person confirms it."""
        words = (self.account, self.other or self.invoice, format_cents(self.cents))
        cents = format_dollars(self.cents)
        label = _LABELS[self.verb].format(
            cents=cents, account=self.account, other=self.other, invoice=self.invoice
        )
        return Request(self.verb, " ".join(filter(None, words)), label, self.cents, group=group)


@dataclass(frozen=True, slots=True)
class Spent:
    """What was written off for an account within the tolerance, in a calendar month and in its year so far."""

    month: Cents = 0
    year: Cents = 0
