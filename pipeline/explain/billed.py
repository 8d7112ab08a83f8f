"""Why somebody is billed for a month, or not, or twice: by the charges posted and a trial of the next bill.

No amount is worked out here: each is a charge's own, or the sum of the charges that a sentence is about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from model.explained import Said, Says, said
from model.money.ledger import Charge, ChargeKind
from model.money.reasons import Why
from model.timeline import Month, Span
from pipeline.explain.coverage import own
from pipeline.explain.facts import Family, Issued, MemberFacts
from pipeline.explain.sources import of_tx
from store.money.charged import OnInvoice

# Why a month is no longer billed at all; other corrections bill it otherwise.
_GONE = frozenset({Why.TERMINATED, Why.BEGINS, Why.REMOVED, Why.NO_LONGER, Why.NOT_OLDEST})
# Why a month is billed that was not before.
_NEW = frozenset(
    {Why.ADDED_FROM, Why.COVERED_AGAIN, Why.REINSTATED, Why.NOT_BILLED, Why.RATE_ARRIVED, Why.BIRTH_ARRIVED}
    | {Why.OLDEST_AGAIN}
)


def answers(facts: MemberFacts) -> list[Said]:
    """Return the sentences that say what the month of the day is billed, and what is billed that should not be."""
    month = Month.of(facts.day)
    found: list[Said] = []
    for family in facts.families:
        mine = Bill(facts, family, month)
        found += [*mine.still(), *mine.otherwise(), *mine.credited(), *mine.twice(), *mine.month_of_the_day()]
    return [*found, *_two_contracts(facts, month)]


class Bill:
    """What bears on one family's bill of a month."""

    def __init__(self, facts: MemberFacts, family: Family, month: Month) -> None:
        """Take what concerns the line that was asked for, all where none was."""
        self.facts, self.family, self.month = facts, family, month
        self.standing = [each for each in family.charges if not each.void and self._concerns(each.charge)]
        self.ahead = [each for each in family.ahead.charges if self._concerns(each)]

    def _concerns(self, charge: Charge) -> bool:
        mine = charge.person in (0, self.family.person) or self.family.is_subscriber
        return mine and self.facts.line in ("", charge.line)

    def still(self) -> Iterator[Said]:
        """Yield what stands billed though it should not, and what the next invoice gives back for it."""
        for charges in _by_cause(each for each in self.ahead if _takes_back(each)):
            last = self._last_billed(charges)
            yield said(
                Says.STILL_BILLED,
                months=_months(charges),
                lines=_lines(charges),
                change=_change(charges),
                by=of_tx(self.facts, charges[0].cause_tx),
                known=self._known(charges[0].cause_tx),
                invoice=last.number,
                made=self.facts.behind[last.tx].known,
                credit_cents=-_sum(charges),
                next=str(self.family.ahead.month),
            )

    def _last_billed(self, charges: list[Charge], before: int = 0) -> OnInvoice:
        """Return the last charge by which these months were billed, on an invoice before a transaction."""
        invoices = _numbers(self.standing, charges)
        found = [each for each in self.standing if each.number in invoices and (not before or each.tx < before)]
        return max(found, key=lambda each: each.tx)

    def otherwise(self) -> Iterator[Said]:
        """Yield what the next invoice corrects of months that are billed, but otherwise than they should be."""
        corrects = (
            each for each in self.ahead if each.kind is ChargeKind.RETRO and not _goes(each) and not _new(each)
        )
        for charges in _by_cause(corrects):
            yield said(
                Says.CORRECTION_DUE,
                months=_months(charges),
                lines=_lines(charges),
                change=_change(charges),
                by=of_tx(self.facts, charges[0].cause_tx),
                known=self._known(charges[0].cause_tx),
                cents=_sum(charges),
                next=str(self.family.ahead.month),
            )

    def credited(self) -> Iterator[Said]:
        """Yield what was billed and given back on a later invoice, as far as nobody is covered again."""
        by_invoice: dict[tuple[str, int], list[OnInvoice]] = defaultdict(list)
        for each in self.standing:
            if _takes_back(each.charge):
                by_invoice[each.number, each.charge.cause_tx].append(each)
        for (number, cause), found in by_invoice.items():
            charges = [each.charge for each in found]
            if self._covered(charges):
                continue
            last = self._last_billed(charges, found[0].tx)
            yield said(
                Says.CREDITED,
                months=_months(charges),
                lines=_lines(charges),
                change=_change(charges),
                by=of_tx(self.facts, cause),
                known=self._known(cause),
                invoice=last.number,
                made=self.facts.behind[last.tx].known,
                credit_cents=-_sum(charges),
                given=number,
                month=str(found[0].billed),
            )

    def _covered(self, charges: Iterable[Charge]) -> bool:
        """Say whether the months that were given back stand billed again."""
        months = {charge.month for charge in charges}
        return any(_net(self.standing, month) for month in months)

    def _known(self, tx: int) -> str:
        """Return since when a change is known, where that is later than its receipt; else ""."""
        step = self.facts.behind.get(tx)
        late = step is not None and step.known > step.at
        return f"{step.known:%Y-%m-%d %H:%M} UTC" if step and late else ""

    def twice(self) -> Iterator[Said]:
        """Yield what is billed twice for the month, on two accounts or by two charges of one, or only seems so."""
        by_unit: dict[tuple[str, int], list[OnInvoice]] = defaultdict(list)
        for each in self.standing:
            if each.charge.month == self.month and each.charge.cents:
                by_unit[each.charge.line, each.charge.person].append(each)
        for (line, _), found in by_unit.items():
            nets = {
                account: sum(each.charge.cents for each in found if each.charge.account == account)
                for account in dict.fromkeys(each.charge.account for each in found)
            }
            billed = [account for account, cents in nets.items() if cents > 0]
            if len(billed) > 1 and not all(each.charge.days for each in found):
                yield said(Says.TWICE_ACCOUNTS, month=str(self.month), line=line, accounts=tuple(billed))
            for account in billed:
                yield from self._pairs(line, [each for each in found if each.charge.account == account])

    def _pairs(self, line: str, found: list[OnInvoice]) -> Iterator[Said]:
        ups = [each for each in found if each.charge.cents > 0]
        downs = [each for each in found if each.charge.cents < 0]
        if len(ups) < 2:
            return
        invoices = tuple(dict.fromkeys(each.number for each in found))
        total = sum(each.charge.cents for each in found)
        kind = Says.TAKEN_AND_BILLED if downs else Says.TWICE_CHARGED
        yield said(kind, month=str(self.month), line=line, invoices=invoices, net_cents=total)

    def month_of_the_day(self) -> Iterator[Said]:
        """Yield what the month of the day is billed, or why it is not; nothing where nobody is covered in it."""
        net = [each for each in self.standing if each.charge.month == self.month]
        cents = _net(net, self.month)
        if cents:
            if any(_takes_back(each) and each.month == self.month for each in self.ahead):
                return
            invoices = tuple(dict.fromkeys(each.number for each in net if each.charge.cents))
            late = [each.charge for each in net if each.charge.kind is ChargeKind.RETRO and each.charge.cents > 0]
            if late and not any(each.charge.kind is ChargeKind.CURRENT for each in net):
                by = of_tx(self.facts, self._cause(late))
                yield said(Says.CAUGHT_UP, month=str(self.month), invoices=invoices, cents=cents, by=by)
                return
            kind = Says.BILLED if self.family.is_subscriber or _own(net) else Says.WITH_SUBSCRIBER
            yield said(kind, month=str(self.month), invoices=invoices, cents=cents, account=net[-1].charge.account)
            return
        if self._is_covered():
            yield self._why_not()

    def _is_covered(self) -> bool:
        """Say whether the member, or who holds the line for others, has coverage in the month."""
        here = Span(self.month.first, self.month.last)
        mine = [each for each in own(self.facts, self.family) if each.closed is None and each.span.overlaps(here)]
        return any(self.facts.line in ("", each.line) for each in mine)

    def _why_not(self) -> Said:
        """Say why a covered month is not billed."""
        month, ahead = str(self.month), self.family.ahead
        made = self._invoice()
        coming = [each for each in self.ahead if each.month == self.month]
        if any(_family_line(each, self.facts.line, self.month) for each in ahead.left_out):
            codes = tuple(dict.fromkeys(code for _, at, code in ahead.left_out if at == self.month))
            kind = Says.INVOICE_HELD if ahead.held else Says.NOT_PRICED
            return said(kind, month=month, codes=codes, accounts=ahead.held)
        if made is None and self.month > ahead.month:
            return said(Says.NOT_BILLED_LATER, month=month, next=str(ahead.month))
        if made is None and not coming:
            return said(Says.NEVER_BILLED, month=month)
        if made is None:
            return said(Says.NOT_BILLED_YET, month=month, cents=_sum(coming), next=str(ahead.month))
        if coming:
            by = of_tx(self.facts, self._cause(coming))
            return said(
                Says.AFTER_CUTOFF,
                month=month,
                by=by,
                invoice=made.number,
                made=made.at,
                cents=_sum(coming),
                next=str(ahead.month),
            )
        return said(Says.NOTHING_TO_BILL, month=month, invoice=made.number)

    def _cause(self, coming: list[Charge]) -> int:
        causes = [each.cause_tx for each in coming if each.cause_tx]
        if causes:
            return max(causes)
        return max((each.opened for each in own(self.facts, self.family)), default=0)

    def _invoice(self) -> Issued | None:
        """Return the invoice of the month that has the family, None while there is none."""
        accounts = {each.account for each in self.ahead} or {each.charge.account for each in self.standing}
        made = [each for each in self.family.issued if each.month == self.month]
        return next((each for each in made if each.account in accounts), None) or (made[0] if made else None)


def _two_contracts(facts: MemberFacts, month: Month) -> Iterator[Said]:
    """Yield the lines that a person has in two families which are both billed for them in a month."""
    here = Span(month.first, month.last)
    billed: dict[str, list[str]] = defaultdict(list)
    for family in facts.families:
        spans = [each for each in own(facts, family) if each.closed is None and each.span.overlaps(here)]
        for line in dict.fromkeys(each.line for each in spans):
            standing = [each for each in family.charges if not each.void and each.charge.line == line]
            if _net(standing, month) > 0:
                billed[line].append(f"{family.subscriber} of group {family.group}")
    for line, families in billed.items():
        if len(families) > 1 and facts.line in ("", line):
            yield said(Says.TWICE_CONTRACTS, month=str(month), line=line, families=tuple(families))


def _goes(charge: Charge) -> bool:
    return charge.reason is not None and charge.reason.why in _GONE


def _new(charge: Charge) -> bool:
    return charge.reason is not None and charge.reason.why in _NEW


def _takes_back(charge: Charge) -> bool:
    """Say whether a correction takes a month back, or the days of it that are not covered."""
    return charge.kind is ChargeKind.RETRO and charge.cents < 0 and _goes(charge)


def _by_cause(charges: Iterable[Charge]) -> list[list[Charge]]:
    """Return corrections of one cause and one reason together."""
    found: dict[tuple[int, str], list[Charge]] = defaultdict(list)
    for charge in charges:
        found[charge.cause_tx, charge.reason.text if charge.reason else ""].append(charge)
    return list(found.values())


def _change(charges: list[Charge]) -> str:
    return charges[0].reason.text if charges[0].reason else ""


def _months(charges: Iterable[Charge]) -> tuple[str, ...]:
    return tuple(str(month) for month in sorted({charge.month for charge in charges}))


def _lines(charges: Iterable[Charge]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(charge.line for charge in charges))


def _sum(charges: Iterable[Charge]) -> int:
    return sum(charge.cents for charge in charges)


def _net(standing: Iterable[OnInvoice], month: Month) -> int:
    return sum(each.charge.cents for each in standing if each.charge.month == month)


def _numbers(standing: Iterable[OnInvoice], charges: Iterable[Charge]) -> tuple[str, ...]:
    """Return the invoices on which these months of these lines were billed."""
    wanted = {(charge.line, charge.month, charge.account) for charge in charges}
    own = [each for each in standing if (each.charge.line, each.charge.month, each.charge.account) in wanted]
    return tuple(dict.fromkeys(each.number for each in own if each.charge.cents > 0))


def _own(standing: Iterable[OnInvoice]) -> bool:
    return any(each.charge.person for each in standing)


def _family_line(left: tuple[str, Month, str], line: str, month: Month) -> bool:
    return left[1] == month and line in ("", left[0])
