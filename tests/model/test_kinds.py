"""Ledger accounts and document keys are values: what they are is read from them in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.documents import keys
from model.documents.keys import DocumentKey, DocumentKind
from model.money.ledger import (
    AccountKind,
    LedgerAccount,
    Transfer,
    TransferCause,
    ahead,
    in_suspense,
    suspense,
)
from model.money.reasons import Reason, Why, because
from model.timeline import Month
from writers import words

OWNED = [AccountKind.RECEIVABLE, AccountKind.UNAPPLIED, AccountKind.SUSPENSE]
codes = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?", fullmatch=True)
accounts = (
    st.builds(LedgerAccount, st.sampled_from(OWNED), codes)
    | st.builds(LedgerAccount, st.just(AccountKind.AHEAD), codes, st.sampled_from(["2027-01", "2027-12"]))
    | st.builds(LedgerAccount, st.sampled_from(["bank", "premium", "fee", "write-off", "refund"]).map(AccountKind))
    | st.just(LedgerAccount(AccountKind.SUSPENSE))
)


@given(accounts)
def test_an_account_is_what_its_name_says(account):
    assert LedgerAccount.read(account.name) == account


def test_the_names_are_those_in_the_store():
    """The credit trigger and every ledger so far go by them."""
    assert ahead("A-100", Month(2027, 2)) == "ahead:A-100:2027-02"
    assert LedgerAccount(AccountKind.WRITE_OFF).name == "write-off"
    with pytest.raises(ValueError):
        LedgerAccount.read("elsewhere:A-100")


def test_money_of_nobody_is_in_no_partners_suspense():
    entries = [
        Transfer(suspense(partner), "bank", cents, Month(2027, 1).first, TransferCause.PAYMENT, line=1)
        for partner, cents in (("", 5), ("acme", 7))
    ]
    assert in_suspense(entries) == {(1, ""): -7}


reasons = st.builds(
    lambda why, arguments: Reason(why, tuple(arguments)),
    st.sampled_from([why for why in Why if why is not Why.AS_WRITTEN]),
    st.lists(codes | st.just(""), max_size=2),
)


@given(reasons)
def test_a_reason_comes_back_from_the_store(reason):
    assert Reason.read(reason.text) == reason


def test_a_text_of_no_kind_stands_for_itself():
    """Before reasons were kinds the store had sentences."""
    for sentence in ("rate changed", "plan changed MED1 to MED2", "added from 2027-01-01"):
        told = Reason.read(sentence)
        assert (told.why, told.text, words.reason(told)) == (Why.AS_WRITTEN, sentence, sentence)
    assert Reason.read("") is None and Reason.read("terminated 2027-01-31") == because(
        Why.TERMINATED, "2027-01-31"
    )


def test_every_kind_of_reason_has_words_of_its_own():
    """Told apart by the words, so that a reader sees what the kind says."""
    assert {*words.REASONS} == {*Why} and len({*words.REASONS.values()}) == len(Why)


@pytest.mark.parametrize(
    ("key", "text", "start", "number"),
    [
        (keys.ta1("F000001", 107), "ta1:F000001:107", 107, None),
        (keys.ack999("F000001", 107, 214), "999:F000001:107:214", 107, None),
        (keys.advice824("F000001", 2, "APPLIED"), "824:F000001:2:APPLIED", None, None),
        (keys.report("F000001"), "report:F000001", None, None),
        (keys.census("F000001"), "census:F000001", None, None),
        (keys.invoice("100001", "acme"), "invoice:100001:acme", None, 100001),
        (keys.consolidated("700001", "acme"), "consolidated:700001:acme", None, 700001),
        (keys.receipt(3), "receipt:3", None, 3),
        (keys.reconciliation("G1", Month(2027, 1), 9, "acme"), "reconciliation:G1:2027-01:9:acme", None, None),
        (keys.roster("G1", "834", 4), "roster:G1:834:4", None, None),
    ],
)
def test_a_key_says_what_it_is_the_key_of(key, text, start, number):
    assert str(key) == text and DocumentKey.read(text) == key
    assert (DocumentKey.read(text).interchange_start, DocumentKey.read(text).number) == (start, number)
    assert key.begin in [*DocumentKind]
