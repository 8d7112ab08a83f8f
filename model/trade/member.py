"""Codes of a member's INS beside its maintenance, and of the DMG (docs/domain.md, Member codes)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from model.trade.table import Row, Table

YES: Final = "Y"
NO: Final = "N"
INDICATORS = Table(
    "INS01",
    "834 loop 2000 INS01 and INS10, loop 2300 HD09; X12 list 1073",
    ("indicator", "handicapped", "late"),
    (Row(YES, "Yes", True), Row(NO, "No", False)),
)


class Kin(StrEnum):
    """What a relationship is to the rules."""

    SELF = "self"
    SPOUSE = "spouse"  # one at a time
    CHILD = "child"  # up to the age limit
    OTHER = "other"


SELF: Final = "18"
EX_SPOUSE: Final = "25"
RELATIONSHIPS = Table(
    "INS02",
    "834 loop 2000 INS02; X12 list 1069",
    ("relationship",),
    (
        Row("01", "Spouse", Kin.SPOUSE, ("01", "1", "spouse", "wife", "husband", "h", "w", "sp", "spo")),
        Row("03", "Parent", Kin.OTHER),
        Row("04", "Grandparent", Kin.OTHER),
        Row("05", "Grandchild", Kin.OTHER),
        Row("06", "Uncle or aunt", Kin.OTHER),
        Row("07", "Nephew or niece", Kin.OTHER),
        Row("08", "Cousin", Kin.OTHER),
        Row("09", "Adopted child", Kin.CHILD, ("09", "9", "adopted child", "adopted")),
        Row("10", "Foster child", Kin.CHILD, ("10", "foster child", "foster")),
        Row("11", "Son- or daughter-in-law", Kin.OTHER),
        Row("12", "Brother- or sister-in-law", Kin.OTHER),
        Row("13", "Parent-in-law", Kin.OTHER),
        Row("14", "Sibling", Kin.OTHER),
        Row("15", "Ward", Kin.CHILD, ("15", "ward", "legal ward")),
        Row("16", "Stepparent", Kin.OTHER),
        Row("17", "Stepchild", Kin.CHILD, ("17", "stepchild", "step child", "stepson", "stepdaughter")),
        Row(
            SELF,
            "Subscriber",
            Kin.SELF,
            ("18", "employee", "subscriber", "self", "e", "ee", "emp", "policyholder", "insured"),
        ),
        Row(
            "19",
            "Child",
            Kin.CHILD,
            ("19", "child", "dependent", "d", "c", "ch", "chd", "son", "daughter", "dependent child"),
        ),
        Row("23", "Sponsored dependent", Kin.CHILD),
        Row("24", "Dependent of a minor dependent", Kin.OTHER),
        Row(EX_SPOUSE, "Ex-spouse", Kin.OTHER),
        Row("26", "Guardian", Kin.OTHER),
        Row("31", "Court-appointed guardian", Kin.OTHER),
        Row("38", "Collateral dependent", Kin.OTHER),
        Row("48", "Stepsibling", Kin.OTHER),
        Row("49", "Other dependent", Kin.OTHER),
        Row("53", "Life partner", Kin.SPOUSE, ("53", "domestic partner", "life partner", "partner", "dp")),
        Row("60", "Annuitant", Kin.OTHER),
        Row("D2", "Trustee", Kin.OTHER),
        Row("G8", "Other", Kin.OTHER),
        Row("G9", "Other relative", Kin.OTHER),
    ),
    {
        SELF: "Employee",
        "01": "Spouse",
        "53": "Domestic Partner",
        "19": "Child",
        "17": "Stepchild",
        "09": "Adopted Child",
        "10": "Foster Child",
        "15": "Ward",
    },
)
SPOUSES = frozenset(RELATIONSHIPS.having(Kin.SPOUSE))
CHILDREN = frozenset(RELATIONSHIPS.having(Kin.CHILD))
OFFSPRING = frozenset({"09", "19"})  # whose parent the subscriber is, by birth or adoption


class Benefit(StrEnum):
    """What a benefit status is to the rules."""

    ACTIVE = "active"
    COBRA = "cobra"  # coverage that goes on under COBRA
    SURVIVES = "survives"  # of a family whose employee died
    TEFRA = "tefra"  # of active employees of Medicare age, for whom the plan pays first


ACTIVE: Final = "A"
COBRA: Final = "C"
SURVIVING: Final = "S"
BENEFIT_STATUSES = Table(
    "INS05",
    "834 loop 2000 INS05; X12 list 1216",
    ("benefit_status", "status", "statuses"),
    (
        Row(ACTIVE, "Active", Benefit.ACTIVE),
        Row(COBRA, "COBRA", Benefit.COBRA, ("cobra", "c")),
        Row(SURVIVING, "Surviving insured", Benefit.SURVIVES),
        Row("T", "TEFRA", Benefit.TEFRA),
    ),
    {COBRA: "COBRA"},
)
MEDICARE_PLANS = Table(
    "INS06",
    "834 loop 2000 INS06-1; X12 list 1218",
    ("medicare",),
    (
        Row("A", "Medicare Part A", True),
        Row("B", "Medicare Part B", True),
        Row("C", "Medicare Parts A and B", True),
        Row("D", "Medicare", True),
        Row("E", "No Medicare", False),  # takes back what was told of it
    ),
)


class Loss(StrEnum):
    """What ended the coverage that COBRA continues; it says how long COBRA lasts."""

    EMPLOYMENT = "employment"  # the end or cut of employment: 18 months unless agreed otherwise
    OTHER = "other"  # 36 months; as a second event it makes 36
    UNCLEAR = "unclear"  # waits for a person


COBRA_EVENTS = Table(
    "INS07",
    "834 loop 2000 INS07; X12 list 1219; docs/domain.md, COBRA",
    ("cobra_event",),
    (
        Row("1", "Termination of employment", Loss.EMPLOYMENT, (
            "1", "termination", "end of employment", "employment ended",
        )),
        Row("2", "Reduction of work hours", Loss.EMPLOYMENT, (
            "2", "reduced hours", "reduction of hours", "hours",
        )),
        Row("3", "Medicare", Loss.OTHER, ("3", "medicare")),
        Row("4", "Death", Loss.OTHER, ("4", "death")),
        Row("5", "Divorce", Loss.OTHER, ("5", "divorce")),
        Row("6", "Separation", Loss.OTHER, ("6", "separation")),
        Row("7", "Ineligible child", Loss.OTHER, (
            "7", "ineligible child", "loss of dependent status", "aged out",
        )),
        Row("8", "Bankruptcy of a retiree's former employer", Loss.UNCLEAR, ("8", "bankruptcy")),
        Row("9", "Layoff", Loss.EMPLOYMENT, ("9", "layoff")),
        Row("10", "Leave of absence", Loss.EMPLOYMENT, ("10", "leave", "leave of absence")),
        Row("ZZ", "Mutually defined", Loss.UNCLEAR),
    ),
    {
        "1": "Termination", "2": "Reduced hours", "5": "Divorce", "4": "Death", "3": "Medicare",
        "7": "Ineligible child", "9": "Layoff", "10": "Leave",
    },
)  # fmt: skip
ENDS_OF_EMPLOYMENT = frozenset(COBRA_EVENTS.having(Loss.EMPLOYMENT))
OTHER_LOSSES = frozenset(COBRA_EVENTS.having(Loss.OTHER))

FULL_TIME: Final = "FT"
EMPLOYMENTS = Table(
    "INS08",
    "834 loop 2000 INS08; X12 list 584",
    ("employment",),
    (
        Row("AC", "Active", None),
        Row("AO", "Active military, overseas", None),
        Row("AU", "Active military, USA", None),
        Row(FULL_TIME, "Full-time", None, ("full time", "ft", "fulltime", "active", "full time employee")),
        Row("L1", "Leave of absence", None),
        Row("PT", "Part-time", None, ("part time", "pt", "parttime")),
        Row("RT", "Retired", None),
        Row("TE", "Terminated", None),
    ),
    {FULL_TIME: "Full-time", "PT": "Part-time"},
)
AT_WORK = frozenset({"AC", FULL_TIME, "PT"})
# What the status of a census row means: how somebody is employed, or that the family is under COBRA.
STATUS_WORDS = {**EMPLOYMENTS.written, **BENEFIT_STATUSES.written}
STATUS_CHOICES = (*EMPLOYMENTS.choices, *BENEFIT_STATUSES.choices)
FULL_TIME_STUDENT: Final = "F"
STUDENTS = Table(
    "INS09",
    "834 loop 2000 INS09; X12 list 1220",
    ("student",),
    (
        Row(FULL_TIME_STUDENT, "Full-time", True),
        Row("N", "Not a student", False),  # takes back what was told of it
        Row("P", "Part-time", True),
    ),
)
RESTRICTED: Final = "R"
UNRESTRICTED: Final = "U"
CONFIDENTIALITIES = Table(
    "INS13",
    "834 loop 2000 INS13; X12 list 1165; docs/domain.md, Confidentiality",
    ("confidentiality",),
    (Row(RESTRICTED, "Restricted", True), Row(UNRESTRICTED, "Unrestricted", False)),
)
UNKNOWN_GENDER: Final = "U"
GENDERS = Table(
    "DMG03",
    "834 loop 2100A DMG03; X12 list 1068",
    ("gender",),
    (
        Row("M", "Male", None, ("m", "male", "man")),
        Row("F", "Female", None, ("f", "female", "woman")),
        Row(UNKNOWN_GENDER, "Unknown", None, ("u", "unknown", "x")),
    ),
    {"M": "M", "F": "F", UNKNOWN_GENDER: "U"},
)
PERMANENT: Final = "3"
DISABILITIES = Table(
    "DSB01",
    "834 loop 2200 DSB01; X12 list 1146; docs/domain.md, COBRA premium",
    (),
    (
        Row("1", "Short-term", False),
        Row("2", "Long-term", False),
        Row(PERMANENT, "Permanent or total", True),  # the one that extends COBRA
        Row("4", "No disability", False),
    ),
)
