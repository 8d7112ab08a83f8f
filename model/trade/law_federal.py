"""Federal law, by number. `read` says where the text was read; worked examples run as tests.

Source: docs/domain.md, Law.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from model.trade.law import Bound, Counted, Example, Key, Law, Unit

_LEAST, _MOST, _MONTHS, _DAYS = Bound.LEAST, Bound.MOST, Unit.MONTHS, Unit.DAYS
_COBRA, _SPECIAL = date(1986, 4, 7), date(1996, 8, 21)  # the days of Public Laws 99-272 and 104-191
_COBRA_SIZE = 20  # 29 U.S.C. 1161(b), 42 U.S.C. 300bb-1(b)(1): fewer than 20 employees are exempt
_CODE_29 = "29 U.S.C. 1162 as codified"
_EVENT = date(2027, 3, 10)


def _cobra(
    key: Key, value: int, unit: Unit, bound: Bound, citation: str, read: str, expected: date | int, **more: object
) -> Law:
    """Return a row of COBRA: of 20 employees and more, of every funding."""
    given = more.pop("given", _EVENT)
    begin = more.pop("begin", _COBRA)
    assert isinstance(given, date | int)
    assert isinstance(begin, date)
    example = Example(given, expected)
    return Law(key, value, unit, bound, citation, read, begin, example, least=_COBRA_SIZE)


FEDERAL_LAW: Final = (
    _cobra(
        Key.COBRA_EMPLOYMENT,
        18,
        _MONTHS,
        _LEAST,
        "29 U.S.C. 1162(2)(A)(i)",
        _CODE_29,
        date(2028, 9, 9),
    ),
    _cobra(Key.COBRA_OTHER, 36, _MONTHS, _LEAST, "29 U.S.C. 1162(2)(A)(iv)", _CODE_29, date(2030, 3, 9)),
    _cobra(Key.COBRA_SECOND, 36, _MONTHS, _LEAST, "29 U.S.C. 1162(2)(A)(ii)", _CODE_29, date(2030, 3, 9)),
    _cobra(
        Key.COBRA_DISABILITY,
        29,
        _MONTHS,
        _LEAST,
        "29 U.S.C. 1162(2)(A)(viii)",
        _CODE_29,
        date(2029, 8, 9),
        begin=date(1996, 8, 21),
    ),
    _cobra(
        Key.COBRA_DISABLED_WITHIN,
        60,
        _DAYS,
        _LEAST,
        "29 U.S.C. 1162(2)(A)(viii)",
        _CODE_29,
        date(2027, 5, 9),
        begin=date(1996, 8, 21),
    ),
    _cobra(
        Key.COBRA_ELECTION,
        60,
        _DAYS,
        _LEAST,
        "26 CFR 54.4980B-6 Q&A-1(a)",
        "the regulation, and its example: lost and told on 1 June 2001, not before 31 July 2001",
        date(2001, 7, 31),
        given=date(2001, 6, 1),
        begin=date(2000, 1, 1),
    ),
    _cobra(Key.COBRA_FIRST_PAYMENT, 45, _DAYS, _LEAST, "29 U.S.C. 1162(3)", _CODE_29, date(2027, 4, 24)),
    _cobra(Key.COBRA_GRACE, 30, _DAYS, _LEAST, "29 U.S.C. 1162(2)(C)", _CODE_29, date(2027, 4, 9)),
    _cobra(
        Key.COBRA_PREMIUM,
        102,
        Unit.PERCENT,
        _MOST,
        "29 U.S.C. 1162(3)(A), 26 CFR 54.4980B-8 Q&A-1(a)",
        _CODE_29,
        52254,
        given=51229,
    ),
    _cobra(
        Key.COBRA_EXTENDED_PREMIUM,
        150,
        Unit.PERCENT,
        _MOST,
        "29 U.S.C. 1162(3), 26 CFR 54.4980B-8 Q&A-1(b)",
        _CODE_29,
        76844,
        given=51229,
        begin=date(1996, 8, 21),
    ),
    _cobra(
        Key.COBRA_EMPLOYER_NOTICE,
        30,
        _DAYS,
        _MOST,
        "29 U.S.C. 1166(a)(2), 29 CFR 2590.606-2(b)",
        "29 U.S.C. 1166 as codified",
        date(2027, 4, 9),
    ),
    _cobra(
        Key.COBRA_ELECTION_NOTICE,
        14,
        _DAYS,
        _MOST,
        "29 CFR 2590.606-4(b)(1)",
        "the regulation at dol.gov, revised 23 June 2004",
        date(2027, 3, 24),
        begin=date(2004, 6, 23),
    ),
    _cobra(
        Key.COBRA_MEMBER_NOTICE,
        60,
        _DAYS,
        _LEAST,
        "29 U.S.C. 1166(a)(3)",
        "29 U.S.C. 1166 as codified",
        date(2027, 5, 9),
    ),
    Law(
        Key.CHILD_AGE,
        26,
        Unit.YEARS,
        _LEAST,
        "42 U.S.C. 300gg-14(a), 29 CFR 2590.715-2714(a), 45 CFR 147.120",
        "42 U.S.C. 300gg-14; 29 CFR 2590.715-2714(a)(2): turns 26 on 17 July 2011, covered to 16 July",
        date(2010, 9, 23),
        Example(date(1985, 7, 17), date(2011, 7, 16)),
        counted=Counted.BIRTHDAY,
        lines=("medical",),
    ),
    Law(
        Key.SPECIAL_ENROLLMENT,
        30,
        _DAYS,
        _LEAST,
        "29 U.S.C. 1181(f)(1)(D) and (2)(B), 45 CFR 146.117",
        "29 U.S.C. 1181(f) as codified; 110 Stat. 1944",
        _SPECIAL,
        Example(_EVENT, date(2027, 4, 9)),
    ),
    Law(
        Key.NEWBORN,
        30,
        _DAYS,
        _LEAST,
        "29 U.S.C. 1181(f)(2)(B)",
        "110 Stat. 1944",
        _SPECIAL,
        Example(_EVENT, date(2027, 4, 9)),
    ),
    Law(
        Key.MEDICAID,
        60,
        _DAYS,
        _LEAST,
        "29 U.S.C. 1181(f)(3)",
        "the Department of Labor's compliance pages (webapps.dol.gov, CHIPRA)",
        date(2009, 4, 1),
        Example(_EVENT, date(2027, 5, 9)),
    ),
    Law(
        Key.WAITING,
        90,
        _DAYS,
        _MOST,
        "42 U.S.C. 300gg-7, 45 CFR 147.116",
        "42 U.S.C. 300gg-7 at uscode.house.gov",
        date(2014, 1, 1),
        Example(_EVENT, date(2027, 6, 8)),
    ),
    Law(
        Key.RESCISSION_NOTICE,
        30,
        _DAYS,
        _LEAST,
        "26 CFR 54.9815-2712(a)(1), 45 CFR 147.128",
        "26 CFR 54.9815-2712(a)(1)",
        date(2010, 9, 23),
        Example(_EVENT, date(2027, 4, 9)),
    ),
)
