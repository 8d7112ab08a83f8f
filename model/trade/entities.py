"""Who is named: people of a member loop (NM101), parties of a set (N101), and how they are reached (PER)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from model.trade.table import Row, Table

INSURED: Final = "IL"
MAILING: Final = "31"
LIABLE: Final = "E1"
OTHER_PERSON: Final = "2100G"  # the loop of every other entity: a responsible person
PERSONS = Table(
    "NM101",
    "834 loops 2100A to 2100H NM101; X12 list 98",
    (),
    (
        Row(INSURED, "Insured or subscriber", "2100A"),  # effect: the loop
        Row("74", "Corrected insured", "2100A"),
        Row("70", "Prior incorrect insured", "2100B"),
        Row(MAILING, "Postal mailing address", "2100C"),
        Row("36", "Employer", "2100D"),
        Row("M8", "Educational institution", "2100E"),
        Row("S3", "Custodial parent", "2100F"),
        Row("45", "Drop-off location", "2100H"),
        Row(LIABLE, "Person or other entity legally responsible for a child", OTHER_PERSON),
    ),
)


class Role(StrEnum):
    """What a party is to a set."""

    SPONSOR = "sponsor"
    INSURER = "insurer"
    BROKER = "broker"
    PAYEE = "payee"
    PAYER = "payer"


SPONSOR: Final = "P5"
INSURER: Final = "IN"
PAYEE: Final = "PE"
PAYER: Final = "PR"
PARTIES = Table(
    "N101",
    "834 loops 1000A to 1000C, 820 loops 1000A and 1000B N101; X12 list 98",
    (),
    (
        Row(SPONSOR, "Plan sponsor", Role.SPONSOR),
        Row(INSURER, "Insurer", Role.INSURER),
        Row("BO", "Broker or sales office", Role.BROKER),
        Row("TV", "Third party administrator", Role.BROKER),
        Row(PAYEE, "Payee", Role.PAYEE),
        Row(PAYER, "Payer", Role.PAYER),
    ),
)
BROKERS = PARTIES.having(Role.BROKER)


class Way(StrEnum):
    """How a number reaches somebody."""

    PHONE = "phone"
    EMAIL = "e-mail"


TELEPHONE: Final = "TE"
EMAIL: Final = "EM"
CONTACTS = Table(
    "PER03",
    "834 loop 2100A PER03, PER05 and PER07, 824 PER; X12 list 365",
    (),
    (
        Row("HP", "Home phone", Way.PHONE),  # phones in the order in which they serve as the person's
        Row("CP", "Cellular phone", Way.PHONE),
        Row(TELEPHONE, "Telephone", Way.PHONE),
        Row("WP", "Work phone", Way.PHONE),
        Row("AP", "Alternate telephone", Way.PHONE),
        Row(EMAIL, "Electronic mail", Way.EMAIL),
    ),
)
PHONES = CONTACTS.having(Way.PHONE)
