"""One census row to a typed value. Whatever cannot be read becomes a finding on its cell; the row stays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from model.codes import found
from model.enrollment.census import CensusRow, Election, Lost
from model.enrollment.events import Address, Demographics, Name
from model.finding import Finding, Severity, Where
from model.trade.coverage import CLASSES, LEVELS, LINES
from model.trade.maintenance import MAINTENANCE, REASONS
from model.trade.member import COBRA, COBRA_EVENTS, GENDERS, RELATIONSHIPS, SELF, STATUS_WORDS
from model.trade.table import Table
from parsers.census.columns import Header
from parsers.census.values import Read, meaning, plain, qualifiers, read_date, read_ssn, read_zip, whole, words
from vault.ssn import is_masked

_ELECTION = ("plan", "tier", "begin", "end")
_LABELS = {
    "birth": "Birth Date", "hire": "Hire Date", "begin": "Coverage Start", "end": "Coverage End", "zip": "ZIP",
    "ssn": "SSN", "relationship": "Relationship", "tier": "Coverage Level", "action": "Action",
    "reason": "Reason", "cobra_event": "COBRA Event", "gender": "Gender", "qualifier": "Eligibility Qualifier",
}  # fmt: skip
_FORMULA = re.compile(r"[=@\uff1d\uff20]|[-+\uff0b\uff0d](?![\d. ()])")
# What cells of a column look like, of which nobody asks otherwise.
_WORDS = re.compile(r"\D+")
_FORMS = {
    "zip": re.compile(r"[\d-]{3,10}(\.0)?"),
    "state": re.compile(r"[A-Za-z. ]{2,30}"),
    "email": re.compile(r"\S+@\S+"),
    "phone": re.compile(r"[-+\d(). xXext]{7,30}"),
    "first_name": _WORDS,
    "last_name": _WORDS,
    "city": _WORDS,
}
_BY_ITS_KEY = "The SSN is masked; when the file is received, the row's key tells which one you sent."
# Free text in which a sign may begin a harmless value.
_FREE = frozenset({"phone", "line1", "line2"})


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row stands: as the file's nth member row, at its place in the file, and in its sheet."""

    number: int
    place: int
    sheet: str
    row: int


class _Row:
    """The cells of one row by field, and what was found in them."""

    def __init__(
        self,
        place: Where,
        cells: Sequence[str],
        header: Header,
        today: date,
        *,
        from_1904: bool | None,
        beside: bool,
        lost: Lost | None,
    ) -> None:
        self.place = place
        self.lost = lost
        self.today = today
        self.from_1904 = from_1904
        self.values: dict[str, str] = {}
        self.columns: dict[str, int] = {}
        self.findings: list[Finding] = []
        self.hidden: Lost | None = None  # of a masked SSN
        self.known = frozenset(header.fields)
        # Where somebody beside the employee begins, which tells people of one row apart.
        self.first = next((at for at, field in enumerate(header.fields, 1) if field), 0) if beside else 0
        for column, (field, cell) in enumerate(zip(header.fields, cells, strict=False), 1):
            self._take(field, cell, column)
        if any(cells[len(header.fields) :]):
            self.find("CENSUS-RAGGED")

    def _take(self, field: str, cell: str, column: int) -> None:
        if not field:
            return
        if self.lost not in (None, Lost.UNSEEN) and field != "ssn" and is_masked(cell):
            self.columns.setdefault(field, column)
            self.find("CENSUS-MASKED", field, f"The cell is masked, and {self.lost}.")
            cell = ""
        before = self.values.setdefault(field, cell)
        self.columns.setdefault(field, column)
        if not cell:
            return
        if not before:
            self.values[field] = cell
        elif before is not cell and plain(before) != plain(cell):
            self.columns[field] = column
            self.find("CENSUS-COLUMN-TWICE", field)
        if not cell[0].isalnum() and field not in _FREE and _FORMULA.match(cell):
            self.columns[field] = column
            self.find("CENSUS-FORMULA", field)

    def find(
        self, code: str, field: str = "", message: str = "", severity: Severity | None = None, fix: str = ""
    ) -> None:
        place = self.place
        where = Where(
            segment=place.segment, segment_id="row", element=self.columns.get(field, self.first), loop=place.loop
        )
        self.findings.append(found(code, where, message, severity=severity, fix=fix))

    def short(self) -> None:
        """Say that the row has too few cells; one that does not fit its column refuses it."""
        fits = all(
            _FORMS[field].fullmatch(cell) for field, cell in self.values.items() if cell and field in _FORMS
        )
        known = meaning(GENDERS.written, self.text("gender")) is not None
        self.find("CENSUS-SHORT", severity=None if fits and known else Severity.ERROR)

    def text(self, field: str) -> str:
        return self.values.get(field, "")

    def key(self, field: str) -> str:
        """Return an identifier: a number without the fraction that a spreadsheet gave it."""
        return whole(self.text(field))

    def code(self, table: Table[Any], field: str, problem: str = "") -> str:
        """Return the code that a word means. An unknown word is `problem`, or is told and counts as not sent.

        Where no word is asked for, a code of the guide that has none in a census is known as well.
        """
        if not self.text(field):
            return ""
        text = whole(self.text(field))
        known = meaning(table.written, text)
        if known is None and not problem and text.upper() in table.words:
            known = text.upper()
        if known is None and problem:
            self.find(problem, field)
        elif known is None:
            self.unknown(field, table.choices)
        return known or ""

    def unknown(self, field: str, choices: Sequence[str]) -> None:
        """Tell of a word that is not known, and which ones are."""
        message = f"{_LABELS[field]} is not a word that we know; it was left aside."
        listed = " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))
        self.find("CENSUS-WORD", field, message, fix=f"Write {listed}, or leave it empty.")

    def day(self, field: str) -> date | None:
        """Return a date; one that cannot be read refuses the row."""
        if not self.text(field):
            return None
        read = read_date(self.text(field), self.today, born=field == "birth", from_1904=self.from_1904)
        label = _LABELS[field.partition(":")[0]]
        if read.bad:
            self.find("CENSUS-DATE", field, f"{label} is not a date that we can read.")
        elif read.guessed:
            self.find("CENSUS-DATE-GUESSED", field)
        return read.day

    def checked(self, field: str, read: Read, bad: str) -> str:
        """Return a number's text, and note what was done to it."""
        if read.bad:
            self.find(bad, field)
        elif read.masked:
            self.hidden = self.lost or Lost.NO_KEY
            seen = self.hidden is Lost.UNSEEN
            self.find("CENSUS-SSN-MASKED", field, _BY_ITS_KEY if seen else "", Severity.INFO if seen else None)
        elif read.placeholder:
            self.find("SSN-UNUSABLE", field)
        elif read.guessed:
            self.find("CENSUS-ZERO-LOST", field, f"{_LABELS[field]}: leading zeros were lost and put back.")
        return read.text


def read_row(
    at: RowPlace,
    cells: Sequence[str],
    header: Header,
    today: date,
    *,
    from_1904: bool | None,
    merged: bool,
    known_as: str | None = None,
    lost: Lost | None = None,
) -> CensusRow:
    """Read the row that stands at a place.

    `known_as`: of somebody beside the employee the relationship as the headings say it; empty: a column must.
    `lost`: why masked cells are not known.
    """
    place, beside = Where(segment=at.row, loop=at.sheet), known_as is not None
    read = _Row(place, cells, header, today, from_1904=from_1904, beside=beside, lost=lost)
    if merged:
        read.find("CENSUS-MERGED")
    if not beside and len(cells) < len(header.fields):
        read.short()
    qualifier = _qualifier(read)
    row = CensusRow(
        number=at.number,
        place=at.place,
        sheet=at.sheet,
        row=at.row,
        relationship=_relationship(read, known_as),
        action=read.code(MAINTENANCE, "action", "CENSUS-ACTION"),
        reason=read.code(REASONS, "reason"),
        cobra_event=read.code(COBRA_EVENTS, "cobra_event"),
        family=read.key("family"),
        subscriber_number=read.key("subscriber_number"),
        member_number=read.key("member_number"),
        group=read.key("group"),
        subgroup=read.key("subgroup"),
        ssn=read.checked("ssn", read_ssn(read.text("ssn")), "CENSUS-SSN"),
        person=_person(read),
        status=_status(read),
        student=qualifier == "student",
        handicapped=qualifier == "handicapped",
        hire=read.day("hire"),
        begin=read.day("begin"),
        end=read.day("end"),
        elections=tuple(_elections(read, header)),
        columns=tuple(read.columns.items()),
        findings=tuple(dict.fromkeys(read.findings)),  # lines may share a cell
    )
    return replace(row, hidden=read.hidden) if read.hidden else row


def _qualifier(read: _Row) -> str:
    """Return what lets a child stay covered: student, handicapped, or nothing."""
    text = whole(read.text("qualifier"))
    known = meaning(qualifiers(), text)
    if known is None and plain(text) not in words()["waivers"]["words"]:
        read.unknown("qualifier", ("Disabled", "Student"))
    return known or ""


def _relationship(read: _Row, known_as: str | None) -> str:
    """Return INS02. A sheet without the column is a list of employees."""
    if "relationship" not in read.known and known_as is None:
        return SELF
    if not read.text("relationship") and known_as:
        return RELATIONSHIPS.written[known_as]
    if not read.text("relationship"):
        read.find("CENSUS-RELATIONSHIP", "relationship", "The relationship is missing.")
        return ""
    return read.code(RELATIONSHIPS, "relationship", "CENSUS-RELATIONSHIP")


def _status(read: _Row) -> str:
    """Return how somebody is employed, or C for COBRA. What says that it is over needs a day or an action."""
    known, status = words()["statuses"], ""
    ends = any(cell and name.partition(":")[0] in ("end", "action") for name, cell in read.values.items())
    for field in ("benefit_status", "status"):
        text = plain(whole(read.text(field)))
        code = STATUS_WORDS.get(text, "")
        status = status or ("" if field == "benefit_status" and code != COBRA else code)
        if not text or code or text in known["standing"]:
            continue
        if text not in known["over"]:
            read.find("CENSUS-STATUS", field, severity=Severity.WARNING)
        elif not ends:
            message = "The status says that something is over, and neither a last day nor an action says what."
            read.find("CENSUS-STATUS", field, message)
    return status


def _person(read: _Row) -> Demographics:
    first, last = read.text("first_name"), read.text("last_name")
    if not last and not first and read.text("name"):
        last, first = _split(read.text("name"))
    zip_code = read.checked("zip", read_zip(read.text("zip")), "CENSUS-ZERO-LOST")
    return Demographics(
        name=Name(last, first, read.text("middle_name"), read.text("suffix")),
        birth=read.day("birth"),
        gender=read.code(GENDERS, "gender"),
        address=Address(
            line1=read.text("line1"),
            line2=read.text("line2"),
            city=read.text("city"),
            state=read.text("state"),
            zip=zip_code,
        ),
        phone=read.text("phone"),
        email=read.text("email"),
    )


def told_apart(rows: Sequence[CensusRow]) -> list[CensusRow]:
    """Return rows of a sheet without relationships: where several people share a key, it is not said who is who.

    One person may have several rows, one for each benefit.
    """
    people: dict[str, set[str]] = {}
    for row in rows:
        if (key := row.subscriber_number or row.family) and row.relationship == SELF:
            who = row.ssn or f"{row.person.name.first} {row.person.birth}"
            people.setdefault(key, set()).add(who.lower())
    return [
        _unrelated(row) if len(people.get(row.subscriber_number or row.family, ())) > 1 else row for row in rows
    ]


def _unrelated(row: CensusRow) -> CensusRow:
    """Refuse a row of which it is not said who it is in its family."""
    if row.relationship != SELF:
        return row
    message = "Several people have this employee or family ID, and no column says who of them is the employee."
    where = row.where("subscriber_number" if row.subscriber_number else "family")
    fix = "Add a column Relationship (Employee, Spouse, Child), and send the family again."
    return replace(
        row, relationship="", findings=(*row.findings, found("CENSUS-RELATIONSHIP", where, message, fix=fix))
    )


def of_family(name: Name, employee: Name) -> Name:
    """Return the name of somebody beside an employee: one word is the first name, the last is the employee's."""
    if name.last and not name.first:
        name = replace(name, first=name.last, last="")
    return name if name.last else replace(name, last=employee.last)


def _split(name: str) -> tuple[str, str]:
    """Return last and first name of a name in one cell: `Vale, Robin` or `Robin Vale`."""
    last, comma, first = name.partition(",")
    if comma:
        return last.strip(), first.strip()
    first, _, last = name.rpartition(" ")
    return last, first.strip()


def _elections(read: _Row, header: Header) -> list[Election]:
    """Return what the row elects: for each line that headings name, else by the plain plan and level columns."""
    named = [_election(read, line) for line in header.lines]
    chosen = [election for election in named if election]
    if chosen and not read.text("plan"):
        return chosen
    flat = _election(read, "")
    return [*chosen, flat] if flat else chosen


@cache
def _columns_of(line: str) -> Mapping[str, str]:
    """Return the fields of a line's columns; without a line, the plain ones."""
    return {part: f"{part}:{line}" if line else part for part in _ELECTION}


def _line(read: _Row) -> str:
    """Return the line of coverage that a row's own column names: its code, or what an 834 sends for it."""
    text = plain(whole(read.text("line")))
    if not text:
        return ""
    known = next((line.code for line in CLASSES if text in (line.code, *line.written, line.name.lower())), "")
    if not known and text.upper() in LINES.codes:
        return text
    if not known:
        read.find("CENSUS-LINE", "line")
    return known


def _election(read: _Row, line: str) -> Election | None:
    """Return one line's election; None when its cells are empty. Plain columns stand in for missing ones."""
    own = _columns_of(line)
    line = line or _line(read)
    level = own["tier"]
    if not read.text(own["plan"]) and not read.text(level):
        return None
    plan = whole(read.text(own["plan"]))
    waiving, enrolled = (words()["waivers"][name] for name in ("words", "enrolled"))
    waived = plain(plan) in waiving or (not plan and plain(read.text(level)) in waiving)
    waived = waived or plain(read.text(level)) in ("w", "waive", "waived", "waiver", "waiving")
    tier = ""
    if not waived:
        if line and not read.text(level) and meaning(LEVELS.written, plan):
            tier, plan = meaning(LEVELS.written, plan) or "", ""  # the line's one column holds the level
        else:
            tier = read.code(LEVELS, level if read.text(level) else "tier", "CENSUS-TIER")
        plan = "" if plain(plan) in enrolled else plan
    begin = own["begin"] if read.text(own["begin"]) else "begin"
    end = own["end"] if read.text(own["end"]) else "end"
    columns = {"plan": own["plan"], "tier": level, "begin": begin, "end": end}
    return Election(
        line=line,
        plan="" if waived else plan,
        tier=tier,
        begin=read.day(begin),
        end=read.day(end),
        waived=waived,
        columns=tuple((part, read.columns[field]) for part, field in columns.items() if field in read.columns),
    )
