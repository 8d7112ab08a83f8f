"""The checks of what is possible and costs money, in order: `rollbook health` asks them, and the night.

One registry with the questions whose answer must never be no (pipeline.verify.questions): no check is in both.

See docs/design.md, Checks of the books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from model.health import Cost
from pipeline.health import billing, people, waiting
from pipeline.health.looking import Looking
from store.checks import charged


@dataclass(frozen=True, slots=True)
class Costly:
    """Something that may be and costs money: `look` yields each place where it is. `monthly`: it recurs."""

    name: str
    text: str
    fix: str
    look: Callable[[Looking], Iterator[Cost]]
    monthly: bool = False


_BILL = "`rollbook explain member ID` says what came when; the next bill corrects it, or says why not."
_PAPERS = "Its item says what it waits for: the other paper, or a word of the payer."

COSTLY: tuple[Costly, ...] = (
    Costly("unbilled", "Who is covered in billed months and not charged?", _BILL, billing.unbilled),
    Costly("overbilled", "Who is charged for months beyond an end?", _BILL, billing.overbilled),
    Costly(
        "charged-twice",
        "Which month of a member stands charged twice?",
        "Compare the account's entries, and correct it by an entry: `account show`.",
        lambda look: charged.posted_twice(look.ask),
    ),
    Costly(
        "one-day",
        "Which month is charged for a single covered day?",
        "Ask the sender whether the last day is meant to be the one before.",
        lambda look: charged.one_day(look.ask),
    ),
    Costly("no-price", "Whose covered months have no price?", "Load terms that have the rate.", billing.no_price),
    Costly(
        "no-birth",
        "Whose birth date lacks where rates go by age?",
        "Ask the sender for the birth date.",
        billing.no_birth,
    ),
    Costly(
        "beyond",
        "Whose coverage stands beyond its agreement?",
        "End it (`group end-coverage`), or load terms that go on.",
        billing.beyond,
    ),
    Costly(
        "no-invoice",
        "Which account with covered people has no invoice for this month?",
        "`rollbook bill --month M --group G --trial` says what is missing.",
        billing.no_invoice,
        monthly=True,
    ),
    Costly(
        "old-credit",
        "Whose credit is older than 30 days?",
        "Ask the payer what it was for.",
        waiting.old_credit,
    ),
    Costly(
        "credit-beside",
        "Which credit lies beside an open invoice?",
        "The night pays it; run `rollbook night`.",
        waiting.credit_beside,
    ),
    Costly(
        "overdue",
        "Which invoice is open 31 days after it was due?",
        "Ask the payer; first see what lies in suspense.",
        waiting.overdue,
    ),
    Costly(
        "past-grace",
        "Which late payer is past its grace, and still covered?",
        "`rollbook delinquency show` says what its end waits for; two people approve it.",
        waiting.past_grace,
    ),
    Costly("suspense", "Which money lies in suspense?", _PAPERS, waiting.suspense),
    Costly("deposits", "Which deposit has no remittance?", _PAPERS, waiting.deposits),
    Costly("unposted", "Which remittance is not posted?", _PAPERS, waiting.unposted),
    Costly(
        "same-ssn",
        "Who is covered under a second member ID, with one SSN?",
        "Have two people make it one: `member merge`, or have the sender correct the SSN.",
        people.same_ssn,
        monthly=True,
    ),
    Costly(
        "namesakes",
        "Who has name and birth date of another covered member?",
        "Ask the senders for both SSNs; if it is one person: `member merge`.",
        people.namesakes,
        monthly=True,
    ),
    Costly(
        "past-age",
        "Which child is covered past the age limit?",
        "The night ends it with a notice; where no partner may be told, add one that may, or end it by a file.",
        people.past_age,
        monthly=True,
    ),
    Costly(
        "cobra-length",
        "Which family is covered under COBRA past its months?",
        "Have the sender end it, or tell the event that makes it longer.",
        people.cobra_length,
        monthly=True,
    ),
    Costly(
        "medicare",
        "Who is 65 or older and has no word about Medicare?",
        "Ask the sender for INS06: who pays first depends on it.",
        people.medicare,
    ),
    Costly(
        "omitted",
        "Who is missing in three full files and still billed?",
        "Ask the employer whether the person is still employed.",
        waiting.omitted,
        monthly=True,
    ),
    Costly(
        "late-ends",
        "Which end in the past waits for two people?",
        "Decide it: covered and billed meanwhile.",
        waiting.late_ends,
        monthly=True,
    ),
    Costly(
        "undelivered",
        "Which document has not left for a day?",
        "See why: `exchange list`; the next delivery tries again.",
        waiting.undelivered,
    ),
    Costly(
        "missing-files",
        "Which usual file of a partner has not come?",
        "Ask the partner: whom it would have ended is covered and billed.",
        waiting.missing_files,
    ),
    Costly(
        "unanswered",
        "Which document was refused, or not acknowledged?",
        "Ask the partner what it did with it.",
        waiting.unanswered,
    ),
)
