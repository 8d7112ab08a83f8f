"""What an agreement makes of syntax verdicts: errors let pass, groups that stand or fall whole, what is not taken.

The judge knows no partner; these are pure functions over its verdicts. What an agreement lets pass is noted in the
999 all the same (IK5*E, AK9*E) and the set is applied (docs/domain.md, The 999; model.agreement.answers).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from model.agreement.answers import HARMLESS
from model.codes import CODES
from model.finding import Finding, Severity
from model.x12 import FunctionalGroupVerdict, InterchangeVerdict, SetVerdict, Verdict, counted_verdict

_CHARACTERS = "6"  # IK403
# Elements that hold a name or an address: what is misspelt in them identifies nobody.
_SPELT = {"NM1": range(3, 8), "N1": (2,), "N2": (1, 2), "N3": (1, 2), "N4": (1,), "PER": (2,)}


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
