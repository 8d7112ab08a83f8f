"""What is agreed and the installation, as it is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from model.approval import NOBODY, Approval

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.agreement.terms import Partner
    from model.people import Actor, Operator
    from pipeline.runtime.workspace import Settings, Workspace
    from pipeline.views import outcomes
    from pipeline.views.effects import TermsLoadView
    from pipeline.views.nights import NightView
    from pipeline.views.operators import OperatorSavedView
    from pipeline.views.partners import PartnerView


def load_terms(ws: Workspace, name: str, text: str, now: datetime, approval: Approval = NOBODY) -> TermsLoadView:
    """Load a terms file (TOML) of a name: nothing of it is stored where anything speaks against it."""
    from pipeline.setup import load_terms as loading
    from pipeline.views import effects

    loaded = loading.load_terms(ws, text, now, approval)
    return effects.terms_loaded(name, loaded.file if loaded.stored else None, loaded.effect, loaded.findings)


def add_partner(ws: Workspace, partner: Partner, now: datetime) -> PartnerView:
    """Add a partner, or change the one of this code. Raises model.naming.NotAName for codes that are none."""
    from pipeline.setup import agree
    from pipeline.views import partners

    return partners.partner_view(agree.add_partner(ws, partner, now))


def save_operator(ws: Workspace, operator: Operator, why: str, now: datetime) -> OperatorSavedView:
    """Add a person who works here, or make the one of this name as `operator` says."""
    from pipeline.setup import operators

    return operators.save(ws, operator, why, now)


def disable_operator(ws: Workspace, name: str, why: str, now: datetime) -> OperatorSavedView | None:
    """Let a person do nothing from `now` on. None: nobody has this name."""
    from pipeline.setup import operators

    return operators.disable(ws, name, why, now)


def init(settings: Settings, actor: Actor, now: datetime) -> outcomes.InitView:
    """Make the installation or bring it up to date. Raises InstallationError; then nothing was changed."""
    from pipeline.setup import installation

    return installation.init(settings, actor, now)


def go_on_restored(ws: Workspace, approval: Approval, now: datetime) -> outcomes.RestoredView:
    """Go on with a restored, older store: a finding for what it does not know. Raises ValueError with why not."""
    from pipeline.setup import restored
    from pipeline.views.findings import finding_values
    from pipeline.views.outcomes import RestoredView

    return RestoredView(finding_values(restored.go_on(ws, approval, now)))


def prune(ws: Workspace, older: int, approval: Approval, now: datetime) -> outcomes.PrunedView:
    """Take out of the store what is older than so many days and serves nobody. Raises ValueError with why not."""
    from pipeline.setup import prune as pruning

    return pruning.prune(ws, older, approval, now)


def run_night(
    ws: Workspace, now: datetime, *, whole: bool = False, progress: Callable[[str], None] = lambda part: None
) -> NightView:
    """Do what the night is behind with; `whole`: everything of `verify` (pipeline.nights.run)."""
    from pipeline.nights import run

    return run.run(ws, now, whole=whole, progress=progress)
