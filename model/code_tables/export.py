"""Finding codes of the roster's way out: what a full 834 cannot carry."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "EXPORT-NOT-CARRIED": Code(
        "A receiver with the same terms and an empty store would not get this family as it is on the roster.",
        "See the other findings on this family; mend the roster or the terms, and export again.",
        Severity.WARNING,
    ),
    "EXPORT-EMPTY": Code(
        "Nobody is covered, so there is no full file to write: an 834 has one member at least.",
        "Leave out --on, or name a day on which somebody is covered.",
    ),
    "EXPORT-SYNTAX": Code(
        "The implementation guide does not accept the file: a value on the roster is none that an 834 can hold.",
        "Mend the value that the other findings name, and export again.",
    ),
}
