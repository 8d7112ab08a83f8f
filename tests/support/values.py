"""Views as JSON has them, for tests that compare with plain values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.views import exchanges, files, members, money
from pipeline.views.plain import plain


def _plain(view: Callable[..., object]) -> Callable[..., Any]:
    return lambda *asked, **how: plain(view(*asked, **how))


file_list, file_value = _plain(files.file_list), _plain(files.file_value)
account_value, invoice_list, payment_list = map(
    _plain, (money.account_value, money.invoice_list, money.payment_list)
)
find_members, same_ssn, group_value = map(_plain, (members.find_members, members.same_ssn, members.group_value))
ledger, find = _plain(exchanges.ledger), _plain(exchanges.find)
