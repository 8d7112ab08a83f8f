"""Which rows of a census are one family: by the keys they carry, else by their order under the employee's row."""

from __future__ import annotations

from collections.abc import Sequence

from model.enrollment.census import CensusRow, HousedRow
from model.trade.member import SELF


def households(rows: Sequence[CensusRow]) -> list[HousedRow]:
    """Return each row with its household, in the rows' order.

    A family's number is the employee's ID, else the household's, else the employee's SSN. A dependent whose ID
    no employee of the file carries belongs to that number: the employee may be on the roster already.
    """
    heads: dict[tuple[str, str], CensusRow] = {}
    for row in rows:
        if row.relationship == SELF:
            for key in _keys(row):
                heads.setdefault(key, row)
    found: list[HousedRow] = []
    above: dict[str, CensusRow] = {}
    for row in rows:
        if row.relationship == SELF:
            above[row.sheet] = row
            found.append(HousedRow(row, _number(row), row))
        else:
            found.append(_of_dependent(row, heads, above.get(row.sheet)))
    return found


def _of_dependent(row: CensusRow, heads: dict[tuple[str, str], CensusRow], above: CensusRow | None) -> HousedRow:
    own = [key for key in (("number", row.subscriber_number), ("family", row.family)) if key[1]]
    head = next((heads[key] for key in own if key in heads), None)
    if head is None and not own:
        head = above
    if head is not None:
        return HousedRow(row, _number(head), head)
    return HousedRow(row, own[0][1] if own else "", None)


def _keys(row: CensusRow) -> list[tuple[str, str]]:
    numbers = (row.subscriber_number, row.member_number, row.ssn)
    return [("number", number) for number in numbers if number] + ([("family", row.family)] if row.family else [])


def _number(head: CensusRow) -> str:
    return head.subscriber_number or head.member_number or head.family or head.ssn
