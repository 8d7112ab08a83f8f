"""Finding codes of billing and cash: what could not be priced, where money could not go.

Source: docs/domain.md, Billing; docs/domain.md, The 820.
"""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    # --- charges ---
    "RATE-MISSING": Code(
        "Coverage has no rate, so it cannot be billed.",
        "Add the rate to the group's terms and load them; the months then appear as an adjustment.",
    ),
    "ACCOUNT-MISSING": Code(
        "A family is covered but belongs to no subgroup with a billing account, so it cannot be billed.",
        "Assign the family to a subgroup, or add the subgroup to the group's terms.",
    ),
    "BIRTH-MISSING": Code(
        "A plan is rated by age, and a covered member has no birth date, so the family cannot be billed for it.",
        "Send the birth date (DMG02); the months then appear as an adjustment.",
    ),
    "PRORATION-UNKNOWN": Code(
        "The group's terms name a proration that cannot be computed.",
        "Set [group.billing] proration to full-month, wash or daily and load the terms again; nothing of the group"
        " was billed.",
    ),
    "COVERED-OUTSIDE": Code(
        "Coverage stands outside the span of its group, subgroup or plan, where nothing is billed.",
        "Beyond the end of group or subgroup: `rollbook group end-coverage GROUP` ends it on the agreement's last"
        " day. Else end it by an 834 (DTP*349 or DTP*357), move the families, or load terms that go on. Nothing is"
        " cut by the bill.",
    ),
    "PREMIUM-UNPAID": Code(
        "Premium is past due, the grace is over, everybody was warned: coverage is to end.",
        "`rollbook delinquency show ACCOUNT` says how it came; `delinquency approve ACCOUNT --reason R` by two "
        "people ends"
        " it on its day. A payment takes it off the list; then there is nothing to do.",
        Severity.PEND,
    ),
    "COBRA-SHORT": Code(
        "A COBRA payment is short by a little, and counts as paid until the family is told what lacks.",
        "`rollbook delinquency short ACCOUNT --member M --reason R` tells it and gives it 30 days; told, or by"
        " the night after it is paid, the item closes itself.",
        Severity.WARNING,
    ),
    "INVOICE-HELD": Code(
        "An account has no invoice, since a month of it cannot be priced.",
        "Mend what the other findings name, then bill the month again. [group.billing] unpriced = 'bill-the-rest'"
        " bills the others where a plan lacks the rate of a tier or an age, or a birth date is missing.",
        Severity.PEND,
    ),
    "COVERED-UNBILLED": Code(
        "Dependents are covered on a line on which their subscriber is not, so nobody is billed for them.",
        "Send the subscriber's coverage or end the dependents' coverage on this line.",
        Severity.WARNING,
    ),
    # --- an account ---
    "UNCLAIMED-CREDIT": Code(
        "An account has credit that no bill has used and nobody has asked for.",
        "Ask the payer. `rollbook account refund` pays it out, `rollbook account transfer` gives it to another"
        " account of the same payer; the item closes itself when the credit is used or gone.",
        Severity.WARNING,
    ),
    # --- a run ---
    "BOOKS-DISAGREE": Code(
        "The group's books do not agree with themselves, so nothing of it was billed.",
        "Run `rollbook verify`, mend what it names, then bill the month again.",
    ),
    "MONTH-AHEAD": Code(
        "The month lies after next month, so that its invoices would be made before it is known who is covered.",
        "Bill next month, or say that you mean it: --ahead. A trial (--trial) may look at any month.",
    ),
    # --- a payment as a whole ---
    "PAYMENT-WAITS": Code(
        "The payment waits for its bank deposit.",
        "Nothing to do when the deposit is on its way: it is matched by trace number, company and amount.",
        Severity.INFO,
    ),
    "DEPOSIT-WAITS": Code(
        "A deposit waits for its remittance: nobody has said whose money it is.",
        "Ask the payer for the 820, or match the deposit to a payment: `rollbook payment list` proposes which.",
        Severity.WARNING,
    ),
    "DEPOSIT-DIFFERS": Code(
        "A deposit carries the payment's trace number, but not its company or amount.",
        "Compare the bank's advice with trace number (TRN02), company (BPR10) and amount (BPR02); correct "
        "whichever is wrong.",
        Severity.PEND,
    ),
    "PAYMENT-COMPANY": Code(
        "The company identifier (BPR10) is not one agreed with you.",
        "Check BPR10, or ask us to agree on it. Until then no deposit is matched to the payment.",
        Severity.PEND,
    ),
    "COMPANY-UNBOUND": Code(
        "The company identifier (BPR10) is bound to no partner.",
        "Ask us to bind it to you: until then its deposit is matched only while nobody else's payment fits it.",
        Severity.WARNING,
    ),
    "PAYMENT-SAME": Code(
        "A payment of this trace number, company and amount has been received before; this one was not posted.",
        "Tell us whether it is another payment: a person then matches it with its own deposit. Sent for the same "
        "payment, it has no effect and nothing is to be done.",
        Severity.PEND,
    ),
    "PAYMENT-PRENOTE": Code(
        "A prenotification (BPR01 = P) tests the bank details; it is no money and nothing was posted.",
        "Nothing to do.",
        Severity.INFO,
    ),
    "PAYMENT-DEBIT": Code(
        "The payment is a debit (BPR03 = D): money asked of us, not paid to us. Nothing was posted.",
        "Send premium as a credit (BPR03 = C), or ask us for a refund.",
        Severity.PEND,
    ),
    "PAYMENT-CORRECTS": Code(
        "The remittance corrects an earlier one of the same trace number, payer and amount that did not add up.",
        "Nothing to do: it takes the earlier one's place, and money that lay in suspense for that one is its own.",
        Severity.INFO,
    ),
    "PAYMENT-REPLACED": Code(
        "The remittance did not add up, and a corrected one has taken its place.",
        "Nothing to do: look at the file that corrects it. Sent again, this one is a duplicate.",
        Severity.INFO,
    ),
    "PAYMENT-DROPPED": Code(
        "The payment was given up: nothing of it was posted, and it waits for no money any more.",
        "If its money comes after all, send the remittance again.",
        Severity.ERROR,
        app824="ZZZ",
    ),
    # --- where a part of a payment went ---
    "PAYMENT-SUSPENDED": Code(
        "Money could not be assigned to an account and lies in suspense.",
        "Tell us which account or invoice it is for.",
        Severity.PEND,
    ),
    "PAYMENT-OVER": Code(
        "More was paid than was owed; the rest is credit on the account.",
        "Nothing to do: the credit is taken off the next invoice. Ask us if you want it refunded.",
        Severity.INFO,
    ),
    "PAYMENT-AHEAD": Code(
        "Money is for a month that is not billed yet; it is kept for that month.",
        "Nothing to do: it pays the invoice that bills the month, and nothing before.",
        Severity.INFO,
    ),
    "PAYMENT-SHORT": Code(
        "Less was paid than the remittance itself says was billed.",
        "Pay the difference, or tell us why it is not owed; the invoice stays open.",
        Severity.WARNING,
    ),
    "CREDIT-MISSING": Code(
        "The remittance uses a credit (ADX02 = 52) that the account does not have or need.",
        "Pay the difference, or show us the overpayment; the invoice stays open.",
        Severity.WARNING,
    ),
    "NO-LONGER-EMPLOYED": Code(
        "The remittance says that a subscriber is no longer employed (ADX02 = AX). Coverage was not changed.",
        "Send the termination in an 834; until then the subscriber stays covered and billed.",
        Severity.WARNING,
    ),
}
