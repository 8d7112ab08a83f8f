"""What a record asks (INS03, HD01) and why (INS04): docs/domain.md, What a record asks; Member codes."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from model.trade.table import Row, Table


class Verb(StrEnum):
    """What one HD asks for."""

    OPEN = "open"  # be covered from a date: add, change, audit or reinstatement
    END = "end"
    INFORMATION = "information"  # 032: says something of the employee, covers nobody
    VOID = "void"
    CORRECT = "correct"
    CONFLICT = "conflict"  # an add inside a termination; no code asks it by itself
    UNKNOWN = "unknown"  # no code of the table


CHANGE: Final = "001"
DELETE: Final = "002"
ADD: Final = "021"
TERMINATE: Final = "024"
REINSTATE: Final = "025"
CORRECTION: Final = "026"
AUDIT: Final = "030"
INFORMATION: Final = "032"
MAINTENANCE = Table(
    "INS03",
    "834 loop 2000 INS03, loop 2300 HD01; X12 list 875",
    ("maintenance", "action"),
    (
        Row(ADD, "Add", Verb.OPEN, ("021", "21", "add", "a", "new", "new hire", "enroll", "addition")),
        Row(CHANGE, "Change", Verb.OPEN, ("001", "1", "change", "c", "update")),
        Row(
            TERMINATE,
            "Terminate",
            Verb.END,
            ("024", "24", "term", "t", "terminate", "termination", "cancel", "end", "delete", "drop"),
        ),
        Row(REINSTATE, "Reinstate", Verb.OPEN, ("025", "25", "reinstate", "reinstatement")),
        Row(
            AUDIT, "Audit or compare", Verb.OPEN, ("030", "30", "audit", "compare", "active", "none", "no change")
        ),
        Row(DELETE, "Delete", Verb.VOID),
        Row(CORRECTION, "Correction", Verb.CORRECT),
        Row(INFORMATION, "Employee information not applicable", Verb.INFORMATION),
    ),
    {ADD: "Add", CHANGE: "Change", TERMINATE: "Terminate"},
)
OPENING = frozenset(MAINTENANCE.having(Verb.OPEN))
OF_MEMBERS = frozenset(MAINTENANCE.having(Verb.OPEN, Verb.END, Verb.VOID))  # what INS03 may ask


class Effect(StrEnum):
    """What a maintenance reason does to the record it stands in, beside being kept."""

    NONE = "none"
    HIRED = "hired"  # an enrollment counts from the hire, within the window for new hires
    BORN = "born"  # from the birth, within the window for newborns
    JOINED = "joined"  # marriage, adoption: from the event, within its window
    DIED = "died"  # an end may reach back beyond the limit of late ends, and is moved by a person only
    DECLINES = "declines"  # a waiver: adds nothing, and ends nothing
    UNPAID = "unpaid"  # an end is moved by a person only
    CONTINUES = "continues"  # it is of COBRA, and INS05 says so, too
    SURVIVES = "survives"  # the family of an employee who died: as INS05 = S
    KEEPS = "keeps"  # a leave or layoff with benefits: an end sent with it waits
    LEAVES = "leaves"  # one without: COBRA may be to be offered, and it ends nothing by itself
    CORRECTS = "corrects"  # old and new identity are sent; a birth date may change
    GIVES_BACK = "gives back"  # an add or a change reinstates
    MOVES = "moves"  # the family moves to the subgroup named
    CHOSEN = "chosen"  # asked for in an open enrollment
    TELLS = "tells"  # the usual reason of an audit record


PREMIUM_PAID: Final = "10"  # of COBRA
ACTIVE: Final = "20"
DECLINED: Final = "26"
BENEFITS_ENDED: Final = "07"
TRANSFER: Final = "XT"
NOTIFICATION: Final = "XN"
REASONS = Table(
    "INS04",
    "834 loop 2000 INS04; X12 list 1203",
    ("reason",),
    (
        Row("01", "Divorce", Effect.NONE, ("01", "divorce")),
        Row("02", "Birth", Effect.BORN, ("02", "birth", "newborn"), "a newborn"),
        Row("03", "Death", Effect.DIED, ("03", "death")),
        Row("04", "Retirement", Effect.NONE, ("04", "retirement", "retired")),
        Row("05", "Adoption", Effect.JOINED, ("05", "adoption"), "an adoption"),
        Row("06", "Strike", Effect.NONE),
        Row(BENEFITS_ENDED, "Termination of benefits", Effect.NONE, ("07", "end of benefit", "benefit ended")),
        Row(
            "08",
            "Termination of employment",
            Effect.NONE,
            ("08", "end of employment", "employment ended", "terminated"),
        ),
        Row("09", "COBRA", Effect.CONTINUES),
        Row(PREMIUM_PAID, "COBRA premium paid", Effect.CONTINUES),
        Row("11", "Surviving spouse", Effect.SURVIVES),
        Row("14", "Voluntary withdrawal", Effect.NONE, ("14", "voluntary")),
        Row("15", "Primary care provider change", Effect.NONE),
        Row("16", "Quit", Effect.NONE, ("16", "quit", "resigned")),
        Row("17", "Fired", Effect.NONE, ("17", "fired")),
        Row("18", "Suspended", Effect.NONE),
        Row(ACTIVE, "Active", Effect.NONE),
        Row("21", "Disability", Effect.NONE),
        Row("22", "Plan change", Effect.NONE, ("22", "plan change")),
        Row("25", "Change in identifying data elements", Effect.CORRECTS),
        Row(DECLINED, "Declined coverage", Effect.DECLINES),
        Row("27", "Pre-enrollment", Effect.NONE),
        Row("28", "Initial enrollment", Effect.HIRED, ("28", "new hire", "initial enrollment"), "a new hire"),
        Row("29", "Benefit selection", Effect.CHOSEN, ("29", "open enrollment", "annual enrollment")),
        Row("31", "Legal separation", Effect.NONE, ("31", "separation")),
        Row("32", "Marriage", Effect.JOINED, ("32", "marriage"), "a marriage"),
        Row("33", "Personnel data", Effect.NONE),
        Row("37", "Leave of absence with benefits", Effect.KEEPS),
        Row("38", "Leave of absence without benefits", Effect.LEAVES),
        Row("39", "Layoff with benefits", Effect.KEEPS),
        Row("40", "Layoff without benefits", Effect.LEAVES),
        Row("41", "Re-enrollment", Effect.GIVES_BACK, ("41", "rehire", "re enrollment")),
        Row("43", "Change of location", Effect.NONE, ("43", "moved", "relocation")),
        Row("59", "Non-payment", Effect.UNPAID, ("59", "nonpayment")),
        Row("AA", "Dissatisfaction with office staff", Effect.NONE),
        Row("AB", "Dissatisfaction with medical care or services", Effect.NONE),
        Row("AC", "Inconvenient office location", Effect.NONE),
        Row("AD", "Dissatisfaction with office hours", Effect.NONE),
        Row("AE", "Unable to schedule appointments in a timely manner", Effect.NONE),
        Row("AF", "Dissatisfaction with physician's referral policy", Effect.NONE),
        Row("AG", "Less respect and attention time given than to other patients", Effect.NONE),
        Row("AH", "Patient moved to a new location", Effect.NONE),
        Row("AI", "No reason given", Effect.NONE),
        Row("AJ", "Appointment times not met in a timely manner", Effect.NONE),
        Row("AL", "Algorithm assigned benefit selection", Effect.NONE),
        Row("EC", "Member benefit selection", Effect.NONE),
        Row(NOTIFICATION, "Notification only", Effect.TELLS),
        Row(TRANSFER, "Transfer", Effect.MOVES, ("xt", "transfer")),
    ),
    {
        "28": "New hire",
        "29": "Open enrollment",
        "32": "Marriage",
        "02": "Birth",
        "05": "Adoption",
        "08": "End of employment",
        "41": "Rehire",
        TRANSFER: "Transfer",
    },
)


# In the place of INS04 of what a full file does not name, of which no record says anything.
NOT_NAMED = "absence"


class EndReason(StrEnum):
    """Why coverage ended, where that says who may move its end (docs/domain.md, Ends). Kept in the store."""

    SENT = ""  # an end as any other
    DEATH = "death"
    NONPAYMENT = "nonpayment"
    AGE = "age"
    COBRA = "cobra"  # COBRA's own length
    ABSENCE = "absence"  # a full file did not name the member: one that does takes it back while it lies ahead


_ENDED_BY = {Effect.DIED: EndReason.DEATH, Effect.UNPAID: EndReason.NONPAYMENT}
ENDED_BY: Final = {
    code: _ENDED_BY[effect].value for code, effect in REASONS.effects.items() if effect in _ENDED_BY
} | {NOT_NAMED: EndReason.ABSENCE.value}
BY_PERSON = frozenset({EndReason.DEATH, EndReason.NONPAYMENT, EndReason.AGE, EndReason.COBRA})  # who moves an end
# Reasons that open no window by themselves, so that a sender may agree on what event one of them tells.
UNBOUND = REASONS.having(Effect.NONE)
DEATHS = frozenset(REASONS.having(Effect.DIED))
HIRES = frozenset(REASONS.having(Effect.HIRED))
CHOSEN = frozenset(REASONS.having(Effect.CHOSEN))
CONTINUES = frozenset(REASONS.having(Effect.CONTINUES))
SURVIVORS = frozenset(REASONS.having(Effect.SURVIVES))
BENEFITS_KEPT = frozenset(REASONS.having(Effect.KEEPS))
# The employment, or its benefits, are over: the employee goes, and who is covered through the employee.
ENDS_OF_WORK = frozenset({"", NOT_NAMED, "04", "07", "08", "14", "16", "17", "29"}) | CONTINUES
BENEFITS_LEFT = frozenset(REASONS.having(Effect.LEAVES))
CORRECTIONS = frozenset(REASONS.having(Effect.CORRECTS))
GIVES_BACK = frozenset(REASONS.having(Effect.GIVES_BACK))
DECLINES = frozenset(REASONS.having(Effect.DECLINES))
MOVES = frozenset(REASONS.having(Effect.MOVES))
