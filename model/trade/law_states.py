"""What states ask of insured groups: how long coverage is continued, what it may cost, how long children stay.

`read` is empty where only others' summaries were at hand: such a row warns and waits. Self-funded plans are not
bound by a state's insurance law (29 U.S.C. 1144(b)(2)(B)).

Source: docs/domain.md, Law.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from model.trade.law import ANY_SIZE, INSURED, Bound, Counted, Example, Key, Law, Unit

_EVENT = date(2027, 3, 10)
_SMALL = 19  # employees: those whom federal COBRA leaves out
_ENDS = {
    9: date(2027, 12, 9),
    12: date(2028, 3, 9),
    18: date(2028, 9, 9),
    30: date(2029, 9, 9),
    36: date(2030, 3, 9),
}


def _months(
    state: str,
    key: Key,
    months: int,
    citation: str,
    read: str,
    begin: date,
    sizes: tuple[int, int],
    counted: Counted = Counted.EVENT,
) -> Law:
    return Law(
        key,
        months,
        Unit.MONTHS,
        Bound.LEAST,
        citation,
        read,
        begin,
        Example(_EVENT, _ENDS[months]),
        jurisdiction=state,
        funding=INSURED,
        least=sizes[0],
        most=sizes[1],
        counted=counted,
    )


def _percent(state: str, percent: int, citation: str, read: str, begin: date, expected: int) -> Law:
    """Return what continued coverage may cost at most, of an employer that federal COBRA leaves out."""
    return Law(
        Key.COBRA_PREMIUM,
        percent,
        Unit.PERCENT,
        Bound.MOST,
        citation,
        read,
        begin,
        Example(51229, expected),
        jurisdiction=state,
        funding=INSURED,
        most=_SMALL,
    )


_CT = "Connecticut Insurance Department, COBRA and state continuation (portal.ct.gov/cid)"
_NY = "Department of Financial Services, COBRA and premium assistance (dfs.ny.gov)"
_NJ = "Department of Banking and Insurance, Small Employer Buyer's Guide (nj.gov/dobi)"
_NJ_LAW, _NY_LAW = "N.J.S.A. 17B:27A-27", "N.Y. Insurance Law 3221(m), Laws 2009 ch. 236 and 498"
_CT_DAY, _NY_DAY, _NJ_DAY = date(2010, 5, 5), date(2009, 11, 1), date(2010, 1, 1)
_CA_LAW, _MA_LAW = "Cal. Health and Safety Code 1366.27", "Mass. G.L. c. 176J sec. 9"
_ANY, _UNDER = (1, ANY_SIZE), (1, _SMALL)

STATE_LAW: Final = (
    _months("CT", Key.COBRA_EMPLOYMENT, 30, "Conn. Public Act 10-13", _CT, _CT_DAY, _ANY),
    Law(
        Key.CHILD_AGE,
        26,
        Unit.YEARS,
        Bound.LEAST,
        "Conn. Gen. Stat. 38a-512b(a)",
        "Conn. Gen. Stat. 38a-512b as codified",
        date(2022, 1, 1),
        Example(date(2001, 3, 10), date(2027, 6, 30), anniversary=date(2020, 7, 1)),
        jurisdiction="CT",
        funding=INSURED,
        counted=Counted.ANNIVERSARY,
    ),
    Law(
        Key.NEWBORN,
        61,
        Unit.DAYS,
        Bound.LEAST,
        "Conn. Gen. Stat. 38a-516",
        "",  # 38a-490, of individual policies, says 61 in a bill of 2021 that would change it
        date(2010, 1, 1),
        Example(_EVENT, date(2027, 5, 10)),
        jurisdiction="CT",
        funding=INSURED,
    ),
    Law(
        Key.GRACE,
        31,
        Unit.DAYS,
        Bound.LEAST,
        "Va. Code 38.2-3527",
        "Va. Code 38.2-3527 as codified (vacode.org)",
        date(1986, 7, 1),
        Example(_EVENT, date(2027, 4, 10)),
        jurisdiction="VA",
        funding=INSURED,
    ),
    _months("NY", Key.COBRA_EMPLOYMENT, 36, _NY_LAW, _NY, _NY_DAY, _ANY),
    _months("NY", Key.COBRA_OTHER, 36, _NY_LAW, _NY, _NY_DAY, _ANY),
    _percent("NY", 102, _NY_LAW, _NY, _NY_DAY, 52254),
    _months("NJ", Key.COBRA_EMPLOYMENT, 18, _NJ_LAW, _NJ, _NJ_DAY, (1, 50)),
    _months("NJ", Key.COBRA_OTHER, 36, _NJ_LAW, _NJ, _NJ_DAY, (1, 50)),
    _percent("NJ", 102, _NJ_LAW, _NJ, _NJ_DAY, 52254),
    _months(
        "TX",
        Key.COBRA_EMPLOYMENT,
        9,
        "Tex. Ins. Code 1251.255(a)(1)(A)",
        "Tex. Ins. Code 1251.255 as codified",
        date(2009, 6, 19),
        _UNDER,
        Counted.ELECTION,
    ),
    _months("CA", Key.COBRA_EMPLOYMENT, 36, _CA_LAW, "", date(2003, 1, 1), (2, ANY_SIZE)),
    _months("CA", Key.COBRA_OTHER, 36, _CA_LAW, "", date(2003, 1, 1), (2, ANY_SIZE)),
    _percent("CA", 110, "Cal. Health and Safety Code 1366.26", "", date(2003, 1, 1), 56352),
    _months("MA", Key.COBRA_EMPLOYMENT, 18, _MA_LAW, "", date(1996, 8, 1), (2, _SMALL)),
    _months("MA", Key.COBRA_OTHER, 36, _MA_LAW, "", date(1996, 8, 1), (2, _SMALL)),
    _months("IL", Key.COBRA_EMPLOYMENT, 12, "215 ILCS 5/367e", "", date(2010, 1, 1), _ANY),
)
