"""What a partner wants to be answered: the acknowledgment options of its agreement.

Source: docs/domain.md, Acknowledgments.
"""

from __future__ import annotations

from dataclasses import dataclass

# When an answer is sent.
REQUESTED, ALWAYS, ON_ERROR, NEVER = "requested", "always", "on_error", "never"

# IK403 codes that an agreement may let pass: what is wrong lies where nobody reads (3: too many elements, 12: too
# many repeats, 13: too many components, I10: an element that the guide does not use), or is the spelling of a name
# or an address (6: its characters). What is missing, or what a code, date or number says wrongly, never passes.
HARMLESS = ("3", "6", "12", "13", "I10")


@dataclass(frozen=True, slots=True)
class Answers:
    """Which acknowledgments a partner gets, and how strictly its sets are judged."""

    # "requested": if ISA14 asks for it. A TA1 that rejects is always sent: it is all that the sender will hear.
    ta1: str = REQUESTED
    ack999: str = ALWAYS  # "on_error": unless all is accepted; "never": the business report says it
    advice824: str = NEVER  # 824 on what became of each set: "on_error" or "always"
    rejection: str = "set"  # "group": one rejected set rejects its whole functional group
    accept_with_errors: tuple[str, ...] = ()  # of HARMLESS: noted in the 999 (IK5*E), the set is applied


USUAL = Answers()


def due(option: str, *, good: bool, requested: bool = False) -> bool:
    """Say whether an answer is to be sent. `good`: it accepts all; `requested`: the sender asked for it."""
    if option == REQUESTED:
        return requested
    return option == ALWAYS or (option == ON_ERROR and not good)
