"""What moved on an account between its invoices, in the words of who gets them."""

from __future__ import annotations

from collections.abc import Mapping

from model.money.activity import Activity
from model.money.cents import Cents

# What moved on an account between its invoices; {0} names the paper. First what adds to what is owed, then what
# takes away.
ACTIVITY: Mapping[Activity, tuple[str, str]] = {
    Activity.PAYMENT: ("Payment {0} taken back", "Payment {0}"),
    Activity.REVERSAL: ("Returned payment {0}", "Returned payment {0}"),
    Activity.REFUND: ("Refund {0}", "Refund {0}, which came back"),
    Activity.TRANSFER: ("Credit moved to account {0}", "Credit moved from account {0}"),
    Activity.WRITE_OFF: ("Write-off of {0}", "Write-off of {0}"),
    Activity.FEE: ("Fee {0}", "Fee {0}"),
}
ACTIVITIES: Mapping[str, str] = {
    Activity.PAYMENT: "Payment",
    Activity.REVERSAL: "Returned payment",
    Activity.REFUND: "Refund",
    Activity.TRANSFER: "Transfer",
    Activity.WRITE_OFF: "Write-off",
    Activity.FEE: "Fee",
}
_ANOTHER = {Activity.TRANSFER: "of another group"}


def activity(what: Activity, reference: str, cents: Cents) -> str:
    """Return what moved on an account, in words: `Refund 5001`."""
    more, less = ACTIVITY[what]
    named = reference or _ANOTHER.get(what, "")
    return (more if cents > 0 else less).format(named).strip()
