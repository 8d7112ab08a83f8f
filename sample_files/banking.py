"""What a bank sends, invented: writers that count, sum and hash as the formats say, and the samples of bank/."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

ACCOUNT, ROUTING = "4000123456", "12200023"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a statement: a BAI type code, cents, references, text."""

    code: str
    cents: int
    reference: str = ""
    customer: str = ""
    text: str = ""
    funds: str = "0"


@dataclass(frozen=True, slots=True)
class Returned:
    """One returned entry: its reason, cents, the original trace, the trace of the return."""

    code: str
    cents: int
    original: str
    trace: str
    transaction: str = "26"
    company: str = ""


def bai2(
    entries: Sequence[Entry], day: date, *, account: str = ACCOUNT, status: str = "1", wide: int = 0
) -> bytes:
    """Write a statement of one account; `wide` breaks a detail's text into continuations of so many letters."""
    credits = sum(each.cents for each in entries if "101" <= each.code < "400")
    details: list[str] = []
    for each in entries:
        head = f"16,{each.code},{each.cents},{each.funds},{each.reference},{each.customer},"
        pieces = [each.text[at : at + wide] for at in range(0, len(each.text), wide)] if wide else [each.text]
        details.append(head + (pieces[0] if pieces and pieces[0] else "/"))
        details += [f"88,{piece}" for piece in pieces[1:]]
    summed = f",100,{credits},," if credits else ",,,,"
    lines = [f"03,{account},USD{summed}/", *details]
    total = credits + sum(each.cents for each in entries)
    lines.append(f"49,{total},{len(lines) + 1}/")
    stamp = day.strftime("%y%m%d")
    group = [f"02,999000111,{ROUTING}0,{status},{stamp},2359,USD,2/", *lines]
    group.append(f"98,{total},1,{len(group) + 1}/")
    whole = [f"01,{ROUTING}0,999000111,{stamp},0600,1,,,2/", *group]
    whole.append(f"99,{total},1,{len(whole) + 1}/")
    return ("\n".join(whole) + "\n").encode()


def nacha(returns: Iterable[Returned], day: date) -> bytes:
    """Write a file of returns with one batch."""
    stamp, entries, count, debits, credits, hashed = day.strftime("%y%m%d"), [], 0, 0, 0, 0
    for each in returns:
        entries.append(
            f"6{each.transaction}{ROUTING}{check_digit(ROUTING)}{'55501':<17}{each.cents:010d}"
            f"{each.company:<15}{'PREMIUM PAYER':<22}  1{each.trace:0>15}"
        )
        entries.append(f"799{each.code}{each.original:0>15}{'':6}{ROUTING}{'':44}{each.trace:0>15}")
        count, hashed = count + 2, hashed + int(ROUTING)
        debits += each.cents if each.transaction[1] in "6789" else 0
        credits += each.cents if each.transaction[1] in "1234" else 0
    sums = f"{hashed % 10**10:010d}{debits:012d}{credits:012d}"
    julian = f"{day.timetuple().tm_yday:03d}"
    lines = [
        f"101 {ROUTING}0 {'999000111':>9}{stamp}0600A094101{'THE PLAN':<23}{'THE BANK':<23}{'':8}",
        f"5200{'THE PLAN':<16}{'':20}{'1999000111':<10}PPD{'PREMIUM':<10}{'':6}{stamp}{julian}1{ROUTING}0000001",
        *entries,
        f"8200{count:06d}{sums}{'1999000111':<10}{'':19}{'':6}{ROUTING}0000001",
    ]
    blocks = -(-(len(lines) + 1) // 10)
    lines.append(f"9000001{blocks:06d}{count:08d}{sums}{'':39}")
    lines += ["9" * 94] * (blocks * 10 - len(lines))
    return ("\n".join(lines) + "\n").encode()


def check_digit(bank: str) -> str:
    """Return the check digit of a routing number's eight digits."""
    return str(-sum(int(digit) * weight for digit, weight in zip(bank, (3, 7, 1) * 3, strict=False)) % 10)


LOCKBOX_MAP = """
name = "LB7"
date = "%m/%d/%Y"
[columns]
amount = "Check Amount"
cheque = "Check Number"
date = "Deposit Date"
account = "Account"
invoice = "Invoice"
payer = "Payer"
batch = "Batch"
"""


LOCKBOX = LOCKBOX_MAP.lstrip().encode()


def lockbox(cheques: Iterable[tuple[str, int, str, str]], day: date, batch: str = "1") -> bytes:
    """Write cheques (number, cents, account, invoice) of one day and batch."""
    rows = ["Batch,Deposit Date,Check Number,Check Amount,Payer,Account,Invoice"]
    rows += [
        f"{batch},{day:%m/%d/%Y},{number},{cents // 100}.{cents % 100:02d},,{account},{invoice}"
        for number, cents, account, invoice in cheques
    ]
    return ("\n".join(rows) + "\n").encode()


def allocation(rows: Iterable[tuple[str, ...]]) -> bytes:
    """Write an allocation: the payment's trace, company, amount; invoice, account, subscriber, month, amount."""
    head = "Payment Trace,Payer Company,Payment Amount,Invoice,Account,Subscriber,Month,Amount"
    return "\n".join([head, *(",".join(row) for row in rows), ""]).encode()


def demo() -> dict[str, bytes]:
    """Return what the demo's bank sends: cheques for what two accounts are short of, their credit, and a wire."""
    day = date(2027, 3, 10)
    short = [("5103", 44_000, "", "100002"), ("5104", 12_103, "", "100004")]
    came = [
        Entry("115", 56_103, "27069000101", "", "LOCKBOX LB7 2 ITEMS"),
        Entry("195", 399_298, "27069000102", "WIRE8810", "FAMILY PREMIUM"),  # of nobody, as much as 100009 is open
    ]
    sent = {"lockbox.csv": lockbox(short, day), "statement.bai": bai2(came, day), "lockbox.toml": LOCKBOX}
    return {f"first-bank/{name}": data for name, data in sent.items()}


def files() -> dict[str, bytes]:
    """Return the samples of bank/: they go with Harbor Mills' terms and the first invoices of its demo."""
    day = date(2026, 12, 30)
    paid = "HARBOR MILLS MFG CCD TRN*1*HM2026120077*1990000001"
    statement = bai2(
        [
            Entry("142", 250_000, "26365000101", "", paid, "1"),
            Entry("115", 150_000, "26365000102", "", "LOCKBOX LB7 2 ITEMS", "S,50000,75000,25000"),
            Entry("195", 40_000, "26365000103", "WIRE7731", "PREMIUM CO ID: 1990000002", "V,261231,"),
            Entry("475", 12_500, "26365000104", "1001"),
            Entry("698", 1_500, "26365000105", "", "ANALYSIS FEE"),
            Entry("555", 30_000, "26365000106", "5009", "NSF"),
        ],
        day,
        wide=36,
    )
    cheques = lockbox([("5001", 100_000, "41000100", ""), ("5002", 50_000, "", "100001")], day, "7")
    returns = nacha(
        [Returned("R01", 25_000, "122000230000311", "91000017"), Returned("R61", 700, "12", "91000018")], day
    )
    lines = [
        ("CHK4471", "1990000001", "150.00", "100001", "", "", "", "100.00"),
        ("", "", "", "", "41000100", "", "2027-02", "50.00"),
    ]
    return {
        "statement.bai": statement,
        "wrong-total.bai": statement.replace(b"49,", b"49,1", 1),
        "confirms.bai": bai2([Entry("301", 1_000, "26365000201", "FAQ1")], day),
        "lockbox.csv": cheques,
        "lockbox.toml": LOCKBOX,
        "returns.ach": returns,
        "allocation.csv": allocation(lines),
    }
