"""The notice of premium past due to who gets an account's bills, as PDF."""

from __future__ import annotations

from model.documents.premium import LetterOf, OpenMemo, OpenPremium, PremiumNotice
from model.documents.statement import Document
from model.money.ledger import MemoKind
from writers.forms import page
from writers.forms.letterhead import letterhead
from writers.forms.spreadsheet import file_name
from writers.words import day, dollars, month

_MEMOS = {MemoKind.FEE: "Fee", MemoKind.RETURNED: "Returned payment"}
_TITLES = {
    LetterOf.REMINDER: "Premium past due",
    LetterOf.OWING: "Premium past due",
    LetterOf.WARNING: "Notice of termination",
}


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
        "cents": dollars(statement.owed),
        "says": [*_says(statement), *_says_of_memos(statement)],
        "open": [
            *((each.invoice, month(each.month), *_money(each)) for each in statement.open),
            *((each.number, _MEMOS[MemoKind(each.kind)], *_money(each)) for each in statement.memos),
        ],
        "remit_to": list(statement.remit_to),
        "account": statement.account,
    }


def _money(each: OpenPremium | OpenMemo) -> tuple[str, str, str]:
    return day(each.due), dollars(each.billed), dollars(each.open)


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
    if statement.about == LetterOf.OWING:
        return [
            "We have not received the premium listed below. Coverage on this account has ended, and the premium "
            f"through its last day is owed. Please pay it by {pay_by}. If you have paid meanwhile, please "
            "disregard this notice."
        ]
    return [
        f"The premium listed below is still unpaid. If it is not paid in full by {pay_by}, coverage of everybody "
        "on this "
        f"account ends: the last covered day will be {end}. Premium is owed through that day.",
        "Your employees covered on this account are told of it by letters of the same date. A payment in full "
        "before "
        "coverage has ended takes this notice back.",
    ]


def _says_of_memos(statement: PremiumNotice) -> list[str]:
    if not statement.memos:
        return []
    return [
        f"{dollars(statement.beside)} of the total is owed by debit memos, which are no premium: coverage does "
        "not end for them. A payment that names no invoice pays what was due first, debit memos too."
    ]
