"""Finding codes of what payers' words were understood to mean (docs/domain.md, Suspense)."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "PAYMENT-BY-RULE": Code(
        "Money was understood by a standing rule that was agreed for your words.",
        "Nothing to do. Tell us if it belongs elsewhere.",
        Severity.INFO,
    ),
}
