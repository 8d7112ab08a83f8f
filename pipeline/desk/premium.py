"""Owe what late payers and their members are written: notices to who gets the bills, letters to the members.

Letters are ours to mail: one to each subscriber, and one to each restricted member at the own address, never in
the family's envelope (docs/domain.md, Confidentiality; docs/domain.md, Delinquency).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from billing import delinquency
from model.agreement.terms import Terms
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.premium import Letter, LetterOf, Letters, OpenMemo, OpenPremium, PremiumNotice
from model.enrollment.confidential import is_restricted
from model.enrollment.events import Address, Demographics, Name
from model.enrollment.roster import Contract, pieces
from model.money.arrears import Arrears, Asked, Payer
from model.timeline import Span, day_before
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import receivers
from store import agreements
from store.engine import Connection
from store.money import memos
from store.people import places, reached
from store.received import outbox, statement_rows


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written of a payer on a day: about what, by when to pay, the last covered day, what is open."""

    terms: Terms
    stands: Arrears
    about: LetterOf
    on: date
    pay_by: date
    end: date
    open: tuple[Asked, ...] = ()


def named(conn: Connection, payer: Payer) -> str:
    """Name a payer for people: its account, and the member ID of the family's subscriber."""
    return f"{payer.account} {member_of(conn, payer)}".strip()


def member_of(conn: Connection, payer: Payer) -> str:
    """Return the member ID of the subscriber of a family that pays for itself; "" for an account."""
    found = places.subscriber(conn, payer.contract) if payer.contract else None
    return found.member_id if found else ""


def notify(ws: Workspace, conn: Connection, tx: int, paper: Paper) -> None:
    """Owe an account's notice to who gets its bills; where nobody does, to ourselves."""
    terms, stands = paper.terms, paper.stands
    carrier, account = agreements.carrier(conn), stands.payer.account
    assert carrier is not None, "terms are loaded after ourselves"
    place = terms.account(account)
    late = delinquency.beside(memos.listing(conn, accounts=[account]), paper.on)
    for partner in receivers(agreements.partners(conn), terms.group, paper.on, place.code if place else None):
        told = PremiumNotice(
            carrier=carrier.name,
            carrier_address=carrier.address,
            remit_to=carrier.remit_to,
            contact=terms.whom_to_ask(carrier),
            partner=partner,
            group=terms.group,
            group_name=terms.name,
            group_address=terms.address,
            account=account,
            subgroup_name=place.name if place else "",
            about=paper.about,
            number=stands.told,
            on=paper.on,
            pay_by=paper.pay_by,
            end=paper.end,
            cents=stands.cents,
            open=tuple(
                OpenPremium(each.invoice, str(each.month), each.due, each.billed, each.open) for each in paper.open
            ),
            memos=tuple(OpenMemo(each.number, each.kind, each.due, each.cents, each.open) for each in late),
        )
        key = str(keys.premium(account, "", paper.on, paper.about, partner))
        outbox.put(conn, tx, key, partner, DocumentKind.PREMIUM, told, None, ws.vault.fields)


def write(ws: Workspace, conn: Connection, tx: int, paper: Paper, since: date | None = None) -> None:
    """Owe the letters to the members of an account, or to a family that pays for itself; nothing where is nobody.

    They go to who is covered on the paper's day, or on `since`, or later.
    """
    terms, stands = paper.terms, paper.stands
    carrier, payer = agreements.carrier(conn), stands.payer
    assert carrier is not None, "terms are loaded after ourselves"
    families = covered(conn, terms, payer, since or paper.on)
    letters = list(letters_of(families, stands.cents if payer.contract else 0))
    if not letters:
        return
    key = str(keys.letters(payer.account, member_of(conn, payer), paper.on, paper.about))
    placed = ((0, 0, number, letter) for number, letter in enumerate(letters, 1))
    statement_rows.keep(conn, key, DocumentKind.LETTERS, placed, ws.vault.fields)
    told = Letters(
        carrier=carrier.name,
        carrier_address=carrier.address,
        remit_to=carrier.remit_to,
        contact=terms.whom_to_ask(carrier),
        group=terms.group,
        group_name=terms.name,
        account=payer.account,
        about=paper.about,
        on=paper.on,
        month=str(stands.month),
        pay_by=paper.pay_by,
        end=paper.end,
        direct=bool(payer.contract),
        key=key,
    )
    outbox.put(conn, tx, key, "", DocumentKind.LETTERS, told, None, ws.vault.fields)


def covered(conn: Connection, terms: Terms, payer: Payer, day: date) -> list[Contract]:
    """Return the families that an account bills and are covered on a day or later, or the one that pays."""
    codes = {place.code for place in terms.subgroups if place.account == payer.account}
    found = reached.covered_after(conn, terms.group, day_before(day))
    return [
        family
        for family in found
        if (not payer.contract or family.id == payer.contract) and _is_in(family, codes, Span(day))
    ]


def _is_in(family: Contract, codes: set[str], days: Span) -> bool:
    spans = (coverage.span for enrollee in family.enrollees for coverage in enrollee.coverages)
    return any(
        code in codes and span.overlaps(days)
        for whole in spans
        for code, span in pieces(whole, family.assignments)
    )


def people(conn: Connection, group: str, payer: Payer, last: date) -> int:
    """Count whom a payer's end would end: covered after a day, in its account's subgroups."""
    terms = agreements.terms(conn, group)
    found = covered(conn, terms, payer, last) if terms else []
    return sum(any(each.span.end > last for each in who.coverages) for family in found for who in family.enrollees)


def letters_of(families: Iterable[Contract], cents: int) -> Iterator[Letter]:
    """Yield each family's letters: its subscriber's, and those of who is restricted and has an address."""
    for family in families:
        for who in family.enrollees:
            person = who.person.demographics
            if who.is_subscriber or (is_restricted(person) and _address(person)):
                yield Letter(who.person.member_id, _name(person.name), _address(person), cents)


def _name(name: Name) -> str:
    return " ".join(filter(None, (name.first, name.middle, name.last, name.suffix)))


def _address(person: Demographics) -> tuple[str, ...]:
    """Return where mail goes: the mailing address (2100C), else the own one; nothing where neither is known."""
    return _lines(person.mailing) or _lines(person.address)


def _lines(address: Address) -> tuple[str, ...]:
    town = " ".join(filter(None, (address.city and f"{address.city},", address.state, address.zip))).strip(", ")
    return tuple(filter(None, (address.line1, address.line2, town, address.country)))
