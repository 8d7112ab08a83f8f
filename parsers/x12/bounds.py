"""Bounds on what one file may make us keep: a million empty sets are refused, not answered one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from model.codes import found
from model.finding import Where
from model.x12 import (
    FunctionalGroup,
    GroupVerdict,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
    TransactionSet,
)
from parsers.x12.envelope import refuse_interchange
from parsers.x12.judge import Judged

# GE01 and AK902 count to 999,999. An exchange that sends a set for each family stays far below this.
MAX_SETS = 50_000
MAX_LISTED = 10_000  # findings of a file's sets in its report; a sender mends the first of them first


def bounded(items: Iterable[Judged], *, sets: int = MAX_SETS, listed: int = MAX_LISTED) -> Iterator[Judged]:
    """Pass on what the judge yields, of a file's first `sets` sets and with `listed` findings of theirs.

    The interchange that holds the first set too many is refused (TA1 R 024), and so is every later one with a set
    in it; sets beyond the bound do not come out at all. Verdicts of sets whose findings are not listed stay.
    """
    header: Interchange | None = None
    group = ""
    beyond: Where | None = None  # where the open interchange holds a set too many
    taken = said = 0
    for item in items:
        if isinstance(item, Interchange):
            header, beyond = item, None
        elif isinstance(item, FunctionalGroup):
            group = item.control
        elif isinstance(item, TransactionSet):
            taken += 1
            if taken > sets and header and not beyond:
                beyond = Where(header.control, group, item.control, item.segment, "ST", offset=item.start)
        elif isinstance(item, SetVerdict) and not beyond:
            before, said = said, said + len(item.findings)
            if said > listed:
                more = (found("FINDINGS-MORE", item.findings[0].where),) if before <= listed else ()
                item = replace(item, findings=more)
        if isinstance(item, InterchangeVerdict) and beyond:
            finding = found("SETS-TOO-MANY", beyond, f"The file holds more than {sets:,} transaction sets.")
            yield refuse_interchange(item, finding)
        elif not beyond or isinstance(item, Interchange | FunctionalGroup | GroupVerdict):
            yield item
