"""Finding codes: the bytes of a file, its interchanges and groups (X12.5; TA105 and AK905 codes)."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

_W, _I = Severity.WARNING, Severity.INFO

_FILE: dict[str, Code] = {
    "FILE-EMPTY": Code("The file is empty.", "Send the file again; the transfer may have been cut."),
    "FILE-NOT-X12": Code(
        "No X12 interchange was found in this file: it has no readable ISA segment.",
        "Send an X12 file that begins with an ISA segment of 106 characters.",
    ),
    "FILE-UTF16": Code(
        "The file is encoded in UTF-16, which X12 does not allow.",
        "Save the file as plain text (ASCII or UTF-8) and send it again.",
    ),
    "FILE-BOM": Code(
        "The file begins with a byte order mark (UTF-8 BOM); it was skipped.",
        "Save the file without a byte order mark.",
        _I,
    ),
    "PADDING-OUTSIDE": Code(
        "Fill characters (NUL or Ctrl-Z) after the data were skipped.", "Nothing needs to be done.", _I
    ),
    "TEXT-OUTSIDE": Code(
        "Text outside any interchange was found and not read.",
        "Remove everything before the ISA segment and after the IEA segment.",
        _W,
    ),
    "SEGMENTS-OUTSIDE": Code(
        "Segments outside any interchange were found and not read: an ISA is missing, or an IEA came early.",
        "Put every segment between an ISA and its IEA, and send the missing part again.",
    ),
    "ISA-UNREADABLE": Code(
        "An ISA segment could not be read: it is cut, or does not have sixteen elements.",
        "Send an ISA of 106 characters with its sixteen elements, each of its fixed length.",
    ),
    "SEGMENT-EMPTY": Code(
        "Empty segments (two terminators in a row) were skipped.",
        "Write one terminator after each segment, and no segment without content.",
        _W,
    ),
    "SEGMENT-UNTERMINATED": Code(
        "The last segment of the file has no terminator.",
        "End every segment, the last one included, with the terminator that the ISA declares.",
        _W,
    ),
    "SEGMENT-TOO-LONG": Code(
        "A segment is longer than 65,536 bytes and was not read: probably a terminator is missing.",
        "End every segment with the terminator that the ISA declares.",
        ta105="024",
        ik304="8",
    ),
    "NOT-ASCII": Code(
        "The segment has characters outside ASCII; they were read as UTF-8, or as Latin-1 where that failed.",
        "Write names and addresses in the X12 basic and extended character sets.",
        _W,
    ),
    "FINDINGS-MORE": Code(
        "More findings of this kind follow and are not listed.", "Correct those listed first, then send again.", _I
    ),
}

_INTERCHANGE: dict[str, Code] = {
    "ISA-LENGTH": Code(
        "The ISA segment is not 106 characters long.",
        "Pad every ISA element to its fixed length: ISA06 and ISA08 to 15 characters, ISA02 and ISA04 to 10.",
        ta105="022",
    ),
    "SEPARATOR-ELEMENT": Code(
        "The element separator (the character after ISA) is a letter, a digit or not ASCII.",
        "Use a character that does not occur in the data, such as *.",
        ta105="026",
    ),
    "SEPARATOR-COMPONENT": Code(
        "The component separator (ISA16) cannot be used: it is a letter, a digit, blank, or another separator.",
        "Use a character of its own that does not occur in the data, such as a colon.",
        ta105="027",
    ),
    "SEPARATOR-SEGMENT": Code(
        "The segment terminator cannot be used: it is a letter, a digit, blank, or another separator.",
        "Use a character of its own that does not occur in the data, such as ~.",
        ta105="004",
    ),
    "SEPARATOR-REPETITION": Code(
        "ISA11 is not a usable repetition separator in this version; repeated elements cannot be told apart.",
        "Write ^ in ISA11.",
        _W,
    ),
    "ISA-VERSION": Code(
        "The interchange version in ISA12 is not supported.",
        "Write 00501 in ISA12 (00401 for version 4010).",
        ta105="003",
    ),
    "ISA-SENDER": Code("The sender in ISA06 is missing.", "Write your agreed sender ID in ISA06.", ta105="006"),
    "ISA-RECEIVER": Code(
        "The receiver in ISA08 is missing.", "Write our agreed receiver ID in ISA08.", ta105="008"
    ),
    "ISA-DATE": Code("The date in ISA09 is not a date.", "Write ISA09 as YYMMDD.", _W, ta105="014"),
    "ISA-TIME": Code("The time in ISA10 is not a time.", "Write ISA10 as HHMM.", _W, ta105="015"),
    "ISA-CONTROL": Code(
        "The interchange control number in ISA13 is not nine digits.",
        "Number interchanges with nine digits, leading zeros included.",
        ta105="018",
    ),
    "ISA-ACK": Code("ISA14 is neither 0 nor 1.", "Write 1 in ISA14 to ask for a TA1, else 0.", _W, ta105="019"),
    "ISA-USAGE": Code("ISA15 is neither P (production) nor T (test).", "Write P or T in ISA15.", ta105="020"),
    "ISA-REPEATED": Code(
        "Another interchange of this file has the same sender, receiver and control number.",
        "Give every interchange a control number (ISA13) of its own.",
        ta105="025",
    ),
    "ISA-NESTED": Code(
        "A new interchange begins before the IEA of this one.",
        "End every interchange with its IEA; this one must be sent again.",
        ta105="022",
    ),
    "IEA-MISSING": Code(
        "The file ends before the IEA of this interchange: it is cut.",
        "Send the whole interchange again.",
        ta105="023",
    ),
    "IEA-CONTROL": Code(
        "The control number in IEA02 differs from the one in ISA13.",
        "Write the same control number in ISA13 and IEA02.",
        ta105="001",
    ),
    "IEA-COUNT": Code(
        "The number of functional groups in IEA01 differs from the groups received.",
        "Write the number of GS segments in IEA01, and check that none was lost.",
        ta105="021",
    ),
    "SEGMENT-STRAY": Code(
        "A segment stands where none of its kind may: outside of its group or transaction set.",
        "Put every segment between the ST and SE of its set, every set between GS and GE.",
        ta105="024",
    ),
    "INTERCHANGE-EMPTY": Code(
        "The interchange has nothing in it: neither a functional group nor a TA1.",
        "Nothing was taken from it; send the data if there should have been any.",
        _W,
    ),
}

_GROUP: dict[str, Code] = {
    "GROUP-KIND": Code(
        "This kind of functional group (GS01) is not taken here.",
        "Send 834 sets in a group BE, 820 sets in a group RA, 999 sets in a group FA.",
        ak905="1",
    ),
    "GROUP-VERSION": Code(
        "The version in GS08 is not supported for this kind of group.",
        "Send 834 as 005010X220A1 and 820 as 005010X218, named in GS08 and ST03.",
        ak905="2",
    ),
    "GE-MISSING": Code(
        "The functional group has no GE.", "End the group with its GE and send it again.", ak905="3"
    ),
    "GE-CONTROL": Code(
        "The control number in GE02 differs from the one in GS06.",
        "Write the same control number in GS06 and GE02.",
        ak905="4",
    ),
    "GE-COUNT": Code(
        "The number of transaction sets in GE01 differs from the sets received.",
        "Write the number of ST segments in GE01, and check that none was lost.",
        ak905="5",
    ),
    "GS-CONTROL": Code(
        "The group control number in GS06 is not a number of one to nine digits.",
        "Number groups with one to nine digits.",
        ak905="6",
    ),
    "GS-DATE": Code("The date in GS04 is not a date.", "Write GS04 as CCYYMMDD.", _W),
    "GS-TIME": Code("The time in GS05 is not a time.", "Write GS05 as HHMM, HHMMSS or HHMMSSDD.", _W),
    "GS-AGENCY": Code("The agency in GS07 is not X (ASC X12).", "Write X in GS07.", _W),
    "GS-REPEATED": Code(
        "Another group of this interchange has the same control number.",
        "Give every group of an interchange a control number (GS06) of its own.",
        ak905="19",
    ),
    "GROUP-EMPTY": Code(
        "The functional group has no transaction set in it.",
        "Nothing was taken from it; send the data if there should have been any.",
        _W,
    ),
}

CODES: dict[str, Code] = _FILE | _INTERCHANGE | _GROUP
