"""Finding codes: sets against their guide, one for each 999 code (005010X231A1: IK304, IK403, IK502)."""

from __future__ import annotations

from model.code_tables import Code


def _set(ik502: str, meaning: str, fix: str) -> tuple[str, Code]:
    return f"SET-{ik502}", Code(meaning, fix, ik502=ik502)


def _segment(ik304: str, meaning: str, fix: str) -> tuple[str, Code]:
    return f"SEGMENT-{ik304}", Code(meaning, fix, ik304=ik304)


def _element(ik403: str, meaning: str, fix: str) -> tuple[str, Code]:
    return f"ELEMENT-{ik403}", Code(meaning, fix, ik304="8", ik403=ik403)


_GUIDE = "See the implementation guide of the version named in ST03."

CODES: dict[str, Code] = dict(
    (
        _set("1", "This kind of transaction set is not taken here.", "Send 834, 820 or 999 sets."),
        _set("2", "The transaction set has no SE.", "End the set with its SE and send it again."),
        _set(
            "3",
            "The control number in SE02 differs from the one in ST02.",
            "Write the same control number in ST02 and SE02.",
        ),
        _set(
            "4",
            "The number of segments in SE01 differs from the segments received.",
            "Write the number of segments from ST to SE, both counted, and check that none was lost.",
        ),
        _set("6", "The transaction set identifier in ST01 is missing or invalid.", "Write 834 or 820 in ST01."),
        _set(
            "7",
            "The transaction set control number in ST02 is missing or invalid.",
            "Number sets with four to nine letters or digits, each number once in its group.",
        ),
        _set(
            "18",
            "This kind of transaction set does not belong in this kind of functional group.",
            "Send 834 sets in a group BE, 820 sets in a group RA, 999 sets in a group FA.",
        ),
        _set(
            "23",
            "Another set of this group has the same control number.",
            "Give every set of a group a control number (ST02) of its own.",
        ),
        _set(
            "I6",
            "This version of the transaction set is not supported.",
            "Send 834 as 005010X220A1 and 820 as 005010X218, named in GS08 and ST03.",
        ),
        (
            "MEMBER-TOO-LONG",
            Code(
                "A member of the set has more segments than can be held: not all of them were read.",
                "Send at most 100,000 segments (16 MB) for one member.",
                ik502="5",
            ),
        ),
        _segment("1", "The guide has no segment of this name.", f"Remove the segment. {_GUIDE}"),
        _segment(
            "2",
            "The segment is not expected here: wrong place, or a qualifier that the guide does not have here.",
            f"Move the segment to its place in the loop, or correct its qualifier. {_GUIDE}",
        ),
        _segment("3", "A required segment is missing.", f"Add the segment. {_GUIDE}"),
        _segment("4", "The loop is repeated more often than the guide allows.", f"Send fewer repeats. {_GUIDE}"),
        _segment(
            "5", "The segment is repeated more often than the guide allows.", f"Send fewer repeats. {_GUIDE}"
        ),
        _segment(
            "8", "The segment could not be checked: its elements are damaged.", f"Correct the segment. {_GUIDE}"
        ),
        _segment("I4", "The guide marks this segment as not used.", f"Remove the segment. {_GUIDE}"),
        _element("1", "A required element is missing.", f"Fill the element. {_GUIDE}"),
        _element(
            "2",
            "An element is missing that others in the segment require.",
            f"Fill the element, or leave out those that require it. {_GUIDE}",
        ),
        _element("3", "The segment has too many elements.", f"Remove what follows its last element. {_GUIDE}"),
        _element("4", "The element is too short.", f"Send it in its length. {_GUIDE}"),
        _element("5", "The element is too long.", f"Shorten it to its length. {_GUIDE}"),
        _element(
            "6",
            "The element has characters that its type does not allow (or spaces at its end).",
            "Use the X12 basic and extended character sets, without line breaks and without trailing spaces.",
        ),
        _element("7", "The element is not a valid code.", "Use a code of the list named by the guide."),
        _element("8", "The element is not a valid date.", "Write dates as CCYYMMDD, and check the calendar."),
        _element("9", "The element is not a valid time.", "Write times as HHMM or HHMMSS."),
        _element("10", "Elements are sent together that exclude each other.", f"Send only one of them. {_GUIDE}"),
        _element("12", "The element is repeated more often than the guide allows.", f"Send fewer. {_GUIDE}"),
        _element("13", "The composite has too many components.", f"Remove what follows its last one. {_GUIDE}"),
        _element("I6", "The guide does not use this code here.", f"Use one of the guide's codes. {_GUIDE}"),
        _element("I10", "The guide marks this element as not used.", f"Leave the element empty. {_GUIDE}"),
    )
)
