"""The door: what the command line and the flows ask for that changes anything, each by a function of its own.

They go to no verb directly (an import contract), so that there is one place where an input is named, with who asks
and when. A verb is imported when it is asked for: a command loads nothing of the others.
"""

from __future__ import annotations

from pipeline.inputs.banked import allocate, load_bank, match_bank, void_bank
from pipeline.inputs.books import add_deposit, bill, match_deposit, reconcile, void_deposit, void_invoice
from pipeline.inputs.files import (
    SETTLE,
    answer,
    apply,
    deliver,
    deliver_again,
    deliver_answers,
    fetch,
    judge,
    receive,
    receive_expected,
    resume,
    retry,
    sweep,
)
from pipeline.inputs.installed import (
    add_partner,
    disable_operator,
    go_on_restored,
    init,
    load_terms,
    prune,
    run_night,
    save_operator,
)
from pipeline.inputs.people import (
    assign_work,
    decide_work,
    end_coverage,
    export_roster,
    lift_order,
    look_at_desk,
    note_work,
    rearrange,
    record_order,
    show_work,
    undo,
    unrestrict,
)

__all__ = [
    "SETTLE",
    "add_deposit",
    "add_partner",
    "allocate",
    "answer",
    "apply",
    "assign_work",
    "bill",
    "decide_work",
    "deliver",
    "deliver_again",
    "deliver_answers",
    "disable_operator",
    "end_coverage",
    "export_roster",
    "fetch",
    "go_on_restored",
    "init",
    "judge",
    "lift_order",
    "load_bank",
    "load_terms",
    "look_at_desk",
    "match_bank",
    "match_deposit",
    "note_work",
    "prune",
    "rearrange",
    "receive",
    "receive_expected",
    "reconcile",
    "record_order",
    "resume",
    "retry",
    "run_night",
    "save_operator",
    "show_work",
    "sweep",
    "undo",
    "unrestrict",
    "void_bank",
    "void_deposit",
    "void_invoice",
]
