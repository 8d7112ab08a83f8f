"""What an agreement makes of syntax verdicts: what is not ours to take, which errors pass, which answers are owed.

The judge knows no partner; these are pure functions over its verdicts, asked here and nowhere else. The channel
says who the partner is; ISA and GS must agree with it (docs/design.md, The channel). What is let pass is noted in
the 999 all the same (IK5*E, AK9*E) and the set is applied (docs/domain.md, The 999).

Two limits to what may be agreed (docs/domain.md, Acknowledgments): a TA1 that rejects is always owed, since
nothing else would tell the sender, and nothing that only answers us is answered, since two systems could go on for
ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from model.agreement.answers import ALWAYS, HARMLESS, ON_ERROR, REQUESTED, Answers
from model.agreement.terms import Carrier, Partner
from model.codes import CODES, found
from model.finding import Finding, Severity, Where
from model.trade.plausible import FARTHEST, WRITTEN
from model.x12 import (
    FunctionalGroup,
    FunctionalGroupVerdict,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
    TransactionSet,
    Verdict,
    counted_verdict,
    day_of,
)

_CHARACTERS = "6"  # IK403
_LEVELS = {"ST": "transaction set", "GS": "functional group", "ISA": "interchange"}
# Elements that hold a name or an address: what is misspelt in them identifies nobody.
_SPELT = {"NM1": range(3, 8), "N1": (2,), "N2": (1, 2), "N3": (1, 2), "N4": (1,), "PER": (2,)}


@dataclass(frozen=True, slots=True)
class Parties:
    """Between whom an interchange goes: we, and the partner of the channel that brought it, as agreed.

    `at` is the plan's local time of its receipt; `before` the file in which it came before, empty: in none.
    """

    carrier: Carrier | None
    partner: Partner
    at: datetime
    before: str = ""


def interchange_refusal(item: Interchange, parties: Parties) -> Finding | None:
    """Say why an interchange is not taken: it is not to us, or not from this partner, or came before."""
    where = Where(interchange=item.control, segment=item.segment, segment_id="ISA", offset=item.start)
    ours = parties.carrier.isa_ids if parties.carrier else ()
    if (item.receiver_qualifier, item.receiver) not in ours:
        return found("RECEIVER-NOT-US", replace(where, element=8))
    if (item.sender_qualifier, item.sender) not in parties.partner.isa_ids:
        return found("SENDER-NOT-PARTNER", replace(where, element=6))
    if parties.before:
        message = f"Interchange {item.control} has been received before, in file {parties.before}."
        return found("INTERCHANGE-SEEN", replace(where, element=13), message)
    return None


def far_off(item: Interchange, parties: Parties) -> Iterator[Finding]:
    """Yield a warning where an interchange was not written within FARTHEST days of its receipt.

    Usually another day's file was sent again, or a clock is wrong. A test (ISA15 = T) is not asked, nor is a
    sender whose profile says so (`not_doubted`); what is no date is another finding (ISA-DATE). ISA10 is minutes,
    and says nothing here (docs/domain.md, Plausibility).
    """
    written, received = day_of(item.date), parties.at.date()
    if written is None or item.usage == "T" or WRITTEN in parties.partner.profile.not_doubted:
        return
    days = (received - written).days
    if abs(days) > FARTHEST:
        side = "before" if days > 0 else "after"
        message = f"The interchange says that it was written on {written} (ISA09), {abs(days):,} days {side} we "
        message += f"received it on {received}."
        yield found(WRITTEN, replace(place_of(item), element=9), message)


def functional_group_refusal(item: FunctionalGroup, parties: Parties) -> Finding | None:
    """Say why a functional group is not taken: its application identities were not agreed."""
    carrier, partner = parties.carrier, parties.partner
    where = Where(group=item.control, segment=item.segment, segment_id="GS", offset=item.start)
    if partner.gs_ids and item.sender not in partner.gs_ids:
        return found("GROUP-NOT-OURS", replace(where, element=2))
    if carrier and carrier.gs_ids and item.receiver not in carrier.gs_ids:
        return found("GROUP-NOT-OURS", replace(where, element=3))
    return None


def lenient(verdict: SetVerdict, codes: Collection[str]) -> SetVerdict:
    """Return the verdict with IK501 = E and its errors as warnings, if all of them are agreed to pass.

    `codes` are IK403 codes; those not in model.agreement.answers.HARMLESS let nothing pass. A set with more
    findings than are listed stays rejected: nobody knows what the others are.
    """
    if verdict.verdict is not Verdict.REJECTED or not codes:
        return verdict
    errors = [finding for finding in verdict.findings if finding.severity is Severity.ERROR]
    listed = all(finding.code != "FINDINGS-MORE" for finding in verdict.findings)
    if not listed or not errors or not all(_passes(error, codes) for error in errors):
        return verdict
    findings = tuple(
        replace(finding, severity=Severity.WARNING) if finding.severity is Severity.ERROR else finding
        for finding in verdict.findings
    )
    return replace(verdict, verdict=Verdict.ERRORS, findings=findings)


def _passes(finding: Finding, codes: Collection[str]) -> bool:
    """Say whether an error may pass: an agreed and harmless code; characters only in names and addresses."""
    code, where = CODES[finding.code].ik403, finding.where
    if code not in HARMLESS or code not in codes:
        return False
    return code != _CHARACTERS or where.element in _SPELT.get(where.segment_id, ())


def functional_group(
    verdict: FunctionalGroupVerdict, sets: Sequence[str], passed: int, *, whole: bool
) -> FunctionalGroupVerdict:
    """Return a group's verdict counted again over its sets' letters (IK501) as agreed.

    `passed` of the sets the judge did not reject. `whole`: one rejected set rejects the group (AK9*R, none
    accepted), while each IK5 still says what its own set is. A group that is bad in itself stays rejected.
    """
    bad = verdict.verdict is Verdict.REJECTED and passed > 0
    if bad or any(finding.severity is Severity.ERROR for finding in verdict.findings):
        return verdict
    accepted = sum(set_letter != Verdict.REJECTED for set_letter in sets)
    flagged = sum(set_letter == Verdict.ERRORS for set_letter in sets)
    letter = counted_verdict(len(sets), accepted, flagged)
    if whole and letter is Verdict.PARTIAL:
        letter, accepted = Verdict.REJECTED, 0
    return replace(verdict, verdict=letter, accepted=accepted)


def refuse_functional_group(verdict: FunctionalGroupVerdict, finding: Finding) -> FunctionalGroupVerdict:
    """Return the verdict of a group that is not taken for what a finding says: AK9*R, none accepted."""
    codes = (CODES[finding.code].ak905,)
    findings = (*verdict.findings, finding)
    return replace(verdict, verdict=Verdict.REJECTED, codes=codes, findings=findings, accepted=0)


def refuse_interchange(verdict: InterchangeVerdict, finding: Finding) -> InterchangeVerdict:
    """Return the verdict of an interchange that is not taken for what a finding says: TA1 R with its code."""
    code = CODES[finding.code].ta105
    return replace(verdict, verdict=Verdict.REJECTED, code=code, findings=(*verdict.findings, finding))


def place_of(
    interchange: Interchange, group: FunctionalGroup | None = None, of_set: TransactionSet | None = None
) -> Where:
    """Return where the innermost of these levels begins."""
    at, name = (of_set, "ST") if of_set else (group, "GS") if group else (interchange, "ISA")
    controls = (interchange.control, group.control if group else "", of_set.control if of_set else "")
    return Where(*controls, at.segment, name, offset=at.start)


def lost(members: int, where: Where) -> tuple[Finding, ...]:
    """Say how many members are not applied with what is rejected there; nothing where it holds none."""
    if not members:
        return ()
    level = _LEVELS[where.segment_id]
    message = (
        f"The {level} is rejected, and with it {members:,} member record{'' if members == 1 else 's'}: "
        "none of them was applied."
    )
    return (found("MEMBERS-NOT-APPLIED", where, message),)


def answerable(*, heard: bool, groups: int) -> bool:
    """Say whether an interchange is answered at all: not if it only answers us.

    `heard`: there are acknowledgments in it; `groups`: how many functional groups of anything else.
    """
    return groups > 0 or not heard


def owes_ta1(wanted: Answers, verdict: str, *, requested: bool) -> bool:
    """Say whether a TA1 is owed. `verdict` is TA104; `requested`: ISA14 asks for it."""
    rejected = verdict == Verdict.REJECTED
    return rejected or _due(wanted.ta1, good=verdict == Verdict.ACCEPTED, requested=requested)


def owes_999(wanted: Answers, interchange: str, group: str) -> bool:
    """Say whether a 999 is owed for a group: AK901 is `group`; TA104 of its interchange, which is not rejected."""
    return interchange != Verdict.REJECTED and _due(wanted.ack999, good=group == Verdict.ACCEPTED)


def owes_824(wanted: Answers, *, good: bool) -> bool:
    """Say whether an 824 is owed for a set that was decided. `good`: all of it was taken."""
    return _due(wanted.advice824, good=good)


def _due(option: str, *, good: bool, requested: bool = False) -> bool:
    """Say whether an answer is to be sent. `good`: it accepts all; `requested`: the sender asked for it."""
    if option == REQUESTED:
        return requested
    return option == ALWAYS or (option == ON_ERROR and not good)
