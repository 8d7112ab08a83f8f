"""The words of explanations: one sentence for each kind, the same for the desk and for whoever else asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from model.explained import Said, Says
from model.money.cents import format_dollars
from model.money.reasons import Reason
from model.timeline import Month
from writers.words import DECISIONS, PURPOSES, month, reason, tier, word

WORDS: Mapping[Says, str] = {
    Says.BY_FILE: "file {file}, segment {segment}, received {at}",
    Says.BY_ROW: "file {file}, row {segment}, received {at}",
    Says.BY_WHOLE_FILE: "file {file}, received {at}",
    Says.BY_OTHER: "a file of another sender, received {at}",
    Says.BY_STEP: "{purpose}, recorded {at}",
    # covered or not
    Says.COVERED: "Covered on {day} by {plans} of group {group} since {by}.",
    Says.HOLDS_LINE: "Holds {plans} of group {group} for dependents on {day} without being covered, since {by}.",
    Says.PENDING: "Not covered on {day}{lines}: what {by} asks for waits for a decision{item}.{why}",
    Says.HELD: (
        "Not covered on {day}{lines}: {by} is held with its whole set and changes nothing until it is released."
    ),
    Says.NOT_WORKED_ON: "Not covered on {day}{lines}: {by} came, and is not worked on to its end yet.",
    Says.REJECTED: "Not covered on {day}{lines}: {by} was rejected.{why}",
    Says.WAITING_PERIOD: (
        "Not covered on {day}{lines}: the waiting period is not over; the coverage of {by} begins on {begin}."
    ),
    Says.FUTURE: "Not covered on {day}{lines}: the coverage of {by} begins on {begin}.",
    Says.ENDED: "Not covered on {day}{lines}: the last covered day is {end}, by {by}.",
    Says.ENDED_DEATH: "Not covered on {day}{lines}: the last covered day is {end}, a death told by {by}.",
    Says.ENDED_NONPAYMENT: "Not covered on {day}{lines}: the last covered day is {end}, for nonpayment, by {by}.",
    Says.ENDED_AGE: "Not covered on {day}{lines}: the last covered day is {end}, for age ({by}).",
    Says.ENDED_COBRA: "Not covered on {day}{lines}: the last covered day is {end}, the end of COBRA, by {by}.",
    Says.ENDED_ABSENT: (
        "Not covered on {day}{lines}: the last covered day is {end}; {by} no longer names the member."
    ),
    Says.ENDED_SUBSCRIBER: (
        "Not covered on {day}{lines}: the last covered day is {end}, with the subscriber's, by {by}."
    ),
    Says.ENDED_AGREEMENT: (
        "Not covered on {day}{lines}: the last covered day is {end}, the end of the agreement; {by}."
    ),
    Says.TAKEN_BACK: "Not covered on {day}{lines}: {by} took the coverage back.",
    Says.WAIVED: "Not covered on {day}{lines}: declined in {by}.",
    Says.REPORTED: "Not covered on {day}{lines}: {by} was for checking only and changes nothing.",
    Says.ALSO_WAITS: "What {by} asks for waits for a decision{item}.{why}",
    Says.OTHER_GROUP: "In group {group} the last covered day is {end}, by {by}.",
    Says.NEVER_SENT: "Not covered on {day}{lines}: no file that came asks for it.",
    Says.NOBODY: "Nobody is known by this number, and no file that came asks for coverage of it.",
    # billed or not
    Says.BILLED: "Billed for {month} on {invoices}: {cents}.",
    Says.WITH_SUBSCRIBER: "Billed for {month} with the subscriber on {invoices}: {cents} for the family.",
    Says.STILL_BILLED: (
        "Still billed for {months}: {change} by {by}{known}, after the cutoff of {made} for invoice "
        "{invoice}; a credit of {credit_cents} is expected on the invoice for {next}."
    ),
    Says.CREDITED: (
        "Billed for {months}: {change} by {by}{known}, after the cutoff of {made} for invoice {invoice}; the "
        "credit of {credit_cents} is on invoice {given} for {month}."
    ),
    Says.CORRECTION_DUE: (
        "Billed otherwise than due for {months}: {change}, by {by}{known}; a correction of {cents} is "
        "expected on the invoice for {next}."
    ),
    Says.NOT_BILLED_YET: (
        "Not billed for {month} yet: that invoice is not made; {cents} is expected on the invoice for {next}."
    ),
    Says.AFTER_CUTOFF: (
        "Not billed for {month}: {by}, came after the cutoff of {made} for invoice {invoice}; {cents} is "
        "expected on the invoice for {next}."
    ),
    Says.CAUGHT_UP: (
        "Billed for {month} later, on {invoices}: {cents}, since {by}, came after that month's invoice."
    ),
    Says.INVOICE_HELD: (
        "Not billed for {month}: the invoice of {accounts} is held, since the month has no price ({codes})."
    ),
    Says.NOT_PRICED: "Not billed for {month}: the month has no price ({codes}); the others are billed.",
    Says.NOT_BILLED_LATER: "Not billed for {month} yet: the next invoice is the one for {next}.",
    Says.NEVER_BILLED: "Nothing is billed for {month}: no invoice is made for it, and by the terms none will be.",
    Says.NOTHING_TO_BILL: "Nothing is billed for {month} by the terms; invoice {invoice} has the others.",
    Says.TWICE_ACCOUNTS: "Billed twice for {month}: {line} is billed on the accounts {accounts}.",
    Says.TWICE_CONTRACTS: (
        "Billed twice for {month}: {line} is billed to two families of one person, {families}."
    ),
    Says.TWICE_CHARGED: "Billed twice for {month}: {line} was charged twice on {invoices}, {net_cents} in all.",
    Says.TAKEN_AND_BILLED: (
        "Not billed twice for {month}: {line} was billed, taken back and billed again on {invoices}, "
        "{net_cents} in all."
    ),
    # an invoice
    Says.INVOICE_ASKS: (
        "Invoice {invoice} for {month} asks {due_cents}: {current_cents} of the month, {retro_cents} of "
        "corrections, {prior_cents} from before, less {payments_cents} of payments and {credit_cents} of "
        "credit."
    ),
    Says.INVOICE_MOVED: (
        "Since the invoice before, what moved beside payments (returned payments, refunds, transfers, write-offs, "
        "fees) comes to {cents}; each is listed."
    ),
    Says.SELF_BILL_WAITS: "The payer bills itself for {month}: we compute {cents}, it has reported nothing yet.",
    Says.SELF_BILL_AGREES: "The payer bills itself for {month} and reported the {cents} that we compute.",
    Says.SELF_BILL_DIFFERS: (
        "The payer bills itself for {month}: we compute {computed_cents}, it reported {reported_cents}, which is "
        "{off_cents} and {people} people off, and waits for a decision."
    ),
    Says.SELF_BILL_ACCEPTED: (
        "The payer bills itself for {month}: we compute {computed_cents}, it reported {reported_cents}; that this "
        "is {off_cents} and {people} people off was accepted."
    ),
    Says.INVOICE_VOID: "Invoice {invoice} for {month} was voided: it owes nothing.",
    Says.INVOICE_SUBSCRIBER: (
        "Invoice {invoice} for {month} has {cents} for subscriber {subscriber}: {current_cents} of the "
        "month, {retro_cents} of corrections."
    ),
    Says.INVOICE_WITHOUT: "Invoice {invoice} for {month} has nothing for subscriber {subscriber}.",
    # a payment
    Says.PAID_ON: (
        "Payment {trace} of {amount_cents}: {cents} of it was recorded for account {account} on {at}, after "
        "the cutoff of {cutoff} for invoice {missed}: it is on invoice {invoice}, made on {made}."
    ),
    Says.PAID_FIRST: (
        "Payment {trace} of {amount_cents}: {cents} of it was recorded for account {account} on {at}: it is "
        "on invoice {invoice}, made on {made}."
    ),
    Says.PAID_NEXT: (
        "Payment {trace} of {amount_cents}: {cents} of it was recorded for account {account} on {at}, after "
        "the cutoff of {made} for invoice {invoice}, its last one: the next invoice shows it."
    ),
    Says.PAID_BEFORE: (
        "Payment {trace} of {amount_cents}: {cents} of it was recorded for account {account} on {at}, before "
        "it has any invoice: its first one shows it."
    ),
    Says.PAYMENT_AHEAD: (
        "Payment {trace} of {amount_cents}: {cents} of it is kept for {month} on account {account}: "
        "that month's invoice takes it."
    ),
    Says.PAYMENT_AHEAD_TAKEN: (
        "Payment {trace} of {amount_cents}: {cents} of it was kept for {month} on account {account}: invoice "
        "{invoice} took it."
    ),
    Says.PAYMENT_REFUNDED: "{cents} of that credit was paid back to the payer.",
    Says.PAYMENT_CREDIT: "{cents} of it became credit of account {account}: invoices made after it take it off.",
    Says.PAYMENT_SUSPENSE: (
        "Payment {trace} of {amount_cents}: {cents} of it is on no invoice, but in suspense: "
        "no account took it.{why}"
    ),
    Says.PAYMENT_WAITS: (
        "Payment {trace} of {amount_cents} is on no invoice: the bank's deposit for it has not come."
    ),
    Says.PAYMENT_STATE: "Payment {trace} of {amount_cents} is on no invoice: {state}.{why}",
    Says.PAYMENT_RETURNED: (
        "Payment {trace} of {amount_cents} was taken back by the bank on {day}: {reason}, return {back}. It pays "
        "nothing any more."
    ),
    Says.PAYMENT_REOPENED: (
        "Invoice {invoice} of account {account} is open again by {cents} of it; it was first due {due}."
    ),
    Says.PAYMENT_OWED: (
        "{cents} of it had left account {account} by then: debit memo {invoice} asks for it, due {due}."
    ),
    Says.DEPOSIT_RETURNED: (
        "The deposit {trace} of {amount_cents} was taken back by the bank on {day}: {reason}, return {back}."
    ),
    Says.DEPOSIT_ALONE: (
        "The deposit {trace} of {amount_cents}, received {day}, is on no invoice: no remittance says whose it is."
    ),
    Says.DEPOSIT_LEFT: "{cents} of it is no account's yet: nobody has said whose it is.",
    Says.DEPOSIT_VOID: "The deposit {trace} of {amount_cents}, received {day}, was voided.",
    Says.DEPOSIT_SPLIT: "The deposit {trace} of {amount_cents}, received {day}, is a lockbox's and was {split}.",
    # an account, a file
    Says.ACCOUNT_OWES: "Account {account} owes {cents} on {invoices}; the oldest of it is due {due}.",
    Says.ACCOUNT_CREDIT: "Account {account} owes nothing and has a credit of {cents}.",
    Says.ACCOUNT_KEPT: "{cents} is kept for {month}, which is not billed yet.",
    Says.ACCOUNT_EVEN: "Account {account} owes nothing and has no credit.",
    Says.FILE_STATE: "File {file} of {partner}, received {at}, ended {state}: {why}.",
    Says.FILE_WAITS: "File {file} of {partner}, received {at}, is not done: {why}.",
    Says.LINE_CAME: "Line {number} of file {file}{lines} came to {disposition}.{why}",
    Says.LINE_NOT_DECIDED: "Nothing was decided of it: {state}.{why}",
    # steps of a chronicle
    Says.RECEIVED: "File {file} came: {size} bytes, SHA-256 {sha256}",
    Says.ENVELOPE: "Set {control} ({kind}, bytes {start} to {end}): verdict {verdict}, {state}.{why}",
    Says.SENT: (
        "File {file}, {place} {segment} (record {number}, bytes {start} to {end}), set {control}; SHA-256 {sha256}"
    ),
    Says.MATCHED: "Taken for this member by {keys}.",
    Says.FIRST_MET: "The member was not known before: this record made the member known.",
    Says.CAME_TO: "{line}{plan}{disposition}{cause}{done}",
    Says.SAID: "{code} ({severity}): {why}",
    Says.FOUND: "Findings: {count}",
    Says.SILENT: "None of the {count} rules objects.",
    Says.BY_TERMS: (
        "By version {version} of the terms of {group}, of {at} (agreements {digest}, release {release})."
    ),
    Says.DECIDED: "{kind}{number}{people}{ground}{why}",
    Says.DECIDED_ABOUT: "About {line}.",
    Says.RECORDED: "{purpose}{by}",
    Says.OPENED: "Recorded: {line} {plan}{tier} from {begin}{end}.",
    Says.CLOSED: "No longer known: {line} {plan}{tier} from {begin}{end}.",
    Says.PLACED: "Recorded: in subgroup {subgroup} from {begin}{end}.",
    Says.PLACE_CLOSED: "No longer known: in subgroup {subgroup} from {begin}{end}.",
    Says.CHARGED: "{line} {plan}{tier}, {month}: {cents}.",
    Says.CORRECTED: "{line} {plan}, {month}: {cents}, {why}.",
    Says.CAUSED: "{line} {plan}, {month}: {cents}, {why}, by {by}.",
    Says.CORRECTED_MONTHS: "{line} {plan}, {months}: {cents}, {why}.",
    Says.CAUSED_MONTHS: "{line} {plan}, {months}: {cents}, {why}, by {by}.",
    Says.LEFT_OUT: "{line} {plan}, {month}: left out, {why}.",
    Says.EXPECTED: "Expected on the invoice for {month} of account {account}: {cents}",
    Says.EXPECTED_RETRO: "{line} {plan}, {month}: {cents}, {why}.",
    Says.ISSUED: "Invoice {invoice} for {month} of account {account}: {cents}",
    Says.PRIOR: "{what}: {cents}.",
    Says.PLAN_OF: "{plan}, {month}, {count} charges: {cents}.",
    Says.CORRECTIONS_BY: "{why}, {months}, {count} corrections by {by}: {cents}.",
    Says.CORRECTIONS_OF: "{why}, {months}, {count} corrections: {cents}.",
    Says.FOR_COVER: "For {plan} from {begin}{end}, known by {by}.",
    Says.REMITTED_OTHER: "The remittance came from another sender: {trace}, {cents}.",
    Says.REMITTED: "Remittance {number} came in file {file}: {trace}, {cents}.",
    Says.OWES_THEN: "Owes {cents} then.",
    Says.CREDIT_MOVED: "Credit, {what}: {cents}{invoice}.",
    Says.CREDIT_THEN: "Credit {cents} then.",
    Says.MOVED: "{what}: {cents}{invoice}.",
    Says.BANKED: "The bank reports a deposit: {trace}, {cents}, of {day}.",
    Says.ANSWERED: "Answered with {kind}, document {key}{at}.",
    Says.COUNTED: "{count} {what}.",
    # what is open, what to do
    Says.OPEN_ITEM: "Item {item}, {code}: {why} Open since {since}, due {due}.",
    Says.WAITS_ABOUT: "A record of file {file} waits for our decision: {why}",
    Says.DECIDE: "`rollbook work show {item}` tells what the decision would do, and who decides.",
    Says.SEND_AGAIN: "Send it again, corrected.{fix}",
    Says.SEND_ADD: "Send a record that asks for it.",
    Says.ASK_SENDER: "We decide it. {fix}",
    Says.WAIT_FOR_BILL: "Nothing: the invoice for {month} corrects it by itself.",
    Says.PROPOSED: "`rollbook verify` asks the books the same; tell a supervisor.",
    Says.PROPOSAL: "It may be for: {why}.",
    Says.SEND_REMITTANCE: (
        "Ask the payer for the 820, match the deposit (`rollbook payment list`), or say whose it is (`rollbook "
        "suspense list`)."
    ),
    Says.SEND_DEPOSIT: "It is posted when the bank reports the deposit.",
    Says.LOOK_AT_PAYMENTS: "`rollbook payment list` shows it, `rollbook suspense list` whose it may be.",
}

_KEYS = {
    "member-id": "the member ID",
    "family": "the subscriber number (REF*0F)",
    "first-name": "first name",
    "birth-date": "birth date",
    "ssn": "SSN",
}
# How a thing is joined to its sentence: {0} is its words; what is empty is left out.
_JOINED: Mapping[tuple[Says | None, str], str] = {
    (None, "lines"): " ({0})",
    (None, "why"): " {0}",
    (None, "item"): " (item {0})",
    (None, "fix"): " {0}",
    (None, "end"): " to {0}",
    (None, "tier"): " ({0})",
    (None, "known"): ", decided {0}",
    (Says.CAME_TO, "line"): "{0} ",
    (Says.CAME_TO, "plan"): "{0}: ",
    (Says.CAME_TO, "cause"): ", {0}",
    (Says.CAME_TO, "done"): ", {0}",
    (Says.DECIDED, "number"): ", decision {0}",
    (Says.DECIDED, "people"): " by {0}",
    (Says.DECIDED, "ground"): ", on the ground: {0}",
    (Says.DECIDED, "why"): ". Reason: {0}",
    (Says.RECORDED, "by"): ", by {0}",
    (Says.ANSWERED, "at"): ", delivered {0}",
    (Says.MOVED, "invoice"): ", {0}",
    (Says.CREDIT_MOVED, "invoice"): ", {0}",
}
_PLAIN = {  # stand in their sentences as they are
    Says.SAID: ("why",),
    Says.CORRECTED: ("why",),
    Says.CAUSED: ("why",),
    Says.CORRECTED_MONTHS: "{line} {plan}, {months}: {cents}, {why}.",
    Says.CAUSED_MONTHS: "{line} {plan}, {months}: {cents}, {why}, by {by}.",
    Says.LEFT_OUT: ("why",),
    Says.EXPECTED_RETRO: ("why",),
    Says.OPEN_ITEM: ("why", "item"),
    Says.WAITS_ABOUT: ("why",),
    Says.DECIDE: ("item",),
    Says.SEND_ADD: "Send a record that asks for it.",
    Says.ASK_SENDER: ("fix",),
    Says.FILE_STATE: ("why",),
    Says.FILE_WAITS: ("why",),
    Says.CORRECTIONS_BY: ("why",),
    Says.CORRECTED_MONTHS: ("why",),
    Says.CAUSED_MONTHS: ("why",),
    Says.CORRECTIONS_OF: ("why",),
    Says.PROPOSAL: ("why",),
}
_ENDS = (Says.FOR_COVER, Says.OPENED, Says.CLOSED, Says.PLACED, Says.PLACE_CLOSED)
_BY_CAUSE = (Says.CORRECTIONS_BY, Says.CORRECTIONS_OF, Says.CORRECTED_MONTHS, Says.CAUSED_MONTHS)
_OF_CHARGES = (*_BY_CAUSE, Says.CORRECTED, Says.CAUSED, Says.LEFT_OUT, Says.EXPECTED_RETRO)


def sentence(one: Said) -> str:
    """Return a sentence in words, its first letter large."""
    text = phrase(one)
    return text[:1].upper() + text[1:]


def phrase(one: Said) -> str:
    """Return what is said in words, as it stands within a sentence."""
    return WORDS[one.kind].format(**{name: _joined(one.kind, name, value) for name, value in one.about})


def _joined(kind: Says, name: str, value: object) -> str:
    text = _text(kind, name, value)
    if name in _PLAIN.get(kind, ()) or (name == "end" and kind not in _ENDS):
        return text
    form = _JOINED.get((kind, name)) or _JOINED.get((None, name))
    if form is None:
        return text
    text = text[:1].upper() + text[1:] if name == "why" else text
    return form.format(text) if text and value else ""


def _text(kind: Says, name: str, value: object) -> str:
    """Return the words of one thing that a sentence is about."""
    if isinstance(value, Said):
        return phrase(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return _listed(name, value)
    if isinstance(value, int):
        return _figure(kind, name, value)
    return _worded(kind, name, str(value))


def _figure(kind: Says, name: str, value: int) -> str:
    if name == "cents" or name.endswith("_cents"):
        return format_dollars(value)
    if kind is Says.DECIDED_ABOUT:
        return f"line {value}" if value else "the set as a whole"
    return f"{value:,}" if name in ("size", "count") else str(value)


def _worded(kind: Says, name: str, value: str) -> str:
    """Return the words of a code, or the text itself."""
    if name in ("month", "next"):
        return month(value)
    if name == "tier":
        return tier(value) if value else ""
    if name == "purpose":
        return word(PURPOSES, value.split()[0]) if value else "a step of ours"
    if name == "change" or (name == "why" and kind in _OF_CHARGES):
        return reason(Reason.read(value))
    if name == "kind" and kind is Says.DECIDED:
        return word(DECISIONS, value)
    if name == "cause" and kind is Says.CAME_TO:
        return "" if value == "SENT" else "follows from the subscriber's record"
    return value


def _listed(name: str, values: tuple[str, ...]) -> str:
    if name == "invoices":
        return f"invoice{'s' * (len(values) > 1)} {_and(values)}"
    if name == "months":
        return _months(values)
    if name == "keys":
        return _and(tuple(word(_KEYS, value) for value in values))
    if name == "plans":
        return f"plan{'s' * (len(values) > 1)} {_and(values)}"
    if name == "accounts":
        return _and(values) if len(values) > 1 else f"account {_and(values)}"
    return _and(values)


def _months(values: tuple[str, ...]) -> str:
    """Return months, three and more without a gap by the first and the last one."""
    first, last = Month.parse(values[0]), Month.parse(values[-1])
    if len(values) > 2 and first.plus(len(values) - 1) == last:
        return f"{month(values[0])} to {month(values[-1])}"
    return _and(tuple(map(month, values)))


def _and(values: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(values[:-1]), values[-1]))) if values else ""
