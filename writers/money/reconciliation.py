"""The reconciliation of a group's month: roster against invoice against remittance (FAQ 26).

PDF to read, HTML to search, XLSX and CSVs to work with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import chain, compress, islice

from model.documents import keys
from model.documents.reconciled import ANSWER, ASSIGN_TO, PAYMENT, REASON, SHEET
from model.documents.statement import (
    Beside,
    Document,
    Reconciliation,
    ReconciliationAccount,
    ReconciliationRow,
    Unplaced,
    nothing,
)
from model.enrollment.census import ROW_KEY
from model.money.breaks import REPLIES, Break
from model.money.cents import Cents, format_cents
from model.money.ledger import Aging
from model.money.sums import Sign, Term
from writers.forms import html, page, spreadsheet
from writers.forms.html import Bar, bars
from writers.forms.letterhead import letterhead
from writers.forms.spreadsheet import Bars, Cell, Choice, Column, Offered, Sheet, csv_document, file_name
from writers.words import (
    A_LINE,
    A_PAYMENT,
    AN_INVOICE,
    BREAKS,
    SUMS,
    UNPLACED,
    day,
    dollars,
    month,
    note,
)

_HEADER = (
    "Group", "Month", "Account", "Subgroup", "Subscriber", "Member ID", "Name", "Should be billed", "Billed",
    "Paid", "Result", "Note", PAYMENT,
)  # fmt: skip
_ACCOUNTS = (
    "Group", "Month", "Account", "Subgroup", "Invoice", "Should be billed", "Billed", "Invoiced",
    "Paid", "Written off", "Still open", "Credit on account", "In suspense",
)  # fmt: skip


AGES = ("Not yet due", "1 to 30 days late", "31 to 60 days", "61 to 90 days", "More than 90 days")
_WHAT = (
    "Should be billed is the premium of the month with all enrollment known on the day of this report; billed is "
    "what stands on issued invoices for it. Invoiced is the whole of the month's invoice, its corrections of "
    "earlier months included: what is paid and what is still open. The figures above add up from left to right: "
    "corrections are those of earlier months on this month's invoices, less those of this month on later ones; "
    "an invoice below zero becomes credit on its account."
)
_SIGNS = {
    Sign.FIRST: "",
    Sign.PLUS: "+\N{NO-BREAK SPACE}",
    Sign.MINUS: "\N{MINUS SIGN}\N{NO-BREAK SPACE}",
    Sign.EQUALS: "=\N{NO-BREAK SPACE}",
}
_OFF = "Written off"
_SUMS = ("Should be billed", "Billed", "Invoiced", "Paid", _OFF, "Still open", "Credit on account")
_ON_PAGE = 5_000  # rows a browser holds; every row is in the CSV and the workbook


Rows = Callable[[], Iterable[ReconciliationRow]]


def render(statement: Reconciliation, beside: Beside = nothing) -> tuple[Document, ...]:
    """Return `reconciliation-<group>-<month>`: `.pdf`, `-subscribers.csv`, `-accounts.csv`, `.xlsx`, `.html`."""
    name = file_name("reconciliation", statement.group, statement.month, f"{statement.number:06d}")
    head = (statement.group, statement.month)

    def rows() -> Iterator[ReconciliationRow]:
        return chain(statement.rows, beside(str(keys.reconciled(statement.number))))

    return (
        Document.of(f"{name}.pdf", page.pdf("reconciliation", _view(statement, rows()))),
        csv_document(f"{name}-subscribers", _HEADER, lambda: ((*head, *_cells(row)) for row in rows())),
        csv_document(f"{name}-accounts", _ACCOUNTS, lambda: ((*head, *row) for row in _accounts(statement))),
        _book(name, statement, rows()),
        _page(name, statement, rows),
    )


def _cells(row: ReconciliationRow) -> tuple[str, ...]:
    return (
        row.account, row.subgroup, row.subscriber, row.member, _name(row), format_cents(row.roster),
        format_cents(row.billed), "" if row.paid is None else format_cents(row.paid), _result(row),
        note(row.note), _payment(row),
    )  # fmt: skip


def _result(row: ReconciliationRow) -> str:
    """Return a row's result, and that it was accepted as it is."""
    return f"{BREAKS[row.kind]}, accepted {row.accepted}" if row.accepted else BREAKS[row.kind]


def _payment(row: ReconciliationRow) -> str:
    """Return a row's payment as an answer names it: `R7 line 3`; "" for none."""
    return f"{row.payment} line {row.line}" if row.line else row.payment


def _name(row: ReconciliationRow) -> str:
    if row.payment:
        return (A_LINE if row.line else A_PAYMENT).format(row.payment, row.line)
    return row.name or AN_INVOICE.format(row.invoice)


def _accounts(statement: Reconciliation) -> Iterator[tuple[str, ...]]:
    for a in statement.accounts:
        amounts = (format_cents(cents) for cents in _sums(a))
        yield a.account, a.subgroup, a.invoice, *amounts, ""
    yield "(no account)", *[""] * 9, format_cents(statement.suspense)
    for payment in statement.unplaced:
        yield f"({_unplaced(payment)})", *[""] * 9, format_cents(payment.cents)


def _sums(a: ReconciliationAccount) -> tuple[Cents, ...]:
    return a.roster, a.billed, a.invoiced, a.paid, a.written_off, a.open, a.unapplied


def _by_account(statement: Reconciliation) -> dict[str, object]:
    """Return the page's table of accounts; what was written off has a column only where anything was."""
    shown = [name != _OFF or any(a.written_off for a in statement.accounts) for name in _SUMS]
    return {
        "columns": tuple(compress(_SUMS, shown)),
        "accounts": [
            (a.account, a.subgroup, a.invoice, *map(dollars, compress(_sums(a), shown)))
            for a in statement.accounts
        ],
    }


def _ages(one: Aging) -> tuple[Cents, ...]:
    return one.not_due, one.days_1_30, one.days_31_60, one.days_61_90, one.days_over_90


def _facts(statement: Reconciliation) -> list[tuple[str, str]]:
    return [
        ("Group", f"{statement.group}  {statement.group_name}"),
        ("Month", month(statement.month)),
        ("Produced", day(statement.produced)),
        *_as_of(statement),
        *_nowhere(statement),
    ]


def _as_of(statement: Reconciliation) -> list[tuple[str, str]]:
    """Return as of which days it is told, where that is not the day on which it was produced."""
    on, known_on = statement.as_of, statement.known_on
    told = [("Issued and paid through", day(on))] if on else []
    return [*told, ("By what was known at the end of", day(known_on))] if known_on else told


def _nowhere(statement: Reconciliation) -> list[tuple[str, str]]:
    """Return money that is with no account: the group's, then what is not known to be of any group."""
    return [
        ("Held in suspense for the group", dollars(statement.suspense)),
        *((_unplaced(payment), dollars(payment.cents)) for payment in statement.unplaced),
    ]


def _unplaced(one: Unplaced) -> str:
    return f"{UNPLACED[one.kind]}, {one.partner or 'of nobody known'}"


def _book(name: str, statement: Reconciliation, rows: Iterable[ReconciliationRow]) -> Document:
    """Return the workbook: accounts with billed against paid, aging, every subscriber, breaks by kind."""
    money = [Column(text, 16, "money") for text in _SUMS]
    ages = [Column(text, 16, "money") for text in (*AGES, "Owed in all")]
    names = [Column("Account", 18), Column("Subgroup", 12), Column("Invoice", 12)]
    people = [
        Column("Account", 13), Column("Subgroup", 10), Column("Subscriber", 13), Column("Member ID", 13),
        Column("Name", 26), Column("Should be billed", 15, "money"), Column("Billed", 15, "money"),
        Column("Paid", 15, "money"), Column("Result", 24), Column("Note", 50), Column(PAYMENT, 14),
    ]  # fmt: skip
    answers = [Column(ANSWER, 20), Column(ASSIGN_TO, 16), Column(REASON, 30), Column(ROW_KEY, 36)]
    asks = statement.as_of is None and statement.known_on is None  # a look back asks for no answer
    total, old = statement.total, statement.aging_total
    count = len(statement.accounts)
    sheets = (
        Sheet(
            "Sums", [Column("", 5), Column("All accounts", 28), Column("Amount", 16, "money")],
            [(term.sign.value, SUMS[term.part], term.cents) for terms in statement.sums for term in terms], (), 2,
        ),
        Sheet(
            "Accounts", [*names, *money],
            [(a.account, a.subgroup, a.invoice, *_sums(a)) for a in statement.accounts],
            ("Total", "", "", *_sums(total)) if total else (), 1,
            [Bars("Billed against paid", 0, (5, 6), count)],
        ),
        Sheet(
            "Aging", [Column("Account", 18), *ages], [(a.account, *_ages(a), a.total) for a in statement.aging],
            ("Total", *_ages(old), old.total) if old else (), 1,
            [Bars("What is owed, by age", 0, (1, 2, 3, 4, 5), len(statement.aging))],
        ),
        Sheet(
            "What differs", [Column("Result", 30), Column("Subscribers", 14, "count")],
            [(BREAKS[kind], count) for kind, count in statement.breaks], (), 0,
            [Bars("What differs, by kind", 0, (1,), len(statement.breaks))],
        ),
        Sheet(
            SHEET, [*people, *answers] if asks else people,
            (_typed(row) + (_asked(row) if asks else ()) for row in rows), (), 5,
        ),
    )  # fmt: skip
    title = f"{statement.carrier}: reconciliation of {month(statement.month)}"
    return spreadsheet.xlsx_document(name, title, _facts(statement), statement.produced, sheets)


def _typed(row: ReconciliationRow) -> tuple[Cell, ...]:
    return (
        row.account, row.subgroup, row.subscriber, row.member, _name(row), row.roster, row.billed, row.paid,
        _result(row), note(row.note), _payment(row),
    )  # fmt: skip


def _asked(row: ReconciliationRow) -> tuple[Offered, ...]:
    """Return the cells of a row's answer: which it can have, where money goes, why, and the row's key."""
    if not row.key:
        return None, None, None, None
    return Choice(tuple(reply.value for reply in REPLIES[row.kind])), None, None, row.key


def _page(name: str, statement: Reconciliation, rows: Rows) -> Document:
    """Return the page for a browser: charts, accounts, aging, and every subscriber to search and filter."""
    verdict = "Roster, invoices and payments agree" if statement.agrees else "Some items do not agree"
    title = f"{statement.group_name}  \N{MIDDLE DOT}  Group {statement.group}"
    foot = ("Total", "", "", *map(dollars, _sums(statement.total))) if statement.total else ()
    old = statement.aging_total
    return html.document(
        name, statement.carrier, statement.contact, "Reconciliation", month(statement.month),
        (
            html.banner("green" if statement.agrees else "amber", title, verdict),
            *([html.pairs(told)] if (told := _as_of(statement)) else []),
            *(html.tiles(_tiles(terms)) for terms in statement.sums),
            *([] if statement.sums else [html.tiles(_nowhere(statement))]),
            html.section("At a glance", f'<div class="charts">{"".join(_charts(statement))}</div>'),
            html.section(
                "By account",
                html.table(
                    ("Account", "Subgroup", "Invoice", *_SUMS),
                    [(a.account, a.subgroup, a.invoice, *map(dollars, _sums(a))) for a in statement.accounts],
                    right=range(3, 3 + len(_SUMS)), foot=foot,
                ),
                note=_WHAT,
            ),
            html.section(
                "What is owed, by age",
                html.table(
                    ("Account", *AGES, "Owed in all"),
                    [(a.account, *map(dollars, _ages(a)), dollars(a.total)) for a in statement.aging],
                    right=range(1, 7),
                    foot=("Total", *map(dollars, _ages(old)), dollars(old.total)) if old else (),
                ),
                note=f"Days past the due date on {day(statement.day)}; invoices of every month.",
            ),
            html.section("By subscriber", *_people(statement, rows)),
        ),
    )  # fmt: skip


def _tiles(terms: Iterable[Term]) -> list[tuple[str, str]]:
    """Return a sum as tiles, each figure after its sign."""
    return [(SUMS[term.part], f"{_SIGNS[term.sign]}{dollars(term.cents)}") for term in terms]


def _charts(statement: Reconciliation) -> Iterator[str]:
    paid = [
        (a.account, (Bar("s0", a.invoiced, dollars(a.invoiced)), Bar("s1", a.paid, dollars(a.paid))))
        for a in statement.accounts
    ]
    yield bars("Billed against paid", paid, (("s0", "Invoiced"), ("s1", "Paid")))
    old = statement.aging_total
    ages = zip(AGES, _ages(old), strict=True) if old else ()
    yield bars(
        "What is owed, by age",
        [(text, (Bar(f"s{at}", cents, dollars(cents)),)) for at, (text, cents) in enumerate(ages)],
    )
    kinds = [(BREAKS[kind], (Bar("s2", count, f"{count:,}"),)) for kind, count in statement.breaks]
    yield bars("What differs, by kind", kinds)


def _people(statement: Reconciliation, rows: Rows) -> tuple[str, ...]:
    """Return the table of subscribers with its filter: what differs comes first, then what agrees."""
    agreeing = (row for row in rows() if row.kind is Break.OK or row.accepted)
    shown = list(islice(chain(_differing(rows()), agreeing), _ON_PAGE + 1))
    kinds = [(kind, BREAKS[kind]) for kind, _ in statement.breaks]
    choices = [("differs", "What differs"), *kinds, (Break.OK, BREAKS[Break.OK]), ("", "All")]
    heads: Sequence[str] = ("Subscriber", "Account", "Should be billed", "Billed", "Paid", "Result")
    head = "".join(f"<th{_side(at)}>{escape(text)}</th>" for at, text in enumerate(heads))
    body = "".join(_person(row) for row in shown[:_ON_PAGE])
    more = len(shown) > _ON_PAGE
    note = f"The first {_ON_PAGE:,} are shown; the CSV and the workbook have all." if more else ""
    return (
        html.filters(choices, "differs" if statement.breaks else "", "name, ID, account, note"),
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>',
        f'<p class="note">{note}</p>' if note else "",
    )


def _differing(rows: Iterable[ReconciliationRow]) -> Iterator[ReconciliationRow]:
    return (row for row in rows if row.kind is not Break.OK and row.accepted is None)


def _side(at: int) -> str:
    return ' class="amount"' if at in (2, 3, 4) else ""


def _person(row: ReconciliationRow) -> str:
    ids = "  \N{MIDDLE DOT}  ".join(text for text in (row.member, row.subscriber) if text)
    amounts = _amounts(row)
    agrees = row.kind is Break.OK or row.accepted
    kind = Break.OK if agrees else f"{row.kind} differs"
    return (
        f'<tr class="item" data-kind="{escape(kind)}"><td><strong>{escape(_name(row))}</strong>'
        f'<div class="quiet">{escape(ids)}</div></td><td>{escape(row.account)}</td>'
        + "".join(f'<td class="amount">{escape(text)}</td>' for text in amounts)
        + f'<td>{escape(_result(row))}<div class="quiet">{escape(note(row.note))}</div></td></tr>\n'
    )


def _view(statement: Reconciliation, rows: Iterable[ReconciliationRow]) -> dict[str, object]:
    made = statement.produced
    return {
        **letterhead(statement, made),
        "group": statement.group,
        "group_name": statement.group_name,
        "month": month(statement.month),
        "agrees": statement.agrees,
        "as_of": _as_of(statement),
        "sums": [_tiles(terms) for terms in statement.sums],
        "tiles": [(BREAKS[kind], f"{count:,}") for kind, count in statement.breaks],
        "nowhere": _nowhere(statement),
        **_by_account(statement),
        "rows": [
            {
                "name": _name(row),
                "ids": "  ·  ".join(filter(None, (row.member, row.subscriber))),
                "account": row.account,
                "amounts": _amounts(row),
                "kind": _result(row),
                "note": note(row.note),
            }
            for row in islice(_differing(rows), page.ON_PAGES)
        ],
        "more": page.more(
            "subscribers",
            sum(count for _, count in statement.breaks),
            "The CSV and the workbook beside this document list all.",
        ),
    }


def _amounts(row: ReconciliationRow) -> tuple[str, str, str]:
    """Return what should be billed, is billed and is paid; nothing for a headcount, which is no money."""
    if row.kind is Break.HEADCOUNT:
        return "", "", ""
    return dollars(row.roster), dollars(row.billed), _paid(row.paid)


def _paid(cents: Cents | None) -> str:
    """Return the amount paid; None means that the payment names an account or an invoice, not a subscriber."""
    return "by account" if cents is None else dollars(cents)
