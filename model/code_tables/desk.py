"""Finding codes of the desk: what people there wait for from each other."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "ASKED-FOR": Code(
        "Somebody asked for what another person confirms.",
        "Run the same command at your own login, with a reason; or drop the request.",
        Severity.PEND,
    ),
}
