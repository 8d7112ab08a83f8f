"""Letters about premium to members, a page each, in a PDF for the mail: each names its addressee alone."""

from __future__ import annotations

from itertools import chain

from model.documents.keys import DocumentKey
from model.documents.premium import Letter, LetterOf, Letters
from model.documents.statement import Beside, Document, nothing
from writers.forms import page
from writers.forms.letterhead import letterhead
from writers.forms.spreadsheet import file_name
from writers.words import day, dollars, month

_TITLES = {
    LetterOf.REMINDER: "Your premium is past due",
    LetterOf.WARNING: "Your coverage may end",
    LetterOf.SHORT: "Your payment was short",
    LetterOf.ENDED: "Your coverage has ended",
    LetterOf.BACK: "Your coverage goes on",
}
A_DOCUMENT = 250  # letters in one PDF


def render(statement: Letters, beside: Beside = nothing) -> tuple[Document, ...]:
    """Return `letters-<account>-<about>-<day>.pdf`, and further ones where they are many.

    Of a family that pays for itself its subscriber's member ID stands after the account: each has its own.
    """
    rows = list(chain(statement.rows, beside(statement.key)))
    family = DocumentKey.read(statement.key).parts[1]
    name = file_name("letters", statement.account, family, f"{statement.about}-{statement.on}")
    made = []
    for begin in range(0, len(rows), A_DOCUMENT):
        own = f"{name}-{begin // A_DOCUMENT + 1}" if begin else name
        made.append(
            Document.of(f"{own}.pdf", page.pdf("letters", _view(statement, rows[begin : begin + A_DOCUMENT])))
        )
    return tuple(made)


def _view(statement: Letters, rows: list[Letter]) -> dict[str, object]:
    on = statement.on
    return {
        **letterhead(statement, on),
        "carrier_address": list(statement.carrier_address),
        "title": _TITLES[LetterOf(statement.about)],
        "day": day(on),
        "remit_to": list(statement.remit_to) if statement.direct and statement.about != LetterOf.ENDED else [],
        "letters": [
            {
                "to": [row.name, *row.address],
                "about": [
                    ("Group", statement.group_name),
                    ("Account", statement.account),
                    ("Member ID", row.member_id),
                ],
                "says": _says(statement, row),
                "cents": dollars(row.cents) if row.cents else "",
            }
            for row in rows
        ],
    }


def _says(statement: Letters, row: Letter) -> list[str]:
    pay_by, end, since = day(statement.pay_by), day(statement.end), month(statement.month)
    owed = (
        f"Your premium of {dollars(row.cents)} for {since} and later"
        if statement.direct
        else (f"{statement.group_name} has not paid the premium for your coverage since {since}")
    )
    if statement.about == LetterOf.BACK:
        return [
            f"The premium for {since} has been paid. Your coverage goes on without a gap, as if it had not ended."
        ]
    if statement.about == LetterOf.ENDED:
        return [
            f"The premium for {since} was not paid, and the grace period is over. The last day of your coverage "
            f"was {end}.",
            "You may have a right to other coverage, at your job, under your spouse's plan or through the health "
            "insurance "
            "marketplace. Such rights have short deadlines: ask now.",
        ]
    if statement.about == LetterOf.SHORT:
        return [
            f"Your payment for {since} was less than your premium. {dollars(row.cents)} is still to be paid.",
            f"Please pay it by {pay_by}. Until then your coverage goes on; if it is not paid by that day, your "
            "coverage "
            "may end.",
        ]
    if statement.about == LetterOf.REMINDER:
        return [f"{owed} is past due. Please pay it by {pay_by}: your coverage stays in force until then."]
    if statement.direct:
        return [
            f"{owed} is past due. If it is not paid in full by {pay_by}, your coverage ends: the last covered day "
            "will be "
            f"{end}.",
            "If you have paid meanwhile, please disregard this letter.",
        ]
    return [
        f"{owed}. If it is not paid by {pay_by}, your coverage through this employer ends: the last covered day "
        "will be "
        f"{end}.",
        "Please ask your employer; you need not pay us yourself. If coverage ends, you may have a right to other "
        "coverage. Such rights have short deadlines.",
    ]
