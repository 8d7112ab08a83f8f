"""Which accounts get no invoice, since a month of theirs cannot be priced.

What concerns a whole plan and month, by the terms, always holds the account: no rate at all, or no agreement any
more. Where a plan has rates and only some months lack theirs (a tier, an age, a birth date), the group's switch
says whether the account waits or the others are billed. What an invoice leaves out is kept as a charge of no
cents, so that the reason for the later one is known.

Source: docs/domain.md, Months without a price.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from billing.charges import LeftOut, ShouldBe
from billing.gaps import extent
from model.codes import found
from model.finding import Finding, Where
from model.money.ledger import Charge, ChargeKind
from model.money.reasons import Why, because
from model.timeline import Month

HOLD, BILL_THE_REST = "hold", "bill-the-rest"


def held(left_out: Iterable[LeftOut], unpriced: str, month: Month) -> dict[str, Finding]:
    """Return the accounts that get no invoice for `month`, each with INVOICE-HELD; `unpriced` is the switch."""
    waiting: dict[str, list[LeftOut]] = defaultdict(list)
    for left in left_out:
        waiting[left.account].append(left)
    return {
        account: _held(account, missing, month)
        for account, missing in waiting.items()
        if unpriced != BILL_THE_REST or any(left.gap.whole for left in missing)
    }


def _held(account: str, missing: list[LeftOut], month: Month) -> Finding:
    what = extent([left.unit.month for left in missing])
    message = f"Account {account} has no invoice for {month}: {what} without a price. Nothing was charged."
    return found("INVOICE-HELD", Where(), message, subject=f"account {account}", fix=_fix(missing))


def _fix(missing: Sequence[LeftOut]) -> str:
    """Say what releases an account: its causes are mended; a switch helps only where none concerns a whole."""
    codes = sorted({left.gap.code for left in missing})
    mend = f"Mend what {' and '.join(codes)} name{'s' * (len(codes) == 1)}, then bill the month again"
    if any(left.gap.whole for left in missing):
        return f"{mend}."
    switch = f"[group.billing] unpriced = '{BILL_THE_REST}'"
    return f"{mend}; or load terms with {switch}: the others are billed now, and this when it has a price."


def marks(should: ShouldBe, posted: Iterable[Charge]) -> tuple[Charge, ...]:
    """Return what invoices leave out, as charges of no cents: what stands posted or is marked already is not."""
    net: dict[tuple[str, int, str, Month], int] = defaultdict(int)
    marked = set()
    for charge in posted:
        key = (charge.account, charge.contract, charge.line, charge.month)
        net[key] += charge.cents
        if charge.kind is ChargeKind.UNPRICED:
            marked.add(key)
    wanted = []
    for left in should.left_out:
        key = (left.account, left.unit.contract, left.unit.line, left.unit.month)
        if not net[key] and key not in marked:
            unit = left.unit
            why = Why.WITHOUT_BIRTH if left.gap.code == "BIRTH-MISSING" else Why.WITHOUT_RATE
            reason = because(why, unit.month)
            wanted.append(
                Charge(
                    account=left.account,
                    contract=unit.contract,
                    line=unit.line,
                    plan=left.plan,
                    tier=left.tier,
                    month=unit.month,
                    cents=0,
                    kind=ChargeKind.UNPRICED,
                    reason=reason,
                )
            )
    return tuple(wanted)
