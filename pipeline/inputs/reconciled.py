"""What comes back of reconciliations, as it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.runtime.workspace import Workspace
    from pipeline.views.reconciled import AnswersView


def answer_reconciled(ws: Workspace, data: bytes, now: datetime) -> AnswersView:
    """Carry out what the answer column of a reconciliation's workbook says."""
    from pipeline.decisions import reconciled

    return reconciled.answer(ws, data, now)
