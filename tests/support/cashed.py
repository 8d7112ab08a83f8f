"""The samples' first employer in a few words: families enrolled, months billed, 820s with their deposits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from model.money.ledger import UNIDENTIFIED
from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.receive.claim import claim
from pipeline.receive.run import resume
from pipeline.runtime.workspace import Workspace
from sample_files import edi
from store.money import invoices, ledger
from support.installation import GROUP, PARTNER, SAMPLES, load_terms

ACCOUNT, OTHER = "41000100", "41000200"
COMPANY = f"1{edi.HARBOR.tax_id}"


@dataclass(slots=True)
class Till:
    """An installation at which payments come in; each 820 has the next control number."""

    ws: Workspace
    control: int = field(default=800)

    def open(self, terms: str = "") -> None:
        """Load the terms and enroll the samples' families."""
        load_terms(self.ws, terms)
        self.receive((SAMPLES / "valid" / "01-add-family.edi").read_bytes(), "adds.edi", date(2026, 11, 23))

    def receive(self, data: bytes, name: str, day: date) -> str:
        """Receive a file; return its id."""
        taken = claim(self.ws, [data], name, PARTNER, "test", self.ws.now(day))
        resume(self.ws, self.ws.now(day), PARTNER)
        return taken.id

    def bill(self, month: Month, day: date) -> dict[str, str]:
        """Bill a month; return the number of each account's invoice."""
        (billed,) = bill(self.ws, month, self.ws.now(day), GROUP)
        return {statement.account: statement.number for statement in billed.issued}

    def remit(self, trace: str, day: date, *items: tuple[str, str, int]) -> str:
        """Receive an 820 of lines (RMR01, RMR02, cents)."""
        self.control += 1
        rows = [(kind, reference, cents, max(cents, 0)) for kind, reference, cents in items]
        body = edi.remittance_set(rows, day, trace)
        data = edi.interchange([body], day, self.control, kind="820").encode()
        return self.receive(data, f"{trace.lower()}.edi", day)

    def deposit(self, trace: str, cents: int, day: date, *, again: bool = False) -> int:
        """Enter a deposit of the employer's company; return its number."""
        return add_deposit(self.ws, trace, COMPANY, cents, day, self.ws.now(day), again=again).deposit

    def pay(self, trace: str, day: date, *items: tuple[str, str, int]) -> None:
        """Receive an 820 and its deposit."""
        self.remit(trace, day, *items)
        self.deposit(trace, sum(cents for _, _, cents in items), day)

    # --- what stands ---------------------------------------------------------------------------------------

    def opens(self) -> dict[str, int]:
        """Return what is open of each invoice, in cents."""
        with self.ws.database.read() as conn:
            return {each.number: each.open for each in invoices.listing(conn)}

    def balances(self) -> dict[str, int]:
        """Return the ledger's balances (debits - credits) that are not zero."""
        with self.ws.database.read() as conn:
            return {name: cents for name, cents in ledger.balances(conn, "").items() if cents}

    def unidentified(self) -> int:
        """Return how much lies in deposits without a remittance."""
        return -self.balances().get(UNIDENTIFIED, 0)
