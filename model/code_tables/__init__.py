"""The one code table, by area: what each finding code means, how severe it is, what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from model.finding import Severity
from model.trade.mentions import in_census, in_file


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of the code table."""

    meaning: str  # default message
    fix: str  # what the reader does about it
    severity: Severity = Severity.ERROR
    ta105: str = ""  # TA1 note code, for interchange errors
    ak905: str = ""  # 999 group code
    ik502: str = ""  # 999 set code
    ik304: str = ""  # 999 segment code
    ik403: str = ""  # 999 element code
    app824: str = ""  # 824 TED01 application error code
    in_census: tuple[str, str] | None = None  # meaning and fix for the sender of a census, where they differ


def mentioning(
    meaning: str,
    fix: str,
    severity: Severity = Severity.ERROR,
    *,
    census: tuple[str, str] = ("", ""),
    **codes: str,
) -> Code:
    """Return an entry whose texts mention elements or segments (model.trade.mentions).

    `census`: meaning and fix for the sender of one, where other words for the same mentions would not do.
    """
    said = census[0] or in_census(meaning), census[1] or in_census(fix)
    return Code(in_file(meaning), in_file(fix), severity, **codes, in_census=said)
