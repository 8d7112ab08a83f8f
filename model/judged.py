"""What comes out of a file that is judged, in file order: the stream that answers are folded from."""

from __future__ import annotations

from model.enrollment.events import EnrollmentEvent, SetHeader
from model.money.remittance import Remittance
from model.x12 import (
    FileVerdict,
    FunctionalGroup,
    FunctionalGroupVerdict,
    InboundAck,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
    TransactionSet,
)

# What a set or an interchange says: neither opens nor closes a level of the envelope.
Content = SetHeader | EnrollmentEvent | Remittance | InboundAck
Judged = (
    Interchange
    | FunctionalGroup
    | TransactionSet
    | Content
    | SetVerdict
    | FunctionalGroupVerdict
    | InterchangeVerdict
    | FileVerdict
)
