"""The schema: one SQLAlchemy Core metadata for SQLite and PostgreSQL (docs/design.md, The store).

Spans are inclusive, open = 9999-12-31. Recorded time is tx_from/tx_to into tx; tx_to NULL = still known.
The tables of APPEND_ONLY are what happened; triggers hold them (store/migrations). Money is in cents.
"""

from __future__ import annotations

from store.tables.base import Id, UtcDateTime, metadata
from store.tables.books import (
    agreement,
    audit,
    billing_account,
    counter,
    employer_group,
    guard,
    input,
    key_ring,
    lease,
    operator,
    step,
    tx,
)
from store.tables.decisions import decision, linked, undone
from store.tables.desk import item, item_event
from store.tables.money import (
    charge,
    consolidated,
    credit,
    deposit,
    invoice,
    remittance,
    settled,
    transfer,
    unsettled,
)
from store.tables.received import (
    acknowledgment,
    census_rows,
    disposition,
    file,
    finding,
    functional_group,
    interchange,
    member_line,
    omitted,
    outbox,
    pickup,
    set_group,
    statement_rows,
    transaction_set,
)
from store.tables.roster import (
    assignment,
    cobra,
    contract,
    contract_number,
    coverage,
    enrollee,
    member_facts,
    person,
    person_alias,
    person_facts,
    person_ssn,
    unchanged,
)

# Rows are added and never changed or removed; the database itself refuses (store/migrations, tests/store). Of a
# deposit two columns are recorded later: the remittance it was matched to, and the transaction that voided it; of
# an invoice that transaction alone.
# Only dispositions may go that say that nothing changed (NOOP; store.received.pruning).
APPEND_ONLY = (
    "acknowledgment",
    "audit",
    "charge",
    "consolidated",
    "decision",
    "deposit",
    "disposition",
    "input",
    "invoice",
    "item_event",
    "linked",
    "step",
    "transfer",
    "tx",
    "undone",
)

__all__ = [
    "APPEND_ONLY",
    "Id",
    "UtcDateTime",
    "acknowledgment",
    "agreement",
    "assignment",
    "audit",
    "billing_account",
    "census_rows",
    "charge",
    "cobra",
    "consolidated",
    "contract",
    "contract_number",
    "counter",
    "coverage",
    "credit",
    "decision",
    "deposit",
    "disposition",
    "employer_group",
    "enrollee",
    "file",
    "finding",
    "functional_group",
    "guard",
    "input",
    "interchange",
    "invoice",
    "item",
    "item_event",
    "key_ring",
    "lease",
    "linked",
    "member_facts",
    "member_line",
    "metadata",
    "omitted",
    "operator",
    "outbox",
    "person",
    "person_alias",
    "person_facts",
    "person_ssn",
    "pickup",
    "remittance",
    "set_group",
    "settled",
    "statement_rows",
    "step",
    "transaction_set",
    "transfer",
    "tx",
    "unchanged",
    "undone",
    "unsettled",
]
