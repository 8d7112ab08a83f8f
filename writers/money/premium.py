"""The notice of premium past due to who gets an account's bills, as PDF."""

from __future__ import annotations

from model.documents.premium import LetterOf, PremiumNotice
from model.documents.statement import Document
from writers.forms import page
from writers.forms.letterhead import letterhead
from writers.forms.spreadsheet import file_name
from writers.words import day, dollars, month

_TITLES = {LetterOf.REMINDER: "Premium past due", LetterOf.WARNING: "Notice of termination"}


def render(statement: PremiumNotice) -> Document:
    """Return `premium-<account>-<about>-<day>.pdf`."""
    name = file_name("premium", statement.account, f"{statement.about}-{statement.on}")
    return Document.of(f"{name}.pdf", page.pdf("premium", _view(statement)))


def _view(statement: PremiumNotice) -> dict[str, object]:
    on, warns = statement.on, statement.about == LetterOf.WARNING
    return {
        **letterhead(statement, on),
        "carrier_address": list(statement.carrier_address),
        "title": _TITLES[LetterOf(statement.about)],
        "warns": warns,
        "to": [statement.group_name, *statement.group_address],
        "facts": [
            ("Account", statement.account),
            ("Group", f"{statement.group} {statement.group_name}"),
            ("Subgroup", statement.subgroup_name),
            ("Date of this notice", day(on)),
        ],
        "label": "Pay in full by",
        "pay_by": day(statement.pay_by),
        "cents": dollars(statement.cents),
        "says": _says(statement),
        "open": [
            (each.invoice, month(each.month), day(each.due), dollars(each.billed), dollars(each.open))
            for each in statement.open
        ],
        "remit_to": list(statement.remit_to),
        "account": statement.account,
    }


def _says(statement: PremiumNotice) -> list[str]:
    pay_by, end = day(statement.pay_by), day(statement.end)
    if statement.about == LetterOf.REMINDER:
        return [
            f"We have not received the premium listed below. The grace period ends on {pay_by}; coverage stays in "
            "force "
            "until then. If you have paid meanwhile, please disregard this notice.",
            "If the premium is not paid by that day, coverage may end, and we will write to you and to your "
            "employees "
            "before it does.",
        ]
    return [
        f"The premium listed below is still unpaid. If it is not paid in full by {pay_by}, coverage of everybody "
        "on this "
        f"account ends: the last covered day will be {end}. Premium is owed through that day.",
        "Your employees covered on this account are told of it by letters of the same date. A payment in full "
        "before "
        "coverage has ended takes this notice back.",
    ]
