"""How a sender uses the guide: the switches that are the partner's.

Source: docs/domain.md, Switches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from model.agreement.grants import ALL_GRANTED, FullFile
from model.agreement.switches import Switch
from model.timeline import Dated
from model.trade.maintenance import BENEFITS_ENDED, UNBOUND
from model.trade.plausible import DOUBTS
from model.trade.references import GROUP_PLACES, HD04, MASTER_POLICY, MEMBER_PLACES, PLAN_PLACES, SUBGROUP_PLACES

FOLLOW = "follow"
END = "end"


@dataclass(frozen=True, slots=True)
class PartnerProfile:
    """How this sender uses the guide: each switch that is the partner's (docs/domain.md, Switches)."""

    group_from: Annotated[
        str,
        Switch(
            "Which REF names the group: `38` (the header's), `1L` (a member's), or `only`: the partner is "
            "granted one group",
            choices=(*GROUP_PLACES, "only"),
        ),
    ] = MASTER_POLICY
    group_length: Annotated[
        int, Switch("How many leading characters of that REF are the group's number; 0: all of it", most=50)
    ] = 0
    subgroup_from: Annotated[
        str,
        Switch(
            "Which member REF names the subgroup: `1L` (what follows group_length), another, or `only`: the "
            "group has one",
            choices=(*SUBGROUP_PLACES, "only"),
        ),
    ] = "only"
    member_id_from: Annotated[
        str, Switch("Which member REF carries our member ID; empty: none", choices=("", *MEMBER_PLACES))
    ] = ""
    audit_records: Annotated[
        str,
        Switch(
            "Every INS03 = 030 under BGN08 = 2: `hold` the set, or `compare`: apply each record's difference "
            "and imply nothing",
            choices=("hold", "compare"),
        ),
    ] = "hold"
    unknown_on_change: Annotated[
        str,
        Switch(
            "INS*001 with HD*021 for a subscriber we do not know: `add` with a warning, or `pend`",
            choices=("add", "pend"),
        ),
    ] = "add"
    plan_from: Annotated[
        str,
        Switch(
            "Where a line's plan rides: `HD04`, or a REF under HD (2300), and HD04 only where that is not sent",
            choices=(HD04, *PLAN_PLACES),
        ),
    ] = HD04
    plan_references: Annotated[
        str,
        Switch(
            "One plan of HD04 goes with several values of such a REF: `hold` the set, since the plans may ride "
            "there, or `ignore`: that REF is no plan",
            choices=("hold", "ignore"),
        ),
    ] = "hold"
    control_totals: Annotated[
        str,
        Switch(
            "The header's totals (QTY) are not what was counted: `hold` the set, or `warn`",
            choices=("hold", "warn"),
        ),
    ] = "hold"
    control_totals_count: Annotated[
        str,
        Switch(
            "What the totals count: the `records` of the set, or the `roster`: who is covered, then or later, "
            "once the set is applied",
            choices=("records", "roster"),
        ),
    ] = "records"
    plan_change: Annotated[
        str,
        Switch(
            "An add with another plan of the same line: `replace` (the old span ends the day before), or `pend`",
            choices=("replace", "pend"),
        ),
    ] = "replace"
    dependents_follow: Annotated[
        str,
        Switch(
            "The subscriber changes plan, and no record speaks of a dependent's line: it does `wait` in the old "
            "plan for a record of its own, or `follow` into the new one from the same day",
            choices=("wait", FOLLOW),
        ),
    ] = "wait"
    same_day_end_is_void: Annotated[bool, Switch("349 = 348 means that the coverage never was")] = False
    duplicate_interchanges: Annotated[
        bool, Switch("An ISA13 that came before makes a duplicate; false for senders who never change it")
    ] = True
    remittance_is_deposit: Annotated[
        bool,
        Switch("The 820 is itself the deposit; otherwise its cash waits for the bank", last=True),
    ] = False
    duplicate_days: Annotated[
        int,
        Switch(
            "For how many days after its receipt an ISA13 may not come again, for senders who start over; "
            "0: for ever. Contents are compared without such a limit",
            most=3660,
        ),
    ] = 0
    numbers_in_sequence: Annotated[
        bool,
        Switch("ISA13 counts up by one for us alone, so that a missing one is told; false for others"),
    ] = True
    absence: Annotated[
        Dated[str],
        Switch(
            "Who or what is not in a full file: `report` it, or `end` it at the month's end ([domain.md]"
            "(domain.md#absence))",
            choices=("report", END),
        ),
    ] = Dated("report")
    # What a full file (BGN08 = RX) holds: only who belongs there and is not in it is absent.
    full_file: FullFile = ALL_GRANTED
    premium_is_ours: Annotated[
        bool, Switch("AMT\\*P3 is our premium: one that differs from the terms is a warning")
    ] = False
    not_doubted: Annotated[
        tuple[str, ...],
        Switch("Rules of plausibility that this sender's records are not asked", choices=DOUBTS),
    ] = ()
    # X12 has no code of its own for either (docs/domain.md, Windows).
    loss_of_coverage_reasons: Annotated[
        tuple[str, ...],
        Switch("INS04 codes by which this sender says that other coverage was lost", choices=UNBOUND),
    ] = (BENEFITS_ENDED,)
    medicaid_reasons: Annotated[
        tuple[str, ...],
        Switch("INS04 codes by which it says that Medicaid or CHIP ended, or began to pay", choices=UNBOUND),
    ] = ()


AS_USUAL = PartnerProfile()
