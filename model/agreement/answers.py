"""What a partner wants to be answered: the acknowledgment options of its agreement.

Source: docs/domain.md, Acknowledgments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from model.agreement.switches import Switch

# When an answer is sent.
REQUESTED, ALWAYS, ON_ERROR, NEVER = "requested", "always", "on_error", "never"

# IK403 codes that an agreement may let pass: what is wrong lies where nobody reads (3: too many elements, 12: too
# many repeats, 13: too many components, I10: an element that the guide does not use), or is the spelling of a name
# or an address (6: its characters). What is missing, or what a code, date or number says wrongly, never passes.
HARMLESS = ("3", "6", "12", "13", "I10")


@dataclass(frozen=True, slots=True)
class Answers:
    """Which acknowledgments a partner gets, and how strictly its sets are judged."""

    ta1: Annotated[
        str,
        Switch(
            "When a TA1 is sent; `requested`: if ISA14 asks for it. One that rejects is always sent: the "
            "sender will hear nothing else",
            choices=(REQUESTED, ALWAYS, ON_ERROR, NEVER),
        ),
    ] = REQUESTED
    ack999: Annotated[
        str,
        Switch(
            "When a 999 is sent; `on_error`: unless all is accepted; `never`: the business report says it",
            choices=(ALWAYS, ON_ERROR, NEVER),
        ),
    ] = ALWAYS
    advice824: Annotated[
        str, Switch("When an 824 says what became of a set", choices=(ALWAYS, ON_ERROR, NEVER))
    ] = NEVER
    rejection: Annotated[
        str, Switch("`group`: one rejected set rejects its whole functional group", choices=("set", "group"))
    ] = "set"
    accept_with_errors: Annotated[
        tuple[str, ...],
        Switch("IK403 codes that pass: noted in the 999 (IK5\\*E), the set is applied", choices=HARMLESS),
    ] = ()


USUAL = Answers()
