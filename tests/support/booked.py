"""Cases of standing rules and of what a payer sends, as short texts. All of it is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from billing.book import Book, Standing, written
from model.finding import Where
from model.money.remittance import RemittanceLine
from support import books


def line(raw: Mapping[str, Any] | str, cents: int) -> RemittanceLine:
    """Read `qualifier reference`, or a mapping with it as `line` and perhaps a `period` and a `person`."""
    told: Mapping[str, Any] = {"line": raw} if isinstance(raw, str) else raw
    qualifier, reference = told["line"].split(maxsplit=1)
    begin, end = told.get("period", (None, None))
    person = str(told.get("person", ""))
    return RemittanceLine(1, "A", qualifier, reference, "", cents, None, (), person, begin, end, (), Where())


def standing(row: str) -> Standing:
    """Read a standing rule: its number, its account, and what a line says."""
    number, account, said = row.split(maxsplit=2)
    return Standing(written(line(said, 1)), account, int(number))


def book(case: Mapping[str, Any]) -> Book:
    """Read the books of a case, with the payer's rules."""
    return replace(books.book(case), rules=tuple(map(standing, case.get("rules", ()))))
