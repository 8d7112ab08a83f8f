"""Which schema each command's JSON answer has: its name, its type, who answers with one and who with a list."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.views.accounts import AccountView
from pipeline.views.allocated import AllocatedView
from pipeline.views.arrears import DelinquencyShownView, DelinquencyView, NonpaymentView, ShortView
from pipeline.views.backtested import BacktestView
from pipeline.views.bank import BankLineView, BankListView, BankLoadedView, BankOutcomeView
from pipeline.views.books import VerifyView
from pipeline.views.checked import CheckView
from pipeline.views.decided import WorkDecisionView
from pipeline.views.effects import EndCoverageView, TermsLoadView
from pipeline.views.exchanged import ExchangeView
from pipeline.views.explained import ExplainedView
from pipeline.views.families import MemberTodayView
from pipeline.views.forecasts import ForecastView
from pipeline.views.health import HealthView
from pipeline.views.law import LawView
from pipeline.views.looks import LooksView
from pipeline.views.members import FoundView, GroupView, SharedSsnView
from pipeline.views.money import InvoiceView, PaymentsView
from pipeline.views.moneyout import MoneyOutView, RefundEndView, RefundsView, RefundView, RegisterView
from pipeline.views.months import BillView, ReconcileView
from pipeline.views.nights import NightView
from pipeline.views.operators import OperatorSavedView, OperatorView
from pipeline.views.orders import OrderSavedView, OrderView
from pipeline.views.outcomes import (
    DemoView,
    DepositOutcomeView,
    DraftView,
    ErrorView,
    InitView,
    PrintedView,
    PrunedView,
    RestoredView,
    RetriedView,
    RosterExportView,
    TermsView,
    UnrestrictedView,
    VoidedView,
    WrittenView,
)
from pipeline.views.partners import PartnerView
from pipeline.views.payments import PaymentShownView
from pipeline.views.persons import MemberView
from pipeline.views.previewed import PreviewView
from pipeline.views.rearranged import RearrangedView
from pipeline.views.received import FileHead, FileView, SweptView
from pipeline.views.reconciled import AnswersView
from pipeline.views.replayed import ReplayView
from pipeline.views.reversed import ReversedView
from pipeline.views.selfbills import SelfBillDecidedView, SelfBillsView
from pipeline.views.statements import StatementView
from pipeline.views.suspense import PayerRuleView, RuleEndedView, SuspenseListView, SuspenseShownView
from pipeline.views.times import FileTimesView
from pipeline.views.undone import UndoView
from pipeline.views.work import WorkItemView, WorkListView, WorkShownView


@dataclass(frozen=True, slots=True)
class Answer:
    """A schema: its name, the type of the value, who answers with one and who with a list of them."""

    name: str
    kind: type
    one: tuple[str, ...] = ()
    many: tuple[str, ...] = ()


ANSWERS = (
    Answer("delinquency", DelinquencyView, one=("delinquency list",)),
    Answer("delinquency-shown", DelinquencyShownView, one=("delinquency show",)),
    Answer("nonpayment", NonpaymentView, one=("delinquency approve", "delinquency reinstate")),
    Answer("short", ShortView, one=("delinquency short",)),
    Answer("account", AccountView, one=("account show",)),
    Answer("account-statement", StatementView, one=("account statement",)),
    Answer("backtest", BacktestView, one=("backtest",)),
    Answer("bill", BillView, one=("bill",)),
    Answer("allocated", AllocatedView, one=("payment allocate",)),
    Answer("bank-line", BankLineView, one=("bank show",)),
    Answer("bank-list", BankListView, one=("bank list",)),
    Answer("bank-loaded", BankLoadedView, one=("bank load",)),
    Answer("bank-outcome", BankOutcomeView, one=("bank match", "bank void")),
    Answer("check", CheckView, one=("check",)),
    Answer("demo", DemoView, one=("demo",)),
    Answer("deposit", DepositOutcomeView, one=("deposit add", "deposit match", "deposit void")),
    Answer("draft", DraftView, one=("terms draft", "census map")),
    Answer("end-coverage", EndCoverageView, one=("group end-coverage",)),
    Answer("error", ErrorView),  # any command's, where it cannot answer
    Answer("exchange", ExchangeView, many=("exchange list", "exchange show")),
    Answer(
        "explained",
        ExplainedView,
        one=("explain member", "explain file", "explain invoice", "explain payment", "explain account"),
    ),
    Answer("file", FileView, one=("file show",), many=("receive", "file retry")),
    Answer("file-head", FileHead, many=("file list",)),
    Answer("file-times", FileTimesView, one=("file times",)),
    Answer("forecast", ForecastView, one=("forecast",)),
    Answer("group", GroupView, one=("group show",)),
    Answer("health", HealthView, one=("health",)),
    Answer("init", InitView, one=("init",)),
    Answer("invoice", InvoiceView, many=("invoice list",)),
    Answer("law", LawView, one=("law",)),
    Answer("looks", LooksView, one=("operator looks",)),
    Answer("member", MemberView, one=("member show --history",)),
    Answer("member-today", MemberTodayView, one=("member show",)),
    Answer("member-found", FoundView, many=("member find",)),
    Answer("member-shared-ssn", SharedSsnView, many=("member find --same-ssn",)),
    Answer("night", NightView, one=("night",)),
    Answer("operator", OperatorView, many=("operator list",)),
    Answer("operator-saved", OperatorSavedView, one=("operator add", "operator disable")),
    Answer("order", OrderView, many=("order list",)),
    Answer("order-saved", OrderSavedView, one=("order record", "order lift")),
    Answer("partner", PartnerView, one=("partner add", "partner show"), many=("partner list",)),
    Answer("payer-rule", PayerRuleView, many=("suspense rules",)),
    Answer("payer-rule-ended", RuleEndedView, one=("suspense rule end",)),
    Answer(
        "money-out",
        MoneyOutView,
        one=("account refund", "account transfer", "account write-off", "account fee"),
    ),
    Answer("refund", RefundView, one=("refund show",)),
    Answer("refund-end", RefundEndView, one=("refund paid", "refund return")),
    Answer("refunds", RefundsView, one=("refund list",)),
    Answer("register", RegisterView, one=("refund register",)),
    Answer("payment", PaymentShownView, one=("payment show",)),
    Answer("payments", PaymentsView, one=("payment list",)),
    Answer("suspense", SuspenseListView, one=("suspense list",)),
    Answer("suspense-shown", SuspenseShownView, one=("suspense show",)),
    Answer("preview", PreviewView, one=("preview", "receive --expect")),
    Answer("printed", PrintedView, one=("invoice print", "selfbill worksheet")),
    Answer("pruned", PrunedView, one=("prune",)),
    Answer("reversed", ReversedView, one=("payment reverse",)),
    Answer("voided", VoidedView, one=("invoice void",)),
    Answer(
        "work-decision",
        WorkDecisionView,
        one=(
            *("work approve", "work deny", "work amend", "work link", "work release", "work drop"),
            "suspense assign",
        ),
    ),
    Answer("replay", ReplayView, one=("replay",)),
    Answer("rearranged", RearrangedView, one=("member merge", "member split")),
    Answer("undone", UndoView, one=("undo file", "undo decision", "undo change")),
    Answer("reconcile", ReconcileView, one=("reconcile",)),
    Answer("selfbill", SelfBillsView, one=("selfbill show",)),
    Answer("selfbill-decided", SelfBillDecidedView, one=("selfbill accept", "selfbill correct")),
    Answer("reconcile-answers", AnswersView, one=("reconcile",)),
    Answer("restored", RestoredView, one=("restored",)),
    Answer("retried", RetriedView, one=("exchange retry",)),
    Answer("roster-export", RosterExportView, one=("roster export",)),
    Answer("swept", SweptView, many=("sweep",)),
    Answer("terms", TermsView, one=("terms show",)),
    Answer("terms-load", TermsLoadView, many=("terms load",)),
    Answer("unrestricted", UnrestrictedView, one=("member unrestrict",)),
    Answer("verify", VerifyView, one=("verify",)),
    Answer("work", WorkListView, one=("work list",)),
    Answer("work-item", WorkItemView, one=("work assign", "work note"), many=("work list --all",)),
    Answer("work-shown", WorkShownView, one=("work show",)),
    Answer(
        "written",
        WrittenView,
        one=("terms draft --out", "census map --out", "census template", "payment template"),
    ),
)
