"""How a group's months are billed: the billing switches.

Source: docs/domain.md, Switches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from model.agreement.switches import Switch
from model.timeline import Dated, Month


@dataclass(frozen=True, slots=True)
class Billing:
    """The billing switches (docs/domain.md, Switches). A covered month takes what is in force on its first day."""

    first_month: Annotated[Month, Switch("The first month that we bill: nothing earlier is ever charged.")]
    proration: Annotated[
        Dated[str],
        Switch(
            "`full-month`: one covered day bills the month; `wash`: the 15th and the 16th, both covered, do; "
            "`daily`: the covered days of the month's days",
            choices=("full-month", "wash", "daily"),
        ),
    ] = Dated("full-month")
    # A plan without any rate always holds the invoice.
    unpriced: Annotated[
        Dated[str],
        Switch(
            "What becomes of an account's invoice when a plan lacks the rate of a tier or an age, or a member "
            "the birth date",
            choices=("hold", "bill-the-rest"),
        ),
    ] = Dated("hold")
    billing_mode: Annotated[
        Dated[str],
        Switch(
            "`list`: we compute what is owed and ask for it; `self`: the payer does, on a worksheet, and what we "
            "compute is held against it. A subgroup may have its own",
            choices=("list", "self"),
        ),
    ] = Dated("list")
    invoice_day: Annotated[
        Dated[int], Switch("The day of the month before the covered month on which it is billed", least=1, most=28)
    ] = Dated(10)
    due_day: Annotated[Dated[int], Switch("The day of the covered month on which it is due", least=1, most=28)] = (
        Dated(1)
    )
    return_fee_cents: Annotated[
        Dated[int], Switch("What a payment that the bank takes back costs the account, in cents", most=10_000)
    ] = Dated(0)
    return_notice_days: Annotated[
        Dated[int],
        Switch(
            "Days after the notice of a returned payment within which it is made good, before what it opened "
            "again counts as late",
            most=366,
        ),
    ] = Dated(10)
    grace_days: Annotated[
        Dated[int],
        Switch(
            "Days after the due day in which a payment is in time; never fewer than the law asks for", most=366
        ),
    ] = Dated(31)
    notice_days: Annotated[
        Dated[str],
        Switch(
            "On which days after the due day a late payer gets a notice; the last one warns of the end, the "
            "employees too",
            pattern=r"^[1-9][0-9]{0,2}(, ?[1-9][0-9]{0,2}){0,5}$",
        ),
    ] = Dated("10, 20")
    end_notice_days: Annotated[
        Dated[int],
        Switch(
            "Days that the warning is old, since it left, before coverage ends for nonpayment", least=1, most=366
        ),
    ] = Dated(10)
    nonpayment_end: Annotated[
        Dated[str],
        Switch(
            "The last covered day where nobody pays: `grace-end`; `month-end`: of the month in which the grace "
            "ends; "
            "`paid-month`: of the last month that is paid, only where contract and state allow it",
            choices=("grace-end", "month-end", "paid-month"),
        ),
    ] = Dated("grace-end")
    trifle_percent: Annotated[
        Dated[int], Switch("Nobody is late who owes no more than this percent of what was billed", most=100)
    ] = Dated(2)
    trifle_dollars: Annotated[Dated[int], Switch("and no more than so many dollars", most=1000)] = Dated(50)
    tolerance_cents: Annotated[
        Dated[int],
        Switch(
            "Cents that an invoice which was paid may be short of: the night writes them off; 0: none", most=5_000
        ),
    ] = Dated(0)
    tolerance_month_cents: Annotated[
        Dated[int], Switch("What that may come to for an account in a calendar month, in cents", most=50_000)
    ] = Dated(500)
    tolerance_year_cents: Annotated[Dated[int], Switch("and in a calendar year", most=500_000)] = Dated(2_500)
    unclaimed_credit_days: Annotated[
        Dated[int],
        Switch(
            "Days after which credit that nobody asked for is open work (UNCLAIMED-CREDIT); 0: never", most=3_660
        ),
    ] = Dated(90)
    consolidated_payment: Annotated[
        str,
        Switch(
            "What is paid under a consolidated invoice's number and is not its total: `suspense`, until a "
            "person says for whom it is, or `oldest-first` over the accounts it covers",
            choices=("suspense", "oldest-first"),
        ),
    ] = "suspense"
    unnamed_payment: Annotated[
        Dated[str],
        Switch(
            "What becomes of a deposit of the group's payer that no 820 and no allocation names: `suspense`, it "
            "waits for a person; `oldest-first`, it pays the group's oldest open invoices",
            choices=("suspense", "oldest-first"),
        ),
    ] = Dated("suspense")
    unnamed_days: Annotated[
        Dated[int], Switch("Days that such a deposit waits for its 820 before it pays", least=1, most=90)
    ] = Dated(5)
