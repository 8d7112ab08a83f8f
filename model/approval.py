"""Two people: who asked for a change of money or coverage, and who allowed it (docs/domain.md, Two people)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Approval:
    """A reason, the person who asked and another who approved. Empty texts: nobody did."""

    requested_by: str = ""
    approved_by: str = ""
    reason: str = ""

    @property
    def problem(self) -> str:
        """Say what is missing for two people to have decided, in words; empty when nothing is."""
        asked, allowed = _name(self.requested_by), _name(self.approved_by)
        if not asked or not allowed:
            return "it needs two people: one who asks for it and another who approves it"
        if asked == allowed:
            return f"{self.approved_by.strip()} asked for it and cannot approve it, too"
        return "" if self.reason.strip() else "it needs a reason"

    @property
    def detail(self) -> str:
        """Return the decision as the audit trail keeps it."""
        return f"requested by {self.requested_by}, approved by {self.approved_by}: {self.reason}"


NOBODY = Approval()


def _name(text: str) -> str:
    """Return a person's name as it is compared: one person does not become two by case or blanks."""
    return " ".join(text.split()).casefold()
