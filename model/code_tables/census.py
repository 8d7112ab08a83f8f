"""Finding codes of census spreadsheets: what cannot be read from a file, a row, a cell."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity
from model.trade.maintenance import MAINTENANCE

CODES: dict[str, Code] = {
    "CENSUS-MACROS": Code(
        "The workbook holds macros; we open none that does.",
        "Save it as an Excel workbook without macros (.xlsx) or as CSV, and send that.",
    ),
    "CENSUS-TOO-LARGE": Code(
        "The file is larger inside than we read.",
        "Split it, or copy the member rows alone into our template (`rollbook census template`).",
    ),
    "CENSUS-DAMAGED": Code(
        "The spreadsheet cannot be opened.",
        "Save it again as .xlsx without a password, or as CSV, and send that.",
    ),
    "CENSUS-HEADERS": Code(
        "No row of column headings was recognised: we look for names, birth date, relationship, SSN and plan.",
        "Use our template (`rollbook census template`), or name the columns as in it.",
    ),
    "CENSUS-ENCODING": Code(
        "The file's text is not UTF-8; it was read as Windows text.",
        "Look at names with accents, and save as 'CSV UTF-8' next time.",
        Severity.WARNING,
    ),
    "CENSUS-SHEET-IGNORED": Code(
        "This sheet has no columns of members and was not read.",
        "Nothing to do, unless members stand in it: then give it the headings of our template.",
        Severity.INFO,
    ),
    "CENSUS-COLUMN-WAITS": Code(
        "A column that looks like a person, a date or a status was not read; the file waits, nothing was changed.",
        "Tell us what the column means: we agree on its name, or that nobody reads it. Or rename it as in our "
        "template. Then send the file again.",
        Severity.PEND,
    ),
    "CENSUS-COLUMN-UNREAD": Code(
        "A column was not read.",
        "Nothing to do, unless coverage depends on it: then rename it as in our template.",
        Severity.WARNING,
    ),
    "CENSUS-COLUMN-TWICE": Code(
        "Two columns mean the same and differ in this row.",
        "Keep one of the two columns.",
    ),
    "CENSUS-RAGGED": Code(
        "The row has more cells than there are headings, so its values may stand in wrong columns.",
        "Put text with commas into quotes, or send the file as .xlsx.",
    ),
    "CENSUS-SHORT": Code(
        "The row has fewer cells than there are headings; those that are missing were taken as empty.",
        "Check that no separator is missing, or send the file as .xlsx.",
        Severity.WARNING,
    ),
    "CENSUS-LINE": Code(
        "The line of coverage is not one that we know.",
        "Write Medical, Dental, Vision or what your agreement calls it.",
    ),
    "CENSUS-MERGED": Code(
        "The row shares a merged cell with the row above, so its own value is not there.",
        "Unmerge the cells and fill in each row.",
    ),
    "CENSUS-FORMULA": Code(
        "A cell begins like a formula where a name, number or code is expected.",
        "Type the plain value.",
    ),
    "CENSUS-DATE": Code(
        "A date cannot be read.",
        "Write it as YYYY-MM-DD or MM/DD/YYYY.",
    ),
    "CENSUS-DATE-GUESSED": Code(
        "A date was written with two digits for the year, or as a day number; it was read as well as it can be.",
        "Check it, and write YYYY-MM-DD or MM/DD/YYYY next time.",
        Severity.WARNING,
    ),
    "CENSUS-SSN": Code(
        "The SSN does not have nine digits.",
        "Correct it, or leave it empty.",
    ),
    "CENSUS-SSN-MASKED": Code(
        "The SSN is masked and was taken as not sent.",
        "Nothing to do for people whom we know. Type the SSN again for others.",
        Severity.WARNING,
    ),
    "CENSUS-MASKED": Code(
        "A cell that we had masked is masked still, and it is not known what stood there.",
        "Type the value again.",
    ),
    "CENSUS-ZERO-LOST": Code(
        "Leading zeros were lost, as spreadsheets do with numbers; they were put back.",
        "Check the value, and format the column as text.",
        Severity.WARNING,
    ),
    "CENSUS-RELATIONSHIP": Code(
        "The relationship is missing or not one that we know.",
        "Write Employee, Spouse, Domestic Partner or Child.",
    ),
    "CENSUS-TIER": Code(
        "The coverage level is not one that we know.",
        "Write Employee, Employee + Spouse, Employee + Children, Family or Waiver.",
    ),
    "CENSUS-STATUS": Code(
        "The status is not one that we know; it was left aside.",
        "Write Full-time, Part-time or COBRA. Where coverage ends, fill in the last covered day.",
    ),
    "CENSUS-WORD": Code(
        "The word is not one that we know; it was left aside.",
        "Write one of those that our template offers (`rollbook census template`), or leave it empty.",
        Severity.WARNING,
    ),
    "CENSUS-COLUMN-MISSING": Code(
        "A column that enrolling needs is missing.",
        "Add it, as in our template (`rollbook census template`), unless nobody is to be enrolled.",
        Severity.WARNING,
    ),
    "CENSUS-ACTION": Code(
        "The action is not one that we know.",
        f"Write {', '.join(MAINTENANCE.choices)}, or leave it empty.",
    ),
    "CENSUS-PLAN": Code(
        "The plan is missing or not one of the group's.",
        "Write the plan's code or name as in your agreement.",
    ),
    "CENSUS-NOT-OFFERED": Code(
        "The group does not offer this line of coverage; what stands there was left aside.",
        "Nothing to do, unless the line is to be offered: then ask us.",
        Severity.INFO,
    ),
    "CENSUS-KEY": Code(
        "The employee has neither an employee ID nor a family ID nor an SSN to be known by.",
        "Fill in one of them on the employee's row.",
    ),
    "CENSUS-FAMILY": Code(
        "The row belongs to no employee's row.",
        "Put it under the employee's row, or repeat the employee's or family's ID on it.",
    ),
    "CENSUS-WAIVED": Code(
        "Coverage is waived: nothing was added, and nothing ends by it.",
        "Nothing to do. To end coverage that is there, send Terminate with the last covered day.",
        Severity.INFO,
    ),
    "CENSUS-LEVEL": Code(
        "The employee waives, and with that this person, who is listed: not covered.",
        "Name the plan on this row, or choose another level, if the person is to be covered.",
        Severity.INFO,
    ),
}
