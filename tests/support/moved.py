"""An invoice on which everything moved that may."""

from datetime import date

from model.money.activity import Activity, InvoiceActivity

# What moved beside payments, with each line of the equation that it comes to.
ACTIVITY = (
    InvoiceActivity(Activity.REVERSAL, date(2027, 1, 7), "HM2026120001", 1246000),
    InvoiceActivity(Activity.REFUND, date(2027, 1, 8), "5001", 41250),
    InvoiceActivity(Activity.REFUND, date(2027, 1, 9), "5000", -12000),
    InvoiceActivity(Activity.TRANSFER, date(2027, 1, 8), "G10020-002", 51230),
    InvoiceActivity(Activity.TRANSFER, date(2027, 1, 9), "", -1030),
    InvoiceActivity(Activity.WRITE_OFF, date(2027, 1, 9), "100007", -99),
    InvoiceActivity(Activity.FEE, date(2027, 1, 7), "D1001", 2500),
)
MOVED = {
    "activity": ACTIVITY, "reversals": 1246000, "refunds": 29250, "transfers": 50200, "write_offs": 99,
    "fees": 2500,
}  # fmt: skip
