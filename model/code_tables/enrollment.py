"""Finding codes: enrollment. The fix is written for the benefits administrator who sent the file."""

from __future__ import annotations

from model.code_tables import Code, mentioning
from model.finding import Severity
from model.trade.maintenance import MAINTENANCE

_SETS = {
    "SET-RESUBMISSION": Code(
        "The set says that it is a resubmission (BGN01 = 15) but not of what: BGN06 is empty.",
        "Put the BGN02 of the original into BGN06, or send it as an original (BGN01 = 00).",
    ),
    "SET-ACTION": Code(
        "BGN08 does not say what the set is: changes (2), verification (4) or replacement (RX).",
        "Send BGN08 = 2 for changes, RX for a full file, 4 for a comparison without effect.",
    ),
    "SET-COPY": Code(
        "The set is an information copy (BGN01 = 22): it was compared and reported, nothing was changed.",
        "Nothing to do; send BGN01 = 00 when it is meant to be applied.",
        Severity.INFO,
    ),
    "SET-VERIFY": Code(
        "The set asks for verification (BGN08 = 4): it was compared and reported, nothing was changed.",
        "Nothing to do; send BGN08 = 2 or RX when it is meant to be applied.",
        Severity.INFO,
    ),
    "SET-ALL-AUDIT": mentioning(
        "The set is sent as changes (BGN08 = 2) but every member is an audit record ({INS03 = 030}): "
        "whether it is a full file cannot be told, so it is held.",
        "Send full files with BGN08 = RX, or agree with us that your audit records are compared and applied.",
        Severity.PEND,
    ),
}

_RULES = {
    "GROUP-KNOWN": mentioning(
        "The group is not one that you may send for.",
        "Check the group number against {the companion guide}, or ask us to extend your authority to the group.",
    ),
    "OUTSIDE-GRANT": Code(
        "The record would change days or members that you may not send for.",
        "Send only what concerns your own subgroups from their own days on, or ask us to extend your authority.",
    ),
    "SUBGROUP-KNOWN": mentioning(
        "The subgroup is unknown in this group, or not open on that day.",
        "Send one of the group's subgroup codes {where your profile says}, or ask us to add this one.",
    ),
    "SUBGROUP-CHANGED": mentioning(
        "The family would move to another subgroup, and that waits for a person.",
        "Send the subscriber's record with the new subgroup and the day of the move in {DTP*303}, and the "
        "new plan where the old one is not offered there.",
        Severity.PEND,
    ),
    "MAINTENANCE-KNOWN": mentioning(
        "The maintenance type is not one that we process here.",
        "Send 021 to add, 001 to change, 024 to terminate, 025 to reinstate or 030 for audit records, in {INS03} "
        "and in each {HD01}.",
        census=(
            "",
            f"Write {', '.join(MAINTENANCE.choices)} in Action, or leave it empty to have the row compared.",
        ),
    ),
    "REINSTATE-CLEAR": mentioning(
        "The reinstatement waits for a person's decision; nothing was changed.",
        "Send {HD*025} with the plan and the first covered day in {DTP*348} for each line, or wait "
        "for our answer.",
        Severity.PEND,
    ),
    "LINES-NOT-NAMED": mentioning(
        "The reinstatement names no line of coverage: the member is eligible again, and nothing is covered yet.",
        "Send {HD*025} with the plan and the first covered day in {DTP*348} for each line, or wait "
        "for our answer.",
        Severity.PEND,
    ),
    "NOTHING-TO-REINSTATE": mentioning(
        "The member's coverage has not ended; nothing was changed.",
        "Nothing to do if the member is covered as you know it; otherwise send the line with {HD*025} and "
        "{DTP*348}.",
        Severity.WARNING,
    ),
    "VOID-PENDS": mentioning(
        "To delete coverage as if it never was waits for a person's decision; nothing was changed.",
        "Nothing to do if that is meant. To end coverage send {HD*024} with the last covered day in {DTP*349}.",
        Severity.PEND,
    ),
    "CORRECTION-PENDS": mentioning(
        "A correction record (026) waits for a person's decision; nothing was changed.",
        "Send 001 with the right values and the date from which they hold, or wait for our answer.",
        Severity.PEND,
        census=(
            "A correction waits for a person's decision; nothing was changed.",
            "Send Action = Change with the right values and the date from which they hold, or wait "
            "for our answer.",
        ),
    ),
    "DEATH-NOTED": mentioning(
        "A date of death was sent; by itself it ends no coverage.",
        "Send a termination ({INS03 = 024}, {INS04} = 03) with the last covered day.",
        Severity.WARNING,
    ),
    "DATES-SANE": mentioning(
        "The dates of the record cannot be used.",
        "Send the first covered day in {DTP*348} and the last one in {DTP*349}.",
        app824="009",
    ),
    "DATES-TWICE": mentioning(
        "The record ends eligibility ({DTP*357}) and lines of coverage ({DTP*349}): each line ends on its own "
        "date, all others on the eligibility date.",
        "Send one of the two unless that is meant.",
        Severity.WARNING,
        census=("The row has two last covered days: each benefit ends on its own, all others on the row's.", ""),
    ),
    "LINE-UNKNOWN": mentioning(
        "The group has no such line of coverage.",
        "Check {HD03} against {the companion guide} of the group.",
    ),
    "PLAN-UNKNOWN": mentioning(
        "The group has no such plan in this line of coverage.",
        "Check {HD04} against the group's plan codes, or ask us to add what you send for the plan.",
    ),
    "PLAN-OFFERED": mentioning(
        "The plan is not offered on that day, or not to this subgroup.",
        "Send a plan that is offered on the first covered day, or correct {DTP*348}.",
    ),
    "TIER-VALID": mentioning(
        "The coverage level is not one that the plan has.",
        "Send one of the plan's levels in {HD05} of the subscriber's record.",
    ),
    "AGED-OFF": mentioning(
        "Coverage would begin after the child has reached the age limit.",
        "Remove the child, or send {INS10 = Y} with proof for a disabled child.",
    ),
    "WAITING-PERIOD": mentioning(
        "Coverage would begin before the group's waiting period is over.",
        "Send the first day after the waiting period in {DTP*348}, or correct the hire date.",
    ),
    "WINDOW-OPEN": mentioning(
        "The enrollment was asked for after the event's window had closed.",
        "Send the day of the signature in {DTP*300} if it was asked for in time, or enroll at open enrollment.",
        Severity.PEND,
    ),
    "SPOUSE-ONCE": mentioning(
        "Two spouses would be covered in one line on the same day.",
        "End the former spouse's coverage with {INS03 = 024} and send both records together.",
        Severity.PEND,
    ),
    "COBRA-EVENT": mentioning(
        "The COBRA enrollment waits for a person.",
        "Send {INS05 = C}, the event in {INS07}, and the day after the loss of coverage in {DTP*348}.",
        Severity.PEND,
    ),
    "SSN-TWICE": mentioning(
        "Two different people in this {set} carry the same SSN: neither record can be trusted.",
        "Correct the SSN, first name or birth date of one of them and send both again.",
    ),
    "SUBSCRIBER-PRESENT": mentioning(
        "The dependent's subscriber is not there.",
        "Send the subscriber's record with the same {REF*0F}, in this {set} or before it.",
    ),
    "MATCH-CLEAR": mentioning(
        "It is not clear which person the record is about.",
        "Check {REF*0F}, birth date, first name and SSN. Send corrections of identity as "
        "{INS*001*25 with NM1*70}.",
        Severity.PEND,
    ),
    "MEMBER-KNOWN": mentioning(
        "The member is not on the roster.",
        "Send new members as an add ({INS03 = 021}) with their coverage; check {REF*0F} for those you think we "
        "have.",
        Severity.PEND,
    ),
    "RETRO-TERM": Code(
        "Coverage in force would be ended before the day of receipt: a possible rescission.",
        "Tell us why it is late and that no contribution was taken after the end, or send a later end.",
        Severity.PEND,
    ),
}

_ROSTER = {
    "COVERAGE-ENDED": mentioning(
        "Coverage of this line has ended, and the record would bring it back.",
        "Send a reinstatement ({INS03 = 025}) if that is meant; a new enrollment begins after the end.",
        Severity.PEND,
    ),
    "COVERAGE-ENDED-KEPT": mentioning(
        "The record repeats coverage that has ended; the end was kept.",
        "Nothing to do if the end is right; otherwise send a reinstatement ({INS03 = 025}).",
        Severity.WARNING,
    ),
    "PLAN-SUPERSEDED": Code(
        "The record repeats a plan that a later one has followed; the later one was kept.",
        "Nothing to do if the later plan is right; otherwise send the plan with the day from which it holds.",
        Severity.WARNING,
    ),
    "PLAN-CHANGE-PENDS": mentioning(
        "The member has another plan of this line; the change waits for a person, as agreed in {your profile}.",
        "Send {HD*024} for the old plan with its last covered day, or wait for our answer.",
        Severity.PEND,
    ),
    "CHANGE-RETRO": Code(
        "A change of plan or level would reach back further than the group's limit for late changes.",
        "Send the day from which it holds within the limit, or wait for our answer.",
        Severity.PEND,
    ),
    "COVERAGE-OVERLAP": Code(
        "The coverage would run into another span of the same line; spans never overlap.",
        "Send the last covered day before the other span, or end that one first.",
        Severity.PEND,
    ),
    "PLANS-TWICE": Code(
        "The record opens two plans of one line from the same day.",
        "Send one plan per line, or different first days.",
        Severity.PEND,
    ),
    "LINE-WAITS": mentioning(
        "Another {HD} of this line in the record waits for a decision, or is refused though the line was to go on "
        "with it; what a record does to a line waits together.",
        "Nothing to do for {an HD} that waits with another. Where the other is refused, send both again, right.",
        Severity.PEND,
    ),
    "LINE-UNCLEAR": mentioning(
        "What the record says of this line contradicts itself: read again, it would change the line once more.",
        "Send one {HD} for each plan of the line, with its first and last covered day, as coverage is to be.",
        Severity.PEND,
    ),
    "NOTHING-TO-END": mentioning(
        "There is no such coverage to end; nothing was changed.",
        "Nothing to do if the member never had it; otherwise check {HD03}, {HD04} and {REF*0F}.",
        Severity.WARNING,
    ),
    "ALREADY-ENDED": mentioning(
        "The coverage has already ended, earlier; that end was kept.",
        "Nothing to do if the earlier end is right; otherwise send a reinstatement ({INS03 = 025}).",
        Severity.WARNING,
    ),
    "SUBSCRIBER-NOT-COVERED": Code(
        "The dependent would be covered in a line in which the subscriber is not covered on that day.",
        "Send the subscriber's coverage of the line from that day or earlier; dependents alone wait.",
        Severity.PEND,
    ),
    "DEPENDENTS-LEFT": mentioning(
        "The subscriber's coverage of this line would end while dependents stay covered in it.",
        "Send {HD*024} for each dependent too, or {DTP*357} on the subscriber, which ends the family.",
        Severity.PEND,
    ),
    "TIER-TOO-SMALL": mentioning(
        "The subscriber's coverage level does not cover all the dependents of this line.",
        "Send the subscriber's new level in {HD05} with the day from which it holds, together with the "
        "dependents.",
        Severity.PEND,
    ),
    "TIER-TOO-LARGE": mentioning(
        "The subscriber's coverage level is richer than the covered dependents need; it was kept.",
        "Send a smaller level in {HD05} if the family pays for too much.",
        Severity.WARNING,
    ),
    "PLAN-DIFFERS": mentioning(
        "Dependents stay in another plan of this line than the subscriber.",
        "Send the dependents' records with the new plan, too, or agree that they follow{ (dependents_follow)}.",
        Severity.WARNING,
    ),
    "IDENTITY-KEPT": mentioning(
        "The birth date or SSN differs from the roster; the stored one was kept.",
        "Send {INS03 = 001} with {INS04} = 25 and the old values in NM1*70 to correct an identity.",
        Severity.WARNING,
        census=("", "Nothing to do if ours is right; otherwise ask us to correct the birth date or SSN."),
    ),
    "FACTS-WAIT": Code(
        "What the record changes of the person's data (name, birth date, SSN, address, phone, e-mail) waits for a "
        "person's check; the stored data were kept. Coverage was decided as sent.",
        "Nothing to do: what you sent is kept, and we ask you if it is not clear.",
        Severity.PEND,
    ),
    "RESTRICTION-KEPT": Code(
        "INS13 = U was sent for a member whose address, phone and e-mail are confidential (INS13 = R). They stay "
        "so until a person decides; all else of the record was decided as sent.",
        "Nothing to do if the member asked for it: we ask you. Otherwise send INS13 = R, or leave it out.",
        Severity.PEND,
    ),
    "RELATIONSHIP-KEPT": mentioning(
        "The relationship differs from the roster; the stored one was kept.",
        "Ask us to change it; a former spouse's coverage is ended with {HD*024}.",
        Severity.WARNING,
    ),
}

CODES: dict[str, Code] = {**_SETS, **_RULES, **_ROSTER}
