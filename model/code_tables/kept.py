"""Finding codes: facts told of members, court orders, leave and layoff, a second family of one person."""

from __future__ import annotations

from model.code_tables import Code, mentioning
from model.finding import Severity

CODES = {
    "NOT-KEPT": Code(
        "Part of what the record says of the member is more than we keep; all else of it was taken.",
        "Nothing to do for the enrollment. Send us what is missing here in another way if we need it.",
        Severity.INFO,
    ),
    "LEAVE-ENDS": mentioning(
        "The leave or layoff is with benefits ({INS04}), and the record ends coverage: it waits for a person.",
        "Send the leave without an end, or the end with the reason for which benefits end.",
        Severity.PEND,
    ),
    "LEAVE-COBRA": mentioning(
        "A leave or layoff without benefits ({INS04}) ends nothing by itself: we look whether COBRA is due.",
        "Send the last covered day where coverage ends, and the family under COBRA where it is elected.",
        Severity.WARNING,
    ),
    "COBRA-MEANT": mentioning(
        "{INS04} says COBRA and {INS05} does not: the record waits for a person.",
        "Send {INS05 = C} with the event in {INS07}, or another reason.",
        Severity.PEND,
    ),
    "ORDER-KEPT": mentioning(
        "A court ordered that the child be covered, and the employee stays eligible: the end waits for a person.",
        "Nothing to do if the child stays covered. Otherwise tell us why the order does not hold any more.",
        Severity.PEND,
    ),
    "ORDER-ASKED": Code(
        "Another parent or a responsible person is named for the child: we look whether a court ordered it.",
        "Send who is responsible by the order in loop 2100G with NM101 = E1, or tell us that there is none.",
        Severity.INFO,
    ),
    "CONTRACT-TWICE": Code(
        "The person is covered through another family of the group on those days, and that waits for a person.",
        "Nothing to do if both are meant: we decide. Otherwise end the one, or leave the person out of the other.",
        Severity.PEND,
    ),
}
