"""Finding codes: facts told of members, court orders, leave and layoff, a second family of one person."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES = {
    "NOT-KEPT": Code(
        "Part of what the record says of the member is more than we keep; all else of it was taken.",
        "Nothing to do for the enrollment. Send us what is missing here in another way if we need it.",
        Severity.INFO,
    ),
}
